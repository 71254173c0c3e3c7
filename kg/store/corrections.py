"""Corrections: what people say of facts that extraction found or missed, kept by plan and quote.

A workbook or CSV file with the columns of `HEADERS` (as `kg report PLAN --to xlsx` writes them, in Chinese, English or by
their codes). Rows without a decision say nothing. `task_quote` and the plan's id tell the task, the nearest to
`task_start` where the words stand twice; so corrections hold when a plan is built anew, even where places have moved.

| fact | current | confirm | reject | change | add |
|---|---|---|---|---|---|
| task | its status | keeps it | removes the task | `new_value`: another status | |
| owner | the unit | keeps it | removes it | `new_value`: unit, `new_role` | `new_value`, `new_role` |
| hazard | its label | keeps it | removes it | `new_value`: label | `new_value` |
| deadline | its words | keeps it | removes it | `new_value`: words or ISO date | `new_value` |

What is confirmed, changed or added bears the rule `manual`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.store import identity
from kg.store.aliases import Aliases
from kg.store.names import normalise
from kg.store.places import settle_place
from kg.store.rows import ORGANISATIONS, PlanRows
from kg.store.units import Names

__all__ = ["CODES", "HEADERS", "MANUAL", "Correction", "Corrections", "corrected", "is_corrections", "read_corrections"]

MANUAL = "manual"
HEADERS: Mapping[str, tuple[str, str]] = {
    "decision": ("决定", "Decision"),
    "fact": ("事实", "Fact"),
    "current": ("现值", "Now"),
    "role": ("角色", "Role"),
    "new_value": ("改为", "New value"),
    "new_role": ("新角色", "New role"),
    "note": ("备注", "Note"),
    "task_quote": ("任务原文", "Task quote"),
    "quote": ("原文", "Quote"),
    "start": ("原文起点", "Start"),
    "end": ("原文终点", "End"),
    "task_start": ("任务起点", "Task start"),
    "task_end": ("任务终点", "Task end"),
    "plan": ("计划", "Plan"),
}
"""Columns, with their captions in Chinese and English."""
CODES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "decision": {
        "confirm": ("确认", "confirm"),
        "reject": ("否决", "reject"),
        "change": ("修改", "change"),
        "add": ("增加", "add"),
    },
    "fact": {
        "task": ("任务", "task"),
        "owner": ("责任单位", "owner"),
        "hazard": ("灾种", "hazard"),
        "deadline": ("时限", "deadline"),
    },
    "role": {"lead": ("牵头", "lead"), "responsible": ("负责", "responsible"), "support": ("配合", "support")},
    "status": {"planned": ("计划", "planned"), "reported": ("已做", "reported"), "duty": ("职责", "duty")},
}
_NEEDED = ("decision", "fact", "current", "new_value", "task_quote", "plan")
_NEUTRAL = re.compile(r"^'(?=[=+\-@\t\r\n＝＋－＠])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SUFFIXES = (".xlsx", ".csv")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision on one fact; `role` and `new_role` are for owners, empty elsewhere. `where` is file and row."""

    plan: str
    fact: str
    task_quote: str
    task_start: int
    current: str
    role: str
    decision: str
    new_value: str
    new_role: str
    where: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What the decision is on; a later decision on the same takes the place of an earlier one."""
        added = self.new_value if self.decision == "add" else ""
        return self.plan, self.fact, self.task_quote, self.current, self.role, added

    @property
    def said(self) -> tuple[Any, ...]:
        """All but the place in a file."""
        return *self.key, self.task_start, self.decision, self.new_value, self.new_role


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrections in the order in which they were given."""

    rows: tuple[Correction, ...] = ()

    def joined(self, others: Corrections) -> Corrections:
        """These and the others; of two on the same fact the later."""
        by_key = {one.key: one for one in self.rows}
        for one in others.rows:
            by_key.pop(one.key, None)
            by_key[one.key] = one
        return Corrections(tuple(by_key.values()))

    def without(self, others: Corrections) -> Corrections:
        """Those of these that the others do not say already."""
        said = {one.said for one in others.rows}
        return Corrections(tuple(one for one in self.rows if one.said not in said))

    def of(self, plan: str) -> list[Correction]:
        """Those for one plan."""
        return [one for one in self.rows if one.plan == plan]

    def to_json(self) -> str:
        """For the store."""
        return json.dumps([asdict(one) for one in self.rows], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Corrections:
        """What `to_json` wrote."""
        return cls(tuple(Correction(**row) for row in json.loads(text)))


# reading


def is_corrections(path: Path) -> bool:
    """Whether a file is a workbook or CSV file with a sheet of corrections, as its header tells."""
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    try:
        return next(_tables(path), None) is not None
    except InputError:
        return False


def read_corrections(path: str | Path) -> Corrections:
    """Read the decisions of a file.

    Raises:
        InputError: not readable, no sheet of corrections, or a row that cannot be; the message names file and row.
    """
    file = Path(path)
    tables = list(_tables(file))
    if not tables:
        raise InputError(f"{file}: no sheet of corrections; write one with: kg report PLAN --to xlsx FILE")
    found = []
    for rows in tables:
        for number, row in rows:
            one = _correction(row, f"{file} row {number}")
            if one is not None:
                found.append(one)
    return Corrections(tuple(found))


def _tables(file: Path) -> Iterator[list[tuple[int, Row]]]:
    """The tables of a file whose header is that of corrections: numbered rows by column code."""
    for lines in _sheets(file):
        header = [_column(cell) for cell in lines[0]] if lines else []
        if set(_NEEDED) <= set(header):
            yield [
                (number, {name: cell for name, cell in zip(header, line, strict=False) if name})
                for number, line in enumerate(lines[1:], 2)
            ]


def _sheets(file: Path) -> Iterator[list[Sequence[Any]]]:
    try:
        if file.suffix.lower() == ".csv":
            data = file.read_bytes()
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = data.decode("gb18030")
            yield list(csv.reader(io.StringIO(text, newline="")))
            return
        import openpyxl

        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                rows = sheet.iter_rows(values_only=True)
                header = next(rows, ())
                if {_column(cell) for cell in header} >= set(_NEEDED):
                    yield [header, *rows]
        finally:
            book.close()
    except Exception as error:  # openpyxl and zipfile raise many kinds for files that are no workbooks
        raise InputError(f"{file}: cannot be read ({error}); save it as xlsx, or as CSV in UTF-8") from error


@cache
def _names() -> dict[str, str]:
    names = {name: name for name in HEADERS}
    for name, captions in HEADERS.items():
        names |= {caption.casefold(): name for caption in captions}
    return names


def _column(cell: Any) -> str:
    return _names().get(str(cell or "").strip().casefold(), "")


def _code(kind: str, text: str, where: str) -> str:
    for name, captions in CODES[kind].items():
        if text.casefold() in (name, *captions):
            return name
    known = "、".join(captions[0] for captions in CODES[kind].values())
    raise InputError(f"{where}: {text!r} is no {kind}; there are: {known} ({', '.join(CODES[kind])})")


def _correction(row: Row, where: str) -> Correction | None:
    def text(name: str) -> str:
        value = row.get(name)
        return _NEUTRAL.sub("", str(value)).strip() if value is not None else ""

    if not text("decision"):
        return None
    decision, fact = _code("decision", text("decision"), where), _code("fact", text("fact"), where)
    current, new = text("current"), text("new_value")
    if decision == "add":
        current = ""
    if fact == "task" and decision != "add":
        current = _code("status", current, where) if current else ""
        new = _code("status", new, where) if new else ""
    role = _code("role", text("role"), where) if fact == "owner" and text("role") else ""
    new_role = _code("role", text("new_role"), where) if fact == "owner" and text("new_role") else ""
    if not text("plan") or not text("task_quote"):
        raise InputError(f"{where}: no plan or no words of the task; keep the columns of the report")
    if decision == "add" and (not new or fact == "task"):
        raise InputError(f"{where}: an owner, a hazard or a deadline can be added, with a new value; fill it in")
    if decision == "change" and not (new or new_role):
        raise InputError(f"{where}: a change without a new value; fill it in, or choose reject")
    if fact == "hazard" and new and _hazard(new) is None:
        raise InputError(f"{where}: no hazard {new!r} in the vocabulary; name one as docs/ontology.md does")
    start = text("task_start")
    if start and not re.fullmatch(r"\d+(?:\.0)?", start):
        raise InputError(f"{where}: task_start {start!r} is no number; keep the columns of the report")
    role = "" if decision == "add" else role
    return Correction(
        text("plan"), fact, text("task_quote"), int(float(start or 0)), current, role, decision, new, new_role, where
    )


def _hazard(name: str) -> Any:
    from kg.ontology import vocabulary

    concepts = vocabulary("hazards")
    try:
        return concepts.by_label(name)
    except KeyError:
        return next((concept for form, concept in concepts.forms() if form == name), None)


# applying


def corrected(
    rows: PlanRows, corrections: Iterable[Correction], aliases: Aliases | None = None
) -> tuple[PlanRows, int, list[str]]:
    """A plan's rows with the corrections made.

    Returns:
        The rows, how many corrections were made, and a line for each that no longer fits its text.
    """
    made, misfits = 0, []
    work = _Work(rows, aliases or Aliases())
    for one in corrections:
        trouble = work.apply(one)
        if trouble is None:
            made += 1
        else:
            misfits.append(f"{one.where or one.plan}: no longer fits: {trouble}: {one.task_quote[:40]}")
    return work.rows(), made, misfits


class _Work:
    """Rows of one plan under change."""

    def __init__(self, rows: PlanRows, aliases: Aliases) -> None:
        self._rows = rows
        self._own = {label: list(nodes) for label, nodes in rows.own.items()}
        self._shared = {label: list(nodes) for label, nodes in rows.shared.items()}
        self._edges = {key: [dict(edge) for edge in edges] for key, edges in rows.relationships.items()}
        self._aliases = aliases

    def rows(self) -> PlanRows:
        """The rows as they are now, their keys in the order of the schema: the engine takes no others beside one another."""
        from kg.ontology import schema

        def nodes(label: str, held: Iterable[Row]) -> list[Row]:
            keys = [one.name for one in schema().label(label).properties]
            return [{key: node[key] for key in keys} for node in held]

        def edges(type_: str, held: Iterable[Row]) -> list[Row]:
            keys = [*(one.name for one in schema().relationship(type_).properties), "source", "target"]
            return [{key: edge[key] for key in keys} for edge in held]

        return PlanRows(
            self._rows.plan,
            self._rows.source,
            {label: nodes(label, held) for label, held in self._own.items() if held},
            {label: nodes(label, held) for label, held in self._shared.items() if held},
            {key: edges(key[0], held) for key, held in self._edges.items() if held},
            self._rows.dropped,
        )

    def apply(self, one: Correction) -> str | None:
        """Make one correction; None where it was made, else what is missing."""
        here = [edge for edge in self._edges.get(("HAS_TASK", "Plan", "Task"), ()) if edge["quote"] == one.task_quote]
        if not here:
            return "the words of the task are not there"
        edge = min(here, key=lambda row: abs(row["span_start"] - one.task_start))
        task = edge["target"]
        if one.fact == "task":
            return self._task(one, task)
        if one.fact == "deadline":
            return self._deadline(one, task)
        return self._link(one, task, edge)

    # tasks and deadlines

    def _node(self, task: str) -> tuple[int, Row]:
        nodes = self._own["Task"]
        at = next(number for number, node in enumerate(nodes) if node["id"] == task)
        return at, dict(nodes[at])

    def _task(self, one: Correction, task: str) -> str | None:
        at, node = self._node(task)
        if one.current and node["status"] != one.current:
            return f"its status is {node['status']}"
        if one.decision == "reject":
            gone = {task, *(edge["target"] for key, edges in self._edges.items() if key[0] == "HAS_TARGET"
                            for edge in edges if edge["source"] == task)}  # fmt: skip
            for label in ("Task", "Target"):
                self._own[label] = [node for node in self._own.get(label, ()) if node["id"] not in gone]
            for key, edges in self._edges.items():
                self._edges[key] = [edge for edge in edges if not gone & {edge["source"], edge["target"]}]
            return None
        if one.decision == "change":
            node["status"] = one.new_value
            self._own["Task"][at] = node
        for key, edges in self._edges.items():
            if key[0] == "HAS_TASK":
                for edge in edges:
                    if edge["target"] == task:
                        edge["rule"] = MANUAL
        return None

    def _deadline(self, one: Correction, task: str) -> str | None:
        at, node = self._node(task)
        if one.decision != "add" and node["deadline"] != one.current:
            return f"its deadline is {node['deadline'] or 'not stated'}"
        if one.decision == "confirm":
            return None
        new = None if one.decision == "reject" else one.new_value
        day = _DAY.search(new) if new else None
        self._own["Task"][at] = node | {"deadline": new, "deadline_date": day[0] if day else None}
        return None

    # owners and hazards

    def _link(self, one: Correction, task: str, place: Row) -> str | None:
        type_, end = ("RESPONSIBLE_FOR", "source") if one.fact == "owner" else ("ADDRESSES", "target")
        other = "target" if end == "source" else "source"
        names = {node["id"]: node["name"] for nodes in (*self._own.values(), *self._shared.values()) for node in nodes}
        held = [
            (key, edge)
            for key, edges in self._edges.items()
            if key[0] == type_
            for edge in edges
            if edge[other] == task
            and one.current in (edge.get("owner_name"), names.get(edge[end]))
            and one.role in ("", edge.get("role"))
        ]
        if one.decision == "add":
            self._join(one, task, self._new(place, one.new_role or "responsible"))
            return None
        if not held:
            return f"{one.fact} {one.current} is not there"
        for key, edge in held:
            if one.decision == "confirm":
                edge["rule"] = MANUAL
                continue
            self._edges[key].remove(edge)
            if one.decision == "change":
                kept = {name: value for name, value in edge.items() if name not in ("source", "target", "owner_name")}
                if one.new_role:
                    kept["role"] = one.new_role
                self._join(one, task, kept | {"rule": MANUAL})
        return None

    def _new(self, place: Row, role: str) -> Row:
        """The properties of a link that no words of its own bear: those of the task."""
        words = {name: place[name] for name in ("plan", "span_start", "span_end", "position", "quote")}
        return words | {"rule": MANUAL, "role": role, "basis": "annotation", "statement": f"{place['target']}-{MANUAL}"}

    def _join(self, one: Correction, task: str, properties: Row) -> None:
        name = one.new_value or one.current
        if one.fact == "hazard":
            key, ends = ("ADDRESSES", "Task", "Hazard"), {"source": task, "target": self._hazard(name)}
            properties = {
                name: value for name, value in properties.items() if name not in ("role", "basis", "statement")
            }
        else:
            label, unit = self._unit(name)
            key, ends = ("RESPONSIBLE_FOR", label, "Task"), {"source": unit, "target": task}
            properties = properties | {"owner_name": name}
        edge = properties | ends
        edges = self._edges.setdefault(key, [])
        if not any(ends.items() <= held.items() and held.get("role") == edge.get("role") for held in edges):
            edges.append(edge)

    def _unit(self, name: str) -> tuple[str, str]:
        """The label and id of a unit: one of this plan that bears the name, else a new agency of the plan's place."""
        for label in ORGANISATIONS:
            for node in (*self._shared.get(label, ()), *self._own.get(label, ())):
                if name in (node["name"], *(node.get("aliases") or ())):
                    return label, str(node["id"])
        places = {node["id"]: node["name"] for node in self._shared.get("Place", ())}
        lowest = [edge["target"] for key, edges in self._edges.items() if key[0] == "APPLIES_TO" for edge in edges]
        place = next((places[one] for one in lowest if one in places), None)
        units = {node["id"]: node["name"] for node in self._shared.get("Agency", ())}
        issuers = [edge["target"] for key, edges in self._edges.items() if key[0] == "ISSUED_BY" for edge in edges]
        issuer = next((units[one] for one in issuers if one in units), None)
        settled = settle_place(place) if place else None
        unit = Names(self._rows.plan, settled, issuer, self._aliases).unit("Agency", name)
        here = identity.unit_id("Agency", unit)
        own = {"place": unit.place, "level": unit.level, "unsettled": unit.unsettled}
        self._add("Agency", here, name, own)
        return "Agency", here

    def _hazard(self, name: str) -> str:
        concept = _hazard(name)
        here = identity.concept_id("Hazard", "hazards", concept.label)
        if not any(node["id"] == here for node in self._shared.get("Hazard", ())):
            self._add("Hazard", here, concept.label, {})
        return here

    def _add(self, label: str, identifier: str, name: str, own: Row) -> None:
        from kg.ontology import schema

        if any(node["id"] == identifier for node in self._shared.get(label, ())):
            return
        row: Row = {one.name: [] if one.type.endswith("[]") else None for one in schema().label(label).properties}
        row |= {"id": identifier, "name": normalise(name) if label == "Agency" else name, "label": label}
        self._shared.setdefault(label, []).append(row | {key: value for key, value in own.items() if key in row})
