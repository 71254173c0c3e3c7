"""The rows of plans read back from a store: what `put` of another store takes."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from kg.store.base import Store
from kg.store.rows import OWN_LABELS, PlanRows, Row

__all__ = ["digest_of", "plan_ids", "stored_plans"]

PLANS_AT_ONCE = 20
"""Plans that are read together, so that memory is bounded and small plans are not read one by one."""


def plan_ids(store: Store) -> list[str]:
    """The ids of all plans, sorted."""
    return [row[0] for row in store.run("MATCH (p:Plan) RETURN p.id AS id ORDER BY id").rows]


def stored_plans(store: Store, plans: Sequence[str]) -> Iterator[PlanRows]:
    """The rows of these plans, a few plans at a time, each equal to what `plan_rows` made of it but for the order of rows.

    Reported drops are not kept by a store, so `dropped` is empty.
    """
    for first in range(0, len(plans), PLANS_AT_ONCE):
        yield from _some(store, plans[first : first + PLANS_AT_ONCE])


def digest_of(plan: PlanRows) -> str:
    """64 hexadecimal digits that are the same for the same rows, in whatever order they stand."""
    parts: list[str] = []
    for kind, group in (("own", plan.own), ("shared", plan.shared)):
        for label, rows in group.items():
            parts.extend(f"{kind} {label} {_canonical(row)}" for row in rows)
    for (type_, source, target), rows in plan.relationships.items():
        parts.extend(f"{type_} {source} {target} {_canonical(row)}" for row in rows)
    made = hashlib.sha256()
    for part in sorted(parts):
        made.update(part.encode("utf-8", "surrogatepass"))
        made.update(b"\n")
    return made.hexdigest()


def _canonical(row: Row) -> str:
    return json.dumps({key: value for key, value in row.items() if value is not None}, sort_keys=True)


def _some(store: Store, plans: Sequence[str]) -> Iterator[PlanRows]:
    from kg.ontology import schema

    graph = schema()
    own: dict[str, dict[str, list[Row]]] = {plan: {} for plan in plans}
    shared: dict[str, dict[str, list[Row]]] = {plan: {} for plan in plans}
    edges: dict[str, dict[tuple[str, str, str], list[Row]]] = {plan: {} for plan in plans}
    holders: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    """Which of these plans contribute to a node, by label and id."""
    for plan in plans:
        holders["Plan"][plan].append(plan)
    for plan, label, identifier, said in store.contributions(plans):
        holders[label][identifier].append(plan)
        if said is not None:
            shared[plan].setdefault(label, []).append(dict(said))
    for one in graph.labels:
        if one.name in OWN_LABELS and one.name in holders:
            keys = [prop.name for prop in one.properties]
            returned = ", ".join(f"n.`{key}`" for key in keys)
            query = f"UNWIND $ids AS i MATCH (n:`{one.name}` {{id: i}}) RETURN {returned}"
            for values in store.run(query, {"ids": list(holders[one.name])}).rows:
                row = dict(zip(keys, values, strict=True))
                for plan in holders[one.name][row["id"]]:
                    own[plan].setdefault(one.name, []).append(row)
    for type_ in graph.relationships:
        keys = [prop.name for prop in type_.properties]
        returned = "".join(f", r.`{key}`" for key in keys)
        for source, target in type_.pairs:
            if source not in holders or target not in holders:
                continue
            anchor = target if target in OWN_LABELS and source not in OWN_LABELS else source
            ends = "(a:`{}`{})-[r:`{}`]->(b:`{}`{})".format(
                source,
                " {id: i}" if anchor == source else "",
                type_.name,
                target,
                " {id: i}" if anchor == target and anchor != source else "",
            )
            query = f"UNWIND $ids AS i MATCH {ends} {'WHERE r.plan IN $plans ' if type_.extracted else ''}RETURN a.id, b.id{returned}"
            parameters: dict[str, Any] = {"ids": list(holders[anchor])}
            if type_.extracted:
                parameters["plans"] = list(plans)
            for first, second, *values in store.run(query, parameters).rows:
                row = {**dict(zip(keys, values, strict=True)), "source": first, "target": second}
                if type_.extracted:
                    by = [row["plan"]]
                else:  # no plan said it: it stands between things that a plan names
                    by = [plan for plan in holders[source][first] if plan in holders[target].get(second, ())]
                for plan in by:
                    edges[plan].setdefault((type_.name, source, target), []).append(row)
    for plan in plans:
        if own[plan]:
            source_name = str(own[plan]["Plan"][0]["source"] or "")
            yield PlanRows(plan, source_name, own[plan], shared[plan], edges[plan])
