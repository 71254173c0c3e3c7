"""Lines broken by the layout of a page: which line goes on in the next.

A line goes on when it ends without closing punctuation, the next one opens nothing new (no number, label, table), and
the line reads as prose: it is no heading. A heading is short, or has a number and siblings that are headings as well.
Where many lines are of one width, a page broke them there: such a line goes on whatever it reads like.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from kg.loaders.numbering import Number, number_of
from kg.loaders.wording import spaced, wording, words
from kg.ontology import lexicon

_HAN = "\u4e00-\u9fff"
_CLOSED = re.compile(r"[。；;！!？?：:”\"』」）)】》>〕\].．…|*_\-—＞$}]$")
_ENDED = re.compile("[。；;！!？?：:]$")
_WEAK = re.compile(r"[，,、（(《“〔\[]$")
_HEADING_MARK = re.compile(r"#{1,6}\s*")
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-—–－·]\s*\d{1,3}\s*[-—–－·]|\d{1,3}\s*[—–]|[—–]\s*\d{1,3}|\d{1,3}"
    r"|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?)\s*"
)
_LONG = 18
"""A line of at least so many characters without a number is prose: a page's line has 20 to 40."""
_FIRST_LINES = 8
"""Among so many lines titles stand."""
_TAIL = 10
"""So short a closed line under a long open one is its end."""
_ITEM = 15
"""A numbered line of at least so many characters can be a broken item."""

_PAGE_WIDTH = 40
"""Columns (a Chinese character has two) of the narrowest page."""
_SLACK = 6
"""Columns by which a line of a page may be shorter: the indent of a paragraph, a mark that may not begin a line."""
_FULL_LINES = 10
"""Fewer lines of one width prove no page."""
_NEAR, _BLOCK_LINES, _BLOCK_WIDTH = 6, 4, 56
"""So many open lines of one width among so many neighbours, of so many columns, were broken at an edge."""


@cache
def _opens() -> re.Pattern[str]:
    """What opens something new: marks, tables, annexes, remarks, what stands below a signature, 一是."""
    parts = spaced("annexes", "annex-captions", "distribution", "subject-words", "contents-headings", "issuing-titles")
    return re.compile(
        rf"\s*(?:\#|<|\||!\[|[-—·●◆■□★※*•➢►▲–]|[表图]\s*\d|{parts}|{words('remarks')}\s*[:：]"
        rf"|[（(]{words('release-notes')}|[一二三四五六七八九十]是)"
    )


@cache
def _not_prose() -> re.Pattern[str]:
    annexes = spaced("annexes", "annex-captions")
    return re.compile(rf"\s*(?:<|\||!\[|[表图]\s*\d|{annexes}|\S{{2,6}}[:：]\s*\S{{1,20}}\s+\S{{2,6}}[:：])")


@cache
def _title_end() -> re.Pattern[str]:
    return re.compile(rf"{words('caption-ends')}\s*(?:[（(][^（）()]{{0,20}}[）)])?$")


def page_number(line: str) -> bool:
    """Whether a line is a page number alone: `— 12 —`, `2 —`, `第3页`."""
    return bool(line.strip()) and _PAGE_NUMBER.fullmatch(line) is not None


def joins(text: str, part: bool) -> list[tuple[int, int, str]]:
    """The edits that join broken lines.

    Args:
        text: lines without space at their ends.
        part: true for a part of a document whose lines were joined: every line in it that is not closed goes on, and a
            number alone that begins it is no page number.
    """
    if "\n" not in text:
        return []
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    evidence = None if part else _Evidence([line for _, line in lines], text)
    edits = []
    i = 0
    while i < len(lines) - 1:
        start, line = lines[i]
        j = i + 1
        while j < len(lines) - 1 and page_number(lines[j][1]):
            j += 1
        following, after = lines[j]
        # A page number between two lines goes only where the lines join over it; a bare number may be something else.
        if (_open(line) or (part and i == 0 and line.isdigit()) or (evidence and evidence.full(i))) and (
            _part_goes_on(line, after) if evidence is None else evidence.goes_on(i, j)
        ):
            mark = _HEADING_MARK.match(after)
            end = following + (mark.end() if mark else 0)
            edits.append((start + len(line), end, _between(line, after)))
        elif (
            j > i + 1
            and _open(line)
            and (_part_goes_on(line, lines[i + 1][1]) if evidence is None else evidence.goes_on(i, i + 1))
        ):
            edits.append((start + len(line), lines[i + 1][0], _between(line, lines[i + 1][1])))
            j = i + 1
        else:
            j = i + 1
        i = j
    return edits


