"""Ids: pure functions of what a thing is, so that loading a plan again gives the same ids.

An id is the label in lower case, a hyphen and 16 hexadecimal digits of the SHA-256 of the parts named below (`Hazard`
and `Element`: the slug of the concept in the vocabulary, where it has one).

| what | parts |
|---|---|
| plan | issuer, title, document number or else period; where one of them is missing: the file's SHA-256 |
| section | plan, its place in the order of sections |
| task | plan, cleaned text, occurrence of that text in the plan |
| group | plan, name |
| target | plan, measure, comparator, value, unit, occurrence |
| Agency, Committee, Team, Supply, Facility, System | unit it is a part of, or else place; name without the place |
| regulation | title; of a place where the title does not say that it is national |
| place | its full name |

Units of different places never have the same id, however alike their names; in a plan that names no place, units belong
to the plan alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.loaders.document import PlanMetadata

if TYPE_CHECKING:
    from kg.ontology import Concept

__all__ = [
    "concept_id",
    "digest",
    "group_id",
    "normalise",
    "place_level",
    "place_parts",
    "plan_id",
    "regulation_id",
    "resolve_place",
    "section_id",
    "settle_place",
    "target_id",
    "task_id",
    "unit_id",
    "unit_level",
]


@dataclass(frozen=True, slots=True)
class Settled:
    """A place: its divisions, outermost first, its code (GB/T 2260) and level where they are known."""

    parts: tuple[str, ...]
    adcode: str | None
    level: str | None

    @property
    def name(self) -> str:
        return "".join(self.parts)


def digest(prefix: str, *parts: object) -> str:
    """`prefix-` and 16 hexadecimal digits of the parts' SHA-256.

    >>> digest("task", "a", 1) == digest("task", "a", 1) != digest("task", "a1")
    True
    """
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return f"{prefix}-{hashlib.sha256(joined.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def normalise(text: str) -> str:
    """The form in which names are compared: NFKC, no white space, round brackets alike, no 《》 around.

    >>> normalise("《安全生产法》"), normalise("应消站( 所 )") == normalise("应消站(所)")
    ('安全生产法', True)
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if text.startswith("《") and text.endswith("》") and text.count("《") == 1:
        text = text[1:-1]
    return text


def plan_id(plan: PlanMetadata, sha256: str) -> str:
    """The id of a plan: from issuer, title and document number or period; else from the file's SHA-256."""
    number = plan.doc_number or (f"{plan.period_start}-{plan.period_end}" if plan.period_start else None)
    if plan.issuer and plan.title and number:
        return digest("plan", normalise(plan.issuer), normalise(plan.title), normalise(number))
    return digest("plan", sha256)


def section_id(plan: str, index: int) -> str:
    """The id of the section at `index` in the plan's order (-1: the text before the first heading)."""
    return digest("section", plan, index)


def task_id(plan: str, text: str, occurrence: int) -> str:
    """The id of the task with this cleaned text, the `occurrence`th (from 0) of it in the plan."""
    return digest("task", plan, normalise(text), occurrence)


def group_id(plan: str, name: str) -> str:
    """The id of an owner named by class (`各乡镇(街道)`), one a plan."""
    return digest("group", plan, normalise(name))


def target_id(plan: str, measure: str, comparator: str, value: float, unit: str, occurrence: int) -> str:
    """The id of a target; the same target stated twice in a plan is two (`occurrence`)."""
    return digest("target", plan, normalise(measure), comparator, float(value), normalise(unit), occurrence)


def regulation_id(title: str, place: str) -> str:
    """The id of a cited law or document. National ones are the same everywhere, others belong to the place that cites.

    >>> regulation_id("中华人民共和国安全生产法", "浙江省") == regulation_id("安全生产法", "湖北省")
    True
    >>> regulation_id("湖北省消防条例", "湖北省") == regulation_id("湖北省消防条例", "浙江省")
    False
    >>> regulation_id("防汛抗旱应急预案", "浙江省") == regulation_id("防汛抗旱应急预案", "湖北省")
    False
    """
    from kg.ontology import vocabulary

    name = normalise(title)
    opening, ending = (vocabulary("scopes")[kind].forms for kind in ("national-opening", "national-ending"))
    parts = place_parts(name)
    local = bool(parts) and len(parts) > 1 and place_level(parts[0]) is not None
    if name.startswith(opening) or (name.endswith(ending) and not local):
        return digest("regulation", name.removeprefix("中华人民共和国"))
    return digest("regulation", place, name)


def concept_id(label: str, scheme: str, name: str) -> str:
    """The id of a node that stands for a vocabulary's concept: its slug, or a digest of a name that has none.

    >>> concept_id("Hazard", "hazards", "洪涝灾害")
    'hazard-flood'
    """
    from kg.ontology import vocabulary

    concepts = vocabulary(scheme)
    try:
        return f"{label.lower()}-{concepts.by_label(name).id}"
    except KeyError:
        return f"{label.lower()}-{concepts[name].id}" if name in concepts else digest(label.lower(), normalise(name))


