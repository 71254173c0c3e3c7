"""The answers that issue 2 asks for, on the real plans."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Built

import kg
from kg.graph import Graph

PLAN = "000_efdb4f40cb8259ca.txt"


@pytest.fixture(scope="module")
def real(real_build: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    with kg.open(shutil.copy(real_build.store, tmp_path_factory.mktemp("copy"))) as graph:
        yield graph


def test_all_real_plans_build(real: Graph, real_build: Built, real_plans: list[Path]) -> None:
    assert sorted(real.plans().source) == [path.name for path in real_plans]
    assert [(Path(row.source).name, row.reason) for row in real.left_out().itertuples()] == [
        ("README.md", "not_a_plan")
    ]
    assert not any("pair_not_in_schema" in warning for warning in real_build.report.warnings)


def test_who_answers_for_satellite_phones(real: Graph, shared: Path) -> None:
    rows = real.who_is_responsible("卫星电话", plan=PLAN)
    assert rows.owner.tolist() == ["应急救援中心", None]
    first, goal = rows.to_dict("records")
    source = (shared / "plans" / PLAN).read_text(encoding="utf-8-sig")
    assert source[first["start"] : first["end"]] == first["quote"] and "卫星电话" in first["quote"]
    assert source[first["owner_start"] : first["owner_end"]] == "应急救援中心" and first["owner_start"] > first["end"]
    assert first["section"] and first["deadline"] == "汛期前" and goal["start"] < first["start"]


def test_who_answers_for_liability_insurance(real: Graph) -> None:
    assert set(real.who_is_responsible("安责险", plan=PLAN).owner) == {"基础科"}
    assert real.who_is_responsible("安责险").owner.iloc[0] == "基础科"


def test_pairs_that_share_most(real: Graph) -> None:
    rows = real.shared_owners(plan=PLAN, by="pairs")
    first, second = ({row["owner_a"], row["owner_b"]} for row in rows.head(2).to_dict("records"))
    assert (first, second) == ({"危化科", "基础科"}, {"协调科", "危化科"})
    assert rows.statements.tolist()[:2] == [11, 7]


def test_goals_without_owner(real: Graph) -> None:
    rows = real.uncovered(PLAN)
    targets = rows[rows.ground == "target_without_owner"]
    assert len(targets) == 3 and set(targets.state) == {"absent"}


def test_removing_and_adding_a_plan_gives_the_same_graph(real: Graph, shared: Path) -> None:
    before = [*real.nodes(), *real.relationships()]
    real.remove("衡阳市")
    assert len([*real.nodes(), *real.relationships()]) < len(before)
    real.add(shared / "plans" / "hengyang_2023_fangxun_yuan.txt")
    assert [*real.nodes(), *real.relationships()] == before
