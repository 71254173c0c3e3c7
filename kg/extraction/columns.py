"""What the columns of a table hold, by the words of its head: in any order and wording, over one row or several.

The words are data (`kg/ontology/tables.ttl`). A table whose first rows are no head may go on where the table before it
ended (`续表`); one whose head stands in its first column (`牵头单位|A`, `成员单位|B`) is read across.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kg.loaders.document import Cell, Table
from kg.ontology import vocabulary
from kg.ontology.lexicon import alternation, compiled, words

SCHEME = "tables"
_DEEPEST = 4
"""The head is looked for in so many rows; what stands above it is the table's title."""
_BETWEEN = 60
"""Characters (white space apart) that may stand between a table and its continuation: `续表`, a page number."""

Rows = tuple[tuple[Cell, ...], ...]

OWNERS = ("lead", "responsible", "support")
_GENERIC_NAME = "name"
RESOURCES = {"team": "Team", "supply": "Supply", "facility": "Facility"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its kind (a concept of the vocabulary, `year`, or empty where not recognised), its head's words, its
    number."""

    kind: str
    head: str
    index: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a table.

    `kinds` says what it tells: any of `tasks`, `duties`, `targets`, `resources`. `rows` are its rows without title and
    head (columns for rows where it is read across). `reason` says why nothing is read, empty where something is.
    """

    kinds: frozenset[str]
    columns: tuple[Column, ...]
    rows: Rows
    heads: tuple[tuple[str, ...], ...]
    caption: str
    reason: str
    across: bool = False

    def of(self, *kinds: str) -> list[Column]:
        """The columns of these kinds, from left to right."""
        return [column for column in self.columns if column.kind in kinds]


def plain(words_: str) -> str:
    """Words of a head or a cell without white space, full width forms, and marks around them.

    >>> plain(" 完成　时限 ： ")
    '完成时限'
    """
    return "".join(unicodedata.normalize("NFKC", words_).split()).strip("*#_:-—·、,.。※")


def _without_brackets(words_: str) -> str:
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", words_) or words_


@cache
def _whole() -> dict[str, str]:
    found: dict[str, str] = {}
    for concept in vocabulary(SCHEME):
        if concept.broader:
            for form in concept.forms:
                found.setdefault(plain(form), concept.id)
    return found


@cache
def _partial() -> tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None], ...]:
    """For each kind the pattern of its endings and cues, and that of the words that undo it."""
    rows = []
    for concept in vocabulary(SCHEME):
        if concept.broader and (concept.all("head") or concept.all("cue")):
            parts = []
            if concept.all("head"):
                parts.append(rf"{alternation(concept.all('head'))}$")
            if concept.all("cue"):
                parts.append(alternation(concept.all("cue")))
            unless = re.compile(alternation(concept.all("unless"))) if concept.all("unless") else None
            rows.append((concept.id, re.compile("|".join(parts)), unless))
    return tuple(rows)


_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[-+≥≤<>]*\d[\d.,]*(?:%|‰)?|[√×]")
"""What stands in no head; a year does."""
_YEAR = re.compile(r"(?:至|到)?((?:19|20)\d{2})年?度?(?:末|底)?")


@cache
def kind_of(head: str) -> str:
    """The kind of a column by the words of its head, empty where they say nothing.

    >>> [kind_of(head) for head in ("牵 头 单位", "主要工作任务", "完成时间要求", "2025年目标值", "附表三")]
    ['lead', 'task', 'deadline', 'target-value', '']
    """
    whole = plain(head)
    if not whole or len(whole) > 30:
        return ""
    bare = _without_brackets(whole)
    for form in (whole, bare):
        if form in _whole():
            return _whole()[form]
    if _YEAR.fullmatch(bare):
        return "year"
    dated = re.match(r"[至到]?(?:19|20)\d{2}年?度?末?", bare)
    if dated and (rest := _whole().get(bare[dated.end() :])) in ("target-value", "baseline-value"):
        return rest
    kinds = [kind for kind, pattern_, unless in _partial() if _found(bare, pattern_, unless)]
    if {"lead", "support"} <= set(kinds):
        return "responsible"  # 牵头及配合单位: the cells say which
    return kinds[0] if kinds else ""


def _kind(head: str, known: Mapping[str, str]) -> str:
    """The kind of a column as the user settled it, else by its words."""
    return known.get(plain(head), "") or kind_of(head) if known else kind_of(head)


