"""Deadlines: the words that say by when, and the last day they mean where the calendar gives one."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from kg.ontology.lexicon import beginning, compiled, words

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九十")} | {"零": 0, "两": 2}


@dataclass(slots=True)
class DeadlineWords:
    """Words that give a deadline: [start, end) in the text given, the last day meant (ISO) or None."""

    start: int
    end: int
    text: str
    date: str | None


_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_PART = (
    rf"{_NUMBER}\s*月(?:\s*{_NUMBER}\s*日|[份底末初]|[上中下]{{1,2}}旬)?|第?[一二三四1-4]季度末?"
    "|{first-half+second-half+ends-of-a-year}"
)
_EXPRESSION = (
    r"(?P<season>(?:(?:19|20)\d{2}\s*年|{this-year+that-year+next-year})?{seasons-of-a-year}?{deadline-seasons}{turns-of-a-season}?){before}"
    r"|(?P<lead>{up-to-a-date+as-of})?(?P<year>(?:19|20)\d{2}\s*年|{this-year+that-year+next-year})"
    rf"(?P<part>{_PART}|[底末])?{{before+up-to}}?"
    rf"|(?P<lead2>{{up-to-a-date}})?(?P<part2>{_PART}){{before+up-to}}?"
    r"|(?P<amount>\d+(?:\.\d+)?|[一二三四五六七八九十两半]{1,3})\s*(?P<unit>{deadline-units})\s*{within}"
)
"""In the order in which the kinds are tried: before a season, of a year, of a part of the year alone, within a time."""
_LEADS = ("up-to-a-date", "as-of")
_SPANS = (
    "this-year",
    "that-year",
    "next-year",
    "first-half",
    "second-half",
    "ends-of-a-year",
    "deadline-seasons",
    "seasons-of-a-year",
)


_pattern = partial(compiled, "expressions")
"""A pattern with words of `kg/ontology/expressions.ttl`."""


@cache
def _expression() -> re.Pattern[str]:
    begins = beginning(words("expressions", *_LEADS, *_SPANS), also=r"\d一二三四五六七八九十两半第")
    return re.compile(f"{begins}(?:{_pattern(_EXPRESSION).pattern})")


def _is(concept: str, text: str) -> bool:
    """Whether a text is a word of the concept."""
    return text in words("expressions", concept)


def find_deadlines(text: str, year: int | None) -> Iterator[DeadlineWords]:
    """The deadlines that a sentence states, in order.

    A bare date counts only with a word that makes it a limit (`前`, `底`, `内`, `到2025年`); frequencies (`每年10月`; not the
    limit in `每年4月底前`), past dates and conditions (`灾情稳定前`) do not.

    Args:
        text: one sentence.
        year: the year that `6月底前` belongs to; None where the plan does not say.

    >>> [(d.text, d.date) for d in find_deadlines("汛期前完成检查,6月底前整改到位", 2024)]
    [('汛期前', None), ('6月底前', '2024-06-30')]
    """
    for found in _expression().finditer(text):
        words_ = found.group()
        if found.group("season"):
            if _named_after(text, found.start(), found.end()):
                continue
            yield DeadlineWords(found.start(), found.end(), words_, None)
            continue
        if found.group("amount"):
            if not _recurs(text, found.start()):
                yield DeadlineWords(found.start(), found.end(), words_, None)
            continue
        part = found.group("part") or found.group("part2") or ""
        part = re.sub(r"\s", "", part)
        lead = found.group("lead") or found.group("lead2") or ""
        limited = (
            bool(re.search("[前内止]$", words_))
            or part in ("底", "末")
            or _is("ends-of-a-year", part)
            or part.endswith(("月底", "月末"))
        )
        own = found.group("year") or ""
        promised = _is("this-year", own) and not part and _promises(text, found.start())
        if not (limited or lead or promised):
            continue
        if lead and not own and not limited:
            continue
        if lead and not words_.endswith("前") and _RANGE.search(text, 0, found.start()):
            continue  # 9月|至次年3月
        if lead and not limited and text[: found.start()].rstrip().endswith("起"):
            continue  # 10月1日起|至次年5月31日
        if _recurs(text, found.start()):
            if limited and not own and _each_year(text, found.start()):
                yield DeadlineWords(found.start(), found.end(), words_, None)  # 每年|4月底前: of no one year
            continue
        begin = found.start() + (len(lead) if words_.endswith("前") else 0)  # 到|2025年底前
        yield DeadlineWords(begin, found.end(), text[begin : found.end()], _last_day(own, part, words_, year))


_RANGE = re.compile(r"[年月日季旬]\s*$")


def _named_after(text: str, start: int, end: int) -> bool:
    """Whether a season only names what is done: 开展汛前检查."""
    return (
        _pattern("(?:安全)?大?{works-of-a-season}").match(text, end) is not None
        and start > 0
        and re.match(r"[\u4e00-\u9fff]", text[start - 1]) is not None
        and not text[:start].endswith("在")
    )


def _recurs(text: str, start: int) -> bool:
    """Whether what stands before makes it a frequency: 每年10月, 每日11时前."""
    return _pattern(r"每{recurring-spans}?度?\s*$").search(text, max(0, start - 5), start) is not None


def _each_year(text: str, start: int) -> bool:
    return re.search(r"每年度?\s*$", text[max(0, start - 4) : start]) is not None


def _promises(text: str, start: int) -> bool:
    """Whether `今年` limits a result: 确保今年基本符合要求."""
    return _pattern(r"{target-aims}\s*$").search(text, 0, start) is not None


def _number(words_: str) -> int:
    if words_.isdigit():
        return int(words_)
    if "十" in words_:
        tens, _, ones = words_.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[words_]


def _last_day(own: str, part: str, whole: str, plan_year: int | None) -> str | None:
    """The last day that the words mean, in ISO form."""
    digits = re.match(r"\s*(\d{4})", own)
    year = int(digits.group(1)) if digits else plan_year
    if year is None:
        return None
    if _is("next-year", own):
        year += 1
    month = re.match(r"(\d{1,2}|[一二三四五六七八九十]{1,3})月(.*)", part)
    if month:
        number, rest = _number(month.group(1)), month.group(2)
        if not 1 <= number <= 12:
            return None
        last = calendar.monthrange(year, number)[1]
        day = re.match(r"(\d{1,2}|[一二三四五六七八九十]{1,3})日", rest)
        if day:
            value = _number(day.group(1))
        elif rest.endswith("旬"):
            value = {"上": 10, "中": 20, "下": last}[rest[-2]]
        elif rest.startswith("初"):
            value = 10
        else:
            value = last
        return date(year, number, value).isoformat() if 1 <= value <= last else None
    quarter = re.match(r"第?([一二三四1-4])季度", part)
    if quarter:
        number = 3 * _number(quarter.group(1))
        return date(year, number, calendar.monthrange(year, number)[1]).isoformat()
    if _is("first-half", part):
        return f"{year}-06-30"
    if part or own:
        # `2025年前` ends before that year begins; `2025年底前`, `今年`, `到2025年` end with it.
        if not part and whole.endswith("前"):
            return f"{year - 1}-12-31" if digits else None
        return f"{year}-12-31"
    return None
