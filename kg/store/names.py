"""What a unit's name says without its place: names with the same key, in one place, are the same unit.

A key is one of:

| key | names |
|---|---|
| `dept:` with field and ending | 市应急局, 市应急管理局 |
| `was:` with field, word and ending | departments of before a reform: 安监局, 安全生产监督管理局 |
| `body:` with the coordinating body | 安委会, 安全生产委员会; a body and its older name are one |
| `office:` with the key of the body that it serves | 安委办, 安委会办公室 |
| `organ:` with the organ | 政府, 人民政府 |
| the name itself | all others |
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kg.ontology.departments import department, former_key, formerly
from kg.ontology.lexicon import pattern, words

__all__ = ["former_name", "key_of", "known_key", "national", "normalise", "of_several"]

_ORGANISED = ("Agency", "Committee")
_SCHEME = "organisations"
"""The vocabulary of the words of organisations' names."""


def normalise(text: str) -> str:
    """The form in which names are compared: NFKC, no white space, round brackets alike, no 《》 around.

    >>> normalise("《安全生产法》"), normalise("应消站( 所 )") == normalise("应消站(所)")
    ('安全生产法', True)
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if text.startswith("《") and text.endswith("》") and text.count("《") == 1:
        text = text[1:-1]
    return text


@cache
def known_key(name: str) -> str | None:
    """The key of a name (without level and place) that the vocabularies know.

    >>> known_key("应急局") == known_key("应急管理局"), known_key("安委办") == known_key("安全生产委员会办公室")
    (True, True)
    >>> known_key("减灾委") == known_key("防灾减灾救灾委员会"), known_key("委宣传部") == known_key("宣传部")
    (True, True)
    >>> known_key("公安部门") == known_key("公安局"), known_key("协调科")
    (False, None)
    """
    if name in _bodies():
        return _bodies()[name]
    for ending in words(_SCHEME, "office-ends"):
        base = name.removesuffix(ending)
        if base != name and base in _bodies() and not _bodies()[base].startswith("office:"):
            return f"office:{_bodies()[base]}"
    if name in _organs():
        return f"organ:{_organs()[name]}"
    if name in _national_organs():
        return f"organ:{_national_organs()[name]}"
    branch_end = words(_SCHEME, "branch-ends")[0]
    branch = name.removesuffix(branch_end)
    found = department(f"{branch}局" if branch != name else name)
    if found and found[0] == "":
        return f"dept:{found[1]}:{branch_end if branch != name else found[2]}"
    if was := former_key(name):
        return was
    for front in words(_SCHEME, "organs-in-front"):
        rest = name.removeprefix(front)
        if (
            rest != name
            and len(rest) > 1
            and (inner := known_key(rest))
            and inner.startswith(("dept:", "organ:", "was:"))
        ):
            return inner
    return None


def key_of(label: str, name: str) -> str:
    """The key of any name, without level and place, of a node with this label.

    >>> key_of("Agency", "卫健委"), key_of("Committee", "专项整治指挥部办公室"), key_of("Supply", "排水泵")
    ('dept:health:委', 'office:专项整治指挥部', '排水泵')
    """
    if label not in _ORGANISED:
        return name
    known = known_key(name)
    if known:
        return known
    if label == "Committee":
        for ending in words(_SCHEME, "office-ends"):
            base = name.removesuffix(ending)
            if base != name and len(base) > 2:
                return f"office:{key_of(label, base)}"
    return name


@cache
def _bodies() -> dict[str, str]:
    """Names of coordinating bodies and their offices, with their keys; of a renamed body the key of its latest name.

    A body of another kind than its concept (a leading group beside a headquarters) is another unit.
    """
    from kg.ontology import vocabulary

    bodies = vocabulary("bodies")
    found: dict[str, str] = {}
    for concept in bodies:
        if concept.all("classWord") == ("true",):
            continue
        last = concept.id
        seen = {last}
        while (after := bodies[last].all("renamedTo")) and after[0] not in seen:
            last = after[0]
            seen.add(last)
        own = _kind(concept.label)
        for form in concept.forms:
            if form not in concept.all("ofSeveral"):
                kind = _kind(form)
                found.setdefault(form, f"body:{last}" + (f":{kind}" if kind and kind != own else ""))
        for form in concept.all("officeForm"):
            ends = words(_SCHEME, "office-ends")
            base = next((form.removesuffix(end) for end in ends if form.removesuffix(end) in found), None)
            found.setdefault(form, f"office:{found[base]}" if base else f"office:body:{last}")
    return found


def _kind(name: str) -> str | None:
    """The ending of a body that is another unit than the committee or headquarters of the same purpose."""
    return next((kind for kind in words(_SCHEME, "other-bodies") if name.endswith(kind)), None)


@cache
def of_several(name: str) -> bool:
    """Whether a body's name is one that a place has several of: such a name is of its plan alone.

    >>> of_several("现场指挥部"), of_several("综合协调组"), of_several("防汛抗旱指挥部")
    (True, True, False)
    """
    from kg.ontology import vocabulary

    if name in words(_SCHEME, "bare-bodies"):
        return True
    ends = words(_SCHEME, "office-ends")
    for concept in vocabulary("bodies"):
        forms = concept.forms if concept.all("classWord") == ("true",) else concept.all("ofSeveral")
        if name in forms or any(name == form + end for form in forms for end in ends):
            return True
    return name.endswith(words(_SCHEME, "groups")) and not name.endswith(vocabulary("bodies")["leading-group"].label)


@cache
def _organs() -> dict[str, str]:
    from kg.ontology import vocabulary

    organs = (concept for concept in vocabulary("organs") if concept.all("national") != ("true",))
    return {form: concept.id for concept in organs for form in concept.forms}


@cache
def _national_organs() -> dict[str, str]:
    from kg.ontology import vocabulary

    organs = (concept for concept in vocabulary("organs") if concept.all("national") == ("true",))
    return {form: concept.id for concept in organs for form in concept.forms}


@cache
def level_inside() -> tuple[tuple[str, str, str], ...]:
    """Names that hold the level or place inside: what stands before it, what after, and the organ's key."""
    from kg.ontology import vocabulary

    return tuple(
        (*pair.split("|", 1), f"organ:{concept.id}")  # type: ignore[misc]
        for concept in vocabulary("organs")
        for pair in concept.all("levelInside")
    )


