"""Reading a plan from top to bottom: which sentences are tasks and who answers for each.

The state that carries from one paragraph to the next (the unit of a duty list, the agent of a lead-in, the tasks that wait
for an annotation, the lead and members of a working group) lives in `Reader`, and nowhere else.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

from kg.extraction import zones
from kg.extraction.agents import Acting, Organisations, acting, helped, helped_in_part, is_group, said
from kg.extraction.annotations import NamedOwner, is_note, line_pattern, note_deadline, parse
from kg.extraction.bodies import hosted_offices, label_of
from kg.extraction.deadlines import find_deadlines
from kg.extraction.duties import Label, duties_follow, label_of_item, listed_paragraphs, owner_in_heading
from kg.extraction.entities import definite_bodies
from kg.extraction.ledgers import with_listed
from kg.extraction.levels import level_in, section_levels
from kg.extraction.matching import Dropped, Spans
from kg.extraction.names import OrganisationMention, left_boundary, short_places
from kg.extraction.organisations import find_organisations, join_classes
from kg.extraction.resources import find_resources
from kg.extraction.sentences import Note, Paragraph, Sentence, divide, lost_marks, paragraphs
from kg.extraction.tables import TableReading, read_tables
from kg.extraction.tasks import Candidate, rejected
from kg.loaders.document import Document, Section
from kg.loaders.numbering import number_of
from kg.ontology import vocabulary
from kg.ontology.lexicon import compiled, words


@dataclass(slots=True)
class DraftOwner:
    """An owner with its basis and the rule that found it; offsets are cleaned."""

    owner: NamedOwner
    role: str
    basis: str
    rule: str


@dataclass(slots=True)
class DraftTask:
    """A task in the making; offsets are cleaned."""

    sentence: Sentence
    status: str
    level: str | None
    owners: list[DraftOwner] = field(default_factory=list)
    addressed: tuple[NamedOwner, ...] = ()
    statement: int = -1
    deadline: tuple[int, int] | None = None
    """The words of a table's cell that give the deadline, where the task is a row's."""

    def add(self, owners: list[DraftOwner]) -> None:
        """Add owners; a unit that is there already keeps its first role."""
        known = {draft.owner.name for draft in self.owners}
        self.owners += [draft for draft in owners if draft.owner.name not in known]


@dataclass(slots=True)
class DraftRejected:
    """A sentence that is no task, with the rule and its reason code."""

    start: int
    end: int
    rule: str
    reason: str
    kind: str
    sentence: Sentence | None = None


@dataclass(slots=True)
class DutyItem:
    """A unit whose duties a list gives, with the section it stands in."""

    owners: tuple[NamedOwner, ...]
    section: int
    start: int
    end: int


@dataclass(slots=True)
class _Duty:
    """The owners of a duty list that hold until the next unit."""

    owners: list[DraftOwner]
    statement: int
    section: int
    paragraph: int
    numbered: bool


@dataclass(slots=True)
class WorkingGroup:
    """A working group whose lead, members and duties stand on lines of their own."""

    section: int
    lead: list[NamedOwner] = field(default_factory=list)
    members: list[NamedOwner] = field(default_factory=list)


LONGEST_FRONT = 24
"""Characters of a sentence in which `启动条件：` is looked for."""
FAR = 400
"""Characters between a body and `主要职责：` without its name, at most."""
_BEGINS = re.compile(r"[。；;\n）)]\s*\Z")
"""The end of a sentence or of its number."""


def _of_all() -> re.Pattern[str]:
    """各类救援队伍: a class of teams."""
    return compiled("agents", "{which-units+each-and-other+all-kinds}$")


def _office_on_duty() -> re.Pattern[str]:
    """Where an office is kept and what it stands for: not for a year."""
    return compiled("agents", "{office}[^，,。；;]{0,4}{hosting}[^，,。；;]{2,24}[，,]{taking-on}")


def _other_field() -> re.Pattern[str]:
    """`；建筑施工领域：` opens a part of which the agent before does not tell."""
    return compiled("agents", "[^，,：:。；;]{2,12}{fields-of-work}[：:，,]")


def _someone_else() -> re.Pattern[str]:
    return compiled("agents", "由[^，,]{2,30}{taking-on}")


def _aims_follow() -> re.Pattern[str]:
    return compiled("agents", "{announcing-aims}[：:]$")


class Reader:
    """One pass over a document; the results stand in `tasks`, `rejections`, `duties`, `groups` and `notes`."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        # What several steps ask of the same words is found once a document.
        self._label_at = cache(partial(label_of_item, self.text))
        self._parse = cache(partial(parse, self.text))
        self._is_note = cache(is_note)
        self.owner_in_heading = cache(owner_in_heading)
        self.kinds = zones.kinds(document)
        self.levels = section_levels(document)
        self.tables = read_tables(document.text, document.tables, document.columns)
        inside = Spans([(table.start, table.end) for table in document.tables])
        self.paragraphs = [
            p
            for p in paragraphs(document, self._is_note)
            if not self._excluded(p) and not inside.touch(p.start, p.start + 1)
        ]
        self._numbered = [p.start for p in self.paragraphs if number_of(self.text[p.start : p.start + 20])]
        self.listed = self._duty_lists()
        known = dict(self._structural_names())
        self.known = known
        found = find_organisations(self.text, known.items(), short_places(document.metadata.place))
        self.mentions = definite_bodies(self.text, hosted_offices(self.text, found), document.metadata.place)
        self.dropped: list[Dropped] = []
        self.resources = find_resources(
            self.text, [(m.start, m.end) for m in self.mentions if not m.generic], self.dropped
        )
        self.resources = with_listed(self.text, self.resources, self.tables)
        self.organisations = Organisations(self.text, self._actors())
        if lost_marks(self.text):
            self.paragraphs = [self._with_lost_stops(paragraph) for paragraph in self.paragraphs]
        self.tasks: list[DraftTask] = []
        self.rejections: list[DraftRejected] = []
        self.duties: list[DutyItem] = []
        self.groups: list[WorkingGroup] = []
        self.notes: list[NamedOwner] = []
        self._statements = 0
        self._pending: list[DraftTask] = []
        self._duty: _Duty | None = None
        self._lead_in: _Duty | None = None
        self._group: WorkingGroup | None = None
        self._noted: list[DraftTask] = []
        self._noted_line = -1
        self._goals: int | None = None
        self._conditions = -1
        self._announced: tuple[int, list[DraftOwner], int] | None = None
        for paragraph in self.paragraphs:
            self._read(paragraph)
        for reading in self.tables:
            self._read_table(reading)
        self.tasks.sort(key=lambda task: task.sentence.start)

    # what has to be known beforehand

    def _excluded(self, paragraph: Paragraph) -> bool:
        return any(start <= paragraph.start < end for start, end, _ in self.document.excluded)

    def _duty_lists(self) -> set[int]:
        """Numbers of the paragraphs that belong to duty lists."""
        by_section: dict[int, list[tuple[int, int, int]]] = {}
        for paragraph in self.paragraphs:
            first = next((unit for unit in paragraph.units if isinstance(unit, Sentence)), None)
            if first is not None:
                by_section.setdefault(paragraph.section, []).append((paragraph.number, first.start, paragraph.end))
        result: set[int] = set()
        for rows in by_section.values():
            result |= listed_paragraphs(rows, self.text, self._label_at)
        return result

    def _structural_names(self) -> Iterator[tuple[str, str]]:
        """Names that structure vouches for: of annotations and of duty lists."""
        for paragraph in self.paragraphs:
            for unit in paragraph.units:
                owners: Sequence[NamedOwner]
                if isinstance(unit, Note):
                    owners = self._parse(unit.text_start, unit.text_end)
                else:
                    label = self._label_at(unit.start, unit.end, listed=paragraph.number in self.listed)
                    owners = label.owners if label else ()
                for owner in owners:
                    if not owner.generic and len(owner.name) >= 3:
                        yield owner.name, owner.label
        for section in self.document.sections:
            name = self.owner_in_heading(section.heading)
            experts = name is not None and name.endswith(words("agents", "expert-groups"))
            if name and is_group(name) and len(name) >= 4 and not experts and not self._groups_below(section):
                yield name, label_of(name)
        for reading in self.tables:
            for task in reading.tasks:
                for owner in task.owners:
                    if not owner.generic and len(owner.name) >= 3 and owner.end - owner.start == len(owner.name):
                        yield owner.name, owner.label

    def _groups_below(self, heading: Section) -> bool:
        """Whether a heading stands above groups of their own: it names them together, and is none."""
        return any(
            0 <= part.parent < len(self.document.sections)
            and self.document.sections[part.parent] is heading
            and is_group(self.owner_in_heading(part.heading) or "")
            for part in self.document.sections
        )

    def _actors(self) -> list[OrganisationMention]:
        """All that can act: organisations (classes of their members joined to them) and teams."""
        joined = join_classes(self.text, self.mentions)
        spans = Spans([(mention.start, mention.end) for mention in joined])
        for resource in self.resources:
            if resource.type != "Team":
                continue
            owner = next((mention for mention in joined if mention.start == resource.start), None)
            if owner is not None and owner.label == "Agency" and not owner.generic and owner.end < resource.end:
                joined.remove(owner)  # 水务集团抢险队 acts, not 水务集团
            elif spans.touch(resource.start, resource.end):
                continue
            if is_group(resource.form) and self.text.startswith("成", resource.end):
                continue  # 由有关专家|组成
            before = self.text[max(0, resource.start - 2) : resource.start]
            of_all = _of_all().search(before)
            front = of_all or self._level_before(resource.start)
            start = resource.start - len(front.group()) if front else resource.start
            form = self.text[start : resource.end]
            joined.append(
                OrganisationMention(
                    start, resource.end, form, (form if front else resource.name,), "Team", of_all is not None
                )
            )
        return sorted(joined, key=lambda mention: mention.start)

    def _level_before(self, start: int) -> re.Match[str] | None:
        """The level at the front of a team's name, where the name begins with it: 由|县|矿山救护队."""
        level = re.search("[省市县区镇乡州旗]$", self.text[max(0, start - 1) : start])
        return level if level and left_boundary(self.text, max(0, start - 12), start) == start - 1 else None

    def _with_lost_stops(self, paragraph: Paragraph) -> Paragraph:
        """A paragraph whose full stops were lost: a space before a unit that acts ends a sentence."""
        units: list[Sentence | Note] = []
        for unit in paragraph.units:
            if isinstance(unit, Note):
                units.append(unit)
                continue
            cuts = []
            for mention in self.organisations.within(unit.start + 12, unit.end):
                before = self.text[: mention.start].rstrip()
                chain = self.organisations.chain(mention.start, unit.end)
                if len(before) < mention.start and chain and re.match(r"[\u4e00-\u9fff]", before[-1]):
                    listed = any(
                        other.end == len(before) for other in self.organisations.within(unit.start, mention.start)
                    )
                    if not listed and re.match(r"\s*[\u4e00-\u9fff]", self.text[chain.end : chain.end + 4]):
                        cuts.append(mention.start)
            units += divide(unit, cuts) if cuts else [unit]
        return replace(paragraph, units=tuple(units))

    # reading

    def _statement(self) -> int:
        self._statements += 1
        return self._statements - 1

    def _read(self, paragraph: Paragraph) -> None:
        section = paragraph.section
        if self._duty and not self._within(section, self._duty.section):
            self._duty = None
        if self._lead_in and (not self._within(section, self._lead_in.section) or paragraph.heading):
            self._lead_in = None
        if self._group and not self._within(section, self._group.section):
            self._group = None
        if self._announced and not self._within(section, self._announced[0]):
            self._announced = None
        own = section >= 0 and paragraph.start <= self.document.sections[section].start < paragraph.end
        if own:
            self._open_section(section)
        sentences = [unit for unit in paragraph.units if isinstance(unit, Sentence)]
        if own or (sentences and sentences[0].numbered):
            self._pending = []
        elif self._lead_in and sentences and paragraph.number != self._lead_in.paragraph:
            self._lead_in = None
        read = 0
        if sentences and line_pattern().match(self.text, sentences[0].start, paragraph.end):
            read = self._read_line(paragraph, sentences)
        first_sentence = True
        acted: Acting | None = None
        acted_in = -1
        for unit in paragraph.units:
            if unit.start < read:
                continue
            if isinstance(unit, Note):
                last = self.rejections[-1] if self.rejections else None
                if last and last.rule == "composition" and 0 <= unit.start - last.end <= 1:  # 宣传报道组（X牵头）
                    self._group_in_brackets(unit, last, section)
                    self.rejections.append(DraftRejected(unit.start, unit.end, "composition", "composition", ""))
                    continue
                due = note_deadline(self.text, unit.text_start, unit.text_end)
                self._annotate(self._parse(unit.text_start, unit.text_end), section, due)
                continue
            if self._read_label(unit, section):
                continue
            carried = acted if acted_in == unit.sentence else None
            acted = self._read_sentence(unit, paragraph, carried, first_sentence)
            acted_in = unit.sentence
            first_sentence = False

    def _group_in_brackets(self, note: Note, last: DraftRejected, section: int) -> None:
        """The lead and members in the bracket behind a group's name own the tasks below: 医疗救护组（组长单位：A；成员单位：B）."""
        owners = self._parse(note.text_start, note.text_end)
        self.notes += owners
        if owners and is_group(self.text[last.start : last.end]):
            drafts = [DraftOwner(owner, owner.role, "duty_list", "group_lines") for owner in owners]
            self._duty = _Duty(drafts, self._statement(), section, -1, False)

    def _read_table(self, reading: TableReading) -> None:
        """The tasks of a table, judged like other sentences."""
        statements: dict[int, int] = {}
        for row in reading.tasks:
            section = self._section(row.start)
            sentence = Sentence(
                row.start, row.end, self.text[row.start : row.end], row.closing, -1, row.position, row.last, row.numbered, section, -1
            )  # fmt: skip
            owners = [DraftOwner(owner, owner.role, "table", "table") for owner in row.owners]
            owners += [DraftOwner(owner, owner.role, "annotation", "annotation") for owner in row.annotated]
            kind = self.kinds[section] if section >= 0 else ""
            status = "duty" if row.duty else zones.status(self.document, self.kinds, section)
            reason = rejected(Candidate(sentence, kind, status, bool(owners), row.duty, False, False, False))
            if reason:
                self.rejections.append(DraftRejected(sentence.start, sentence.end, *reason, kind, sentence))
                continue
            if row.row not in statements:
                statements[row.row] = self._statement()
            level = self.levels[section] if section >= 0 else None
            found = acting(self.organisations, row.start, row.end)
            task = DraftTask(
                sentence, status, level, owners, found.addressed, statements[row.row] if owners else -1, row.deadline
            )
            task.add([DraftOwner(owner, owner.role, "subject", "subject") for owner in found.owners])
            self.tasks.append(task)
        for skipped in reading.skipped:
            self.rejections.append(DraftRejected(skipped.start, skipped.end, "table", skipped.reason, ""))

    def _section(self, at: int) -> int:
        """The innermost section that holds a position, -1 where there is none."""
        found = -1
        for index, section in enumerate(self.document.sections):
            if section.start > at:
                break
            if at < section.end:
                found = index
        return found

    def _within(self, section: int, outer: int) -> bool:
        """Whether a section is `outer` or lies in it; -1 is the whole document."""
        while section >= 0 and section != outer:
            section = self.document.sections[section].parent
        return section == outer

    def _open_section(self, section: int) -> None:
        """A heading may name the unit whose duties follow, or hold an annotation."""
        heading = self.document.sections[section]
        name = self.owner_in_heading(heading.heading)
        if name:
            start = self.text.find(name, heading.start, max(heading.body, heading.start + len(name) + 12))
            start = start if start >= 0 else heading.start
            label = "Team" if name.endswith(words("agents", "expert-groups")) else label_of(name)
            owner = NamedOwner(start, start + len(name), name, label, False, "responsible")
            self._duty = _Duty(
                [DraftOwner(owner, "responsible", "duty_list", "duty_heading")], self._statement(), section, -1, False
            )
            self.duties.append(DutyItem((owner,), section, heading.start, heading.body))
        for note in re.finditer(r"[（(]([^（）()]+)[)）]", self.text[heading.start : heading.body]):
            if self._is_note(note.group(1), alone=False):
                start = heading.start + note.start(1)
                owners = self._parse(start, start + len(note.group(1)))
                drafts = [DraftOwner(owner, owner.role, "annotation", "annotation_heading") for owner in owners]
                self.notes += owners
                self._announced = (section, drafts, self._statement())

    def _read_line(self, paragraph: Paragraph, sentences: list[Sentence]) -> int:
        """A line `牵头单位:A`, `成员单位:B、C`: of a working group, or an annotation of the tasks above or below it.

        Returns:
            Where the line of names ends, 0 where it is none; duties may follow (`…。主要职责:…`).
        """
        first = sentences[0]
        rest = next((n for n, one in enumerate(sentences) if n and duties_follow().match(self.text, one.start)), None)
        end = sentences[rest - 1 if rest else -1].end
        owners = self._parse(first.start, end)
        if not owners:
            return 0
        label = self.text[first.start : first.start + 6]
        if (
            self._group is None
            and label.startswith(words("annotations", "labels-of-members"))
            and self._of_a_body(paragraph)
        ):
            self.notes += owners
            self.rejections.append(DraftRejected(first.start, end, "composition", "composition", ""))
            return end
        above = [] if self._group else self._above_line(paragraph)
        if (self._pending or above) and not self._group:
            self._pending = above + self._pending
            self._annotate(owners, paragraph.section, note_deadline(self.text, first.start, end))
            self._noted_line = paragraph.number
            return end
        if self._noted and not self._group and self._noted_line == paragraph.number - 1:
            for task in self._noted:
                task.add([DraftOwner(owner, owner.role, "annotation", "annotation") for owner in owners])
            self.notes += owners
            self._noted_line = paragraph.number
            return end
        if self._group is None:
            self._group = WorkingGroup(paragraph.section)
            self.groups.append(self._group)
        both = len({owner.role for owner in owners}) > 1  # 组长单位:A;成员单位:B
        of_members = label.startswith(words("annotations", "member-labels"))
        for owner in owners:
            member = owner.role == "support" if both else of_members
            (self._group.members if member else self._group.lead).append(owner)
        self.notes += owners
        drafts = [
            DraftOwner(owner, self._group_role(owner), "duty_list", "group_lines")
            for owner in [*self._group.lead, *self._group.members]
        ]
        self._duty = _Duty(drafts, self._statement(), paragraph.section, -1, False)
        return end

    def _above_line(self, paragraph: Paragraph) -> list[DraftTask]:
        """The tasks of the items before the last one that an annotation on a line of its own covers too: it closes a block
        of items (the section, or the one above where the items have titles) and is the only one in it."""
        block = paragraph.section
        if block >= 0 and self.document.sections[block].run_in:
            block = self.document.sections[block].parent
        if block < 0:
            return []
        after = next((p for p in self.paragraphs if p.number > paragraph.number and not self._is_line(p)), None)
        if after is not None and self._within(after.section, block):
            return []
        tasks = [task for task in self.tasks if self._within(task.sentence.section, block)]
        if any(draft.basis == "annotation" for task in tasks for draft in task.owners):
            return []
        return [task for task in tasks if task not in self._pending and not task.owners]

    def _is_line(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph is an annotation without a bracket."""
        return line_pattern().match(self.text, paragraph.start, paragraph.end) is not None

    def _of_a_body(self, paragraph: Paragraph) -> bool:
        """Whether a line 成员单位 gives the members of a body, which own none of the tasks around it, not of a group."""
        heading = self.document.sections[paragraph.section].heading if paragraph.section >= 0 else ""
        above = self.text[: paragraph.start].rstrip().rpartition("\n")[2]
        return not is_group(self.owner_in_heading(heading) or "") and not is_group(re.sub(r"\W", "", above))

    def _read_label(self, sentence: Sentence, section: int) -> bool:
        """A sentence that is an annotation of the tasks before it: `…。责任单位:A、B。`, or a line `完成时限:2026年6月底前`."""
        due = note_deadline(self.text, sentence.start, sentence.end)
        if due and re.fullmatch(r"[\u4e00-\u9fff]{2,4}[：:]\s*", self.text[sentence.start : due[0]]):
            tasks = self._pending or self._noted
            for task in tasks:
                task.deadline = task.deadline or due
            if tasks:
                dated = any(True for _ in find_deadlines(self.text[due[0] : due[1]], None))
                reason = "deadline_of_above" if dated else "no_date"
                self.rejections.append(DraftRejected(sentence.start, sentence.end, "deadline_line", reason, ""))
            return bool(tasks)
        if not sentence.position or not self._pending or self._group:
            return False
        if not line_pattern().match(self.text, sentence.start, sentence.end):
            return False
        if self.text.startswith(words("annotations", "labels-of-members"), sentence.start):
            return False  # 成立…指挥部；成员单位：A、B
        owners = self._parse(sentence.start, sentence.end)
        if owners:
            self._annotate(owners, section, due)
        return bool(owners)

    def _group_role(self, owner: NamedOwner) -> str:
        return owner.role if owner.role != "responsible" else "responsible"

    def _annotate(self, owners: list[NamedOwner], section: int, due: tuple[int, int] | None = None) -> None:
        """Give an annotation's owners and deadline to every task since the previous annotation of the clause."""
        drafts = [DraftOwner(owner, owner.role, "annotation", "annotation") for owner in owners]
        self.notes += owners
        if not drafts:
            return
        statement = self._statement()
        if not self._pending:
            self._announced = (section, drafts, statement)
            return
        for task in self._pending:
            task.add(drafts)
            task.statement = statement
            task.deadline = due
        self._noted = self._pending
        self._pending = []

    def _label(self, sentence: Sentence, paragraph: Paragraph) -> Label | None:
        listed = paragraph.number in self.listed and sentence.position == 0
        return self._label_at(sentence.start, sentence.end, listed=listed)

    def _read_sentence(
        self, sentence: Sentence, paragraph: Paragraph, carried: Acting | None, first: bool
    ) -> Acting | None:
        """Decide on one sentence; returns who acts in it, for the parts after a `；`."""
        section = sentence.section
        kind = "goals" if self._goals == section else self.kinds[section] if section >= 0 else ""
        announced = compiled("passages", "{conditions-of-a-level}[：:为是]").search(sentence.text, 0, LONGEST_FRONT)
        if announced and not re.search("[，,：:]", sentence.text[: announced.start()]):
            self._conditions = sentence.sentence
        label = self._label(sentence, paragraph)
        body = sentence.start
        opened = None if label or self._duty else self._body_of_duties(sentence, section)
        if opened:
            drafts = [DraftOwner(opened, "responsible", "duty_list", "duty_label")]
            self._duty = _Duty(drafts, self._statement(), section, paragraph.number, sentence.numbered)
        elif label:
            body = label.end
            drafts = [DraftOwner(owner, "responsible", "duty_list", "duty_label") for owner in label.owners]
            if len(drafts) == 1 and is_group(drafts[0].owner.name):
                made_of = self._group_owners(sentence, body)
                drafts = made_of or drafts
            self._duty = _Duty(drafts, self._statement(), section, paragraph.number, sentence.numbered)
            self._lead_in = None
            self.duties.append(DutyItem(label.owners, section, sentence.start, sentence.end))
        elif self._duty and first and self._duty.paragraph >= 0 and self._ends_duty(sentence, paragraph):
            self._duty = None
        elif self._duty and first and self._begins_group(sentence):
            self._duty = None
        elif self._duty and self._duty.paragraph < 0 and first and len(self._duty.owners) == 1:
            if is_group(self._duty.owners[0].owner.name):
                found_owners = self._group_owners(sentence, body)
                self._duty.owners = found_owners or self._duty.owners
        found = self._resolved(acting(self.organisations, body, sentence.end), section)
        if not found.new_agent and carried is not None and carried.owners and not _other_field().match(sentence.text):
            led = any(owner.role == "lead" for owner in carried.owners)  # A牵头，B配合，…；… of both
            kept = carried.following or [owner for owner in carried.owners if led or owner.role != "support"]
            merged = {(owner.name, owner.generic): owner for owner in [*kept, *found.owners]}
            found = Acting(tuple(merged.values()), found.addressed, True)
        owners, statement = self._owners_of(sentence, body, found, label)
        status = (
            "duty"
            if any(draft.basis == "duty_list" for draft in owners)
            else zones.status(self.document, self.kinds, section)
        )
        level = level_in(sentence.text) or (self.levels[section] if section >= 0 else None)
        if level and status == "planned" and zones.is_programme(self.document):
            status = "duty"  # what is done at a level of response, in a programme too
        if status == "planned" and _office_on_duty().search(sentence.text):
            status = "duty"  # 办公室设在市应急局，承担日常工作
        section_number = self.document.sections[section] if section >= 0 else None
        opens = (
            first
            and (sentence.numbered or (section_number is None or paragraph.start > section_number.start))
            and not sentence.last
        )
        candidate = Candidate(
            sentence, kind, status, bool(owners), any(d.basis == "duty_list" for d in owners), opens,
            section < 0 and bool(self.document.sections), self._overview(sentence, kind, status),
            self._conditions == sentence.sentence,
        )  # fmt: skip
        reason = rejected(candidate)
        if reason:
            self.rejections.append(DraftRejected(sentence.start, sentence.end, *reason, kind, sentence))
        else:
            task = DraftTask(sentence, status, level, owners, found.addressed, statement)
            if self._announced and not owners:
                task.add(self._announced[1])
                task.statement = self._announced[2]
            self.tasks.append(task)
            self._pending.append(task)
        if _aims_follow().search(sentence.text.rstrip()):
            self._goals = section
        elif sentence.text.rstrip().endswith(("：", ":")):
            self._goals = None
        if sentence.closing == "：" or sentence.text.rstrip().endswith(("：", ":")):
            self._open_list(sentence, found, section, paragraph)
        return found

    def _body_of_duties(self, sentence: Sentence, section: int) -> NamedOwner | None:
        """Whose duties `主要职责：` gives: those of the body that begins the last sentence before it in its section."""
        named = self.organisations.at(sentence.start)
        if named and named.label == "Committee" and not named.generic:
            own = self.text[named.end : named.end + 1] == "的"
            if own and duties_follow().match(self.text, named.end + 1, sentence.end):
                return NamedOwner(named.start, named.end, named.names[0], named.label, False, "responsible")
        if not duties_follow().match(self.text, sentence.start, sentence.end):
            return None
        line = self.text.rfind("\n", 0, sentence.start)
        start = max(self.document.sections[section].start if section >= 0 else line, sentence.start - FAR)
        found = None
        for mention in self.organisations.within(start, sentence.start):
            if (
                mention.label == "Committee"
                and not mention.generic
                and _BEGINS.search(self.text, max(0, mention.start - 4), mention.start)
            ):
                found = mention
        if found is None:
            return None
        return NamedOwner(found.start, found.end, found.names[0], found.label, False, "responsible")

    def _group_owners(self, sentence: Sentence, body: int) -> list[DraftOwner]:
        """The lead and the members of a working group as owners of its duties: alone below its heading and where a sentence
        only makes it up, beside the group where its label opens the sentence."""
        leaders, members = self.organisations.grouped(body, sentence.end)
        return [DraftOwner(owner, owner.role, "duty_list", "group_item") for owner in [*leaders, *members]]

    def _resolved(self, found: Acting, section: int) -> Acting:
        """An agent named by a bare 办公室 is the office of the body that its heading or the text just above names."""
        office = vocabulary("agents")["office"].label
        if not any(owner.name == office and owner.generic for owner in [*found.owners, *found.following]):
            return found
        body = self._office(section)
        if body is None:
            return found
        owners, following = (
            tuple(
                NamedOwner(owner.start, owner.end, body, "Committee", False, owner.role)
                if owner.name == office
                else owner
                for owner in some
            )
            for some in (found.owners, found.following)
        )
        return Acting(owners, found.addressed, found.new_agent, following)

    def _office(self, section: int) -> str | None:
        """The full name of the office that a section is about: by its heading, else the last office or body in it."""
        if section < 0:
            return None
        part = self.document.sections[section]
        bodies = [m for m in self.mentions if part.start <= m.start < part.end and m.label == "Committee"]
        office = vocabulary("agents")["office"].label
        offices = [m.form for m in bodies if m.form.endswith(office)]
        if offices:
            return offices[0]
        return bodies[0].form + office if bodies else None

    def _overview(self, sentence: Sentence, kind: str, status: str) -> bool:
        """Whether a sentence opens a review or an outlook (or the whole text) that has numbered parts, before the first."""
        if status == "duty" or kind == "goals":
            return False
        section = sentence.section
        sections = self.document.sections
        opening = sections[section].body if section >= 0 else 0
        at = bisect_left(self._numbered, opening)
        if at < len(self._numbered) and self._numbered[at] <= sentence.start:
            return False  # （一）闻令而动，… below 一、主要工作 is a part, whatever its title is like
        kinds = vocabulary("kinds")
        parts = [part for part in sections if part.parent == section and part.start > sentence.start]
        if section < 0:
            return (
                bool(parts)
                and self.document.metadata.kind in (kinds["report"].label, kinds["work-plan"].label)
                and sections[0].start > sentence.start
            )
        first = next((part for part in sections if part.parent == section), None)
        return kind in ("review", "outlook") and first is not None and sentence.start < first.start

    def _begins_group(self, sentence: Sentence) -> bool:
        """Whether a paragraph tells of another working group: 善后处置组|由县民政局牵头，…"""
        named = self.organisations.at(sentence.start)
        return named is not None and is_group(named.form) and self.text.startswith("由", named.end)

    def _ends_duty(self, sentence: Sentence, paragraph: Paragraph) -> bool:
        """A paragraph after the labelled one belongs to another unit when it begins a new item of the same kind of list."""
        duty = self._duty
        assert duty is not None
        if paragraph.number == duty.paragraph:
            return False
        if duty.numbered or paragraph.number in self.listed:
            return True
        return not sentence.numbered

    def _owners_of(
        self, sentence: Sentence, body: int, found: Acting, label: Label | None
    ) -> tuple[list[DraftOwner], int]:
        """Owners by duty list and by subject, and the statement that names them."""
        subject = [DraftOwner(owner, owner.role, "subject", "subject") for owner in found.owners]
        holder = self._duty or self._lead_in
        if holder is None or (holder is self._lead_in and found.new_agent):
            helping = found.new_agent or said("helping").match(self.text, body) is not None
            leads = helped(self.organisations, body, sentence.end) if helping else None
            if leads is None and not found.new_agent:
                leads = helped_in_part(self.organisations, body, sentence.end)
            if leads is None:
                subject = self._supporting(sentence, body, found, subject)
            elif not found.new_agent:  # 配合X做好…: whose plan it is supports
                subject += [DraftOwner(owner, "lead", "subject", "helped") for owner in leads]
            return subject, self._statement() if subject else -1
        if found.new_agent and holder is self._duty and not label and _someone_else().search(sentence.text):
            return subject, self._statement()
        if (
            found.new_agent
            and holder is self._duty
            and any(not d.owner.generic and d.role != "support" for d in subject)
            and not label
        ):
            own = {d.owner.name for d in holder.owners}
            in_group = any(is_group(d.owner.name) for d in holder.owners) and any(d.role == "lead" for d in subject)
            if not own & {d.owner.name for d in subject} and not in_group:
                return subject, self._statement()
        drafts = list(holder.owners)
        leads = helped(self.organisations, body, sentence.end)
        if leads is not None:
            drafts = [DraftOwner(d.owner, "support", d.basis, d.rule) for d in drafts]
            drafts += [DraftOwner(owner, "lead", "subject", "helped") for owner in leads]
        else:
            if said("leading").match(self.text, body):
                drafts = [replace(d, role="lead") if d.role == "responsible" else d for d in drafts]
            joined = {d.owner.name for d in drafts}
            drafts += [d for d in subject if d.owner.name not in joined]
        return list({d.owner.name: d for d in reversed(drafts)}.values())[::-1], holder.statement

    def _supporting(self, sentence: Sentence, body: int, found: Acting, subject: list[DraftOwner]) -> list[DraftOwner]:
        """X配合Y做好…: X supports and Y leads, where that is all X does."""
        agents = [d for d in subject if d.role == "responsible"]
        if not agents or not found.new_agent:
            return subject
        after = max(d.owner.end for d in agents)
        if self.text[body:after].count("，") + self.text[body:after].count(",") > 1:
            return subject
        leads = helped(self.organisations, after, sentence.end)
        if leads is None:
            return subject
        changed = [DraftOwner(d.owner, "support", d.basis, "helped") if d in agents else d for d in subject]
        return changed + [DraftOwner(owner, "lead", "subject", "helped") for owner in leads]

    def _open_list(self, sentence: Sentence, found: Acting, section: int, paragraph: Paragraph) -> None:
        """A sentence that leads in a list: its agents own the items below."""
        if found.new_agent and found.owners and sentence.last:
            drafts = [DraftOwner(owner, owner.role, "duty_list", "lead_in") for owner in found.owners]
            self._lead_in = _Duty(drafts, self._statement(), section, paragraph.number, True)
