"""Targets: what is to be reached, with a number that the text prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from kg.ontology.lexicon import beginning, compiled, words

_NUMBER = r"(?P<value>\d+(?:[,，]\d{3})*(?:\.\d+)?|(?<=\$)\s*\d(?:\s\d)+(?:\s?\.(?:\s?\d)+)?)"
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_CLAUSE = re.compile(r"[^，,；;。：:]+")
_COUNTED = r"[\d每]|[一二两三四五六]{units-of-occasions}"
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》")


@dataclass(slots=True)
class TargetWords:
    """A target in a sentence; [start, end) are the measure and its value."""

    start: int
    end: int
    measure: str
    comparator: str  # = >= <= + -
    value: float | int
    unit: str


_BOUNDS = "(?P<above>{or-more})?(?P<below>{or-less})?"
_RATE = (
    "(?P<down>{comparator-down})?(?P<up>{comparator-up})?(?P<least>{comparator-at-least})?(?P<most>{comparator-at-most})?"
    r"(?P<reach>{comparator-reach})*(?(least)(?P<of>[^，,。；;、\d]{1,10}的|[\u4e00-\u9fff]{1,4})?)"
    rf"\s*\$?\s*{_NUMBER}\s*\\?(?P<unit>{{units-rate}})\s*\$?{_BOUNDS}"
)
"""A number with a unit of proportion and the words of comparison around it."""
_COUNT = (
    "(?P<change>(?P<rise>{rising})|{falling})?(?P<least>{comparator-at-least})?(?P<most>{comparator-at-most})?"
    rf"(?<![\d.第“\-—–])\s*{_NUMBER}\s*(?P<rest>余)?(?P<unit>[万亿]?{{units-count}}){_BOUNDS}"
)
"""A number with a unit of counting and the words of comparison around it."""
_FREQUENCY = (
    r"每\s*(?P<cycle>{cycles})度?[^，,。；;]{0,14}?(?:(?P<least>{comparator-at-least})[\u4e00-\u9fff]{0,2})?(?P<doing>{holding})*"
    r"(?P<value>\d+|[一二两三四五六])\s*(?P<range>[至到—\-～~]\s*(?:\d+|[一二两三四五六]))?\s*"
    "(?P<unit>{units-of-occasions})(?P<above>{or-more})?"
)


_HELD = r"^[^，,。；;每\d]{0,12}?{holding}(?P<value>[一二两三四五六])(?P<unit>{units-of-occasions})(?=[\u4e00-\u9fff])"
"""An event to be held so many times: `组织一次夜间演练`."""


_pattern = partial(compiled, "expressions")
"""A pattern with words of `kg/ontology/expressions.ttl`."""


@cache
def _count() -> re.Pattern[str]:
    fronts = words("expressions", "rising", "falling", "comparator-at-least", "comparator-at-most")
    return re.compile(beginning(fronts, also=r"\s\d") + _pattern(_COUNT).pattern)


def _measure(text: str, start: int, stop: int) -> tuple[int, str]:
    """The words for what is measured: from the front of the clause, without aims in front."""
    front = start
    aims = _pattern("(?:{target-aims}|全[市省区县国]|[^，]{0,4}领域的?)+").match(text, start, stop)
    if aims is None:
        aims = _pattern("{changing}").match(text, start, stop)
    if aims:
        front = aims.end()
    measured = text[front:stop].strip(" 、和及的")
    return (front, measured) if measured else (start, text[start:stop].strip())


def _value(digits: str) -> float | int:
    digits = re.sub(r"[,，\s]", "", digits)
    return float(digits) if "." in digits else int(digits)


def _masked(text: str) -> str:
    """The text with what stands in quotation marks blanked, so that `“1833”体系` gives no number."""
    return _QUOTED.sub(lambda found: "“" + " " * (len(found.group()) - 2) + "”", text)


def find_targets(text: str) -> Iterator[TargetWords]:
    """The targets that a sentence states.

    >>> [(t.comparator, t.value, t.unit) for t in find_targets("培育1支救援队伍,达标率60%以上,死亡率下降24%")]
    [('=', 1, '支'), ('>=', 60, '%'), ('-', 24, '%')]
    """
    plain = _masked(text)
    counted = _pattern(_COUNTED)
    if not counted.search(plain):
        return
    for clause in _CLAUSE.finditer(plain):
        if not counted.search(plain, clause.start(), clause.end()):
            continue
        yield from sorted(_in_clause(text, plain, clause.start(), clause.end()), key=lambda target: target.end)


def _in_clause(text: str, plain: str, start: int, end: int) -> Iterator[TargetWords]:
    begin = start
    last, measure = "", ""
    rated = _pattern("{units-rate}").search(plain, start, end)
    for found in _pattern(_RATE).finditer(plain, start, end) if rated else ():
        if found.group("unit") == "倍" and not (found.group("up") or found.group("reach")):
            continue
        stop = found.start()
        comparator = _comparator(found, text[found.start() : found.start("value")])
        before = text[max(begin, stop - 12) : stop]
        goes_on = begin > start and bool(last) and before.strip() in ("、", "和")
        if goes_on and (comparator == "=" or (found.group("above") and last in "+-")):  # 分别下降5%、8%以上
            comparator = last
        if comparator == "=" and not found.group("reach") and _pattern("{comparator-down}").match(text, begin, stop):
            comparator = "-"
        bare = comparator == "=" and not found.group("reach") and not found.group("up")
        if (
            bare
            and found.group("value").strip() != "100"
            and not _pattern(r"{heads-of-a-rate}[^\u4e00-\u9fff]*$").search(before)
        ):
            continue
        front, words_before = _measure(text, begin, stop)
        if found.group("of") and words_before.endswith(words("expressions", "by-a-share")):  # 按不低于产值3%的比例
            words_before = found.group("of").removesuffix("的")
        measure = measure if goes_on else words_before
        yield TargetWords(
            front,
            found.end(),
            measure,
            comparator,
            _value(found.group("value")),
            found.group("unit").replace("％", "%"),
        )
        begin = found.end()
        last = comparator
    frequency = _pattern(_FREQUENCY).search(plain, start, end)
    if frequency and _is_rhythm(frequency):
        return
    held = None if frequency else _pattern(_HELD).search(plain[start:end])
    if held:
        value = _CHINESE[held.group("value")]
        yield TargetWords(start, start + held.end(), text[start:end].strip(), "=", value, held.group("unit"))
        return
    if frequency:
        digits = frequency.group("value")
        open_ended = any(frequency.group(name) for name in ("least", "range", "above"))
        value = _CHINESE[digits] if digits in _CHINESE else int(digits)
        yield TargetWords(
            frequency.start(),
            frequency.end(),
            text[start:end].strip(),
            ">=" if open_ended else "=",
            value,
            frequency.group("unit"),
        )
        return
    begin = start
    counted = False
    last = ""
    for found in _count().finditer(plain, start, end):
        between = plain[begin : found.start()] if begin > start else ""
        goes_on = counted and re.match(r"[^，,]{0,16}[、和及与][^，,]{0,16}$|[、和及与]", between) is not None
        opens = start > 0 and not plain[start : found.start()].strip() and _ends_in_count(plain, start)
        if not _is_counted(plain, start, end, found, listed=goes_on or opens):
            continue
        comparator = _count_comparator(plain, start, found)
        carried = last and comparator == "=" and goes_on and "、" in between
        if carried:
            comparator = last  # 至少配备1部卫星电话、1台手摇报警器
        counted, last = True, comparator if carried or _led_by_least(plain, start, found) else ""
        front, measure = _measure(text, begin, end)
        yield TargetWords(
            front,
            found.end(),
            measure,
            comparator,
            _value(found.group("value")),
            found.group("unit"),
        )
        begin = found.end()


def _is_rhythm(frequency: re.Match[str]) -> bool:
    """Whether a frequency only says how often, without a number to be reached: 每月排查一次."""
    bare = frequency.group("value") in _CHINESE and not any(
        frequency.group(name) for name in ("least", "range", "above")
    )
    return bare and frequency.group("cycle") in words("expressions", "short-cycles")


def _ends_in_count(plain: str, start: int) -> bool:
    """Whether the clause before counts something too: 每年完成2次培训,1次演练."""
    return re.search(r"完成\s*\d[^，,]*[，,]$", plain[max(0, start - 40) : start]) is not None


def _count_comparator(plain: str, start: int, found: re.Match[str]) -> str:
    if found.group("change"):
        return "+" if found.group("rise") else "-"
    if found.group("least") or found.group("above"):
        return ">="
    if _led_by_least(plain, start, found):
        return ">="
    return "<=" if found.group("most") or found.group("below") else "="


def _led_by_least(plain: str, start: int, found: re.Match[str]) -> bool:
    """Whether the verb before a count is one of at least so much: 至少配备."""
    return _pattern(r"{comparator-at-least}[\u4e00-\u9fff]{1,4}$").search(plain, start, found.start()) is not None


def _comparator(found: re.Match[str], words: str) -> str:
    to = re.search(r"[至到]", words) is not None
    if found.group("down") and not to:
        return "-"
    if found.group("up") and not to:
        return "+"
    if found.group("least") or found.group("above"):
        return ">="
    if found.group("most") or found.group("below") or found.group("down"):
        return "<="
    return "="


def _is_counted(plain: str, start: int, end: int, found: re.Match[str], *, listed: bool) -> bool:
    """Whether a count is something to build or do, not a condition, a duration or a part of a name."""
    after = plain[found.end() : end]
    if (found.group("above") or found.group("below")) and re.match(r"\s*[\u4e00-\u9fff]", after):
        return _pattern(r"{count-verbs}\s*$").search(plain[start : found.start()]) is not None
    if re.search(r"[（(]\s*$", plain[start : found.start()]) and re.match(r"\s*[)）]", after):
        return False
    unit = found.group("unit")
    if unit in words("expressions", "units-of-hours") and (found.group("least") or found.group("most")):
        return _pattern("{lengths-of-time}$").search(plain[start : found.start()].rstrip()) is not None
    if found.group("least") and _pattern("{counted-events}").search(plain, start, found.start()):
        return True
    if (
        found.group("most")
        and not after.strip()
        and _pattern("{aims-of-an-overview}").search(plain, start, found.end())
    ):
        return True
    if unit in words("expressions", "units-of-hours", "units-of-no-target") or _pattern("{after-no-target}").match(
        after
    ):
        return False
    every = _pattern(r"^[对为给]?每.*{comparator-at-least}[\u4e00-\u9fff]{1,2}$").search(plain[start : found.start()])
    if listed or every or (found.group("least") and not re.search("[的时后]$", plain[start:end].strip())):
        return True
    before = plain[start : found.start()]
    verb = next(reversed(list(_pattern("{count-verbs}").finditer(before))), None)
    if verb is None:
        for candidate in _pattern("{count-verbs-at-front}").finditer(before):
            gap = len(before) - candidate.end()
            if gap <= 2 or (candidate.start() <= 6 and gap <= 10):
                verb = candidate
    if verb is None:
        opened = re.match(r"\s*(?:[^，]{0,8}[内前底年])?[对为给向与将]", before) and _pattern("{done-for-each}").search(
            after
        )
        tasked = not before.strip() and _pattern("{works}任务$").search(after.strip())
        return bool(opened or tasked)
    between = before[verb.end() :]
    return not _pattern("{count-conditions}").search(between) and not _pattern("{count-verbs:notBefore}").match(between)
