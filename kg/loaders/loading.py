"""From a file to a Document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kg.errors import UnreadableFile
from kg.loaders.cleaning import clean_with_map
from kg.loaders.content import Content
from kg.loaders.damage import cut_off, readings, warnings_of
from kg.loaders.document import Document, HowRead, Warning_
from kg.loaders.metadata import metadata_of
from kg.loaders.regions import regions
from kg.loaders.sections import sections
from kg.loaders.tables import tables
from kg.loaders.text import MAX_PAGES, MAX_SIZE, read


def load(
    path: str | Path,
    *,
    max_size: int = MAX_SIZE,
    max_pages: int = MAX_PAGES,
    columns: Mapping[str, str] | None = None,
) -> Document:
    """Read a plan from a file.

    Args:
        path: a text or Markdown file, a web page, PDF, Word, Excel, OFD or CSV file, an image, or one of these in a zip
            archive (`plans.zip/plan.docx`). What it is decides its content, not its name.
        max_size: in bytes; a larger file is refused.
        max_pages: a file with more pages is refused.
        columns: what the columns of tables hold, by the words of their heads, where the vocabulary does not say it
            (`kg.extraction.mapping`).

    Raises:
        UnreadableFile: with a reason code (`kg.loaders.REASONS`) and one line that says what to do.
    """
    reading = read(path, max_size=max_size, max_pages=max_pages)
    return _document(reading.content, Path(path).name, reading.sha256, columns)


def load_text(text: str, name: str = "text", *, sha256: str | None = None, encoding: str = "utf-8") -> Document:
    """A plan from a string.

    Args:
        text: of the plan; CRLF and CR are read as one LF.
        name: stands for the file's name.
        sha256: of the bytes it came from; by default that of the text in UTF-8.
        encoding: of the bytes it came from.

    Raises:
        UnreadableFile: the text is empty.
    """
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    if not source.strip("\ufeff \t\n\u3000\xa0"):
        raise UnreadableFile(f"{name}: the text is empty; nothing to read", "empty")
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _document(Content(source, encoding), name, digest)


def _document(content: Content, name: str, sha256: str, columns: Mapping[str, str] | None = None) -> Document:
    source = content.text
    text, offsets, passes = clean_with_map(source)
    layout = regions(text)
    found = sections(text, layout.excluded)
    damage = readings(source)
    return Document(
        name=name,
        source=source,
        text=text,
        offsets=offsets,
        sections=found,
        metadata=metadata_of(text, layout),
        sha256=sha256,
        encoding=content.encoding,
        passes=passes,
        warnings=tuple(Warning_("reading", 0, 0, words) for words in content.warnings)
        + warnings_of(source, damage)
        + cut_off(text, found, offsets),
        damage=damage,
        excluded=layout.excluded,
        tables=tables(text),
        positions=content.positions,
        reading=HowRead(content.format, content.pages, content.tables, content.notes),
        columns=dict(columns or {}),
    )
