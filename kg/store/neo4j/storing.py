"""The store on a server: Neo4j, one database of it.

Nodes and relationships are those of the embedded store. Beside them stand `StoreInfo`, `LeftOut` and, one for each
plan and node that it contributes to, `Contribution` nodes without relationships, so that pictures of the graph stay
clean. Labels, types and names of properties in queries come from the schema; everything else is a parameter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from kg.errors import BadStore, UsageError
from kg.store.base import Contribution, CypherStore, LeftOut, Result, gathered, settled
from kg.store.neo4j.connecting import Address, driver, errors_in_words
from kg.store.neo4j.indexes import statements
from kg.store.rows import OWN_LABELS, PlanRows, Row, merge
from kg.store.stored_plans import digest_of

if TYPE_CHECKING:
    import neo4j

__all__ = ["FORMAT", "Neo4jStore", "contribution_rows"]

FORMAT = "2"
"""Version of what stands in the database; another version is not read."""

STATEMENT_ROWS = 5_000
"""Rows that one statement takes."""

_PASSED = ("source", "target")
_T = TypeVar("_T")


class Neo4jStore(CypherStore):
    """A graph in a Neo4j database.

    `connect` takes a database that `push` filled, or with `make` an empty one. Every batch of plans is one transaction,
    tried again where the server is busy; writers take turns.
    """

    def __init__(self, to: Address, opened: neo4j.Driver) -> None:
        self._to = to
        self._driver: neo4j.Driver | None = opened

    # connecting

    @classmethod
    def connect(cls, to: Address, *, make: bool = False) -> Self:
        """Connect to a database.

        Args:
            to: where it is.
            make: take an empty database, and make what is missing of constraints and indexes.

        Raises:
            BadStore: it cannot be reached, holds something else or nothing, or another format.
        """
        store = cls(to, driver(to))
        try:
            store._check(make)
            if make:
                store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    def _check(self, make: bool) -> None:
        found = self._read("MATCH (s:StoreInfo {id: 'format'}) RETURN s.value").rows
        if found:
            if found[0][0] != FORMAT:
                raise BadStore(
                    f"{self._to}: has format {found[0][0]}, this version reads {FORMAT}; empty the database and push again"
                )
            return
        labels = self._read(
            "MATCH (n) WITH n LIMIT 1000 UNWIND labels(n) AS l RETURN DISTINCT l ORDER BY l LIMIT 5"
        ).rows
        if labels or self._read("MATCH (n) RETURN 1 LIMIT 1").rows:
            names = ", ".join(row[0] for row in labels) or "nodes without labels"
            raise BadStore(f"{self._to}: holds other data ({names}), which is left as it is; name an empty database")
        if not make:
            raise BadStore(f"{self._to}: is empty; fill it with: kg push --graph FILE --uri {self._to.uri}")

    def _prepare(self) -> None:
        with self._session("WRITE") as session, errors_in_words(self._to):
            there = set(session.run("SHOW INDEXES YIELD name").value())
            missing = [statement for name, statement in statements().items() if name not in there]
            for statement in missing:
                session.run(statement).consume()
            if missing:
                session.run("CALL db.awaitIndexes(300)").consume()
                for statement in _empty_lists():
                    session.run(statement).consume()
            session.run(
                "MERGE (s:StoreInfo {id: 'format'}) ON CREATE SET s.value = $version", {"version": FORMAT}
            ).consume()

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    @property
    def where(self) -> str:
        """The address, for messages; it holds no password."""
        return str(self._to)

    def describe(self) -> str:
        if self._driver is None:
            return f"{self._to}, closed"
        plans, tasks = (self._read(f"MATCH (n:`{label}`) RETURN count(*)").rows[0][0] for label in ("Plan", "Task"))
        return f"{self._to}: {plans} plans, {tasks} tasks"

    # running

    def _session(self, mode: str) -> neo4j.Session:
        if self._driver is None:
            raise UsageError("this graph is closed; connect again with kg.connect")
        return self._driver.session(database=self._to.database, default_access_mode=mode)

    def _read(self, query: str, parameters: Mapping[str, Any] | None = None) -> Result:
        def work(transaction: neo4j.ManagedTransaction) -> Result:
            found = transaction.run(query, dict(parameters or {}))
            return Result(list(found.keys()), [list(record.values()) for record in found])

        with errors_in_words(self._to), self._session("READ") as session:
            return session.execute_read(work)

    def _write(self, work: Callable[[_Writing], _T]) -> _T:
        """Run `work` in one transaction, which is tried again as a whole where that may help."""

        def whole(transaction: neo4j.ManagedTransaction) -> _T:
            # Writing this node locks it: other writers wait until this transaction has ended.
            locked = transaction.run("MATCH (s:StoreInfo {id: 'format'}) SET s.value = s.value RETURN s.value").value()
            if locked != [FORMAT]:
                raise BadStore(f"{self._to}: is no store of plans any more; somebody has emptied or replaced it")
            return work(_Writing(transaction))

        doing = "what was committed before is whole, the same command again goes on"
        with errors_in_words(self._to, doing), self._session("WRITE") as session:
            return session.execute_write(whole)

    def _rows_of(self, query: str) -> Iterator[list[Any]]:
        with errors_in_words(self._to), self._session("READ") as session:
            for record in session.run(query):
                yield list(record.values())

    def run(self, query: str, parameters: Mapping[str, Any] | None = None) -> Result:
        result = self._read(query, parameters)
        return Result(result.columns, [[_plain(value) for value in row] for row in result.rows])

    # writing

    def put_batch(self, batch: Mapping[str, PlanRows]) -> set[str]:
        digests = {plan: digest_of(rows) for plan, rows in batch.items()}
        return self._write(lambda writing: writing.put(batch, digests))

    def remove(self, plans: Sequence[str]) -> None:
        def work(writing: _Writing) -> None:
            there = writing.holds(plans)
            if there:
                writing.remove(sorted(there))

        self._write(work)

    def digests(self, plans: Sequence[str]) -> dict[str, str]:
        """What `digest_of` gave for those of these plans that are there."""
        query = "UNWIND $ids AS i MATCH (c:Contribution {id: i}) RETURN c.plan, c.digest"
        return dict(self._read(query, {"ids": [f"{one} Plan {one}" for one in plans]}).rows)

    def counts(self, plans: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each plan the numbers of nodes that it contributes to, by label, and of its relationships, by type.

        Counted are the nodes and relationships themselves, not what the bookkeeping says of them.
        """
        from kg.ontology import schema

        graph = schema()
        found: dict[str, dict[str, int]] = {plan: {} for plan in plans}
        for label in graph.labels:
            query = (
                f"UNWIND $plans AS plan MATCH (c:Contribution {{plan: plan}}) WHERE c.label = $label "
                f"MATCH (n:`{label.name}` {{id: c.node}}) RETURN plan, count(n)"
            )
            for plan, number in self._read(query, {"plans": list(plans), "label": label.name}).rows:
                found[plan][label.name] = number
        for type_ in graph.relationships:
            if type_.extracted:
                query = f"UNWIND $plans AS plan MATCH ()-[r:`{type_.name}` {{plan: plan}}]->() RETURN plan, count(r)"
                for plan, number in self._read(query, {"plans": list(plans)}).rows:
                    found[plan][type_.name] = number
        return found

    def contributions(self, plans: Sequence[str], labels: Sequence[str] | None = None) -> Iterator[Contribution]:
        query = (
            "UNWIND $plans AS plan MATCH (c:Contribution {plan: plan}) "
            "WHERE c.label <> 'Plan' AND ($labels IS NULL OR c.label IN $labels) "
            "RETURN plan, c.label, c.node AS id, c.`row` ORDER BY plan, c.label, id"
        )
        some = {"plans": list(plans), "labels": None if labels is None else list(labels)}
        for plan, label, identifier, said in self._read(query, some).rows:
            yield plan, label, identifier, None if said is None else json.loads(said)

    # files left out

    def leave_out(self, files: Sequence[LeftOut]) -> None:
        rows = {one.source: {"id": one.source, "reason": one.reason, "message": one.message} for one in files}
        if rows:
            query = "UNWIND $rows AS r MERGE (n:LeftOut {id: r.id}) SET n = r"
            self._write(lambda writing: writing.run(query, {"rows": list(rows.values())}))

    def taken_in(self, sources: Sequence[str]) -> None:
        if sources:
            query = "UNWIND $ids AS i MATCH (n:LeftOut {id: i}) DELETE n"
            self._write(lambda writing: writing.run(query, {"ids": list(sources)}))

    # what is kept beside the graph

    def _keep(self, key: str, value: str | None) -> None:
        def work(writing: _Writing) -> None:
            writing.run("MATCH (s:StoreInfo {id: $key}) DELETE s", {"key": key})
            if value is not None:
                writing.run("CREATE (:StoreInfo {id: $key, value: $value})", {"key": key, "value": value})

        self._write(work)


