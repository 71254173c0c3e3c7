"""Entities of one plan: organisations, resources, hazards and regulations, with the other forms of each in the document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.extraction.annotations import NamedOwner, is_generic
from kg.extraction.bodies import at_the_scene, is_bare, label_of
from kg.extraction.citations import Title, is_regulation
from kg.extraction.hazards import HazardMention
from kg.extraction.names import SCHEME, OrganisationMention
from kg.extraction.organisations import introduced_names
from kg.extraction.resources import ResourceEntity
from kg.ontology import vocabulary
from kg.ontology.lexicon import alternation, compiled, words


@dataclass(slots=True)
class Place:
    """One place where an entity stands (cleaned offsets)."""

    start: int
    end: int
    form: str
    rule: str


@dataclass(slots=True)
class DraftEntity:
    """An entity in the making."""

    type: str
    name: str
    aliases: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        """The name and all aliases."""
        return (self.name, *self.aliases)


_WITH_SECOND_NAME = re.compile(r"(.+?)\s*[（(](.+)[)）]")


def _level() -> re.Pattern[str]:
    return compiled(SCHEME, "{levels}(?=..)")


@cache
def _shortenings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Parts of names that say the same, long to short: 委员会/委, 人民政府/政府, 应急管理/应急."""
    return tuple(
        (re.compile(alternation(one.forms) + ("$" if one.all("atEnd") == ("true",) else "")), one.label)
        for one in vocabulary("shortenings")
    )


def _local(name: str, places: Sequence[str]) -> str:
    """A name with the plan's own place cut to its level: `江北区应急管理局` -> `区应急管理局`."""
    bare = "".join(name.split())
    for place in places:
        if bare.startswith(place) and len(bare) - len(place) >= 2:
            return place[-1] + bare[len(place) :]
    return bare


def _key(name: str, places: Sequence[str]) -> str:
    """A local name with its parts shortened: `江北区应急管理局` -> `区应急局`."""
    key = _local(name, places)
    for long, short in _shortenings():
        key = long.sub(short, key)
    return key


def key_of(name: str, place: str | None) -> str:
    """What forms of one unit share in a plan of that place: 安吉县防汛抗旱指挥部 and 县防指.

    >>> key_of("安吉县防汛抗旱指挥部", "安吉县") == key_of("县防指", "安吉县")
    True
    """
    return _key(name, _own_places(place))


def _canonical(forms: Sequence[str]) -> str:
    """The form that names the unit: the longest that is no abbreviation list."""
    return max(forms, key=lambda form: (len(form), form))


def group_organisations(
    mentions: Iterable[Place], label: str, introduced: dict[str, str], places: Sequence[str], first: str | None
) -> list[DraftEntity]:
    """One entity for all forms of a unit in the document.

    Args:
        places: the names of the plan's own place, longest first (`宁波市江北区`, `江北区`).
        first: the issuer's full name, which other forms of it join.
    """
    by_form: dict[str, list[Place]] = defaultdict(list)
    for place in mentions:
        by_form["".join(place.form.split())].append(place)
    parent = {form: form for form in by_form}

    def root(form: str) -> str:
        while parent[form] != form:
            form = parent[form]
        return form

    def join(a: str, b: str) -> None:
        if a in parent and b in parent:
            parent[root(a)] = root(b)

    for short, full in introduced.items():
        join(short, full)
        for form in list(by_form):
            if form != short and form.startswith(short) and full + form[len(short) :] in by_form:
                join(form, full + form[len(short) :])
    keys = {form: _key(form, places) for form in by_form}
    by_key: dict[str, list[str]] = defaultdict(list)
    for form, key in keys.items():
        by_key[key].append(form)
    for same in by_key.values():
        for other in same[1:]:
            join(other, same[0])
    # A form without level joins the one form with a level and the same rest: 减灾委 and 省减灾委.
    bare: dict[str, set[str]] = defaultdict(set)
    for form, key in keys.items():
        level = _level().match(key)
        if level and len(level.group()) == 1:
            bare[key[level.end() :]].add(form)
    for form, key in keys.items():
        if _level().match(key):
            continue
        candidates = bare.get(key, set())
        own = {whole for whole in candidates if places and keys[whole].startswith(places[0][-1])}
        wholes = {root(whole) for whole in own or candidates}
        if len(wholes) == 1:
            join(form, next(iter(wholes)))
    for form, whole in _short_bodies(by_form, places, root):
        join(form, whole)
    if label == "Committee":
        for same in _same_bodies(by_form, places):
            for other in same[1:]:
                join(other, same[0])
        for form, whole in _ends_of_bodies(by_form, root):
            join(form, whole)
    groups: dict[str, list[str]] = defaultdict(list)
    for form in by_form:
        groups[root(form)].append(form)
    result = []
    for forms in groups.values():
        name = first if first in forms else _canonical(forms)
        assert name is not None
        found = sorted((place for form in forms for place in by_form[form]), key=lambda place: place.start)
        aliases = tuple(
            form for form in dict.fromkeys(sorted(forms, key=lambda form: by_form[form][0].start)) if form != name
        )
        result.append(DraftEntity(label, name, aliases, tuple(found)))
    return result


