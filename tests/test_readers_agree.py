"""The same plan as text, web page, Word, PDF and OFD gives the same tasks with the same owners; as a scan, nearly so."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import office_files as files
import pytest

from kg.extraction import extract
from kg.extraction.facts import Facts
from kg.loaders import clean, load

Row = tuple[str, str, tuple[tuple[str, str, str], ...], str | None]


def rows(facts: Facts) -> list[Row]:
    """Each task with its status, owners and deadline; white space is no part of it."""
    return [
        (
            re.sub(r"\s+", "", task.text),
            task.status,
            tuple((re.sub(r"\s+", "", owner.name), owner.role, owner.basis) for owner in task.owners),
            re.sub(r"\s+", "", task.deadline.text) if task.deadline else None,
        )
        for task in facts.tasks
    ]


def check_evidence(path: Path) -> Facts:
    """Every quote is the cleaned form of its place, and has a page, paragraph or cell."""
    document = load(path)
    facts = extract(document)
    for task in facts.tasks:
        for evidence in (task.evidence, *(owner.evidence for owner in task.owners)):
            assert clean(document.source[evidence.start : evidence.end], document.passes) == evidence.quote
            assert evidence.position is not None and str(evidence.position)
    return facts


@dataclass(frozen=True, slots=True)
class Published:
    """A plan in text with its facts, and the same plan in each digital format."""

    plan: Path
    wanted: Facts
    made: dict[str, Path]


def published(plans: Sequence[Path], folder: Path) -> list[Published]:
    """Plans in all digital formats; OFD only of those without tables, since its writer makes none."""
    pages = [files.web_page(plan, folder) for plan in plans]
    documents = files.words(pages, folder)
    made: dict[str, dict[Path, Path]] = {
        "html": dict(zip(plans, pages, strict=True)),
        "docx": dict(zip(plans, documents, strict=True)),
        "pdf": {plan: files.printed(page, folder) for plan, page in zip(plans, pages, strict=True)},
        "libreoffice": dict(zip(plans, files.offices(documents, "pdf", folder), strict=True)),
    }
    plain = [plan for plan in plans if not files.has_tables(plan)]
    made["ofd"] = dict(zip(plain, files.fixed_layouts(plain, folder), strict=True))
    return [
        Published(plan, extract(load(plan)), {form: paths[plan] for form, paths in made.items() if plan in paths})
        for plan in plans
    ]


@pytest.fixture(scope="module")
def samples(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Published]:
    plans = [path for path in sorted((examples / "plans").iterdir()) if path.suffix in (".txt", ".md")]
    return published(plans, tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def real(real_plans: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Published]:
    return published(real_plans, tmp_path_factory.mktemp("real"))


FORMATS = ("html", "docx", "pdf", "libreoffice", "ofd")


def check_format(plans: list[Published], form: str, fewest: int) -> None:
    """The plans in one format; `benchmarks/formats.py PLAN --misses` shows what differs."""
    different = []
    read = [one for one in plans if form in one.made]
    for one in read:
        facts = check_evidence(one.made[form])
        same_plan = (facts.plan.title, facts.plan.issuer) == (one.wanted.plan.title, one.wanted.plan.issuer)
        if rows(facts) != rows(one.wanted) or not same_plan:
            different.append(one.plan.name)
        if form not in ("html", "docx"):
            assert facts.reading.pages > 1, one.plan.name
    assert not different
    assert len(read) >= fewest


@pytest.mark.parametrize("form", FORMATS)
def test_sample_plans(samples: list[Published], form: str) -> None:
    check_format(samples, form, 5 if form == "ofd" else 7)


@pytest.mark.parametrize("form", FORMATS)
def test_real_plans(real: list[Published], form: str) -> None:
    check_format(real, form, 12 if form == "ofd" else 16)


def owners(facts: Facts) -> Counter[tuple[str, str]]:
    """How often each owner stands in each role; signs that are half as wide are the same."""
    return Counter((unicodedata.normalize("NFKC", o.name), o.role) for task in facts.tasks for o in task.owners)


def check_scan(plan: Path, folder: Path) -> Facts:
    """Pages rendered to pictures: at least 95 % of the owners, with their roles, and hardly any that are none."""
    scan = files.scanned(files.printed(files.web_page(plan, folder), folder), folder)
    facts = check_evidence(scan)
    assert facts.reading.format == "PDF, scanned"
    wanted, got = owners(extract(load(plan))), owners(facts)
    assert (wanted & got).total() >= 0.95 * wanted.total(), wanted - got
    # A unit whose name the reading of the picture got wrong is owner under that name: 云诸 for 云渚, twice.
    assert (got - wanted).total() <= 0.12 * wanted.total(), got - wanted
    return facts


def test_a_scan(examples: Path, tmp_path: Path) -> None:
    facts = check_scan(examples / "plans" / "yunzhu_senlin_fangan.md", tmp_path)
    assert any(owner.basis == "table" for task in facts.tasks for owner in task.owners)


def test_a_scan_of_a_real_plan(shared: Path, tmp_path: Path) -> None:
    """The first sections of an opinion whose tasks name many departments."""
    plan = files.beginning(shared / "plans" / "guojia_2018_fupin_yijian_annotated.txt", tmp_path, 1600)
    assert plan.parent == tmp_path
    check_scan(plan, tmp_path)
