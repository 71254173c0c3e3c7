"""DOCX: paragraphs and tables in their order, with the numbers that Word makes and the headings.

python-docx opens the package; the body is walked here, since numbers that Word computes (`一、`, `（一）`), text boxes,
content controls and changes that are not accepted stand outside of its paragraphs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from kg.errors import UnreadableFile
from kg.loaders.composing import Composer, Field
from kg.loaders.content import Content, Limits, damaged
from kg.loaders.docx_numbers import Numbers
from kg.loaders.packages import Package

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText"), f"{_W}annotationRef"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = qn("w:txbxContent")
_DEEPEST = 20


def read(data: bytes, name: str, limits: Limits) -> Content:
    """A Word document: its body; headers, footers and comments are no text of the plan."""
    package = Package(data, name, limits)
    package.check_xml()
    try:
        document = docx.Document(io.BytesIO(data))
        reader = _Reader(document)
        reader.blocks(document.element.body, 0)
    except UnreadableFile:
        raise
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, SyntaxError, OSError) as error:
        raise damaged(name, f"a Word document that cannot be read ({type(error).__name__})") from None
    composer = reader.composer
    if not composer.text():
        pictures = sum(one.startswith("word/media/") for one in package.names())
        what = f"a Word document without text, {pictures} pictures" if pictures else "a Word document without text"
        raise UnreadableFile(f"{name}: {what}; if it is a scan, save it as PDF and read that with [ocr]", "no_text")
    notes = []
    margins = sum(bool(re.match(r"word/(?:header|footer)\d*\.xml$", one)) for one in package.names())
    if margins:
        notes.append(f"{margins} page headers and footers: no text of the plan; not read")
    if reader.deleted:
        notes.append(f"{reader.deleted} deletions that were not accepted: not read")
    if reader.hidden:
        notes.append(f"{reader.hidden} runs of hidden text: not read")
    for part, what in (("word/comments.xml", "comments"), ("word/footnotes.xml", "footnotes")):
        if part in package.names():
            notes.append(f"{what}: not read")
    return Content(
        composer.text(), "docx", "Word document", composer.positions(), tables=composer.tables, notes=tuple(notes)
    )


class _Reader:
    def __init__(self, document: Any) -> None:
        self.composer = Composer()
        self.numbers = Numbers(document)
        self.levels = _heading_levels(document)
        self.deleted = 0
        self.hidden = 0

    def blocks(self, parent: Any, depth: int) -> None:
        """Writes the paragraphs and tables of a part of the document."""
        for child in parent.iterchildren():
            if child.tag == qn("w:p"):
                self.paragraph(child, depth)
            elif child.tag == qn("w:tbl"):
                self.table(child, depth)
            elif child.tag == qn("w:sdt"):
                for content in child.iterchildren(qn("w:sdtContent")):
                    self.blocks(content, depth)
            elif child.tag in (qn("w:ins"), qn("w:customXml"), qn("w:smartTag")):
                self.blocks(child, depth)

    def paragraph(self, element: Any, depth: int) -> None:
        """Writes a paragraph with its number, then the text boxes that hang on it."""
        words = self.words(element)
        number = self.numbers.label(element) if words.strip() else ""
        level = self.level(element)
        line = number + words.lstrip() if number else words
        if level and "\n" not in line.strip() and len(line.strip()) <= 60:
            self.composer.heading(line, level)
        else:
            self.composer.paragraph(line)
        if depth < _DEEPEST:
            for box in element.iter(_BOX):
                if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                    nearest = next(above for above in box.iterancestors(qn("w:p")))
                    if nearest is element:
                        self.blocks(box, depth + 1)

    def level(self, element: Any) -> int:
        """The outline level of a heading, 0 where the paragraph is none."""
        properties = element.find(qn("w:pPr"))
        if properties is None:
            return 0
        outline = properties.find(qn("w:outlineLvl"))
        if outline is not None:
            value = int(outline.get(qn("w:val"), "9"))
            return value + 1 if value < 9 else 0
        style = properties.find(qn("w:pStyle"))
        return self.levels.get(style.get(qn("w:val")), 0) if style is not None else 0

    def words(self, element: Any) -> str:
        """The words of a paragraph as they are shown."""
        return "".join(self._words(element))

    def _words(self, element: Any) -> Iterator[str]:
        for child in element.iterchildren():
            tag = child.tag
            if tag in _SKIPPED:
                self.deleted += tag == qn("w:del")
            elif tag == qn("w:r") and _is_hidden(child):
                self.hidden += 1
            elif tag == qn("w:t"):
                yield child.text or ""
            elif tag in (qn("w:br"), qn("w:cr")):
                yield "" if child.get(qn("w:type")) in ("page", "column") else "\n"
            elif tag in (qn("w:tab"), qn("w:ptab")):
                yield "\t"
            elif tag == qn("w:noBreakHyphen"):
                yield "-"
            elif tag in (_FALLBACK, _BOX, qn("w:pPr"), qn("w:rPr")) or not isinstance(tag, str):
                continue
            else:
                yield from self._words(child)

    def table(self, element: Any, depth: int) -> None:
        """Writes a table; one of a single cell is a frame around paragraphs."""
        rows = list(_rows(element))
        if len(rows) == 1 and len(list(_cells(rows[0]))) == 1 and depth < _DEEPEST:
            self.blocks(next(iter(_cells(rows[0]))), depth + 1)
            return
        grid: list[list[Field]] = []
        starts: dict[int, tuple[int, int]] = {}  # column to the row and number of the cell merged downwards
        for y, row in enumerate(rows):
            fields: list[Field] = []
            x = _skipped_columns(row)
            for _ in range(x):
                fields.append(Field(""))
            for cell in _cells(row):
                properties = cell.find(qn("w:tcPr"))
                span = _value(properties, "w:gridSpan")
                width = int(span) if span and span.isdigit() else 1
                merge = properties.find(qn("w:vMerge")) if properties is not None else None
                if merge is not None and merge.get(qn("w:val"), "continue") == "continue" and x in starts:
                    first, number = starts[x]
                    above = grid[first][number]
                    grid[first][number] = Field(above.words, y - first + 1, above.columns)
                else:
                    if merge is not None and merge.get(qn("w:val")) == "restart":
                        starts[x] = (y, len(fields))
                    else:
                        starts.pop(x, None)
                    fields.append(Field(self.cell(cell), 1, width))
                x += width
            grid.append(fields)
        self.composer.table(grid)

    def cell(self, element: Any) -> str:
        """The words of a cell, a line a paragraph; a table in it gives its rows as lines."""
        lines = []
        for child in element.iter(qn("w:p")):
            words = self.words(child)
            number = self.numbers.label(child) if words.strip() else ""
            lines.append(number + words.strip())
        return "\n".join(line for line in lines if line)


def _is_hidden(run: Any) -> bool:
    properties = run.find(qn("w:rPr"))
    mark = properties.find(qn("w:vanish")) if properties is not None else None
    return mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false")


def _rows(table: Any) -> Iterator[Any]:
    for child in table.iterchildren():
        if child.tag == qn("w:tr"):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:ins")):
            yield from child.iter(qn("w:tr"))


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iterchildren():
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag == qn("w:sdt"):
            for content in child.iterchildren(qn("w:sdtContent")):
                yield from _cells(content)


def _skipped_columns(row: Any) -> int:
    value = _value(row.find(qn("w:trPr")), "w:gridBefore")
    return int(value) if value and value.isdigit() else 0


def _value(properties: Any, name: str) -> str | None:
    found = properties.find(qn(name)) if properties is not None else None
    return found.get(qn("w:val")) if found is not None else None


def _heading_levels(document: Any) -> dict[str, int]:
    """The outline level of each style, by its id; a style takes it from the one that it is based on."""
    own: dict[str, int] = {}
    based: dict[str, str] = {}
    try:
        styles = document.part.part_related_by(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
        ).element
    except KeyError:
        return {}
    for style in styles.iter(qn("w:style")):
        identifier = style.get(qn("w:styleId"))
        name = (_value(style, "w:name") or "").lower()
        outline = _value(style.find(qn("w:pPr")), "w:outlineLvl")
        heading = re.fullmatch(r"(?:heading|标题)\s*(\d)", name)
        if outline is not None and outline.isdigit() and int(outline) < 9:
            own[identifier] = int(outline) + 1
        elif heading:
            own[identifier] = int(heading[1])
        parent = _value(style, "w:basedOn")
        if parent:
            based[identifier] = parent
    levels = {}
    for identifier in {*own, *based}:
        at, seen = identifier, 0
        while at not in own and at in based and seen < 20:
            at, seen = based[at], seen + 1
        if at in own:
            levels[identifier] = own[at]
    return levels
