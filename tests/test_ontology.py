"""The vocabularies and the graph's schema: what every Turtle file must keep."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.ontology import NAMESPACE, Concept, Vocabulary, load, schema, schemes, vocabulary
from kg.ontology.documentation import PAGE, page
from kg.ontology.graph_schema import read_schema
from kg.ontology.vocabulary import FOLDER

CONCEPT_SCHEMES = (
    "agencies",
    "bodies",
    "elements",
    "facilities",
    "hazards",
    "kinds",
    "levels",
    "roles",
    "supplies",
    "systems",
    "teams",
)
"""Schemes whose concepts exclude one another; the others are lists of words, in which a word may stand twice."""

CLASSES = {"自然灾害", "事故灾难", "公共卫生事件", "社会安全事件"}


def all_concepts() -> list[Concept]:
    return [concept for scheme in schemes() for concept in vocabulary(scheme)]


def hazard_table(shared: Path) -> list[tuple[str, str, list[str]]]:
    lines = (shared / "eval" / "hazards.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(label, broader, forms.split("|")) for label, broader, forms in (line.split("\t") for line in lines)]


@pytest.mark.parametrize("scheme", schemes())
def test_scheme_parses_in_file_order(scheme: str) -> None:
    found = vocabulary(scheme)
    text = (FOLDER / f"{scheme}.ttl").read_text(encoding="utf-8")
    blocks = [line.split()[0][1:] for line in text.splitlines() if line.startswith(":") and "a skos:Concept" in line]
    assert [concept.id for concept in found] == blocks
    assert found.label and found.english
    for concept in found:
        block = text[text.index(f"\n:{concept.id} a ") :].split(" .\n")[0]
        positions = [block.index(f'"{form}"@zh') for form in concept.forms if form != concept.label]
        assert positions == sorted(positions), concept.id


@pytest.mark.parametrize("scheme", schemes())
def test_concepts_are_whole(scheme: str) -> None:
    for concept in vocabulary(scheme):
        assert concept.label and concept.english and concept.id.isascii(), concept.id
        for words in (concept.forms, *concept.values.values()):
            assert all(word and word == word.strip() for word in words), concept.id
            assert len(set(words)) == len(words), concept.id


@pytest.mark.parametrize("scheme", schemes())
def test_broader_has_no_cycle(scheme: str) -> None:
    found = vocabulary(scheme)
    for concept in found:
        assert concept not in found.ancestors(concept.id)
        assert concept not in found.narrower(concept.id)


@pytest.mark.parametrize("scheme", CONCEPT_SCHEMES)
def test_form_names_one_concept_unless_marked(scheme: str) -> None:
    counted = Counter(form for form, _ in vocabulary(scheme).forms())
    for concept in vocabulary(scheme):
        for form in concept.forms:
            assert counted[form] == 1 or form in concept.all("sharedForm"), f"{form} in {concept.id} and elsewhere"


@pytest.mark.parametrize("scheme", ("teams", "supplies", "facilities", "systems", "hazards"))
def test_name_is_not_excluded_by_its_own_scheme(scheme: str) -> None:
    excluded = {word for word, _ in vocabulary(scheme).forms("notIn")}
    clash = sorted(
        form for form, concept in vocabulary(scheme).forms() if form in excluded and form in concept.all("notIn")
    )
    assert not clash


def test_every_hazard_of_the_table(shared: Path) -> None:
    found = vocabulary("hazards")
    table = hazard_table(shared)
    labels = {label for label, _, _ in table}
    for label, broader, _ in table:
        concept = found.by_label(label)
        above = [other.label for other in found.ancestors(concept.id)]
        assert broader in above, label
        assert above[-1] == "突发事件", label
        assert label in CLASSES or CLASSES & set(above), label
        between = above[: above.index(broader)]
        assert set(between) <= {"事故灾难"}, f"{label}: {between}"
        assert [other.label for other in found.emitted(concept.id)] == [label]
    for concept in found:
        emitted = {other.label for other in found.emitted(concept.id)}
        assert emitted <= labels, concept.id


def test_every_form_of_the_table_names_its_hazard(shared: Path) -> None:
    found = vocabulary("hazards")
    goods = {"药品"}  # in plans nearly always goods to be stocked: 药品安全 names the hazard
    for label, _, forms in hazard_table(shared):
        for word in {form.split("(")[0].strip() for form in forms} - goods:
            named = [other for text, concept in found.names() if text == word for other in found.emitted(concept.id)]
            above = [other for concept in named for other in found.ancestors(concept.id)]
            assert label in {concept.label for concept in (*named, *above)}, f"{word} does not name {label}"


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ("三防", {"洪涝灾害", "干旱灾害", "台风灾害"}),
        ("防汛防台", {"洪涝灾害", "台风灾害"}),
        ("防汛抗旱", {"洪涝灾害", "干旱灾害"}),
    ],
)
def test_group_names_its_members(group: str, members: set[str]) -> None:
    found = vocabulary("hazards")
    assert {concept.label for concept in found.emitted(found.by_label(group).id)} == members


def test_class_of_accidents_is_no_hazard_of_the_table() -> None:
    found = vocabulary("hazards")
    assert found.emitted("accident-disaster") == ()
    assert found.emitted("emergency") == ()
    assert [concept.label for concept in found.emitted("crime")] == ["社会安全事件"]


def test_codes_are_typed_and_marked() -> None:
    flood = vocabulary("hazards").by_label("水旱灾害")
    assert {(code.scheme, code.code, code.verified) for code in flood.codes} == {
        ("GBT35561-2017", "10100", False),
        ("Platform-2018", "11A", True),
    }
    assert flood.unverified
    for concept in all_concepts():
        assert not [code for code in concept.codes if not code.scheme], concept.id
        if any(not code.verified for code in concept.codes):
            assert concept.unverified, concept.id
    major = [
        concept.codes[0]
        for concept in vocabulary("supplies")
        if concept.codes and concept.codes[0].scheme == "GBT38565-2020"
    ]
    assert [(code.code, code.verified) for code in major] == [("1", True), ("2", True), ("3", True)]


def test_unchecked_article_is_not_cited_by_an_element() -> None:
    articles = vocabulary("articles")
    for element in vocabulary("elements"):
        cited = element.all("article")
        for basis in element.all("askedForBy"):
            article = articles[basis]
            assert not (article.unverified and article.label in cited), (element.id, basis)
    assert articles["plan-management-8"].unverified


def test_elements_and_their_ground() -> None:
    elements = vocabulary("elements")
    assert [concept.id for concept in elements if not concept.broader] == [f"E{number:02}" for number in range(1, 20)]
    assert [concept.id for concept in elements.narrower("E13")] == ["E13a", "E13b", "E13c", "E13d"]
    core = [concept.id for concept in elements if "突发事件应对法(2024)第二十八条" in concept.all("article")]
    assert {"E01", "E05", "E08", "E15"} <= set(core)
    for concept in elements:
        assert not concept.all("article") or concept.all("inForceFrom") == ("2024-11-01",), concept.id
        assert concept.forms


def test_articles_stand_in_the_laws(shared: Path) -> None:
    files = {
        "突发事件应对法(2024)": "emergency_response_law_2024.md",
        "自然灾害救助条例(2019)": "natural_disaster_relief_2019.md",
        "森林防火条例(2008)": "forest_fire_2008.md",
        "生产安全事故应急条例(2019)": "work_safety_accident_response_2019.md",
        "安全生产法(2021)": "work_safety_law_2021.md",
        "地质灾害防治条例(2003)": "geological_2003.md",
        "防震减灾法(2008)": "earthquake_law_2008.md",
        "抗旱条例(2009)": "drought_2009.md",
        "突发公共卫生事件应急条例(2011)": "public_health_2011.md",
    }
    for article in vocabulary("articles"):
        (law,), (number,) = article.all("law"), article.all("articleNumber")
        if law in files:
            text = (shared / "law" / files[law]).read_text(encoding="utf-8")
            assert f"{number} " in text.replace("\u3000", " "), article.id


def test_narrower_and_ancestors() -> None:
    found = vocabulary("hazards")
    assert "mountain-flood" in {concept.id for concept in found.narrower("natural-disaster")}
    assert [
        concept.label for concept in found.ancestors("mountain-flood")
    ] == "洪涝灾害 水旱灾害 自然灾害 突发事件".split()


def test_links_between_concepts_lead_somewhere() -> None:
    targets = {
        "member": None,
        "emits": None,
        "renamedTo": None,
        "renamedFrom": None,
        "hazard": "hazards",
        "askedForBy": "articles",
    }
    for concept in all_concepts():
        for name, scheme in targets.items():
            for other in concept.all(name):
                assert other in vocabulary(scheme or concept.scheme), (concept.scheme, concept.id, name, other)


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/ontology.md is stale: run `make docs`"


def test_page_names_everything() -> None:
    text = page()
    for name in (*(label.name for label in schema().labels), *(one.name for one in schema().relationships), *schemes()):
        assert f"`{name}`" in text, name
    for concept in (*vocabulary("hazards"), *vocabulary("elements"), *vocabulary("bodies")):
        assert concept.label in text, concept.id


def test_forms_are_longest_first() -> None:
    lengths = [len(form) for form, _ in vocabulary("hazards").forms()]
    assert lengths == sorted(lengths, reverse=True)
    heads = vocabulary("teams").forms("head")
    assert heads and len(heads[0][0]) >= len(heads[-1][0])
    assert set(vocabulary("teams").words(under="military")) <= set(vocabulary("teams").words())


def test_new_word_in_the_file_alone_is_found(tmp_path: Path) -> None:
    text = (FOLDER / "hazards.ttl").read_text(encoding="utf-8")
    changed = text.replace('skos:altLabel "洪涝"@zh', 'skos:altLabel "洪涝"@zh, "发大水"@zh', 1)
    assert changed != text
    (tmp_path / "hazards.ttl").write_text(changed, encoding="utf-8")
    found = load(tmp_path / "hazards.ttl")
    assert ("发大水", found["flood"]) in found.forms()
    assert "发大水" not in vocabulary("hazards")["flood"].forms


HEAD = f"""@prefix : <{NAMESPACE}x/> .
@prefix kg: <{NAMESPACE}> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no concept"),
        (":a a skos:Concept ; skos:prefLabel", "no valid Turtle"),
        (':a a skos:Concept ; skos:prefLabel "甲"@zh .', "lacks a zh or en prefLabel"),
        (':a a skos:Concept ; skos:prefLabel "甲"@zh, "a"@en ; skos:broader :b .', "is below b"),
    ],
)
def test_bad_vocabulary_is_one_clear_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        load(path)
    assert "x.ttl" in str(caught.value) and "\n" not in str(caught.value)


