"""What every store does, whatever engine holds it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kg.errors import UsageError
from kg.store.aliases import Aliases
from kg.store.corrections import Corrections
from kg.store.rows import PlanRows, Row, merge

__all__ = [
    "BATCH_ROWS",
    "Changes",
    "Contribution",
    "CypherStore",
    "Gathered",
    "LeftOut",
    "Result",
    "Store",
    "batches",
    "gathered",
    "settled",
]

BATCH_ROWS = 20_000
"""Rows that are gathered before a transaction writes them."""

Contribution = tuple[str, str, str, Mapping[str, Any] | None]
"""Plan, label and id of a node, and what the plan says of it; None where the node is the plan's own."""


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of a query; `columns` names the values of each."""

    columns: list[str]
    rows: list[list[Any]]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that was not built: its name, a reason code (see `kg.building`), and one line for people."""

    source: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What `put` did: ids of the plans written, in order, and of those that were there before."""

    written: tuple[str, ...]
    replaced: tuple[str, ...]


class Store(Protocol):
    """A store of one graph. Writes are transactions: a batch is there as a whole or not at all."""

    def run(self, query: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Run Cypher; values are parameters. Raises UsageError with the engine's words where the query is wrong."""
        ...

    def put(self, plans: Iterable[PlanRows]) -> Changes:
        """Write plans in batches; one with an id that is there replaces it."""
        ...

    def remove(self, plans: Sequence[str]) -> None:
        """Remove plans by id, and all that no other plan rests on. Ids that are not there are passed over."""
        ...

    def holds(self, plans: Sequence[str]) -> set[str]:
        """Which of these plan ids are there."""
        ...

    def contributions(self, plans: Sequence[str], labels: Sequence[str] | None = None) -> Iterator[Contribution]:
        """Which of these plans contributes to which node (of these labels; None: all but Plan), by plan or label, and id."""
        ...

    def leave_out(self, files: Sequence[LeftOut]) -> None:
        """Remember files that were not built; a newer entry for a name replaces the older."""
        ...

    def taken_in(self, sources: Sequence[str]) -> None:
        """Forget that these files were left out: they are built now."""
        ...

    def left_out(self) -> list[LeftOut]:
        """The files that were not built, by name."""
        ...

    def keep_aliases(self, aliases: Aliases) -> None:
        """Keep the user's list of aliases for plans to come; it replaces the list kept before."""
        ...

    def aliases(self) -> Aliases:
        """The user's list of aliases, empty where there is none."""
        ...

    def keep_corrections(self, corrections: Corrections) -> None:
        """Keep the corrections of facts, for plans that are added again; they replace those kept before."""
        ...

    def corrections(self) -> Corrections:
        """The corrections of facts, empty where there are none."""
        ...

    def nodes(self, label: str | None = None) -> Iterator[dict[str, Any]]:
        """Nodes ordered by label (in the schema's order) and id."""
        ...

    def relationships(self, type_: str | None = None) -> Iterator[dict[str, Any]]:
        """Relationships ordered by type (in the schema's order), labels, ends and properties."""
        ...

    def describe(self) -> str:
        """One line for people: where the store is and how much it holds."""
        ...

    def close(self) -> None:
        """Release everything; a second call does nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows of some plans, to be written together: own nodes by label, what each plan says of shared nodes by label and
    id, relationships by type and labels of their ends."""

    own: dict[str, list[Row]]
    shared: dict[str, dict[str, list[Row]]]
    relationships: dict[tuple[str, str, str], list[Row]]


def gathered(plans: Iterable[PlanRows]) -> Gathered:
    """The rows of all of these plans."""
    found = Gathered({}, {}, {})
    for plan in plans:
        for label, rows in plan.own.items():
            found.own.setdefault(label, []).extend(rows)
        for label, rows in plan.shared.items():
            by_id = found.shared.setdefault(label, {})
            for row in rows:
                by_id.setdefault(row["id"], []).append(row)
        for key, rows in plan.relationships.items():
            found.relationships.setdefault(key, []).extend(rows)
    return found


def settled(held: Mapping[str, Row], said: Mapping[str, Sequence[Row]]) -> tuple[list[Row], list[Row]]:
    """The shared nodes to make, and those to change, where the store has `held` and plans say `said`, both by id."""
    new, changed = [], []
    for identifier, rows in said.items():
        there = held.get(identifier)
        merged = merge([there, *rows] if there else rows)
        if there is None:
            new.append(merged)
        elif merged != there:
            changed.append(merged)
    return new, changed


