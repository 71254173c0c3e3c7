"""One query text, two engines: every `.cypher` file gives the same rows on the embedded store and on Neo4j."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.graph import Graph
from kg.queries import queries, query


@pytest.fixture(scope="module")
def pair(neo4j_database: Any, examples: Path) -> Iterator[tuple[Graph, Graph]]:
    """The same plans in both stores: the sample plans (of one place), and the real ones where they are there."""
    from conftest import SHARED

    plans = SHARED / "plans"
    with kg.build([examples / "plans", *([plans] if plans.is_dir() else [])]) as here:
        here.to_neo4j(check=False, **neo4j_database)
        with kg.connect(**neo4j_database) as there:
            yield here, there


def values(graph: Graph) -> dict[str, list[Any]]:
    """Values for each parameter that a query may have, taken from the graph itself."""
    table = graph.plans().sort_values(["tasks", "id"])
    known = table["id"].tolist()
    plans = [str(known[0]), str(known[len(known) // 2]), str(known[-1])]  # the smallest, one between, the largest
    plans.append(str(table[table["place"] == table["place"].mode()[0]]["id"].iloc[0]))  # one that has others beside it

    def some(label: str, key: str = "name") -> list[str]:
        found = sorted({str(node[key]) for node in graph.nodes(label) if node[key]})
        return [*found[:3], *found[-3:]] or ["无"]

    return {
        "plan": ["", *plans],
        "status": ["", "duty"],
        "level": ["", "Ⅰ"],
        "words": [["防汛", "应急"]],
        "headings": [["防汛", "保障"]],
        "hazards": [some("Hazard")],
        "names": [["物资", "车"]],
        "label": ["", "Team", "Supply", "System"],
        "labels": [["Team"]],
        "name": ["", "应急"],
        "titles": [["条例", "应急"]],
        "pieces": [["应急", "洪", "队"]],
        "units": [sorted(node["id"] for node in graph.nodes("Agency"))],
        "places": [some("Place")],
        "topics": [["防汛"]],
        "tasks": [sorted(node["id"] for node in graph.nodes("Task"))[:200]],
    }


def parameter_sets(name: str, graph: Graph) -> list[dict[str, Any]]:
    """Sets of parameters for a query: each value of each parameter once, beside the first values of the others.

    A parameter that this file has no values for is filled by its description: ids and names from the graph.
    """
    known = values(graph)
    chosen: dict[str, list[Any]] = {}
    for parameter, words in query(name).parameters.items():
        if parameter in known:
            chosen[parameter] = known[parameter]
            if parameter == "plan" and "or ''" not in words:
                chosen[parameter] = known["plan"][1:]
        elif "plan" in words:
            chosen[parameter] = known["plan"][1:] if "s of" not in words else [known["plan"][1:]]
        else:
            pytest.fail(f"{name}.cypher: no values for ${parameter} ({words}); add some to `values`")
    first = {parameter: some[0] for parameter, some in chosen.items()}
    sets = [first]
    for parameter, some in chosen.items():
        sets.extend({**first, parameter: value} for value in some[1:])
    return sets


def same(value: Any) -> str:
    """A row as text; members of a collected list have no order."""
    return json.dumps([sorted(one, key=repr) if isinstance(one, list) else one for one in value], ensure_ascii=False)


@pytest.mark.parametrize("name", queries())
def test_rows_are_equal_on_both_engines(pair: tuple[Graph, Graph], name: str) -> None:
    here, there = pair
    rows = 0
    for parameters in parameter_sets(name, here):
        first, second = (graph.store.run(query(name).text, parameters) for graph in pair)
        assert tuple(first.columns) == query(name).columns
        assert first.columns == second.columns
        assert [same(row) for row in first.rows] == [same(row) for row in second.rows], parameters
        rows += len(first.rows)
    assert rows, f"{name}.cypher gives no row at all: nothing was compared; give it other values"


def test_the_graph_is_the_same(pair: tuple[Graph, Graph]) -> None:
    here, there = pair
    assert list(here.nodes()) == list(there.nodes())
    assert list(here.relationships()) == list(there.relationships())


def test_every_question_gives_the_same_answer(pair: tuple[Graph, Graph]) -> None:
    here, there = pair
    plan = str(here.plans()["id"].iloc[0])
    for graph_method in (
        lambda graph: graph.plans(),
        lambda graph: graph.left_out(),
        lambda graph: graph.entities(),
        lambda graph: graph.entities(ambiguous=True),
        lambda graph: graph.who_is_responsible("防汛"),
        lambda graph: graph.who_is_responsible("应急物资", plan=plan),
        lambda graph: graph.shared_owners(),
        lambda graph: graph.shared_owners(by="pairs"),
        lambda graph: graph.shared_owners(by="load"),
        lambda graph: graph.uncovered(plan),
        lambda graph: graph.cypher(
            "MATCH (p:Plan)-[r:ISSUED_BY]->(a) RETURN p.name, r.rule, a.name ORDER BY p.id, a.id"
        ),
    ):
        first, second = graph_method(here), graph_method(there)
        assert first.to_dict("records") == second.to_dict("records")
        assert list(first.columns) == list(second.columns)
