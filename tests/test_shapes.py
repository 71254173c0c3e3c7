"""The shapes: each planted fault is caught by its shape, and what is right passes. And words of rules are vocabulary."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PLAN, ROOT
from pyoxigraph import Store

import kg as package
from kg.errors import BadRdf
from kg.ontology import NAMESPACE, schema, schemes, vocabulary
from kg.ontology.vocabulary import FOLDER
from kg.store.rdf import check_dataset, check_file
from kg.store.rdf.checking import SHAPES
from kg.store.rdf.terms import PREFIXES

Run = Callable[..., "subprocess.CompletedProcess[str]"]

MORE = """
三、目标
生产安全事故起数下降20%。
成立区防汛抗旱指挥部,办公室设在区应急管理局,区水利局为成员单位。
"""


@pytest.fixture(scope="module")
def turtle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small plan as RDF."""
    folder = tmp_path_factory.mktemp("shapes")
    (folder / "plan.txt").write_text(PLAN + MORE, encoding="utf-8")
    with package.build(folder / "plan.txt") as graph:
        graph.to_rdf(folder / "plan.ttl")
    return folder / "plan.ttl"


def data(path: Path) -> Store:
    from kg.store.rdf import load

    return load(path)


def change(store: Store, update: str) -> None:
    store.update("".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + update)


ONE = "WHERE { { SELECT ?r WHERE { ?r a kg:Responsibility } ORDER BY ?r LIMIT 1 }"
"""A responsibility, and what else the update matches."""

