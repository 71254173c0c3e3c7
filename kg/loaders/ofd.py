"""OFD, the national format for fixed layouts (GB/T 33190): a zip of XML; text stands in it with the place of each character.

Read are the texts, the ruled lines of tables and, where a page is a picture, the picture (with the `[ocr]` extra).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import defusedxml  # noqa: F401  (reads the parts; its absence names the extra)

from kg.errors import UnreadableFile
from kg.loaders.columns import Columns
from kg.loaders.composing import Composer
from kg.loaders.content import Content, Limits, damaged, too_many_pages
from kg.loaders.packages import Package
from kg.loaders.page_lines import SPACE, Box, Glyph, Page, Ruled, cell_words, compose, in_columns, lines_of

_ASCENT = 0.88
"""The part of a character's height that stands above its line."""
_A4 = (0.0, 0.0, 210.0, 297.0)
_DEEPEST = 30

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read(data: bytes, name: str, limits: Limits) -> Content:
    """An OFD file: the pages of all its documents."""
    package = Package(data, name, limits)
    if any(one.rsplit("/", 1)[-1] == "Encryptions.xml" for one in package.names()):
        raise UnreadableFile(f"{name}: an OFD document that is encrypted; save a copy that is not", "encrypted")
    try:
        return _read(package, name, limits)
    except (ValueError, IndexError, TypeError, AttributeError):
        raise damaged(name, "an OFD document that is not made as the standard says") from None


def _read(package: Package, name: str, limits: Limits) -> Content:
    pages: list[Page] = []
    count = 0
    columns = Columns()
    pictures: list[int] = []
    for root in _documents(package):
        document = package.xml(root)
        folder = posixpath.dirname(root)
        places = [_resolved(folder, one.get("BaseLoc", "")) for one in _all(document, "Page")]
        if count + len(places) > limits.pages:
            raise too_many_pages(name, count + len(places), limits)
        templates = {
            one.get("ID", ""): _resolved(folder, one.get("BaseLoc", "")) for one in _all(document, "TemplatePage")
        }
        box = _box(document) or _A4
        for place in places:
            content = package.xml(place)
            own = _box(content) or box
            count += 1
            page = Page(count, own[2], own[3])
            parts = [content]
            for template in _all(content, "Template"):
                if template.get("TemplateID", "") in templates:
                    parts.append(package.xml(templates[template.get("TemplateID", "")]))
            glyphs: list[Glyph] = []
            rules: list[_Rule] = []
            images = 0
            for part in parts:
                for layer in _all(part, "Layer"):
                    found = list(_objects(layer, 0))
                    for one in found:
                        kind = _local(one)
                        if kind == "TextObject":
                            glyphs += _glyphs(one)
                        elif kind == "PathObject":
                            rules += _rules(one)
                        images += kind == "ImageObject"
            laid_out = _lay_out(page, glyphs, rules, columns)
            pages += laid_out
            if images and not any(part.lines or part.tables for part in laid_out):
                pictures.append(page.number)
    if not pages:
        raise damaged(name, "an OFD document without pages")
    composer = Composer()
    notes: list[str] = []
    compose(composer, pages, notes)
    if not composer.text().strip():
        what = (
            f"an OFD document whose {len(pictures)} pages are pictures" if pictures else "an OFD document without text"
        )
        raise UnreadableFile(f"{name}: {what}; print it to PDF and read that with [ocr]", "no_text")
    if pictures:
        notes.append(
            f"{len(pictures)} pages are pictures (the first is page {pictures[0]}): not read; print them to PDF"
        )
    return Content(
        composer.text(), "ofd", "OFD", composer.positions(), count, composer.tables, tuple(notes),
        (f"{len(pictures)} of {count} pages are pictures; not read",) if pictures else (),
    )  # fmt: skip


def _local(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _all(element: Element, name: str) -> Iterator[Element]:
    return (one for one in element.iter() if _local(one) == name)


def _words(element: Element, name: str) -> str:
    return next((one.text or "" for one in _all(element, name)), "").strip()


def _documents(package: Package) -> list[str]:
    """The roots of the documents in the file."""
    return [(one.text or "").strip().lstrip("/") for one in _all(package.xml("OFD.xml"), "DocRoot")]


def _resolved(folder: str, place: str) -> str:
    """A place in the package; one from its root begins with a slash."""
    path = place.lstrip("/") if place.startswith("/") else posixpath.join(folder, place)
    return posixpath.normpath(path)


def _numbers(words: str | None) -> list[float]:
    return [float(one) for one in (words or "").split()]


def _box(element: Element) -> tuple[float, float, float, float] | None:
    found = _numbers(_words(element, "PhysicalBox"))
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else None


def _objects(element: Element, depth: int) -> Iterator[Element]:
    """The objects of a layer, those in blocks too."""
    for child in element:
        if _local(child) in ("PageBlock", "Layer") and depth < _DEEPEST:
            yield from _objects(child, depth + 1)
        else:
            yield child


def _matrix(element: Element) -> Matrix:
    found = _numbers(element.get("CTM"))
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) == 6 else _SAME


