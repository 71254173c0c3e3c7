"""Paragraphs, sentences and annotations of a Document: the units that all other rules read.

A paragraph is a line of the cleaned text. Within it a sentence ends at `。`, `；` or `;` outside 《》 “” and brackets, or at
the end of the line; a parenthesised annotation between or after sentences (`(责任单位:A、B)`) is cut out as a unit of its
own. Positions are cleaned offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from kg.loaders.document import Document

BRACKETS = {"（": "）)", "(": "）)", "《": "》", "“": "”", "【": "】", "〔": "〕", "‘": "’", "[": "]］", "［": "]］"}
_MARKS = re.compile(r"[。；;（(《“【〔‘\[［）)》”】〕’\]］]")
# A `;` after `?` is no mark but what a wrong decoding left of a character (`?;踩a`).
_DAMAGED = re.compile(r"\?;")

CHINESE_NUMBER = "[一二三四五六七八九十百]+"
_ENUMERATOR = re.compile(
    rf"\s*(?:[#＃]+\s*)?(?:"
    rf"[（(]\s*(?:{CHINESE_NUMBER}|\d{{1,3}})\s*[)）]"
    r"|\d{1,2}\s*[.．]\s*(?=(?:\d{1,2}|20\d\d)\s*[年月]|年[内底初中末])"
    r"|(?:\d{1,2}\s*[.．\ue000-\uf8ff]\s*){1,4}\d{0,2}(?![\d%％‰万亿月年])"
    r"|\d{1,2}(?:\s+\d{1,2}){1,3}\s*(?=[\u4e00-\u9fff])"
    rf"|\d{{1,2}}\s*[、)）\ue000-\uf8ff]"
    rf"|\d{{1,2}}\s+(?=[\u4e00-\u9fff])(?![年月日时分个人次名支台座处项条件万亿元小周天级类家种多余])"
    rf"|{CHINESE_NUMBER}\s*[、.．]"
    rf"|第{CHINESE_NUMBER}[条款项章节][：:，]?"
    rf"|(?:{CHINESE_NUMBER}|\d)[是要](?=[^否不])[：:，]?"
    rf"|其?[一二三四五六七八九十][：:]"
    rf"|[①-⑳⑴-⒇❶-❿㈠-㈩]"
    rf"|\$\s*\\textcircled\s*\{{[^}}]*\}}\s*\$"
    rf"|[—\-–•·●◆■▪]+\s*(?=[^\d\s])|[*□](?![*□])\s*(?=[^\d\s]))\s*"  # **市局 hides a place
)


class IsNote(Protocol):
    """Tells whether words are a responsibility annotation: inside a bracket (`alone`: after a full stop), or by themselves."""

    def __call__(self, words: str, *, alone: bool = False, names_only: bool = False) -> bool: ...


@dataclass(slots=True)
class Sentence:
    """A stretch of text that may be a task: [start, end) without enumerator, closing mark and annotation."""

    start: int
    end: int
    text: str
    closing: str
    """The mark that closes it: `。`, `；`, `：` (a lead-in to a list), or empty at the end of a paragraph."""
    paragraph: int
    """Number of its paragraph, counted over the document."""
    position: int
    """0 for the first sentence of its paragraph."""
    last: bool
    """Whether it is the last sentence of its paragraph (annotations do not count)."""
    numbered: bool
    """Whether an enumerator stood before it."""
    section: int
    """Index of the innermost section, -1 outside all."""
    sentence: int
    """Number of the full sentence (up to `。`) that it is a part of, counted over the document."""


@dataclass(slots=True)
class Note:
    """A bracket or a line that is an annotation; [start, end) includes the brackets or the dash, `text` does not."""

    start: int
    end: int
    text: str
    text_start: int
    paragraph: int
    section: int

    @property
    def text_end(self) -> int:
        """Where the words end."""
        return self.text_start + len(self.text)


@dataclass(slots=True)
class Paragraph:
    """A line of the cleaned text and what it is made of, in order."""

    number: int
    start: int
    end: int
    section: int
    heading: bool
    """True where the line is nothing but a section's heading."""
    units: tuple[Sentence | Note, ...]


_LOST_MARK = re.compile(r"(?<=[\u4e00-\u9fff])[^\S\n]+(?=[\u4e00-\u9fff])")
LOSSY = 300
"""A text with a space between characters at least once in so many has lost punctuation (as OCR does)."""


def lost_marks(text: str) -> bool:
    """Whether spaces stand where punctuation was lost."""
    return len(_LOST_MARK.findall(text)) * LOSSY >= len(text)


def divide(sentence: Sentence, cuts: Sequence[int]) -> list[Sentence]:
    """A sentence cut at the offsets given, each part a full sentence of its own."""
    edges = [sentence.start, *cuts, sentence.end]
    parts = []
    for index, (start, end) in enumerate(pairwise(edges)):
        stop = start + len(sentence.text[start - sentence.start : end - sentence.start].rstrip())
        last = index == len(edges) - 2
        parts.append(
            replace(
                sentence,
                start=start,
                end=stop,
                text=sentence.text[start - sentence.start : stop - sentence.start],
                closing=sentence.closing if last else "。",
                position=sentence.position + index,
                last=sentence.last and last,
                numbered=sentence.numbered and index == 0,
                sentence=sentence.sentence if index == 0 else -(sentence.sentence * 100 + index) - 1,
            )
        )
    return parts