FAULTS = {
    # shape: (update, words of the message), one or several faults a shape
    "NodeShape": [
        ("DELETE { ?s kg:name ?n } WHERE { ?s a kg:Agency ; kg:name ?n }", "one name"),
        ("INSERT { ?s kg:id 'other' } WHERE { ?s a kg:Agency }", "one id"),
    ],
    "PlanShape": [
        ("DELETE { ?p kg:kind ?k } INSERT { ?p kg:kind '小说' } WHERE { ?p a kg:Plan ; kg:kind ?k }", "kind of a plan"),
        ("DELETE { ?p kg:sha256 ?k } INSERT { ?p kg:sha256 'abc' } WHERE { ?p kg:sha256 ?k }", "sha256"),
        ("INSERT { ?p kg:issued '2024年' } WHERE { ?p a kg:Plan }", "date of issue"),
        ("DELETE { ?p kg:period_start ?y } INSERT { ?p kg:period_start 2030 } WHERE { ?p kg:period_start ?y }", "year"),
    ],
    "TaskShape": [
        ("DELETE { ?t kg:text ?x } WHERE { ?t kg:text ?x }", "one text"),
        ("DELETE { ?t kg:status ?x } INSERT { ?t kg:status 'maybe' } WHERE { ?t kg:status ?x }", "status of a task"),
        ("INSERT { ?t kg:response_level 'Ⅴ' } WHERE { ?t a kg:Task }", "response level"),
        ("INSERT { ?t kg:deadline_date '五月' } WHERE { ?t a kg:Task }", "date of a deadline"),
        ("DELETE { ?t prov:wasDerivedFrom ?p } WHERE { ?t a kg:Task ; prov:wasDerivedFrom ?p }", "one plan"),
        ("DELETE { ?s kg:hasTask ?t } WHERE { ?s kg:hasTask ?t }", "stands in a plan"),
    ],
    "TargetShape": [
        ("DELETE { ?t kg:comparator ?c } INSERT { ?t kg:comparator '~' } WHERE { ?t kg:comparator ?c }", "comparator"),
        ("DELETE { ?t kg:value ?c } INSERT { ?t kg:value 'many' } WHERE { ?t kg:value ?c }", "figure"),
    ],
    "StatementShape": [
        ("DELETE { ?m rdf:subject ?x } WHERE { ?m a kg:Mention ; rdf:subject ?x }", "one subject"),
        ("INSERT { ?m rdf:object ?m } WHERE { ?m a kg:Mention }", "one object"),
        ("DELETE { ?m prov:wasDerivedFrom ?p } WHERE { ?m a kg:Mention ; prov:wasDerivedFrom ?p }", "one plan"),
        ("DELETE { ?m kg:rule ?p } WHERE { ?m a kg:Mention ; kg:rule ?p }", "one rule"),
        ("INSERT { ?m kg:position '' } WHERE { ?m a kg:Mention }", "one position"),
        ("INSERT { ?m oa:hasTarget ?p } WHERE { ?m a kg:Mention . ?p a kg:Plan }", "one span"),
    ],
    "ResponsibilityShape": [
        (
            f"DELETE {{ ?r rdf:object ?t }} INSERT {{ ?r rdf:object ?p }} {ONE} ?r rdf:object ?t . ?p a kg:Plan }}",
            "one task",
        ),
        (
            f"DELETE {{ ?r rdf:subject ?t }} INSERT {{ ?r rdf:subject ?p }} {ONE} ?r rdf:subject ?t . ?p a kg:Plan }}",
            "organisation",
        ),
        (f"DELETE {{ ?r kg:role ?x }} {ONE} ?r kg:role ?x }}", "one role"),
        (f"DELETE {{ ?r kg:role ?x }} INSERT {{ ?r kg:role 'boss' }} {ONE} ?r kg:role ?x }}", "one role"),
        (f"INSERT {{ ?r kg:role 'lead', 'support' }} {ONE} }}", "one role"),
        (f"DELETE {{ ?r kg:basis ?x }} {ONE} ?r kg:basis ?x }}", "one basis"),
        (f"DELETE {{ ?r oa:hasTarget ?x }} {ONE} ?r oa:hasTarget ?x }}", "has evidence"),
    ],
    "EvidenceShape": [
        ("DELETE { ?s oa:hasSource ?p } WHERE { ?s oa:hasSource ?p }", "in one plan"),
        ("DELETE { ?s oa:hasSelector ?p } WHERE { ?s oa:hasSelector ?p . ?p oa:exact ?q }", "one quote"),
    ],
    "WordsShape": [("DELETE { ?s oa:exact ?p } WHERE { ?s oa:exact ?p }", "one text")],
    "PositionShape": [
        ("DELETE { ?s oa:start ?p } WHERE { ?s oa:start ?p }", "one start"),
        ("DELETE { ?s oa:end ?p } WHERE { ?s oa:end ?p }", "one end"),
        ("DELETE { ?s oa:start ?p } INSERT { ?s oa:start -1 } WHERE { ?s oa:start ?p }", "at 0 or later"),
        ("DELETE { ?s oa:end ?p } INSERT { ?s oa:end 0 } WHERE { ?s oa:end ?p }", "not after its end"),
    ],
    "QuoteShape": [
        (
            "DELETE { ?s oa:exact ?q } INSERT { ?s oa:exact ?longer } "
            "WHERE { { SELECT ?s ?q WHERE { ?s oa:exact ?q } ORDER BY ?s LIMIT 1 } BIND (CONCAT(?q, '"
            + "𠮷" * 2000
            + "') AS ?longer) }",
            "not longer than its span",
        ),
    ],
    "CommitteeShape": [
        ("INSERT { ?c a kg:Agency } WHERE { ?c a kg:Committee }", "no agency"),
        ("INSERT { ?c kg:officeOf ?a } WHERE { ?c a kg:Committee . ?a a kg:Agency }", "committee of an office"),
        ("INSERT { ?c kg:officeOf ?c ; kg:hostedBy ?c } WHERE { ?c a kg:Committee }", "committee of an office"),
    ],
    "ApartShape": [
        (
            "DELETE { ?m rdf:object ?c } INSERT { ?m rdf:object ?s } WHERE { "
            "VALUES ?k { kg:OfficeOf kg:Hosting kg:Membership kg:Belonging } ?m a ?k ; rdf:object ?c ; rdf:subject ?s }",
            "not its own",
        ),
    ],
    "CodeShape": [
        ("INSERT { ?h skos:notation '10100' } WHERE { ?h a kg:Hazard }", "datatype of its scheme"),
        ("INSERT { ?h kg:codes '10100' } WHERE { ?h a kg:Hazard }", "scheme, code"),
    ],
    "BroaderShape": [
        ("INSERT { ?b kg:broader ?a } WHERE { ?a kg:broader ?b }", "above itself"),
        ("INSERT { ?b kg:within ?a } WHERE { ?a kg:within ?b }", "above itself"),
    ],
    "ConceptShape": [
        ("INSERT DATA { hazards:new a skos:Concept ; skos:prefLabel '新灾'@zh }", "preferred label"),
    ],
}
"""Every shape but the warning, with updates that break it."""