def _deltas(words: str | None) -> list[float]:
    """The advances of characters; `g 3 4.2` stands for three times 4.2.

    >>> _deltas("5 g 2 4.5 3")
    [5.0, 4.5, 4.5, 3.0]
    """
    parts = (words or "").split()
    found: list[float] = []
    at = 0
    while at < len(parts):
        if parts[at] == "g":
            found += [float(parts[at + 2])] * min(int(parts[at + 1]), 100_000)
            at += 3
        else:
            found.append(float(parts[at]))
            at += 1
    return found


def _glyphs(element: Element) -> Iterator[Glyph]:
    """The characters of a text object with their places on the page."""
    boundary = _numbers(element.get("Boundary"))
    size = float(element.get("Size", "4"))
    a, b, c, d, e, f = _matrix(element)
    high = size * abs(d or a)
    scale = float(element.get("HScale", "1"))
    x = y = 0.0
    for code in element:
        if _local(code) != "TextCode":
            continue
        x, y = float(code.get("X", x)), float(code.get("Y", y))
        across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        right, below = x, y
        for place, char in enumerate(code.text or ""):
            wide = size * (0.55 if char.isascii() else 1.0) * scale
            left, base = boundary[0] + a * right + c * below + e, boundary[1] + b * right + d * below + f
            top, bottom = base - _ASCENT * high, base + (1 - _ASCENT) * high
            yield Glyph(SPACE if char.isspace() else char, left, top, left + wide * abs(a), bottom, base)
            right += across[place] if place < len(across) else (0.0 if place < len(down) else wide)
            below += down[place] if place < len(down) else 0.0


@dataclass(frozen=True, slots=True)
class _Rule:
    """A straight line, upright or level."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def level(self) -> bool:
        return self.right - self.left > self.bottom - self.top


_STEP = re.compile(r"([MLBQACS])((?:\s*-?[\d.]+)*)")


def _rules(element: Element) -> Iterator[_Rule]:
    """The level and upright lines of a path; a thin filled box is one, too."""
    boundary = _numbers(element.get("Boundary"))
    a, b, c, d, e, f = _matrix(element)
    points: list[tuple[float, float]] = []
    start: tuple[float, float] | None = None
    for step, words in _STEP.findall(_words(element, "AbbreviatedData")):
        values = _numbers(words)
        if step in "MSL" and len(values) >= 2:
            at = (boundary[0] + a * values[0] + c * values[1] + e, boundary[1] + b * values[0] + d * values[1] + f)
            if step == "L" and points:
                yield from _rule(points[-1], at)
            else:
                start = at
            points.append(at)
        elif step == "C" and start and points:
            yield from _rule(points[-1], start)


def _rule(one: tuple[float, float], other: tuple[float, float]) -> Iterator[_Rule]:
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    if (right - left < 0.3) != (bottom - top < 0.3):
        yield _Rule(left, top, right, bottom)


def _lay_out(page: Page, glyphs: Sequence[Glyph], rules: Sequence[_Rule], columns: Columns) -> list[Page]:
    """Puts the characters within the cells of ruled tables, the others on lines, column by column."""
    taken: set[int] = set()
    for cells in _cells(rules):
        boxes = []
        for left, top, right, bottom in cells:
            inside = [
                glyph
                for glyph in glyphs
                if left <= (glyph.left + glyph.right) / 2 <= right and top <= (glyph.top + glyph.bottom) / 2 <= bottom
            ]
            taken.update(map(id, inside))
            boxes.append(Box(left, top, right, bottom, cell_words(lines_of(inside), left, right)))
        page.tables.append(Ruled(tuple(boxes)))
    return in_columns(page, [glyph for glyph in glyphs if id(glyph) not in taken], lines_of, columns)


def _cells(rules: Sequence[_Rule]) -> list[list[tuple[float, float, float, float]]]:
    """The cells of each table that lines make, by pdfplumber's search for crossings."""
    if sum(rule.level for rule in rules) < 2 or len(rules) < 6:
        return []
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    edges = [
        {
            "x0": rule.left, "x1": rule.right, "top": rule.top, "bottom": rule.bottom,
            "orientation": "h" if rule.level else "v", "width": rule.right - rule.left, "height": rule.bottom - rule.top,
        }
        for rule in rules
    ]  # fmt: skip
    merged = merge_edges(edges, 0.6, 0.6, 0.6, 0.6)
    cells = intersections_to_cells(edges_to_intersections(merged, 0.6, 0.6))
    return [list(table) for table in cells_to_tables(cells) if len(table) > 1]
