"""Places: what a plan's place is, with its code and the divisions above it.

A place's name is read as a row of divisions (`宁波市江北区`) and looked up in the table of divisions. A name of several
divisions (江北区 of 宁波市 and of 重庆市) is settled by what else the plan says: its issuer, its document number, the
other places in its text. What cannot be proved stays as it is, with the candidates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from kg.store.names import normalise

if TYPE_CHECKING:
    from kg.extraction.facts import Evidence, Facts
    from kg.extraction.matching import Matcher
    from kg.ontology import Concept
    from kg.ontology.divisions import Division

__all__ = ["COUNTRY", "Settled", "place_level", "place_parts", "settle_place", "settle_plan", "stem"]

COUNTRY = "中国"
COUNTRY_CODE = "100000"
_LONGEST = 15
"""Characters of the longest name of a division."""
_LEAST_NAMED = 2
"""Districts, or organs of a place, that a text has to name before they show which place it is of."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A place.

    `parts` are its divisions, outermost first, as far as they are known; `adcode` (GB/T 2260) and `level` (country,
    province, city, county, township) are None where they are not. `candidates` are the full names of the divisions
    that the name may mean, where there are several and nothing tells which. `rule` says how a plan's place was found,
    `evidence` which words showed it, where it was not the plan's own statement.
    """

    parts: tuple[str, ...]
    adcode: str | None = None
    level: str | None = None
    candidates: tuple[str, ...] = ()
    rule: str = "metadata"
    evidence: Evidence | None = None

    @property
    def name(self) -> str:
        """The full name: 浙江省宁波市江北区."""
        return "".join(self.parts)

    @property
    def unsettled(self) -> str | None:
        """A reason code where the place is not settled: `ambiguous_place`, or `city_not_named` for a district that the
        table does not know and that stands without its city; None else."""
        if not self.shared:
            return "ambiguous_place"
        alone = len(self.parts) == 1 and self.adcode is None and self.level in ("county", "township")
        return "city_not_named" if alone else None

    @property
    def shared(self) -> bool:
        """Whether the name alone means the same place in every plan: one division, and no zone without a name."""
        from kg.ontology import vocabulary

        return bool(self.parts) and not self.candidates and self.name not in vocabulary("scopes")["zone"].forms


def place_parts(place: str) -> tuple[str, ...]:
    """The divisions that a place's name holds, outermost first.

    >>> place_parts("湖南省永州市蓝山县"), place_parts("恩施土家族苗族自治州利川市"), place_parts("云溪市临溪区石桥镇")
    (('湖南省', '永州市', '蓝山县'), ('恩施土家族苗族自治州', '利川市'), ('云溪市', '临溪区', '石桥镇'))
    """
    rest, parts = normalise(place), []
    while rest:
        size = known_prefix(rest)
        if not size:
            found = _place_pattern().match(rest)
            size = found.end() if found else len(rest)
        parts.append(rest[:size])
        rest = rest[size:]
    return tuple(parts)


def known_prefix(text: str) -> int:
    """The length of the longest division of the table that the text begins with, 0 where there is none."""
    from kg.ontology.divisions import divisions

    known = divisions()
    return next((end for end in range(min(len(text), _LONGEST), 1, -1) if text[:end] in known), 0)


@cache
def _place_pattern() -> re.Pattern[str]:
    """A division that the table does not know: two characters at least, up to the first ending of a division."""
    from kg.ontology import vocabulary

    endings = {end for concept in levels() if concept.id != "township" for end in concept.all("placeSuffix")}
    small = vocabulary("scopes")["township"].all("placeSuffix")
    longest_first = "|".join(sorted(endings, key=lambda end: (-len(end), end)))
    return re.compile(rf".{{2,}}?(?:{longest_first})|.+?(?:{'|'.join(small)})|.+")


@cache
def levels() -> tuple[Concept, ...]:
    """The concepts that stand for a level of divisions, highest first."""
    from kg.ontology import vocabulary

    return tuple(concept for concept in vocabulary("scopes") if concept.all("level"))


def place_level(part: str) -> str | None:
    """province, city, county or township, as the ending of a division's name says; None where it says nothing."""
    for concept in levels():
        if part.endswith(concept.all("placeSuffix")):
            return concept.all("level")[0]
    return None


