"""What tables say: tasks with owners and deadlines, duties of units, targets, and teams, supplies and places.

    >>> from kg.loaders.tables import find_tables
    >>> text = "|任务|牵头单位|配合单位|完成时限|\\n|---|---|---|---|\\n|疏浚河道；加固堤防|区水利局|各镇|6月底前|"
    >>> for task in read_table(text, find_tables(text)[0]).tasks:
    ...     print(text[task.start : task.end], [(o.name, o.role) for o in task.owners], text[slice(*task.deadline)])
    疏浚河道 [('区水利局', 'lead'), ('各镇', 'support')] 6月底前
    加固堤防 [('区水利局', 'lead'), ('各镇', 'support')] 6月底前

What is not read is in `TableReading.skipped`, with a reason code of `REASONS`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.extraction.annotations import NamedOwner, closing_verbs, is_generic, is_note, parse, titles
from kg.extraction.bodies import label_of
from kg.extraction.columns import (
    OWNERS,
    RESOURCES,
    SCHEME,
    Column,
    Layout,
    cell_at,
    is_unit,
    layout,
    leads,
    may_be_measure,
    plain,
    resource_type,
    said,
)
from kg.extraction.deadlines import DeadlineWords, find_deadlines
from kg.extraction.organisations import find_organisations
from kg.extraction.resources import find_resources
from kg.extraction.sentences import split, strip_enumerators
from kg.extraction.targets import TargetWords
from kg.loaders.document import Cell, Table
from kg.loaders.tables import MARKUP
from kg.ontology.lexicon import alternation, compiled, pattern

REASONS = {
    "head_not_recognised": "no row is a head whose columns are known; the whole table is left out",
    "cost_table": "a list of prices; the whole table is left out",
    "kind_of_resource_unknown": "a ledger that does not say whether it lists teams, supplies or places",
    "column_not_recognised": "the head of a column is not known; its cells are not read",
    "repeated_head": "the head again, on a further page",
    "category_row": "a row that groups those below it",
    "total_row": "a row of totals",
    "note_row": "a note below the table",
    "no_task": "a row with an empty cell for the task",
    "no_name": "a row with an empty cell for the name",
    "no_number": "a value or quantity in words alone",
    "value_not_read": "a value that is no number with a unit (a range, several numbers)",
    "no_date": "a deadline that gives no date and no limit",
    "open_ended": "长期, 全年: no deadline",
    "not_an_organisation": "a name beside units that is none (a person)",
}
"""Why something in a table is no fact."""


@dataclass(slots=True)
class TableTask:
    """A sentence of a task's cell; all offsets are cleaned offsets.

    `owners` are those of its row's columns (basis `table`), `annotated` those that a bracket in the cell itself names
    (basis `annotation`). `deadline` are the words in the deadline's cell. Tasks of one `row` (numbered in the table)
    share one statement. `closing`, `position`, `last` and `numbered` are as in `sentences.Sentence`.
    """

    start: int
    end: int
    owners: tuple[NamedOwner, ...]
    deadline: tuple[int, int] | None
    duty: bool
    row: int
    annotated: tuple[NamedOwner, ...] = ()
    closing: str = ""
    position: int = 0
    last: bool = True
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class TableResource:
    """A team, supply or facility of a roster or ledger; (start, end) pairs are cleaned offsets, None where not said."""

    type: str
    start: int
    end: int
    name: str
    quantity: float | int | None
    unit: str | None
    quantity_span: tuple[int, int] | None
    place: str | None
    place_span: tuple[int, int] | None
    managers: tuple[NamedOwner, ...]
    row: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of a table that gives no fact; `reason` is a key of `REASONS`."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class TableReading:
    """All that one table says."""

    table: Table
    layout: Layout
    tasks: tuple[TableTask, ...]
    targets: tuple[TargetWords, ...]
    resources: tuple[TableResource, ...]
    skipped: tuple[Skipped, ...]


def read_tables(text: str, tables: Iterable[Table], known: Mapping[str, str] | None = None) -> tuple[TableReading, ...]:
    """What the tables of a text say; one without a head goes on with the columns of the one before it.

    `known` says what columns hold by the words of their heads, where a user settled it.
    """
    readings: list[TableReading] = []
    before: tuple[Table, Layout] | None = None
    for table in tables:
        reading = read_table(text, table, before, known)
        readings.append(reading)
        before = (table, reading.layout)
    return tuple(readings)


def read_table(
    text: str, table: Table, before: tuple[Table, Layout] | None = None, known: Mapping[str, str] | None = None
) -> TableReading:
    """What one table says.

    Args:
        text: the cleaned text.
        table: one of its tables.
        before: the table before it with its layout, if there is one.
        known: as in `read_tables`.

    >>> from kg.loaders.tables import find_tables
    >>> text = "|指标|2020年|2025年目标|\\n|---|---|---|\\n|应急物资达标率（%）|70|≥95|"
    >>> [(t.measure, t.comparator, t.value, t.unit) for t in read_table(text, find_tables(text)[0]).targets]
    [('应急物资达标率', '>=', 95, '%')]
    >>> text = "|品名|数量|单位|存放地点|保管单位|\\n|---|---|---|---|---|\\n|冲锋舟|6|艘|东港仓库|区水利局|"
    >>> for r in read_table(text, find_tables(text)[0]).resources:
    ...     print(r.type, r.name, r.quantity, r.unit, r.place, [m.name for m in r.managers])
    Supply 冲锋舟 6 艘 东港仓库 ['区水利局']
    """
    found = layout(text, table, before, known)
    reader = _TableReader(text, table, found)
    return TableReading(
        table, found, tuple(reader.tasks), tuple(reader.targets), tuple(reader.resources), tuple(reader.skipped)
    )


_GROUP = re.compile(r"(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)])\S{1,30}")
_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十]+[）)、.]?")


def _note() -> re.Pattern[str]:
    return compiled(SCHEME, r"{note}\s*[:：1（(]")


class _TableReader:
    """Reads the rows of one table by its layout."""

    def __init__(self, text: str, table: Table, found: Layout) -> None:
        self.text = text
        self.layout = found
        self.tasks: list[TableTask] = []
        self.targets: list[TargetWords] = []
        self.resources: list[TableResource] = []
        self.skipped: list[Skipped] = []
        if found.reason:
            self.skipped.append(Skipped(table.start, table.end, found.reason))
            return
        self.rows = [(number, row) for number, row in enumerate(found.rows) if self._counts(row)]
        if found.kinds & {"tasks", "duties"}:
            self._read_tasks()
        if "targets" in found.kinds:
            self._read_targets()
        if "resources" in found.kinds:
            self._read_resources(table)
        self._name_unknown_columns()

    # rows

    def _skip(self, cells: Sequence[Cell], reason: str) -> None:
        filled = [cell for cell in cells if cell.text] or list(cells)
        if filled:
            start, end = min(cell.start for cell in filled), max(cell.end for cell in filled)
            self.skipped.append(Skipped(start, max(end, start), reason))

    def _counts(self, row: Sequence[Cell]) -> bool:
        """Whether a row is one of content; if not, the report says why."""
        filled = list({id(cell): cell for cell in row if cell.text}.values())
        if not filled:
            return False
        key = tuple(plain(cell.text) for cell in row)
        reason = None
        if key in self.layout.heads:
            reason = "repeated_head"
        elif any(said("total").fullmatch(plain(cell.text)) for cell in filled[:2]):
            reason = "total_row"
        elif len(filled) == 1 and _note().match(filled[0].text):
            reason = "note_row"
        elif len(self.layout.columns) > 2 and len(row) > 1 and len({id(cell) for cell in row}) == 1:
            reason = "category_row"
        elif len(filled) == 1 and _GROUP.fullmatch(plain(filled[0].text)):
            reason = "category_row"
        if reason:
            self._skip(row, reason)
        return reason is None

    def _name_unknown_columns(self) -> None:
        for column in self.layout.columns:
            if not column.kind and not may_be_measure(column):
                cells = [cell for _, row in self.rows if (cell := cell_at(row, column.index)) is not None and cell.text]
                for cell in {id(cell): cell for cell in cells}.values():
                    self._skip([cell], "column_not_recognised")

    def _cell(self, row: Sequence[Cell], column: Column | None) -> Cell | None:
        """The cell of a row in a column, None where it is empty or says that there is nothing."""
        cell = cell_at(row, column.index) if column is not None else None
        if cell is None or not re.search(r"\w", cell.text) or said("nothing").fullmatch(plain(cell.text)):
            return None
        return cell

    # owners

    def _owner_columns(self) -> list[tuple[Column, str]]:
        """The columns that name owners, with the role of each."""
        found = self.layout
        columns = [(column, column.kind) for column in found.of(*OWNERS)]
        units = [*found.of("unit"), *(c for c in found.columns if not c.kind and may_be_measure(c))]
        groups = found.of("group")
        teams = found.of("team") if "resources" in found.kinds else []
        if teams:
            return [(column, "responsible") for column in teams]
        if columns:
            support = any(role == "lead" for _, role in columns)
            return columns + [(column, "support") for column in units if support]
        if groups and units:
            return [(column, "responsible") for column in groups] + [(column, "support") for column in units]
        return [(column, "responsible") for column in units or groups or found.of("manager")]

    def _owners(self, number: int, row: Sequence[Cell], columns: Sequence[tuple[Column, str]]) -> list[NamedOwner]:
        """The owners that a row names, those who lead first; each unit once."""
        found: dict[str, NamedOwner] = {}
        for column, role in sorted(columns, key=lambda pair: OWNERS.index(pair[1])):
            cell = self._cell_or_above(number, row, column)
            if cell is None:
                continue
            owners = list(owners_in(self.text, cell, role))
            if said("persons-in-a-head").search(column.head):
                persons = [owner for owner in owners if not _is_unit_name(owner)]
                for person in persons:
                    self.skipped.append(Skipped(person.start, person.end, "not_an_organisation"))
                owners = [owner for owner in owners if owner not in persons]
            if owners and leads(column) and said("first-leads").search(column.head):
                owners[0] = replace(owners[0], role="lead")
                owners[1:] = [replace(o, role="responsible") if o.role == "lead" else o for o in owners[1:]]
            for owner in owners:
                found.setdefault(owner.name, owner)
        return list(found.values())

    def _cell_or_above(self, number: int, row: Sequence[Cell], column: Column) -> Cell | None:
        """The cell of a row in a column; where it says 同上, the one above."""
        cell = self._cell(row, column)
        while cell is not None and number > 0 and said("ditto").fullmatch(plain(cell.text)):
            number -= 1
            cell = self._cell(self.layout.rows[number], column)
        return cell

    # tasks

    def _task_column(self) -> list[Column]:
        """The columns of tasks, the one with the most words first: that says what is to be done, the others head it."""
        duty = self.layout.of("duty") if "duties" in self.layout.kinds else []
        columns = duty or self.layout.of("task")

        def size(column: Column) -> int:
            return sum(len(cell.text) for _, row in self.rows if (cell := cell_at(row, column.index)) is not None)

        return sorted(columns, key=size, reverse=True)

    def _read_tasks(self) -> None:
        columns = self._task_column()
        owner_columns = self._owner_columns()
        deadlines = self.layout.of("deadline")
        groups: dict[int, list[tuple[int, tuple[Cell, ...]]]] = {}
        cells: dict[int, Cell] = {}
        for number, row in self.rows:
            cell = next((cell for column in columns if (cell := self._cell(row, column)) is not None), None)
            if cell is None:
                self._skip(row, "no_task")
                continue
            cells[id(cell)] = cell
            groups.setdefault(id(cell), []).append((number, row))
        for key, rows in groups.items():
            owners: dict[str, NamedOwner] = {}
            due: tuple[int, int] | None = None
            for number, row in rows:
                for owner in self._owners(number, row, owner_columns):
                    owners.setdefault(owner.name, owner)
                due = due or self._deadline(number, row, deadlines)
            self._add(cells[key], tuple(owners.values()), due, rows[0][0])

    def _deadline(self, number: int, row: Sequence[Cell], columns: Sequence[Column]) -> tuple[int, int] | None:
        for column in columns:
            cell = self._cell_or_above(number, row, column)
            if cell is None:
                continue
            found = column_deadline(self.text[cell.start : cell.end], None)
            if found is not None:
                return cell.start + found.start, cell.start + found.end
            ends = said("open-ended").search(cell.text)
            self._skip([cell], "open_ended" if ends else "no_date")
        return None

    def _add(self, cell: Cell, owners: tuple[NamedOwner, ...], due: tuple[int, int] | None, row: int) -> None:
        """The sentences of a cell; a bracket that names owners belongs to those before it."""
        found: list[TableTask] = []
        open_ = 0
        duty = "duties" in self.layout.kinds
        for kind, start, end, closing in cell_sentences(self.text, cell):
            if kind == "note":
                named = tuple(parse(self.text, start + 1, end - 1))
                found[open_:] = [replace(task, annotated=named) for task in found[open_:]]
                open_ = len(found)
                continue
            inner = strip_enumerators(self.text, start, end)
            while end > inner and (self.text[end - 1].isspace() or self.text[end - 1] in "，,、"):
                end -= 1
            if end > inner:
                numbered = bool(self.text[start:inner].strip())
                found.append(TableTask(inner, end, owners, due, duty, row, (), closing, len(found), False, numbered))
        if found:
            found[-1] = replace(found[-1], last=True)
        self.tasks += found

    # targets

    def _read_targets(self) -> None:
        indicator = self.layout.of("indicator")[-1]
        values = self.layout.of("target-value")
        if not values:
            years = self.layout.of("year")
            values = years[1:] or years
        units = self.layout.of("unit-of-measure") or [c for c in self.layout.columns if may_be_measure(c)]
        for _, row in self.rows:
            names = self._cell(row, indicator)
            if names is None:
                self._skip(row, "no_name")
                continue
            for column in values:
                cell = self._cell(row, column)
                if cell is None:
                    continue
                unit = cell_at(row, units[0].index) if units else None
                own = _unit(unit) or _bracketed_unit(column.head)
                target = value_of(names.text, cell.text, own)
                if target is None:
                    self._skip([cell], "value_not_read" if re.search(r"\d", cell.text) else "no_number")
                    continue
                near = names.start < cell.start and names in row and not (names.end - cell.start > 200)
                beside = near and "\n" not in self.text[names.end : cell.start] and cell.start - names.end < 200
                self.targets.append(replace(target, start=names.start if beside else cell.start, end=cell.end))

    # resources

    def _read_resources(self, table: Table) -> None:
        for block in self._blocks():
            self._read_block(block, table)

    def _blocks(self) -> list[list[Column]]:
        """The columns of each resource in a row: a ledger may stand twice side by side."""
        names = self._name_columns()
        heads = [column.index for column in names]
        if len(heads) < 2 or len({plain(column.head) for column in names}) > 1:
            return [list(self.layout.columns)]
        blocks = []
        for first, following in zip(heads, [*heads[1:], len(self.layout.columns)], strict=True):
            blocks.append([column for column in self.layout.columns if first <= column.index < following])
        here = {column.kind for column in blocks[0]}
        shared = [column for column in blocks[-1] if column.kind not in here]
        return [block + [column for column in shared if column not in block] for block in blocks]

    def _name_columns(self) -> list[Column]:
        for kinds in (("team",), ("supply",), ("facility",), ("name",), ("equipment",)):
            found = self.layout.of(*kinds)
            if found:
                return found
        return []

    def _read_block(self, columns: Sequence[Column], table: Table) -> None:
        def of(*kinds: str) -> list[Column]:
            return [column for kind in kinds for column in columns if column.kind == kind]

        name_column = next(column for column in self._name_columns() if column in columns)
        kind = RESOURCES.get(name_column.kind) or ("Supply" if name_column.kind == "equipment" else None)
        kind = kind or resource_type(self.layout.caption) or self._vote(name_column)
        categories = of("category")
        counts = of("quantity", "people") if kind != "Facility" else of("quantity", "capacity", "people")
        if kind == "Team":
            counts = of("people", "quantity")
        units = [*of("unit-of-measure"), *(c for c in columns if may_be_measure(c) and self._holds_units(c))]
        managers = of("manager") or [
            *of("responsible", "lead", "unit"),
            *(c for c in columns if may_be_measure(c) and c not in units),
        ]
        extras = of("equipment", "supply") if kind == "Team" else []
        places = [column for column in of("place", "facility") if column != name_column]
        if kind is None and not categories:
            self.skipped.append(Skipped(table.start, table.end, "kind_of_resource_unknown"))
            return
        for number, row in self.rows:
            cell = self._cell(row, name_column)
            if cell is None:
                if any(self._cell(row, column) for column in [*counts, *managers]):
                    self._skip(row, "no_name")
                continue
            category = self._cell(row, categories[0]) if categories else None
            own = (resource_type(category.text) if category else None) or kind
            if own is None:
                self._skip([cell], "kind_of_resource_unknown")
                continue
            amount, unit, span = self._amount(row, counts, units)
            if span is None and row[0] is not cell and _ORDINAL.fullmatch(plain(row[0].text)):
                self._skip(row, "category_row")
                continue
            place = next((one for column in places if (one := self._cell(row, column)) is not None), None)
            owners = tuple(self._owners(number, row, [(column, "responsible") for column in managers]))
            several = list(_names_in(self.text, cell))
            for start, end, name in several:
                alone = len(several) == 1
                self.resources.append(
                    TableResource(
                        own, start, end, name,
                        amount if alone else None, unit if alone else None, span if alone else None,
                        _joined(place.text) if place else None, (place.start, place.end) if place else None,
                        owners, number,
                    )
                )  # fmt: skip
            for column in extras:
                self._read_equipment(self._cell(row, column), number)

    def _holds_units(self, column: Column) -> bool:
        """Whether the cells of a column headed 单位 are units of measure, not organisations."""
        cells = [cell.text for _, row in self.rows if (cell := cell_at(row, column.index)) is not None and cell.text]
        return bool(cells) and sum(is_unit(words_) or len(plain(words_)) < 3 for words_ in cells) * 2 > len(cells)

    def _vote(self, column: Column) -> str | None:
        """The type of most names of a column, by the vocabularies of resources."""
        votes: dict[str, int] = {}
        cells = [cell for _, row in self.rows if (cell := self._cell(row, column)) is not None]
        for cell in cells:
            name = _joined(cell.text)
            for mention in find_resources(name):
                if mention.end == len(name) and mention.type in RESOURCES.values():
                    votes[mention.type] = votes.get(mention.type, 0) + 1
        best = max(votes, key=lambda one: votes[one], default=None)
        return best if best is not None and votes[best] * 3 >= len(cells) else None

    def _amount(
        self, row: Sequence[Cell], counts: Sequence[Column], units: Sequence[Column]
    ) -> tuple[float | int | None, str | None, tuple[int, int] | None]:
        """The quantity of a row with its unit and where it stands."""
        for column in counts:
            cell = self._cell(row, column)
            if cell is None:
                continue
            found = _amount().fullmatch(plain(cell.text))
            if found is None:
                self._skip([cell], "value_not_read" if re.search(r"\d", cell.text) else "no_number")
                continue
            unit_cell = cell_at(row, units[0].index) if units else None
            unit = found["unit"] or _unit(unit_cell) or _bracketed_unit(column.head)
            unit = unit or (
                "人" if column.kind == "people" or (column.kind == "capacity" and "人" in column.head) else ""
            )
            return _number(found["value"]), unit or None, (cell.start, cell.end)
        return None, None, None

    def _read_equipment(self, cell: Cell | None, number: int) -> None:
        """`冲锋舟2艘、救生衣50件` in the row of a team."""
        if cell is None:
            return
        for start, end, words_ in _names_in(self.text, cell):
            found = _COUNTED.fullmatch(words_)
            if found is None:
                if re.search(r"\d", words_):
                    self.skipped.append(Skipped(start, end, "value_not_read"))
                    continue
                self.resources.append(
                    TableResource("Supply", start, end, words_, None, None, None, None, None, (), number)
                )
                continue
            name = found["name"] or found["after"]
            at = self.text.find(name, start, end)
            first, last = (at, at + len(name)) if at >= 0 else (start, end)
            value = _number(found["value"] or found["front"])
            unit = found["unit"] or found["measure"]
            self.resources.append(
                TableResource("Supply", first, last, name, value, unit, (start, end), None, None, (), number)
            )


# cells


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a cell between its tags, trimmed."""
    at = start
    for mark in [*MARKUP.finditer(text, start, end), None]:
        stop = mark.start() if mark else end
        words_ = text[at:stop]
        if words_.strip():
            first = at + len(words_) - len(words_.lstrip())
            yield first, first + len(words_.strip())
        at = mark.end() if mark else end


