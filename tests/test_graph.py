"""The Graph: building, opening, changing, and going elsewhere."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import networkx
import pytest
from handmade import other_district, yunxi_2024, yunxi_2025

import kg
from kg.building import BuildFailed
from kg.errors import UsageError
from kg.extraction.facts import Facts
from kg.graph import Graph
from kg.loaders.document import Document
from kg.store.ladybug import LadybugStore


@pytest.fixture
def graph() -> Graph:
    made = Graph(LadybugStore.create())
    made.add_facts([yunxi_2024(), yunxi_2025(), other_district()])
    return made


def test_heavy_packages_wait_until_they_are_needed() -> None:
    code = (
        "import sys, kg, kg.graph, kg.building\n"
        "heavy = {'pandas', 'ladybug', 'rdflib', 'networkx', 'opencc'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_public_names() -> None:
    assert dir(kg) == ["Graph", "build", "connect", "extract", "open"]
    assert all(getattr(kg, name) for name in kg.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = kg.nonsense


def test_plans_and_repr(graph: Graph) -> None:
    rows = graph.plans()
    assert rows.title.tolist() == sorted(rows.title)
    first = rows[rows.source == "云溪2024.txt"].to_dict("records")[0]
    assert first["issuer"] == "云溪区应急管理局" and first["place"] == "云溪市云溪区"
    assert (first["period_start"], first["tasks"], first["owned"]) == (2024, 9, 6)
    assert repr(graph) == "<Graph in memory: 3 plans, 13 tasks>"
    graph.close()
    assert repr(graph) == "<Graph in memory, closed>"


def test_cypher_returns_columns_and_takes_values_as_parameters(graph: Graph) -> None:
    rows = graph.cypher(
        "MATCH (t:Task) WHERE t.text = $text RETURN t.status AS status, t AS task", {"text": "推广安责险"}
    )
    assert rows.status.tolist() == ["planned"] and rows.task[0]["label"] == "Task" and "_ID" not in rows.task[0]
    periods = graph.cypher("UNWIND [1, 2] AS n RETURN n, CASE WHEN n = 1 THEN n END AS m")
    assert str(periods.n.dtype) == "int64" and periods.m.tolist() == [1, None]
    with pytest.raises(UsageError, match="cannot be run"):
        graph.cypher("RETURN nonsense")


def test_networkx_holds_the_same_graph(graph: Graph) -> None:
    made = graph.to_networkx()
    assert isinstance(made, networkx.MultiDiGraph)
    assert made.number_of_nodes() == len(list(graph.nodes()))
    assert made.number_of_edges() == len(list(graph.relationships()))
    edge = next(data for _, _, data in made.edges(data=True) if data["type"] == "RESPONSIBLE_FOR")
    assert edge["quote"] and edge["plan"] and edge["role"] and None not in edge.values()
    assert next(graph.nodes("Task"))["label"] == "Task"
    with pytest.raises(UsageError, match="no label"):
        list(graph.nodes("Thing"))
    with pytest.raises(UsageError, match="no relationship type"):
        list(graph.relationships("KNOWS"))


def test_remove_takes_what_users_call_a_plan(graph: Graph) -> None:
    removed = graph.remove("石桥区 2024")
    assert removed.startswith("plan-") and removed not in set(graph.plans().id)
    assert not any(node["place"] == "云溪市石桥区" for node in graph.nodes("Agency"))


# files: these need the loaders and the extraction


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from conftest import PLAN

    plans = tmp_path / "plans"
    (plans / "sub").mkdir(parents=True)
    (plans / "b.txt").write_text(PLAN, encoding="utf-8")
    (plans / "a copy.txt").write_text(PLAN, encoding="utf-8")
    (plans / "sub" / "c.md").write_text(PLAN.replace("2024", "2025"), encoding="gb18030")
    (plans / "README.md").write_text("# 说明\n", encoding="utf-8")
    (plans / "empty.txt").write_bytes(b"")
    (plans / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (plans / "story.txt").write_text("从前有座山,山里有座庙。\n", encoding="utf-8")
    (plans / "large.txt").write_text(PLAN * 40, encoding="utf-8")
    (plans / ".hidden").write_text(PLAN, encoding="utf-8")
    return plans


def test_a_linked_folder_is_not_passed_over_in_silence(folder: Path, tmp_path: Path) -> None:
    from conftest import PLAN

    try:
        (tmp_path / "few").mkdir()
        (tmp_path / "few" / "link").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets nobody make links")
    (tmp_path / "few" / "a.txt").write_text(PLAN, encoding="utf-8")
    with kg.build(tmp_path / "few") as graph:
        assert [(Path(one.source).name, one.reason) for one in graph.report.left_out] == [("link", "linked_folder")]
    with kg.build(tmp_path / "few" / "link", max_size=10_000) as graph:  # named itself it is read
        assert [plan.source for plan in graph.report.built] == ["a copy.txt", "c.md"]


def test_build_leaves_out_what_is_no_plan_and_says_why(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "plans.kg"
    steps: list[tuple[int, int, str]] = []
    with kg.build(folder, out, max_size=10_000, progress=lambda *step: steps.append(step)) as graph:
        assert [plan.source for plan in graph.report.built] == ["a copy.txt", "c.md"]
        reasons = {Path(row.source).name: row.reason for row in graph.left_out().itertuples()}
        assert reasons == {
            ".hidden": "hidden",
            "README.md": "not_a_plan",
            "b.txt": "same_plan",
            "binary.txt": "binary",
            "empty.txt": "empty",
            "large.txt": "too_large",
            "story.txt": "not_a_plan",
        }
        assert all(row.message and "\n" not in row.message for row in graph.left_out().itertuples())
        assert [step[0] for step in steps] == list(range(1, 9)) and {step[1] for step in steps} == {8}
        answers = graph.who_is_responsible("卫星电话")
        rows = [*graph.nodes(), *graph.relationships()]
    with kg.open(out) as again:
        assert again.who_is_responsible("卫星电话").equals(answers)
        assert [*again.nodes(), *again.relationships()] == rows
    with pytest.raises(UsageError, match="exists"):
        kg.build(folder, out)


def test_processes_and_one_process_build_the_same(folder: Path) -> None:
    one, two = kg.build(folder, workers=1), kg.build(folder, workers=2)
    assert [*one.nodes(), *one.relationships()] == [*two.nodes(), *two.relationships()]


def test_add_replaces_a_plan_and_forgets_that_it_was_left_out(folder: Path, tmp_path: Path) -> None:
    graph = kg.build([folder / "empty.txt", folder / "b.txt"], tmp_path / "a.kg")
    assert graph.left_out().reason.tolist() == ["empty"]
    (folder / "empty.txt").write_bytes((folder / "sub" / "c.md").read_bytes())
    report = graph.add(folder / "empty.txt", folder / "a copy.txt")
    assert [plan.replaced for plan in report.built] == [False, True]
    assert graph.left_out().empty and len(graph.plans()) == 2
    assert sorted(graph.plans().source) == ["a copy.txt", "empty.txt"]
    graph.close()


def test_a_fault_in_one_plan_does_not_stop_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import kg.extraction

    whole = kg.extraction.extract

    def faulty(document: Document) -> Facts:
        if document.name == "b.txt":
            raise ValueError("unforeseen")
        return whole(document)

    monkeypatch.setattr("kg.extraction.extract", faulty)
    graph = kg.build([folder / "b.txt", folder / "sub"], workers=1)
    (left,) = graph.report.left_out
    assert left.reason == "failed" and "ValueError: unforeseen, test_graph.py line" in left.message
    assert [plan.source for plan in graph.report.built] == ["c.md"]


def test_an_executor_can_be_given(folder: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        graph = kg.build(folder / "sub", executor=executor)
    assert len(graph.plans()) == 1


def test_nothing_built_and_strict(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(BuildFailed, match="no plan was built"):
        kg.build(tmp_path / "none", tmp_path / "a.kg")
    with pytest.raises(BuildFailed, match="no such file or folder"):
        kg.build(tmp_path / "missing", tmp_path / "a.kg")
    with pytest.raises(BuildFailed, match="strict"):
        kg.build(folder, tmp_path / "a.kg", strict=True)
    with pytest.raises(UsageError, match="no path"):
        kg.build([])
    assert not list(tmp_path.glob("a.kg*"))
