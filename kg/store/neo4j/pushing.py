"""Pushing a graph to a Neo4j server."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import BadStore, InputError
from kg.store.base import Store, batches
from kg.store.neo4j.connecting import Address
from kg.store.neo4j.storing import Neo4jStore
from kg.store.rows import PlanRows
from kg.store.stored_plans import digest_of, plan_ids, stored_plans

__all__ = ["Pushed", "push"]

Progress = Callable[[int, int, str], None]
PLANS_CHECKED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: numbers of plans written, of those that replaced an older state, of those that were there
    unchanged; of nodes and relationships of all pushed plans, which both sides hold; rows written; seconds."""

    where: str
    written: int
    replaced: int
    unchanged: int
    nodes: int
    relationships: int
    rows: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.where}: {self.written} plans written ({self.replaced} of them replaced), {self.unchanged} unchanged; "
            f"{self.nodes} nodes and {self.relationships} relationships, the same numbers on both sides; "
            f"{self.rows} rows in {self.seconds:.1f} s"
        )


def push(
    store: Store,
    to: Address,
    *,
    plans: Sequence[str] | None = None,
    again: bool = False,
    check: bool = False,
    progress: Progress | None = None,
) -> Pushed:
    """Write the plans of a store to a database; what it holds of other plans stays.

    A plan that is there as it is here is left alone, one that differs is replaced. At the end the nodes and relationships
    of each plan are counted on both sides; plans whose numbers differ are written again.

    Args:
        store: where the plans are.
        to: an empty database, or one that was pushed to before.
        plans: ids; None: all.
        again: write plans that are there unchanged too.
        check: check the store against the shapes first, where anything is to be written.
        progress: called with the number of plans done, their total, and where they go.

    Raises:
        InputError: the store violates the shapes; nothing was written.
        BadStore: the server or its database is not as it should be, or the numbers still differ.
    """
    started = time.monotonic()
    wanted = plan_ids(store) if plans is None else list(plans)
    target = Neo4jStore.connect(to, make=True)
    try:
        here: dict[str, Counter[str]] = {}
        there = {} if again else target.digests(wanted)
        written, replaced, rows, done = 0, set[str](), 0, 0

        def changed() -> Iterator[PlanRows]:
            for plan in stored_plans(store, wanted):
                here[plan.plan] = _counts(plan)
                if there.get(plan.plan) != digest_of(plan):
                    yield plan

        for batch in batches(changed()):
            if check and not written:
                _conform(store)
            replaced |= target.put_batch(batch)
            written += len(batch)
            rows += sum(plan.size for plan in batch.values())
            done = len(here)
            if progress is not None:
                progress(done, len(wanted), target.where)
        unchanged = len(here) - written
        wrong = _wrong(target, here)
        if wrong:  # somebody has changed the database by hand
            for batch in batches(stored_plans(store, wrong)):
                replaced |= target.put_batch(batch)
                written, unchanged = written + len(batch), unchanged - len(batch)
                rows += sum(plan.size for plan in batch.values())
            wrong = _wrong(target, here)
        if wrong:
            raise BadStore(
                f"{target.where}: does not hold what was pushed of {len(wrong)} plans ({', '.join(wrong[:3])})"
            )
        if plans is None:
            target.leave_out(store.left_out())
            target.keep_aliases(target.aliases().joined(store.aliases()))
            target.keep_corrections(target.corrections().joined(store.corrections()))
        where = target.where
    finally:
        target.close()
    labels = _labels()
    nodes = sum(number for counts in here.values() for name, number in counts.items() if name in labels)
    edges = sum(number for counts in here.values() for name, number in counts.items() if name not in labels)
    return Pushed(where, written, len(replaced), unchanged, nodes, edges, rows, time.monotonic() - started)


def _conform(store: Store) -> None:
    from kg.store.rdf import check_dataset, dataset

    report = check_dataset(dataset(store))
    if not report.conforms:
        first = report.findings[0].line()
        raise InputError(
            f"the graph violates its shapes ({report.violations}), nothing was pushed; see kg check: {first}"
        )


def _labels() -> set[str]:
    from kg.ontology import schema

    return {label.name for label in schema().labels}


def _counts(plan: PlanRows) -> Counter[str]:
    """Numbers of a plan's nodes by label and of its relationships by type (those that a plan said)."""
    counts: Counter[str] = Counter()
    for group in (plan.own, plan.shared):
        for label, rows in group.items():
            counts[label] += len(rows)
    for (type_, _, _), rows in plan.relationships.items():
        if "plan" in rows[0]:
            counts[type_] += len(rows)
    return counts


def _wrong(target: Neo4jStore, here: dict[str, Counter[str]]) -> list[str]:
    """The plans of which the database does not hold the same numbers."""
    plans = list(here)
    wrong: list[str] = []
    for first in range(0, len(plans), PLANS_CHECKED_AT_ONCE):
        some = plans[first : first + PLANS_CHECKED_AT_ONCE]
        found = target.counts(some)
        wrong.extend(plan for plan in some if found[plan] != dict(here[plan]))
    return wrong