def _empty_lists() -> Iterator[str]:
    """Statements that give nodes the empty lists that they lack after `neo4j-admin database import`, which knows none."""
    from kg.ontology import schema

    for label in schema().labels:
        for prop in label.properties:
            if prop.type.endswith("[]"):
                yield (
                    f"MATCH (n:`{label.name}`) WHERE n.`{prop.name}` IS NULL "
                    f"CALL {{ WITH n SET n.`{prop.name}` = [] }} IN TRANSACTIONS OF 10000 ROWS"
                )


class _Writing:
    """What is done inside one transaction; a second try does it all again from the start."""

    def __init__(self, transaction: neo4j.ManagedTransaction) -> None:
        self._transaction = transaction
        self._elements: dict[tuple[str, str], str] = {}
        """The server's own ids of the nodes of this batch, by label and id. Ends of relationships are found by them: a
        search by an index looks through all that its transaction has deleted, which made replacing ten times slower."""

    def run(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[list[Any]]:
        found = self._transaction.run(query, dict(parameters or {}))
        return [list(record.values()) for record in found]

    def _rows(self, query: str, rows: Sequence[Any]) -> None:
        for first in range(0, len(rows), STATEMENT_ROWS):
            self._transaction.run(query, {"rows": rows[first : first + STATEMENT_ROWS]}).consume()

    def holds(self, plans: Sequence[str]) -> set[str]:
        return {row[0] for row in self.run("UNWIND $ids AS i MATCH (p:Plan {id: i}) RETURN p.id", {"ids": list(plans)})}

    def put(self, batch: Mapping[str, PlanRows], digests: Mapping[str, str]) -> set[str]:
        there = self.holds(list(batch))
        if there:
            self.remove(sorted(there))
        rows_of = gathered(batch.values())
        for label, rows in rows_of.own.items():
            self._create_nodes(label, rows)
        for label, by_id in rows_of.shared.items():
            self._merge_nodes(label, by_id)
        for (type_, source, target), rows in rows_of.relationships.items():
            ends = "MATCH (a) WHERE elementId(a) = r.source MATCH (b) WHERE elementId(b) = r.target"
            rows = [self._edge(row, source, target) for row in rows]
            if "plan" in rows[0]["properties"]:
                query = f"UNWIND $rows AS r {ends} CREATE (a)-[e:`{type_}`]->(b) SET e = r.properties"
                self._rows(query, rows)
            else:
                self._rows(f"UNWIND $rows AS r {ends} MERGE (a)-[:`{type_}`]->(b)", rows)
        contributed = [row for plan in batch.values() for row in contribution_rows(plan, digests[plan.plan])]
        self._rows("UNWIND $rows AS r CREATE (c:Contribution) SET c = r", contributed)
        return there

    def _create_nodes(self, label: str, rows: Sequence[Row]) -> None:
        query = f"UNWIND $rows AS r CREATE (n:`{label}`) SET n = r RETURN r.id, elementId(n)"
        for first in range(0, len(rows), STATEMENT_ROWS):
            made = self.run(query, {"rows": rows[first : first + STATEMENT_ROWS]})
            self._elements.update(((label, identifier), element) for identifier, element in made)

    def _edge(self, row: Row, source: str, target: str) -> Row:
        properties = {key: value for key, value in row.items() if key not in _PASSED}
        ends = {"source": self._elements[source, row["source"]], "target": self._elements[target, row["target"]]}
        return {**ends, "properties": properties}

    def _merge_nodes(self, label: str, by_id: Mapping[str, Sequence[Row]]) -> None:
        keys = list(next(iter(by_id.values()))[0])
        returned = ", ".join(f"n.`{key}`" for key in keys)
        query = f"UNWIND $ids AS i {_seek('n', label, 'i')} RETURN elementId(n), {returned}"
        there = {}
        for element, *values in self.run(query, {"ids": list(by_id)}):
            held_row = dict(zip(keys, values, strict=True))
            there[held_row["id"]] = held_row
            self._elements[label, held_row["id"]] = element
        new, changed = settled(there, by_id)
        self._create_nodes(label, new)
        self._set_nodes(label, changed)

    def _set_nodes(self, label: str, rows: Sequence[Row]) -> None:
        self._rows(f"UNWIND $rows AS r {_seek('n', label, 'r.id')} SET n = r", rows)

    def remove(self, plans: Sequence[str]) -> None:
        """Remove plans that are there, and what no other plan contributes to; the rest shrinks to what others say."""
        from kg.ontology import schema

        some = {"plans": list(plans)}
        contributed: dict[str, list[str]] = {}
        found = self.run("MATCH (c:Contribution) WHERE c.plan IN $plans RETURN DISTINCT c.label, c.node", some)
        for label, identifier in found:
            contributed.setdefault(label, []).append(identifier)
        for label_of in schema().labels:
            label = label_of.name
            ids = contributed.get(label, [])
            if not ids:
                continue
            remaining: dict[str, list[Row]] = {}
            if label not in OWN_LABELS:
                query = (
                    f"UNWIND $ids AS i {_seek('c', 'Contribution', 'i', 'node')} "
                    "WHERE c.label = $label AND NOT c.plan IN $plans "
                    "RETURN i, c.`row`"
                )
                for identifier, text in self.run(query, {**some, "ids": ids, "label": label}):
                    remaining.setdefault(identifier, []).append(json.loads(text))
            gone = [identifier for identifier in ids if identifier not in remaining]
            self._rows(f"UNWIND $rows AS i {_seek('n', label, 'i')} DETACH DELETE n", gone)
            self._set_nodes(label, [merge(rows) for rows in remaining.values()])
        for type_ in schema().relationships:  # those between things that stay
            if type_.extracted:
                self.run(f"UNWIND $plans AS p MATCH ()-[r:`{type_.name}` {{plan: p}}]->() DELETE r", some)
        self.run("UNWIND $plans AS p MATCH (c:Contribution {plan: p}) DELETE c", some)


def _seek(name: str, label: str, value: str, key: str = "id") -> str:
    """MATCH one node by its index. The hint matters: a plan made while the database is empty would scan the label."""
    return f"MATCH ({name}:`{label}` {{`{key}`: {value}}}) USING INDEX {name}:`{label}`(`{key}`)"


def contribution_rows(plan: PlanRows, digest: str) -> Iterator[Row]:
    """The `Contribution` nodes of a plan: which nodes it contributes to, and what it says of those that are shared."""

    def one(label: str, node: str, said: Row | None) -> Row:
        text = None if said is None else json.dumps(said, ensure_ascii=False, sort_keys=True)
        return {
            "id": f"{plan.plan} {label} {node}",
            "plan": plan.plan,
            "label": label,
            "node": node,
            "row": text,
            "digest": digest if label == "Plan" else None,
        }

    for label, rows in plan.own.items():
        yield from (one(label, row["id"], None) for row in rows)
    for label, rows in plan.shared.items():
        yield from (one(label, row["id"], row) for row in rows)


def _plain(value: Any) -> Any:
    """A value for people, the same as the embedded store gives: nodes and relationships as dictionaries."""
    from neo4j.graph import Node, Path, Relationship

    if isinstance(value, Node):
        return {"_LABEL": next(iter(value.labels), ""), **dict(value)}
    if isinstance(value, Relationship):
        return {"_LABEL": value.type, **dict(value)}
    if isinstance(value, Path):
        return {"_NODES": [_plain(one) for one in value.nodes], "_RELS": [_plain(one) for one in value.relationships]}
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value
