"""Units: which organisation, team or thing a name of a plan means.

A name is settled in this order:

1. the user's list of aliases;
2. national organs (国务院, 应急部, 国家防总), one over all plans, of the place 中国;
3. a division in front of the name: the plan's own or one above it, another of the table, a town of the plan's district;
4. a short name of the plan's place, or of one above it, in front or inside (云溪公安分局, 市公安局云溪分局, 浙防指, 国网云溪供电公司);
5. a level word (市应急局): the division of that level above the plan's place; 市局 is that division's department of the issuer's field;
6. nothing in front: a section (协调科) is the issuer's; a body of which a place has several (现场指挥部) is the plan's;
   all others are of the plan's own place.

What then is left of the name is compared by its key (`kg.store.names`). A name that cannot be settled belongs to its
plan alone, with a reason code:

| reason | what |
|---|---|
| no_place | the plan does not say which place it is of |
| ambiguous_place | the place is one of several divisions of that name |
| unknown_division | the division in front of the name is not in the table, nor is it the plan's |
| level_not_in_place | the level word names a division above the plan's place that is not known |
| one_of_several | a place has several bodies of this name |
| section_without_unit | a section whose organ the plan does not name |
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from kg.ontology.departments import department
from kg.ontology.lexicon import words
from kg.store.aliases import Aliases
from kg.store.identity import unit_id
from kg.store.names import key_of, known_key, level_inside, national, normalise, of_several
from kg.store.places import COUNTRY, Settled, known_prefix, levels, place_level, settle_place, stem

__all__ = ["REASONS", "Names", "Unit"]

REASONS = (
    "no_place",
    "ambiguous_place",
    "unknown_division",
    "level_not_in_place",
    "one_of_several",
    "section_without_unit",
)
_ORGANISED = ("Agency", "Committee")
_RANKS = ("country", "province", "city", "county", "township")


@dataclass(frozen=True, slots=True)
class Unit:
    """What a name means.

    `scope` is what the unit belongs to: a place's full name, the plan's id, or the id of the unit above it; `key` what
    it is there. `place` is the full name of its place, `level` the level of the division that it works for, `unsettled`
    a reason code, all None where they do not apply. `explicit` tells whether the name itself says whose it is.
    """

    scope: str
    key: str
    place: str | None = None
    level: str | None = None
    unsettled: str | None = None
    explicit: bool = False

    @property
    def known(self) -> bool:
        """Whether the vocabularies know the name."""
        return self.key.startswith(("dept:", "was:", "body:", "office:body:", "organ:"))


@dataclass(slots=True)
class Names:
    """The names of one plan.

    Args:
        plan: the plan's id.
        place: its place, None where it is not known.
        issuer: the issuer's name as written.
        aliases: the user's list.
    """

    plan: str
    place: Settled | None
    issuer: str | None = None
    aliases: Aliases = field(default_factory=Aliases)
    _seen: dict[tuple[str, str], Unit] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[str, ...]:
        """The divisions of the plan's place, outermost first."""
        return self.place.parts if self.place else ()

    @property
    def scope(self) -> str:
        """What a name without a place belongs to: the place where it is settled, else the plan."""
        return self.place.name if self.place and self.place.shared else self.plan

    @property
    def unsettled(self) -> str | None:
        """Why the plan's own place is not settled."""
        if self.place is None:
            return "no_place"
        return "ambiguous_place" if not self.place.shared else None

    def unit(self, label: str, name: str) -> Unit:
        """The unit that a name stands for on a node of this label."""
        written = normalise(name)
        key = (label, written)
        if key not in self._seen:
            found = self._unplaced(label, written) or self._unit(label, written)
            self._seen[key] = self.aliases.target(label, found) or found
        return self._seen[key]

    def _unplaced(self, label: str, name: str) -> Unit | None:
        alias = self.aliases.unplaced(name) if self.unsettled else None
        if alias is None:
            return None
        same, place = alias
        return replace(Names(self.plan, settle_place(place)).unit(label, same), explicit=True)

    def _unit(self, label: str, name: str) -> Unit:
        rest = national(name) if label in _ORGANISED else None
        if rest is not None:
            return Unit(COUNTRY, key_of(label, rest), COUNTRY, "country", explicit=True)
        if self.place is not None and name == "".join(self.parts):
            return self._at(len(self.parts), label, name, explicit=True)
        for find in (
            self._inside,
            self._branch,
            self._own_division,
            self._other_division,
            self._short_name,
            self._level_word,
        ):
            found = find(label, name)
            if found is not None:
                return found
        return self._bare(label, name)

    def _at(self, known: int, label: str, rest: str, *, explicit: bool) -> Unit:
        """The unit `rest` of the plan's place or, with fewer than all parts, of a division above it."""
        whole = known == len(self.parts)
        parts = self.parts[:known]
        place = self.place if whole and self.place else settle_place("".join(parts))
        reason = None if place.shared else "ambiguous_place"
        scope = place.name if place.shared else self.plan if whole else f"{self.plan}/{place.name}"
        if of_several(rest) and label == "Committee":
            scope, reason = self.plan, reason or _several(rest)
        if label == "Agency" and (inner := _section_of(rest)):
            if known_key(inner):
                rest = inner
            else:
                above = unit_id("Agency", self._at(known, label, rest.removesuffix(inner), explicit=True))
                return Unit(above, inner, place.name, place.level, reason, explicit)
        return Unit(scope, key_of(label, rest), place.name, place.level, reason, explicit)

    # names that say whose they are

    def _own_division(self, label: str, name: str) -> Unit | None:
        parts = self.parts
        bare = name.removeprefix("中共")
        for last in range(len(parts), 0, -1):
            for prefix in _prefixes(parts[:last]):
                rest = bare.removeprefix(prefix)
                if rest != bare and (len(rest) > 1 or known_key(rest)):
                    if bare != name and rest == "委员会":
                        rest = "委"
                    return self._division_below(last, label, rest) or self._at(last, label, rest, explicit=True)
        return None

    def _division_below(self, last: int, label: str, rest: str) -> Unit | None:
        """A unit of a division below the plan's place that the name gives in full: 宁波市鄞州区水利局 in a plan of 宁波市."""
        size = known_prefix(rest)
        below = rest[size:]
        if not size or not below or rest[:size] in self.parts:
            return None
        place = settle_place("".join(self.parts[:last]) + rest[:size])
        if place.adcode is None:
            return None
        return Unit(place.name, key_of(label, below), place.name, place.level, None, explicit=True)

    def _other_division(self, label: str, name: str) -> Unit | None:
        """A unit of a division that is not above the plan's place."""
        size, step = 0, known_prefix(name)
        while step:
            size += step
            step = known_prefix(name[size:])
        rest = name[size:]
        if size and rest and (len(rest) > 1 or known_key(rest)) and not _no_division(name[:size]):
            place = self._nearest(settle_place(name[:size]))
            scope = place.name if place.shared else f"{self.plan}/{place.name}"
            reason = None if place.shared else "ambiguous_place"
            return Unit(scope, key_of(label, rest), place.name, place.level, reason, explicit=True)
        match = _unknown_division().match(name)
        if match is None or not known_key(match["rest"]) or _no_division(match["place"]):
            return None
        division, rest = match["place"], match["rest"]
        level = place_level(division)
        if level == "township" and self.place is not None and self.place.level == "county":
            place = settle_place(self.place.name + division)
            scope = place.name if self.place.shared else f"{self.plan}/{place.name}"
            reason = None if self.place.shared else "ambiguous_place"
            return Unit(scope, key_of(label, rest), place.name, "township", reason, explicit=True)
        return Unit(f"{self.plan}/{division}", key_of(label, rest), division, level, "unknown_division", explicit=True)

    def _nearest(self, place: Settled) -> Settled:
        """Of several divisions of a name the one that lies nearest to the plan's place: in its city or its province."""
        if not place.candidates or self.place is None or self.place.candidates:
            return place
        settled = [settle_place(candidate) for candidate in place.candidates]
        near = [sum(part in self.parts for part in one.parts[:-1]) for one in settled]
        best = max(near)
        return settled[near.index(best)] if best and near.count(best) == 1 else place

    def _branch(self, label: str, name: str) -> Unit | None:
        """A branch that a department of the city has in a district: 市公安局云溪分局 is the district's 公安分局."""
        branch_end = words("organisations", "branch-ends")[0]
        branch = name.removesuffix(branch_end)
        if branch == name or label not in _ORGANISED:
            return None
        for last in range(len(self.parts), 0, -1):
            part = self.parts[last - 1]
            above = branch.removesuffix(part).removesuffix(stem(part))
            if above not in (branch, ""):
                inner = self._unit(label, above)
                if inner.key.startswith("dept:") and inner.explicit and inner.key.endswith(("局", "委")):
                    return self._at(last, label, f"{_field_words(inner.key)}{branch_end}", explicit=True)
        return None

    def _short_name(self, label: str, name: str) -> Unit | None:
        if label not in _ORGANISED:
            return None
        for last in range(len(self.parts), 0, -1):
            part = self.parts[last - 1]
            short = stem(part)
            if len(short) > 1 and name.startswith(short) and len(name) > len(short) + 1:
                return self._at(last, label, name.removeprefix(short), explicit=True)
            for letter in _letters(part):
                if name.startswith(letter) and (known_key(name[1:]) or "").startswith(("body:", "office:body:")):
                    return self._at(last, label, name[1:], explicit=True)
        return None

    def _inside(self, label: str, name: str) -> Unit | None:
        """An organ that holds its level or place inside: 团市委, 共青团宁波市委."""
        for front, back, key in level_inside():
            middle = name.removeprefix(front).removesuffix(back)
            if len(middle) + len(front) + len(back) != len(name) or not middle:
                continue
            place = self._unit(label, f"{middle}委")
            if place.explicit and place.key == "organ:party-committee":
                return replace(place, key=key)
        return None

    def _level_word(self, label: str, name: str) -> Unit | None:
        organised = label in _ORGANISED
        own = self.place.name if self.place else None
        for concept in levels():
            level = concept.all("level")[0]
            for word in concept.forms:
                rest = name.removeprefix(word)
                if rest == name or not rest or rest.startswith(concept.all("notBefore")):
                    continue
                if organised and name.startswith(_class_openings()) and not known_key(rest):
                    continue
                if len(rest) == 1 and not (known_key(rest) or rest in _bare_heads()):
                    continue
                suffixes = (word, *(end for end in concept.all("placeSuffix") if end not in concept.forms))
                last = next((at for at in range(len(self.parts), 0, -1) if self.parts[at - 1].endswith(suffixes)), 0)
                rest = self._sister(rest)
                if last:
                    return self._at(last, label, rest, explicit=True)
                below = self.place is not None and self._rank() < _RANKS.index(level)
                if not organised:
                    return None
                if below:
                    return Unit(self.plan, f"{word}/{key_of(label, rest)}", own, level)
                reason = "level_not_in_place" if self.place is not None else "no_place"
                return Unit(f"{self.plan}/{word}", key_of(label, rest), None, level, reason, explicit=True)
        if organised and name.startswith(_class_openings()):
            return Unit(self.plan, key_of(label, name), own)
        return None

    def _rank(self) -> int:
        """How deep the plan's place lies, by its lowest known level."""
        level = self.place.level if self.place else None
        return _RANKS.index(level) if level in _RANKS else len(_RANKS)

    def _sister(self, rest: str) -> str:
        """市局, 省厅: the department of the issuer's field, where the issuer is one."""
        if rest not in _bare_heads() or rest == "委" or not self.issuer:
            return rest
        found = department(normalise(self.issuer))
        if found is None:
            return rest
        from kg.ontology import vocabulary

        return f"{vocabulary('agencies')[found[1]].forms[0]}{rest}"

    # names that do not say whose they are

    def _bare(self, label: str, name: str) -> Unit:
        place = self.place.name if self.place else None
        level = self.place.level if self.place else None
        for last in range(len(self.parts), 0, -1) if label in _ORGANISED else ():
            if len(stem(self.parts[last - 1])) > 1 and stem(self.parts[last - 1]) in name:
                return self._at(last, label, name, explicit=True)
        if label == "Committee" and of_several(name):
            return Unit(self.plan, key_of(label, name), place, level, _several(name))
        if label == "Agency" and not known_key(name) and (name.endswith(_sections()) or of_several(name)):
            above = self._issuing()
            if above is not None:
                return Unit(above, name, place, level)
            return Unit(self.plan, name, place, level, "section_without_unit")
        return Unit(self.scope, key_of(label, name), place, level, self.unsettled)

    def _issuing(self) -> str | None:
        """The id of the issuer, where it is a department, which has sections."""
        if not self.issuer or department(normalise(self.issuer)) is None:
            return None
        return unit_id("Agency", self.unit("Agency", self.issuer))


