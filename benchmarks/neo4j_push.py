"""Rows per second of a push to Neo4j, beside a naive load of one statement a row on the same server in the same run.

    python benchmarks/neo4j_push.py [--naive-rows N]

uses the server of `NEO4J_URI` (`make neo4j`), whose database has to be empty, and leaves it empty. The naive load writes the
same rows (nodes and relationships, with the constraints in place, since without them it would be slower still) by one
auto-committed statement each; of a large graph only the first N rows of each kind, in proportion.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from pathlib import Path

import kg
from kg.store.neo4j import Neo4jStore, address
from kg.store.neo4j.connecting import Address, driver
from kg.store.stored_plans import plan_ids, stored_plans

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")


def naive(graph: kg.Graph, to: Address, most: int) -> tuple[int, float]:
    """Rows and seconds of a load with one statement a row."""
    nodes: list[tuple[str, dict[str, object]]] = []
    edges: list[tuple[str, dict[str, object]]] = []
    for plan in stored_plans(graph.store, plan_ids(graph.store)):
        for group in (plan.own, plan.shared):
            for label, rows in group.items():
                nodes.extend((f"MERGE (n:`{label}` {{id: $row.id}}) SET n = $row", {"row": row}) for row in rows)
        for (type_, source, target), rows in plan.relationships.items():
            query = (
                f"MATCH (a:`{source}` {{id: $source}}) MATCH (b:`{target}` {{id: $target}}) "
                f"CREATE (a)-[e:`{type_}`]->(b) SET e = $row"
            )
            for row in rows:
                properties = {key: value for key, value in row.items() if key not in ("source", "target")}
                edges.append((query, {"source": row["source"], "target": row["target"], "row": properties}))
    share = min(1.0, most / (len(nodes) + len(edges)))
    statements = nodes[: round(len(nodes) * share)] + edges[: round(len(edges) * share)]
    with driver(to) as opened, opened.session(database=to.database) as session:
        started = time.perf_counter()
        for query, parameters in statements:
            session.run(query, parameters).consume()  # type: ignore[arg-type,unused-ignore]
        return len(statements), time.perf_counter() - started


def empty(to: Address) -> None:
    """Delete all nodes; constraints and indexes stay."""
    with driver(to) as opened, opened.session(database=to.database) as session:
        session.run("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()


def main() -> int:
    parser = argparse.ArgumentParser(description="A push to Neo4j beside one statement a row.")
    parser.add_argument("--naive-rows", type=int, default=3000, help="rows of the naive load (3000)")
    options = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    to = address()
    with driver(to) as opened, opened.session(database=to.database) as session:
        if session.run("MATCH (n) RETURN count(n)").single(strict=True)[0]:
            print(f"{to}: is not empty; the benchmark writes and deletes, name an empty database", file=sys.stderr)
            return 1
    folder = SHARED / "plans" if (SHARED / "plans").is_dir() else ROOT / "examples" / "plans"
    with kg.build([folder]) as graph:
        Neo4jStore.connect(to, make=True).close()  # constraints and indexes for both
        empty(to)
        rows, seconds = naive(graph, to, options.naive_rows)
        empty(to)
        print(f"one statement a row   {rows:>7,} rows {seconds:8.2f} s {rows / seconds:>9,.0f} rows/s")
        single = rows / seconds
        try:
            for name, again in (("first push", False), ("second push", False), ("all written again", True)):
                started = time.perf_counter()
                done = graph.to_neo4j(to.uri, user=to.user, password=to.password or "", again=again, check=False)
                spent = time.perf_counter() - started
                rate = f"{done.rows / spent:>9,.0f} rows/s, {done.rows / spent / single:.1f} times" if done.rows else ""
                print(f"{name:21s} {done.rows:>7,} rows {spent:8.2f} s {rate}")
        finally:
            empty(to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
