"""The same plan as text, web page, Word, PDF and OFD gives the same tasks with the same owners; as a scan, nearly so."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import office_files as files
import pytest

from kg.extraction import extract
from kg.extraction.facts import Facts
from kg.loaders import clean, load

SAMPLES = (
    "yunzhu_2024_yaodian.txt",
    "yunzhu_2024_zongjie.txt",
    "yunzhu_2025_yaodian.txt",
    "yunzhu_2025_zongti_yuan.txt",
    "yunzhu_2026_2030_guihua.md",
    "yunzhu_fangxun_yuan.txt",
    "yunzhu_senlin_fangan.md",
)
REAL = (
    "000_efdb4f40cb8259ca.txt",
    "001_cfbf02f1732e39fa.txt",
    "002_c869a8b649f173f3.txt",
    "003_3f55a787a292d058.txt",
    "004_c7e421b6773bf247.txt",
    "guojia_2005_liangshi_yuan.txt",
    "guojia_2009_qixiang_yuan.txt",
    "guojia_2018_fupin_yijian_annotated.txt",
    "guojia_2022_jiuyuanliliang_guihua.txt",
    "hanyang_2020_yiqing_yuan.txt",
    "hengyang_2023_fangxun_yuan.txt",
    "hubei_2016_jiuzhu_yuan.txt",
    "jilin_jiuzhu_yuan_ocr.txt",
    "lanshan_2023_dizhi_guihua.txt",
    "qingdao_daolujiaotong_yuan.txt",
    "shaanxi_jiuzhu_yuan_ocr.txt",
)
WITHOUT_TABLES = (
    "yunzhu_2024_yaodian.txt",
    "yunzhu_2024_zongjie.txt",
    "yunzhu_2025_yaodian.txt",
    "yunzhu_2025_zongti_yuan.txt",
    "yunzhu_fangxun_yuan.txt",
)
REAL_WITHOUT_TABLES = (
    "000_efdb4f40cb8259ca.txt",
    "001_cfbf02f1732e39fa.txt",
    "002_c869a8b649f173f3.txt",
    "003_3f55a787a292d058.txt",
    "004_c7e421b6773bf247.txt",
    "guojia_2005_liangshi_yuan.txt",
    "guojia_2018_fupin_yijian_annotated.txt",
    "hanyang_2020_yiqing_yuan.txt",
    "hubei_2016_jiuzhu_yuan.txt",
    "jilin_jiuzhu_yuan_ocr.txt",
    "qingdao_daolujiaotong_yuan.txt",
    "shaanxi_jiuzhu_yuan_ocr.txt",
)

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


def check_formats(plan: Path, folder: Path) -> None:
    """The plan in all digital formats."""
    wanted = extract(load(plan))
    page = files.web_page(plan, folder)
    document = files.word(page, folder)
    others = [page, document, files.printed(page, folder), files.office(document, "pdf", folder)]
    for path in others:
        facts = check_evidence(path)
        assert rows(facts) == rows(wanted), path.name
        assert facts.plan.title == wanted.plan.title and facts.plan.issuer == wanted.plan.issuer, path.name


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_plans(examples: Path, tmp_path: Path, name: str) -> None:
    check_formats(examples / "plans" / name, tmp_path)


@pytest.mark.parametrize("name", REAL)
def test_real_plans(shared: Path, tmp_path: Path, name: str) -> None:
    check_formats(shared / "plans" / name, tmp_path)


def check_fixed_layout(plans: list[Path], folder: Path) -> None:
    """Plans without tables as OFD."""
    for plan, made in zip(plans, files.fixed_layouts(plans, folder), strict=True):
        facts = check_evidence(made)
        assert rows(facts) == rows(extract(load(plan))), plan.name
        assert facts.reading.pages > 1


def test_ofd(examples: Path, tmp_path: Path) -> None:
    check_fixed_layout([examples / "plans" / name for name in WITHOUT_TABLES], tmp_path)


def test_ofd_of_real_plans(shared: Path, tmp_path: Path) -> None:
    check_fixed_layout([shared / "plans" / name for name in REAL_WITHOUT_TABLES], tmp_path)


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
    assert (got - wanted).total() <= 0.1 * wanted.total(), got - wanted
    return facts


def test_a_scan(examples: Path, tmp_path: Path) -> None:
    facts = check_scan(examples / "plans" / "yunzhu_senlin_fangan.md", tmp_path)
    assert any(owner.basis == "table" for task in facts.tasks for owner in task.owners)


def test_a_scan_of_a_real_plan(shared: Path, tmp_path: Path) -> None:
    """The first sections of an opinion whose tasks name many departments."""
    plan = files.beginning(shared / "plans" / "guojia_2018_fupin_yijian_annotated.txt", tmp_path, 1600)
    assert plan.parent == tmp_path
    check_scan(plan, tmp_path)
