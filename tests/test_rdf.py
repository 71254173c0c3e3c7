"""RDF: going there and back gives the same graph; bad files are one clear line and leave nothing behind."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PLAN, Built
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg as package
from kg.errors import BadRdf, UnreadableFile, UsageError
from kg.extraction.facts import Facts
from kg.graph import Graph
from kg.ontology import schema
from kg.store.base import Result
from kg.store.ladybug import LadybugStore
from kg.store.rdf import FORMATS, import_file, is_rdf, load, read_plans, write
from kg.store.rdf.reading import read_rows
from kg.store.rdf.writing import quads
from kg.store.rows import OWN_LABELS

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def canonical(path: Path) -> bytes:
    """The canonical N-Triples of a file: its statements, without blank nodes, sorted, each once."""
    lines = {f"{one.subject} {one.predicate} {one.object} .\n" for one in load(path)}
    assert not any("_:" in line.split(" ", 1)[0] for line in lines)
    return "".join(sorted(lines)).encode()


def content(graph: Graph) -> list[dict[str, Any]]:
    return [*graph.nodes(), *graph.relationships()]


def there_and_back(graph: Graph, path: Path) -> Graph:
    graph.to_rdf(path)
    store = LadybugStore.create()
    store.put(import_file(path).plans)
    return Graph(store)


MORE = """
三、目标
生产安全事故起数下降20%。区应急局牵头组建“山鹰”抢险队,承担洪涝灾害救援。
备足防汛物资。(责任单位:区应急局)
成立区防汛抗旱指挥部,办公室设在区应急管理局,区水利局为成员单位。
依据《中华人民共和国突发事件应对法》修订预案。
"""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> list[Facts]:
    """Three plans: two years of a district, and another district whose units have the same names."""
    texts = {
        "云溪2024.txt": PLAN + MORE,
        "云溪2025.txt": PLAN.replace("2024", "2025").replace("排水泵", "冲锋舟"),
        "石桥2024.txt": (PLAN + MORE).replace("云溪", "石桥"),
    }
    folder = tmp_path_factory.mktemp("plans")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [package.extract(folder / name) for name in texts]


@pytest.fixture(scope="module")
def graph(plans: list[Facts]) -> Graph:
    made = Graph(LadybugStore.create())
    made.add_facts(plans)
    return made


@pytest.fixture(scope="module")
def turtle(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("rdf") / "plans.ttl"
    graph.to_rdf(path)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_there_and_back(graph: Graph, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"plans.{form}"
    again = there_and_back(graph, path)
    assert content(again) == content(graph)
    again.to_rdf(tmp_path / "again.nt")
    graph.to_rdf(tmp_path / "first.nt")
    assert canonical(tmp_path / "again.nt") == canonical(tmp_path / "first.nt") == canonical(path)
    assert (tmp_path / "again.nt").read_bytes() == (tmp_path / "first.nt").read_bytes()


def test_an_imported_graph_lives_on(graph: Graph, plans: list[Facts], tmp_path: Path) -> None:
    """Removing and adding plans works as in the graph that was exported."""
    again = there_and_back(graph, tmp_path / "plans.ttl")
    once = Graph(LadybugStore.create())
    once.add_facts(plans)
    for one in (again, once):
        one.remove("石桥区 2024")
    assert content(again) == content(once)
    again.add_facts(plans[1:])
    assert content(again) == content(graph)


def test_rdflib_reads_the_same_statements(graph: Graph, tmp_path: Path) -> None:
    import rdflib

    sizes = set()
    for form in FORMATS:
        path = tmp_path / f"plans.{form}"
        graph.to_rdf(path)
        found = rdflib.Dataset(default_union=True)
        found.parse(path, format={"jsonld": "json-ld"}.get(form, form))
        sizes.add(len({triple[:3] for triple in found.triples((None, None, None))}))
        assert len(load(path)) == max(sizes)
    assert len(sizes) == 1


def test_evidence_is_web_annotation_and_prov(graph: Graph) -> None:
    rows = graph.sparql(
        """SELECT ?unit ?role ?start ?end ?quote ?plan WHERE {
          ?r a kg:Responsibility ; rdf:subject/kg:name ?unit ; rdf:object/kg:text ?text ; kg:role ?role ;
             prov:wasDerivedFrom ?plan ; oa:hasTarget ?span .
          ?span a oa:SpecificResource ; oa:hasSource ?plan ; oa:hasSelector ?position , ?words .
          ?position a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end .
          ?words a oa:TextQuoteSelector ; oa:exact ?quote .
          FILTER (CONTAINS(?text, "卫星电话")) } ORDER BY ?plan ?start"""
    ).to_dict("records")
    wanted = graph.cypher(
        "MATCH (o:Agency)-[r:RESPONSIBLE_FOR]->(t:Task) WHERE t.text CONTAINS '卫星电话' RETURN o.name AS unit, "
        "r.role AS role, r.span_start AS `start`, r.span_end AS `end`, r.quote AS quote, r.plan AS plan "
        "ORDER BY plan, `start`"
    ).to_dict("records")
    assert rows == wanted and len(rows) > 1


def test_trig_has_a_graph_for_each_plan(graph: Graph, tmp_path: Path) -> None:
    import rdflib

    graph.to_rdf(tmp_path / "plans.trig")
    found = rdflib.Dataset()
    found.parse(tmp_path / "plans.trig", format="trig")
    names = {str(one.identifier) for one in found.graphs() if "/id/plan-" in str(one.identifier)}
    assert {name.rpartition("/")[2] for name in names} == set(graph.plans().id)


# any graph, any characters

TEXT = st.text(
    st.one_of(
        st.sampled_from("《》〔〕“”\"'\\\n\r\t\x00\x1f\u2028\ufeff\ufffd\ue000𠮷㐀〇·%<>{}^`@#"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)
NAMES = TEXT.filter(bool)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "STRING": st.none() | TEXT,
    "INT64": st.none() | st.integers(-(2**63), 2**63 - 1),
    "DOUBLE": st.none() | st.floats(allow_nan=False).map(lambda value: value + 0.0),
    "STRING[]": st.lists(TEXT, max_size=3).map(lambda values: sorted(set(values))),
}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Any], list[Any], list[Any]]:
    """Nodes, contributions and relationships with any values."""
    plan = {"id": "plan-1", "label": "Plan"}
    nodes = [plan] + [
        {"id": identifier, "label": draw(st.sampled_from([one.name for one in schema().labels if one.name != "Plan"]))}
        for identifier in draw(st.lists(NAMES.filter(lambda one: one != "plan-1"), max_size=6, unique=True))
    ]
    said: list[Any] = []
    for node in nodes:
        properties = schema().label(node["label"]).properties
        for prop in properties:
            if prop.name not in node:
                node[prop.name] = draw(NAMES if prop.name == "name" else VALUES[prop.type])
        if node["label"] in OWN_LABELS:
            if node["label"] != "Plan":
                said.append(("plan-1", node["label"], node["id"], None))
        else:
            row = {prop.name: draw(VALUES[prop.type]) for prop in properties} | {
                "id": node["id"],
                "label": node["label"],
            }
            said.append(("plan-1", node["label"], node["id"], row))
    edges: list[Any] = []
    for source in nodes:
        for target in nodes:
            for type_ in schema().relationships:
                if (source["label"], target["label"]) in type_.pairs and draw(st.booleans()):
                    edge = {prop.name: draw(VALUES[prop.type]) for prop in type_.properties}
                    if "plan" in edge:
                        edge["plan"] = draw(st.none() | st.just("plan-1"))
                    ends = {"source": source["id"], "source_label": source["label"], "target": target["id"]}
                    edges.append({"type": type_.name, **ends, "target_label": target["label"], **edge})
    return nodes, said, edges


@given(graphs(), st.sampled_from(sorted(FORMATS)))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_any_graph_comes_back(tmp_path: Path, made: tuple[list[Any], list[Any], list[Any]], form: str) -> None:
    class Source:
        def nodes(self, label: str | None = None) -> Iterator[dict[str, Any]]:
            return iter(made[0])

        def relationships(self, type_: str | None = None) -> Iterator[dict[str, Any]]:
            return iter(made[2])

        def run(self, query: str, parameters: Any = None) -> Result:
            return Result(["id"], [["plan-1"]])

        def contributions(self, plans: Any) -> Iterator[Any]:
            return iter(made[1])

    path = tmp_path / f"any.{form}"
    write(Source(), path)
    back = read_rows(load(path), "any")

    def order(rows: list[Any]) -> list[str]:
        return sorted(repr(sorted(row.items()) if isinstance(row, dict) else row) for row in rows)

    assert order(back.nodes) == order(made[0])
    assert order(back.relationships) == order(made[2])
    assert {one[:3] for one in back.contributions} == {one[:3] for one in made[1]}
    again = {str(one) for one in quads(back.nodes, back.contributions, back.relationships)}
    assert again == {str(one) for one in quads(*made)}


# bad files


def test_files_are_recognised(tmp_path: Path, turtle: str) -> None:
    for name, text, expected in (
        ("a.ttl", "", True),
        ("a.jsonld", "{}", True),
        ("a.txt", turtle, True),
        ("b.txt", "\ufeff" + turtle, True),
        ("c.txt", "云溪区应急管理局2024年工作要点", False),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert is_rdf(tmp_path / name) is expected, name
    assert not is_rdf(tmp_path / "none.txt")


FOREIGN = "<http://example.org/a> <http://example.org/b> 'c' ."


def change(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


BAD: dict[str, tuple[Callable[[str], str], str, str]] = {
    "cut": (lambda text: text[: len(text) // 2], "invalid_rdf", "no valid Turtle"),
    "foreign": (lambda text: FOREIGN, "foreign_rdf", "not a graph of plans"),
    "empty": (lambda text: "", "foreign_rdf", "not a graph of plans"),
    "version": (lambda text: change(text, 'kg:format "2"', 'kg:format "99"'), "foreign_rdf", "99"),
    "shape": (lambda text: change(text, 'kg:role "lead"', 'kg:role "boss"'), "shape_violation", "boss"),
    "two names": (lambda text: change(text, 'kg:title "', 'kg:title "x", "'), "bad_rdf", "2 values of kg:title"),
    "other id": (lambda text: change(text, 'kg:id "section-', 'kg:id "section-x'), "bad_rdf", "kg:id"),
    "alone": (
        lambda text: text + "\nid:agency-1 kg:responsibleFor id:task-1 .",
        "bad_rdf",
        "id:agency-1 kg:responsibleFor id:task-1",
    ),
    "unknown property": (lambda text: text + '\nkg:graph kg:nonsense "x" .', "bad_rdf", "kg:nonsense"),
    "type": (lambda text: change(text, "kg:period_start 2024", 'kg:period_start "2024"'), "shape_violation", "year"),
    "missing": (lambda text: change(text, "kg:appliesTo", "rdfs:seeAlso"), "bad_rdf", "missing"),
    "shared": (
        lambda text: change(text, 'kg:aliases "区应急局"', 'kg:aliases "区应急局", "全新的名称"'),
        "bad_rdf",
        "descriptions",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_bad_files(tmp_path: Path, turtle: str, fault: str) -> None:
    spoil, reason, words = BAD[fault]
    path = tmp_path / "bad.ttl"
    path.write_text(spoil(turtle), encoding="utf-8")
    with pytest.raises(BadRdf, match="bad.ttl") as caught:
        import_file(path)
    assert (caught.value.reason, "\n" in str(caught.value)) == (reason, False), caught.value
    assert words in str(caught.value)


def test_other_vocabularies_are_left_and_counted(tmp_path: Path, turtle: str, graph: Graph) -> None:
    path = tmp_path / "more.ttl"
    path.write_text(turtle + "\n" + FOREIGN + '\nkg:graph dcterms:title "x" .', encoding="utf-8")
    found = import_file(path)
    assert found.warnings[0].startswith("foreign_statements: 2 ")
    store = LadybugStore.create()
    store.put(found.plans)
    assert content(Graph(store)) == content(graph)


def test_missing_and_unknown(tmp_path: Path, graph: Graph) -> None:
    with pytest.raises(UnreadableFile, match="none.ttl"):
        load(tmp_path / "none.ttl")
    for arguments in ((tmp_path / "x.doc",), (tmp_path / "x.ttl", "xml")):
        with pytest.raises(UsageError, match="format"):
            graph.to_rdf(*arguments)
    assert not list(tmp_path.iterdir())


def test_command_line(kg: Run, tmp_path: Path, plan_file: Path, turtle: str) -> None:
    store, again = tmp_path / "plans.kg", tmp_path / "again.kg"
    assert kg("build", plan_file, "--out", store).returncode == 0
    for form in FORMATS:
        path = tmp_path / f"plans.{form}"
        assert kg("export", "--graph", store, "--to", form, path).returncode == 0
        result = kg("build", path, "--out", again, "--replace")
        assert result.returncode == 0 and "1 plans with 4 tasks built, 0 files left out" in result.stderr, result.stderr
        with package.open(store) as first, package.open(again) as second:
            assert content(first) == content(second)
    for fault in ("cut", "foreign", "shape", "alone"):
        bad = tmp_path / "bad.ttl"
        bad.write_text(BAD[fault][0](turtle), encoding="utf-8")
        result = kg("build", bad, "--out", tmp_path / "none.kg")
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr.startswith("kg: ") and result.stderr.count("\n") == 1 and "bad.ttl" in result.stderr
        assert not (tmp_path / "none.kg").exists()
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "bad.ttl").write_text("nonsense", encoding="utf-8")
    (mixed / "plans.ttl").write_text(turtle, encoding="utf-8")
    (mixed / "plan.txt").write_bytes(plan_file.read_bytes())
    result = kg("build", mixed, "--out", tmp_path / "mixed.kg")
    assert result.returncode == 0 and "3 plans" in result.stderr and "(invalid_rdf)" in result.stderr, result.stderr


def test_real_plans_come_back_and_conform(real_build: Built, tmp_path: Path) -> None:
    from kg.store.rdf import check_dataset

    with package.open(real_build.store) as graph:
        graph.to_rdf(tmp_path / "real.nt")
        found = load(tmp_path / "real.nt")
        report = check_dataset(found)
        assert report.conforms and report.warnings, report.text()
        store = LadybugStore.create()
        store.put(read_plans(found, "real.nt"))
        again = Graph(store)
        assert content(again) == content(graph)
        again.to_rdf(tmp_path / "again.nt")
        assert (tmp_path / "again.nt").read_bytes() == (tmp_path / "real.nt").read_bytes()
