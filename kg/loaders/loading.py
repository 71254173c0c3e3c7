"""From a file to a Document."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kg.errors import UnreadableFile
from kg.loaders.cleaning import clean_with_map
from kg.loaders.damage import cut_off, warnings_of
from kg.loaders.document import Document
from kg.loaders.metadata import metadata_of
from kg.loaders.regions import regions
from kg.loaders.sections import sections
from kg.loaders.tables import tables
from kg.loaders.text import MAX_SIZE, read


def load(path: str | Path, *, max_size: int = MAX_SIZE) -> Document:
    """Read a plan from a file.

    Args:
        path: a text or Markdown file (UTF-8 with or without a byte order mark, GB18030, UTF-16 with one).
        max_size: in bytes; a larger file is refused.

    Raises:
        UnreadableFile: with a reason code (`kg.loaders.REASONS`) and one line that says what to do.
    """
    reading = read(path, max_size=max_size)
    return _document(reading.text, Path(path).name, reading.sha256, reading.encoding)


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
    return _document(
        source, name, sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), encoding
    )


def _document(source: str, name: str, sha256: str, encoding: str) -> Document:
    text, offsets, passes = clean_with_map(source)
    layout = regions(text)
    found = sections(text, layout.excluded)
    return Document(
        name=name,
        source=source,
        text=text,
        offsets=offsets,
        sections=found,
        metadata=metadata_of(text, layout),
        sha256=sha256,
        encoding=encoding,
        passes=passes,
        warnings=warnings_of(source) + cut_off(text, found, offsets),
        excluded=layout.excluded,
        tables=tables(text),
    )
