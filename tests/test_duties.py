"""Duties of a unit, the ledger, resources, mentions, relations, and shared ownership in depth, on plans made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from handmade import facts, graph_of, ledgers, other_district, yunxi_2024, yunxi_2025

from kg.errors import UsageError
from kg.extraction.facts import Facts
from kg.graph import Graph
from kg.queries.shared import COLUMNS


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with graph_of(yunxi_2024(), yunxi_2025(), other_district()) as made:
        yield made


@pytest.fixture(scope="module")
def shared() -> Iterator[Graph]:
    """Two circles of owners that 水利局 joins; 气象局 hangs on it alone."""
    plan = facts(
        "甲 | 危化科/基础科 | 危险化学品事故 | | 5月底前",
        "乙 | 基础科/危化科/协调科 | 火灾事故 | | 5月底前",
        "丙 | 协调科 lead/水利局 lead | 洪涝灾害 | 冲锋舟",
        "丁 | 水利局/气象局 support | 洪涝灾害 | 排水泵",
        "戊 | 水利局 | 山洪灾害 | 排水泵",
        "己 | | 山洪灾害 | 冲锋舟",
    )
    with graph_of(plan) as made:
        yield made


def rows(frame: Any, *columns: str) -> list[tuple[Any, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_the_duties_of_a_unit(graph: Graph) -> None:
    found = graph.duties_of("综合科")
    assert rows(found, "task", "alone", "others") == [
        ("汛期前为多灾易灾村配备卫星电话、排水泵", False, ["救援科"]),
        ("开展危险化学品企业专项检查", False, ["危化科"]),
        ("推广安责险", True, []),
    ]
    assert set(found.owner) == {"综合科"} and set(found.parent) == {"云溪区应急管理局"}
    assert found.statement.nunique() == len(found)
    first = found.iloc[0]
    assert first.end - first.start == len(first.quote) and first.owner_end - first.owner_start == 3


def test_duties_by_plan_part_of_a_name_and_no_name(graph: Graph) -> None:
    assert len(graph.duties_of("区水利局")) == len(graph.duties_of("水利局")) == 3
    assert rows(graph.duties_of("区水利局", plan="2025"), "task") == [("检修排水泵",)]
    none = graph.duties_of("水务")
    assert none.empty and list(none.columns) == list(graph.duties_of("区水利局").columns) and "nearest" in none.attrs
    with pytest.raises(UsageError, match="no unit"):
        graph.duties_of(" ")


def test_the_urged_are_listed_only_when_asked_for(graph: Graph) -> None:
    assert graph.duties_of("各镇(街道)").empty
    found = graph.duties_of("各镇(街道)", addressed=True)
    assert rows(found, "role", "task", "others", "alone") == [
        ("addressed", "督促各镇(街道)落实责任", ["云溪区应急管理局"], False)
    ]


def test_the_ledger(graph: Graph) -> None:
    every = graph.tasks()
    assert len(every) == graph.plans().tasks.sum() and every.id.is_unique
    assert len(graph.tasks(owned=True)) == graph.plans().owned.sum()
    assert len(graph.tasks(owned=True)) + len(graph.tasks(owned=False)) == len(every)
    assert set(graph.tasks(status="reported").task) == {"完成森林防火宣传"}
    one = every[every.task == "汛期前为多灾易灾村配备卫星电话、排水泵"].iloc[0]
    assert one.responsible == ["救援科", "综合科"] and one.leads == [] and one.resources == ["卫星电话", "排水泵"]
    with pytest.raises(UsageError, match="no status"):
        graph.tasks(status="done")


def test_tasks_that_only_support() -> None:
    with graph_of(
        facts(
            "配合省级部门建平台 | 甲科",
            "建平台,配合省级部门 | 甲科",
            "演练 | 甲科 support",
            "检查 | 甲科 lead/乙科 support",
        )
    ) as made:
        assert rows(made.tasks(only_supports=True), "task") == [("配合省级部门建平台",), ("演练",)]


def test_resources_by_kind_hazard_and_place(shared: Graph, graph: Graph) -> None:
    found = shared.resources()
    assert rows(found, "resource", "used_by", "tasks") == [
        ("冲锋舟", ["协调科", "水利局"], 2),
        ("排水泵", ["水利局", "气象局"], 2),
    ]
    assert found.quote.tolist() == ["丙", "丁"]
    assert rows(shared.resources(hazard="山洪"), "resource", "why") == [
        ("冲锋舟", "task against hazard: 山洪灾害"),
        ("排水泵", "task against hazard: 山洪灾害"),
    ]
    assert rows(shared.resources(hazard="防汛"), "why")[0] == ("task against hazard: 洪涝灾害",)
    assert shared.resources(hazard="地震").empty and shared.resources("队伍").empty
    assert rows(shared.resources("排水泵"), "resource") == [("排水泵",)]
    assert set(graph.resources("物资", place="石桥区").resource) == {"排水泵"}
    assert set(graph.resources("Team", plan="云溪2024.txt").resource) == {"抢险队"}
    with pytest.raises(UsageError, match="no hazard"):
        shared.resources(hazard="卫星电话")


def test_each_plan_says_how_many_there_are_and_where() -> None:
    with graph_of(*ledgers()) as made:
        counts = {(6, "艘", ("东港仓库",)), (40, "只", ("西港仓库",))}
        columns = ("quantity", "unit", "kept_at")
        assert {(q, u, tuple(places)) for q, u, places in rows(made.resources("冲锋舟"), *columns)} == counts
        assert rows(made.resources("冲锋舟", plan="2025.txt"), *columns) == [(40, "只", ["西港仓库"])]
        (both,) = made.nodes("Supply")  # the node that they share: the least, with its own unit, and all places
        assert (both["quantity"], both["unit"], both["kept_at"]) == (6, "艘", ["东港仓库", "西港仓库"])


def test_mentions_have_words_and_places(graph: Graph) -> None:
    found = graph.mentions("卫星电话", plan="云溪2024.txt")
    assert set(found.label) == {"Supply"} and "卫星电话" in set(found.name)
    assert (found.end - found.start == found.quote.str.len()).all()
    assert set(graph.mentions(type="hazard").label) == {"Hazard"}
    with pytest.raises(UsageError, match="no type"):
        graph.mentions(type="Dog")


def test_relations_of_a_unit() -> None:
    plan = facts(
        "演练 | 防汛办",
        entities=(("Committee", "区防汛指挥部", ()), ("Committee", "防汛办", ()), ("Agency", "区水利局", ())),
        relations=(
            ("防汛办", "Committee", "HOSTED_BY", "区水利局", "Agency"),
            ("防汛办", "Committee", "OFFICE_OF", "区防汛指挥部", "Committee"),
        ),
    )
    with graph_of(plan) as made:
        assert set(rows(made.relations_of("防汛办"), "unit", "relation", "other")) == {
            ("防汛办", "HOSTED_BY", "区水利局"), ("防汛办", "OFFICE_OF", "区防汛指挥部"),
        }  # fmt: skip
        assert rows(made.relations_of("区水利局"), "relation") == [("HOSTED_BY",)]
        assert made.relations_of("没有这个单位").empty


# shared ownership


def test_groups_and_tasks_of_given_owners(shared: Graph) -> None:
    found = shared.shared_owners(by="groups")
    assert (["协调科", "危化科", "基础科"], 3, 1, 1) in rows(found, "owners", "size", "tasks", "statements")
    assert len(found) == 4
    assert rows(shared.shared_owners(owners=["危化科", "基础科"]), "task") == [("甲",), ("乙",)]
    assert rows(shared.shared_owners(owners=["危化科", "水利局"]), "task") == []
    with pytest.raises(UsageError, match="owners"):
        shared.shared_owners(by="pairs", owners=["危化科"])


def test_the_network_its_communities_and_bridges(shared: Graph) -> None:
    network = shared.shared_owners(by="network")
    assert rows(network, "owner", "partners")[0] == ("协调科", 3)
    by_owner = network.set_index("owner")
    assert by_owner.loc["水利局", "betweenness"] > by_owner.loc["危化科", "betweenness"] == 0
    assert (
        by_owner.loc["危化科", "community"]
        == by_owner.loc["基础科", "community"]
        != by_owner.loc["气象局", "community"]
    )
    groups = shared.shared_owners(by="communities")
    assert sorted(one for owners in groups.owners for one in owners) == sorted(network.owner)
    bridges = shared.shared_owners(by="bridges")
    assert set(rows(bridges, "kind", "owner_a", "owner_b", "parts")) == {
        ("unit", "协调科", None, 2), ("unit", "水利局", None, 2),
        ("link", "协调科", "水利局", 2), ("link", "水利局", "气象局", 2) if "水利局" < "气象局" else ("link", "气象局", "水利局", 2),
    }  # fmt: skip


def test_load_by_hazard_and_deadline(shared: Graph) -> None:
    assert ("水利局", "洪涝灾害", 2, 1, 1, 0) in rows(shared.shared_owners(by="hazards"), *COLUMNS["hazards"])
    assert ("危化科", "5月底前", 2, 0, 2, 0) in rows(shared.shared_owners(by="deadlines"), *COLUMNS["deadlines"])


def test_what_hangs_on_one_owner(shared: Graph) -> None:
    assert rows(shared.shared_owners(by="single"), "kind", "item", "owner", "tasks") == [
        ("Hazard", "山洪灾害", "水利局", 1)
    ]


def test_tasks_with_several_leads_or_none(shared: Graph) -> None:
    assert rows(shared.shared_owners(by="leads"), "task", "leads") == [("丙", ["协调科", "水利局"])]
    assert rows(shared.shared_owners(by="no_lead"), "task") == [("乙",)]


@pytest.mark.parametrize("by", list(COLUMNS))
def test_every_view_has_its_columns_and_may_be_empty(graph: Graph, by: str) -> None:
    assert tuple(graph.shared_owners(by=by).columns) == COLUMNS[by]
    with graph_of(facts("甲 | ")) as empty:
        assert empty.shared_owners(by=by).empty


# by response level and law


def levels() -> Facts:
    from dataclasses import replace

    plan = facts(
        "报告灾情 | 区水利局", "调拨物资 | 区民政局", "派出工作组 | ", "启动Ⅲ级响应演练 | 综合科", "报告灾情 | 综合科"
    )
    marks = ("Ⅲ", "Ⅲ", "Ⅲ", None, "Ⅳ")
    tasks = tuple(replace(task, response_level=mark) for task, mark in zip(plan.tasks, marks, strict=True))
    return replace(plan, tasks=tasks)


def test_who_does_what_at_a_level_in_the_order_of_the_plan() -> None:
    with graph_of(levels()) as made:
        found = made.who_is_responsible("启动Ⅲ级响应")
        wanted = [("区水利局", "报告灾情"), ("区民政局", "调拨物资"), (None, "派出工作组")]
        assert rows(found, "owner", "task") == wanted and set(found.why) == {"level: Ⅲ"}
        assert rows(made.who_is_responsible("启动响应", level="3"), "owner", "task") == wanted
        assert rows(made.who_is_responsible("启动Ⅲ级响应", level="Ⅲ"), "owner", "task") == wanted
        assert rows(made.who_is_responsible("Ⅲ级响应 物资"), "owner") == [("区民政局",)]
        assert rows(made.who_is_responsible("启动Ⅲ级响应演练"), "owner") == [("综合科",)]


def test_a_law_is_a_topic() -> None:
    from dataclasses import replace

    from kg.extraction.facts import Citation

    plan = facts("落实救助 | 综合科", "宣传防洪法 | 区水利局")
    cited = Citation("中华人民共和国突发事件应对法", plan.tasks[0].evidence)
    plan = replace(plan, tasks=(replace(plan.tasks[0], cites=(cited,)), plan.tasks[1]))
    with graph_of(plan) as made:
        for topic in ("突发事件应对法", "《突发事件应对法》"):
            assert rows(made.who_is_responsible(topic), "owner", "why") == [("综合科", f"cites: {cited.title}")]