def test_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match="hazards"):
        vocabulary("nonsense")
    with pytest.raises(KeyError):
        vocabulary("classes")


def test_import_leaves_rdflib_alone() -> None:
    program = "import sys, kg.ontology; assert 'rdflib' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_schema_is_that_of_the_design() -> None:
    found = schema()
    assert [label.name for label in found.labels] == (
        "Plan Section Task Agency Committee Group Team Supply Facility System Hazard Regulation Target Place "
        "Element".split()
    )
    assert {relationship.name for relationship in found.relationships} == set(
        "ISSUED_BY APPLIES_TO HAS_SECTION HAS_TASK RESPONSIBLE_FOR ADDRESSED ADDRESSES INVOLVES CITES HAS_TARGET "
        "COVERS MENTIONS PART_OF OFFICE_OF HOSTED_BY MEMBER_OF LEADS MANAGES FOR_HAZARD BROADER WITHIN".split()
    )
    for label in found.labels:
        assert [(p.name, p.type) for p in label.properties[:3]] == [
            ("id", "STRING"),
            ("name", "STRING"),
            ("label", "STRING"),
        ]
        assert label.zh and label.en and label.definition
        assert label.colour.startswith("#") and len(label.colour) == 7
        assert label.caption in {p.name for p in label.properties}
    colours = [label.colour for label in found.labels]
    assert len(set(colours)) == len(colours)
    for relationship in found.relationships:
        names = [p.name for p in relationship.properties]
        assert relationship.zh and relationship.en and relationship.definition and relationship.pairs
        if relationship.name not in ("BROADER", "WITHIN"):
            assert names[-6:] == ["plan", "span_start", "span_end", "position", "quote", "rule"]
        assert "end" not in names and "start" not in names
    own = found.relationship("RESPONSIBLE_FOR")
    assert [p.name for p in own.properties[:3]] == ["role", "basis", "statement"]
    assert found.label("Hazard").properties[-1].type == "STRING[]"


