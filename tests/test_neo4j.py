"""The store on a Neo4j server: pushing, replacing, removing, hostile names, bad situations."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import Run
from handmade import dump, facts, filled, graph_of, ledgers, other_district, yunxi_2024, yunxi_2025

import kg as package
from kg.errors import BadStore, InputError, UsageError
from kg.graph import Graph
from kg.store import LeftOut, plan_rows
from kg.store.ladybug import LadybugStore
from kg.store.neo4j import Neo4jStore, address, push
from kg.store.neo4j.connecting import _check_version
from kg.store.stored_plans import digest_of, plan_ids, stored_plans

PLANS = (yunxi_2024, yunxi_2025, other_district)
Where = dict[str, str]


def connected(where: Where) -> Neo4jStore:
    return Neo4jStore.connect(address(**where))


def cypher(where: Where, query: str, **parameters: Any) -> list[Any]:
    """Run a query of the test's own, past all of the project."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(where["uri"], auth=(where["user"], where["password"])) as driver:
        return [list(record.values()) for record in driver.execute_query(query, parameters).records]


def numbers(where: Where) -> tuple[int, int]:
    (nodes,), (edges,) = cypher(where, "MATCH (n) RETURN count(n)") + cypher(where, "MATCH ()-[r]->() RETURN count(r)")
    return nodes, edges


# what a store gives back of its plans


def test_plans_read_back_are_the_rows_that_were_put() -> None:
    put = {rows.plan: rows for rows in (plan_rows(plan()) for plan in PLANS)}
    store = LadybugStore.create()
    store.put(put.values())
    assert plan_ids(store) == sorted(put)
    for read in stored_plans(store, plan_ids(store)):
        assert digest_of(read) == digest_of(put[read.plan])
        assert read.source == put[read.plan].source
    assert len({digest_of(rows) for rows in put.values()}) == 3


# pushing


def test_a_push_gives_the_same_graph_and_a_second_one_changes_nothing(empty_database: Where) -> None:
    here = filled(*PLANS)
    here.leave_out([LeftOut("b.txt", "empty", "b.txt: empty")])
    first = push(here, address(**empty_database))
    assert (first.written, first.replaced, first.unchanged) == (3, 0, 0)
    there = connected(empty_database)
    assert dump(there) == dump(here)
    assert there.left_out() == here.left_out()
    held = numbers(empty_database)
    second = push(here, address(**empty_database))
    assert (second.written, second.unchanged, second.rows) == (0, 3, 0)
    assert (second.nodes, second.relationships) == (first.nodes, first.relationships)
    again = push(here, address(**empty_database), again=True)
    assert (again.written, again.replaced, again.rows) == (3, 3, first.rows)
    assert numbers(empty_database) == held and dump(there) == dump(here)
    duplicates = "MATCH (n) WITH n.id AS id, labels(n) AS labels, count(*) AS c WHERE c > 1 RETURN id, labels"
    assert cypher(empty_database, duplicates) == []
    there.close()


def test_one_plan_is_replaced_and_removed_alone(empty_database: Where) -> None:
    to = address(**empty_database)
    push(filled(*PLANS), to)
    there = connected(empty_database)
    changed = facts(
        "# 防汛",
        "检修排水泵 | 区水利局 | 洪涝灾害 | 排水泵",
        title="云溪区应急管理局2025年工作要点",
        year=2025,
        source="云溪2025.txt",
    )
    new = LadybugStore.create()
    new.put([plan_rows(changed)])
    done = push(new, to)
    assert (done.written, done.replaced) == (1, 1)
    expected = filled(yunxi_2024, other_district)
    expected.put([plan_rows(changed)])
    assert dump(there) == dump(expected)
    there.remove([plan_rows(changed).plan])
    assert dump(there) == dump(filled(yunxi_2024, other_district))
    there.remove(["plan-0"])
    there.remove(plan_ids(there))
    assert dump(there) == [] and numbers(empty_database) == (1, 0)  # the format's version
    there.close()


