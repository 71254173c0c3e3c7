"""Plain questions: forms in Chinese and English, each read into one call; questions that must be declined."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kg as package
from kg.errors import UsageError
from kg.graph import Graph
from kg.queries.asking.patterns import forms, language

FIXTURES = Path(__file__).parent / "fixtures" / "asking"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def lines(name: str) -> list[str]:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


FORMS = [tuple(line.split("\t")) for line in lines("forms.tsv")]
DECLINED = lines("declined.txt")


@pytest.fixture(scope="module")
def samples(examples: Path) -> Iterator[Graph]:
    with package.build(examples / "plans") as graph:
        yield graph


def test_there_are_forms_enough_in_both_languages() -> None:
    spoken = [language(question) for question, *_ in FORMS]
    assert spoken.count("zh") >= 30 and spoken.count("en") >= 30 and len(DECLINED) >= 10
    assert len({question for question, *_ in FORMS}) == len(FORMS)


@pytest.mark.parametrize(("question", "call", "rows"), FORMS, ids=[question for question, *_ in FORMS])
def test_form(samples: Graph, question: str, call: str, rows: str) -> None:
    answer = samples.ask(question)
    found = answer.call
    for plan, source in zip(samples.plans().id, samples.plans().source, strict=True):
        found = found.replace(plan, source)
    assert found == f"graph.{call}", answer.reason
    assert answer.understood and not answer.declined and not answer.nearest
    assert rows == "any" or len(answer.frame)


@pytest.mark.parametrize(
    "question", ["谁负责防汛物资?", "危化科单独负责哪些任务?", "Which teams are there for floods?"]
)
def test_the_call_gives_the_rows_and_the_cypher_runs(samples: Graph, question: str) -> None:
    answer = samples.ask(question)
    again = eval(answer.call, {"graph": samples}).reset_index(drop=True)
    assert again.to_dict("records") == answer.frame.to_dict("records")
    for block in answer.cypher.split("\n\n"):
        head = [line for line in block.splitlines() if line.startswith("// $")]
        values = {line[4:].partition(" = ")[0]: json.loads(line.partition(" = ")[2]) for line in head}
        assert len(samples.cypher(block, values).columns)


@pytest.mark.parametrize("question", DECLINED)
def test_declined(samples: Graph, question: str) -> None:
    answer = samples.ask(question)
    assert answer.declined and answer.understood is None and answer.frame.empty and answer.reason
    assert len(answer.nearest) == 3 and {language(one) for one in answer.nearest} == {language(question)}


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.id)
def test_every_form_names_a_method_and_has_examples_that_fit(samples: Graph, form: object) -> None:
    from kg.queries.asking.patterns import Form, Slot

    assert isinstance(form, Form)
    assert callable(getattr(Graph, form.call))
    assert {language(example) for example in form.examples} == {"zh", "en"}
    slots = {one.name for one in (*form.arguments, *form.options.values()) if isinstance(one, Slot)}
    assert all("{" + name + "}" in "".join(form.patterns) for name in slots - {"plan", "level"})


def test_an_empty_question_is_wrong_usage(samples: Graph) -> None:
    with pytest.raises(UsageError, match="no question"):
        samples.ask(" ? ")


def test_several_plans_of_a_name_are_listed(samples: Graph) -> None:
    answer = samples.ask("云渚区的计划有哪些缺口?")
    assert answer.declined and "matches 7 plans" in answer.reason
