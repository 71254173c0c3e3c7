"""Damaged text: warnings about it, and readings where the damage can be undone. The text itself stays as it is.

**Characters that lost a byte.** Some web sites turn full-width punctuation into ASCII byte by byte: in GBK `；` is A3 BB
and becomes 3B, wherever these two bytes meet. Where a character ends with A3 and the next begins with BB, one byte is
lost, and what follows is decoded one byte out of step until a byte below 80 comes in its place. `危化` (CE A3 BB AF) turns
into `?;` and a left-over AF; pairs of bytes without a character, like AF B0, vanish:

    危化安全生產  CE A3|BB AF|B0 B2|C8 AB|C9 FA|AE 61   becomes   CE ? | 3B ; | AF B0 - | B2 C8 踩 | AB C9 - | FA AE - | 61 a

A reading is given only where the damage done to words of the vocabularies gives exactly the characters that stand there,
and no other words do. A character of which one byte is left stays `?` unless its word has a second damaged character.

**Slips of character recognition** in numbers and response levels (`NV级响应`, `2O25年`, `6月未前`), where only one reading
is a number, a level, a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.loaders.cleaning import clean
from kg.loaders.document import Document, OffsetMap, Section, Warning_

_HAN = "\u3400-\u9fff"
_KINDS = (
    ("replacement_character", re.compile("\ufffd+"), "characters that could not be decoded"),
    (
        # A multi-byte character read byte by byte leaves ?; ?? or a backslash between ideographs.
        "lost_characters",
        re.compile(
            rf"(?<=[{_HAN}+\d”])[?？][;；?？](?=[{_HAN}])|(?<=[{_HAN}])\?(?=[{_HAN}])|(?<=[{_HAN}])\\+(?=[、，。{_HAN}])"
        ),
        "characters lost to a wrong decoding",
    ),
    ("private_use", re.compile("[\ue000-\uf8ff]+"), "characters without a meaning outside their font"),
    ("unreadable_markup", re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"), "an image, whose words are not read"),
)
_CONTEXT = 6


def warnings_of(source: str) -> tuple[Warning_, ...]:
    """The damaged places of a source text, in order."""
    found = []
    for code, pattern, what in _KINDS:
        for match in pattern.finditer(source):
            words = source[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT].replace("\n", " ")
            found.append(Warning_(code, match.start(), match.end(), f"{what}: {words}"))
    return tuple(sorted(found, key=lambda warning: (warning.start, warning.end, warning.code)))


def cut_off(text: str, found: tuple[Section, ...], offsets: OffsetMap) -> tuple[Warning_, ...]:
    """A warning where a text ends with a numbered heading under which nothing stands."""
    if not found or not found[-1].number or found[-1].run_in or text[found[-1].body :].strip():
        return ()
    last = found[-1]
    start, end = offsets.to_source(last.start, max(last.body, last.start + 1))
    return (Warning_("cut_off", start, end, f"the text ends with a heading: {last.heading}"),)


@dataclass(frozen=True, slots=True)
class Reading:
    """What source[start:end] said before it was damaged; `how` is lost_byte or recognition_slip."""

    start: int
    end: int
    text: str
    how: str


def recovered(document: Document, start: int, end: int) -> str | None:
    """The reading of a stretch of the cleaned text whose damage can be undone, cleaned as the text is.

    Args:
        start, end: cleaned offsets, for instance of a task's sentence.

    Returns:
        The whole stretch with its readings; None where nothing in it is damaged or nothing can be proved.
    """
    first, last = document.span(start, end)
    found = [reading for reading in readings(document.source) if first <= reading.start and reading.end <= last]
    if not found:
        return None
    parts, at = [], first
    for reading in found:
        parts += (document.source[at : reading.start], reading.text)
        at = reading.end
    return clean("".join([*parts, document.source[at:last]]), document.passes).strip()


@lru_cache(maxsize=8)
def readings(source: str) -> tuple[Reading, ...]:
    """All damage of a source text that can be undone, in order.

    >>> [(reading.text, reading.how) for reading in readings("启动NV级响应,2O25年6月未前完成")]
    [('Ⅳ', 'recognition_slip'), ('0', 'recognition_slip'), ('末', 'recognition_slip')]
    >>> readings("实施?;菲髽I工伤预防")[0].text
    '危化品企業'
    """
    found: list[Reading] = []
    for start in (match.start() for match in _OUT_OF_STEP.finditer(source)):
        if not found or start >= found[-1].end:
            reading = _in_step(source, start)
            if reading is not None:
                found.append(reading)
    for pattern, right in _SLIPS:
        found += [Reading(m.start(), m.end(), right, "recognition_slip") for m in pattern.finditer(source)]
    return tuple(sorted(found, key=lambda reading: reading.start))


_LEVEL = r"(?=\s*级\s*(?:应急|救灾|救助)?(?:响应|预警))"
_BEFORE_LEVEL = r"(?<![A-Za-z0-9ⅠⅡⅢⅣ一二三四])"
_SLIPS = (
    (re.compile(rf"{_BEFORE_LEVEL}(?:[lI1Ⅰ|N][VⅤ]|ⅣV){_LEVEL}"), "Ⅳ"),
    (re.compile(rf"{_BEFORE_LEVEL}(?=[lI|1]*[l|])[lI|1]{{3}}{_LEVEL}|{_BEFORE_LEVEL}[川皿]{_LEVEL}"), "Ⅲ"),
    (re.compile(rf"{_BEFORE_LEVEL}(?=[lI|1]*[l|])[lI|1]{{2}}{_LEVEL}"), "Ⅱ"),
    (re.compile(rf"{_BEFORE_LEVEL}[l|]{_LEVEL}"), "Ⅰ"),
    # A letter among digits, before a unit.
    (re.compile(r"(?<=\d)[OoＯ](?=[\dOo]{0,3}\s*[年月日时号人万亿元％%个支处])|(?<=\d)[OoＯ](?=\d)"), "0"),
    (re.compile(r"(?<![A-Za-z])[lI|](?=\d{1,3}\s*[年月日时号人万亿元％%个支处])|(?<=\d)[lI|](?=\d{0,3}\s*[年月日时号])"), "1"),
    (re.compile(r"(?<=月)未(?=之?前|以前|完成)|(?<=年)未(?=之?前|以前)"), "末"),
    (re.compile(r"(?<=\d)曰(?=之?前|以前|内|至|起|[，。,;；)）]|$)", re.MULTILINE), "日"),
)
"""Characters that were misread, where the surroundings leave one reading."""

# The second mark is the first byte of a character, A1 to BF, less 80.
_OUT_OF_STEP = re.compile(rf"[?\ufffd][!-?](?=[{_HAN}A-Za-z\\@\[\]^_`{{|}}~]|[{_HAN}])")
_LONGEST = 4
"""Words in a row that a reading may have."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A word of a vocabulary as a site may have written it, with its bytes in GBK."""

    word: str
    form: str
    pairs: tuple[bytes, ...]


