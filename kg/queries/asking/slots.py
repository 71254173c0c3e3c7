"""What stands in the slots of a question: plans, units, hazards, kinds of resources, levels, dates, topics."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries.asking.patterns import words
from kg.queries.response_levels import read_level
from kg.queries.units import find_units

if TYPE_CHECKING:
    import pandas

    from kg.graph import Graph

__all__ = ["NotMeant", "Reader"]

_YEAR = r"(?:19|20)\d\d"
_LATIN = re.compile(r"[a-z][a-z'-]*")
_LONGEST_TOPIC = 40
_SHORTEST_TITLE = 3


class NotMeant(Exception):
    """What stands in a slot is not what the pattern asks for."""


@dataclass(slots=True)
class Reader:
    """Reads slots for one graph."""

    graph: Graph
    plans: pandas.DataFrame = field(init=False)
    names: dict[str, str] = field(init=False)
    slots: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.plans = self.graph.plans()
        self.names = _plan_names(self.plans)
        plan = _plan_pattern(self.names)
        hazard = _any((*_hazards(), *words("englishHazard")))
        label = _any(words("thing"))
        kind = _any(words("resource"))
        self.slots = {
            "plan": plan, "other": plan, "topic": ".+?", "unit": ".+?", "second": ".+?", "third": ".+?", "measure": ".+?",
            "hazard": hazard, "kind": kind, "label": label, "rest": ".+?",
            "level": r"(?:(?:Ⅰ|Ⅱ|Ⅲ|Ⅳ|iv|i{1,3}|[一二三四1-4])级|level (?:Ⅰ|Ⅱ|Ⅲ|Ⅳ|iv|i{1,3}|[1-4]))",
            "date": _DATE, "place": ".+?",
        }  # fmt: skip

    def read(self, found: Mapping[str, str]) -> dict[str, Any]:
        """Values of the slots of a match.

        Raises:
            NotMeant: one of them is no such thing.
            UsageError: a plan is named that several match.
        """
        return {name: self._read(name, text.strip()) for name, text in found.items() if text is not None}

    def _read(self, name: str, text: str) -> Any:
        if name in ("plan", "other"):
            return self._plan(text)
        if name in ("topic", "measure"):
            return self._topic(text)
        if name in ("unit", "second", "third"):
            return self._unit(text)
        if name == "hazard":
            return words("englishHazard").get(text, text)
        if name in ("kind", "label"):
            return words("resource" if name == "kind" else "thing")[text]
        if name == "level":
            return read_level(text.removeprefix("level "))
        return text

    def date(self, text: str, plan: str | None) -> str:
        """A day as ISO date; of a month its last; without a year the plan's.

        Raises:
            UsageError: no year is known.
        """
        iso = re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", text)
        year = int(match[0]) if (match := re.search(_YEAR, text)) else None
        if iso:
            month, day = int(iso[2]), int(iso[3]) if iso[3] else 0
        elif zh := re.search(r"(\d{1,2})月(?:(\d{1,2})[日号])?", text):
            month, day = int(zh[1]), int(zh[2] or 0)
        elif "年底" in text or "年末" in text or "end of the year" in text:
            month, day = 12, 31
        else:
            month = next((number for number, name in enumerate(_MONTHS, 1) if name in text), 12)
            day = 0
        if year is None and plan is not None:
            (start,) = self.plans.loc[self.plans["id"] == plan, "period_start"].dropna().tolist() or (None,)
            year = start
        if year is None or not 1 <= month <= 12:
            raise UsageError(f"which year is meant by {text!r}? name it, or a plan of one year")
        last = calendar.monthrange(year, month)[1]
        return f"{year}-{month:02d}-{min(day or last, last):02d}"

    def _plan(self, text: str) -> str:
        """The id of a plan that a name, with a year and a kind, means."""
        from kg.queries.plans import resolve_plan

        year = re.search(_YEAR, text.removesuffix(".txt")) if not any(text == name for name in self.names) else None
        name = max((one for one in self.names if one in text), key=len, default="")
        kind = next((word for word, means in words("planWord").items() if means and text.endswith(word)), "")
        kind = "" if kind in name else kind
        parts = [self.names.get(name, ""), year[0] if year and year[0] not in name else "", kind]
        described = [part for part in parts if part]
        try:
            return resolve_plan(self.graph.store, " ".join(described))
        except UsageError:
            if not kind or described == [kind]:
                raise
            return resolve_plan(self.graph.store, " ".join(part for part in parts[:2] if part))

    def _unit(self, text: str) -> str:
        for name in (text, text.upper()):
            if (
                len(name) > 1
                and not any(word in name for word in words("notInTopic"))
                and find_units(self.graph.store, name)
            ):
                return name
        raise NotMeant(text)

    def _topic(self, text: str) -> str:
        text = text.strip(" \"'“”「」")
        if not text or len(text) > _LONGEST_TOPIC or any(_stands(word, text) for word in words("notInTopic")):
            raise NotMeant(text)
        return _in_chinese(text)


_MONTHS = tuple(name.casefold() for name in calendar.month_name[1:])
_DATE = (
    rf"(?:{_YEAR}年?)?(?:\d{{1,2}}月(?:底|末|\d{{1,2}}[日号])?|年底|年末)|{_YEAR}-\d{{1,2}}(?:-\d{{1,2}})?|"
    rf"(?:the )?(?:end of (?:the year|{'|'.join(_MONTHS)})|{'|'.join(_MONTHS)})(?: {_YEAR})?"
)


def _any(choices: Iterable[str]) -> str:
    return "|".join(re.escape(one) for one in sorted(choices, key=len, reverse=True)) or r"(?!)"


@cache
def _hazards() -> tuple[str, ...]:
    from kg.ontology import vocabulary

    return tuple({word.casefold() for word, concept in vocabulary("hazards").names() if len(word) > 1})


def _plan_names(plans: pandas.DataFrame) -> dict[str, str]:
    """Names by which people call plans, as patterns see them, and as `resolve_plan` takes them."""
    from kg.ontology import vocabulary

    names: dict[str, str] = {}
    suffixes = vocabulary("levels").words("placeSuffix")
    for row in plans.to_dict("records"):
        for name in (row["id"], row["source"], row["title"], row["issuer"]):
            if name:
                names[name.casefold()] = name
                names.setdefault(re.sub(r"\s+", "", name.casefold()), name)
        place = row["place"] or ""
        title = row["title"] or ""
        for at in range(2, len(place) + 1):
            if title.startswith(place[-at:]) and len(title) - at > _SHORTEST_TITLE:
                names.setdefault(title[at:].casefold(), title[at:])
        cuts = {0, *(found.end() for found in re.finditer("|".join(map(re.escape, suffixes)), place))} - {len(place)}
        for cut in cuts:
            part = place[cut:]
            for name in (part, *(part.removesuffix(end) for end in suffixes if part.endswith(end))):
                if len(name) > 1:
                    names.setdefault(name, name)
    return names


def _plan_pattern(names: Mapping[str, str]) -> str:
    kinds = _any(words("planWord"))
    tail = rf"(?:\s*{_YEAR}年?)?(?:\s*的)?(?:\s*(?:{kinds}))?"
    return rf"(?:the )?(?:(?:{_any(names)}){tail}|{_YEAR}年?(?:\s*的)?\s*(?:{kinds}))"


def _stands(word: str, text: str) -> bool:
    """Whether a word stands in a text; a Latin one as a whole word."""
    return bool(re.search(rf"\b{re.escape(word)}\b", text)) if word.isascii() else word in text


def _in_chinese(topic: str) -> str:
    """English words of a topic in Chinese, by the vocabularies; Chinese stays.

    >>> _in_chinese("flood supplies"), _in_chinese("防汛物资"), _in_chinese("forest fires")
    ('防汛 物资', '防汛物资', '森林火灾')

    Raises:
        UsageError: an English word is in no vocabulary.
    """
    if not _LATIN.search(topic) or re.search(r"[\u3400-\u9fff]", topic):
        return topic
    known = _english()
    found, rest = [], topic
    while rest:
        word = next((one for one in known if re.match(rf"{re.escape(one)}(?:e?s)?(?![a-z])", rest)), None)
        if word is None:
            raise UsageError(f"the vocabularies have no {rest.split()[0]!r}: write the topic in Chinese")
        found.append(known[word])
        rest = re.sub(rf"^{re.escape(word)}(?:e?s)?", "", rest).strip(" ,-")
    if not any(found):
        raise NotMeant(topic)
    return " ".join(dict.fromkeys(part for part in found if part))


@cache
def _english() -> dict[str, str]:
    """English words of the vocabularies and their Chinese, longest first; words that say nothing have none."""
    from kg.ontology import vocabulary

    found: dict[str, str] = {}
    for scheme in ("hazards", "supplies", "teams", "facilities", "systems"):
        for concept in vocabulary(scheme):
            found.setdefault(concept.english.casefold(), concept.label)
    found |= words("englishHazard") | words("englishTopic")
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))