@cache
def stem(part: str) -> str:
    """A division's name without its ending, as in names of units.

    >>> stem("衡阳市"), stem("恩施土家族苗族自治州"), stem("新疆维吾尔自治区")
    ('衡阳', '恩施', '新疆')
    """
    from kg.ontology import vocabulary

    peoples = vocabulary("scopes")["people"].forms
    endings = sorted({end for concept in levels() for end in concept.all("placeSuffix")}, key=len, reverse=True)
    short = part
    for ending in (f"自治{one}" for one in "区州县旗"):
        if short.endswith(ending):
            short = short.removesuffix(ending)
            while people := next((one for one in peoples if short.endswith(one) and len(short) > len(one)), None):
                short = short.removesuffix(people)
            return short
    return next(
        (short.removesuffix(end) for end in endings if short.endswith(end) and len(short) > len(end) + 1), short
    )


@cache
def short_division(part: str) -> str:
    """The usual short name of an autonomous division, any other as it is.

    >>> short_division("恩施土家族苗族自治州"), short_division("宁波市")
    ('恩施州', '宁波市')
    """
    ending = next((end for end in "州县旗" if part.endswith(f"自治{end}")), None)
    return stem(part) + ending if ending else part


def _settled(division: Division, below: tuple[str, ...] = ()) -> Settled:
    whole = (*division.above, division.name, *below)
    if below:
        return Settled(whole, None, place_level(below[-1]))
    return Settled(whole, division.adcode, division.level)


@cache
def settle_place(place: str) -> Settled:
    """A place with all divisions above it, where the table of divisions knows exactly one that fits.

    >>> settle_place("宁波市江北区").parts
    ('浙江省', '宁波市', '江北区')
    >>> settle_place("江北区").candidates, settle_place("云溪市临溪区").parts
    (('浙江省宁波市江北区', '重庆市江北区'), ('云溪市', '临溪区'))
    """
    if normalise(place) == COUNTRY:
        return Settled((COUNTRY,), COUNTRY_CODE, "country")
    parts = place_parts(place)
    fitting, below = _fitting(parts)
    if len(fitting) == 1:
        return _settled(fitting[0], below)
    candidates = tuple(division.full_name + "".join(below) for division in fitting)
    return Settled(parts, None, place_level(parts[-1]) if parts else None, candidates)


def _fitting(parts: tuple[str, ...]) -> tuple[list[Division], tuple[str, ...]]:
    """The divisions that the longest known beginning of `parts` may mean, and the parts below it."""
    from kg.ontology.divisions import lookup

    for known in range(len(parts), 0, -1):
        fitting = [division for division in lookup(parts[known - 1]) if set(parts[: known - 1]) <= set(division.above)]
        if fitting:
            return fitting, parts[known:]
    return [], ()


# the place of a plan


def settle_plan(facts: Facts, stated: str | None = None) -> Settled | None:
    """The place of a plan; None where neither it nor its words say one.

    In this order: what the user states (`stated`); the country for plans of national organs; the place that the plan
    names, completed from the table; where that name has several divisions or none, the issuer, the document number and
    the text; for a plan whose issuer names only its level (市应急管理局), the one division of that level whose organs it names,
    or the city in which all districts lie that it names.

    Args:
        facts: the plan's facts; of its text only their words are read.
        stated: a place from the user's list of aliases.
    """
    if stated:
        return replace(settle_place(stated), rule="aliases")
    plan = facts.plan
    if not plan.place:
        if _national(facts):
            return Settled((COUNTRY,), COUNTRY_CODE, "country", rule="national")
        return _by_organs(facts) or _by_districts(facts)
    found = settle_place(plan.place)
    if found.candidates:
        return _choose(found, facts)
    if found.adcode is None and len(found.parts) == 1 and found.level == "county":
        return _complete(found, facts)
    return found


def _national(facts: Facts) -> bool:
    from kg.ontology import vocabulary
    from kg.store.names import national

    opening = vocabulary("scopes")["national-opening"].forms
    if facts.plan.issuer:
        return national(normalise(facts.plan.issuer)) is not None
    return bool(facts.plan.title) and normalise(str(facts.plan.title)).startswith(tuple(opening))


def _words(facts: Facts) -> Iterator[tuple[str, Evidence | None]]:
    """The words of a plan that its facts hold, in the order of their kinds."""
    yield facts.plan.title or "", None
    for section in facts.sections:
        yield section.heading, None
    for task in facts.tasks:
        yield task.text, task.evidence
    for entity in facts.entities:
        for mention in entity.mentions:
            yield mention.evidence.quote, mention.evidence
    for rejected in facts.rejected:
        yield rejected.quote, None


