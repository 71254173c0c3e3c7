"""Scans and images, by the `[ocr]` extra: rapidocr, whose models are in its package, so that it works offline.

Tables with ruled lines are found by their lines; the words within each cell are put together.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import cv2
import numpy
from rapidocr_onnxruntime import RapidOCR

from kg.errors import UnreadableFile
from kg.loaders.columns import Columns
from kg.loaders.composing import Composer
from kg.loaders.content import Content, Limits, damaged, too_many_pages
from kg.loaders.page_lines import Box, Line, Page, Ruled, cell_words, compose, in_columns

_LEAST = 0.5
"""Words that were read with less confidence are left out, and counted in the notes."""
_MOST_PIXELS = 60_000_000
_RULE = 4
"""So many pixels at the edges of a cell may be its rules."""
_APART = 60
"""White pixels between the cells of a table when they are read."""


def read(data: bytes, name: str, limits: Limits) -> Content:
    """An image, or the pages of a TIFF."""
    from PIL import Image, ImageSequence

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        image = Image.open(io.BytesIO(data))
        count = getattr(image, "n_frames", 1)
        if count > limits.pages:
            raise too_many_pages(name, count, limits)
        pages: list[Page] = []
        columns = Columns()
        for number, frame in enumerate(ImageSequence.Iterator(image), 1):
            if frame.width * frame.height > _MOST_PIXELS:
                raise Image.DecompressionBombError
            pages += pages_of(numpy.asarray(frame.convert("RGB"))[:, :, ::-1], number, columns)
    except Image.DecompressionBombError:
        raise UnreadableFile(
            f"{name}: an image of more than {_MOST_PIXELS:,} pixels; scan it at 200 to 300 dots an inch", "too_large"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise damaged(name, "an image that is cut off or damaged") from None
    composer = Composer()
    notes: list[str] = []
    compose(composer, pages, notes)
    if not composer.text().strip():
        raise UnreadableFile(f"{name}: an image without a word that could be read; scan it anew", "no_text")
    return Content(
        composer.text(), "image", "image, read by OCR", composer.positions(), count, composer.tables, tuple(notes)
    )


@cache
def _engine() -> Any:
    # One thread, since several readers run side by side. Three lines at once: what six need (the default) is fetched from the
    # system anew for each batch, which takes as long again as reading them.
    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, rec_batch_num=3)


def pages_of(pixels: Any, number: int, columns: Columns) -> list[Page]:
    """Reads the picture of a page; where it is set in columns, a page for each part.

    Args:
        pixels: rows of pixels, blue, green, red.
        number: of the page, from 1.
        columns: of the pages before.
    """
    image = numpy.ascontiguousarray(pixels[:, :, :3])
    height, width = image.shape[:2]
    page = Page(number, width, height)
    rest = image.copy()
    for cells in _ruled(image):
        page.tables.append(Ruled(tuple(_read_cells(image, cells, page))))
        left, right = min(cell[0] for cell in cells), max(cell[2] for cell in cells)
        top, bottom = min(cell[1] for cell in cells), max(cell[3] for cell in cells)
        rest[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1] = 255
    return in_columns(page, _lines(rest, page), _rows, columns)


def _lines(image: Any, page: Page) -> list[Line]:
    """The words of a picture, each stretch in its box; `page` counts those that could not be read."""
    found, _ = _engine()(image, use_cls=False)
    lines = []
    for corners, words, score in found or ():
        if float(score) < _LEAST:
            page.unread += 1
        elif words.strip():
            xs, ys = [p[0] for p in corners], [p[1] for p in corners]
            lines.append(Line(full_width(words.strip()), min(xs), min(ys), max(xs), max(ys)))
    return lines


def _read_cells(image: Any, cells: list[tuple[float, float, float, float]], page: Page) -> Iterator[Box]:
    """The cells of a table with their words.

    The cells are drawn apart before they are read: as they stand, words of neighbouring cells run into one another.
    """
    lefts = _ranks(cell[0] for cell in cells)
    tops = _ranks(cell[1] for cell in cells)
    left, top = min(cell[0] for cell in cells), min(cell[1] for cell in cells)
    right, bottom = max(cell[2] for cell in cells), max(cell[3] for cell in cells)
    wide, high = int(right - left) + _APART * (len(lefts) + 1), int(bottom - top) + _APART * (len(tops) + 1)
    apart = numpy.full((high, wide, 3), 255, numpy.uint8)
    places = []
    for cell in cells:
        x0, y0, x1, y1 = int(cell[0]) + _RULE, int(cell[1]) + _RULE, int(cell[2]) - _RULE, int(cell[3]) - _RULE
        part = image[max(0, y0) : y1, max(0, x0) : x1]
        x = int(cell[0] - left) + _APART * (lefts[round(cell[0])] + 1)
        y = int(cell[1] - top) + _APART * (tops[round(cell[1])] + 1)
        apart[y : y + part.shape[0], x : x + part.shape[1]] = part[: high - y, : wide - x]
        places.append((x, y, x + part.shape[1], y + part.shape[0]))
    lines = _lines(apart, page)
    for cell, (x0, y0, x1, y1) in zip(cells, places, strict=True):
        inside = [
            line
            for line in lines
            if x0 <= (line.left + line.right) / 2 <= x1 and y0 <= (line.top + line.bottom) / 2 <= y1
        ]
        yield Box(*cell, cell_words(_rows(inside), x0, x1))


def _ranks(values: Iterable[float]) -> dict[int, int]:
    """Each value, rounded, with its place among all; those that nearly agree have one place."""
    ranks: dict[int, int] = {}
    rank, last = -1, None
    for value in sorted({round(value) for value in values}):
        if last is None or value - last > 8:
            rank += 1
        ranks[value] = rank
        last = value
    return ranks


_SIGNS = dict(zip(",;:!?()", "，；：！？（）", strict=True))
_HALF = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[,;:!?()]|[,;:!?()](?=[\u3000-\u9fff\uff00-\uffef])")


def full_width(words: str) -> str:
    """Signs beside Chinese characters in the width that these have; the model gives many of them half as wide.

    >>> full_width("各乡镇(街道),10:30")
    '各乡镇（街道），10:30'
    """
    for _ in range(2):  # a sign beside a sign
        words = _HALF.sub(lambda sign: _SIGNS[sign[0]], words)
    return words


def _rows(lines: list[Line]) -> list[Line]:
    """Boxes side by side make one line."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.top + one.bottom) / 2):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top <= middle <= rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    found = []
    for row in rows:
        row.sort(key=lambda one: one.left)
        found.append(
            Line(
                " ".join(one.text for one in row),
                row[0].left,
                min(one.top for one in row),
                max(one.right for one in row),
                max(one.bottom for one in row),
            )
        )
    return found


def _ruled(image: Any) -> list[list[tuple[float, float, float, float]]]:
    """The cells of tables with ruled lines: left, top, right, bottom."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(~grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 25, -8)
    height, width = dark.shape
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, numpy.ones((1, max(40, width // 25)), numpy.uint8))
    down = cv2.morphologyEx(dark, cv2.MORPH_OPEN, numpy.ones((max(40, height // 50), 1), numpy.uint8))
    rules = cv2.dilate(cv2.bitwise_or(across, down), numpy.ones((3, 3), numpy.uint8))
    outlines, tree = cv2.findContours(rules, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    tables: dict[int, list[tuple[float, float, float, float]]] = {}
    for place, outline in enumerate(outlines):
        parent = int(tree[0][place][3])
        if parent < 0:
            continue
        x, y, wide, high = cv2.boundingRect(outline)
        if wide > 20 and high > 15:
            tables.setdefault(parent, []).append((x - 2.0, y - 2.0, x + wide + 2.0, y + high + 2.0))
    return [cells for cells in tables.values() if len(cells) > 3]