_ITEM = re.compile(r"(?:[（(](\d{1,2})[）)]|(\d{1,2})[.．、](?!\d)|([①-⑳]))")


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The numbered items of a stretch that begins with number 1: `1.排查隐患2.整改销号`, each as its span."""
    cuts = [start]
    style = -1
    for mark in _ITEM.finditer(text, start, end):
        number = int(mark[1] or mark[2]) if mark[3] is None else ord(mark[3]) - ord("①") + 1
        if number == 1 and mark.start() == start:
            style = mark.lastindex or -1
        elif mark.lastindex == style and number == len(cuts) + 1:
            cuts.append(mark.start())
        elif style == -1:
            break
    yield from zip(cuts, [*cuts[1:], end], strict=True)


def cell_sentences(text: str, cell: Cell) -> Iterator[tuple[str, int, int, str]]:
    """The sentences and notes of a cell, as `sentences.split` gives them; a tag and a number of a list end one, too."""
    for first, last in _segments(text, cell.start, cell.end):
        for line in re.finditer(
            r"[^\n]+(?:\n(?!\s*(?:[（(]?\d{1,2}[）).．、]|[一二三四五六七八九十]+[、是]|[①-⑳]))[^\n]+)*",
            text[first:last],
        ):
            for start, end in _items(text, first + line.start(), first + line.end()):
                yield from split(text, start, end, is_note)


def _joined(words_: str) -> str:
    """Words that a page broke, whole: white space beside a Chinese character goes.

    >>> _joined("卫星 电话 Pro 2")
    '卫星电话Pro 2'
    """
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+|\s+(?=[\u3000-\u9fff\uff00-\uffef])", "", words_.strip())


def _names_in(text: str, cell: Cell) -> Iterator[tuple[int, int, str]]:
    """The names in a cell: between tags, and at 、 and ； outside brackets."""
    for first, last in _segments(text, cell.start, cell.end):
        for found in re.finditer(r"(?:[（(][^（）()]*[）)]|[^、；;\n（(]|[（(])+", text[first:last]):
            words_ = found.group()
            start = first + found.start() + len(words_) - len(words_.lstrip())
            words_ = words_.strip().rstrip("等。，,")
            end = start + len(words_)
            inner = _unnumbered(text, start, end)
            if end > inner:
                yield inner, end, _joined(text[inner:end])


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Marks of a role in a cell of owners: a label or verb (`牵头单位：`, `A牵头`), or `A（牵头）`."""
    roles = ("lead", "support")
    labels = alternation([w for role in OWNERS for w in titles(role)])
    verbs = closing_verbs(*roles)
    named = "|".join(rf"(?P<{role}>{alternation(titles(role))}|{closing_verbs(role)})" for role in OWNERS)
    return (
        re.compile(rf"{labels}\s*[：:]|\S\s*{verbs}\s*(?:[,，;；。]|$)"),
        re.compile(rf"\s*[（(]\s*(?:{named})\s*[）)]\s*$"),
    )