def _short_bodies(forms: Iterable[str], places: Sequence[str], root: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Forms that are a level and the bare ending of a body, with the one body of that level that ends so.

    市指挥部 is 市道路交通应急指挥部 in a plan that names no other headquarters of the city.
    """
    keys = {form: _local(form, places) for form in forms}
    short = {form: level for form, key in keys.items() if (level := _bare_body(key))}
    for form, level in short.items():
        ending = keys[form].removeprefix(level)
        wholes = {
            root(other): other
            for other, key in keys.items()
            if other not in short
            and key.startswith(level)
            and key.endswith(ending)
            and not at_the_scene().search(other)
        }
        if len(wholes) == 1:
            yield form, next(iter(wholes.values()))


def _same_bodies(forms: Iterable[str], places: Sequence[str]) -> list[list[str]]:
    """Names of one standing body, or of its office, by the vocabulary of bodies: 县森防办 and 县森防指办公室."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for form in forms:
        key = _local(form, places)
        for at in range(len(key)):
            if role := _body_names().get(key[at:]):
                groups[(key[:at], *role)].append(form)
                break
    for (front, concept, kind), short in list(groups.items()):
        whole = [key for key in groups if key[:2] == (front, concept) and key[2] not in ("short", "office")]
        if kind == "short" and len(whole) == 1:
            groups[whole[0]] += short  # 县森防指 and 县森林防灭火指挥部
    return list(groups.values())


@cache
def _body_names() -> dict[str, tuple[str, str]]:
    """Names of bodies and offices, each with its concept and what it is (a body by its ending)."""
    rows: dict[str, tuple[str, str]] = {}
    for concept in vocabulary("bodies"):
        if concept.all("classWord") or concept.all("ofSeveral"):
            continue
        for form in concept.forms:
            kind = next((end for end in words(SCHEME, "bare-bodies") if form.endswith(end)), "short")
            rows.setdefault(form, (concept.id, kind))
            rows.setdefault(form + words("agents", "office")[0], (concept.id, "office"))
        for form in concept.all("officeForm"):
            rows[form] = (concept.id, "office")
    return rows


def _ends_of_bodies(forms: Iterable[str], root: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Forms without a level that end one other body's name: 专家委员会 and 省减灾委专家委员会, 现场指挥部 and 抗震救灾现场指挥部."""
    named = list(forms)
    for form in named:
        if len(form) < 5 or _level().match(form) or form in _of_several():
            continue
        wholes = {
            root(other): other
            for other in named
            if other != form and other.endswith(form) and not _class_front().match(other)
        }
        if len(wholes) == 1:
            yield form, next(iter(wholes.values()))


@cache
def _of_several() -> frozenset[str]:
    """Names of which a place has several: 应急指挥部, 专业委员会."""
    return frozenset(form for concept in vocabulary("bodies") for form in concept.all("ofSeveral"))


def _class_front() -> re.Pattern[str]:
    return compiled(SCHEME, "{class-scopes}")


def definite_bodies(text: str, mentions: Sequence[OrganisationMention], place: str | None) -> list[OrganisationMention]:
    """The mentions with `指挥部` and the like as the one body of the plan that it is short for.

    Such a word is a name where the text introduces it (`以下简称“领导小组”`), or where the plan has one body alone that ends
    so, of its own level if it names several; bodies at the scene of an event do not count. Its office likewise.
    """
    places = _own_places(place)
    introduced = introduced_names(text, mentions)
    offices = words("agents", "office")
    result = list(mentions)
    committees: dict[str, OrganisationMention] = {}
    for mention in mentions:
        if mention.label == "Committee":
            committees.setdefault(mention.form, mention)
    short = [form for form in introduced if is_bare(form)]
    for bare in dict.fromkeys([*words(SCHEME, "definite-bodies"), *short]):
        wholes: dict[str, OrganisationMention] = {}
        for form, mention in committees.items():
            if form.endswith(bare) and not at_the_scene().search(form):
                wholes.setdefault(_key(form, places), mention)
        own = {key: mention for key, mention in wholes.items() if places and key.startswith(places[0][-1])}
        full = next((mention for mention in wholes.values() if mention.form == introduced.get(bare)), None)
        if full is None and len(own or wholes) == 1:
            full = next(iter((own or wholes).values()))
        if full is None:
            continue
        for number, mention in enumerate(mentions):
            office = next((office for office in offices if mention.form == bare + office), "")
            if (
                mention.generic
                and mention.start > full.start
                and (mention.form == bare or office)
                and not _set_up_there().search(text, max(0, mention.start - 4), mention.start)
            ):
                result[number] = replace(mention, names=(full.names[0] + office,), label="Committee", generic=False)
    return result


def _set_up_there() -> re.Pattern[str]:
    return compiled(SCHEME, r"{setting-up+setting-up-groups+class-scopes}\Z")


def _bare_body(key: str) -> str | None:
    """The level of a name that is a level and the bare ending of a body (市指挥部), None for others."""
    level = _level().match(key)
    return level.group() if level and key[level.end() :] in words(SCHEME, "bare-bodies") else None


def _short_for(organisations: Sequence[OrganisationMention]) -> dict[str, str]:
    """Words that a plan uses for one body alone, with its name: 指挥部, 专班办公室; not 办公室, which every body has."""
    names: dict[str, set[str]] = defaultdict(set)
    for mention in organisations:
        if mention.label == "Committee" and not mention.generic and len(mention.names) == 1:
            names[mention.form].add(mention.names[0])
    offices = words("agents", "office", "secretariat")
    return {
        form: name
        for form, (name, *others) in names.items()
        if not others and name != form and name.endswith(form) and form not in offices
    }


def find_entities(
    organisations: Sequence[OrganisationMention],
    owners: Sequence[NamedOwner],
    resources: Sequence[ResourceEntity],
    hazards: Sequence[HazardMention],
    titles: Sequence[Title],
    text: str,
    issuer: str | None,
    place: str | None,
    own_title: str | None,
    counted: Callable[[int], bool],
) -> list[DraftEntity]:
    """All entities of a document.

    Args:
        counted: whether a position lies in the plan's content (not in its page header, table of contents, …).
    """
    introduced = introduced_names(text, organisations)
    for mention in organisations:
        second = _WITH_SECOND_NAME.fullmatch(mention.form)
        if second and mention.names == (second.group(1),):
            introduced[second.group(2)] = second.group(1)
            introduced["".join(mention.form.split())] = second.group(1)
    short = _short_for(organisations)
    places = _own_places(place)
    rows: dict[str, dict[tuple[int, int, str], Place]] = {"Agency": {}, "Committee": {}, "Team": {}}
    quoted = _quoted(text)
    generic = cache(is_generic)  # a plan names its units again and again
    for mention in organisations:
        if mention.generic or not counted(mention.start) or quoted(mention.start):
            continue
        for name in mention.names:
            if not generic(name):
                bracket = mention.form.endswith((")", "）")) and re.search(r"[（(](.+)[)）]$", mention.form)
                if bracket and mention.form.startswith(name):
                    inner = mention.start + bracket.start(1)
                    rows[mention.label][(inner, mention.end - 1, bracket.group(1))] = Place(
                        inner, mention.end - 1, bracket.group(1), "organisation"
                    )
                    rows[mention.label][(mention.start, mention.end, mention.form)] = Place(
                        mention.start, mention.end, mention.form, "organisation"
                    )
                rows[mention.label][(mention.start, mention.end, name)] = Place(
                    mention.start, mention.end, name, "organisation"
                )
    for owner in owners:
        if not owner.generic:
            rows[owner.label].setdefault(
                (owner.start, owner.end, owner.name), Place(owner.start, owner.end, owner.name, "owner")
            )
    result: list[DraftEntity] = []
    if issuer:
        at = text.find(issuer)
        if at >= 0:
            kind = label_of(issuer)
            rows[kind].setdefault((at, at + len(issuer), issuer), Place(at, at + len(issuer), issuer, "issuer"))
    rows["Committee"].update(_bodies_of_offices(rows["Committee"], places))
    for label, found in rows.items():
        for entity in group_organisations(found.values(), label, introduced, places, issuer):
            also = tuple(form for form, name in short.items() if name in entity.forms and form not in entity.forms)
            result.append(replace(entity, aliases=(*entity.aliases, *also)))
    for resource in resources:
        spots = tuple(Place(m.start, m.end, m.form, "resource") for m in resource.mentions)
        result.append(DraftEntity(resource.type, resource.name, resource.aliases, spots))
    by_label: dict[str, list[HazardMention]] = defaultdict(list)
    for hazard in hazards:
        if counted(hazard.start):
            by_label[hazard.label].append(hazard)
    others = {
        form for entity in result for form in entity.forms
    }  # 防火隔离带 tells of forest fires but is no name of theirs
    for label, named in by_label.items():
        aliases = tuple(form for form in dict.fromkeys(m.form for m in named) if form != label and form not in others)
        result.append(
            DraftEntity("Hazard", label, aliases, tuple(Place(m.start, m.end, m.form, "hazard") for m in named))
        )
    by_title: dict[str, list[Title]] = defaultdict(list)
    for title in titles:
        bare = re.sub(r"\s", "", title.text)
        if (
            (counted(title.start) or _repeals(text, title.end))
            and is_regulation(bare)
            and bare != re.sub(r"\s", "", own_title or "")
        ):
            by_title[bare].append(title)
    for name, cited in by_title.items():
        result.append(DraftEntity("Regulation", name, (), tuple(Place(t.start, t.end, t.text, "title") for t in cited)))
    return _merged(result)


def _repeals(text: str, end: int) -> bool:
    """Whether a title is that of what a plan repeals, which the notice that transmits it may say: 原《…》同时废止."""
    return compiled("passages", r"》?[^。；;\n]{0,30}{repealing}").match(text, end) is not None


def _bodies_of_offices(
    committees: Mapping[tuple[int, int, str], Place], places: Sequence[str]
) -> dict[tuple[int, int, str], Place]:
    """The bodies that a plan names only through their offices: 县森林防灭火指挥部 by 县森林防灭火指挥部办公室."""
    named = {_key(place.form, places) for place in committees.values()}
    found = {}
    for office in words("agents", "office"):
        for place in committees.values():
            body = place.form.removesuffix(office)
            if (
                body != place.form
                and body.endswith(words("relations", "bodies-named-by-offices"))
                and not is_bare(body)
                and re.fullmatch(r"[\u4e00-\u9fff*×]+", body)
                and _key(body, places) not in named
            ):
                whole = Place(place.start, place.start + len(body), body, "body_of_office")
                found[whole.start, whole.end, body] = whole
    return found


def _merged(entities: list[DraftEntity]) -> list[DraftEntity]:
    """Entities of one type and name are one."""
    found: dict[tuple[str, str], DraftEntity] = {}
    for entity in entities:
        key = (entity.type, entity.name)
        if key in found:
            old = found[key]
            aliases = tuple(dict.fromkeys([*old.aliases, *entity.aliases]))
            spots = tuple({(p.start, p.end, p.form): p for p in [*entity.places, *old.places]}.values())
            spots = tuple(sorted(spots, key=lambda place: (place.start, place.end, place.form)))
            found[key] = DraftEntity(entity.type, entity.name, aliases, spots)
        else:
            found[key] = entity
    return list(found.values())


def _own_places(place: str | None) -> list[str]:
    """`宁波市江北区` -> [宁波市江北区, 江北区]."""
    if not place:
        return []
    parts = re.findall(r"[^省市县区州盟旗镇乡]+(?:自治[区州县旗]|[省市县区州盟旗镇乡])", place)
    return ["".join(parts[index:]) for index in range(len(parts))] or [place]


def _quoted(text: str) -> Callable[[int], bool]:
    """Whether a position lies inside 《》."""
    spans = [(found.start(), found.end()) for found in re.finditer(r"《[^》\n]*》", text)]
    starts = [start for start, _ in spans]

    def inside(at: int) -> bool:
        index = bisect_right(starts, at) - 1
        return index >= 0 and at < spans[index][1]

    return inside