def strip_enumerators(text: str, start: int, end: int) -> int:
    """Where the text begins after all enumerators and white space at its front."""
    while True:
        found = _ENUMERATOR.match(text, start, end)
        if not found or found.end() >= end:
            break
        start = found.end()
    while start < end and text[start].isspace():
        start += 1
    return start


def _closing_bracket(text: str, opening: int, end: int) -> int:
    """Offset of the bracket that closes the one at `opening` (with nesting), -1 if none."""
    stack = [BRACKETS[text[opening]]]
    for mark in _MARKS.finditer(text, opening + 1, end):
        char = mark.group()
        if char in BRACKETS:
            stack.append(BRACKETS[char])
        elif char in stack[-1]:
            stack.pop()
            if not stack:
                return mark.start()
    # An inner bracket never closed: take the first closing bracket of the right kind.
    plain = [at for at in (text.find(closer, opening + 1, end) for closer in BRACKETS[text[opening]]) if at >= 0]
    return min(plain, default=-1)


def split(text: str, start: int, end: int, is_note: IsNote) -> Iterator[tuple[str, int, int, str]]:
    """The sentences and notes of text[start:end] in order, as (`sentence` or `note`, start, end, closing mark).

    A bracket is a note when `is_note` says so of its inside and it stands where a sentence ends or may end.
    """
    begin = at = start
    while at < end:
        mark = _MARKS.search(text, at, end)
        if mark is None:
            break
        char, where = mark.group(), mark.start()
        at = where + 1
        if char in "。；;":
            if char == ";" and where > start and _DAMAGED.match(text, where - 1):
                continue
            yield "sentence", begin, where, "。" if char == "。" else "；"
            begin = at
        elif char in BRACKETS:
            close = _closing_bracket(text, where, end)
            if close < 0:
                continue
            at = close + 1
            if char in "（(【〔[［" and is_note(text[where + 1 : close], alone=not text[begin:where].strip()):
                if text[begin:where].strip():
                    yield "sentence", begin, where, "。"
                yield "note", where, close + 1, ""
                begin = at
                while begin < end and text[begin] in "。；;，, ":
                    begin += 1
                at = begin
    if text[begin:end].strip():
        closing = "：" if text[begin:end].rstrip()[-1] in "：:" else ""
        yield "sentence", begin, end, closing


def paragraphs(document: Document, is_note: IsNote) -> list[Paragraph]:
    """The document's paragraphs with their sentences and notes, headings and excluded regions included.

    Args:
        document: a loaded plan.
        is_note: tells whether the words inside a bracket are a responsibility annotation.
    """
    text = document.text
    sections = document.sections
    starts = [section.start for section in sections]
    result: list[Paragraph] = []
    counter = _Counter()
    for line in re.finditer(r"[^\n]+", text):
        if not line.group().strip():
            continue
        # A line may hold several run-in headings (一是…。二是…。): each opens a paragraph of its own.
        first, last = bisect_left(starts, line.start()), bisect_left(starts, line.end())
        cuts = [start for start in starts[first:last] if start > line.start()]
        for begin, end in pairwise([line.start(), *cuts, line.end()]):
            if not text[begin:end].strip():
                continue
            index = bisect_left(starts, end) - 1
            own = index >= 0 and begin < sections[index].body
            while index >= 0 and sections[index].end <= begin:
                index = sections[index].parent
            body = min(max(begin, sections[index].body), end) if own else begin
            heading = own and not text[body:end].strip()
            units = () if heading else tuple(_units(text, body, end, is_note, len(result), index, counter))
            result.append(Paragraph(len(result), begin, end, index, heading, units))
    return result


@dataclass(slots=True)
class _Counter:
    """Numbers full sentences over the document."""

    value: int = 0


_DASHED = re.compile(r"\s*[—–\-]{1,3}\s*(?P<inside>[^。\n]{2,90}?)\s*。?\s*")
"""A line that begins with a dash: `——市水利局、市应急局负责`."""


def _units(
    text: str,
    begin: int,
    end: int,
    is_note: IsNote,
    paragraph: int,
    section: int,
    counter: _Counter,
) -> Iterator[Sentence | Note]:
    """The sentences and notes of one paragraph."""
    dashed = _DASHED.fullmatch(text, begin, end)
    if dashed and is_note(dashed.group("inside"), names_only=True):
        first, last = dashed.span("inside")
        yield Note(begin, end, text[first:last], first, paragraph, section)
        counter.value += 1
        return
    spans = list(split(text, begin, end, is_note))
    count = sum(kind == "sentence" for kind, *_ in spans)
    seen = 0
    for kind, first, last, closing in spans:
        if kind == "note":
            yield Note(first, last, text[first + 1 : last - 1], first + 1, paragraph, section)
            counter.value += 1
            continue
        inner = strip_enumerators(text, first, last)
        stop = last
        while stop > inner and (text[stop - 1].isspace() or text[stop - 1] in "，,、.．"):
            stop -= 1
        seen += 1
        if stop > inner:
            numbered = bool(text[first:inner].strip())
            yield Sentence(
                inner,
                stop,
                text[inner:stop],
                closing,
                paragraph,
                seen - 1,
                seen == count,
                numbered,
                section,
                counter.value,
            )
        if closing != "；":
            counter.value += 1
    counter.value += 1