@cache
def _national_organ() -> re.Pattern[str]:
    """An organ of the State whatever its field; with two endings (国家税务总局宁波市税务局) it is a branch in a place."""
    return re.compile(f"{pattern(_SCHEME, 'state-fronts')}[^局委署级]{{2,14}}{pattern(_SCHEME, 'state-ends')}")


@cache
def national(name: str) -> str | None:
    """What a national organ's name says without the words for the country; None for a name that is no such organ's.

    >>> national("国家防总"), national("应急部"), national("国务院安委会"), national("市场监管总局"), national("国家发展改革委")
    ('防总', '应急部', '安委会', '市场监管总局', '发展改革委')
    >>> national("宣传部"), national("省应急厅"), national("国家级森林公园管理处")
    (None, None, None)
    """
    from kg.ontology import vocabulary

    if name in _national_organs():
        return name
    prefixes = sorted(vocabulary("scopes")["national-prefix"].forms, key=len, reverse=True)
    for prefix in prefixes:
        rest = name.removeprefix(prefix)
        if rest != name and rest and known_key(rest):
            return rest
    if _national_organ().fullmatch(name):
        return name.removeprefix(words(_SCHEME, "state-fronts")[0])
    if name.startswith(vocabulary("scopes")["national-front"].forms):
        return name
    if name.endswith(words(_SCHEME, "ministry-ends")):
        found = department(name) or formerly(name)
        if found and found[0] == "" and not _of_the_party(found[1]):
            return name
    return None


@cache
def _of_the_party(field: str) -> bool:
    from kg.ontology import vocabulary

    return vocabulary("agencies")[field].all("partyDepartment") == ("true",)


@cache
def former_name(name: str, key: str) -> str | None:
    """Of a body's name of before a renaming: the name with the date of the renaming, as far as known.

    Args:
        name: as a plan writes it, with level and place.
        key: its key.

    >>> former_name("省减灾委", "body:disaster-committee"), former_name("省防减救灾委", "body:disaster-committee")
    ('省减灾委 (until 2023/2024, unverified)', None)
    """
    ending = next((end for end in _renamed() if name.endswith(end) and known_key(end) == key), None)
    return f"{name} (until {_renamed()[ending]})" if ending else None


@cache
def _renamed() -> dict[str, str]:
    """Older names of bodies, longest first, with the date."""
    from kg.ontology import vocabulary

    found = {
        form: ("/".join(concept.all("renamedOn")) or "date unknown") + (", unverified" if concept.unverified else "")
        for concept in vocabulary("bodies")
        if concept.all("renamedTo")
        for form in (*concept.forms, *concept.all("officeForm"))
    }
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0])))