def _found(head: str, pattern_: re.Pattern[str] | None, unless: re.Pattern[str] | None) -> bool:
    return pattern_ is not None and bool(pattern_.search(head)) and not (unless and unless.search(head))


def _unit_of_measure() -> re.Pattern[str]:
    return compiled("expressions", r"[万亿]?(?:{units-count}|{units-rate})(?:[/、](?:\S{1,4}))?")


def is_unit(words_: str) -> bool:
    """Whether words are a unit of measure.

    >>> is_unit("台"), is_unit("万人"), is_unit("台/套"), is_unit("市水利局")
    (True, True, True, False)
    """
    return _unit_of_measure().fullmatch(plain(words_)) is not None


def may_be_measure(column: Column) -> bool:
    """Whether a column is headed by 单位 alone: organisations, or units of measure."""
    return said("unit-or-measure").fullmatch(plain(column.head)) is not None


def _lead() -> re.Pattern[str]:
    return compiled(SCHEME, "{lead:cue}")


def leads(column: Column) -> bool:
    """Whether a column's head speaks of who leads: `责任单位（排第一的为牵头单位）`."""
    return _lead().search(column.head) is not None


def cell_at(row: Sequence[Cell], index: int) -> Cell | None:
    """The cell of a row in a column; None where the row is too short."""
    return row[index] if index < len(row) else None


def layout(
    text: str, table: Table, before: tuple[Table, Layout] | None = None, known: Mapping[str, str] | None = None
) -> Layout:
    """What a table's columns hold.

    Args:
        text: the cleaned text that the table stands in.
        table: one of `find_tables(text)`.
        before: the table before it with its layout, for a table that goes on without a head of its own.
        known: what columns hold by the words of their heads, as a user settled it; it goes before the vocabulary.
    """
    caption = _caption(text, table)
    rows = table.rows
    settled = dict(known or {})
    upright = _read(rows, caption, False, settled)
    form = len(rows) > 2 and all(len(row) == 2 and _kind(row[0].text, settled) for row in rows)
    if not upright.reason and not form:
        return upright
    across = _across(rows, caption, settled)
    if across is None and not upright.reason:
        return upright
    if across is not None:
        return across
    if before is not None and not before[1].reason and _goes_on(text, before[0], table):
        columns = before[1].columns
        return Layout(before[1].kinds, columns, rows, before[1].heads, before[1].caption, "")
    return upright


def _caption(text: str, table: Table) -> str:
    """The line above a table, where it is not a part of another table."""
    above = text[max(0, table.start - 120) : table.start].rstrip()
    line = above[above.rfind("\n") + 1 :].strip()
    return "" if "<" in line or "|" in line else line


def _goes_on(text: str, table: Table, following: Table) -> bool:
    between = re.sub(r"\s+", "", text[table.end : following.start])
    width = max(map(len, table.rows)) == max(map(len, following.rows))
    announced = said("continued").search(between) is not None
    return width and (len(between) <= 8 or (announced and len(between) <= _BETWEEN))


def _read(rows: Rows, caption: str, across: bool, known: Mapping[str, str]) -> Layout:
    """Looks for the head in the first rows."""
    reason = "head_not_recognised"
    for first in range(min(_DEEPEST, len(rows) - 1)):
        distinct = {id(cell): cell for cell in rows[first] if cell.text}
        if len(distinct) < 2:
            caption = " ".join([caption, *(cell.text for cell in distinct.values())]).strip()
            continue
        if any(_FIGURE.fullmatch(plain(cell.text)) for cell in distinct.values()):
            break  # rows of content have begun
        depth = _depth(rows, first, known)
        columns = _columns(rows, first, depth, known)
        kinds, why = _kinds(columns)
        if kinds:
            heads = tuple(_key(row) for row in rows[first : first + depth])
            return Layout(kinds, columns, rows[first + depth :], heads, caption, "", across)
        if why:
            reason = why
            break
    return Layout(frozenset(), (), (), (), caption, reason, across)


def _across(rows: Rows, caption: str, known_heads: Mapping[str, str]) -> Layout | None:
    """A table whose head is its first column."""
    heads = [_kind(row[0].text, known_heads) for row in rows]
    known = {kind for kind in heads if kind}
    if len(known) < 2 or sum(map(bool, heads)) * 2 < len(heads) or not (known & {*OWNERS, "unit", "manager"}):
        return None
    width = max(map(len, rows))
    if any(len(row) < width for row in rows):
        return None
    found = _read(tuple(zip(*rows, strict=True)), caption, True, known_heads)
    return None if found.reason else found


