"""Which hazards a text names, by the words of `kg/ontology/hazards.ttl`.

A word names its hazard wherever it stands (`防汛`, `危化品`), except inside a phrase of `kg:notIn` (`汛期`) and inside
an organ's name. Four kinds of words need their surroundings:

- `kg:listForm`: only as a member of a list of fields (`交通、消防、建筑施工`), not in a list of departments;
- `kg:fieldForm`: a word that is also a department's field (`地震、气象、测绘等部门`): not in such a list;
- `kg:nearForm`: only in a sentence that names the hazard by another word (`防火` beside `森林火灾`), or in a plan or
  section whose title names it and not what the word names otherwise, whose place it takes;
- `kg:themeForm`: only in a plan whose theme it is (`较大事故` in a plan about `安全生产`; `kg:theme`).

    >>> [(mention.form, mention.label) for mention in find_hazards("开展危化、火灾、防汛防台等演练,汛期前完成。")]
    [('危化', '危险化学品事故'), ('火灾', '火灾事故'), ('防汛防台', '洪涝灾害'), ('防汛防台', '台风灾害')]
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.extraction.matching import Dropped, Match, Matcher, Spans
from kg.ontology import Vocabulary, vocabulary
from kg.ontology.lexicon import alternation

REASONS = {
    "in_organ_name": "a hazard in the name of an organ makes nothing about it",
    "in_longer_phrase": "part of a phrase in which it names nothing (汛期)",
    "other_theme": "names it only in a plan of another theme (较大事故)",
    "not_in_list": "names it only in a list of fields or beside the hazard's own words",
}
"""Why a word that could name a hazard does not, for the report of extraction."""
THEME_RATE = 1000
"""A plan has a theme when its words stand at least once in so many characters."""


@dataclass(slots=True)
class HazardMention:
    """A hazard named at text[start:end] by the words `form`; `label` is a label of the table of hazards."""

    start: int
    end: int
    form: str
    label: str


@dataclass(frozen=True, slots=True)
class _Sense:
    """What a word stands for: `kind` is form, listForm, fieldForm, nearForm, themeForm or notIn of concept `id`."""

    kind: str
    id: str


_KINDS = ("form", "listForm", "fieldForm", "nearForm", "themeForm", "notIn")
_SENTENCE_END = re.compile(r"[。\n]")
_LIST_MARK = re.compile(r"、|以及|和|及|与")
_CLAUSE_MARK = re.compile(r"[，,。;；：:\n！？!?]")


@dataclass(frozen=True, slots=True)
class _Patterns:
    authority: re.Pattern[str]
    departments: re.Pattern[str]
    fields: re.Pattern[str]
    organ: re.Pattern[str]
    before_item: re.Pattern[str]
    after_item: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """The words of `surroundings` as patterns."""

    def words(concept: str) -> str:
        return alternation(vocabulary("surroundings")[concept].forms)

    return _Patterns(
        authority=re.compile(words("authority")),
        departments=re.compile(f"等[^，。；、]{{0,8}}?{words('listed-authority')}"),
        fields=re.compile(f"等?[^，。；、]{{0,6}}?{words('fields')}(?![^，。；、]{{0,2}}{words('listed-authority')})"),
        organ=re.compile(words("organ")),
        before_item=re.compile(rf"(?:^|.*(?:{words('item-begin')}|[(（“\"]))\s*$"),
        after_item=re.compile(rf"{words('item-end')}|$|[)）”\"》，,。;；：:\n]"),
    )


@cache
def _matcher() -> Matcher[_Sense]:
    hazards = vocabulary("hazards")
    return Matcher((word, _Sense(kind, concept.id)) for kind in _KINDS for word, concept in hazards.forms(kind))


@cache
def _labels(concept_id: str) -> tuple[str, ...]:
    return tuple(concept.label for concept in vocabulary("hazards").emitted(concept_id))


@cache
def _themes() -> dict[str, tuple[str, ...]]:
    hazards: Vocabulary = vocabulary("hazards")
    return {concept.id: concept.all("theme") for concept in hazards if concept.all("themeForm")}


def find_hazards(
    text: str,
    blocked: Sequence[tuple[int, int]] = (),
    *,
    in_organs: bool = False,
    dropped: list[Dropped] | None = None,
    subject: str = "",
    sections: Sequence[tuple[int, int, int]] = (),
) -> list[HazardMention]:
    """All hazards that a cleaned text names, in order.

    Args:
        text: a whole document (a theme is judged on it) or a part of one.
        blocked: stretches in which a word names no hazard: the names of organs.
        dropped: takes the words that could have named a hazard and do not, with one of REASONS.
        in_organs: count words that open the name of an organ (`防汛抗旱指挥机构`), which else name nothing.
        subject: the plan's own title: in a plan on forest fires `火灾` is one of them.
        sections: where headings begin and end and how far their sections reach: a heading is a title to what is below it.

    Returns:
        One mention for each word and label; a word that names two hazards (`冷热害`) gives two.
    """
    spans = Spans(blocked)
    organ = _patterns().organ
    hidden: dict[str, list[tuple[int, int]]] = {}
    found: list[tuple[Match[_Sense], tuple[_Sense, ...]]] = []
    free = 0
    for match in sorted(_matcher().all(text), key=lambda match: (match.start, -match.end)):
        senses = tuple(sense for sense in match.values if sense.kind != "notIn")
        for sense in match.values:
            if sense.kind == "notIn":
                hidden.setdefault(sense.id, []).append((match.start, match.end))
        if senses and match.start >= free:
            free = match.end
            found.append((match, senses))
    if not found:
        return []
    excluded = {concept: Spans(places) for concept, places in hidden.items()}
    themes = {concept: sum(map(text.count, words)) * THEME_RATE >= len(text) for concept, words in _themes().items()}

    def drop(match: Match[_Sense], reason: str) -> None:
        if dropped is not None:
            dropped.append(Dropped(match.start, match.end, reason))

    plain: list[tuple[int, int, str]] = []
    open_places: list[tuple[Match[_Sense], list[_Sense]]] = []
    mentions: list[HazardMention] = []
    for match, senses in found:
        if spans.hold(match.start, match.end) or (not in_organs and organ.match(text, match.end)):
            drop(match, "in_organ_name")
            continue
        free_senses = [
            sense for sense in senses if not (sense.id in excluded and excluded[sense.id].hold(match.start, match.end))
        ]
        kept = [sense for sense in free_senses if sense.kind != "themeForm" or themes[sense.id]]
        if not kept:
            drop(match, "other_theme" if free_senses else "in_longer_phrase")
        elif all(sense.kind in {"form", "themeForm"} for sense in kept):
            plain.extend((match.start, match.end, sense.id) for sense in kept)
        else:
            open_places.append((match, kept))
    plain.sort()
    starts = [start for start, _, _ in plain]
    settled = list(plain)
    about = _about(text, subject, sections, open_places, plain, starts)
    opened = [match.start for match, _ in open_places]
    for match, kept in open_places:
        concepts = _settle(text, match, kept, plain, starts, about, opened)
        settled.extend((match.start, match.end, concept) for concept in concepts)
        if not concepts:
            drop(match, "not_in_list")
    settled.sort()
    for start, end, concept in settled:
        mentions.extend(HazardMention(start, end, text[start:end], label) for label in _labels(concept))
    return mentions


def _about(
    text: str,
    subject: str,
    sections: Sequence[tuple[int, int, int]],
    open_places: Sequence[tuple[Match[_Sense], list[_Sense]]],
    plain: list[tuple[int, int, str]],
    starts: list[int],
) -> dict[str, Spans]:
    """The stretches whose titles name a hazard that words of other hazards may mean, and none of those."""
    others: dict[str, set[str]] = {}
    for _, kept in open_places:
        for near in (sense.id for sense in kept if sense.kind == "nearForm"):
            others.setdefault(near, set()).update(sense.id for sense in kept if sense.kind != "nearForm")
    if not others:
        return {}
    found: dict[str, list[tuple[int, int]]] = {near: [] for near in others}
    named = {sense.id for match in _matcher().longest(subject) for sense in match.values if sense.kind == "form"}
    for near, instead in others.items():
        if near in named and not named & instead:
            found[near].append((0, len(text)))
    for start, body, end in sections:
        inside = {concept for _, _, concept in plain[bisect_right(starts, start - 1) : bisect_right(starts, body - 1)]}
        for near in inside & others.keys():
            if not inside & others[near]:
                found[near].append((start, end))
    return {near: Spans(spans) for near, spans in found.items()}


def _settle(
    text: str,
    match: Match[_Sense],
    kept: list[_Sense],
    plain: list[tuple[int, int, str]],
    starts: list[int],
    about: dict[str, Spans],
    opened: list[int],
) -> list[str]:
    """The concepts that a word names where its surroundings decide."""
    near = [sense.id for sense in kept if sense.kind == "nearForm"]
    if near:
        first, last = _around(_SENTENCE_END, text, match.start, match.end)
        beside = {concept for _, _, concept in plain[bisect_right(starts, first - 1) : bisect_right(starts, last)]}
        near = [one for one in near if one in beside or (one in about and about[one].hold(match.start, match.end))]
        if near:
            return near
    named = []
    fields = any(sense.kind in {"listForm", "fieldForm"} for sense in kept)
    company = _company(text, match, starts, opened) if fields else None
    for sense in kept:
        if sense.kind in {"form", "themeForm"} and not fields:
            named.append(sense.id)
        elif sense.kind == "fieldForm" and company is not False:
            named.append(sense.id)
        elif sense.kind == "listForm" and company:
            named.append(sense.id)
    return named


def _around(mark: re.Pattern[str], text: str, start: int, end: int, reach: int = 300) -> tuple[int, int]:
    """The stretch between the marks before `start` and after `end`, at most `reach` characters either way."""
    before = [found.end() for found in mark.finditer(text, max(0, start - reach), start)]
    after = mark.search(text, end, end + reach)
    return (before[-1] if before else max(0, start - reach)), (after.start() if after else min(len(text), end + reach))


def _company(text: str, match: Match[_Sense], starts: list[int], opened: list[int]) -> bool | None:
    """Whether the word's list is one of hazards (True) or of departments (False); None where it is in no list."""
    patterns = _patterns()
    if patterns.authority.match(text, match.end):
        return False
    first, last = _around(_CLAUSE_MARK, text, match.start, match.end, 200)
    items: list[tuple[int, int]] = []
    at = first
    for mark in _LIST_MARK.finditer(text, first, last):
        items.append((at, mark.start()))
        at = mark.end()
    items.append((at, last))
    own = next((index for index, (begin, end) in enumerate(items) if begin <= match.start and match.end <= end), -1)
    if len(items) < 2 or own < 0:
        return None
    closed = next((index for index in range(own, len(items)) if "等" in text[slice(*items[index])]), len(items) - 1)
    del items[closed + 1 :]
    begin, end = items[own]
    before, after = text[begin : match.start], text[match.end : end]
    if not patterns.before_item.match(before) if own == 0 else before.strip():
        return None
    if not patterns.after_item.match(after) if own == len(items) - 1 else after.strip():
        return None
    members = fields = 0
    for index, (begin, end) in enumerate(items):
        if index != own and bisect_right(starts, end - 1) > bisect_right(starts, begin - 1):
            members += 1
        elif index != own and bisect_right(opened, end - 1) > bisect_right(opened, begin - 1):
            fields += 1
    tail = text[slice(*items[-1])]
    if (members or (fields >= 2 and not patterns.authority.search(tail))) and patterns.fields.search(tail):
        return True
    if patterns.departments.search(tail):
        return members * 2 > len(items)
    if patterns.authority.search(tail):
        return members * 2 >= len(items)
    if members == 0:
        return False if len(items) > 2 else None
    return members * 3 >= len(items)
