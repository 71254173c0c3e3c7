"""Two plans side by side, and which tasks of them are the same task."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from handmade import facts, graph_of

import kg
from kg.errors import UsageError
from kg.graph import Graph
from kg.queries.comparison import CHANGES, COLUMNS
from kg.queries.matching import Likeness, figures, key, nearest, pairs

YEAR_2024, YEAR_2025, REPORT = "yunzhu_2024_yaodian.txt", "yunzhu_2025_yaodian.txt", "yunzhu_2024_zongjie.txt"


@pytest.fixture(scope="module")
def samples(examples: Path) -> Iterator[Graph]:
    with kg.build(examples / "plans") as graph:
        yield graph


# likeness


def test_numbers_years_punctuation_and_places_do_not_count() -> None:
    assert key("2024年,为12个村配备卫星电话。") == key("2025年为20个村配备卫星电话") == "为个村配备卫星电话"
    assert key("云渚区开展巡查", ["云渚区"]) == "开展巡查"
    assert figures("2025年6月底前为20个村配备,达标率85％以上,1.5万人") == ["20个", "85%", "1.5万人"]


def test_each_text_is_paired_once_with_its_best() -> None:
    a = ["开展汛前检查", "推广安责险", "组织森林火灾演练"]
    b = ["组织森林火灾扑救演练", "开展汛前大检查", "开展汛前检查"]
    assert {(pair.a, pair.b) for pair in pairs(a, b)} == {(0, 2), (2, 0)}
    assert {i: pair.b for i, pair in nearest(a, b).items()} == {0: 2, 2: 0}
    assert Likeness(a, b).nearest_back()[1].b == 0
    assert pairs([], b) == [] and nearest(a, []) == {}
    assert pairs(["一"], ["一"])[0].score == pytest.approx(1)


# compare


def test_kept_changed_dropped_and_new_of_two_years(samples: Graph) -> None:
    rows = samples.compare(YEAR_2024, YEAR_2025)
    assert tuple(rows.columns) == COLUMNS
    assert rows["change"].tolist() == sorted(rows["change"], key=CHANGES.index)
    by_words = {row.task_a or row.task_b: row for row in rows[rows.change != "target"].itertuples()}

    def of(words: str) -> tuple[str, str | None]:
        (row,) = [row for task, row in by_words.items() if words in task]
        return row.change, row.what

    for words in ("组织开展汛前大检查", "聚焦粉尘涉爆", "推动5家涉及高危工艺的企业"):
        assert of(words) == ("kept", None)
    assert of("汛期前补足防汛物资") == of("严格烟花爆竹经营许可") == ("changed", "owner")
    for words in (
        "多灾易灾村",
        "完成6处避灾安置场所提档升级，10月底前",
        "民间救援队",
        "推进乡镇（街道）专职消防队达标",
        "小微企业园",
        "培训6000人次",
    ):
        assert of(words) == ("changed", "target"), words
    assert of("巡查反馈问题")[0] == "changed" and "deadline" in (of("巡查反馈问题")[1] or "")
    for words in ("矿山闭坑", "旱情监测会商", "巨灾保险", "敲门行动", "电动自行车", "百日攻坚", "体验馆", "“十四五”"):
        assert of(words)[0] == "dropped", words
    for words in (
        "航空应急救援起降点",
        "三级储备网络",
        "自救互救预案",
        "动火作业",
        "扫码入企",
        "工业互联网",
        "“十五五”规划编制",
    ):
        assert of(words)[0] == "new", words
    village = by_words[next(task for task in by_words if "多灾易灾村" in task)]
    assert "12个→20个" in village.why and village.owners_a == village.owners_b == ["应急保障中心"]
    assert 0 < village.start_a < village.end_a and 0 < village.start_b < village.end_b


def test_targets_side_by_side_and_reported(samples: Graph) -> None:
    rows = samples.compare(YEAR_2024, YEAR_2025)
    targets = rows[rows.change == "target"]
    assert ">= 85 % → = 100 %" in set(targets.why) and "= 6 处 → = 9 处" in set(targets.why)
    reported = samples.compare(YEAR_2024, REPORT)
    found = dict(
        zip(reported[reported.change == "target"].what, reported[reported.change == "target"].why, strict=True)
    )
    assert found["达标率"] == ">= 85 % → 报告85.7%"
    assert found["推动5家涉及高危工艺的企业完成自动化控制改造"] == "= 5 家 → 报告3家"


def test_the_other_way_round_swaps_the_sides(samples: Graph) -> None:
    there, back = samples.compare(YEAR_2024, YEAR_2025), samples.compare(YEAR_2025, YEAR_2024)
    names = {"dropped": "new", "new": "dropped"}
    left = {
        (names.get(row.change, row.change), row.task_b, row.task_a)
        for row in there.itertuples()
        if row.change != "target"
    }
    right = {(row.change, row.task_a, row.task_b) for row in back.itertuples() if row.change != "target"}
    assert left == right


def test_units_of_different_places_are_compared_by_what_they_are() -> None:
    city = facts(
        "检修排水泵站和涵闸 | 市水利局/市气象局",
        title="云溪市2024年工作要点",
        issuer=None,
        place="云溪市",
        source="a.txt",
    )
    county = facts(
        "检修排水泵站和涵闸 | 区水利局",
        title="云溪市石桥区2024年工作要点",
        issuer=None,
        place="云溪市石桥区",
        source="b.txt",
    )
    same = facts(
        "检修排水泵站和涵闸 | 区水利局/区气象局",
        title="云溪市柳湾区2024年工作要点",
        issuer=None,
        place="云溪市柳湾区",
        source="c.txt",
    )
    with graph_of(city, county, same) as graph:
        assert graph.compare("a.txt", "b.txt").loc[0, ["change", "what"]].tolist() == ["changed", "owner"]
        assert graph.compare("a.txt", "b.txt").loc[0, "why"] == "责任单位减市气象局"
        assert graph.compare("a.txt", "c.txt").loc[0, "change"] == "kept"
        with pytest.raises(UsageError, match="the same plan"):
            graph.compare("a.txt", "a.txt")


def test_a_role_that_changes_is_a_change() -> None:
    first = facts("修订防汛预案 | 救援科 lead/综合科 support", source="a.txt")
    second = facts("修订防汛预案 | 救援科/综合科", title="云溪区应急管理局2025年工作要点", year=2025, source="b.txt")
    with graph_of(first, second) as graph:
        row = graph.compare("a.txt", "b.txt").iloc[0]
        assert (row["change"], row["what"]) == ("changed", "owner") and "角色" in row["why"]


def test_real_plans_of_two_provinces(shared: Path) -> None:
    names = ("hubei_2016_jiuzhu_yuan.txt", "shaanxi_jiuzhu_yuan_ocr.txt")
    with kg.build([shared / "plans" / name for name in names]) as graph:
        rows = graph.compare(*names)
        tasks = graph.plans().set_index("source").tasks
        for side, name in zip("ab", names, strict=True):
            of_side = rows[(rows.change != "target") & rows[f"task_{side}"].notna()]
            assert len(of_side) == tasks[name]  # every task stands in one row
        same = rows[rows.change.isin(["kept", "changed"])]
        assert len(same) > 20 and (same.score >= 0.6).all()
        source = (shared / "plans" / names[0]).read_text(encoding="utf-8-sig")
        assert all(source[row.start_a : row.end_a][:4] == row.task_a[:4] for row in same.head(20).itertuples())
