"""The embedded store: Ladybug, one file or in memory."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from kg.errors import BadStore, UsageError
from kg.store.base import Contribution, CypherStore, LeftOut, Result, gathered, settled
from kg.store.rows import OWN_LABELS, PlanRows, Row, merge

if TYPE_CHECKING:
    import ladybug

__all__ = ["FORMAT", "LadybugStore"]

FORMAT = "4"
"""Version of the tables; a store of another version is not read."""

_MAX_SIZE = 1 << 40
"""Address space that a database reserves, in bytes; the engine's own 8 TB let a process open no more than sixteen."""

_PLAIN_TYPES = ("STRING", "STRING[]", "INT64", "DOUBLE", "BOOL", "DATE", "TIMESTAMP")
"""Types whose values are shown as they come; nodes, relationships, maps and lists of such are cleaned."""

_MAGIC = b"LBUG"
_SIDE_FILES = (".wal", ".shadow", ".tmp")
_writing: set[str] = set()
"""Files that this process has open for writing; the engine's lock stops only other processes."""


class LadybugStore(CypherStore):
    """A graph in a Ladybug file, or in memory.

    `open` takes a store for reading; the first change takes it for writing, which one process at a time may do.
    `create` makes a new store in memory, or beside the file that it is to become, which `finish` puts in place.
    """

    def __init__(self, path: Path | None, target: Path | None, *, read_only: bool) -> None:
        self._path = path
        self._target = target
        self._read_only = read_only
        self._database: ladybug.Database | None = None
        self._connection: ladybug.Connection | None = None
        self._connect()

    # making, opening, closing

    @classmethod
    def create(cls, path: str | Path | None = None, *, replace: bool = False) -> Self:
        """A new, empty store.

        Args:
            path: the file to make, or None for a store in memory.
            replace: allow `path` to be there; it stays as it is until `finish`.

        Raises:
            UsageError: the file exists and `replace` is not set.
            BadStore: the folder is missing, or another process is writing there.
        """
        if path is None:
            store = cls(None, None, read_only=False)
        else:
            target = Path(path)
            if target.is_dir():
                raise UsageError(f"{target}: is a folder; name a file for the store, such as {target / 'plans.kg'}")
            if target.exists() and not replace:
                raise UsageError(
                    f"{target}: exists; add --replace (replace=True) to build it anew, or name another file"
                )
            if not target.parent.is_dir():
                raise BadStore(f"{target}: the folder {target.parent} does not exist; make it first")
            if target.exists():
                _refuse_if_written(target)
            beside = target.with_name(target.name + ".building")
            if beside.exists():
                _refuse_if_written(beside)
                _delete(beside)
            store = cls(beside, target, read_only=False)
        store._make_tables()
        return store

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a store that `create` made.

        Raises:
            BadStore: missing, empty, truncated, foreign, or of another version.
        """
        file = Path(path)
        if _key(file) in _writing:  # opening and closing it again would drop the lock that this process holds
            raise BadStore(f"{file}: this process has it open for writing already; use that graph, or close it first")
        _check_file(file)
        store = cls(file, None, read_only=True)
        try:
            store._check_format(file)
        except BaseException:
            store.close()
            raise
        return store

    def finish(self) -> None:
        """Put a created store in its place; it stays open for reading."""
        if self._target is None or self._path is None:
            return
        beside, target = self._path, self._target
        self._execute("CHECKPOINT")
        self._disconnect()
        for suffix in _SIDE_FILES:
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        try:
            os.replace(beside, target)
        except OSError as error:
            raise BadStore(f"{target}: cannot be replaced ({error.strerror}); close what has it open") from error
        self._path, self._target, self._read_only = target, None, True
        self._connect()

    def close(self) -> None:
        """Release the file. A created store that was not finished is deleted."""
        self._disconnect()
        if self._target is not None and self._path is not None:
            _delete(self._path)
            self._target = None

    def describe(self) -> str:
        where = "in memory" if self._path is None else str(self._target or self._path)
        if self._connection is None:
            return f"{where}, closed"
        plans, tasks = (self.run(f"MATCH (n:{label}) RETURN count(*) AS n").rows[0][0] for label in ("Plan", "Task"))
        return f"{where}: {plans} plans, {tasks} tasks"

    def _connect(self) -> None:
        import ladybug

        name = ":memory:" if self._path is None else str(self._path)
        if self._path is not None and not self._read_only:
            key = _key(self._path)
            if key in _writing:
                raise BadStore(f"{self._path}: this process has it open for writing already; close that graph first")
            _writing.add(key)
        for attempt in range(6):
            try:
                self._database = ladybug.Database(name, read_only=self._read_only, max_db_size=_MAX_SIZE)
                self._connection = ladybug.Connection(self._database)
                return
            except Exception as error:  # the engine raises RuntimeError for all that is wrong with a file
                self._disconnect()
                if "retry later" in str(error) and attempt < 5:  # another process may be at a checkpoint
                    time.sleep(0.1)
                    continue
                if self._path is None:
                    raise
                raise _bad_store(self._path, error) from error

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._database is not None:
            self._database.close()
            self._database = None
        if self._path is not None and not self._read_only:
            _writing.discard(_key(self._path))

    def _to_write(self) -> None:
        if self._read_only and self._path is not None:
            self._alive()
            self._disconnect()
            self._read_only = False
            try:
                self._connect()
            except BadStore:
                self._read_only = True
                self._connect()
                raise

    def _check_format(self, file: Path) -> None:
        try:
            found = self._execute("MATCH (s:StoreInfo {id: 'format'}) RETURN s.value").rows
        except RuntimeError as error:
            message = f"{file}: a Ladybug database, but not a store of plans; build one with: kg build PATH --out FILE"
            raise BadStore(message) from error
        version = found[0][0] if found else "none"
        if version != FORMAT:
            raise BadStore(f"{file}: has format {version}, this version reads {FORMAT}; build it anew from the plans")

    def _make_tables(self) -> None:
        from kg.ontology import schema

        graph = schema()
        for label in graph.labels:
            columns = ", ".join(
                f"`{prop.name}` {prop.type}{' PRIMARY KEY' if prop.name == 'id' else ''}" for prop in label.properties
            )
            self._execute(f"CREATE NODE TABLE `{label.name}`({columns})")
        for relationship in graph.relationships:
            pairs = ", ".join(f"FROM `{source}` TO `{target}`" for source, target in relationship.pairs)
            columns = "".join(f", `{prop.name}` {prop.type}" for prop in relationship.properties)
            self._execute(f"CREATE REL TABLE `{relationship.name}`({pairs}{columns})")
        contributed = ", ".join(
            f"FROM `Plan` TO `{label.name}`" for label in graph.labels if label.name not in ("Plan", "Task")
        )
        self._execute(f"CREATE REL TABLE CONTRIBUTES({contributed}, `row` STRING)")
        self._execute("CREATE NODE TABLE LeftOut(id STRING PRIMARY KEY, reason STRING, message STRING)")
        self._execute("CREATE NODE TABLE StoreInfo(id STRING PRIMARY KEY, value STRING)")
        self._execute("CREATE (:StoreInfo {id: 'format', value: $version})", {"version": FORMAT})

    # running

    def _alive(self) -> ladybug.Connection:
        if self._connection is None:
            raise UsageError("this graph is closed; open it again with kg.open")
        return self._connection

    def _stream(self, query: str, parameters: Mapping[str, Any] | None = None) -> ladybug.QueryResult:
        result = self._alive().execute(query, dict(parameters) if parameters else None)
        if isinstance(result, list):
            raise RuntimeError("one statement at a time")
        return result

    def _execute(self, query: str, parameters: Mapping[str, Any] | None = None) -> Result:
        return self._fetch(query, parameters)[0]

    def _fetch(self, query: str, parameters: Mapping[str, Any] | None = None) -> tuple[Result, list[int]]:
        """The rows, and the positions of the columns that hold more than plain values."""
        result = self._stream(query, parameters)
        try:
            following = result.get_next  # asking for each row whether there is one takes as long as getting it
            rows = cast("list[list[Any]]", [following() for _ in range(result.get_num_tuples())])
            types = result.get_column_data_types()
            deep = [at for at, type_ in enumerate(types) if type_ not in _PLAIN_TYPES]
            return Result(result.get_column_names(), rows), deep
        finally:
            result.close()

    def _rows_of(self, query: str) -> Iterator[list[Any]]:
        result = self._stream(query)
        try:
            while result.has_next():
                yield list(result.get_next())
        finally:
            result.close()

    def run(self, query: str, parameters: Mapping[str, Any] | None = None) -> Result:
        try:
            result, deep = self._fetch(query, parameters)
        except RuntimeError as error:
            words = " ".join(str(error).split())
            if "read-only" in words:
                words = "this graph is open for reading; change it with add and remove"
            raise UsageError(f"the query cannot be run: {words}") from error
        for row in result.rows:
            for at in deep:
                row[at] = _plain(row[at])
        return result

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._to_write()
        self._execute("BEGIN TRANSACTION")
        try:
            yield
            self._execute("COMMIT")
        except BaseException as error:
            with suppress(RuntimeError):  # the engine has rolled back itself where a statement failed
                self._execute("ROLLBACK")
            fault = error.__cause__ if isinstance(error, UsageError) else error  # `run` blames the query, here our own
            if isinstance(fault, RuntimeError):  # what the engine raises, such as for a full disk
                where = self._path or "the graph in memory"
                words = " ".join(str(fault).split())[:200]
                raise BadStore(f"{where}: cannot be written ({words}); it is as it was before this batch") from error
            raise

    # writing

    def put_batch(self, batch: Mapping[str, PlanRows]) -> set[str]:
        rows_of = gathered(batch.values())
        with self._transaction():
            there = self.holds(list(batch))
            if there:
                self._remove(sorted(there))
            for label, rows in rows_of.own.items():
                self._create_nodes(label, rows)
            for label, by_id in rows_of.shared.items():
                self._merge_nodes(label, by_id)
            for label, rows in _contributions(batch.values()).items():
                self._create_edges("CONTRIBUTES", "Plan", label, rows)
            for (type_, source, target), rows in rows_of.relationships.items():
                if "plan" in rows[0]:
                    self._create_edges(type_, source, target, rows)
                else:
                    self._merge_edges(type_, source, target, rows)
        return there

    def _create_nodes(self, label: str, rows: Sequence[Row]) -> None:
        columns = ", ".join(f"`{key}`: r.`{key}`" for key in _filled(rows))
        self._execute(f"UNWIND $rows AS r CREATE (:`{label}` {{{columns}}})", {"rows": list(rows)})

    def _merge_nodes(self, label: str, by_id: Mapping[str, Sequence[Row]]) -> None:
        keys = list(next(iter(by_id.values()))[0])
        returned = ", ".join(f"n.`{key}`" for key in keys)
        query = f"UNWIND $ids AS i MATCH (n:`{label}` {{id: i}}) RETURN {returned}"
        there = {
            row[keys.index("id")]: dict(zip(keys, row, strict=True))
            for row in self._execute(query, {"ids": list(by_id)}).rows
        }
        new, changed = settled(there, by_id)
        if new:
            self._create_nodes(label, new)
        self._set_nodes(label, changed)

    def _set_nodes(self, label: str, rows: Sequence[Row]) -> None:
        if rows:
            held = _filled(rows)
            columns = ", ".join(
                f"n.`{key}` = {f'r.`{key}`' if key in held else 'NULL'}"
                for key in rows[0]
                if key not in ("id", "label")
            )
            self._execute(f"UNWIND $rows AS r MATCH (n:`{label}` {{id: r.id}}) SET {columns}", {"rows": list(rows)})

    def _create_edges(self, type_: str, source: str, target: str, rows: Sequence[Row]) -> None:
        columns = ", ".join(f"`{key}`: r.`{key}`" for key in _filled(rows) if key not in ("source", "target"))
        self._execute(
            f"UNWIND $rows AS r MATCH (a:`{source}` {{id: r.source}}) MATCH (b:`{target}` {{id: r.target}}) "
            f"CREATE (a)-[:`{type_}` {{{columns}}}]->(b)",
            {"rows": list(rows)},
        )

    def _merge_edges(self, type_: str, source: str, target: str, rows: Sequence[Row]) -> None:
        wanted = {(row["source"], row["target"]): row for row in rows}
        there = self._execute(
            f"UNWIND $rows AS r MATCH (a:`{source}` {{id: r.source}})-[:`{type_}`]->(b:`{target}` {{id: r.target}}) "
            "RETURN a.id, b.id",
            {"rows": list(wanted.values())},
        ).rows
        for first, second in there:
            wanted.pop((first, second), None)
        if wanted:
            self._execute(
                f"UNWIND $rows AS r MATCH (a:`{source}` {{id: r.source}}) MATCH (b:`{target}` {{id: r.target}}) "
                f"CREATE (a)-[:`{type_}`]->(b)",
                {"rows": list(wanted.values())},
            )

    def remove(self, plans: Sequence[str]) -> None:
        with self._transaction():
            there = self.holds(plans)
            if there:
                self._remove(sorted(there))

    def _remove(self, plans: Sequence[str]) -> None:
        from kg.ontology import schema

        graph = schema()
        contributed: dict[str, list[str]] = {}
        for label in graph.labels:
            if label.name not in ("Plan", "Task"):
                query = (
                    f"UNWIND $plans AS p MATCH (:Plan {{id: p}})-[:CONTRIBUTES]->(n:`{label.name}`) "
                    "RETURN DISTINCT n.id"
                )
                rows = self._execute(query, {"plans": list(plans)}).rows
                if rows:
                    contributed[label.name] = [row[0] for row in rows]
        for relationship in graph.relationships:
            if relationship.extracted:
                for source, target in relationship.pairs:
                    if (
                        source in contributed
                        and source not in OWN_LABELS
                        and target in contributed
                        and target not in OWN_LABELS
                    ):
                        self._execute(
                            f"UNWIND $ids AS i MATCH (a:`{source}` {{id: i}})-[r:`{relationship.name}`]->(:`{target}`) "
                            "WHERE r.plan IN $plans DELETE r",
                            {"ids": contributed[source], "plans": list(plans)},
                        )
        for label_name, ids in contributed.items():
            self._release(label_name, ids, plans)
        self._execute(
            "UNWIND $plans AS p MATCH (:Plan {id: p})-[:HAS_TASK]->(t:Task) DETACH DELETE t", {"plans": list(plans)}
        )
        self._execute("UNWIND $plans AS p MATCH (n:Plan {id: p}) DETACH DELETE n", {"plans": list(plans)})

    def _release(self, label: str, ids: Sequence[str], plans: Sequence[str]) -> None:
        """Delete nodes that no other plan contributes to; give the others what the other plans say of them."""
        remaining: dict[str, list[Row]] = {}
        if label not in OWN_LABELS:
            query = (
                f"UNWIND $ids AS i MATCH (q:Plan)-[c:CONTRIBUTES]->(n:`{label}` {{id: i}}) "
                "WHERE NOT q.id IN $plans RETURN n.id, c.`row`"
            )
            for identifier, text in self._execute(query, {"ids": list(ids), "plans": list(plans)}).rows:
                remaining.setdefault(identifier, []).append(json.loads(text))
        gone = [identifier for identifier in ids if identifier not in remaining]
        if gone:
            self._execute(f"UNWIND $ids AS i MATCH (n:`{label}` {{id: i}}) DETACH DELETE n", {"ids": gone})
        self._set_nodes(label, [merge(rows) for rows in remaining.values()])

    def contributions(self, plans: Sequence[str], labels: Sequence[str] | None = None) -> Iterator[Contribution]:
        from kg.ontology import schema

        some = {"plans": list(plans)}
        if not plans:
            return
        if labels is None or "Task" in labels:
            query = (
                "UNWIND $plans AS plan MATCH (p:Plan)-[:HAS_TASK]->(n:Task) WHERE p.id = plan "
                "RETURN plan, n.id AS id ORDER BY plan, id"
            )
            for plan, identifier in self._execute(query, some).rows:
                yield plan, "Task", identifier, None
        for label in schema().labels:
            if label.name in ("Plan", "Task") or (labels is not None and label.name not in labels):
                continue
            query = (
                f"UNWIND $plans AS plan MATCH (p:Plan)-[c:CONTRIBUTES]->(n:`{label.name}`) WHERE p.id = plan "
                "RETURN plan, n.id AS id, c.`row` AS said ORDER BY plan, id"
            )
            for plan, identifier, said in self._execute(query, some).rows:
                yield plan, label.name, identifier, None if said is None else json.loads(said)

    # files left out

    def leave_out(self, files: Sequence[LeftOut]) -> None:
        if not files:
            return
        rows = [{"id": file.source, "reason": file.reason, "message": file.message} for file in files]
        with self._transaction():
            self._forget([file.source for file in files])
            self._create_nodes("LeftOut", list({row["id"]: row for row in rows}.values()))

    def taken_in(self, sources: Sequence[str]) -> None:
        if sources:
            with self._transaction():
                self._forget(sources)

    def _forget(self, sources: Sequence[str]) -> None:
        self._execute("UNWIND $ids AS i MATCH (n:LeftOut {id: i}) DELETE n", {"ids": list(sources)})

    # what is kept beside the graph

    def _keep(self, key: str, value: str | None) -> None:
        with self._transaction():
            self._execute("MATCH (s:StoreInfo {id: $key}) DELETE s", {"key": key})
            if value is not None:
                self._execute("CREATE (:StoreInfo {id: $key, value: $value})", {"key": key, "value": value})


def _contributions(plans: Iterable[PlanRows]) -> dict[str, list[Row]]:
    """Which plan contributes to which node and what it says of those that are shared, by label; plans and tasks need none."""
    found: dict[str, list[Row]] = {}
    for plan in plans:
        for label, rows in plan.own.items():
            if label not in ("Plan", "Task"):
                found.setdefault(label, []).extend(
                    {"source": plan.plan, "target": row["id"], "row": None} for row in rows
                )
        for label, rows in plan.shared.items():
            for row in rows:
                text = json.dumps(row, ensure_ascii=False, sort_keys=True)
                found.setdefault(label, []).append({"source": plan.plan, "target": row["id"], "row": text})
    return found


def _filled(rows: Sequence[Row]) -> list[str]:
    """The keys that have a value in some row: the engine takes a column of nothing but nulls for one of strings."""
    return [key for key in rows[0] if any(row[key] is not None for row in rows)]


def _plain(value: Any) -> Any:
    """A value for people: nodes and relationships without the engine's inner numbers."""
    if isinstance(value, dict):
        return {
            key: _plain(part)
            for key, part in value.items()
            if key not in ("_ID", "_SRC", "_DST", "_id", "_src", "_dst") and part is not None
        }
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value


