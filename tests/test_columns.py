"""Pages set in columns are read column by column: gazettes print plans so."""

from __future__ import annotations

from pathlib import Path

import office_files
import pytest
from test_readers_agree import check_evidence, rows

from kg.extraction import extract
from kg.loaders import load
from kg.loaders.columns import Columns
from kg.loaders.page_lines import Line

SAMPLES = ("yunzhu_2024_yaodian", "yunzhu_2025_yaodian", "yunzhu_2025_zongti_yuan", "yunzhu_fangxun_yuan")
REAL = ("004_c7e421b6773bf247", "guojia_2009_qixiang_yuan", "guojia_2022_jiuyuanliliang_guihua")


def _column(left: float, characters: list[int], top: float = 0, word: str = "字") -> list[Line]:
    """Lines of so many characters of size 10, one below another."""
    return [
        Line(f"{word}{n}", left, top + 15 * n, left + 10 * length, top + 15 * n + 10)
        for n, length in enumerate(characters)
    ]


def _read(lines: list[Line]) -> list[list[str]]:
    return [[line.text for line in sorted(part.items, key=lambda one: one.top)] for part in Columns().parts(lines)]


def test_columns_are_read_one_after_another() -> None:
    left, right = _column(50, [20] * 9 + [8], word="左"), _column(280, [20] * 7, word="右")
    title, foot = Line("题", 120, -40, 380, -20), Line("— 1 —", 240, 400, 290, 410)
    one, two, three, four = _read([*right, title, foot, *left])
    assert (one, four) == (["题"], ["— 1 —"])
    assert two == [line.text for line in left]
    assert three == [line.text for line in right]


def test_three_columns() -> None:
    columns = [_column(50 + 180 * n, [16] * 8, word=word) for n, word in enumerate("左中右")]
    assert _read([line for column in columns for line in column]) == [
        [line.text for line in column] for column in columns
    ]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([4, 8, 6, 4, 10, 4, 6, 4], [20] * 8),  # labels beside what they say
        ([6] * 9, [8] * 9),  # names beside telephones
        ([20] * 3, [20] * 3),  # few lines
    ],
)
def test_lists_side_by_side_are_no_columns(left: list[int], right: list[int]) -> None:
    assert len(_read([*_column(50, left), *_column(280, right)])) == 1


def test_few_lines_are_columns_where_a_page_before_has_them() -> None:
    columns = Columns()
    columns.parts([*_column(50, [20] * 8), *_column(280, [20] * 8)])
    assert len(columns.parts([*_column(50, [20, 20, 5]), *_column(280, [20, 3])])) == 2


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_printed_in_columns(name: str, examples: Path, tmp_path: Path) -> None:
    _same(examples / "plans" / f"{name}.txt", tmp_path)


@pytest.mark.parametrize("name", REAL)
def test_real_plans_printed_in_columns(name: str, shared: Path, tmp_path: Path) -> None:
    _same(shared / "plans" / f"{name}.txt", tmp_path)


def _same(plan: Path, folder: Path) -> None:
    page = office_files.in_columns(office_files.web_page(plan, folder), folder, 2)
    assert rows(check_evidence(office_files.printed(page, folder))) == rows(extract(load(plan)))
