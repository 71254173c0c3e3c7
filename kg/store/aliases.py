"""The user's list of aliases: which names mean the same unit, and which place a name or plan is of.

A CSV file (UTF-8 or GB18030) with the columns `name, place, same_as` and, where it is another place, `same_as_place` (or
`place` once more):

    name,place,same_as,same_as_place
    市三防办,宁波市,宁波市防汛防台抗旱指挥部办公室,
    省厅,宁波市,浙江省应急管理厅,浙江省
    市应急管理局,,杭州市应急管理局,
    江北区,,重庆市江北区,
    plan_17.txt,,杭州市,

`name` as plans of `place` write it is the unit `same_as` of `same_as_place` (without it: of `place`, or the place that
`same_as` begins with). A row without `place` is for plans whose place is not settled. Where `same_as` is a place, the row
settles the place of plans: `name` is their place as written, their title or their file name.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.store.names import normalise
from kg.store.places import place_level, place_parts, settle_place

if TYPE_CHECKING:
    from kg.store.units import Unit

__all__ = ["Alias", "Aliases", "read_aliases"]

_COLUMNS = ("name", "place", "same_as")
_MOST_COLUMNS = 4


@dataclass(frozen=True, slots=True, order=True)
class Alias:
    """One row: `name` in plans of `place` (empty: of plans without a settled place) is `same_as` of `same_as_place`."""

    name: str
    place: str
    same_as: str
    same_as_place: str

    @property
    def of_place(self) -> bool:
        """Whether the row says what a place is, not what a unit is."""
        return _is_place(self.same_as)


@dataclass(frozen=True, slots=True)
class Aliases:
    """The rows in force, sorted; no two for the same name and place."""

    rows: tuple[Alias, ...] = ()

    def to_json(self) -> str:
        """The rows as JSON."""
        return json.dumps([astuple(row) for row in self.rows], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Aliases:
        """The rows that `to_json` wrote."""
        return cls(tuple(Alias(*row) for row in json.loads(text)))

    def joined(self, other: Aliases) -> Aliases:
        """Both lists; where they differ, `other` holds."""
        found = {(row.name, row.place): row for row in (*self.rows, *other.rows)}
        return Aliases(tuple(sorted(found.values())))

    def place(self, names: Iterable[str | None]) -> str | None:
        """The place that the list states for a plan that is known by these names; the first name that it holds."""
        stated = {row.name: row.same_as for row in self.rows if row.of_place}
        return next((stated[key] for name in names if name and (key := normalise(name)) in stated), None)

    def unplaced(self, name: str) -> tuple[str, str] | None:
        """What a normalised name means in plans without a settled place: the unit's name and its place."""
        for row in self.rows:
            if row.name == name and not row.place and not row.of_place:
                return row.same_as, row.same_as_place
        return None

    def target(self, label: str, unit: Unit) -> Unit | None:
        """The unit that the list puts in the place of one already found; None where it does not."""
        return _targets(self, label).get((unit.scope, unit.key)) if self.rows else None


@lru_cache(maxsize=64)
def _targets(aliases: Aliases, label: str) -> Mapping[tuple[str, str], Unit]:
    """Scope and key of each aliased name, with the unit that it means in the end."""
    from kg.store.units import Names

    found: dict[tuple[str, str], Unit] = {}
    for row in aliases.rows:
        if row.place and not row.of_place:
            name = Names("", settle_place(row.place)).unit(label, row.name)
            same = Names("", settle_place(row.same_as_place)).unit(label, row.same_as)
            if (name.scope, name.key) != (same.scope, same.key):
                found[name.scope, name.key] = same
    ends: dict[tuple[str, str], Unit] = {}
    for start, unit in found.items():
        seen = {start}
        while (unit.scope, unit.key) in found and (unit.scope, unit.key) not in seen:
            seen.add((unit.scope, unit.key))
            unit = found[unit.scope, unit.key]
        ends[start] = unit
    return ends


def _is_place(name: str) -> bool:
    if settle_place(name).adcode:
        return True
    parts = place_parts(name)
    return bool(parts) and all(place_level(part) for part in parts) and not settle_place(name).candidates


def read_aliases(path: str | Path) -> tuple[Aliases, list[str]]:
    """Read a list of aliases.

    Returns:
        The rows that can be used, and one line for each that cannot (file, line, what is wrong, what to do).

    Raises:
        InputError: no such file, no known encoding, or no head `name, place, same_as`.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); check the path of the aliases") from error
    text = _decode(file, data)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: dict[tuple[str, str], Alias] = {}
    bad: list[str] = []
    head: list[str] | None = None
    try:
        for cells in reader:
            values = [cell.strip() for cell in cells]
            if not any(values):
                continue
            if head is None:
                head = [value.lower() for value in values]
                if tuple(head[:3]) != _COLUMNS or head[3:4] not in ([], ["place"], ["same_as_place"]) or len(head) > 4:
                    raise InputError(
                        f"{file}: line {reader.line_num}: the first row is {','.join(values)[:80]!r}; "
                        "write name,place,same_as or name,place,same_as,same_as_place"
                    )
                continue
            row = _row(values)
            if isinstance(row, str):
                bad.append(f"{file}: line {reader.line_num}: {row}; the row is passed over")
                continue
            held = found.setdefault((row.name, row.place), row)
            if held != row:
                bad.append(
                    f"{file}: line {reader.line_num}: {row.name} is {held.same_as} in a row above; "
                    "keep one of them; the row is passed over"
                )
    except csv.Error as error:
        raise InputError(f"{file}: line {reader.line_num}: no CSV ({error}); save it as CSV with commas") from error
    if head is None:
        raise InputError(f"{file}: is empty; write a first row name,place,same_as and rows below it")
    return Aliases(tuple(sorted(found.values()))), bad


def _decode(file: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{file}: neither UTF-8 nor GB18030; save it as CSV in UTF-8")


def _row(values: list[str]) -> Alias | str:
    """A row, or what is wrong with it."""
    if len(values) > _MOST_COLUMNS:
        return f"{len(values)} columns where {_MOST_COLUMNS} are known; put names with commas in quotes"
    name, place, same, same_place = (normalise(value) for value in (*values, "", "", "", "")[:4])
    if not name or not same:
        return f"no {'name' if not name else 'same_as'}; fill it in"
    for column, value in (("place", place), ("same_as_place", same_place)):
        if value and (wrong := _wrong_place(value)):
            return f"{column} {wrong}"
    if _is_place(same) or settle_place(same).candidates:
        wrong = _wrong_place(same)
        return f"same_as {wrong}" if wrong else Alias(name, "", same, "")
    where = same_place or place or _leading_place(same)
    if not where:
        return f"nothing says which place {same} is of; name it in the fourth column"
    return Alias(name, settle_place(place).name if place else "", same, settle_place(where).name)


def _wrong_place(place: str) -> str | None:
    found = settle_place(place)
    if found.candidates:
        return f"{place} is one of several ({', '.join(found.candidates)}); write it in full"
    if found.level is None:
        return f"{place} is no division; write it in full, such as 浙江省宁波市江北区"
    return None


def _leading_place(name: str) -> str:
    """The divisions in front of a unit's name, where they settle its place."""
    from kg.store.names import national
    from kg.store.places import COUNTRY

    if national(name) is not None:
        return COUNTRY
    parts = place_parts(name)
    for end in range(len(parts) - 1, 0, -1):
        front = "".join(parts[:end])
        if all(place_level(part) for part in parts[:end]) and not settle_place(front).candidates:
            return front
    return ""
