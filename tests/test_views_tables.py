"""Answers as text: aligned tables, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json

import pandas
import pytest

from kg.views.cells import json_value, neutral, plain_cell, printable
from kg.views.table import records, render, text_width

FRAME = pandas.DataFrame(
    {
        "owner": ["应急救援中心", None],
        "tasks": [3, 12],
        "hazards": [["洪涝灾害", "台风灾害"], []],
        "start": [5.0, None],
        "quote": ["=1+1", "入汛以前给沿河各村全部发放卫星电话和排水泵,并逐台试机、登记、落实保管人" * 3],
    }
)


def test_json_has_all_columns_and_null_for_what_is_missing() -> None:
    rows = json.loads(render(FRAME, "json"))
    assert [list(row) for row in rows] == [list(FRAME.columns)] * 2
    assert rows[0]["owner"] == "应急救援中心" and rows[1]["owner"] is None
    assert rows[0]["start"] == 5 and isinstance(rows[0]["start"], int) and rows[1]["start"] is None
    assert rows[0]["hazards"] == ["洪涝灾害", "台风灾害"] and rows[1]["hazards"] == []


def test_no_rows() -> None:
    empty = FRAME.head(0)
    assert render(empty, "json") == "[]\n"
    assert render(empty, "csv") == ",".join(FRAME.columns) + "\n"
    assert render(empty, "table").splitlines()[0].split() == list(FRAME.columns)


def test_csv_has_no_mark_and_neutral_cells() -> None:
    text = render(FRAME, "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert not text.startswith("\ufeff")
    assert rows[0]["quote"] == "'=1+1" and rows[0]["hazards"] == "洪涝灾害、台风灾害" and rows[1]["owner"] == ""


@pytest.mark.parametrize("width", [60, 80, 200, 1000])
def test_a_table_fits_and_cuts_nothing(width: int) -> None:
    text = render(FRAME, "table", width=width)
    assert max(map(text_width, text.splitlines())) <= width
    quote = FRAME["quote"][1]
    assert sum(text.count(character) for character in "汛") == quote.count("汛")
    assert len([c for c in text if c in "配备卫星电话"]) == len([c for c in quote if c in "配备卫星电话"])


def test_columns_are_aligned_by_their_width_in_a_terminal() -> None:
    lines = render(FRAME, "table", columns=["owner", "tasks"], width=80).splitlines()
    assert lines == ["owner         tasks", "────────────  ─────", "应急救援中心      3", "                 12"]


def test_a_cell_cannot_move_the_cursor() -> None:
    text = render(pandas.DataFrame({"a": ["x\x1b[2Jy\r\nz"]}), "table")
    assert "\x1b" not in text and "\r" not in text and len(text.splitlines()) == 3


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@x", "\t=1", "＝1"])
def test_formulas_are_neutralised(value: str) -> None:
    assert neutral(value) == f"'{value}"


def test_values_of_cells() -> None:
    assert neutral(-24) == -24 and neutral("a=1") == "a=1"
    assert plain_cell(None) == plain_cell(float("nan")) == plain_cell(pandas.NA) == ""
    assert json_value(pandas.Series([1, 2])[0]) == 1
    assert printable("a\x00b\x0b") == "a\ufffdb\ufffd"


def test_whole_numbers_stay_floats_where_the_column_has_fractions() -> None:
    assert records(pandas.DataFrame({"value": [0.5, None, 2.0]})) == [{"value": 0.5}, {"value": None}, {"value": 2.0}]
