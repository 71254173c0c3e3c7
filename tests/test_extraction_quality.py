"""`make quality` runs, with and without the annotated real plans."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT, shared_folder


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quality", ROOT / "benchmarks" / "quality.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["quality"] = module
    spec.loader.exec_module(module)
    return module


def test_without_the_real_plans_the_page_has_the_samples(quality: ModuleType, tmp_path: Path) -> None:
    found = quality.measure_all(tmp_path)
    assert {"samples", "provinces", "unread"} <= found.columns.keys() and "all" not in found.columns
    page = quality.page(found)
    assert "absent" in page
    assert re.search(r"^\| owners with role \| \d\.\d{3} \(\d+\)", page, re.MULTILINE)


def test_the_page_has_every_measure_and_plan(quality: ModuleType, tmp_path: Path) -> None:
    shared_folder("eval", "gold")
    target = tmp_path / "quality.md"
    assert quality.main([str(target)]) == 0
    page = target.read_text(encoding="utf-8")
    for measure in quality.BARS:
        assert f"| {measure} |" in page
    for name in quality.WRITTEN_ON:
        assert name in page.split("##")[0]
    for gold in shared_folder("eval", "gold").glob("*.json"):
        assert gold.stem in page


def test_a_bar_is_reached_by_f1_or_in_few_items_by_two_misses(quality: ModuleType) -> None:
    figures = quality.Figures
    assert quality._reached(figures(0.9, 0.9, 0.9, 100, 100), 0.9) == "yes"
    assert quality._reached(figures(0.9, 0.9, 0.9, 100, 100), 0.91) == "no"
    assert quality._reached(figures(0.5, 0.5, 0.5, 4, 4), 0.9) == "yes"
    assert quality._reached(figures(0.25, 0.25, 0.25, 4, 4), 0.9) == "no"
    assert quality._reached(None, 0.9) == "-"


@pytest.mark.parametrize("read", [True, False])
def test_plans_in_the_manner_of_other_provinces_reach_the_bars(quality: ModuleType, read: bool) -> None:
    scores = quality.evaluate(ROOT / "tests" / "provinces" / "gold")
    found = quality.merged(scores, lambda name: (name not in quality.UNREAD) == read)
    below = {measure for measure, bar in quality.BARS.items() if quality._reached(found.get(measure), bar) == "no"}
    assert not below
