"""Tasks by deadline, and targets beside what was reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import kg
from kg.errors import UsageError
from kg.graph import Graph
from kg.queries.targets import COLUMNS as TARGETS
from kg.queries.targets import figures_of
from kg.queries.timeline import COLUMNS

YEAR_2024, YEAR_2025, REPORT = "yunzhu_2024_yaodian.txt", "yunzhu_2025_yaodian.txt", "yunzhu_2024_zongjie.txt"
A, B, E = "000_efdb4f40cb8259ca.txt", "001_cfbf02f1732e39fa.txt", "004_c7e421b6773bf247.txt"


@pytest.fixture(scope="module")
def samples(examples: Path) -> Iterator[Graph]:
    with kg.build(examples / "plans") as graph:
        yield graph


@pytest.fixture(scope="module")
def real(shared: Path) -> Iterator[Graph]:
    with kg.build([shared / "plans" / name for name in (A, B, E)]) as graph:
        yield graph


def test_due_and_overdue_at_a_day(samples: Graph) -> None:
    rows = samples.timeline(YEAR_2025, at="2025-06-30")
    assert tuple(rows.columns) == COLUMNS
    dated = rows[rows.date.notna()]
    assert dated.date.tolist() == sorted(dated.date) and set(rows[rows.date.isna()].state) <= {"undated"}
    states = dict(zip(dated.date, dated.state, strict=True))
    assert states["2025-05-31"] == "overdue" and states["2025-06-30"] == states["2025-12-20"] == "due"
    village = rows[rows.task.str.contains("多灾易灾村")].iloc[0]
    assert village.owners == ["应急保障中心"] and village.deadline == "6月底前" and village.section
    assert samples.timeline(YEAR_2025, at=date(2025, 7, 1)).state.tolist().count("overdue") > list(rows.state).count(
        "overdue"
    )


def test_a_season_has_no_date_and_stands_last(samples: Graph) -> None:
    rows = samples.timeline(YEAR_2024, at="2024-01-01")
    undated = rows[rows.state == "undated"]
    assert "汛期前" in set(undated.deadline) and rows.state.tolist()[-len(undated) :] == ["undated"] * len(undated)


def test_without_a_plan_all_plans_without_a_day_today(samples: Graph) -> None:
    rows = samples.timeline()
    assert rows["plan"].nunique() > 3
    assert ((rows.date < date.today().isoformat()) == (rows.state == "overdue"))[rows.date.notna()].all()
    with pytest.raises(UsageError, match="no date; write it as"):
        samples.timeline(at="next week")


def test_what_has_to_be_done_by_the_end_of_june(real: Graph) -> None:
    """Question 18."""
    rows = real.timeline(B, at="2022-07-01")
    june = rows[rows.date == "2022-06-30"]
    assert len(june) == 1 and june.state.tolist() == ["overdue"] and "城市生命线" in june.task.iloc[0]


def test_targets_beside_what_was_reported(samples: Graph) -> None:
    rows = samples.targets(YEAR_2024)
    assert tuple(rows.columns) == TARGETS
    found = {row.measure: (row.comparator, row.value, row.unit, row.reported) for row in rows.itertuples()}
    assert found["达标率"] == (">=", 85, "%", 85.7)
    assert found["推动5家涉及高危工艺的企业完成自动化控制改造"] == ("=", 5, "家", 3)
    assert found["全年培训6000人次以上"] == (">=", 6000, "人次", 6230)
    assert found["年内完成6处避灾安置场所提档升级"][3] == 6
    next_year = {row.measure: row.reported for row in samples.targets(YEAR_2025).itertuples()}
    assert next_year["年内完成9处避灾安置场所提档升级"] == 6 and next_year["建立航空应急救援起降点4处"] is None
    goals = rows[rows.task.isna()]
    assert len(goals) and all(owners == [] for owners in goals.owners)


def test_figures_of_work_done() -> None:
    found = figures_of([{"task": "建成瞭望塔78个、消防水池设施349处,培训8.17万人次,达标率50.28%,第3次会议"}])
    assert [(figure.value, figure.unit) for figure in found] == [
        (78, "个"),
        (349, "处"),
        (8.17, "万人次"),
        (50.28, "%"),
    ]


def test_questions_about_targets(real: Graph) -> None:
    """Questions 16 and 17."""
    rates = {plan: rows for plan in (A, E) for rows in [real.targets(plan)]}
    death = rates[A][rates[A].measure.str.contains("亿元GDP死亡率")]
    assert death[["comparator", "value", "unit"]].values.tolist() == [["-", 24, "%"]]
    assert not rates[E].measure.str.contains("亿元GDP").any()
    plants = rates[E][rates[E].unit == "套"]
    assert plants[["value", "reported"]].values.tolist() == [[25, 8]] and "化工" in plants.task.iloc[0]