def test_what_somebody_changed_by_hand_is_put_right(empty_database: Where) -> None:
    here = filled(*PLANS)
    push(here, address(**empty_database))
    cypher(empty_database, "MATCH (t:Task) WITH t ORDER BY t.id LIMIT 3 DETACH DELETE t")
    done = push(here, address(**empty_database))
    assert done.written >= 1 and done.unchanged < 3
    there = connected(empty_database)
    assert dump(there) == dump(here)
    there.close()


def test_constraints_and_indexes_come_from_the_ontology(empty_database: Where) -> None:
    from kg.ontology import schema

    push(filled(yunxi_2024), address(**empty_database))
    unique = {row[0][0] for row in cypher(empty_database, "SHOW CONSTRAINTS YIELD labelsOrTypes RETURN labelsOrTypes")}
    assert {label.name for label in schema().labels} <= unique
    cypher(empty_database, "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    found = cypher(
        empty_database,
        "CALL db.index.fulltext.queryNodes('kg_texts', $words) YIELD node RETURN node.text",
        words='"卫星电话"',
    )
    assert sorted(row[0] for row in found if row[0]) == ["卫星电话实现全覆盖", "汛期前为多灾易灾村配备卫星电话、排水泵"]
    quotes = (
        "CALL db.index.fulltext.queryRelationships('kg_quotes', $words) YIELD relationship RETURN relationship.quote"
    )
    assert ["区气象局"] in cypher(empty_database, quotes, words='"气象局"')


HOSTILE = (
    "区'水利\"局",
    "`局`) DETACH DELETE (n",
    "局\n第二行\r\n第三行\t末",
    "}) MATCH (n) DETACH DELETE n //",
    "$rows {id: 1} \\ \\u0027 \\' /* */",
    "𠮷野家𪚥㐀\u2028\ufeff\ue000〇·",
    "é́ ﷽ 🚒👩‍🚒",
    "局" * 5000,
)


def test_hostile_names_arrive_unchanged(empty_database: Where) -> None:
    title = "计'划`}\"\n要点"
    lines = [f"检查{number} | 区水利局 | | " for number in range(len(HOSTILE))]
    rows = plan_rows(facts(*lines, title=title))
    tasks = rows.own["Task"]
    for task, name in zip(tasks, HOSTILE, strict=True):
        task.update(text=name, name=name)
    agency = rows.shared["Agency"][0]
    agency.update(name=HOSTILE[0], aliases=sorted(set(HOSTILE[1:-1])))
    for edges in rows.relationships.values():
        for edge in edges:
            if "quote" in edge:
                edge["quote"] = HOSTILE[(edge["span_start"] or 0) % len(HOSTILE)]
    here = LadybugStore.create()
    here.put([rows])
    push(here, address(**empty_database))
    there = connected(empty_database)
    assert dump(there) == dump(here)
    assert sorted(node["text"] for node in there.nodes("Task")) == sorted(HOSTILE)
    for name in HOSTILE:
        found = there.run("MATCH (t:Task) WHERE t.text = $name RETURN count(t) AS n", {"name": name})
        assert found.rows == [[1]]
        assert Graph(there).who_is_responsible(name[:40]) is not None
    there.close()


