"""The competency questions of `../shared/eval/questions.md`: answers worked by hand from the real plans.

`tests/data/questions.json` holds number, call, names of units, numbers and offsets; the words that an answer has to quote
are read from `questions.md` (`「…」`, counted from 1) and looked up in the plan at the place that the answer gives.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.graph import Graph

DATA = json.loads((Path(__file__).parent / "data" / "questions.json").read_text(encoding="utf-8"))
PLANS = {
    "A": "000_efdb4f40cb8259ca.txt",
    "B": "001_cfbf02f1732e39fa.txt",
    "C": "002_c869a8b649f173f3.txt",
    "D": "003_3f55a787a292d058.txt",
    "E": "004_c7e421b6773bf247.txt",
    "F": "hubei_2016_jiuzhu_yuan.txt",
}


@pytest.fixture(scope="module")
def real(shared: Path) -> Iterator[Graph]:
    with kg.build([shared / "plans" / name for name in PLANS.values()]) as graph:
        yield graph


@pytest.fixture(scope="module")
def answers(shared: Path) -> dict[int, str]:
    """The answer of each question, as written."""
    text = (shared / "eval" / "questions.md").read_text(encoding="utf-8")
    rows = (line.split("|") for line in text.splitlines() if re.match(r"\| *\d+ *\|", line))
    return {int(row[1]): "|".join(row[3:]) for row in rows}


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


LEAD = 4
"""Characters before a target that a worked answer may begin with (确保, 力争)."""


def holds(quote: str, words: str) -> bool:
    """Whether a quote holds the words, or all of them but a word or two of their lead."""
    return words in quote or (words.endswith(quote) and len(words) - len(quote) <= LEAD)


def meets(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(row[name] == value for name, value in wanted.items())


def test_every_question_is_asked(answers: dict[int, str]) -> None:
    assert [one["number"] for one in DATA] == sorted(answers)


@pytest.mark.parametrize("question", DATA, ids=lambda one: str(one["number"]))
def test_question(real: Graph, shared: Path, answers: dict[int, str], question: dict[str, Any]) -> None:
    quoted = re.findall(r"「(.+?)」", answers[question["number"]])
    for check in question["checks"]:
        frame = eval(check["call"], {"graph": real, **PLANS})
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        assert check.keys() <= {
            "call", "count", "some", "first", "has", "lacks", "all", "all_equal", "column", "ordered", "distinct",
            "sections", "quotes", "quoted_in",
        }  # fmt: skip
        assert len(rows) == check.get("count", len(rows))
        assert rows or not check.get("some")
        for row, wanted in zip(rows, check.get("first", ()), strict=False):
            assert meets(row, wanted), (row, wanted)
        assert len(rows) >= len(check.get("first", ()))
        for wanted in check.get("has", ()):
            assert any(meets(row, wanted) for row in rows), wanted
        for wanted in check.get("lacks", ()):
            assert not any(meets(row, wanted) for row in rows), wanted
        for name in check.get("all", ()):
            assert rows and all(row[name] is not None for row in rows), name
        for name, value in check.get("all_equal", {}).items():
            assert rows and {row[name] for row in rows} == {value}, name
        for name, values in check.get("column", {}).items():
            assert [row[name] for row in rows] == values
        if "ordered" in check:
            assert frame[check["ordered"]].is_monotonic_increasing
        for name, number in check.get("distinct", {}).items():
            assert frame[name].nunique() == number
        if "sections" in check:
            assert {row["section"].split()[0] for row in rows} == set(check["sections"])
        for number in check.get("quotes", ()):
            words = plain(quoted[number - 1])
            holding = [row for row in rows if holds(plain(row["quote"]), words)]
            assert holding, words
            for row in holding:
                source = real.plans().set_index("id").loc[row["plan"], "source"]
                text = (shared / "plans" / source).read_text(encoding="utf-8-sig")
                assert plain(row["quote"]) == plain(text[row["start"] : row["end"]])
                assert words in plain(text[row["start"] - LEAD : row["end"]])
        for name, numbers in check.get("quoted_in", {}).items():
            for number in numbers:
                assert any(plain(quoted[number - 1]) in plain(row[name]) for row in rows), number