def place_parts(place: str) -> tuple[str, ...]:
    """The divisions that a place's name holds, outermost first.

    >>> place_parts("湖南省永州市蓝山县"), place_parts("恩施土家族苗族自治州利川市"), place_parts("云溪市临溪区石桥镇")
    (('湖南省', '永州市', '蓝山县'), ('恩施土家族苗族自治州', '利川市'), ('云溪市', '临溪区', '石桥镇'))
    """
    from kg.ontology.divisions import divisions

    known = divisions()
    rest, parts = normalise(place), []
    while rest:
        size = next((end for end in range(2, min(len(rest), _LONGEST) + 1) if rest[:end] in known), 0)
        if not size:
            found = _place_pattern().match(rest)
            size = found.end() if found else len(rest)
        parts.append(rest[:size])
        rest = rest[size:]
    return tuple(parts)


_LONGEST = 15
"""Characters of the longest name of a division."""


@cache
def _place_pattern() -> re.Pattern[str]:
    """A division that the table does not know: two characters at least, up to the first ending of a division."""
    from kg.ontology import vocabulary

    endings = {end for concept in _levels() if concept.id != "township" for end in concept.all("placeSuffix")}
    small = vocabulary("scopes")["township"].all("placeSuffix")
    longest_first = "|".join(sorted(endings, key=lambda end: (-len(end), end)))
    return re.compile(rf".{{2,}}?(?:{longest_first})|.+?(?:{'|'.join(small)})|.+")


@cache
def settle_place(place: str) -> Settled:
    """A place with all divisions above it, where the table of divisions knows exactly one that fits.

    >>> settle_place("宁波市江北区").parts
    ('浙江省', '宁波市', '江北区')
    >>> settle_place("江北区").parts, settle_place("云溪市临溪区").parts
    (('江北区',), ('云溪市', '临溪区'))
    """
    from kg.ontology.divisions import lookup

    parts = place_parts(place)
    for known in range(len(parts), 0, -1):
        fitting = [
            division
            for division in lookup(parts[known - 1])
            if (*division.above, division.name)[-known:] == parts[:known]
            or set(parts[: known - 1]) <= set(division.above)
        ]
        if len(fitting) == 1:
            division = fitting[0]
            whole = (*division.above, division.name, *parts[known:])
            exact = known == len(parts)
            return Settled(
                whole, division.adcode if exact else None, division.level if exact else place_level(parts[-1])
            )
        if fitting:
            break
    return Settled(parts, None, place_level(parts[-1]) if parts else None)


@cache
def _levels() -> tuple[Concept, ...]:
    """The concepts that stand for a level of divisions."""
    from kg.ontology import vocabulary

    return tuple(concept for concept in vocabulary("scopes") if concept.all("level"))


def place_level(part: str) -> str | None:
    """province, city, county or township, as the ending of a division's name says; None where it says nothing."""
    for concept in _levels():
        if part.endswith(concept.all("placeSuffix")):
            return concept.all("level")[0]
    return None


@cache
def resolve_place(name: str, place: str) -> tuple[str, str]:
    """The place that a unit belongs to and its name there, for a name that a plan of `place` writes.

    A level word or a division of the plan's place in front of the name is taken off; a name with none belongs to the
    plan's own place.

    >>> resolve_place("区应急管理局", "宁波市江北区") == resolve_place("宁波市江北区应急管理局", "宁波市江北区")
    True
    >>> resolve_place("市应急管理局", "宁波市江北区") == resolve_place("宁波市应急管理局", "宁波市")
    True
    >>> resolve_place("省民政厅", "湖北省")
    ('湖北省', '民政厅')
    >>> resolve_place("省民政厅", "宁波市江北区")
    ('浙江省', '民政厅')
    >>> resolve_place("市政工程处", "宁波市江北区")
    ('浙江省宁波市江北区', '市政工程处')
    """

    written = normalise(name)
    parts = settle_place(place).parts
    for last in range(len(parts), 0, -1):
        for first in range(last):
            prefix = "".join(parts[first:last])
            if written.startswith(prefix) and len(written) > len(prefix) + 1:
                return "".join(parts[:last]), written[len(prefix) :]
    for last in range(len(parts), 0, -1):
        for concept in _levels():
            if not parts[last - 1].endswith(concept.all("placeSuffix")):
                continue
            for word in concept.forms:
                rest = written.removeprefix(word)
                if rest != written and len(rest) >= 2 and not rest.startswith(concept.all("notBefore")):
                    return "".join(parts[:last]), rest
    return "".join(parts) or place, written


def unit_level(name: str, place: str) -> str | None:
    """The level of the division that a unit works for, None where neither its name nor the plan's place says it.

    >>> unit_level("区应急管理局", "宁波市江北区"), unit_level("县人民政府", "湖北省"), unit_level("民政厅", "湖北省")
    ('county', 'county', 'province')
    """

    where, short = resolve_place(name, place) if place else ("", normalise(name))
    if short == normalise(name):
        for concept in _levels():
            for word in concept.forms:
                rest = short.removeprefix(word)
                if rest != short and len(rest) >= 2 and not rest.startswith(concept.all("notBefore")):
                    return concept.all("level")[0]
    return settle_place(where).level if where else None


def unit_id(label: str, name: str, place: str, parent: str = "") -> str:
    """The id of an agency, committee, team, supply, facility or system.

    Args:
        label: node label.
        name: as the plan writes it.
        place: the plan's place; for a plan that names none, the plan's id.
        parent: id of the unit that it is a part of (`协调科` of 江北区应急管理局), or nothing.
    """
    where, short = resolve_place(name, place)
    return digest(label.lower(), parent or where, short)
