"""The section tree: headings with and without numbers, and run-in titles.

A numbered line is a heading when it is short and not closed by punctuation (`# 1.1 编制目的`), or when it opens with a
short title that the next sentences spell out (`1.压实各方责任。组织制定…`). A numbered line that is a sentence
(`(1)加强值班值守。`) is an item and makes no section. Levels come from the styles of the numbers, in the order in which
they nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from kg.loaders.document import Section
from kg.loaders.numbering import Number, enumerator_of, number_of
from kg.loaders.regions import bare
from kg.loaders.wording import spaced, words
from kg.ontology.lexicon import compiled

_HAN = "\u4e00-\u9fff"
_MAX_HEADING = 45
_MAX_RUN_IN = 26
_MAX_BARE = 22
_MAX_BARE_RUN_IN = 16
_END = re.compile(r"[。；;！!？?，,、]$")
_SENTENCE_END = re.compile("[。；;]")


@cache
def _skip() -> re.Pattern[str]:
    """What opens a line that is no heading: marks, captions, remarks, to whom copies go."""
    parts = spaced("annex-captions", "distribution")
    return re.compile(
        rf"(?:<|\||!\[|\$|[表图]\s*[\d一二三四五六七八九十]|{parts}|{words('remarks')}\s*[:：]|\*\s|[-—·●])"
    )


def _dashed_group() -> re.Pattern[str]:
    """`——综合协调组。` before its lead, members and duties."""
    return compiled("documents", rf"[-—－]{{1,3}}\s*(?P<name>[{_HAN}]{{2,16}}{{agents/group-ends}})。\s*(?=.)")


def _no_title() -> re.Pattern[str]:
    """What no title holds: it names no agent and no duty; where one stands, the sentence is a task."""
    return compiled(
        "documents",
        "{not-in-titles}|{being-responsible}.|由.{2,12}{agents-verbs}"
        r"|{organisations/setting-up}.{4,}{organisations/committees}$|{reporting}.*[，、]|[：:《]|(?<!\d)(?!20\d\d(?:年|[\u4e00-\u9fff]*行动))\d{2,}|[%％]|^{not-opening-titles}|.{carrying-out}",
    )


def _no_bare_title() -> re.Pattern[str]:
    return compiled("documents", "{not-in-bare-titles}|{promptly}[^、，]|以.*为主$|[）)]$")


def _agent() -> re.Pattern[str]:
    """An agent that opens a sentence: with its verb, or by level and ending."""
    return compiled(
        "organisations",
        "^(?:[^，、]{0,12}{agent-ends}(?={documents/after-agents})(?!应急)"
        "|{agent-fronts}[^，、]{1,12}{named-agent-ends}"
        r"(?=、|[\u4e00-\u9fff]{4}))",
    )


def _unit_alone() -> re.Pattern[str]:
    """The name of a unit and nothing else: `9.市生态环境局某某分局。`"""
    return compiled(
        "organisations", "{agent-fronts}(?:(?!{documents/after-agents}(?!急))[\u4e00-\u9fff]){1,16}{named-agent-ends}"
    )


def _duty_label() -> re.Pattern[str]:
    """Words behind a colon, or a note of responsibility."""
    return compiled("documents", "[：:].{6}|[（(]{duty-labels}[：:]")


def _duty_note() -> re.Pattern[str]:
    """A note in brackets that follows a sentence."""
    return compiled(
        "documents", r"[（(](?:{duty-fronts}|[^（）()]{2,40}{duty-ends})|[（(][^（）()]{2,60}[)）][。；;]?\s*$"
    )


def _name_end() -> re.Pattern[str]:
    """A line that ends like a place, an organ or a date is no title."""
    return compiled("organisations", "(?:{place-and-organ-ends}|[年月日])$")


@dataclass(frozen=True, slots=True)
class _Heading:
    number: str
    style: str
    values: tuple[int, ...]
    heading: str
    start: int
    body: int
    run_in: bool


def sections(text: str, excluded: Iterable[tuple[int, int, str]] = ()) -> tuple[Section, ...]:
    """The sections of a cleaned text, in order, as a tree.

    Args:
        text: the cleaned text, one paragraph a line.
        excluded: parts (start, end, reason) in which no heading is looked for.
    """
    return _tree(list(_headings(text, tuple(excluded))), len(text))


def lines(text: str, excluded: Iterable[tuple[int, int, str]] = ()) -> Iterator[tuple[int, str]]:
    """Start and words of each line that lies in no excluded part."""
    parts = sorted((start, end) for start, end, _ in excluded)
    k, at = 0, 0
    for line in text.split("\n"):
        while k < len(parts) and parts[k][1] <= at:
            k += 1
        if line and not (k < len(parts) and parts[k][0] <= at < parts[k][1]):
            yield at, line
        at += len(line) + 1


def _headings(text: str, excluded: tuple[tuple[int, int, str], ...]) -> Iterator[_Heading]:
    rows = list(lines(text, excluded))
    annexes = "".join(bare(text[start:end]) for start, end, reason in excluded if reason == "annex_list")
    numbers = [number_of(line) for _, line in rows]
    titled = _titled_series(rows, numbers)
    skip = -1
    for i, (start, line) in enumerate(rows):
        if i == skip:
            continue
        following = rows[i + 1][1] if i + 1 < len(rows) else ""
        annex = _annex(line, start, annexes)
        if annex is not None:
            if not annex.heading and _caption(following):
                # 附件 4, and its title on the next line
                skip = i + 1
                body = rows[skip][0] + len(following)
                annex = _Heading(annex.number, "annex", (), bare(following), start, body, False)
            yield annex
            continue
        number = numbers[i]
        mark = re.match(r"#{1,6}\s*", line)
        begin = number.end if number else (mark.end() if mark else 0)
        rest = line[begin:]
        dashed = _dashed_group().match(rest)
        if dashed:
            body = start + begin + dashed.end()
            yield _Heading("", "letter", (), dashed.group("name"), start, body, True)
            continue
        if not rest or _skip().match(rest):
            continue
        if number is not None and number.style == "dotless" and not _dotless_heading(rest):
            number, begin = None, mark.end() if mark else 0
            rest = line[begin:]
        heading = None
        if enumerator_of(rest) is None:
            heading = _heading(number, rest, start, begin, mark is not None, following, in_series=i in titled)
        if (
            heading is not None
            and number is not None
            and not heading.run_in
            and _item_among_items(rows, numbers, i, rest)
        ):
            heading = None
        if heading is not None:
            yield heading
        # Titles inside the paragraph: 一是逐级分解任务。区政府把… (二)强化…。
        at = heading.body - start if heading is not None and heading.run_in else begin
        yield from _inside(line, start, at, following)


def _titled_series(rows: list[tuple[int, str]], numbers: list[Number | None]) -> set[int]:
    """Rows of a numbered series of which every item opens with what may be a title: then all of them do.

    `（一）闻令而动，全力投身防控。疫情发生后…（二）众志成城，夺取救灾胜利。今年…` stand for each other.
    """
    series: list[list[int]] = []
    open_: dict[str, list[int]] = {}
    for i, number in enumerate(numbers):
        if number is None or number.style not in ("chinese_bracket", "arabic", "bracket"):
            open_ = {} if number and number.style in ("chapter", "clause", "chinese") else open_
            continue
        items = open_.get(number.style)
        last = numbers[items[-1]] if items else None
        if items and last and number.values[-1] == last.values[-1] + 1:
            items.append(i)
        elif number.values[-1] == 1:
            open_[number.style] = [i]
            series.append(open_[number.style])
        else:
            open_.pop(number.style, None)

    def titled(i: int) -> bool:
        number = numbers[i]
        if number is None:
            return False
        rest = rows[i][1][number.end :]
        if rest.find("。") == len(rest) - 1 and i + 1 < len(rows):
            below = numbers[i + 1]
            noted = compiled("documents", "{duty-labels}[：:]").match(rows[i + 1][1])
            if not noted and (below is None or below.style != number.style):
                rest += "…"  # what the title is about stands on the next lines
        return _title_end(rest, numbered=True, in_series=True) > 0

    return {i for items in series if len(items) >= 3 and all(map(titled, items)) for i in items}


def _item_among_items(rows: list[tuple[int, str]], numbers: list[Number | None], i: int, rest: str) -> bool:
    """Whether an unclosed numbered line reads as a sentence among numbered sentences: it lost its full stop."""
    if len(rest) < 25 or not re.search("[，,：:]", rest):
        return False
    number = numbers[i]
    assert number is not None
    for k in (i - 1, i + 1):
        other = numbers[k] if 0 <= k < len(rows) else None
        if other is None or other.values[:-1] != number.values[:-1] or abs(other.values[-1] - number.values[-1]) != 1:
            continue
        item = rows[k][1][other.end :]
        if re.search("[。；;]$", item) or len(item) > _MAX_HEADING:
            return True
    return False


def _caption(line: str) -> bool:
    title = bare(line)
    return 2 <= len(title) <= _MAX_HEADING and not re.search("[，。；：:<|]", title) and number_of(line) is None


@cache
def _annex_heading() -> re.Pattern[str]:
    number = rf"{spaced('annexes')}\s*[\d一二三四五六七八九十]{{0,2}}"
    return re.compile(rf"(?:#{{1,6}}\s*)?({number})\s*[:：]?\s*([^，。；]{{0,40}})")


def _annex(line: str, start: int, annexes: str) -> _Heading | None:
    """`附件 4`, or a line that the list of annexes names."""
    match = _annex_heading().fullmatch(line)
    title = bare(line)
    if match:
        return _Heading(match[1], "annex", (), match[2], start, start + len(line), False)
    if len(title) >= 4 and title in annexes and number_of(line) is None:
        return _Heading("", "annex", (), title, start, start + len(line), False)
    return None


def _dotless_heading(rest: str) -> bool:
    return (
        len(rest) <= _MAX_HEADING and not _END.search(rest) or _title_end(rest, numbered=True) > 0 or "：" in rest[:25]
    )


def _heading(
    number: Number | None, rest: str, start: int, begin: int, marked: bool, following: str, in_series: bool
) -> _Heading | None:
    line_end = start + begin + len(rest)
    style, text, values = (
        (number.style, number.text, number.values) if number else ("mark" if marked else "bare", "", ())
    )
    if style == "article":
        # 第三条 has no title: its heading is empty and the text begins at once.
        return _Heading(text, style, values, "", start, start + begin, True)
    end = _title_end(rest, numbered=number is not None, in_series=in_series)
    if end:
        return _Heading(text, style, values, rest[:end].rstrip(), start, start + begin + _after(rest, end), True)
    if number is None:
        return _unnumbered(rest, start, line_end, marked, following)
    sentence = _SENTENCE_END.search(rest)
    if in_series and sentence is not None and sentence.end() == len(rest):
        return _Heading(text, style, values, rest.rstrip("。；;"), start, line_end, False)
    if sentence is None and not _END.search(rest) and len(rest) <= _MAX_HEADING:
        if _duty_label().search(rest):
            return None
        if style in ("bracket", "circled", "letter") and not (_nominal(rest, following) or _is_group(rest, following)):
            return None
        return _Heading(text, style, values, rest.rstrip(" ：:"), start, line_end, False)
    if (
        sentence is not None
        and sentence.end() == len(rest)
        and style in ("chinese", "chinese_bracket", "arabic", "dotless")
        and len(rest) <= _MAX_HEADING
        and _opens_child(style, rest, following)
    ):
        # A closed sentence that paragraphs of a lower level follow: (一)深入实施…提质年,…。 then 1.加大…
        return _Heading(text, style, values, rest.rstrip("。；;"), start, line_end, False)
    return None


def _opens_child(style: str, rest: str, following: str) -> bool:
    """Whether the next paragraph stands below one of `style`: numbered otherwise, opening with a title, or, below a
    short title (`（一）取得的成效。`), text without a number."""
    below = number_of(following)
    if below is not None:
        inner, outer = ("arabic" if s == "dotless" else s for s in (below.style, style))
        return inner in _ORDER and outer in _ORDER and _ORDER.index(inner) > _ORDER.index(outer)
    if _title_end(following, numbered=False) > 0:
        return True
    title = rest.rstrip("。；;")
    return (
        compiled("documents", "{duty-labels}[：:]").match(following) is None
        and len(title) <= _MAX_RUN_IN
        and not re.search("[，,]", title)
        and not _no_title().search(title)
        and not _agent().match(title)
        and len(following) > len(rest)
        and re.search("[。；]", following) is not None
    )


def _is_group(rest: str, following: str) -> bool:
    """Whether a short line is the name of a working group, whose lead or members the next line gives."""
    named = compiled("documents", rf"[{_HAN}、]{{2,20}}{{agents/group-ends}}").fullmatch(rest)
    return named is not None and compiled("documents", "{duty-labels}[：:]|由").match(following) is not None


def _nominal(rest: str, following: str) -> bool:
    """Whether a short unclosed line with a low number is a heading: a paragraph of text follows it."""
    return (
        len(rest) <= 25
        and "，" not in rest
        and bool(following)
        and number_of(following) is None
        and len(following) > len(rest)
    )


def _group_with_field() -> re.Pattern[str]:
    """`第一小组（气象水情）` on a line of its own."""
    return compiled("documents", rf"[{_HAN}]{{2,12}}{{agents/group-ends}}[（(][{_HAN}、]{{2,16}}[)）]")


def _unnumbered(rest: str, start: int, line_end: int, marked: bool, following: str) -> _Heading | None:
    if _group_with_field().fullmatch(rest) and following:
        return _Heading("", "bare", (), re.sub("[（(].*", "", rest), start, line_end, False)
    if _END.search(rest) or _SENTENCE_END.search(rest) or re.search(r"[）)》】]$", rest) and not marked:
        return None
    if marked:
        return (
            _Heading("", "mark", (), rest.rstrip("：:"), start, line_end, False) if len(rest) <= _MAX_HEADING else None
        )
    if rest[-1] in "：:" or len(rest) > _MAX_BARE or "，" in rest or "," in rest or "：" in rest or not following:
        return None
    if not re.fullmatch(rf"[{_HAN}“”、和与及\s]+", rest) or _name_end().search(rest):
        return None
    below = number_of(following)
    if below is None and not (len(following) > 2 * len(rest) and re.search("[，。；,;：]", following)):
        return None
    return _Heading("", "bare", (), rest, start, line_end, False)


def _title_end(rest: str, *, numbered: bool, in_series: bool = False) -> int:
    """Where a run-in title ends (before its mark), 0 where the text opens with none.

    In a series of items that may all open with one, a title may have two halves of any kind.

    >>> _title_end("压实各方责任。组织制定市级清单。", numbered=True)
    6
    """
    longest = _MAX_RUN_IN if numbered else _MAX_BARE_RUN_IN
    match = re.match(rf"([^。；;：:\n]{{2,{longest}}})。(?=\s*[^\s）)])", rest)
    if match is None:
        return 0
    title = match[1]
    if _no_title().search(title) or not re.match(rf"[“”ⅠⅡⅢⅣ{_HAN}]", title):
        return 0
    if _agent().match(title) and not _unit_alone().fullmatch(title):
        return 0
    if not numbered and _no_bare_title().search(title):
        return 0
    commas = title.count("，") + title.count(",")
    if commas > 1:
        return 0
    if commas == 1 and not in_series and not (numbered and (_parallel(title) or _achieved().search(title))):
        return 0
    after = rest[match.end() :].lstrip()
    if _duty_note().match(after):
        return 0  # what follows is a note on the sentence
    below = number_of(after)
    if below is not None and below.style not in ("dotless", "letter"):
        return 0
    return match.end() - 1


def _achieved() -> re.Pattern[str]:
    """A title that ends with what has become of something: `理顺机制，统筹能力不断增强`."""
    return compiled("documents", "(?:{steadily}{grown}|{state-reached})$")


def _parallel(title: str) -> bool:
    """`靠前指挥,周密部署`: two halves of about the same length."""
    one, other = re.split("[，,]", title)
    if re.search(r"每[年季月周日半]|\d", title):
        return False  # 每季度组织一次会商 tells what is done
    return abs(len(one) - len(other)) <= (6 if "、" in one and "、" in other else 2)


def _after(rest: str, end: int) -> int:
    end += 1
    while end < len(rest) and rest[end].isspace():
        end += 1
    return end


_POINT = re.compile(
    r"(?<=[。；;：:）)])\s*(?=第?[一二三四五六七八九十]{1,2}[是要]|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[.．、](?!\d))"
)


def _inside(line: str, start: int, begin: int, following: str) -> Iterator[_Heading]:
    """Run-in titles inside a paragraph, each after a number or 一是."""
    points = [m.end() for m in _POINT.finditer(line, begin)]
    if begin < len(line) and enumerator_of(line, begin) and begin not in points:
        points.insert(0, begin)
    items: list[tuple[re.Match[str] | None, Number | None, int, int, str]] = []
    for point, stop in zip(points, [*points[1:], len(line)], strict=False):
        word = enumerator_of(line, point)
        number = None if word else number_of(line, point)
        at = word.end() if word else number.end if number else -1
        if at < 0:
            continue
        rest = line[at:stop]
        if stop == len(line) and len(items) >= 2 and rest.find("。") == len(rest) - 1 and number_of(following) is None:
            rest += following  # the layout broke the line behind the last title
        items.append((word, number, point, at, rest))
    in_series = len(items) >= 3 and all(_title_end(rest, numbered=True, in_series=True) for *_, rest in items)
    for word, number, point, at, rest in items:
        end = _title_end(rest, numbered=True, in_series=in_series)
        if not end:
            continue
        body = min(start + at + _after(rest, end), start + len(line))
        heading = line[at : at + end]
        if word:
            yield _Heading(word[0].rstrip(",，:："), "enumerator", (), heading, start + point, body, True)
        elif number:
            yield _Heading(number.text, number.style, number.values, heading, start + point, body, True)


_ORDER = ("chapter", "clause", "article", "chinese", "chinese_bracket", "arabic", "bracket", "circled", "letter")
"""From the outside in, where a text does not show otherwise."""
_LOOSE = ("bare", "run_in", "enumerator")
"""Without a number: any numbered heading can close them."""


def _tree(found: list[_Heading], length: int) -> tuple[Section, ...]:
    """Levels and parents. A style seen for the first time nests below the open section; one seen before goes back to
    its place; a decimal number stands as deep as it has parts; an unnumbered heading below the numbered one around it.
    """
    result: list[Section] = []
    open_: list[tuple[str, int]] = []  # style and index of the sections that are open, outermost first
    above: set[tuple[str, str]] = set()  # (outer, inner): styles seen nested so
    for i, heading in enumerate(found):
        style = _family(found, i)
        depth = _depth(style, [s for s, _ in open_], above)
        del open_[depth:]
        if style == "annex":
            above = set()  # an annex is numbered for itself
        above |= {(outer, style) for outer, _ in open_}
        parent = open_[-1][1] if open_ else -1
        open_.append((style, i))
        result.append(
            Section(
                heading.number, heading.heading, depth + 1, heading.start, heading.body, length, parent, heading.run_in
            )
        )
    # A section ends where the next one of its level or above begins.
    ends = [length] * len(result)
    stack: list[int] = []
    for i, section in enumerate(result):
        while stack and result[stack[-1]].level >= section.level:
            ends[stack.pop()] = section.start
        stack.append(i)
    return tuple(
        Section(s.number, s.heading, s.level, s.start, s.body, end, s.parent, s.run_in)
        for s, end in zip(result, ends, strict=True)
    )


def _family(found: list[_Heading], i: int) -> str:
    """Styles that stand for one another: `10筑牢` among `9.` and `11.`; a title without a number before `2.`."""
    heading = found[i]
    if heading.style == "dotless":
        return "arabic"
    if heading.style in ("bare", "mark"):
        for after in found[i + 1 : i + 12]:
            if after.style == "enumerator":
                continue
            if after.style in _ORDER and after.run_in == heading.run_in and after.values == (2,):
                return after.style
            break
        return "run_in" if heading.run_in else "bare"
    return heading.style


def _depth(style: str, styles: list[str], above: set[tuple[str, str]]) -> int:
    """How many of the open styles stay open around a heading of `style`."""
    if style == "annex" or style == "chapter":
        return 0
    if style in styles:
        return styles.index(style)
    kept = list(styles)
    if style.startswith("decimal"):
        # 1.2.3 lies below 1.2, which lies below 1; where those are missing, below what is there.
        parts = int(style[7:])
        for outer in [*(f"decimal{n}" for n in range(parts - 1, 1, -1)), "arabic"]:
            if outer in kept:
                return kept.index(outer) + 1
        while kept and (kept[-1].startswith("decimal") or kept[-1] in ("bracket", "circled", "letter", *_LOOSE)):
            kept.pop()
        return len(kept)
    if style in _LOOSE:
        while (
            kept
            and _LOOSE.index(style) < len(_LOOSE)
            and kept[-1] in _LOOSE
            and _LOOSE.index(kept[-1]) > _LOOSE.index(style)
        ):
            kept.pop()
        return len(kept)
    while kept:
        last = kept[-1]
        closes = last in ("run_in", "enumerator") or (
            last == "bare" and style in ("clause", "article", "chinese", "arabic")
        )
        if closes or (style, last) in above:
            kept.pop()
        elif last in _ORDER and style in _ORDER[:4] and _ORDER.index(last) > _ORDER.index(style):
            kept.pop()
        else:
            break
    return len(kept)