def _key(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(plain(cell.text) for cell in row)


def _depth(rows: Rows, first: int, known: Mapping[str, str]) -> int:
    """How many rows the head has: as deep as its deepest cell; one more where a cell groups columns."""
    row = rows[first]
    depth = 1
    while depth < 3 and first + depth < len(rows) - 1:
        below = rows[first + depth]
        shared = {id(cell) for cell in row} & {id(cell) for cell in below}
        grouped = len({id(cell) for cell in row}) < len(row)
        recognised = [_kind(cell.text, known) for cell in below if id(cell) not in shared and cell.text]
        headlike = bool(recognised) and all(recognised)
        if not (shared or (grouped and headlike) or (headlike and len(recognised) > 1)):
            break
        # A merged cell that reaches into the body (a category beside the head) does not make the body a head.
        others = [plain(cell.text) for cell in below if id(cell) not in shared]
        if shared and not headlike and any(len(words_) > 12 for words_ in others):
            break
        if shared and not any(_kind(cell.text, known) for cell in row if id(cell) in shared):
            break
        row = below
        depth += 1
    return depth


def _columns(rows: Rows, first: int, depth: int, known: Mapping[str, str]) -> tuple[Column, ...]:
    """Each column's kind by the lowest cell of its head that says one, else by all of them together."""
    columns = []
    for index in range(max(map(len, rows))):
        path: dict[int, str] = {}
        for row in rows[first : first + depth]:
            cell = cell_at(row, index)
            if cell is not None and cell.text:
                path[id(cell)] = cell.text
        heads = list(path.values())
        kind = next((kind for head in reversed(heads) if (kind := _kind(head, known))), "")
        if kind == "year" and len(heads) > 1:
            kind = next((k for head in heads if (k := kind_of(head)) in ("target-value", "baseline-value")), kind)
        columns.append(Column(kind or _kind("".join(heads), known), " ".join(heads), index))
    return tuple(columns)


def _kinds(columns: Sequence[Column]) -> tuple[frozenset[str], str]:
    """What a table with these columns tells; where it tells nothing, the reason if the head was understood."""
    there = {column.kind for column in columns}
    names = there & {*RESOURCES, _GENERIC_NAME, "equipment"}
    found = set()
    owners = bool(there & {*OWNERS, "unit", "group"}) or any(map(may_be_measure, columns))
    if "duty" in there and (owners or "team" in there):
        found.add("duties")
    elif "task" in there and (owners or there & {"deadline", "team", "manager", "person"} or _says_task(columns)):
        found.add("tasks")
    if "indicator" in there and there & {"target-value", "year"}:
        found.add("targets")
    details = (there - ({"equipment"} if not there & set(RESOURCES) else set())) & {
        "quantity",
        "people",
        "capacity",
        "place",
        "manager",
        "specification",
        "equipment",
    }
    if names and (details or there & set(OWNERS)) and ("tasks" not in found or there & set(RESOURCES)):
        if "price" in there and not there & {"place", "manager"}:
            return frozenset(found), "" if found else "cost_table"
        found.add("resources")
    return frozenset(found), ""


def _tasks_alone() -> re.Pattern[str]:
    return compiled(SCHEME, "{tasks-alone}$")


def _says_task(columns: Sequence[Column]) -> bool:
    """A list of tasks without owners is one when its head says so in whole: `序号|重点任务`."""
    figures = {"year", "price", "quantity", "unit-of-measure", "baseline-value", "target-value"}
    if any(column.kind in figures for column in columns):
        return False
    return any(column.kind == "task" and _tasks_alone().search(plain(column.head)) for column in columns)


@cache
def _captions() -> re.Pattern[str]:
    found = vocabulary(SCHEME)
    return re.compile("|".join(rf"(?P<{kind}>{alternation(found[kind].all('near'))})" for kind in RESOURCES))


def resource_type(words_: str) -> str | None:
    """The type of the resources that a caption or category announces, by the last word that names one.

    >>> resource_type("应急救援队伍装备清单"), resource_type("避灾安置场所一览表"), resource_type("附件")
    ('Supply', 'Facility', None)
    """
    found = list(_captions().finditer(words_))
    return RESOURCES[found[-1].lastgroup or ""] if found else None


@cache
def said(concept: str) -> re.Pattern[str]:
    """Matches words that are one of the forms of a concept and nothing else (`合计`, `长期`, `无`)."""
    return re.compile(alternation(words(SCHEME, concept)))
