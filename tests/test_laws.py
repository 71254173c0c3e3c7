"""Laws that hold for the facts of every plan: the sample plans always, the real plans where they are there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT, SHARED
from test_extraction import blocks

from kg.extraction import extract
from kg.extraction.annotations import is_note, line_pattern
from kg.extraction.facts import Evidence, Facts
from kg.extraction.sentences import Note, paragraphs
from kg.extraction.serialise import to_json, to_plain
from kg.loaders import Document, clean, load, load_text

EXAMPLES = sorted(path for path in (ROOT / "examples" / "plans").iterdir() if path.suffix in {".txt", ".md"})
REAL = sorted(path for path in (SHARED / "plans").glob("*.txt"))
SHORT = [path for path in [*EXAMPLES, *REAL] if path.stat().st_size < 30_000]
ABSENT = "the real plans are absent: shared/plans (set KG_SHARED to their folder)"


def _plans() -> list[object]:
    """All plans as parameters; one that skips (or fails where they are required) stands for the real plans if absent."""
    absent = [] if REAL else [pytest.param(None, id="real-plans")]
    return [*(pytest.param(path, id=path.stem) for path in [*EXAMPLES, *REAL]), *absent]


@pytest.fixture(params=_plans())
def plan(request: pytest.FixtureRequest) -> Path:
    if request.param is None:
        if os.environ.get("KG_REQUIRE_SHARED") == "1":
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    path: Path = request.param
    return path


@cache
def read(path: Path) -> tuple[Document, Facts]:
    document = load(path)
    return document, extract(document)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def evidences(fact: object, kind: str = "") -> Iterator[tuple[str, Evidence]]:
    """All evidence in a tree of facts, with the names of the fields on the way to it."""
    if isinstance(fact, Evidence):
        yield kind, fact
    elif isinstance(fact, tuple):
        for one in fact:
            yield from evidences(one, kind)
    elif is_dataclass(fact):
        for field in fields(fact):
            yield from evidences(getattr(fact, field.name), f"{kind}.{field.name}" if kind else field.name)


def without_its_words(document: Document, facts: Facts) -> list[object]:
    """The facts whose source, cleaned, is not their quote."""
    wrong: list[object] = []
    for kind, evidence in evidences(facts):
        part = clean(document.source[evidence.start : evidence.end], document.passes)
        if not evidence.quote or squeezed(part) != squeezed(evidence.quote):
            wrong.append((kind, evidence, part))
    for one in facts.rejected:
        part = clean(document.source[one.start : one.end], document.passes)
        if squeezed(part) != squeezed(one.quote):
            wrong.append(("rejected", one, part))
    return wrong


def test_every_span_is_its_quote(plan: Path) -> None:
    assert without_its_words(*read(plan)) == []


def fixture_texts() -> Iterator[object]:
    for block in blocks():
        yield pytest.param(block.values[1], id=block.id)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", list(fixture_texts()))
def test_every_span_of_a_fixture_is_its_quote(text: str) -> None:
    document = load_text(text)
    assert without_its_words(document, extract(document)) == []


def test_a_name_stands_in_its_words(plan: Path) -> None:
    """What a fact names is written in its quote; only names that a list abbreviates and resolved offices are made whole."""
    _, facts = read(plan)
    for task in facts.tasks:
        assert squeezed(task.text) == squeezed(task.evidence.quote)
        if task.deadline:
            assert squeezed(task.deadline.text) in squeezed(task.deadline.evidence.quote)
        for citation in task.cites:
            assert squeezed(citation.title) == squeezed(citation.evidence.quote)
    for entity in facts.entities:
        for mention in entity.mentions:
            assert squeezed(mention.form) == squeezed(mention.evidence.quote) or mention.evidence.quote, mention


def test_tasks_stand_in_order_and_apart(plan: Path) -> None:
    _, facts = read(plan)
    spans = [(task.evidence.start, task.evidence.end) for task in facts.tasks]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))


def unaccounted(document: Document, facts: Facts) -> list[str]:
    """The words of a plan that nothing accounts for.

    Every sentence is a task, a rejection with its reason, a heading, a line of owners, part of a table, or excluded; every
    annotation names an owner of a task, or is in a heading or excluded.
    """
    covered = bytearray(len(document.source))

    def cover(start: int, end: int) -> None:
        covered[start:end] = b"\1" * (end - start)

    for task in facts.tasks:
        cover(task.evidence.start, task.evidence.end)
    for rejected in facts.rejected:
        if rejected.rule not in ("hazard", "resource"):  # these drop words of a sentence, not the sentence
            cover(rejected.start, rejected.end)
    for begin, stop, _ in document.excluded:
        cover(*document.span(begin, stop))
    for table in document.tables:
        cover(*document.span(table.start, table.end))
    for section in document.sections:
        if section.body > section.start:
            cover(*document.span(section.start, section.body))
    owners = sorted(owner.evidence.start for task in facts.tasks for owner in task.owners)
    left = []
    for paragraph in paragraphs(document, is_note):
        for unit in paragraph.units:
            start, end = document.span(unit.start, unit.end)
            words = "".join(document.source[at] for at in range(start, end) if not covered[at])
            if not re.search(r"[\u4e00-\u9fffA-Za-z0-9]", words):
                continue
            named = bisect_left(owners, start) < bisect_left(owners, end)
            if named and (isinstance(unit, Note) or line_pattern().match(document.text, unit.start)):
                continue
            left.append(f"{start}: {unit.text[:60]}")
    return left


def test_nothing_vanishes(plan: Path) -> None:
    assert unaccounted(*read(plan)) == []


@pytest.mark.parametrize("text", list(fixture_texts()))
def test_nothing_vanishes_in_a_fixture(text: str) -> None:
    document = load_text(text)
    assert unaccounted(document, extract(document)) == []


def plain_without_places(facts: Facts) -> object:
    """The facts without offsets and what depends on the file's bytes."""

    def strip(value: object) -> object:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in ("start", "end", "sha256", "size", "reading")}
        if isinstance(value, list):
            return [strip(one) for one in value]
        return value

    return strip(to_plain(facts))