def _closed() -> re.Pattern[str]:
    """Ends of a whole name, before a space that parts two of them."""
    return compiled("organisations", "(?:{strong-heads}|[)）]|{tables/ends-of-whole-names})$")


def _parted(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches between spaces that part two whole names; a space inside a name is a broken line."""
    at = start
    for space in re.finditer(r"\s+", text[start:end]):
        left, right = start + space.start(), start + space.end()
        if text[left - 1] in "、,，;；：:":
            continue
        whole = re.split(r"[、,，;；：:]", text[at:left])[-1]
        if _closed().search(whole) and len(whole.strip()) > 2 and not re.match(r"[、,，;；）)（(]", text[right:end]):
            yield at, left
            at = right
    yield at, end


def owners_in(text: str, cell: Cell, role: str) -> Iterator[NamedOwner]:
    """The owners that a cell names, with the column's role unless the cell itself says one.

    >>> from kg.loaders.document import Cell
    >>> words_ = "区水利局（牵头）、区财政局"
    >>> [(owner.name, owner.role) for owner in owners_in(words_, Cell(words_, 0, len(words_)), "responsible")]
    [('区水利局', 'lead'), ('区财政局', 'responsible')]
    """
    marked, bracketed = _marks()
    for first, last in _segments(text, cell.start, cell.end):
        for line in re.finditer(r"[^\n]+(?:\n(?=\s*[\u4e00-\u9fff]{1,2}\s*$)[^\n]+)*", text[first:last]):
            for start, end in _parted(text, first + line.start(), first + line.end()):
                start = _unnumbered(text, start, end)
                own = marked.search(text[start:end]) is not None
                for owner in parse(text, start, end):
                    if not re.search(r"[\u4e00-\u9fff]", owner.name) or said("nothing").fullmatch(plain(owner.name)):
                        continue
                    named = owner if own else replace(owner, role=role)
                    bracket = bracketed.search(named.name)
                    if bracket:
                        name = named.name[: bracket.start()]
                        named = replace(named, end=named.start + len(name), role=bracket.lastgroup or role)
                        named = _renamed(named, name)
                    name = re.sub(r"\s+", "", named.name).rstrip("*★▲")
                    yield named if name == named.name else _renamed(named, name)


def _unnumbered(text: str, start: int, end: int) -> int:
    found = re.match(r"\s*(?:\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳])\s*", text[start:end])
    return start + found.end() if found else start


def _renamed(owner: NamedOwner, name: str) -> NamedOwner:
    generic = is_generic(name)
    return replace(owner, name=name, generic=generic, label="Group" if generic else label_of(name))


def _is_unit_name(owner: NamedOwner) -> bool:
    return owner.generic or bool(_closed().search(owner.name)) or bool(find_organisations(owner.name))


# deadlines

_PART = r"\d{1,2}\s*月\s*(?:\d{1,2}\s*[日号]|[上中下]旬|份|初)?|第?[一二三四1-4]季度|[上下]半年"


@cache
def _day() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<year>(?:19|20)\d{{2}}|{pattern(SCHEME, 'relative-years')})\s*年?度?\s*[,，]?\s*(?P<part>{_PART})"
        r"|(?P<digits>(?:19|20)\d{2}\s*[-./／]\s*\d{1,2}(?:\s*[-./／]\s*\d{1,2})?)(?!\d)"
        rf"|(?P<alone>{_PART})"
        r"|(?P<bare>(?:19|20)\d{2})\s*(?:年度?|(?=\s*[-—–－~～至到]+\s*(?:19|20)\d{2}\s*年))"
    )


def _each_time() -> re.Pattern[str]:
    return compiled(SCHEME, r"{each-time}\s*$")


_TO = re.compile(r"\s*(?:[-—–－~～]+|至|到)\s*")


def column_deadline(words_: str, year: int | None) -> DeadlineWords | None:
    """The deadline that a cell of a deadline's column gives: there a bare date is a limit, a period ends with its end.

    Args:
        words_: of the cell.
        year: the year that a date without one belongs to.

    >>> [column_deadline(words_, 2025).date for words_ in ("2025年6月", "3月至9月", "汛期前", "2026.5.20")]
    ['2025-06-30', '2025-09-30', None, '2026-05-20']
    >>> column_deadline("长期坚持", 2025) is None
    True
    """
    limit = next(iter(find_deadlines(words_, year)), None)
    dates = [date for date in _day().finditer(words_) if not _each_time().search(words_[: date.start()])]
    if not dates or (limit is not None and limit.start <= dates[0].start()):
        return limit
    last = dates[0]
    for date in dates[1:]:
        if not _TO.fullmatch(words_[last.end() : date.start()]):
            break
        last = date
    if limit is not None:
        if limit.end < last.end() or limit.start > last.end():
            return limit
        end = limit.end
    else:
        end = last.end()
    years = (date["year"] or date["bare"] for date in dates if date.start() <= last.start())
    said_year = next(filter(None, years), None)
    found = next(iter(find_deadlines(_limit(last, said_year), year)), None)
    start = dates[0].start()
    return DeadlineWords(start, end, words_[start:end], found.date if found else None)


def _limit(date: re.Match[str], year: str | None) -> str:
    """A date as words that `find_deadlines` takes for a limit."""
    if date["digits"]:
        parts = re.findall(r"\d+", date["digits"])
        return f"{parts[0]}年{parts[1]}月" + (f"{parts[2]}日前" if len(parts) > 2 else "底前")
    own = date["year"] or date["bare"] or year or ""
    own += "年" if own.isdigit() else ""
    part = re.sub(r"\s|份$", "", date["part"] or date["alone"] or "").replace("号", "日")
    return own + part + ("底前" if not part or part.endswith("月") else "前")


# values


def _amount() -> re.Pattern[str]:
    return compiled(
        SCHEME,
        r"(?:{about})?(?P<value>\d[\d,]*(?:\.\d+)?)余?"
        r"(?P<unit>[^\d\s,，。;；()+*/~-][^\d\s,，。;；()+~-]{0,5}?)?"
        "(?:{more-or-less})?",
    )


_COUNTED = re.compile(
    r"(?P<name>[^\d\s].*?)[：:×xX*]?\s*(?P<value>\d+(?:\.\d+)?)\s*余?(?P<unit>[^\d\s]{1,3})"
    r"|(?P<front>\d+(?:\.\d+)?)\s*(?P<measure>[台辆艘架套件顶床支只把个部条根双箱吨名])(?P<after>[^\d]{2,})"
)


def _number(digits: str) -> float | int:
    digits = digits.replace(",", "")
    return float(digits) if "." in digits else int(digits)


def _unit(cell: Cell | None) -> str:
    """The unit of measure in a cell; `%` is one, `—` and `/` are none."""
    words_ = plain(cell.text) if cell is not None else ""
    return words_ if re.search(r"\w|[%‰℃]", words_) and not said("nothing").fullmatch(words_) else ""


def _bracketed_unit(head: str) -> str:
    """The unit that a head gives in brackets: `数量（台）`, `目标值(%)`."""
    found = re.search(r"[（(\[]\s*([^（）()\[\]]{1,8})\s*[）)\]]\s*$", head.strip())
    return plain(found[1]) if found and (is_unit(found[1]) or re.search(r"[/％%‰]", found[1])) else ""


def _value() -> re.Pattern[str]:
    return compiled(
        "expressions",
        r"(?:{tables/change-qualifiers}|[较比]\d{4}年)*(?P<down>{comparator-down}|-(?=\d))?(?P<up>{comparator-up}|\+)?(?:到|至)?"
        "(?P<least>{comparator-at-least}|>=?|≧)?(?P<most>{comparator-at-most}|<=?|≦)?{comparator-reach}*"
        r"[\[(〔]?(?P<minus>-)?(?P<value>\d[\d,]*(?:\.\d+)?)"
        r"(?P<unit>[^\d\s,，。;；()\[\]〔〕<>≥≤~-]{0,8}?)[\])〕]?(?P<after>[^\d\s,，。;；()]{0,4}?)"
        r"(?P<above>{tables/or-more})?(?P<below>{tables/or-less})?(?:\([^()]*\))?",
    )


def _moved() -> re.Pattern[str]:
    """The end of an indicator's name that says that its value is a rise or a fall: `死亡人数累计下降`."""
    return compiled(
        "expressions",
        "(?:{tables/change-qualifiers})?(?:(?P<down>{comparator-down})|(?P<up>{comparator-up}))(?:{tables/change-nouns})?$",
    )


def value_of(measure: str, value: str, unit: str) -> TargetWords | None:
    """The target that an indicator's name and a value make; offsets are 0. None where the value is no single number.

    Args:
        measure: the indicator's name, maybe with its unit in brackets.
        value: the words of the value's cell.
        unit: the unit that a column or the head gives, or empty.

    >>> target = value_of("森林火灾受害率（‰）", "≤0.9", "")
    >>> target.measure, target.comparator, target.value, target.unit
    ('森林火灾受害率', '<=', 0.9, '‰')
    >>> value_of("生产安全事故死亡人数下降", "〔15%〕", "").comparator
    '-'
    """
    words_ = re.sub(r"\s+", "", unicodedata.normalize("NFKC", value)).strip("[]〔〕。")
    found = _value().fullmatch(words_)
    if found is None:
        return None
    name = _joined(measure)
    bracket = re.search(r"[（(]([^（）()]{1,8})[）)]$", name)
    in_name = ""
    if bracket and (is_unit(bracket[1]) or re.search(r"[/％%‰]", bracket[1])):
        in_name, name = plain(bracket[1]), name[: bracket.start()]
    moved = _moved().search(name)
    to = re.search(r"[到至]", value) is not None
    least = found["least"] or found["above"]
    most = found["most"] or found["below"]
    comparator = ">=" if least else "<=" if most else "="
    if (found["down"] or found["minus"]) and not to:
        comparator = "-"
    elif found["up"] and not to:
        comparator = "+"
    elif found["down"]:
        comparator = "<="
    elif moved and moved.start() >= 2:
        comparator = "-" if moved["down"] else "+"
        name = name[: moved.start()]
    own = (found["unit"] + found["after"]).replace("％", "%") or unit or in_name
    return TargetWords(0, 0, name, comparator, _number(found["value"]), own)