_LABEL = re.compile(f"[{_HAN}（）()、]{{2,20}}[：:]")


_LIST_LINE = re.compile(f"[{_HAN}　 ]{{2,12}}[：:][^，。；,;]+")


def _counted() -> re.Pattern[str]:
    """A number with its unit, which opens no item: `冲锋舟 / 16艘，储备…`."""
    return lexicon.compiled("expressions", r"\d+(?:\.\d+)?\s*[余多万亿]?{units-count}(?=[，,、。；;])")


def _between(line: str, after: str) -> str:
    return " " if re.search(r"[A-Za-z]$", line) and re.match(r"[A-Za-z]", after) else ""


def _open(line: str) -> bool:
    """Whether a line ends in the middle of something."""
    if not line or page_number(line):
        return False
    tail = line[-60:]
    if _WEAK.search(line):
        return True
    if not _CLOSED.search(line):
        return True
    return line[-1] not in "。；;！？：:" and any(tail.rfind(a) > tail.rfind(b) for a, b in ("《》", "（）", "〔〕"))


def _part_goes_on(line: str, after: str) -> bool:
    return _WEAK.search(line) is not None or not (_opens_new(after) or _LABEL.match(after))


def _opens_new(line: str) -> bool:
    mark = _HEADING_MARK.match(line)
    rest = line[mark.end() :] if mark else line
    if _opens().match(rest) or not rest:
        return True
    number = number_of(rest)
    return number is not None


def _columns(line: str) -> int:
    """The width of a line on a page."""
    return len(line) + sum(char > "\u2000" for char in line)


def _page_width(lines: Sequence[str]) -> int | None:
    """The columns at which a page broke the lines of a text; None where none did.

    A quarter of the lines has nearly that width, hardly any more, and most of them end within a sentence.
    """
    widths = [_columns(line) for line in lines if line]
    counts = Counter(widths)
    near = {width: sum(counts[width - less] for less in range(_SLACK + 1)) for width in counts if width >= _PAGE_WIDTH}
    if not near:
        return None
    width = max(near, key=lambda one: (near[one], -one))
    full = [line for line in lines if width - _SLACK <= _columns(line) <= width]
    wider = sum(one > width for one in widths)
    within = sum(not _ENDED.search(line) for line in full)
    proven = len(full) >= max(_FULL_LINES, len(widths) / 4) and wider * 8 <= len(widths) and within * 3 >= len(full) * 2
    return width if proven else None


def _follows(one: Number | None, other: Number | None) -> bool:
    """Whether `other` is the number after `one`."""
    if one is None or other is None:
        return False
    return one.values[:-1] == other.values[:-1] and other.values[-1] == one.values[-1] + 1