def _choose(found: Settled, facts: Facts) -> Settled:
    """The one of several divisions of a name that the plan's other words prove, or the name with its candidates."""
    from kg.ontology.divisions import lookup

    fitting, below = _fitting(found.parts)
    above = {division: division.above for division in fitting}
    issuer = normalise(facts.plan.issuer or "")
    named = [one for one in fitting if any(part in issuer for part in above[one])]
    if len(named) == 1:
        return replace(_settled(named[0], below), rule="issuer")
    number = normalise(facts.plan.doc_number or "")
    numbered = [one for one in fitting if number and number[0] in _abbreviations(above[one])]
    if len(numbered) == 1:
        return replace(_settled(numbered[0], below), rule="doc_number")
    shown: dict[Division, Evidence | None] = {}
    for words, evidence in _words(facts):
        for name in _divisions_in(words):
            if name in found.parts:
                continue
            others = lookup(name)
            for one in fitting:
                around = one.above[-1]
                if name in one.above or (len(others) == 1 and around in others[0].above):
                    shown.setdefault(one, evidence)
    if len(shown) == 1:
        division, evidence = next(iter(shown.items()))
        return replace(_settled(division, below), rule="places_named", evidence=evidence)
    return found


@cache
def _abbreviations(parts: tuple[str, ...]) -> frozenset[str]:
    """The first characters of document numbers by which these divisions are known."""
    from kg.ontology import vocabulary

    known = {concept.label: concept.forms for concept in vocabulary("places")}
    return frozenset(form for part in parts for form in (*known.get(part, ()), part)).union(part[0] for part in parts)


def _complete(found: Settled, facts: Facts) -> Settled:
    """A district that the table does not know with the city that the plan writes in front of it."""
    name = found.parts[0]
    pattern = re.compile(rf"(?:^|[^\u4e00-\u9fff])([\u4e00-\u9fff]{{2,12}}?[市州盟]){re.escape(name)}")
    cities: dict[str, Evidence | None] = {}
    for words, evidence in ((normalise(facts.plan.issuer or ""), None), *_words(facts)):
        for match in pattern.finditer(words):
            cities.setdefault(match[1], evidence)
    if len(cities) != 1:
        return found
    city, evidence = next(iter(cities.items()))
    whole = settle_place(city + name)
    return found if whole.candidates else replace(whole, rule="places_named", evidence=evidence)


def _level_of_issuer(facts: Facts) -> str | None:
    """The level that the issuer's name begins with, where that is all that it says of its place (`市应急管理局`)."""
    issuer = normalise(facts.plan.issuer or "")
    for concept in levels():
        for word in concept.forms:
            rest = issuer.removeprefix(word)
            if rest != issuer and rest and not rest.startswith(concept.all("notBefore")):
                return concept.all("level")[0]
    return None


def _by_organs(facts: Facts) -> Settled | None:
    """The one division of the issuer's level in front of names of organs in the text (宁波市安委会), named twice at least."""
    from kg.ontology.divisions import lookup

    level = _level_of_issuer(facts)
    mentions: list[Evidence] = []
    found: set[Settled] = set()
    for entity in facts.entities if level else ():
        if entity.type not in ("Agency", "Committee"):
            continue
        for mention in entity.mentions:
            name = normalise(mention.form)
            end = 0
            while step := known_prefix(name[end:]):
                end += step
            divisions = lookup(place_parts(name[:end])[-1]) if 0 < end < len(name) else ()
            if any(division.level == level for division in divisions):
                found.add(settle_place(name[:end]))
                mentions.append(mention.evidence)
    if len(found) != 1 or len(mentions) < _LEAST_NAMED:
        return None
    (place,) = found
    return None if place.candidates else replace(place, rule="organs_named", evidence=mentions[0])


def _by_districts(facts: Facts) -> Settled | None:
    """The city of a plan that names only its level (`市应急管理局`, `我市`): all districts that it names lie in it."""
    from kg.ontology.divisions import lookup

    if _level_of_issuer(facts) != "city":
        return None
    named: Counter[str] = Counter()
    first: Evidence | None = None
    for words, evidence in _words(facts):
        for name in _divisions_in(words):
            divisions = lookup(name)
            if len(divisions) == 1 and divisions[0].level == "county":
                named[name] += 1
                first = first or evidence
    cities = {lookup(name)[0].above for name in named}
    if len(named) < _LEAST_NAMED or len(cities) != 1:
        return None
    (whole,) = cities
    found = settle_place("".join(whole))
    return replace(found, rule="districts_named", evidence=first) if found.level == "city" else None


def _divisions_in(text: str) -> list[str]:
    """The names of divisions, three characters at least, that stand in a text; the longest of those that overlap."""
    return [match.word for match in _names().longest(text)]


@cache
def _names() -> Matcher[None]:
    from kg.extraction.matching import Matcher
    from kg.ontology.divisions import divisions

    return Matcher((name, None) for name in divisions() if len(name) >= 3)
