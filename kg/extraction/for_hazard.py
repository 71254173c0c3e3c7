"""FOR_HAZARD: which hazards a team, good, facility, system or committee is for, by its name or its stated purpose.

The name says it (`危化专业队伍`, `防汛抗旱指挥部`), with what stands before it as a part of the same phrase
(`防汛、地震等专家库`). A purpose is taken from few plain patterns: `X用于H`, `X在H中的应用`, `对X实施H调度`, goods that
`开展H` or close as `等H物资` in a short list, a warning system that is to publish warnings of H, and for a committee
whose name says nothing `X是H的指挥机构`, `X负责H工作`.
The words of the patterns stand in `kg/ontology/surroundings.ttl`.

    >>> hazards_of_name("市防汛抗旱指挥部"), hazards_of_name("森防指"), hazards_of_name("省减灾委")
    (('洪涝灾害', '干旱灾害'), ('森林草原火灾',), ())
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from kg.extraction.hazards import HazardMention, find_hazards
from kg.extraction.resources import ResourceEntity, ResourceMention
from kg.ontology import vocabulary
from kg.ontology.lexicon import alternation

_UNNAMED = frozenset({"work-safety", "natural-disaster"})
"""Hazards of bodies whose names do not say them (安全生产委员会, 减灾委员会)."""

FEW = 4
"""A short list names goods for their purpose (`泵车、冲锋舟等防汛物资`), a longer one whatever is kept in the store."""

_SENTENCE_END = re.compile(r"[。；;\n]")
_CLAUSE_END = re.compile(r"[，,。；;\n]")
_CLASS_NAME = re.compile(r"[^，。；,;\n、的]{0,8}")
_BEFORE_OBJECT = re.compile(r"对[^，。；,;\n]*$")


@dataclass(frozen=True, slots=True)
class _Patterns:
    apart: re.Pattern[str]
    used: re.Pattern[str]
    use: re.Pattern[str]
    worked: re.Pattern[str]
    listed: re.Pattern[str]
    warning: re.Pattern[str]
    published: re.Pattern[str]
    purpose: re.Pattern[str]
    inner: re.Pattern[str]
    works: re.Pattern[str]
    operation: re.Pattern[str]
    ability: re.Pattern[str]
    goods: re.Pattern[str]
    in_use: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """The words of `surroundings` as patterns."""

    def words(concept: str) -> str:
        return alternation(vocabulary("surroundings")[concept].forms)

    return _Patterns(
        apart=re.compile(words("apart")),
        used=re.compile(rf"[^，。；,;\n、]{{0,4}}(?:{words('used-for')}|在)"),
        use=re.compile(words("use")),
        worked=re.compile(rf"[^，。；,;\n]{{0,8}}{words('worked-for')}"),
        listed=re.compile(rf"(?:[、和及与][^，。；,;\n、和及与]{{1,8}}?)*?(?=等|{words('worked-for')})"),
        warning=re.compile(words("warning")),
        published=re.compile(rf"[^。；;\n]{{0,24}}{words('publishing')}"),
        purpose=re.compile(rf"[^。；;\n]{{0,30}}?{words('purpose')}"),
        inner=re.compile(rf"{words('inner-body')}$"),
        works=re.compile(
            rf"(?:[、和及与][^，。；,;\n、和及与]{{1,8}}?)*?等(?=[^，。；,;\n、]{{0,6}}?{words('works')})"
        ),
        operation=re.compile(words("operation")),
        goods=re.compile(
            rf"(?:[、和及与][^，。；,;\n、和及与]{{1,12}}?)*?等([^，。；,;\n、]{{2,8}}?){alternation(vocabulary('naming')['goods-end'].forms)}"
        ),
        in_use=re.compile(
            rf"(?:[、和及与][^，。；,;\n、和及与]{{1,10}}?)*?(?:等[^，。；,;\n、]{{0,4}})?{words('worked-for')}"
        ),
        ability=re.compile(rf"[^。；;\n]{{0,40}}?对([^。，；,;\n]{{2,30}}?){words('ability')}"),
    )


@dataclass(slots=True)
class HazardRelation:
    """`head` (an entity's name, of type `head_type`) is for the hazard `label`, as text[start:end] says.

    `rule` is for_hazard.name or for_hazard.purpose.
    """

    head: str
    head_type: str
    label: str
    start: int
    end: int
    rule: str


def hazards_of_name(name: str) -> tuple[str, ...]:
    """Labels of the hazards that a name says; for a committee's short form those of the committee."""
    labels = tuple(dict.fromkeys(mention.label for mention in find_hazards(name, in_organs=True)))
    return labels or _short_forms(name)


@cache
def _resource_forms(name: str) -> tuple[str, ...]:
    """Hazards by words that name none by themselves (灭火器, 群测群防员)."""
    forms = vocabulary("hazards").forms("resourceForm")
    return tuple(dict.fromkeys(concept.label for word, concept in forms if word in name))


@cache
def _short_forms(name: str) -> tuple[str, ...]:
    hazards = vocabulary("hazards")
    for form, body in vocabulary("bodies").forms():
        if name.endswith(form):
            ids = [concept for concept in body.all("hazard") if concept not in _UNNAMED]
            return tuple(
                dict.fromkeys(emitted.label for one in ids for emitted in hazards.emitted(one.rsplit("/", 1)[-1]))
            )
    return ()


def for_hazard(
    text: str,
    resources: Iterable[ResourceEntity],
    hazards: Sequence[HazardMention],
    committees: Iterable[tuple[str, Sequence[str], Sequence[tuple[int, int]]]] = (),
) -> list[HazardRelation]:
    """All FOR_HAZARD relations of a document, each head and label once, resources first.

    Args:
        text: the cleaned text.
        resources: the entities of `group_resources`.
        hazards: all mentions of hazards, those inside names of organs too or not.
        committees: name, aliases and places of each committee.
    """
    found: dict[tuple[str, str, str], HazardRelation] = {}

    def add(relation: HazardRelation) -> None:
        found.setdefault((relation.head, relation.head_type, relation.label), relation)

    starts = [mention.start for mention in hazards]

    def between(start: int, end: int) -> Sequence[HazardMention]:
        return hazards[bisect_left(starts, start) : bisect_left(starts, end)]

    for entity in resources:
        inside = any(between(mention.start, mention.end) for mention in entity.mentions)
        # A good that is itself a word of a hazard (航空器) is not for that hazard; a place or work (消防水池) is.
        good = entity.type == "Supply"
        own = inside or (good and any(mention.form == entity.name for mention in find_hazards(entity.name)))
        for label in () if own else hazards_of_name(entity.name) or _resource_forms(entity.name):
            place = next(mention for mention in entity.mentions)
            add(HazardRelation(entity.name, entity.type, label, place.start, place.end, "for_hazard.name"))
        for mention in entity.mentions:
            left = mention.left if 0 <= mention.left < mention.start else mention.start
            for hazard in between(left, mention.end):
                if good and (hazard.start, hazard.end) == (mention.start, mention.end):
                    continue
                if _peer(text, hazard, mention):
                    continue
                apart = text[hazard.start : mention.start] if hazard.end <= mention.start else ""
                if hazard.end <= mention.end and not _patterns().apart.search(apart):
                    rule = "for_hazard.name"
                    add(HazardRelation(entity.name, entity.type, hazard.label, left, mention.end, rule))
            for hazard in _purposes(text, mention, between):
                rule = "for_hazard.purpose"
                add(HazardRelation(entity.name, entity.type, hazard.label, mention.start, hazard.end, rule))
    for name, aliases, places in committees:
        labels = dict.fromkeys(label for form in (name, *aliases) for label in hazards_of_name(form))
        for label in labels:
            start, end = places[0] if places else (0, 0)
            add(HazardRelation(name, "Committee", label, start, end, "for_hazard.name"))
        if labels or _patterns().inner.search(name):
            continue
        for start, end in places:
            opening = _patterns().purpose.match(text, end)
            if not opening or text.startswith("办", end):
                continue
            close = _SENTENCE_END.search(text, opening.end(), opening.end() + 60)
            last = close.start() if close else min(len(text), opening.end() + 60)
            for hazard in between(opening.end(), last):
                add(HazardRelation(name, "Committee", hazard.label, start, hazard.end, "for_hazard.purpose"))
    return list(found.values())


def _members(text: str, start: int, end: int) -> int:
    """How many members the list has that holds `start` and ends before `end`."""
    first = max((mark.end() for mark in _CLAUSE_END.finditer(text, max(0, start - 80), start)), default=0)
    return text.count("、", first, end) + 1


def _peer(text: str, hazard: HazardMention, mention: ResourceMention) -> bool:
    """Whether the hazard is another member of the list that holds a good or place (`地质灾害、水利工程`), not its field."""
    gap = text[hazard.end : mention.start] if hazard.end <= mention.start else ""
    return mention.type in {"Supply", "Facility"} and "等" not in gap and re.search("[、和及与]", gap) is not None


def _purposes(
    text: str, mention: ResourceMention, between: Callable[[int, int], Sequence[HazardMention]]
) -> list[HazardMention]:
    """The hazards that the words after a resource say it is for."""
    close = _SENTENCE_END.search(text, mention.end)
    last = close.start() if close else len(text)
    if not between(mention.end, last):
        return []
    patterns = _patterns()
    used = patterns.used.match(text, mention.end, last)
    if used:
        near = list(between(used.end(), min(last, used.end() + 20)))
        closed = bool(near) and patterns.use.search(text[near[-1].end : last][:12]) is not None
        if near and (text[used.end() - 1] == "于" or closed):
            return near
    if mention.type == "Supply":
        goods = patterns.goods.match(text, mention.end, last)
        few = goods and not mention.listed and _members(text, mention.start, goods.start(1)) <= FEW
        if goods and few and (near := list(between(goods.start(1), goods.end()))):
            return near
        in_use = patterns.in_use.match(text, mention.end, last)
        if in_use and (near := list(between(in_use.end(), min(last, in_use.end() + 4)))):
            return near
    listed = patterns.listed.match(text, mention.end, last)
    worked = patterns.worked.match(text, listed.end() if listed else mention.end, last)
    if worked and _BEFORE_OBJECT.search(text, max(0, mention.start - 40), mention.start):
        return list(between(worked.end(), min(last, worked.end() + 8)))
    if mention.type == "Facility":
        works = patterns.works.match(text, mention.end, last)
        if works:
            clause = _CLAUSE_END.search(text, works.end(), last)
            end = clause.start() if clause else last
            class_name = _CLASS_NAME.match(text, works.end(), end)
            near = list(between(works.end(), class_name.end() if class_name else works.end()))
            if near or not patterns.operation.search(text, works.end(), end):
                return near
            return list(between(works.end(), end))
    if mention.type == "System":
        ability = patterns.ability.match(text, mention.end, last)
        if ability:
            return list(between(ability.start(1), ability.end(1)))
    if mention.type == "System" and patterns.warning.search(mention.name):
        published = patterns.published.match(text, mention.end, last)
        if published:
            return list(between(published.end(), min(last, published.end() + 6)))
    return []