def test_no_query_holds_a_text_of_a_plan(empty_database: Where, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement that reaches the driver is pure ASCII and the same whatever the plan says."""
    from neo4j import ManagedTransaction, Session

    seen: list[set[str]] = []

    def watched(original: Any) -> Any:
        def run(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
            seen[-1].add(str(query))
            return original(self, query, *arguments, **options)

        return run

    for owner in (ManagedTransaction, Session):
        monkeypatch.setattr(owner, "run", watched(owner.run))
    seen.append(set())
    push(filled(other_district), address(**empty_database))
    for title in ("云溪区2024年工作要点", "`}) DETACH DELETE (n) //"):
        seen.append(set())
        push(filled(lambda title=title: facts("检查 | 区水利局", title=title)), address(**empty_database))
        with package.connect(**empty_database) as graph:
            graph.remove(title)
    assert seen[1] == seen[2] and len(seen[1]) > 30
    assert all(query.isascii() for query in seen[0] | seen[1])


# the same Graph


def test_a_connected_graph_is_a_graph(empty_database: Where, plan_file: Path, tmp_path: Path) -> None:
    with package.build([plan_file.parent]) as here:
        pushed = here.to_neo4j(**empty_database)
        assert pushed.written == 1 and "the same numbers on both sides" in str(pushed)
        with package.connect(**empty_database) as there:
            assert empty_database["password"] not in repr(there) and "1 plans" in repr(there)
            assert sorted(there.to_networkx().nodes) == sorted(here.to_networkx().nodes)
            assert there.to_networkx().number_of_edges() == here.to_networkx().number_of_edges()
            here.to_rdf(tmp_path / "here.nt")
            there.to_rdf(tmp_path / "there.nt")
            lines = [sorted((tmp_path / name).read_bytes().splitlines()) for name in ("here.nt", "there.nt")]
            assert lines[0] == lines[1]
            node = there.cypher("MATCH (p:Plan) RETURN p")["p"][0]
            assert node == here.cypher("MATCH (p:Plan) RETURN p")["p"][0]
            with pytest.raises(UsageError, match="cannot be run"):
                there.cypher("MATCH (n RETURN n")
            with pytest.raises(UsageError, match="the query writes"):
                there.cypher("CREATE (:Task {id: 'x'})")
            report = there.add(plan_file)
            assert [one.replaced for one in report.built] == [True]
            assert dump(there.store) == dump(here.store)
            there.remove(plan_file.name)
            assert dump(there.store) == []
        with pytest.raises(UsageError, match="closed"):
            there.plans()


def test_each_plan_says_how_many_there_are_and_where(empty_database: Where) -> None:
    with graph_of(*ledgers()) as here:
        here.to_neo4j(check=False, **empty_database)
        with package.connect(**empty_database) as there:
            found = there.resources("冲锋舟")
            assert sorted(found["quantity"]) == [6, 40]
            assert found.to_dict("records") == here.resources("冲锋舟").to_dict("records")


def test_every_command_takes_the_server(empty_database: Where, plan_file: Path, tmp_path: Path, kg: Run) -> None:
    store = tmp_path / "plans.kg"
    assert kg("build", plan_file.parent, "--out", store).returncode == 0
    account = {"NEO4J_USER": empty_database["user"], "NEO4J_PASSWORD": empty_database["password"]}
    environment = {**os.environ, **account, "COLUMNS": "160"}
    environment.pop("NEO4J_URI", None)
    uri = empty_database["uri"]

    def on_server(*arguments: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kg.cli", *map(str, arguments)],
            capture_output=True, encoding="utf-8", env=environment, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    done = on_server("push", "--graph", store, "--uri", uri)
    assert done.returncode == 0 and "1 plans written" in done.stderr, done.stderr
    environment["NEO4J_URI"] = uri
    for arguments in (
        ("plans",),
        ("entities",),
        ("who", "防汛", "--format", "json"),
        ("shared", "--by", "pairs"),
        ("gaps", plan_file.name),
        ("cypher", "MATCH (t:Task) RETURN t.text ORDER BY t.id"),
        ("sparql", "plan_tasks", "--param", f"plan={package.open(store).plans()['id'][0]}"),
        ("check",),
    ):
        here = kg(*arguments, "--graph", store)
        for there in (on_server(*arguments, "--uri", uri), on_server(*arguments)):
            assert (there.returncode, there.stdout) == (here.returncode, here.stdout), (arguments, there.stderr)
            assert here.returncode == 0 and here.stdout
    for form in ("csv", "xlsx", "graphml", "ttl"):
        done = on_server("export", "--uri", uri, "--to", form, tmp_path / f"out.{form}")
        assert done.returncode == 0, done.stderr
    done = on_server("add", plan_file, "--uri", uri)
    assert done.returncode == 0 and uri in done.stderr
    assert on_server("remove", plan_file.name, "--uri", uri).returncode == 0
    assert cypher(empty_database, "MATCH (p:Plan) RETURN count(p)") == [[0]]
    both = on_server("plans", "--graph", store, "--uri", uri)
    assert both.returncode == 2 and "not allowed with" in both.stderr


# bad situations


def one_line(error: BaseException, secret: str = "\0") -> str:
    text = str(error)
    assert "\n" not in text and secret not in text and len(text) < 400
    return text


def test_wrong_password_and_wrong_port(empty_database: Where) -> None:
    with pytest.raises(BadStore, match="refuses user neo4j with this password") as raised:
        package.connect(empty_database["uri"], user="neo4j", password="geheim-123")
    one_line(raised.value, "geheim-123")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        free = f"bolt://127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(BadStore, match="cannot be reached") as raised:
        package.connect(free, password="geheim-123")
    assert one_line(raised.value, "geheim-123").startswith(free)


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("http://127.0.0.1:7474", "no address of Neo4j"),
        ("127.0.0.1:7687", "no address of Neo4j"),
        ("bolt://neo4j:geheim-123@127.0.0.1", "holds a user or password"),
        ("bolt://127.0.0.1:99999", "port is no number"),
        ("", "no server named"),
    ],
)
def test_wrong_addresses(uri: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with pytest.raises(UsageError, match=words) as raised:
        address(uri, password="geheim-123")
    one_line(raised.value, "geheim-123")


def test_without_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    with pytest.raises(UsageError, match="no password for user neo4j; set NEO4J_PASSWORD"):
        address("bolt://127.0.0.1:7687")
    assert "geheim-123" not in repr(address("bolt://127.0.0.1", password="geheim-123"))


def test_foreign_data_is_left_untouched(empty_database: Where) -> None:
    cypher(empty_database, "CREATE (:Film {title: '活着'})-[:BY]->(:Person {name: '余华'})")
    before = cypher(empty_database, "MATCH (a)-[r]->(b) RETURN a.title, type(r), b.name")
    for call in (
        lambda: push(filled(yunxi_2024), address(**empty_database)),
        lambda: package.connect(**empty_database),
    ):
        with pytest.raises(BadStore, match=r"holds other data \(Film, Person\), which is left as it is") as raised:
            call()
        one_line(raised.value)
    assert cypher(empty_database, "MATCH (a)-[r]->(b) RETURN a.title, type(r), b.name") == before
    assert numbers(empty_database) == (2, 1)


def test_an_empty_database_and_another_format(empty_database: Where) -> None:
    with pytest.raises(BadStore, match="is empty; fill it with: kg push"):
        package.connect(**empty_database)
    cypher(empty_database, "CREATE (:StoreInfo {id: 'format', value: '99'})")
    with pytest.raises(BadStore, match="has format 99"):
        package.connect(**empty_database)


class _OldServer(threading.Thread):
    """A server that speaks Bolt: with `agent` version 4.4, without one no version that the driver knows."""

    def __init__(self, agent: str | None) -> None:
        super().__init__(daemon=True)
        self.agent = agent
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self.socket.getsockname()[1]}"
        self.start()

    def run(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                self._serve(client)

    def _serve(self, client: socket.socket) -> None:
        client.recv(20)  # the handshake: versions that the driver offers
        if self.agent is None:
            client.sendall(b"\0\0\0\0")
            return
        client.sendall(b"\0\0\x04\x04")
        agent = self.agent.encode()
        success = b"\xb1\x70\xa2\x86server" + bytes([0x80 + len(agent)]) + agent + b"\x8dconnection_id\x81x"
        while client.recv(4096):
            client.sendall(len(success).to_bytes(2, "big") + success + b"\0\0")


@pytest.mark.parametrize(("agent", "words"), [("Neo4j/4.4.9", "is Neo4j/4.4.9, too old"), (None, "too old")])
def test_a_server_that_is_too_old(agent: str | None, words: str) -> None:
    old = _OldServer(agent)
    with pytest.raises(BadStore, match=words) as raised:
        package.connect(old.uri, password="geheim-123")
    assert one_line(raised.value, "geheim-123").startswith(old.uri)
    old.socket.close()


@pytest.mark.parametrize("agent", ["Neo4j/5.0.0", "Neo4j/5.26.30", "Neo4j/2025.09.0"])
def test_newer_versions_are_taken(agent: str) -> None:
    _check_version(address("bolt://127.0.0.1", password="x"), agent)


# servers of this test's own


@pytest.fixture(scope="module")
def _own_server(neo4j_server: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    server = neo4j_server.Server(tmp_path_factory.mktemp("own"))
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture
def own_server(_own_server: Any) -> Any:
    """A server that a test may end and configure; it runs when the test begins."""
    if _own_server.process is None:
        _own_server.start()
    return _own_server


def test_a_server_killed_during_a_push(own_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the first batch is committed and while the second is written; afterwards a push goes on from there."""
    import kg.store.neo4j.connecting as connecting
    import kg.store.neo4j.storing as storing

    monkeypatch.setattr("kg.store.base.BATCH_ROWS", 1)
    monkeypatch.setattr(connecting, "RETRY_SECONDS", 1.0)
    where = {"uri": own_server.uri, "user": "neo4j", "password": own_server.password}
    here = filled(*PLANS)
    statements = 0
    original = storing._Writing._rows

    def rows(self: Any, query: str, some: Any) -> None:
        nonlocal statements
        original(self, query, some)
        if "`RESPONSIBLE_FOR`" in query:
            statements += 1
            if statements == 3:  # nodes and some relationships of the second plan are written, not committed
                own_server.kill()

    monkeypatch.setattr(storing._Writing, "_rows", rows)
    with pytest.raises(BadStore, match="the same command again goes on") as raised:
        push(here, address(**where))
    assert "cannot be reached" in one_line(raised.value, own_server.password)
    monkeypatch.setattr(storing._Writing, "_rows", original)
    own_server.start()
    there = connected(where)
    left = plan_ids(there)
    assert 0 < len(left) < 3
    kept = LadybugStore.create()
    kept.put(stored_plans(here, left))
    assert dump(there) == dump(kept)  # whole plans, nothing half-applied
    done = push(here, address(**where))
    assert (done.written, done.unchanged) == (3 - len(left), len(left))
    assert dump(there) == dump(here)
    there.close()


def test_a_database_set_read_only(own_server: Any) -> None:
    where = {"uri": own_server.uri, "user": "neo4j", "password": own_server.password}
    here = filled(yunxi_2024)
    push(here, address(**where))
    with closing(connected(where)) as there:
        before = dump(there)
    own_server.stop()
    own_server.configure("server.databases.read_only=neo4j")
    own_server.start()
    try:
        with pytest.raises(BadStore, match="the database is set read-only") as raised:
            push(here, address(**where), again=True)
        one_line(raised.value, own_server.password)
        there = connected(where)
        with pytest.raises(BadStore, match="the database is set read-only"):
            there.remove(plan_ids(there))
        assert dump(there) == before
        there.close()
    finally:
        own_server.stop()
        own_server.configure()


def test_make_neo4j_prints_three_lines(neo4j_server: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                       capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setattr(neo4j_server, "RUN", tmp_path / "run")
    monkeypatch.setattr(neo4j_server, "_docker", lambda: False)
    try:
        assert neo4j_server.main(["start"]) == 0
        printed = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
        assert list(printed) == ["NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD"]
        where = {"uri": printed["NEO4J_URI"], "user": printed["NEO4J_USER"], "password": printed["NEO4J_PASSWORD"]}
        assert cypher(where, "RETURN 1") == [[1]]
        assert neo4j_server.main(["start"]) == 0
        assert dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines()) == printed
    finally:
        assert neo4j_server.main(["stop"]) == 0
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(where["uri"].rpartition(":")[2]))) != 0:
                break
    else:
        pytest.fail("the server still listens after stop")
    assert not (tmp_path / "run").exists()


def test_a_graph_against_its_shapes_is_not_pushed(empty_database: Where) -> None:
    with pytest.raises(InputError, match="violates its shapes .* nothing was pushed"):
        push(filled(yunxi_2024), address(**empty_database), check=True)
    there = connected(empty_database)
    assert dump(there) == []
    there.close()
