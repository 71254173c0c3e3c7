"""The questions, on plans made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from handmade import facts, graph_of, other_district, yunxi_2024, yunxi_2025

from kg.errors import UsageError
from kg.graph import Graph
from kg.queries import queries, query
from kg.queries.coverage import COLUMNS as GAP_COLUMNS
from kg.queries.responsible import COLUMNS as WHO_COLUMNS


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with graph_of(yunxi_2024(), yunxi_2025(), other_district()) as made:
        yield made


def test_every_query_says_what_it_asks_and_returns_its_columns(graph: Graph) -> None:
    values = {"plan": "x", "status": "", "level": "", "label": "", "name": ""}
    for name in queries():
        one = query(name)
        assert one.zh.endswith("?") and one.en.endswith("?") and one.columns
        assert set(one.parameters) == {word[1:].strip(",)") for word in one.text.split() if word.startswith("$")}
        assert "ORDER BY" in one.text
        result = graph.store.run(one.text, {key: values.get(key, ["x"]) for key in one.parameters})
        assert tuple(result.columns) == one.columns


# who


def owners(graph: Graph, topic: str, **options: Any) -> list[tuple[str | None, str]]:
    rows = graph.who_is_responsible(topic, **options)
    return [(row.owner, row.task) for row in rows.itertuples()]


def test_who_has_its_columns_words_and_places(graph: Graph) -> None:
    rows = graph.who_is_responsible("卫星电话", plan="云溪2024.txt")
    assert tuple(rows.columns) == WHO_COLUMNS
    first = rows.to_dict("records")[0]
    assert first["owner"] == "救援科" and first["parent"] == "云溪区应急管理局" and first["generic"] is False
    assert first["role"] == "responsible" and first["basis"] == "annotation" and first["status"] == "planned"
    assert first["section"] == "1.加强防汛工作" and first["deadline"] == "汛期前" and first["why"] == "text: 卫星电话"
    assert first["quote"].startswith("汛期前") and first["end"] - first["start"] == len(first["quote"])
    assert first["owner_quote"] == "救援科" and first["owner_end"] - first["owner_start"] == 3
    assert first["plan"] == graph.plans().query("source == '云溪2024.txt'").id.item()


def test_a_task_that_names_no_one_comes_last_once(graph: Graph) -> None:
    assert owners(graph, "卫星电话") == [
        ("救援科", "汛期前为多灾易灾村配备卫星电话、排水泵"),
        ("综合科", "汛期前为多灾易灾村配备卫星电话、排水泵"),
        (None, "卫星电话实现全覆盖"),
    ]


def test_a_hazard_finds_synonyms_and_narrower_ones_never_broader(graph: Graph) -> None:
    flood = graph.who_is_responsible("防汛")
    tasks = dict(zip(flood.task, flood.why, strict=True))
    assert tasks["备足防汛物资"] == "text: 防汛"
    assert tasks["检修排水泵"] == "hazard: 洪涝灾害"
    assert tasks["开展山洪灾害隐患点排查"] == "narrower hazard: 山洪灾害"
    assert tasks["汛期前为多灾易灾村配备卫星电话、排水泵"] == "heading: 防汛"
    assert flood.task.tolist()[0] == "备足防汛物资"
    assert set(graph.who_is_responsible("山洪").task) == {"开展山洪灾害隐患点排查"}


def test_a_topic_of_two_words_means_both(graph: Graph) -> None:
    rows = graph.who_is_responsible("防汛物资")
    assert rows.why.tolist()[0] == "text: 防汛物资"
    assert "text: 防汛; resource: 防汛物资" not in rows.why.tolist()
    assert set(rows.task) == {"备足防汛物资", "检修排水泵", "汛期前为多灾易灾村配备卫星电话、排水泵"}
    assert set(graph.who_is_responsible("防汛 卫星电话").task) == {"汛期前为多灾易灾村配备卫星电话、排水泵"}


def test_free_words_are_looked_for_in_the_text(graph: Graph) -> None:
    assert owners(graph, "安责险") == [("综合科", "推广安责险")]


def test_no_match_gives_no_rows_and_the_nearest_topics(graph: Graph) -> None:
    rows = graph.who_is_responsible("排水设备")
    assert rows.empty and tuple(rows.columns) == WHO_COLUMNS
    assert "排水泵" in rows.attrs["nearest"]


def test_who_by_role_plan_status_and_place(graph: Graph) -> None:
    assert owners(graph, "山洪", role="lead") == [("区水利局", "开展山洪灾害隐患点排查")]
    assert owners(graph, "排水泵", plan="2025") == [("区水利局", "检修排水泵")]
    assert {owner for owner, _ in owners(graph, "排水泵", place="石桥区")} == {"区水利局", "有关部门"}
    assert owners(graph, "森林防火", status="planned") == []
    assert owners(graph, "森林防火", status="reported") == [(None, "完成森林防火宣传")]


def test_groups_are_marked_and_the_urged_are_no_owners(graph: Graph) -> None:
    rows = graph.who_is_responsible("排水泵", place="石桥区")
    assert dict(zip(rows.owner, rows.generic, strict=True)) == {"区水利局": False, "有关部门": True}
    assert owners(graph, "落实责任") == [("云溪区应急管理局", "督促各镇(街道)落实责任")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"topic": "  "}, "no topic"),
        ({"role": "boss"}, "no role"),
        ({"status": "done"}, "no status"),
        ({"level": "5"}, "no response level"),
        ({"plan": "2031"}, "no plan matches"),
        ({"plan": "2024"}, "matches 2 plans"),
        ({"place": "火星"}, "no plan of a place"),
    ],
)
def test_wrong_calls_are_usage_errors(graph: Graph, options: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        graph.who_is_responsible(options.pop("topic", "防汛"), **options)


def test_response_levels_are_read_in_all_forms() -> None:
    from kg.queries.response_levels import read_level

    assert {read_level(form) for form in ("Ⅲ", "III", "iii级", "3", "三级", "Ⅲ级响应")} == {"Ⅲ"}


# shared


def test_tasks_that_share_owners(graph: Graph) -> None:
    rows = graph.shared_owners(plan="云溪区 2024")
    assert list(rows.columns) == ["owners", "task", "plan", "section", "quote", "start", "end", "position"]
    assert rows.owners.tolist() == [["救援科", "综合科"], ["区水利局", "区气象局"], ["危化科", "综合科"]]
    assert rows.start.is_monotonic_increasing


def test_pairs_count_tasks_and_statements(graph: Graph) -> None:
    plan = facts(
        "甲 | 危化科/基础科", "乙 | 基础科/危化科/协调科", "丙 | 协调科/危化科/有关部门", title="t", number="1"
    )
    rows = graph_of(plan).shared_owners(by="pairs")
    assert rows.to_dict("split")["data"][:2] == [["协调科", "危化科", 2, 2], ["危化科", "基础科", 2, 2]]
    assert ["危化科", "有关部门", 1, 1] in rows.to_dict("split")["data"]
    assert all(row["owner_a"] < row["owner_b"] for row in graph.shared_owners(by="pairs").to_dict("records"))


def test_load_of_owners(graph: Graph) -> None:
    rows = graph.shared_owners(by="load")
    assert list(rows.columns) == ["owner", "tasks", "lead", "responsible", "support", "hazards"]
    first = rows.to_dict("records")[0]
    assert first == {"owner": "综合科", "tasks": 3, "lead": 0, "responsible": 3, "support": 0, "hazards": 1}
    assert {"owner": "区水利局", "tasks": 2, "lead": 1, "responsible": 1, "support": 0, "hazards": 2} in rows.to_dict(
        "records"
    )


def test_shared_by_something_else_is_a_usage_error(graph: Graph) -> None:
    with pytest.raises(UsageError, match="tasks, pairs, load"):
        graph.shared_owners(by="colour")


# uncovered


def test_what_a_plan_leaves_uncovered(graph: Graph) -> None:
    rows = graph.uncovered("云溪2024.txt")
    assert tuple(rows.columns) == GAP_COLUMNS
    inside = rows[~rows.ground.isin(["element", "hazard_class"])]
    found = {(row.ground, row.quote if row.ground.startswith("ta") else row.item) for row in inside.itertuples()}
    assert found == {
        ("task_without_owner", "修订生产安全事故应急预案"),
        ("task_without_owner", "卫星电话实现全覆盖"),
        ("task_without_deadline", "备足防汛物资"),
        ("task_without_deadline", "开展危险化学品企业专项检查"),
        ("task_without_deadline", "推广安责险"),
        ("task_without_deadline", "修订生产安全事故应急预案"),
        ("task_without_deadline", "卫星电话实现全覆盖"),
        ("target_without_owner", "+ 生产安全事故起数 - 20 %"),
        ("hazard_without_task", "地震灾害"),
        ("hazard_without_resource", "地震灾害"),
        ("hazard_without_resource", "山洪灾害"),
        ("hazard_without_resource", "森林草原火灾"),
        ("hazard_without_resource", "生产安全事故"),
        ("hazard_without_resource", "危险化学品事故"),
    }
    absent = rows[rows.state == "absent"]
    assert absent.searched.notna().all() and rows.why.notna().all()
    torrent = rows[(rows.item == "山洪灾害")].iloc[0]
    assert torrent.state == "stated_elsewhere" and "抢险队用于上位灾种洪涝灾害" in torrent.why
    assert set(rows[rows.ground == "hazard_class"].item) >= {"公共卫生事件", "社会安全事件", "核与辐射事故"}


def test_a_hazard_whose_tasks_name_no_one() -> None:
    rows = graph_of(facts("巡查林区 | | 森林草原火灾", "处置火情 | | 煤矿事故 | | | reported")).uncovered("2024")
    assert rows[rows.ground == "hazard_without_owner"].item.tolist() == ["森林草原火灾"]


def test_states_of_findings() -> None:
    plan = facts(
        "# 地震",
        "开展宣传 | 区水利局",
        "# 其他",
        "检查桥梁 | 区水利局 | 水旱灾害",
        "检查桥梁 | ",
        "整修\ufffd路 | ",
        entities=(("Hazard", "干旱灾害", ("旱情",)),),
    )
    rows = graph_of(plan).uncovered("2024")
    states = {
        (row.ground, row.item if row.ground.startswith("hazard") else row.quote): row.state for row in rows.itertuples()
    }
    assert states["task_without_owner", "检查桥梁"] == "stated_elsewhere"
    assert states["task_without_owner", "整修\ufffd路"] == "cannot_be_judged"
    assert states["hazard_without_task", "干旱灾害"] == "stated_elsewhere"


def test_plans_are_named_in_many_ways(graph: Graph) -> None:
    from kg.queries.plans import resolve_plan

    identifier = resolve_plan(graph.store, "云溪2025.txt")
    for name in (identifier, "云溪区应急管理局2025年工作要点", "云溪 2025", "2025", "云溪2025.TXT", " 云溪市 2025"):
        assert resolve_plan(graph.store, name) == identifier
    with pytest.raises(UsageError, match="there are: plan-"):
        resolve_plan(graph.store, "nowhere")
    with pytest.raises(UsageError, match="no plan named"):
        resolve_plan(graph.store, "")