@cache
def _section_of(name: str) -> str | None:
    """The section that a department's name is followed by.

    >>> _section_of("应急管理局救援科"), _section_of("应急管理局"), _section_of("公安局交警支队")
    ('救援科', None, '交警支队')
    """
    if known_key(name) or not name.endswith(words("organisations", "inner-units")):
        return None
    by_field = words("organisations", "departments-by-field")
    for end in range(len(name) - 2, 1, -1):
        if (known_key(name[:end]) or "").startswith("dept:") and not name[:end].endswith(by_field):
            return name[end:]
    return None


def _several(name: str) -> str | None:
    """Working groups are set up by each plan; headquarters may be a known one."""
    return None if name.endswith(words("organisations", "groups")) else "one_of_several"


@cache
def _prefixes(parts: tuple[str, ...]) -> tuple[str, ...]:
    """How names begin that name the last of these divisions, with or without those above it; 恩施州 for an autonomous one."""
    from kg.store.places import short_division

    short = tuple(map(short_division, parts))
    both = (form[first:] for first in range(len(parts)) for form in (parts, short))
    return tuple(dict.fromkeys("".join(form) for form in both))


@cache
def _letters(part: str) -> tuple[str, ...]:
    """One-character names of a division: 湘, 甬, and the first character of any other."""
    from kg.ontology import vocabulary

    known = [form for concept in vocabulary("places") if concept.label == part for form in concept.forms]
    return tuple(form for form in (*known, part[0]) if len(form) == 1)


