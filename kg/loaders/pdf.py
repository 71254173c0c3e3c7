"""PDF: text by pypdfium2, the cells of ruled tables by pdfplumber, and pages that are pictures by the `[ocr]` extra.

pdfplumber gives only the boxes of cells: on the same file it returns CJK radicals where pypdfium2 returns characters.
"""

from __future__ import annotations

import ctypes
import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from kg.errors import UnreadableFile
from kg.loaders.columns import Columns
from kg.loaders.composing import Composer
from kg.loaders.content import Content, Limits, damaged, encrypted, too_many_pages
from kg.loaders.page_lines import SPACE, Block, Box, Glyph, Page, Ruled, cell_words, compose, in_columns, lines_of

_NEAR = 3.0
"""Points within which rules meet."""
_FEW = 8
"""A page with fewer characters and a picture is a scan."""
_RULES = 6
"""So many paths make it worth to look for a table."""
OCR_SCALE = 200 / 72
"""Pages are rendered at 200 dots an inch for reading."""
_NAMELESS = "\uf8ff"
"""Stands for a sign that is drawn but for which the file names no character: one without a meaning outside its font."""
_BLOCK = re.compile("P|H[1-6]?|LI|TD|TH|Caption|Title")
"""The kinds of elements of a tagged PDF that begin on a line of their own."""
_LINE_END_HYPHEN = 2
"""What PDFium gives for a hyphen at the end of a line."""


def read(data: bytes, name: str, limits: Limits) -> Content:
    """A PDF, page by page."""
    document = _open(data, name)
    try:
        count = len(document)
        if count > limits.pages:
            raise too_many_pages(name, count, limits)
        if not count:
            raise damaged(name, "a PDF without pages")
        pages: list[Page] = []
        scans: list[int] = []
        empty = 0
        plumber = _Plumber(data)
        columns = Columns()
        for number in range(1, count + 1):
            found, scanned = _page(document, number, plumber, columns, name)
            if scanned:
                scans.append(number)
            elif not any(page.lines or page.tables for page in found):
                empty += 1
            pages += found
        if scans:
            _read_scans(document, pages, scans, columns, name)
    finally:
        document.close()
    composer = Composer()
    notes: list[str] = []
    compose(composer, pages, notes)
    if empty:
        notes.append(f"{empty} pages without a word")
    text = composer.text()
    if not text.strip(_NAMELESS + " \n"):
        raise UnreadableFile(f"{name}: a PDF without text or pictures; print it anew from its source", "no_text")
    warnings = []
    lost = len(re.findall("[\ufffd\ue000-\uf8ff]", text))
    if lost * 20 > len(text):
        warnings.append(
            f"{lost:,} of {len(text):,} characters have no meaning in this PDF's fonts; read it as pictures, or get its source"
        )
    what = "PDF, scanned" if len(scans) == count else f"PDF, {len(scans)} pages scanned" if scans else "PDF"
    return Content(text, "pdf", what, composer.positions(), count, composer.tables, tuple(notes), tuple(warnings))


def _open(data: bytes, name: str) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise encrypted(name, "a PDF that is locked") from None
        if code == pdfium.FPDF_ERR_SECURITY or "security" in str(error).lower():
            raise encrypted(name, "a PDF that is protected in an unknown way, perhaps") from None
        raise damaged(name, "a PDF that is cut off or damaged") from None


