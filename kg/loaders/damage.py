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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kg.loaders.cleaning import clean
from kg.loaders.document import Document, OffsetMap, Reading, Section, Warning_
from kg.loaders.wording import words

_HAN = "\u3400-\u9fff"
LOST = "lost_characters"
_KINDS = (
    ("replacement_character", re.compile("\ufffd+"), "characters that could not be decoded"),
    (
        # A multi-byte character read byte by byte leaves ?; ?? or a backslash between ideographs.
        LOST,
        re.compile(
            rf"(?<=[{_HAN}+\d”])[?？][;；?？](?=[{_HAN}])|(?<=[{_HAN}])\?(?=[{_HAN}])|(?<=[{_HAN}])\\+(?=[、，。{_HAN}])"
        ),
        "characters lost to a wrong decoding",
    ),
    ("private_use", re.compile("[\ue000-\uf8ff]+"), "characters without a meaning outside their font"),
    ("unreadable_markup", re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"), "an image, whose words are not read"),
)
_CONTEXT = 6
_UNFINISHED = re.compile(
    r"(?<![^\n])(?:[^\n]*[，、,；;：:]|(?=[^\n]*[，,])(?![^\n]*[：:][^\n]*$)[^\n]{30,}[\u4e00-\u9fff])(?=\s*\Z)"
)
"""A last line that does not end: after a comma, or a long one with commas without a mark at its end (not `抄送:…`)."""


def warnings_of(source: str, damage: Sequence[Reading]) -> tuple[Warning_, ...]:
    """The damaged places of a source text, in order; `damage` is what of it can be undone (`readings`)."""
    found = []
    for code, pattern, what in _KINDS:
        for match in pattern.finditer(source):
            words = source[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT].replace("\n", " ")
            read = (
                next((r.text for r in damage if r.start - 1 <= match.start() < r.end), None) if code == LOST else None
            )
            message = f"{what}: {words}" + (f" (read as {read})" if read else "")
            found.append(Warning_(code, match.start(), match.end(), message))
    return tuple(sorted(found, key=lambda warning: (warning.start, warning.end, warning.code)))


def cut_off(text: str, found: tuple[Section, ...], offsets: OffsetMap) -> tuple[Warning_, ...]:
    """A warning where a text ends with a numbered heading under which nothing stands, or inside a sentence.

    Inside a sentence: the last line ends with a comma or colon, or is long, has commas and no mark at its end.
    """
    if found and found[-1].number and not found[-1].run_in and not text[found[-1].body :].strip():
        last = found[-1]
        start, end = offsets.to_source(last.start, max(last.body, last.start + 1))
        return (Warning_("cut_off", start, end, f"the text ends with a heading: {last.heading}"),)
    ending = _UNFINISHED.search(text)
    if ending is None:
        return ()
    start, end = offsets.to_source(ending.start(), ending.end())
    return (Warning_("cut_off", start, end, f"the text ends inside a sentence: {ending[0][-20:]}"),)


def recovered(document: Document, start: int, end: int) -> str | None:
    """The reading of a stretch of the cleaned text whose damage can be undone, cleaned as the text is.

    Args:
        start, end: cleaned offsets, for instance of a task's sentence.

    Returns:
        The whole stretch with its readings; None where nothing in it is damaged or nothing can be proved.
    """
    first, last = document.span(start, end)
    found = [reading for reading in document.damage if first <= reading.start and reading.end <= last]
    if not found:
        return None
    parts: list[str] = []
    at = first
    for reading in found:
        parts += (document.source[at : reading.start], reading.text)
        at = reading.end
    return clean("".join([*parts, document.source[at:last]]), document.passes).strip()


def readings(source: str) -> tuple[Reading, ...]:
    """All damage of a source text that can be undone, in order.

    >>> [(reading.text, reading.how) for reading in readings("启动NV级响应,2O25年6月未前完成")]
    [('Ⅳ', 'recognition_slip'), ('0', 'recognition_slip'), ('末', 'recognition_slip')]
    >>> readings("实施?;菲髽I工伤预防")[0].text
    '危化品企業'
    """
    found: list[Reading] = []
    if not _FULL_WIDTH.search(source):  # else no mark was replaced in this text
        tries = 0
        for start in (match.start() for match in _OUT_OF_STEP.finditer(source)):
            if found and start < found[-1].end or tries == _TRIES:
                continue
            tries += 1
            reading = _in_step(source, start)
            if reading is not None:
                found.append(reading)
    for pattern, right in _slips():
        found += [Reading(m.start(), m.end(), right, "recognition_slip") for m in pattern.finditer(source)]
    return tuple(sorted(found, key=lambda reading: reading.start))


@cache
def _slips() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Characters that were misread, where the surroundings leave one reading."""
    level = rf"(?=\s*级\s*{words('response-fronts')}?{words('responses')})"
    before = r"(?<![A-Za-z0-9ⅠⅡⅢⅣ一二三四])"
    return (
        (re.compile(rf"{before}(?:[l1|N][VⅤ]|ⅣV|ⅠV){level}"), "Ⅳ"),
        (re.compile(rf"{before}(?=[lI|1]*[l|])[lI|1]{{3}}{level}|{before}[川皿]{level}"), "Ⅲ"),
        (re.compile(rf"{before}(?=[lI|1]*[l|])[lI|1]{{2}}{level}"), "Ⅱ"),
        (re.compile(rf"{before}[l|]{level}"), "Ⅰ"),
        # A letter among digits, before a unit.
        (re.compile(r"(?<=\d)[OoＯ](?=[\dOo]{0,3}\s*[年月日时号人万亿元％%个支处])|(?<=\d)[OoＯ](?=\d)"), "0"),
        (
            re.compile(
                r"(?<![A-Za-z])[lI|](?=\d{1,3}\s*[年月日时号人万亿元％%个支处])|(?<=\d)[lI|](?=\d{0,3}\s*[年月日时号])"
            ),
            "1",
        ),
        (re.compile(rf"(?<=[年月])未(?={words('before')})"), "末"),
        (re.compile(rf"(?<=\d)曰(?={words('within')}|[，。,;；)）]|$)", re.MULTILINE), "日"),
    )


_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
# The second mark is the first byte of a character, A1 to BF, less 80; a byte below 80 or another lost one ends the damage.
_OUT_OF_STEP = re.compile(r"[?\ufffd][!-?](?=[^\n!->]{0,14}?(?:[@-~]|\?[!-?]))")
_TRIES = 40
"""Places of a text that are tried; more are only warned of."""
_LONGEST = 4
"""Words in a row that a reading may have."""


@dataclass(slots=True)
class _Node:
    """A place in the tree of words: the characters that may follow, with their two bytes; `ends` where a word ends."""

    following: dict[str, tuple[int, int, _Node]]
    ends: bool = False


@cache
def _trees() -> tuple[_Node, ...]:
    """All words of the vocabularies with two or more ideographs: a tree of each script."""
    from opencc import OpenCC

    from kg.ontology import schemes, vocabulary

    plain = re.compile(r"[\u4e00-\u9fff]{2,12}")
    found: dict[str, None] = {}
    for scheme in schemes():
        for concept in vocabulary(scheme):
            for word in (*concept.forms, *(word for listed in concept.values.values() for word in listed)):
                if plain.fullmatch(word):
                    found[word] = None
    traditional = OpenCC("s2t").convert("\n".join(found)).split("\n")
    return _tree(found), _tree(traditional)


def _tree(words: Iterable[str]) -> _Node:
    root = _Node({})
    for word in words:
        node = root
        for char in word:
            if char not in node.following:
                pair = char.encode("gbk", "ignore")
                if len(pair) != 2:
                    break
                node.following[char] = (pair[0], pair[1], _Node({}))
            node = node.following[char][2]
        else:
            node.ends = True
    return root


_State = tuple[int, int]
"""Where the reading of damaged text is: a place in the source, and the byte that has no partner yet (0: in step again;
negative: the first byte of the next character)."""


def _in_step(source: str, start: int) -> Reading | None:
    """The one reading, of the fewest words, of the damage that begins with the `?` at `start`."""
    first = -(ord(source[start + 1]) | 0x80)
    for covered in (True, False):
        found = []
        for tree in _trees():
            begun = list(_covering(tree, source, start, first)) if covered else [(start + 1, "", (start + 2, first))]
            found += _solved(tree, source, begun)
        if found:
            return found[0] if len({clean(reading.text, ("traditional",)) for reading in found}) == 1 else None
    return None


def _solved(tree: _Node, source: str, begun: list[tuple[int, str, _State]]) -> list[Reading]:
    """The ways to go on, with the fewest words of the vocabularies, until the text is in step again."""
    ways = {(begin, text): state for begin, text, state in begun}
    known: dict[_State, list[tuple[str, _State]]] = {}
    for _ in range(_LONGEST):
        done = [Reading(begin, at, text, "lost_byte") for (begin, text), (at, pending) in ways.items() if not pending]
        if done or not ways:
            return done
        following: dict[tuple[int, str], _State] = {}
        for (begin, text), state in ways.items():
            if state not in known:
                known[state] = list(_walks(source, state, tree, ""))
            following |= {(begin, text + word): after for word, after in known[state]}
            if len(following) > _MOST:
                return []
        ways = following
    return []


def _covering(tree: _Node, source: str, start: int, first: int) -> Iterator[tuple[int, str, _State]]:
    """Words that hold the character that lost its last byte and the one after it; what stands before them is intact."""
    for begin in range(start, max(-1, start - 6), -1):
        node = tree
        for char in source[begin:start]:
            if char not in node.following:
                break
            node = node.following[char][2]
        else:
            for one, (_, last, below) in node.following.items():
                if last != 0xA3:
                    continue
                for word, after in _walks(source, (start + 2, first), below, source[begin:start] + one):
                    yield begin, word, after


def _walks(source: str, state: _State, node: _Node, word: str) -> Iterator[tuple[str, _State]]:
    """The words below a node that, damaged, look like the source at a state; each with the state after it."""
    at, pending = state
    for char, (first, last, below) in node.following.items():
        after = _step(source, at, pending, char, first, last)
        if after is None:
            continue
        if below.ends:
            yield word + char, after
        if below.following:
            yield from _walks(source, after, below, word + char)


def _step(source: str, at: int, pending: int, char: str, first: int, last: int) -> _State | None:
    """The state after one more character, None where it would look different."""
    if pending < 0:
        if first != -pending:
            return None
    elif pending == 0:
        return (at + 1, 0) if source.startswith(char, at) else None
    else:
        seen = _character(pending, first)
        if not seen:
            at += source.startswith("\ufffd", at)
        elif source.startswith(seen, at):
            at += 1
        else:
            return None
    if last < 0x80:  # it stands for itself: in step again
        return (at + 1, 0) if source.startswith(chr(last), at) else None
    if _CUT.match(source, at):  # the last byte lost its partner to a mark
        return at + 1, 0
    return at, last


_CUT = re.compile(r"\?[!-?]")
_MOST = 2000
"""More ways than this prove nothing."""


@cache
def _character(first: int, second: int) -> str:
    """The character of two bytes, empty where no character has them."""
    char = bytes((first, second)).decode("gb18030", "replace")
    return "" if len(char) != 1 or "\ue000" <= char <= "\uf8ff" or char == "\ufffd" else char