SHAPE_NAMES = re.findall(r"^kg:(\w+) a sh:NodeShape", SHAPES.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_shape_has_a_fault() -> None:
    assert set(SHAPE_NAMES) == {*FAULTS, "PlannedTaskShape"}


def test_every_message_is_met_by_a_fault() -> None:
    messages = re.findall(r'sh:message "([^"]+)"', SHAPES.read_text(encoding="utf-8"))
    words = [word for faults in FAULTS.values() for _, word in faults]
    for message in messages:
        assert message == "a planned task has no owner" or any(word in message for word in words), message


def test_a_graph_conforms_with_warnings_only(turtle: Path) -> None:
    report = check_dataset(data(turtle))
    assert report.conforms and report.nodes > 50
    tasks = {one.name for one in report.findings}
    assert {one.shape for one in report.findings} == {"PlannedTaskShape"}
    assert "修订生产安全事故应急预案" in tasks and len(tasks) < 5
    assert report.text().endswith(f"{report.nodes} nodes checked, 0 violations, {report.warnings} warnings")


@pytest.mark.parametrize(
    ("shape", "update", "words"), [(shape, *fault) for shape, faults in FAULTS.items() for fault in faults]
)
def test_planted_fault_is_caught(turtle: Path, shape: str, update: str, words: str) -> None:
    store = data(turtle)
    before = set(store)
    change(store, update)
    assert set(store) != before, "the update changed nothing"
    report = check_dataset(store)
    caught = [one for one in report.findings if one.shape == shape and words in one.message]
    assert caught and not report.conforms, report.text()
    assert all(one.severity == "violation" and one.node for one in caught)
    assert all("\n" not in one.line() for one in report.findings)


def test_shapes_name_what_the_schema_has() -> None:
    import rdflib
    from rdflib.collection import Collection
    from rdflib.namespace import SH

    shapes = rdflib.Graph().parse(SHAPES, format="turtle")

    def targets(shape: str) -> set[str]:
        found = shapes.objects(rdflib.URIRef(NAMESPACE + shape), SH.targetClass)
        return {str(one).removeprefix(NAMESPACE) for one in found}

    assert targets("NodeShape") == {label.name for label in schema().labels}
    assert targets("StatementShape") == {one.statement for one in schema().relationships if one.statement}
    lists = [[str(one) for one in Collection(shapes, head)] for head in shapes.objects(None, SH["in"])]
    assert [concept.label for concept in vocabulary("kinds")] in lists
    classes = rdflib.Graph().parse(FOLDER / "classes.ttl", format="turtle")
    defined = {str(one) for one in classes.subjects()}
    own = {str(one) for triple in shapes for one in triple if isinstance(one, rdflib.URIRef) and NAMESPACE in one}
    assert own - defined <= {f"{NAMESPACE}{name}" for name in (*SHAPE_NAMES, "shapes", "")}


@pytest.mark.parametrize("scheme", schemes())
def test_vocabularies_conform(scheme: str) -> None:
    report = check_file(FOLDER / f"{scheme}.ttl")
    assert report.conforms and report.nodes >= len(vocabulary(scheme)), report.text()


def test_graph_check_is_a_frame(plan_file: Path) -> None:
    with package.build(plan_file) as graph:
        frame = graph.check()
    assert frame.columns.tolist() == ["severity", "shape", "node", "name", "path", "value", "message"]
    assert set(frame.severity) == {"warning"}


def test_command_line(kg: Run, turtle: Path, tmp_path: Path) -> None:
    store = tmp_path / "plans.kg"
    assert kg("build", turtle, "--out", store).returncode == 0
    for target in (("--graph", store), (turtle,)):
        result = kg("check", *target)
        assert result.returncode == 0 and result.stderr == ""
        assert "conforms: " in result.stdout and "warning: task-" in result.stdout
    bad = tmp_path / "bad.ttl"
    bad.write_text(turtle.read_text(encoding="utf-8").replace('kg:role "lead"', 'kg:role "boss"'), encoding="utf-8")
    result = kg("check", bad)
    assert result.returncode == 1 and "does not conform" in result.stdout and "boss" in result.stdout
    rows = json.loads(kg("check", bad, "--format", "json").stdout)
    assert rows[0]["severity"] == "violation" and rows[0]["value"] == "boss" and rows[0]["path"] == "kg:role"
    (tmp_path / "foreign.ttl").write_text("<http://example.org/a> a <http://example.org/B> .", encoding="utf-8")
    (tmp_path / "broken.ttl").write_text("kg:a kg:b", encoding="utf-8")
    for name, words in (("foreign", "nothing to check"), ("broken", "no valid Turtle"), ("none", "cannot be read")):
        result = kg("check", tmp_path / f"{name}.ttl")
        assert (result.returncode, result.stdout) == (1, "")
        assert words in result.stderr and result.stderr.count("\n") == 1
    for arguments in ((), ("--graph", store, bad)):
        assert kg("check", *arguments).returncode == 2


def test_a_concept_below_itself_is_caught(tmp_path: Path) -> None:
    text = (FOLDER / "hazards.ttl").read_text(encoding="utf-8")
    path = tmp_path / "hazards.ttl"
    path.write_text(text + "\n:emergency skos:broader :flood .\n", encoding="utf-8")
    assert {one.shape for one in check_file(path).findings} == {"BroaderShape"}
    path.write_text(text + '\n:flood skos:notation "10199" .\n', encoding="utf-8")
    assert {one.shape for one in check_file(path).findings} == {"CodeShape"}
    path.write_text("@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <http://example.org/x> a skos:Concept .")
    with pytest.raises(BadRdf, match="nothing to check"):
        check_file(path)


# words are data


def test_a_new_word_in_a_vocabulary_alone_is_found_in_plans(tmp_path: Path) -> None:
    """A copy of the package in which only Turtle files have changed."""
    shutil.copytree(ROOT / "kg", tmp_path / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in (
        ("hazards", 'skos:altLabel "抗旱"@zh', 'skos:altLabel "抗旱"@zh, "火龙患"@zh'),
        ("supplies", 'skos:altLabel "', 'skos:altLabel "阿布拉"@zh, "'),
    ):
        path = tmp_path / "kg" / "ontology" / f"{name}.ttl"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    plan = tmp_path / "plan.txt"
    plan.write_text(PLAN.replace("山洪灾害隐患点", "火龙患隐患点和阿布拉"), encoding="utf-8")

    def facts(folder: Path) -> dict[str, object]:
        command = [sys.executable, "-m", "kg.cli", "extract", str(plan), "--format", "json"]
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=True)
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    before, after = json.dumps(facts(ROOT), ensure_ascii=False), json.dumps(facts(tmp_path), ensure_ascii=False)
    assert '"干旱灾害"' not in before and '"干旱灾害"' in after
    assert '"阿布拉"' not in before and '"阿布拉"' in after


CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")


TERMS = ("hazards", "supplies", "teams", "facilities", "systems", "bodies")
"""Vocabularies whose words name things: code must not repeat one of them."""

EXAMPLES = {"extraction/catalogue.py"}
"""Modules whose strings are example sentences."""

LIST = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]+(?:\|[\u4e00-\u9fff]+){2,}(?![\u4e00-\u9fff])")
"""Three Chinese words or more between bars; lists of single characters (marks of numbering, units) are no words."""


