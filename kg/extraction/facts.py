"""Facts: what extraction finds in one plan.

Everything is frozen and ordered, so that the same input gives the same bytes. `start` and `end` are offsets into the
Document's source text, `quote` is the cleaned form of source[start:end], `rule` names the rule that made the fact.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.loaders.document import HowRead, PlanMetadata
from kg.loaders.positions import Position


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stands and what made it."""

    start: int
    end: int
    quote: str
    rule: str
    position: Position | None = None
    """Page, paragraph or cell of `start`; None for plain text."""


@dataclass(frozen=True, slots=True)
class Owner:
    """An organisation that answers for a task.

    `label` is the node label (Agency, Committee, Team or Group). `generic` is true for groups, persons and pronouns.
    `resolved` is the name that a pronoun stands for (`我局` -> the issuer), else None.
    """

    name: str
    label: str
    role: str  # lead | responsible | support
    basis: str  # annotation | duty_list | subject | table
    generic: bool
    evidence: Evidence
    resolved: str | None = None


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who is urged or guided by a task (督促X, 指导X) without being responsible for it."""

    name: str
    label: str
    generic: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Named:
    """A hazard or resource that a task names: `label` is Hazard, Team, Supply, Facility or System; `name` the entity's."""

    name: str
    label: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Deadline:
    text: str
    date: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached; `comparator` is one of = >= <= + -."""

    measure: str
    comparator: str
    value: float | int
    unit: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Citation:
    """A law, policy, standard or plan cited by title (without 《》)."""

    title: str
    evidence: Evidence
    doc_number: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A commitment, duty or reported action. `section` is an index into `Facts.sections` (-1: none); `statement` numbers
    the annotation, duty item or sentence that names its owners, counted from 0 within the plan (-1: no owner)."""

    text: str
    status: str  # planned | reported | duty
    section: int
    evidence: Evidence
    owners: tuple[Owner, ...] = ()
    addressed: tuple[Addressed, ...] = ()
    hazards: tuple[Named, ...] = ()
    resources: tuple[Named, ...] = ()
    deadline: Deadline | None = None
    targets: tuple[Target, ...] = ()
    cites: tuple[Citation, ...] = ()
    response_level: str | None = None  # Ⅰ Ⅱ Ⅲ Ⅳ
    statement: int = -1
    recovered_text: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an entity stands; `section` is an index into `Facts.sections` (-1: none)."""

    form: str
    section: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Entity:
    """`quantity`, `unit` and `kept_at` (where it is kept or stationed) are what rosters and ledgers say of a team, supply
    or facility, over all their rows."""

    type: str  # Agency Committee Team Supply Facility System Hazard Regulation
    name: str
    aliases: tuple[str, ...]
    mentions: tuple[Mention, ...]
    quantity: float | int | None = None
    unit: str | None = None
    kept_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """`type` is PART_OF OFFICE_OF HOSTED_BY MEMBER_OF LEADS MANAGES FOR_HAZARD; `head` and `tail` are entity names (for an
    entity of `Facts.entities`, its `name`), with their types."""

    head: str
    head_type: str
    type: str
    tail: str
    tail_type: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class SectionFact:
    """A section with source offsets; `parent` is an index into `Facts.sections`, -1 at the top."""

    number: str
    heading: str
    level: int
    parent: int
    start: int
    end: int
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Covers:
    """A section or task that holds an element of plans (`E01` …); exactly one of `section`, `task` is an index >= 0."""

    element: str
    section: int
    task: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class TableFact:
    """How a table was read: `kinds` (any of tasks, duties, targets, resources; empty where nothing was read), for each
    column its head and what it holds (empty where not recognised), and why nothing was read."""

    start: int
    end: int
    kinds: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    reason: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """What a rule dropped or merged, with a reason code, for the report."""

    rule: str
    reason: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one plan. `source` is the file name, `sha256` of its bytes."""

    source: str
    sha256: str
    plan: PlanMetadata
    sections: tuple[SectionFact, ...]
    tasks: tuple[Task, ...]
    targets: tuple[Target, ...]
    cites: tuple[Citation, ...]
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    covers: tuple[Covers, ...]
    rejected: tuple[Rejected, ...]
    warnings: tuple[str, ...]
    size: int
    """Characters of the source text."""
    tables: tuple[TableFact, ...] = ()
    reading: HowRead = HowRead()
