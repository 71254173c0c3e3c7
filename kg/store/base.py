"""What every store does, whatever engine holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kg.store.aliases import Aliases
from kg.store.corrections import Corrections
from kg.store.rows import PlanRows

__all__ = ["BOOKKEEPING", "Changes", "Contribution", "LeftOut", "Result", "Store"]

BOOKKEEPING = ("CONTRIBUTES", "Contribution", "LeftOut", "StoreInfo")
"""What stands in a store beside the graph: which plan contributes what (relationships in Ladybug, nodes in Neo4j), the
files left out, the format's version. `nodes` and `relationships` pass it over."""

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

    def contributions(self, plans: Sequence[str]) -> Iterator[Contribution]:
        """Which of these plans contributes to which node (all labels but Plan), by plan or label, and id."""
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
