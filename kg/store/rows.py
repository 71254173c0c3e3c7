"""From Facts to the rows of nodes and relationships: a pure function, the same for every store."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from kg.extraction.facts import Entity, Evidence, Facts, Target
from kg.ontology.lexicon import words
from kg.store import identity
from kg.store.aliases import Aliases
from kg.store.names import former_name
from kg.store.places import COUNTRY, COUNTRY_CODE, Settled, settle_place, settle_plan
from kg.store.units import Names, Unit

__all__ = ["OWN_LABELS", "Dropped", "PlanRows", "merge", "plan_rows"]

OWN_LABELS = ("Plan", "Section", "Task", "Group", "Target")
"""Labels whose nodes belong to one plan; nodes of all others are shared and go when no plan rests on them any more."""

ORGANISATIONS = ("Agency", "Committee", "Team", "Group")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A fact that the graph does not take: `reason` is `pair_not_in_schema` or `alias_of_another_place`."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class PlanRows:
    """One plan's rows.

    `own` and `shared` map a label to nodes; `relationships` maps (type, FROM label, TO label) to rows with `source` and
    `target` (ids) and properties. Rows of a label all have the same keys, those of the schema. `source` is the file's
    name.
    """

    plan: str
    source: str
    own: Mapping[str, Sequence[Row]]
    shared: Mapping[str, Sequence[Row]]
    relationships: Mapping[tuple[str, str, str], Sequence[Row]]
    dropped: tuple[Dropped, ...] = ()

    @property
    def size(self) -> int:
        """Number of rows of all kinds."""
        return sum(len(rows) for group in (self.own, self.shared, self.relationships) for rows in group.values())


def plan_rows(facts: Facts, aliases: Aliases | None = None) -> PlanRows:
    """The rows of one plan, in the order of its text; `aliases` is the user's list of names that mean the same."""
    return _Builder(facts, aliases or Aliases()).rows()


def merge(rows: Iterable[Row]) -> Row:
    """One node from what several plans say of it; the order of plans does not matter.

    The longest name wins, a department's own before one by its field (`公安部门`); all other names and forms are aliases;
    lists are united, of other values the least is taken, of quantities with the unit in which that plan counts.

    >>> merge([
    ...     {"name": "区应急局", "aliases": ["应急局"], "place": None},
    ...     {"name": "江北区应急管理局", "aliases": [], "place": "江北区"},
    ... ])
    {'name': '江北区应急管理局', 'aliases': ['区应急局', '应急局'], 'place': '江北区'}
    """
    merged: Row = {}
    names: set[str] = set()
    counts: list[tuple[float, str | None]] = []
    for row in rows:
        names.add(row["name"])
        if row.get("quantity") is not None:
            counts.append((row["quantity"], row["unit"]))
        for key, value in row.items():
            held = merged.get(key)
            if isinstance(value, list) or isinstance(held, list):
                merged[key] = sorted({*(held or ()), *(value or ())})
            elif key == "name":
                merged[key] = value if held is None else max(held, value, key=_fullness)
            else:
                merged[key] = value if held is None else held if value is None else min(held, value)
    if counts:
        merged["quantity"], merged["unit"] = min(counts, key=lambda count: (count[0], count[1] or ""))
    if "aliases" in merged:
        merged["aliases"] = sorted({*(merged["aliases"] or ()), *names} - {merged["name"]})
    return merged


def _fullness(name: str) -> tuple[bool, int, str]:
    return not name.endswith(words("organisations", "departments-by-field")), len(name), name


@cache
def _shape(label: str) -> tuple[tuple[str, str], ...]:
    from kg.ontology import schema

    return tuple((prop.name, prop.type) for prop in schema().label(label).properties)


@cache
def _edge_shape(type_: str) -> tuple[frozenset[tuple[str, str]], tuple[str, ...]]:
    from kg.ontology import schema

    relationship = schema().relationship(type_)
    return frozenset(relationship.pairs), tuple(prop.name for prop in relationship.properties)