@pytest.mark.parametrize("form", ["crlf", "cr", "bom+crlf", "gb18030"])
@pytest.mark.parametrize("plan", SHORT, ids=lambda path: path.stem)
def test_line_ends_and_marks_change_nothing(form: str, tmp_path: Path, plan: Path) -> None:
    text = load(plan).source.removeprefix("\ufeff")
    _, facts = read(plan)
    other = text
    if "crlf" in form:
        other = other.replace("\n", "\r\n")
    elif form == "cr":
        other = other.replace("\n", "\r")
    if form.startswith("bom"):
        other = "\ufeff" + other
    path = tmp_path / plan.name
    path.write_bytes(other.encode("gb18030" if form == "gb18030" else "utf-8"))
    assert plain_without_places(extract(load(path))) == plain_without_places(facts)


def test_two_extractions_are_equal(plan: Path) -> None:
    document, facts = read(plan)
    again = extract(load_text(document.source, document.name, sha256=document.sha256))
    assert replace(again, reading=facts.reading) == facts


def test_output_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """The same bytes from two processes with different seeds, over all plans."""
    plans = [*EXAMPLES, *REAL]
    program = (
        "import hashlib, sys; from kg.extraction import extract; from kg.extraction.serialise import to_json; "
        "from kg.loaders import load\n"
        "for path in sys.argv[1:]: print(hashlib.sha256(to_json(extract(load(path))).encode()).hexdigest(), path)"
    )
    outputs = []
    for seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", program, *map(str, plans)],
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            cwd=ROOT,
            check=True,
            timeout=300,
        )
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]


def test_the_command_prints_the_same_json(kg, plan_file: Path) -> None:  # type: ignore[no-untyped-def]
    first = kg("extract", plan_file, "--format", "json")
    assert first.returncode == 0, first.stderr
    assert first.stdout.strip() == to_json(extract(load(plan_file)))