def rule_modules() -> list[Path]:
    return [
        path
        for folder in ("loaders", "extraction", "store", "queries")
        for path in sorted((ROOT / "kg" / folder).rglob("*.py"))
        if path.relative_to(ROOT / "kg").as_posix() not in EXAMPLES
    ]


def strings_of(tree: ast.Module) -> list[str]:
    """The strings of a module, docstrings aside."""
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts
    ]


def lists_in(tree: ast.Module) -> list[str]:
    """Lists of words: between bars in a pattern, or the strings of a tuple, a list or a set."""
    found = [part.group() for text in strings_of(tree) for part in LIST.finditer(text)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            values = [one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            found.append("|".join(value for value in values if CHINESE.fullmatch(value)))
    return [one for one in found if one.count("|") >= 2 and sum(len(word) > 1 for word in one.split("|")) >= 2]


def test_terms_of_rules_are_in_vocabularies() -> None:
    forms = {form for scheme in TERMS for form, _ in vocabulary(scheme).forms() if len(form) > 1}
    for path in rule_modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        repeated = sorted({word for text in strings_of(tree) for word in CHINESE.findall(text) if word in forms})
        assert not repeated, f"{path} repeats words of kg/ontology, read them from there: {repeated}"
        assert not lists_in(tree), f"{path} holds lists of words, they belong into kg/ontology: {lists_in(tree)}"


def test_lists_of_words_are_seen() -> None:
    seen = lists_in(
        ast.parse("A = re.compile('(?:加强|推进|完善)$')\nB = {'市局', '县局', '区局'}\nC = '[一二|三]|市|县'")
    )
    assert seen == ["加强|推进|完善", "市局|县局|区局"]
