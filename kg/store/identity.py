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
| Agency, Committee, Team, Supply, Facility, System | unit it is a part of, or else place, or else plan; key of its name (`kg.store.names`) |
| regulation | title; of a place where the title does not say that it is national |
| place | its full name; of one that could not be settled, plan and name |

Units of different places never have the same id, however alike their names; what could not be settled belongs to its
plan alone. How a name is settled: `kg.store.places`, `kg.store.units`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kg.loaders.document import PlanMetadata
from kg.store.names import normalise
from kg.store.places import place_level, place_parts

if TYPE_CHECKING:
    from kg.store.units import Unit

__all__ = [
    "concept_id",
    "digest",
    "group_id",
    "normalise",
    "place_id",
    "plan_id",
    "regulation_id",
    "section_id",
    "target_id",
    "task_id",
    "unit_id",
]


def digest(prefix: str, *parts: object) -> str:
    """`prefix-` and 16 hexadecimal digits of the parts' SHA-256.

    >>> digest("task", "a", 1) == digest("task", "a", 1) != digest("task", "a1")
    True
    """
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return f"{prefix}-{hashlib.sha256(joined.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


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


def place_id(name: str, plan: str = "") -> str:
    """The id of a place, by its full name; of one that could not be settled, of its plan alone."""
    return digest("place", plan, name) if plan else digest("place", name)


def unit_id(label: str, unit: Unit) -> str:
    """The id of an agency, committee, team, supply, facility or system: from what it belongs to and what it is there."""
    return digest(label.lower(), unit.scope, unit.key)
