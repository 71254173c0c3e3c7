"""From a Document to its Facts: runs the readers and rules and gives every fact its evidence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TypeVar

from kg.extraction import facts as f
from kg.extraction.agents import Organisations
from kg.extraction.annotations import NamedOwner
from kg.extraction.citations import Title, find_titles
from kg.extraction.columns import may_be_measure
from kg.extraction.covers import find_covers
from kg.extraction.deadlines import find_deadlines
from kg.extraction.entities import DraftEntity, Place, find_entities
from kg.extraction.for_hazard import for_hazard
from kg.extraction.hazards import HazardMention, find_hazards
from kg.extraction.ledgers import RULE, amounts, keepers, kept_at
from kg.extraction.manages import manages
from kg.extraction.matching import Dropped, Spans
from kg.extraction.reader import DraftOwner, DraftRejected, DraftTask, Reader
from kg.extraction.relations import DraftRelation, find_relations
from kg.extraction.resources import ResourceEntity, ResourceMention, group_resources, in_passing
from kg.extraction.tables import column_deadline
from kg.extraction.targets import find_targets
from kg.loaders.damage import recovered
from kg.loaders.document import Document
from kg.ontology import vocabulary
from kg.ontology.lexicon import compiled

Spot = TypeVar("Spot", HazardMention, ResourceMention, Title)


def extract(document: Document) -> f.Facts:
    """All facts of a plan.

    Args:
        document: what `kg.loaders.load` returned.

    Returns:
        The facts, each with its evidence (offsets of the source text, the words in their cleaned form, the rule); the same
        document gives equal facts.
    """
    return _Extraction(document).facts()


_OF_A_GROUP = ("group_item", "group_lines")
"""Rules of owners by a working group: what it sets up at the scene is not theirs to keep."""


class _Extraction:
    """The state of one extraction: the reader's drafts and all mentions, by position."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.reader = Reader(document)
        self.organisations: Organisations = self.reader.organisations
        blocked = [(m.start, m.end) for m in self.reader.mentions if not m.generic]
        self.dropped: list[Dropped] = []
        self.hazards = find_hazards(
            self.text,
            blocked,
            dropped=self.dropped,
            subject=document.metadata.title or "",
            sections=[(section.start, section.body, section.end) for section in document.sections],
        )
        self.resources = self.reader.resources
        self.titles = list(find_titles(self.text))
        self.amounts = amounts(self.reader.tables)
        self.kept_at = kept_at(self.reader.tables)
        self._excluded = sorted((start, end) for start, end, _ in document.excluded)
        self._section_starts = [section.start for section in document.sections]

    # places

    def counted(self, at: int) -> bool:
        """Whether a position lies in the plan's content."""
        index = bisect_right(self._excluded, (at, len(self.text))) - 1
        return index < 0 or at >= self._excluded[index][1]

    def section(self, at: int) -> int:
        """The innermost section that holds a position, -1 where there is none."""
        index = bisect_right(self._section_starts, at) - 1
        while index >= 0 and self.document.sections[index].end <= at:
            index = self.document.sections[index].parent
        return index

    def quoted(self, start: int, end: int) -> tuple[int, int, str]:
        """The source span and the words of cleaned[start:end] without white space around them."""
        words = self.text[start:end]
        quote = words.strip()
        if len(quote) < len(words):
            start += len(words) - len(words.lstrip())
            end = start + len(quote)
        return *self.document.span(start, end), quote

    def evidence(self, start: int, end: int, rule: str) -> f.Evidence:
        """Evidence for cleaned[start:end]."""
        first, last, quote = self.quoted(start, end)
        return f.Evidence(first, last, quote, rule, self.document.position(first))

    # facts

    def facts(self) -> f.Facts:
        metadata = self.document.metadata
        owners = [draft.owner for task in self.reader.tasks for draft in task.owners]
        things = self.units(group_resources([mention for mention in self.resources if self.counted(mention.start)]))
        entities = find_entities(
            self.reader.mentions,
            [*owners, *self.reader.notes, *(owner for owner, _ in keepers(self.reader.tables))],
            things,
            self.hazards,
            self.titles,
            self.text,
            metadata.issuer,
            metadata.place,
            metadata.title,
            self.counted,
        )
        between = find_relations(self.reader, entities, metadata.issuer)
        for_hazards = self.hazards_of(entities, things, {r.head for r in between if r.type == "OFFICE_OF"})
        entities = [*entities, *self.hazards_for(entities, for_hazards)]
        resource_names = _names_by_place(entities, {"Team", "Supply", "Facility", "System"})
        tasks = tuple(self.task(draft, resource_names) for draft in self.reader.tasks)
        relations = tuple(
            f.Relation(r.head, r.head_type, r.type, r.tail, r.tail_type, self.evidence(r.start, r.end, r.rule))
            for r in [
                *between,
                *self.managed(entities, resource_names),
                *for_hazards,
            ]
        )
        return f.Facts(
            source=self.document.name,
            sha256=self.document.sha256,
            plan=metadata,
            sections=tuple(self.sections()),
            tasks=tasks,
            targets=tuple(self.loose_targets()),
            cites=tuple(self.loose_citations(tasks)),
            entities=tuple(self.entity(entity) for entity in entities if entity.places),
            relations=relations,
            covers=tuple(self.covers()),
            rejected=tuple(self.rejected()),
            warnings=tuple(f"{w.code}: {w.message}" for w in self.document.warnings),
            size=len(self.document.source),
            tables=tuple(self.tables()),
            reading=self.document.reading,
        )

    def units(self, things: Sequence[ResourceEntity]) -> list[ResourceEntity]:
        """The resources without whole classes that no task names (加强应急队伍建设 as a heading)."""
        tasks = Spans((draft.sentence.start, draft.sentence.end) for draft in self.reader.tasks)
        kept = []
        for thing in things:
            if in_passing(thing.name) and not any(tasks.touch(m.start, m.end) for m in thing.mentions):
                self.reader.dropped += [Dropped(m.start, m.end, "class_in_passing") for m in thing.mentions]
            else:
                kept.append(thing)
        return kept

    def tables(self) -> Iterator[f.TableFact]:
        """How each table was read."""
        for reading in self.reader.tables:
            found = reading.layout
            start, end = self.document.span(reading.table.start, reading.table.end)
            columns = tuple(
                (column.head, column.kind or ("by its cells" if may_be_measure(column) else ""))
                for column in found.columns
            )
            yield f.TableFact(
                start, end, tuple(sorted(found.kinds)), columns, found.reason, self.document.position(start)
            )

    def managed(
        self, entities: Sequence[DraftEntity], resource_names: dict[tuple[int, int, str], str]
    ) -> list[DraftRelation]:
        """Who keeps, stocks, runs or builds up what, by the tasks whose agent the sentence or a duty list names, and by
        rosters and ledgers."""
        names = {(entity.type, form): entity.name for entity in entities for form in entity.forms}
        rows: dict[tuple[str, str], DraftRelation] = {}
        for draft in self.reader.tasks:
            owners = [
                replace(d.owner, role=d.role)
                for d in draft.owners
                if d.basis in ("duty_list", "subject") and d.rule not in _OF_A_GROUP
            ]
            if not owners:
                continue
            sentence = draft.sentence
            near = _between(self.resources, sentence.start, sentence.end)
            for owner, mention in manages(self.text, sentence.start, sentence.end, owners, near):
                head = names.get((owner.label, owner.name))
                tail = resource_names.get((mention.start, mention.end, mention.type))
                if head and tail and head != tail:
                    rows.setdefault(
                        (head, tail),
                        DraftRelation(
                            head, owner.label, "MANAGES", tail, mention.type, mention.start, mention.end, "manages"
                        ),
                    )
        for owner, row in keepers(self.reader.tables):
            head = names.get((owner.label, owner.name))
            tail = resource_names.get((row.start, row.end, row.type))
            if head and tail:
                rows.setdefault(
                    (head, tail),
                    DraftRelation(head, owner.label, "MANAGES", tail, row.type, row.start, row.end, RULE),
                )
        return list(rows.values())

    def hazards_of(
        self, entities: Sequence[DraftEntity], things: Sequence[ResourceEntity], offices: Collection[str]
    ) -> list[DraftRelation]:
        """What each resource and committee is for; an office (one of `offices`) is its body's, which is for it."""
        bodies = [
            (entity.name, entity.aliases, [(place.start, place.end) for place in entity.places])
            for entity in entities
            if entity.type == "Committee" and entity.name not in offices
        ]
        found = for_hazard(self.text, things, self.hazards, bodies)
        return [
            DraftRelation(r.head, r.head_type, "FOR_HAZARD", r.label, "Hazard", r.start, r.end, r.rule) for r in found
        ]

    def hazards_for(self, entities: Sequence[DraftEntity], relations: Sequence[DraftRelation]) -> Iterator[DraftEntity]:
        """Hazards that only the name of a body says (县防汛抗旱指挥部): what it is for is an entity too."""
        known = {entity.name for entity in entities if entity.type == "Hazard"}
        found: dict[str, list[DraftRelation]] = {}
        for relation in relations:
            if relation.tail not in known:
                found.setdefault(relation.tail, []).append(relation)
        for label, named in found.items():
            places = {(r.start, r.end): Place(r.start, r.end, self.text[r.start : r.end], r.rule) for r in named}
            yield DraftEntity("Hazard", label, (), tuple(places.values()))

    def covers(self) -> Iterator[f.Covers]:
        """The elements of plans that headings, tasks and other sentences hold."""
        tasks = [(draft.sentence.start, draft.sentence.end) for draft in self.reader.tasks]
        units = [(mention.start, mention.end) for mention in self.reader.mentions]
        for found in find_covers(self.document, tasks, self.reader.kinds, units, self.section):
            evidence = self.evidence(found.start, found.end, found.rule)
            yield f.Covers(found.element, found.section, found.task, evidence)

    def rejected(self) -> Iterator[f.Rejected]:
        """What rules dropped, in the order of the rules' steps: sentences and cells, resources, hazards."""
        rows = [(r.rule, r.reason, r.start, r.end) for r in self.reader.rejections]
        rows += [("resource", drop.reason, drop.start, drop.end) for drop in self.reader.dropped]
        rows += [("hazard", drop.reason, drop.start, drop.end) for drop in self.dropped]
        for rule, reason, start, end in rows:
            yield f.Rejected(rule, reason, *self.quoted(start, end))

    def sections(self) -> list[f.SectionFact]:
        """The section tree with source offsets."""
        result = []
        for section in self.document.sections:
            start, end = self.document.span(section.start, max(section.end, section.start + 1))
            place = self.document.position(start)
            result.append(
                f.SectionFact(section.number, section.heading, section.level, section.parent, start, end, place)
            )
        return result

    def task(self, draft: DraftTask, resource_names: dict[tuple[int, int, str], str]) -> f.Task:
        """A task with all that stands on it."""
        sentence = draft.sentence
        start, end = sentence.start, sentence.end
        targets = () if draft.status == "reported" else tuple(self.targets(start, sentence.text))
        acting_teams = [(o.owner.start, o.owner.end) for o in draft.owners if o.owner.label == "Team"]
        return f.Task(
            text=sentence.text,
            status=draft.status,
            section=sentence.section,
            evidence=self.evidence(start, end, _task_rule(draft)),
            owners=tuple(self.owner(owner) for owner in draft.owners),
            addressed=tuple(
                f.Addressed(a.name, a.label, a.generic, self.evidence(a.start, a.end, "addressed"))
                for a in draft.addressed
            ),
            hazards=tuple(
                f.Named(h.label, "Hazard", self.evidence(h.start, h.end, "hazard"))
                for h in _between(self.hazards, start, end)
            ),
            resources=tuple(
                f.Named(
                    resource_names.get((r.start, r.end, r.type), r.name),
                    r.type,
                    self.evidence(r.start, r.end, "resource"),
                )
                for r in _between(self.resources, start, end)
                if not (r.type == "Team" and any(r.start < last and first < r.end for first, last in acting_teams))
            ),
            deadline=self.deadline(draft),
            targets=targets,
            cites=tuple(self.citation(title) for title in _between(self.titles, start, end)),
            response_level=draft.level,
            statement=draft.statement,
            recovered_text=recovered(self.document, start, end),
        )

    def deadline(self, draft: DraftTask) -> f.Deadline | None:
        """The first deadline of the sentence; else, and in a table first, what its annotation or the cell of its row says."""
        start, text = draft.sentence.start, draft.sentence.text
        own = None
        if draft.status != "reported" or compiled("expressions", "{expected}").search(text):
            own = next(iter(find_deadlines(text, self.year(draft))), None)
        in_row = draft.sentence.paragraph < 0
        if draft.deadline is not None and (own is None or in_row):
            first, last = draft.deadline
            cell = column_deadline(self.text[first:last], self.year(draft))
            if cell is not None:
                return f.Deadline(
                    cell.text, cell.date, self.evidence(first + cell.start, first + cell.end, "deadline_column")
                )
        if own is None:
            return None
        return f.Deadline(own.text, own.date, self.evidence(start + own.start, start + own.end, "deadline"))

    def year(self, draft: DraftTask) -> int | None:
        """The year that a deadline without a year belongs to; None for a plan of several years."""
        plan = self.document.metadata
        if plan.period_start is None or plan.period_end is None:
            return None
        if plan.period_start == plan.period_end:
            return plan.period_start
        if plan.kind == vocabulary("kinds")["report"].label:
            return plan.period_start if draft.status == "reported" else plan.period_end
        return None

    def owner(self, draft: DraftOwner) -> f.Owner:
        """An owner with the words that name it; a pronoun is resolved to the issuer."""
        owner: NamedOwner = draft.owner
        pronoun = owner.generic and compiled("organisations", "{own-unit}").match(owner.name)
        resolved = self.document.metadata.issuer if pronoun else None
        return f.Owner(
            owner.name,
            owner.label,
            draft.role,
            draft.basis,
            owner.generic,
            self.evidence(owner.start, owner.end, draft.rule),
            resolved,
        )

    def targets(self, start: int, text: str) -> list[f.Target]:
        """The targets that a sentence states."""
        return [
            f.Target(t.measure, t.comparator, t.value, t.unit, self.evidence(start + t.start, start + t.end, "target"))
            for t in find_targets(text)
        ]

    def citation(self, title: Title) -> f.Citation:
        """A cited title."""
        return f.Citation(title.text, self.evidence(title.start, title.end, "title"), title.doc_number)

    def loose_targets(self) -> list[f.Target]:
        """Goals with a number in sentences that are no tasks."""
        result = []
        for rejection in self.reader.rejections:
            if (
                rejection.rule in ("goal", "no_action", "statistic", "ideology")
                or rejection.kind == "goals"
                or self.aims(rejection)
            ):
                sentence = rejection.sentence
                if sentence is None or rejection.reason in ("too_short", "title"):
                    continue
                if (
                    self.reader.kinds[sentence.section] in ("review", "achievements", "background")
                    if sentence.section >= 0
                    else False
                ):
                    continue
                if rejection.rule == "statistic":
                    continue
                result += self.targets(sentence.start, sentence.text)
        for reading in self.reader.tables:
            result += [
                f.Target(t.measure, t.comparator, t.value, t.unit, self.evidence(t.start, t.end, "target_column"))
                for t in reading.targets
            ]
        return sorted(result, key=lambda target: target.evidence.start)

    def aims(self, rejection: DraftRejected) -> bool:
        """Whether a sentence of an overview looks ahead and says what is to be reached."""
        if rejection.rule != "overview" or rejection.sentence is None:
            return False
        if self.document.metadata.kind == vocabulary("kinds")["report"].label and rejection.kind != "outlook":
            return False
        return compiled("expressions", "{aims-of-an-overview}").search(rejection.sentence.text) is not None

    def loose_citations(self, tasks: Sequence[f.Task]) -> list[f.Citation]:
        """Titles cited outside tasks (basis of the plan, definitions)."""
        spans = sorted((task.evidence.start, task.evidence.end) for task in tasks)
        starts = [start for start, _ in spans]
        result = []
        for title in self.titles:
            at, _ = self.document.span(title.start, title.end)
            index = bisect_right(starts, at) - 1
            if self.counted(title.start) and not (index >= 0 and at < spans[index][1]):
                result.append(self.citation(title))
        return result

    def entity(self, entity: DraftEntity) -> f.Entity:
        """An entity with its mentions."""
        mentions = tuple(
            f.Mention(place.form, self.section(place.start), self.evidence(place.start, place.end, place.rule))
            for place in entity.places
        )
        quantity, unit = self.amounts.get((entity.type, entity.name), (None, None))
        places = self.kept_at.get((entity.type, entity.name), ())
        return f.Entity(entity.type, entity.name, entity.aliases, mentions, quantity, unit, places)


def _task_rule(draft: DraftTask) -> str:
    return f"task_{draft.owners[0].rule}" if draft.owners else "task"


_START = attrgetter("start")


def _between(spots: Sequence[Spot], start: int, end: int) -> Sequence[Spot]:
    """The mentions that lie in [start, end), from a list in the order of their starts."""
    first = bisect_left(spots, start, key=_START)
    last = bisect_left(spots, end, lo=first, key=_START)
    return [spot for spot in spots[first:last] if spot.end <= end]


def _names_by_place(entities: Sequence[DraftEntity], types: set[str]) -> dict[tuple[int, int, str], str]:
    return {
        (place.start, place.end, entity.type): entity.name
        for entity in entities
        if entity.type in types
        for place in entity.places
    }