def _key(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _delete(path: Path) -> None:
    for suffix in ("", *_SIDE_FILES):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _check_file(file: Path) -> None:
    if file.is_dir():
        raise BadStore(f"{file}: is a folder, not a store; build one with: kg build {file} --out FILE")
    if not file.exists():
        raise BadStore(f"{file}: no such store; build one with: kg build PATH --out {file}")
    try:
        with file.open("rb") as opened:
            head = opened.read(len(_MAGIC))
    except OSError as error:
        raise BadStore(f"{file}: cannot be read ({error.strerror})") from error
    if not head:
        raise BadStore(f"{file}: is empty, not a store; build it anew with: kg build PATH --out {file} --replace")
    if head != _MAGIC:
        raise BadStore(f"{file}: is not a store of plans; build one with: kg build PATH --out FILE")


def _refuse_if_written(file: Path) -> None:
    """Raise BadStore where somebody has this file open for writing; a broken file is no matter, it will be replaced."""
    if _key(file) in _writing:
        raise BadStore(f"{file}: this process has it open for writing; close that graph first")
    try:
        import fcntl
    except ImportError:  # Windows: a file that is open cannot be replaced, which `finish` reports
        return
    try:
        with file.open("r+b") as opened:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except PermissionError as error:
        raise BadStore(f"{file}: cannot be written ({error.strerror}); name another file") from error
    except OSError as error:
        raise BadStore(
            f"{file}: another process is writing to this store; wait for it or end it, then try again"
        ) from error


def _bad_store(path: Path, error: Exception) -> BadStore:
    words = " ".join(str(error).split())
    if "lock" in words.lower():
        holder = re.search(r"PID (\d+)", words)
        who = f"process {holder[1]}" if holder else "another process"
        return BadStore(f"{path}: {who} is writing to this store; wait for it or end it, then try again")
    if "retry later" in words or "past the end" in words or "outside the database file" in words:
        return BadStore(f"{path}: is truncated; build it anew with: kg build PATH --out {path} --replace")
    if "not a valid" in words:
        return BadStore(f"{path}: is not a store of plans; build one with: kg build PATH --out FILE")
    if "storage version" in words.lower() or "version" in words.lower():
        return BadStore(
            f"{path}: was written by another version of the engine; build it anew from the plans ({words[:160]})"
        )
    return BadStore(f"{path}: cannot be opened ({words[:200]})")