def _shorten(text: str, length: int = 40) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


@dataclass(slots=True)
class _Builder:
    facts: Facts
    aliases: Aliases
    plan: str = ""
    place: Settled | None = None
    names: Names = field(init=False)
    own: dict[str, dict[str, Row]] = field(default_factory=dict)
    shared: dict[str, dict[str, Row]] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], dict[tuple[Any, ...], Row]] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    forms: dict[tuple[str, str], str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    """The name of each unit in this plan, by id."""
    sections: list[str] = field(default_factory=list)
    section_starts: list[int] = field(default_factory=list)

    def rows(self) -> PlanRows:
        facts = self.facts
        self.plan = identity.plan_id(facts.plan, facts.sha256)
        meta = facts.plan
        self.place = settle_plan(facts, self.aliases.place((meta.place, facts.source, meta.title)))
        self.names = Names(self.plan, self.place, meta.issuer, self.aliases)
        self._plan()
        self._sections()
        self._entities(facts.entities)
        self._issuer()
        self._tasks()
        self._statements()
        self._relations()
        return PlanRows(
            self.plan,
            facts.source,
            {label: list(rows.values()) for label, rows in self.own.items()},
            {label: list(rows.values()) for label, rows in self.shared.items()},
            {key: list(rows.values()) for key, rows in self.edges.items()},
            tuple(self.dropped),
        )

    # nodes and edges

    def _node(self, label: str, identifier: str, name: str, **values: Any) -> str:
        row: Row = {key: [] if kind.endswith("[]") else None for key, kind in _shape(label)}
        row.update(id=identifier, name=name, label=label)
        row.update((key, value) for key, value in values.items() if key in row)
        group = (self.own if label in OWN_LABELS else self.shared).setdefault(label, {})
        group[identifier] = merge((group[identifier], row)) if identifier in group and label not in OWN_LABELS else row
        return identifier

    def _edge(
        self,
        type_: str,
        source: tuple[str, str],
        target: tuple[str, str],
        evidence: Evidence | None = None,
        **values: Any,
    ) -> None:
        pairs, properties = _edge_shape(type_)
        if (source[0], target[0]) not in pairs:
            words = evidence.quote if evidence else ""
            self.dropped.append(
                Dropped(
                    "pair_not_in_schema",
                    f"{self.facts.source}: {type_} from {source[0]} to {target[0]}: {_shorten(words)}",
                )
            )
            return
        row: Row = dict.fromkeys(properties)
        if "plan" in row:
            row["plan"] = self.plan
        if evidence is not None:
            row.update(span_start=evidence.start, span_end=evidence.end, quote=evidence.quote, rule=evidence.rule)
            row["position"] = evidence.position.in_chinese() if evidence.position else None
        row.update(values)
        row["source"], row["target"] = source[1], target[1]
        self.edges.setdefault((type_, source[0], target[0]), {}).setdefault(tuple(row.values()), row)

    # the plan and its text

    def _plan(self) -> None:
        meta = self.facts.plan
        broken = [warning.partition(": ") for warning in self.facts.warnings]
        self._node(
            "Plan",
            self.plan,
            meta.title or self.facts.source,
            title=meta.title,
            kind=meta.kind,
            doc_number=meta.doc_number,
            issued=meta.issued,
            period_start=meta.period_start,
            period_end=meta.period_end,
            source=self.facts.source,
            sha256=self.facts.sha256,
            cut_off=next((says for code, _, says in broken if code == "cut_off"), None),
        )
        if self.place is not None:
            evidence = self.place.evidence
            shown = replace(evidence, rule=self.place.rule) if evidence else None
            lowest = self._place(self.place)
            self._edge("APPLIES_TO", ("Plan", self.plan), ("Place", lowest), shown, rule=self.place.rule)

    def _place(self, settled: Settled) -> str:
        """The nodes of a place and all above it; the id of the lowest."""
        above = ""
        for last in range(1, len(settled.parts) + 1):
            name = "".join(settled.parts[:last])
            own = settled if last == len(settled.parts) else settle_place(name)
            here = self._node(
                "Place",
                identity.place_id(name, "" if own.shared else self.plan),
                name,
                adcode=own.adcode,
                level=own.level,
                unsettled=own.unsettled,
            )
            if above:
                self._edge("WITHIN", ("Place", here), ("Place", above))
            elif own.adcode and own.level == "province":
                country = self._node("Place", identity.place_id(COUNTRY), COUNTRY, adcode=COUNTRY_CODE, level="country")
                self._edge("WITHIN", ("Place", here), ("Place", country))
            above = here
        return above

    def _sections(self) -> None:
        for index, section in enumerate(self.facts.sections):
            here = self._node(
                "Section",
                identity.section_id(self.plan, index),
                _shorten((section.number + section.heading).strip() or self.facts.source),
                number=section.number,
                heading=section.heading,
                level=section.level,
            )
            self.sections.append(here)
            self.section_starts.append(section.start)
            above = ("Plan", self.plan) if section.parent < 0 else ("Section", self.sections[section.parent])
            heading = (section.number + section.heading).strip()
            evidence = Evidence(section.start, section.end, heading, "section", section.position)
            self._edge("HAS_SECTION", above, ("Section", here), evidence)

    def _section(self, index: int) -> str:
        """The id of a section; for the text before the first heading one without heading, made when called for."""
        if index >= 0:
            return self.sections[index]
        here = identity.section_id(self.plan, -1)
        if here not in self.own.get("Section", {}):
            self._node("Section", here, self.facts.plan.title or self.facts.source, number="", heading="", level=0)
            end = self.section_starts[0] if self.section_starts else self.facts.size
            self._edge(
                "HAS_SECTION", ("Plan", self.plan), ("Section", here), Evidence(0, end, "", "text_before_headings")
            )
        return here

    def _holder(self, evidence: Evidence) -> tuple[str, str]:
        """The innermost section around a place in the text, or the plan."""
        index = bisect_right(self.section_starts, evidence.start) - 1
        while index >= 0 and self.facts.sections[index].end < evidence.end:
            index = self.facts.sections[index].parent
        return ("Section", self.sections[index]) if index >= 0 else ("Plan", self.plan)

    # entities

    def _entities(self, entities: Iterable[Entity]) -> None:
        entities = [self._of_one_place(entity) for entity in entities]
        known = {
            (entity.type, identity.normalise(form)): entity
            for entity in reversed(entities)
            for form in (*entity.aliases, entity.name)
        }
        above: dict[str, dict[tuple[str, str], tuple[str, str]]] = {"PART_OF": {}, "OFFICE_OF": {}}
        for relation in reversed(self.facts.relations):
            if relation.type in above:
                head, tail = (
                    (type_, identity.normalise(known[type_, name].name if (type_, name) in known else name))
                    for type_, name in (
                        (relation.head_type, identity.normalise(relation.head)),
                        (relation.tail_type, identity.normalise(relation.tail)),
                    )
                )
                if head != tail:
                    above[relation.type][head] = tail
        found = _Units(self.names, known, above["PART_OF"], above["OFFICE_OF"])
        for entity in entities:
            here = self._entity(entity.type, entity.name, entity.aliases, found)
            if entity.quantity is not None:
                self.shared[entity.type][here] |= {"quantity": float(entity.quantity), "unit": entity.unit}
            if entity.kept_at:
                self.shared[entity.type][here] |= {"kept_at": sorted(entity.kept_at)}
            self.written.setdefault(here, entity.name)
            for form in (entity.name, *entity.aliases):
                self.forms.setdefault((entity.type, identity.normalise(form)), here)
        for entity in entities:
            here = self.forms[entity.type, identity.normalise(entity.name)]
            for mention in entity.mentions:
                section = self._section(mention.section)
                self._edge("MENTIONS", ("Section", section), (entity.type, here), mention.evidence)

    def _of_one_place(self, entity: Entity) -> Entity:
        """The entity without forms that name a unit of another place (`市应急管理局` is no form of 区应急管理局)."""
        if entity.type not in ORGANISATIONS:
            return entity
        own = self.names.unit(entity.type, entity.name)
        kept = []
        for form in entity.aliases:
            other = self.names.unit(entity.type, form)
            if own.explicit and other.explicit and own.place != other.place:
                message = f"{self.facts.source}: {form} is a unit of another place than {entity.name}"
                self.dropped.append(Dropped("alias_of_another_place", message))
            else:
                kept.append(form)
        return replace(entity, aliases=tuple(kept))

    def _entity(self, label: str, name: str, aliases: Sequence[str], units: _Units | None = None) -> str:
        """The node of an entity."""
        if label == "Hazard":
            return self._hazard(name, aliases)
        if label == "Regulation":
            return self._regulation(name, None)
        if label == "Group":
            return self._node("Group", identity.group_id(self.plan, name), name)
        unit = units.unit(label, name) if units else self.names.unit(label, name)
        former = {former_name(identity.normalise(form), unit.key) for form in (name, *aliases)} - {None}
        return self._node(
            label,
            identity.unit_id(label, unit),
            name,
            aliases=sorted({alias for alias in aliases if alias != name}),
            place=unit.place,
            level=unit.level,
            kind=_kind(label, name),
            unsettled=unit.unsettled,
            former_names=sorted(str(one) for one in former),
        )

    def _hazard(self, name: str, aliases: Sequence[str] = ()) -> str:
        from kg.ontology import vocabulary

        key = ("Hazard", identity.normalise(name))
        if key in self.forms and not aliases:
            return self.forms[key]
        concepts = vocabulary("hazards")
        self.forms[key] = here = self._node(
            "Hazard",
            identity.concept_id("Hazard", "hazards", name),
            name,
            aliases=sorted({alias for alias in aliases if alias != name}),
            codes=_codes(name),
        )
        try:
            concept = concepts.by_label(name)
        except KeyError:
            return here
        for above in (concept, *concepts.ancestors(concept.id)):
            self._node("Hazard", f"hazard-{above.id}", above.label, codes=_codes(above.label))
            for broader in above.broader:
                self._node(
                    "Hazard", f"hazard-{broader}", concepts[broader].label, codes=_codes(concepts[broader].label)
                )
                self._edge("BROADER", ("Hazard", f"hazard-{above.id}"), ("Hazard", f"hazard-{broader}"))
        return here

    def _regulation(self, title: str, doc_number: str | None) -> str:
        name = identity.normalise(title)
        key = ("Regulation", name)
        here = self.forms.get(key) or identity.regulation_id(title, self.names.scope)
        return self._node("Regulation", here, name, title=name, doc_number=doc_number)

    def _named(self, label: str, name: str) -> tuple[str, str]:
        """The node that a name of this plan stands for, with its label."""
        key = identity.normalise(name)
        if (label, key) in self.forms:
            return label, self.forms[label, key]
        if label in ORGANISATIONS:
            for other in ORGANISATIONS:
                if (other, key) in self.forms:
                    return other, self.forms[other, key]
        here = self._entity(label, name, ())
        self.forms[label, key] = here
        return label, here

    def _issuer(self) -> None:
        if self.facts.plan.issuer:
            issuer = self._named("Agency", self.facts.plan.issuer)
            self._edge("ISSUED_BY", ("Plan", self.plan), issuer, rule="metadata")

    # tasks and what hangs on them

    def _organisation(self, name: str, label: str, generic: bool, resolved: str | None) -> tuple[str, str]:
        if resolved is not None:
            return self._named("Agency" if label == "Group" else label, resolved)
        return self._named("Group" if generic else label, name)

    def _tasks(self) -> None:
        seen: Counter[str] = Counter()
        tasks: list[str] = []
        for task in self.facts.tasks:
            key = identity.normalise(task.text)
            here = ("Task", identity.task_id(self.plan, task.text, seen[key]))
            seen[key] += 1
            tasks.append(here[1])
            self._node(
                "Task",
                here[1],
                _shorten(task.text),
                text=task.text,
                recovered_text=task.recovered_text,
                status=task.status,
                deadline=task.deadline.text if task.deadline else None,
                deadline_date=task.deadline.date if task.deadline else None,
                response_level=task.response_level,
            )
            self._edge("HAS_TASK", ("Plan", self.plan), here, task.evidence)
            if task.section >= 0:
                self._edge("HAS_TASK", ("Section", self.sections[task.section]), here, task.evidence)
            statement = f"{self.plan}-s{task.statement}" if task.statement >= 0 else None
            for owner in task.owners:
                unit = self._organisation(owner.name, owner.label, owner.generic, owner.resolved)
                self._edge(
                    "RESPONSIBLE_FOR",
                    unit,
                    here,
                    owner.evidence,
                    role=owner.role,
                    basis=owner.basis,
                    statement=statement,
                    owner_name=self.written.get(unit[1]) or owner.resolved or owner.name,
                )
            for who in task.addressed:
                self._edge("ADDRESSED", here, self._organisation(who.name, who.label, who.generic, None), who.evidence)
            for hazard in task.hazards:
                self._edge("ADDRESSES", here, ("Hazard", self._hazard(hazard.name)), hazard.evidence)
            for resource in task.resources:
                self._edge("INVOLVES", here, self._named(resource.label, resource.name), resource.evidence)
            for target in task.targets:
                self._target(here, target)
            for cited in task.cites:
                self._edge(
                    "CITES", here, ("Regulation", self._regulation(cited.title, cited.doc_number)), cited.evidence
                )
        for covers in self.facts.covers:
            holder = ("Task", tasks[covers.task]) if covers.task >= 0 else ("Section", self.sections[covers.section])
            self._edge("COVERS", holder, ("Element", self._element(covers.element)), covers.evidence)

    def _target(self, holder: tuple[str, str], target: Target) -> None:
        name = f"{target.measure} {target.comparator} {_number(target.value)} {target.unit}".strip()
        first = identity.target_id(self.plan, target.measure, target.comparator, target.value, target.unit, 0)
        occurrence = 0
        while first in self.own.get("Target", {}):
            occurrence += 1
            first = identity.target_id(
                self.plan, target.measure, target.comparator, target.value, target.unit, occurrence
            )
        here = self._node(
            "Target",
            first,
            name,
            measure=target.measure,
            comparator=target.comparator,
            value=float(target.value),
            unit=target.unit,
        )
        self._edge("HAS_TARGET", holder, ("Target", here), target.evidence)

    def _element(self, element: str) -> str:
        from kg.ontology import vocabulary

        for concept in vocabulary("elements"):
            if element in (concept.id, concept.label, *concept.all("number")):
                article = ";".join(concept.all("article")) or None
                dates = concept.all("inForceFrom")
                return self._node(
                    "Element",
                    f"element-{concept.id}",
                    concept.label,
                    article=article,
                    in_force_from=min(dates) if dates else None,
                )
        return self._node("Element", identity.digest("element", element), element)

    def _statements(self) -> None:
        for target in self.facts.targets:
            self._target(self._holder(target.evidence), target)
        for cited in self.facts.cites:
            regulation = ("Regulation", self._regulation(cited.title, cited.doc_number))
            self._edge("CITES", self._holder(cited.evidence), regulation, cited.evidence)

    def _relations(self) -> None:
        for relation in self.facts.relations:
            head = self._named(relation.head_type, relation.head)
            tail = self._named(relation.tail_type, relation.tail)
            self._edge(relation.type, head, tail, relation.evidence)


@dataclass(slots=True)
class _Units:
    """The units of a plan's entities: from all forms of each, and from what they are parts or offices of."""

    names: Names
    entities: Mapping[tuple[str, str], Entity]
    parts: Mapping[tuple[str, str], tuple[str, str]]
    offices: Mapping[tuple[str, str], tuple[str, str]]
    found: dict[tuple[str, str], Unit] = field(default_factory=dict)

    def unit(self, label: str, name: str, seen: tuple[tuple[str, str], ...] = ()) -> Unit:
        """The unit of the entity with this name."""
        key = (label, identity.normalise(name))
        if key not in self.found:
            entity = self.entities.get(key)
            forms = (entity.name, *entity.aliases) if entity else (name,)
            unit = self._below(key, forms, seen) or self._best(label, forms)
            if seen:
                return unit
            self.found[key] = unit
        return self.found[key]

    def _best(self, label: str, forms: Sequence[str]) -> Unit:
        """The unit of the form that says most: whose it is, what it is, at the greatest length."""

        by_field = words("organisations", "departments-by-field")

        def worth(form: str) -> tuple[bool, bool, bool, int, bool]:
            unit = self.names.unit(label, form)
            return unit.explicit, unit.known, not form.endswith(by_field), len(unit.key), form == forms[0]

        return self.names.unit(label, max(forms, key=worth))

    def _below(self, key: tuple[str, str], forms: Sequence[str], seen: tuple[tuple[str, str], ...]) -> Unit | None:
        """The unit as a part or office of another; None where it stands by itself."""
        label = key[0]
        if key in seen or label not in ORGANISATIONS:
            return None
        whole = self.parts.get(key)
        if whole is not None:
            over = self.entities.get(whole)
            fronts = sorted((over.name, *over.aliases) if over else (whole[1],), key=len, reverse=True)
            fronts = [identity.normalise(front) for front in fronts]
            for form in forms:
                written = identity.normalise(form)
                inner = next((written.removeprefix(front) for front in fronts if written.startswith(front)), "")
                if inner or not self.names.unit(label, form).explicit:
                    unit = self.unit(*whole, seen=(*seen, key))
                    return Unit(identity.unit_id(whole[0], unit), inner or written, unit.place, unit.level)
        served = self.offices.get(key) or self._served(key)
        if served is not None and not self._best(label, forms).known:
            unit = self.unit(*served, seen=(*seen, key))
            return replace(unit, key=f"office:{unit.key}")
        return None

    def _served(self, key: tuple[str, str]) -> tuple[str, str] | None:
        """The committee of this plan whose office the name says it is."""
        for ending in words("organisations", "office-ends"):
            base = key[1].removesuffix(ending)
            if key[0] == "Committee" and base != key[1] and (key[0], base) in self.entities:
                return key[0], base
        return None


@cache
def _codes(hazard: str) -> list[str]:
    """Typed codes of a hazard: `scheme code`, with `(unverified)` where nobody has read the source."""
    from kg.ontology import vocabulary

    try:
        concept = vocabulary("hazards").by_label(hazard)
    except KeyError:
        return []
    return sorted(f"{code.scheme} {code.code}{'' if code.verified else ' (unverified)'}" for code in concept.codes)


_KINDS = {"Team": "teams", "Supply": "supplies", "Facility": "facilities", "System": "systems"}


@cache
def _kind(label: str, name: str) -> str | None:
    """The label of the vocabulary's concept that a resource's name ends with or, failing that, holds."""
    from kg.ontology import schemes, vocabulary

    scheme = _KINDS.get(label)
    if scheme is None or scheme not in schemes():
        return None
    inside = None
    for form, concept in vocabulary(scheme).forms():
        if name.endswith(form):
            return concept.label
        if inside is None and form in name:
            inside = concept.label
    return inside