class _Plumber:
    """Finds the cells of ruled tables; the file is opened for it only when a page has rules."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._open: Any = None

    def cells(self, number: int) -> list[list[tuple[float, float, float, float]]]:
        """The boxes of the cells of each table on a page: left, top, right, bottom."""
        import pdfplumber

        if self._open is None:
            logging.getLogger("pdfminer").setLevel(logging.ERROR)  # what it says of fonts does not matter here
            self._open = pdfplumber.open(io.BytesIO(self._data))
        page = self._open.pages[number - 1]
        try:
            found = page.find_tables({"explicit_horizontal_lines": _open_ends(page.edges, float(page.height))})
            return [list(table.cells) for table in found if len(table.cells) > 1]
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            return []  # pdfminer cannot read this page; its text is read as lines
        finally:
            page.close()


def _open_ends(edges: Sequence[dict[str, Any]], height: float) -> list[float]:
    """Where the upright rules of a table end at the foot of a page, or begin at its head, without a level rule: its row goes
    over the end of the page."""
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level = [edge["top"] for edge in edges if edge["orientation"] == "h" and edge["x1"] - edge["x0"] > _NEAR]
    found = []
    for side, end in (("top", min), ("bottom", max)):
        place = end((edge[side] for edge in upright), default=height / 2)
        across = [edge["x0"] for edge in upright if abs(edge[side] - place) < _NEAR]
        at_edge = abs(place - height / 2) > 0.3 * height
        if at_edge and max(across) - min(across) > 10 * _NEAR and all(abs(other - place) > _NEAR for other in level):
            found.append(place)
    return found


def _page(document: Any, number: int, plumber: _Plumber, columns: Columns, name: str) -> tuple[list[Page], bool]:
    """The lines and tables of a page, column by column, and whether it is a picture."""
    try:
        source = document[number - 1]
    except pypdfium2.PdfiumError:
        raise damaged(name, f"its page {number} cannot be read") from None
    width, height = source.get_size()
    page = Page(number, width, height)
    text = source.get_textpage()
    corner, turn = _corner(source), source.get_rotation()
    glyphs = list(_glyphs(text.raw, *corner, turn, width, height, _blocks(source)))
    paths = pictures = 0
    spaces: list[Glyph] = []
    for found in source.get_objects(max_depth=3):
        paths += found.type == pdfium.FPDF_PAGEOBJ_PATH
        pictures += found.type == pdfium.FPDF_PAGEOBJ_IMAGE
        if found.type == pdfium.FPDF_PAGEOBJ_TEXT and not turn:
            spaces += _space(found, *corner)
    if sum(glyph.char != SPACE for glyph in glyphs) < _FEW and pictures:
        text.close()
        source.close()
        return [page], True
    glyphs += spaces
    if paths >= _RULES and glyphs:
        taken: set[int] = set()
        for cells in plumber.cells(number):
            boxes = []
            for box in cells:
                inside = [g for g in glyphs if _within(g, box)]
                taken.update(map(id, inside))
                boxes.append(Box(*box, cell_words(lines_of(inside), box[0], box[2])))
            if sum(bool(box.text) for box in boxes) > 1:
                page.tables.append(Ruled(tuple(boxes)))
            else:
                taken.difference_update(id(g) for box in cells for g in glyphs if _within(g, box))
        glyphs = [glyph for glyph in glyphs if id(glyph) not in taken]
    text.close()
    source.close()
    return in_columns(page, glyphs, lines_of, columns), False


def _corner(source: Any) -> tuple[float, float]:
    """The left and upper edge of a page as it is drawn, before it is turned."""
    left, bottom, right, top = source.get_cropbox()
    return left, top


def _within(glyph: Glyph, box: tuple[float, float, float, float]) -> bool:
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _glyphs(
    text: Any, left: float, top: float, turn: int, width: float, height: float, blocks: dict[int, Block]
) -> Iterator[Glyph]:
    """The characters of a page with their boxes as the page is shown, turned clockwise by `turn` degrees to `width` and
    `height`; y counts downwards from its upper edge. `blocks` are the paragraphs by their marks in the page."""
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    parted = False
    for index in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if 0xDC00 <= code < 0xE000 else code
            high = 0
        if code == 0 and _drawn(text, index):
            code = ord(_NAMELESS)
        elif code == _LINE_END_HYPHEN:
            code = ord("-")
        char = chr(code) if code < 0x110000 else "\ufffd"
        if char.isspace() or code < 32 or code in (0xFFFE, 0xFEFF, 0x3000, 0xA0) or 0xD800 <= code < 0xE000:
            parted = True
            if pdfium.FPDFText_IsGenerated(text, index) == 1:
                continue
            char = SPACE
        if not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            continue
        if not pdfium.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y)):
            continue
        one, other, base = box.left - left, box.right - left, top - y.value
        high, low = top - box.top, top - box.bottom
        if turn == 90:
            one, other, high, low, base = width - low, width - high, one, other, x.value - left
        elif turn == 180:
            one, other, high, low, base = width - other, width - one, height - low, height - high, height - base
        elif turn == 270:
            one, other, high, low, base = high, low, height - other, height - one, height - (x.value - left)
        block = blocks.get(_mark(text, index)) if blocks else None
        yield Glyph(char, one, high, other, low, base, parted, block)
        parted = char == SPACE


def _mark(text: Any, index: int) -> int:
    """The mark that ties a character to the structure of its page; -1 where it has none."""
    found = pdfium.FPDFText_GetTextObject(text, index)
    return int(pdfium.FPDFPageObj_GetMarkedContentID(found)) if found else -1


def _blocks(source: Any) -> dict[int, Block]:
    """The paragraphs, headings and cells of a tagged PDF: each mark in the page with the one it is in."""
    tree = pdfium.FPDF_StructTree_GetForPage(source.raw)
    if not tree:
        return {}
    found: dict[int, int] = {}
    elsewhere: set[int] = set()
    name = ctypes.create_string_buffer(32)
    count = 0
    children = (
        pdfium.FPDF_StructTree_GetChildAtIndex(tree, place)
        for place in range(pdfium.FPDF_StructTree_CountChildren(tree))
    )
    waiting = [(child, 0) for child in children if child]
    while waiting:
        element, block = waiting.pop()
        size = pdfium.FPDF_StructElement_GetType(element, name, len(name))
        if size <= len(name) and _BLOCK.fullmatch(name.raw[:size].decode("utf-16-le", "ignore").rstrip("\0")):
            block = count = count + 1
        for place in range(pdfium.FPDF_StructElement_CountChildren(element)):
            mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, place)
            if mark >= 0:
                found[mark] = block
            elif child := pdfium.FPDF_StructElement_GetChildAtIndex(element, place):
                waiting.append((child, block))
            else:  # PDFium gives only what is on this page
                elsewhere.add(block)
    pdfium.FPDF_StructTree_Close(tree)
    return {mark: Block(block, block in elsewhere) for mark, block in found.items() if block}


def _space(found: Any, left: float, top: float) -> Iterator[Glyph]:
    """The space that is all there is of a piece of text: PDFium leaves out those at the ends of lines."""
    start, low, end, high = found.get_bounds()
    if start == end and low == high:
        yield Glyph(SPACE, start - left, top - high, end - left, top - low, top - low)


def _drawn(text: Any, index: int) -> bool:
    """Whether a character leaves ink, as a space does not."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    return bool(found) and right.value > left.value and top.value > bottom.value


def _read_scans(document: Any, pages: list[Page], scans: list[int], columns: Columns, name: str) -> None:
    """Reads the pages that are pictures."""
    try:
        from kg.loaders.ocr import pages_of
    except ModuleNotFoundError as error:
        from kg.loaders.formats import needs_extra

        what = f"a scanned PDF ({len(scans)} of {len(pages)} pages are pictures)"
        raise needs_extra(name, what, "ocr", error.name or "") from None
    for number in scans:
        source = document[number - 1]
        bitmap = source.render(scale=OCR_SCALE, grayscale=False)
        at = next(place for place, page in enumerate(pages) if page.number == number)
        pages[at : at + 1] = pages_of(bitmap.to_numpy(), number, columns)
        bitmap.close()
        source.close()