def test_schema_refuses_an_unknown_label(tmp_path: Path) -> None:
    text = (FOLDER / "classes.ttl").read_text(encoding="utf-8").replace('kg:pair "Plan Place"', 'kg:pair "Plan Planet"')
    (tmp_path / "classes.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="Planet"):
        read_schema(tmp_path / "classes.ttl")


def test_every_term_of_the_project_used_in_classes_is_defined_there() -> None:
    from rdflib import Graph, URIRef

    graph = Graph().parse(FOLDER / "classes.ttl", format="turtle")
    defined = {str(subject) for subject in graph.subjects()}
    helpers = {
        NAMESPACE + name for name in ("property", "pair", "type", "colour", "caption", "statementClass", "unverified")
    }
    used = {
        str(term) for triple in graph for term in triple if isinstance(term, URIRef) and str(term).startswith(NAMESPACE)
    }
    assert used - defined <= helpers | {NAMESPACE}
    assert len(helpers & defined) == len(helpers)


def test_every_property_of_the_vocabularies_is_defined() -> None:
    from rdflib import RDFS, Graph, URIRef

    defined = Graph().parse(FOLDER / "classes.ttl", format="turtle")
    for scheme in schemes():
        for predicate in set(Graph().parse(FOLDER / f"{scheme}.ttl", format="turtle").predicates()):
            if str(predicate).startswith(NAMESPACE):
                labels = {label.language for label in defined.objects(URIRef(predicate), RDFS.label)}  # type: ignore[attr-defined]
                assert labels == {"zh", "en"}, (
                    f"{scheme}.ttl uses kg:{str(predicate)[len(NAMESPACE) :]}: define it in classes.ttl"
                )


def test_properties_of_the_graph_have_names_for_people() -> None:
    for holder in (*schema().labels, *schema().relationships):
        for one in holder.properties:
            assert one.zh and one.en and one.definition, (holder.name, one.name)


def test_vocabulary_is_a_container() -> None:
    found: Vocabulary = vocabulary("kinds")
    assert "programme" in found and "nonsense" not in found
    assert len(found) == len(list(found))
    assert [concept.label for concept in found] == ["工作要点", "工作总结", "规划", "预案", "方案", "其他"]
