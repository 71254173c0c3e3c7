"""Targets: what is to be reached, with a number that the text prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.ontology.lexicon import pattern

_NUMBER = r"(?P<value>\d+(?:[,，]\d{3})*(?:\.\d+)?|(?<=\$)\s*\d(?:\s\d)+(?:\s?\.(?:\s?\d)+)?)"
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_SPACE = r"\s*"
_CLAUSE = re.compile(r"[^，,；;。：:]+")
_COUNTED = re.compile(r"[\d每]")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》")


@dataclass(frozen=True, slots=True)
class TargetWords:
    """A target in a sentence; [start, end) are the measure and its value."""

    start: int
    end: int
    measure: str
    comparator: str  # = >= <= + -
    value: float | int
    unit: str


@cache
def _rate() -> re.Pattern[str]:
    """A number with a unit of proportion and the words of comparison around it."""
    return re.compile(
        rf"(?P<down>{pattern('expressions', 'comparator-down')})?(?P<up>{pattern('expressions', 'comparator-up')})?"
        rf"(?P<least>{pattern('expressions', 'comparator-at-least')})?(?P<most>{pattern('expressions', 'comparator-at-most')})?"
        rf"(?P<reach>{pattern('expressions', 'comparator-reach')})*"
        rf"(?(least)(?:[^，,。；;、\d]{{1,10}}的)?)\s*\$?{_SPACE}{_NUMBER}\s*\\?(?P<unit>{pattern('expressions', 'units-rate')})\s*\$?"
        rf"(?P<above>(?:及|或)?以上)?(?P<below>(?:及|或)?以[内下])?"
    )


@cache
def _count() -> re.Pattern[str]:
    """A number with a unit of counting and the words of comparison around it."""
    return re.compile(
        rf"(?P<change>增加|提高|减少|下降|降低)?"
        rf"(?P<least>{pattern('expressions', 'comparator-at-least')})?(?P<most>{pattern('expressions', 'comparator-at-most')})?"
        rf"(?<![\d.第“\-—–])\s*{_NUMBER}\s*(?P<rest>余)?(?P<unit>[万亿]?{pattern('expressions', 'units-count')})"
        rf"(?P<above>(?:及|或)?以上)?(?P<below>(?:及|或)?以[内下])?"
    )


@cache
def _frequency() -> re.Pattern[str]:
    return re.compile(
        r"每\s*(?:年|季度?|个?月|半年|周|两年|三年|2年|3年)度?[^，,。；;]{0,14}?"
        rf"(?P<least>{pattern('expressions', 'comparator-at-least')})?(?P<doing>组织|开展|举行|举办|进行)*"
        r"(?P<value>\d+|[一二两三四五六])\s*(?P<range>(?:至|到|—|-|～|~)\s*(?:\d+|[一二两三四五六]))?\s*(?P<unit>次|轮|场|期)(?P<above>以上)?"
    )


@cache
def _verbs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(pattern("expressions", "count-verbs")),
        re.compile(pattern("expressions", "count-verbs-at-front")),
    )


@cache
def _conditions() -> re.Pattern[str]:
    return re.compile(pattern("expressions", "count-conditions"))


@cache
def _leading_words() -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern('expressions', 'target-aims')}|全[市省区县国]|[^，]{{0,4}}领域的?)+")


def _measure(text: str, start: int, stop: int) -> tuple[int, str]:
    """The words for what is measured: from the front of the clause, without aims in front."""
    front = start
    aims = _leading_words().match(text, start, stop)
    if aims is None:
        aims = re.compile("控制|降低|减少|提升|提高").match(text, start, stop)
    if aims:
        front = aims.end()
    words = text[front:stop].strip(" 、和及的")
    return (front, words) if words else (start, text[start:stop].strip())


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
    for clause in _CLAUSE.finditer(plain):
        if not _COUNTED.search(plain, clause.start(), clause.end()):
            continue
        yield from sorted(_in_clause(text, plain, clause.start(), clause.end()), key=lambda target: target.end)


def _in_clause(text: str, plain: str, start: int, end: int) -> Iterator[TargetWords]:
    begin = start
    for found in _rate().finditer(plain, start, end):
        if found.group("unit") == "倍" and not (found.group("up") or found.group("reach")):
            continue
        stop = found.start()
        comparator = _comparator(found, text[found.start() : found.start("value")])
        before = text[max(begin, stop - 12) : stop]
        bare = comparator == "=" and not found.group("reach") and not found.group("up")
        if (
            bare
            and found.group("value").strip() != "100"
            and not re.search(r"(?:率|比例|占比|比重|量|程度|度)[^\u4e00-\u9fff]*$", before)
        ):
            continue
        front, measure = _measure(text, begin, stop)
        yield TargetWords(
            front,
            found.end(),
            measure,
            comparator,
            _value(found.group("value")),
            found.group("unit").replace("％", "%"),
        )
        begin = found.end()
    frequency = _frequency().search(plain, start, end)
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
    for found in _count().finditer(plain, start, end):
        between = plain[begin : found.start()] if begin > start else ""
        goes_on = counted and re.match(r"[^，,]{0,16}(?:、|和|及|与)[^，,]{0,16}$|[、和及与]", between) is not None
        opens = start > 0 and not plain[start : found.start()].strip() and _ends_in_count(plain, start)
        if not _is_counted(plain, start, end, found, listed=goes_on or opens):
            continue
        counted = True
        front, measure = _measure(text, begin, end)
        yield TargetWords(
            front,
            found.end(),
            measure,
            _count_comparator(plain, start, found),
            _value(found.group("value")),
            found.group("unit"),
        )
        begin = found.end()


def _ends_in_count(plain: str, start: int) -> bool:
    """Whether the clause before counts something too: 每年完成2次培训,1次演练."""
    return re.search(r"完成\s*\d[^，,]*[，,]$", plain[max(0, start - 40) : start]) is not None


def _count_comparator(plain: str, start: int, found: re.Match[str]) -> str:
    if found.group("change"):
        return "+" if found.group("change") in ("增加", "提高") else "-"
    if found.group("least") or found.group("above"):
        return ">="
    if re.search(
        rf"{pattern('expressions', 'comparator-at-least')}[\u4e00-\u9fff]{{2,4}}$", plain[start : found.start()]
    ):
        return ">="
    return "<=" if found.group("most") or found.group("below") else "="


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
        return False
    if re.search(r"[（(]\s*$", plain[start : found.start()]) and re.match(r"\s*[)）]", after):
        return False
    if found.group("unit") in ("小时", "分钟") and (found.group("least") or found.group("most")):
        return re.search(r"(?:时间|时长|时限)$", plain[start : found.start()].rstrip()) is not None
    if found.group("unit") in ("小时", "分钟", "天", "日", "个月", "起", "例") or after.startswith(
        ("级", "以", "年", "性", "工作日", "月", "小时", "自然日", "百分点")
    ):
        return False
    if listed or (found.group("least") and not re.search(r"(?:的|时|后)$", plain[start:end].strip())):
        return True
    before = plain[start : found.start()]
    strong, front = _verbs()
    verb = next(reversed(list(strong.finditer(before))), None)
    if verb is None:
        for candidate in front.finditer(before):
            gap = len(before) - candidate.end()
            if gap <= 2 or (candidate.start() <= 6 and gap <= 10):
                verb = candidate
    if verb is None:
        opened = re.match(r"\s*[对为给向与]", before) and re.search(r"开展|实施|进行|配备|配置|安装|发放|签订", after)
        tasked = not before.strip() and re.search(r"(?:建设|整治|改造|提升)任务$", after.strip())
        return bool(opened or tasked)
    between = before[verb.end() :]
    return not _conditions().search(between) and not re.match(r"[了过]", between)