@cache
def _words() -> tuple[_Written, ...]:
    """All words of the vocabularies with two or more ideographs, in both scripts."""
    from opencc import OpenCC

    from kg.ontology import schemes, vocabulary

    plain = re.compile(r"[\u4e00-\u9fff]{2,12}")
    found: dict[str, None] = {}
    for scheme in schemes():
        for concept in vocabulary(scheme):
            for word in (*concept.forms, *(word for listed in concept.values.values() for word in listed)):
                if plain.fullmatch(word):
                    found[word] = None
    convert = OpenCC("s2t").convert
    result = []
    for word in found:
        for form in dict.fromkeys((convert(word), word)):
            pairs = _pairs(form)
            if pairs is not None:
                result.append(_Written(word, form, pairs))
    return tuple(result)


def _pairs(form: str) -> tuple[bytes, ...] | None:
    """The bytes of each character in GBK, None where one has none."""
    try:
        pairs = tuple(char.encode("gbk") for char in form)
    except UnicodeEncodeError:
        return None
    return pairs if all(len(pair) == 2 for pair in pairs) else None


@dataclass(frozen=True, slots=True)
class _State:
    """Where the reading of damaged text is: `at` in the source, `pending` the byte that has no partner yet (0: in step)."""

    at: int
    pending: int


def _in_step(source: str, start: int) -> Reading | None:
    """The one reading of the damage that begins with the `?` at `start`."""
    second = ord(source[start + 1]) | 0x80
    found = list(_covering(source, start, second))
    if not found:
        found = [(start + 1, "", _State(start + 2, -second))]
    complete: dict[str, Reading] = {}
    for _ in range(_LONGEST):
        following = []
        for begin, text, state in found:
            if state.pending == 0:
                complete.setdefault(text, Reading(begin, state.at, text, "lost_byte"))
            else:
                following += [(begin, text + written.form, after) for written, after in _next(source, state)]
        if complete:
            break
        found = following
    else:
        for begin, text, state in found:
            if state.pending == 0:
                complete.setdefault(text, Reading(begin, state.at, text, "lost_byte"))
    simple = {clean(text, ("traditional",)) for text in complete}
    return next(iter(complete.values())) if len(simple) == 1 else None


def _covering(source: str, start: int, second: int) -> Iterator[tuple[int, str, _State]]:
    """Words that hold the character that lost its last byte and the one after it, what stands before them intact."""
    for written in _words():
        for index, (one, two) in enumerate(zip(written.pairs, written.pairs[1:], strict=False)):
            if one[1] != 0xA3 or two[0] != second:
                continue
            begin = start - index
            if begin < 0 or source[begin:start] not in (written.form[:index], written.word[:index]):
                continue
            state = _walk(source, _State(start + 2, two[1]), written, index + 2)
            if state is not None:
                yield begin, written.form, state


def _next(source: str, state: _State) -> Iterator[tuple[_Written, _State]]:
    """The words that may go on from a state; a negative byte is the first of the next character."""
    for written in _words():
        if state.pending < 0:
            if written.pairs[0][0] == -state.pending:
                after = _walk(source, _State(state.at, written.pairs[0][1]), written, 1)
                if after is not None:
                    yield written, after
        else:
            after = _walk(source, state, written, 0)
            if after is not None:
                yield written, after


def _walk(source: str, state: _State, written: _Written, index: int) -> _State | None:
    """The state after the characters of a word from `index` on; None where the damage would look different."""
    at, pending = state.at, state.pending
    for position in range(index, len(written.pairs) + 1):
        if 0 < pending < 0x80:  # a byte that stands for itself: in step again
            if not source.startswith(chr(pending), at):
                return None
            at, pending = at + 1, 0
        if position == len(written.pairs):
            break
        if pending == 0:
            if not source.startswith((written.form[position], written.word[position]), at):
                return None
            at += 1
            continue
        first, last = written.pairs[position]
        char = bytes((pending, first)).decode("gb18030", "replace")
        if "\ue000" <= char <= "\uf8ff" or "\ufffd" in char:  # no character has these bytes
            at += source.startswith((char, "\ufffd"), at)
        elif source.startswith(char, at):
            at += 1
        else:
            return None
        pending = last
    if pending >= 0x80 and re.match(r"\?[!-?]", source[at : at + 2]):  # the last byte lost its partner to a mark
        at, pending = at + 1, 0
    return _State(at, pending)
