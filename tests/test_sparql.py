"""SPARQL: the saved queries give the rows of their Cypher twins, and `kg sparql` answers any other query."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Built
from handmade import other_district, yunxi_2024, yunxi_2025
from pyoxigraph import RdfFormat, parse

import kg as package
from kg.errors import UsageError
from kg.graph import Graph
from kg.queries import queries, query
from kg.queries.sparql import prepare, saved, saved_queries, select, with_vocabularies
from kg.store.base import Result
from kg.store.ladybug import LadybugStore
from kg.store.rdf import dataset
from kg.store.rdf.terms import PREFIXES
from kg.store.rdf.writing import store_quads

Run = Callable[..., "subprocess.CompletedProcess[str]"]

QUESTIONS = ("who_is_responsible", "shared_tasks", "shared_pairs", "owner_load", "plan_tasks", "targets")
"""The queries behind the three main questions."""


class SparqlStore:
    """A store whose saved queries are run as SPARQL where they have a twin, and as Cypher where not; `ran` names the
    twins that ran."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._data = with_vocabularies(dataset(store))
        self._twins = {query(name).text: name for name in saved_queries()}
        self.ran: set[str] = set()

    def run(self, text: str, parameters: Mapping[str, Any] | None = None) -> Result:
        if text not in self._twins:
            return self._store.run(text, parameters)  # type: ignore[no-any-return]
        name = self._twins[text]
        self.ran.add(name)
        given = {key: value for key, value in (parameters or {}).items() if key in query(name).parameters}
        return Result(*select(self._data, prepare(saved(name), given)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class SortedStore:
    """A store whose rows hold sorted lists: `collect` of Cypher gives them in any order."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def run(self, text: str, parameters: Mapping[str, Any] | None = None) -> Result:
        result = self._store.run(text, parameters)
        return Result(result.columns, plain(result.rows))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def same_rows(graph: Graph, name: str, parameters: Mapping[str, Any], sparql: SparqlStore) -> int:
    """Compare the two, in order; lists inside rows have none. Returns the number of rows."""
    wanted = graph.store.run(query(name).text, parameters)
    found = sparql.run(query(name).text, parameters)
    assert tuple(found.columns) == tuple(wanted.columns) == query(name).columns
    assert plain(found.rows) == plain(wanted.rows), name
    return len(wanted.rows)


def plain(rows: list[list[Any]]) -> list[list[Any]]:
    return [[sorted(cell) if isinstance(cell, list) else cell for cell in row] for row in rows]


def test_the_main_questions_have_twins() -> None:
    assert set(QUESTIONS) <= set(saved_queries()) <= set(queries())


@pytest.mark.parametrize("name", saved_queries())
def test_twin_names_the_same_question_and_parameters(name: str) -> None:
    text = saved(name)
    assert f"# 问: {query(name).zh}" in text
    assert set(re.findall(r"VALUES \?(\w+) \{ \"", text)) == set(query(name).parameters)


@pytest.fixture(scope="module")
def graph() -> Graph:
    made = Graph(LadybugStore.create())
    made.add_facts([yunxi_2024(), yunxi_2025(), other_district()])
    return made


@pytest.fixture(scope="module")
def samples(examples: Path) -> Graph:
    return package.build(examples / "plans")


def compare(graph: Graph, topics: tuple[str, ...]) -> None:
    """All twins over a graph: alone for every plan, and as the three questions ask them."""
    sparql = SparqlStore(graph.store)
    plans = graph.plans().id.tolist()
    rows = dict.fromkeys(saved_queries(), 0)
    for name in saved_queries():
        if list(query(name).parameters) == ["plan"]:
            every = [] if name.startswith("plan_") else [""]
            rows[name] = sum(same_rows(graph, name, {"plan": plan}, sparql) for plan in (*every, *plans))
    assert rows["shared_pairs"] and rows["owner_load"] and rows["plan_tasks"]
    asked, graph = Graph(sparql), Graph(SortedStore(graph.store))  # type: ignore[arg-type]
    for topic in topics:
        found, wanted = asked.who_is_responsible(topic), graph.who_is_responsible(topic)
        assert found.to_dict("records") == wanted.to_dict("records"), topic
        assert len(wanted), topic
    for by in ("tasks", "pairs", "load"):
        assert asked.shared_owners(by=by).equals(graph.shared_owners(by=by)), by
    for plan in plans:
        assert asked.uncovered(plan).equals(graph.uncovered(plan)), plan
    assert set(QUESTIONS) <= sparql.ran


def test_rows_equal_those_of_cypher(graph: Graph) -> None:
    compare(graph, ("卫星电话", "防汛物资", "安责险", "危险化学品"))


def test_rows_equal_those_of_cypher_on_the_samples(samples: Graph) -> None:
    compare(samples, ("防汛物资", "卫星电话", "应急演练"))


def test_rows_equal_those_of_cypher_on_the_real_plans(real_build: Built) -> None:
    with package.open(real_build.store) as built:
        compare(built, ("防汛物资", "安全生产"))


def test_any_query(graph: Graph) -> None:
    rows = graph.sparql(
        "SELECT ?unit (COUNT(?t) AS ?tasks) WHERE { ?u kg:responsibleFor ?t ; kg:name ?unit } GROUP BY ?unit "
        "ORDER BY DESC(?tasks) ?unit LIMIT 1"
    )
    assert rows.columns.tolist() == ["unit", "tasks"] and rows.tasks[0] >= 3
    assert graph.sparql("ASK { ?t a kg:Task }").answer.tolist() == [True]
    assert len(graph.sparql("CONSTRUCT { ?t a kg:Thing } WHERE { ?t a kg:Task }")) == len(list(graph.nodes("Task")))
    words = graph.sparql("SELECT ?word WHERE { GRAPH kg:hazards { hazards:flood skos:altLabel ?word } }")
    assert "防汛" in words.word.tolist()
    first = graph.sparql("SELECT ?t ?none WHERE { ?t a kg:Task } ORDER BY ?t LIMIT 1")
    assert first.t[0].startswith("task-") and first.none[0] is None


def test_parameters_are_values_not_text(graph: Graph) -> None:
    nasty = '"} ?s ?p ?o . { "\\ \n 《》'
    text = 'SELECT ?word WHERE { VALUES ?word { "a" } }'
    assert graph.sparql(text, {"word": nasty}).word.tolist() == [nasty]
    assert graph.sparql(text, {"word": [1, 2.5, True]}).word.tolist() == [1, 2.5, True]
    for parameters in ({"word": []}, {"nothing": "x"}, {"word": None}):
        with pytest.raises(UsageError, match="parameter"):
            graph.sparql(text, parameters)
    with pytest.raises(UsageError, match="cannot be run"):
        graph.sparql("SELECT nonsense")


def documented(language: str) -> list[str]:
    page = (Path(__file__).resolve().parent.parent / "docs" / "rdf.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_examples_of_the_page_run(graph: Graph) -> None:
    (example,) = documented("sparql")
    rows = graph.sparql(example)
    assert rows.columns.tolist() == ["unit", "task", "words"] and "备足防汛物资" in set(rows.task)
    (turtle,) = documented("turtle")
    heads = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    written = {one.predicate for one in store_quads(graph.store)}
    assert {one.predicate for one in parse(heads + turtle, RdfFormat.TURTLE)} <= written


def test_page_names_every_saved_query() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "rdf.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in set(saved_queries()) - {"units_above"})


def test_command_line(kg: Run, tmp_path: Path, plan_file: Path) -> None:
    store = tmp_path / "plans.kg"
    assert kg("build", plan_file, "--out", store).returncode == 0
    own = tmp_path / "own.rq"
    own.write_text("SELECT (COUNT(?t) AS ?tasks) WHERE { ?t a kg:Task }", encoding="utf-8")
    assert json.loads(kg("sparql", own, "--graph", store, "--format", "json").stdout) == [{"tasks": 4}]
    pairs = kg("sparql", "shared_pairs", "--graph", store, "--format", "csv").stdout.splitlines()
    assert pairs[0] == "owner_a,owner_b,tasks,statements,id_a,id_b" and len(pairs) > 1
    result = kg("sparql", "who_is_responsible", "--graph", store, "--format", "json", "--param", 'words=["危险化学品"]')
    assert {row["owner"] for row in json.loads(result.stdout)} == {"危化科", "综合科"}
    for arguments, words in (
        (("SELECT ?x {",), "cannot be run"),
        (("none.rq",), "no such file"),
        (("shared_pairs", "--param", "topic=x"), "no parameter"),
    ):
        result = kg("sparql", *arguments, "--graph", store)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith("kg: ") and words in result.stderr and result.stderr.count("\n") == 1