@cache
def _field_words(key: str) -> str:
    from kg.ontology import vocabulary

    return vocabulary("agencies")[key.split(":")[1]].forms[0]


@cache
def _class_openings() -> tuple[str, ...]:
    from kg.ontology import vocabulary

    return vocabulary("scopes")["class-opening"].forms


@cache
def _bare_heads() -> tuple[str, ...]:
    from kg.ontology import vocabulary

    return vocabulary("scopes")["bare-head"].forms


@cache
def _sections() -> tuple[str, ...]:
    from kg.ontology import vocabulary

    return vocabulary("scopes")["section"].forms


@cache
def _unknown_division() -> re.Pattern[str]:
    """A division that the table does not know, by its form: one to four characters and an ending."""
    endings = sorted(
        {end for concept in levels() for end in concept.all("placeSuffix")}, key=lambda end: (-len(end), end)
    )
    return re.compile(rf"(?P<place>[\u4e00-\u9fff]{{1,4}}?(?:{'|'.join(endings)}))(?P<rest>.+)")


@cache
def _no_division(name: str) -> bool:
    from kg.ontology import vocabulary

    scopes = vocabulary("scopes")
    words = {word for concept in levels() for word in concept.forms}
    none = scopes["no-division"].forms
    return name in words or name in scopes["zone"].forms or name.endswith(none) or name.startswith(_class_openings())
