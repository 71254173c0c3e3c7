"""Rosters and ledgers: their rows as resources of the plan, how many there are of each, where, and who keeps them.

>>> from kg.extraction.tables import read_tables
>>> from kg.loaders.tables import find_tables
>>> text = (
...     "|物资名称|数量|单位|存放地点|管理单位|\\n|---|---|---|---|---|\\n"
...     "|冲锋舟|6|艘|区防汛仓库|区水利局|\\n|冲锋舟|4|艘|云渚码头|区应急局|"
... )
>>> readings = read_tables(text, find_tables(text))
>>> [mention.name for mention in with_listed(text, [], readings)]
['冲锋舟', '冲锋舟']
>>> amounts(readings), kept_at(readings)
({('Supply', '冲锋舟'): (10, '艘')}, {('Supply', '冲锋舟'): ('区防汛仓库', '云渚码头')})
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.extraction.annotations import NamedOwner
from kg.extraction.resources import ResourceMention
from kg.extraction.tables import TableReading, TableResource

RULE = "ledger"
"""The name of the rule, in evidence."""


def listed(readings: Iterable[TableReading]) -> Iterator[TableResource]:
    """The resources of all tables, in order."""
    for reading in readings:
        yield from reading.resources


def with_listed(
    text: str, mentions: Sequence[ResourceMention], readings: Iterable[TableReading]
) -> list[ResourceMention]:
    """The mentions of a text with those of its rosters and ledgers; in the cell of a name, the table says what it is."""
    found = [
        ResourceMention(row.start, row.end, text[row.start : row.end], row.type, row.name) for row in listed(readings)
    ]
    if not found:
        return list(mentions)
    spans = sorted((row.start, row.end) for row in found)
    kept = [mention for mention in mentions if not _touches(spans, mention.start, mention.end)]
    return sorted([*kept, *found], key=lambda mention: (mention.start, mention.end))


def _touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    from bisect import bisect_left

    place = bisect_left(spans, (end, -1))
    return any(first < end and start < last for first, last in spans[max(0, place - 3) : place])


def amounts(readings: Iterable[TableReading]) -> dict[tuple[str, str], tuple[float | int, str | None]]:
    """How many there are of a resource over all rows that name it, by type and name; none where units differ."""
    found: dict[tuple[str, str], tuple[float | int, str | None]] = {}
    mixed: set[tuple[str, str]] = set()
    for row in listed(readings):
        if row.quantity is None:
            continue
        key = (row.type, row.name)
        value, unit = found.get(key, (0, row.unit))
        if unit != row.unit:
            mixed.add(key)
        found[key] = (value + row.quantity, unit)
    return {key: amount for key, amount in found.items() if key not in mixed}


def kept_at(readings: Iterable[TableReading]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Where a resource is kept or stationed, by type and name: the words of the tables' cells, in their order, each once."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in listed(readings):
        if row.place:
            found.setdefault((row.type, row.name), {})[row.place] = None
    return {key: tuple(places) for key, places in found.items()}


def keepers(readings: Iterable[TableReading]) -> Iterator[tuple[NamedOwner, TableResource]]:
    """Who keeps what: the units that a row names for its resource; units named by class keep nothing by name."""
    for row in listed(readings):
        for owner in row.managers:
            if not owner.generic:
                yield owner, row