class _Evidence:
    """What the whole text says about its lines."""

    def __init__(self, lines: list[str], text: str) -> None:
        self.lines = lines
        self.numbers: list[Number | None] = [number_of(line) for line in lines]
        self.same: dict[str, list[int]] = {}
        for i, number in enumerate(self.numbers):
            if number is not None:
                self.same.setdefault(number.style, []).append(i)
        # Where the next line surely opens something, how often has a prose line lost its full stop?
        kept = lost = 0
        for line, after in zip(lines, lines[1:], strict=False):
            if len(line) >= _LONG and _opens_new(after) and re.search("[，。；]", line):
                if re.search(r"[。；;：:）)]$", line):
                    kept += 1
                elif re.search(f"[{_HAN}]$", line):
                    lost += 1
        self.width = _page_width(lines)
        self.lossy = lost * 8 > kept + lost and lost >= 3
        self.pairs: Counter[str] = Counter()
        if self.lossy:
            bare = re.sub(r"[^\S\n]+", "", text)
            self.pairs.update(a + b for a, b in zip(bare, bare[1:], strict=False))

    def full(self, i: int) -> bool:
        """Whether a page broke the line at its edge: of the width of the whole text, or of its neighbours."""
        columns = _columns(self.lines[i])
        if self.width is not None and columns >= self.width - _SLACK:
            return True
        if columns < _BLOCK_WIDTH:
            return False
        near = self.lines[max(0, i - _NEAR) : i + _NEAR + 1]
        return sum(abs(_columns(one) - columns) <= _SLACK and not _ENDED.search(one) for one in near) >= _BLOCK_LINES

    def goes_on(self, i: int, j: int) -> bool:
        line, after = self.lines[i], self.lines[j]
        if _not_prose().match(line) or not after:
            return False
        mark = _HEADING_MARK.match(after)
        rest = after[mark.end() :] if mark else after
        full = self.full(i)
        within = full and (not _ENDED.search(line) or self._unclosed(line) or rest.startswith(("(", "（")))
        weak = within or _WEAK.search(line) is not None
        number = None if _counted().match(rest) else number_of(rest)
        unclosed = self._unclosed(line)
        if _opens().match(rest) and not (unclosed and rest.startswith("附")):
            return False
        if number is not None and not (weak and number.style == "dotless"):
            return False
        if len(rest) == 1 and len(line) >= _LONG and re.match(f"[{_HAN}]", rest):
            return True  # the last character of a heading
        if mark and len(rest) < 25 and not re.search("[。；，]", rest):
            return False  # a heading by its mark, and no part of a sentence
        if weak:
            return True
        if _LABEL.match(rest):
            return False  # `职责：…` below `成员单位：…`
        if unclosed:
            return True
        if full:
            return line[-1] in "：:；;"
        if _LIST_LINE.fullmatch(line):
            return False  # `成员单位：A、B、C`, whole on its line
        number = self.numbers[i]
        body = line[number.end :] if number else line
        if re.search("[。；]", body) or (number is None and len(body) >= _LONG and self._sentence(rest)):
            prose = number is None or re.search("[。；]", body) is not None or "，" in body
        elif number is not None:
            tail = len(body) >= _LONG and len(rest) <= _TAIL and rest[-1] in "。；"
            prose = tail or (len(body) >= _ITEM and self._broken_item(i, number) and self._sentence(rest))
        else:
            prose = len(body) >= 25 and re.search("[，；]", body) is not None
        if not prose:
            return False
        plain = number is None and not re.search("[，。；]", line) and not wording("continuing").match(rest)
        if plain and (i < _FIRST_LINES or _title_end().search(line)):
            return False  # without a comma it may be a title: these stand first, or end like one
        return not self.lossy or self._torn(line, rest)

    @staticmethod
    def _sentence(line: str) -> bool:
        return re.search("[，。；,;]", line) is not None

    @staticmethod
    def _unclosed(line: str) -> bool:
        tail = line[-60:]
        return any(tail.rfind(a) > tail.rfind(b) for a, b in ("《》", "（）", "()", "〔〕"))

    def _broken_item(self, i: int, number: Number) -> bool:
        """Whether the nearest lines numbered alike are sentences, so that this one is no heading."""
        same = self.same[number.style]
        at = same.index(i)
        siblings = [k for k in same[max(0, at - 1) : at] if _follows(self.numbers[k], number)]
        siblings += [k for k in same[at + 1 : at + 2] if _follows(number, self.numbers[k])]
        return bool(siblings) and all(re.search("[。；;]$", self.lines[k]) for k in siblings)

    def _torn(self, line: str, rest: str) -> bool:
        """In a text that loses its full stops: whether the two lines meet within a word or clause."""
        if wording("continuing").match(rest) or rest[0] in "，、。；）":
            return True
        return self.pairs[line[-1] + rest[0]] >= 2