def batches(plans: Iterable[PlanRows]) -> Iterator[dict[str, PlanRows]]:
    """Plans by id, as many together as make a transaction."""
    batch: dict[str, PlanRows] = {}
    size = 0
    for plan in plans:
        batch[plan.plan] = plan
        size += plan.size
        if size >= BATCH_ROWS:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


class CypherStore(ABC):
    """What stores do alike whose engines speak Cypher: a part of the methods of `Store`, which tells what they do."""

    @abstractmethod
    def run(self, query: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """See `Store`."""

    @abstractmethod
    def _rows_of(self, query: str) -> Iterator[list[Any]]:
        """The rows of a query, one after the other and as the engine gives them: they may be too many for memory."""

    def put(self, plans: Iterable[PlanRows]) -> Changes:
        written: list[str] = []
        replaced: set[str] = set()
        for batch in batches(plans):
            replaced |= self.put_batch(batch) - set(written)
            written.extend(batch)
        return Changes(tuple(dict.fromkeys(written)), tuple(sorted(replaced)))

    @abstractmethod
    def put_batch(self, batch: Mapping[str, PlanRows]) -> set[str]:
        """Write some plans in one transaction; returns the ids of those that were there before."""

    def holds(self, plans: Sequence[str]) -> set[str]:
        if not plans:
            return set()
        rows = self.run("UNWIND $ids AS i MATCH (p:Plan {id: i}) RETURN p.id", {"ids": list(plans)}).rows
        return {row[0] for row in rows}

    def left_out(self) -> list[LeftOut]:
        rows = self.run("MATCH (n:LeftOut) RETURN n.id, n.reason, n.message ORDER BY n.id").rows
        return [LeftOut(*row) for row in rows]

    def keep_aliases(self, aliases: Aliases) -> None:
        self._keep("aliases", aliases.to_json() if aliases.rows else None)

    def aliases(self) -> Aliases:
        kept = self._kept("aliases")
        return Aliases.from_json(kept) if kept else Aliases()

    def keep_corrections(self, corrections: Corrections) -> None:
        self._keep("corrections", corrections.to_json() if corrections.rows else None)

    def corrections(self) -> Corrections:
        kept = self._kept("corrections")
        return Corrections.from_json(kept) if kept else Corrections()

    @abstractmethod
    def _keep(self, key: str, value: str | None) -> None:
        """Keep a value beside the graph in place of the one kept under this key; None: keep none."""

    def _kept(self, key: str) -> str | None:
        rows = self.run("MATCH (s:StoreInfo {id: $key}) RETURN s.value", {"key": key}).rows
        return rows[0][0] if rows else None

    def nodes(self, label: str | None = None) -> Iterator[dict[str, Any]]:
        from kg.ontology import schema

        known = schema().labels
        if label is not None and label not in {one.name for one in known}:
            raise UsageError(f"no label {label!r}; there are: {', '.join(one.name for one in known)}")
        for one in known:
            if label in (None, one.name):
                keys = [prop.name for prop in one.properties]
                returned = ", ".join(f"n.`{key}`" for key in keys)
                for values in self._rows_of(f"MATCH (n:`{one.name}`) RETURN {returned} ORDER BY n.id"):
                    yield dict(zip(keys, values, strict=True))

    def relationships(self, type_: str | None = None) -> Iterator[dict[str, Any]]:
        from kg.ontology import schema

        known = schema().relationships
        if type_ is not None and type_ not in {one.name for one in known}:
            raise UsageError(f"no relationship type {type_!r}; there are: {', '.join(one.name for one in known)}")
        for one in known:
            if type_ not in (None, one.name):
                continue
            keys = [prop.name for prop in one.properties]
            returned = "".join(f", r.`{key}`" for key in keys)
            # A position follows from plan and start. It is null in plain text, and where nulls stood before other keys,
            # Ladybug 0.22 now and then gave rows out of order.
            order = "".join(f", r.`{key}`" for key in keys if key != "position")
            for source, target in one.pairs:
                query = (
                    f"MATCH (a:`{source}`)-[r:`{one.name}`]->(b:`{target}`) RETURN a.id, b.id{returned} "
                    f"ORDER BY a.id, b.id{order}"
                )
                for first, second, *values in self._rows_of(query):
                    yield {
                        "type": one.name,
                        "source": first,
                        "source_label": source,
                        "target": second,
                        "target_label": target,
                        **dict(zip(keys, values, strict=True)),
                    }
