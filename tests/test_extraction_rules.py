"""The catalogue of rules, its page, and the report of what each rule did."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from conftest import ROOT
from test_extraction import blocks

from kg.extraction import extract
from kg.extraction.catalogue import STEPS, Rule, names, rules
from kg.extraction.documentation import PAGE, page
from kg.extraction.explanation import made_and_rejected
from kg.extraction.facts import Facts
from kg.extraction.tasks import RULES
from kg.loaders import load, load_text
from kg.ontology import Concept, schemes, vocabulary
from kg.ontology.lexicon import NAMED

PLANS = sorted(path for path in (ROOT / "examples" / "plans").iterdir() if path.suffix in {".txt", ".md"})


def used(facts: Facts) -> dict[str, set[str]]:
    """What each rule made (kinds) and rejected (`-reason`)."""
    made, rejected = made_and_rejected(facts)
    result: dict[str, set[str]] = {rule: set(kinds) for rule, kinds in made.items()}
    for rule, reasons in rejected.items():
        result.setdefault(rule, set()).update(f"-{reason}" for reason in reasons)
    return result


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.step}-{rule.name}")
def test_the_example_shows_the_rule(rule: Rule) -> None:
    found = used(extract(load_text(rule.text)))
    assert rule.name in found, found
    if rule.makes:
        assert found[rule.name] & set(rule.makes), found[rule.name]
    else:
        assert {f"-{reason}" for reason in rule.reasons} & found[rule.name]


def test_every_rule_that_works_stands_in_the_catalogue() -> None:
    known = names()
    makes: dict[str, set[str]] = {}
    for rule in rules():
        makes.setdefault(rule.name, set()).update(rule.makes, (f"-{reason}" for reason in rule.reasons))
    texts = [load(path) for path in PLANS] + [load_text(block.values[1]) for block in blocks()]  # type: ignore[attr-defined]
    for document in texts:
        for rule, kinds in used(extract(document)).items():
            assert rule in known, rule
            if not rule.startswith("task_"):
                assert kinds <= makes[rule], (rule, kinds - makes[rule])


def test_the_sentence_rules_stand_in_their_order() -> None:
    assert [rule.name for rule in rules() if rule.step == "sentences"] == [rule.__name__ for rule in RULES]
    assert {rule.step for rule in rules()} == set(STEPS)


def test_the_vocabularies_exist_and_all_that_rules_read_are_named() -> None:
    named = {scheme for rule in rules() for scheme in rule.vocabularies}
    assert named <= set(schemes())
    read: set[str] = set()
    for path in sorted((ROOT / "kg" / "extraction").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        read |= set(re.findall(r'(?:pattern|compiled|words|vocabulary)\(\s*"(\w+)"', source)) & set(schemes())
    assert read <= named, read - named


def test_patterns_name_lists_that_exist_and_every_list_is_read() -> None:
    known: dict[str, list[Concept]] = {}
    for scheme in schemes():
        for concept in vocabulary(scheme):
            known.setdefault(concept.id, []).append(concept)
    named: set[str] = set()
    for path in sorted((ROOT / "kg" / "extraction").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                named.add(node.value)
                for _, concepts, name in NAMED.findall(node.value):
                    for one in concepts.split("+"):
                        assert any(concept.all(name or "form") for concept in known.get(one, ())), (
                            path.name,
                            one,
                            name,
                        )
                        named.add(one)
    for scheme in ("passages", "expressions", "managing", "surroundings"):
        lists = {concept.id.removeprefix("h-") for concept in vocabulary(scheme)}  # headings: h-<kind of section>
        assert lists <= named, f"no rule reads these lists of {scheme}: {sorted(lists - named)}"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_explain_says_what_each_rule_did(kg, plan_file: Path) -> None:  # type: ignore[no-untyped-def]
    done = kg("extract", plan_file, "--format", "json", "--explain")
    assert done.returncode == 0, done.stderr
    report = done.stderr
    facts = extract(load(plan_file))
    made, rejected = made_and_rejected(facts)
    for rule in {*made, *rejected}:
        if not rule.startswith("task"):
            assert re.search(rf"^{re.escape(rule)}: ", report, re.MULTILINE), rule
    for one in facts.rejected:
        assert f"- {one.reason} " in report
    assert "not in the catalogue" not in report
    owner = facts.tasks[0].owners[0]
    assert f"{owner.evidence.start}-{owner.evidence.end} {owner.name}" in report
