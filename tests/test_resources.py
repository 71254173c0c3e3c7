"""Teams, supplies, facilities and systems: fixture texts, units, what they are for and who manages them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_texts import FIXTURES, marked_texts

from kg.extraction.annotations import NamedOwner
from kg.extraction.for_hazard import for_hazard, hazards_of_name
from kg.extraction.hazards import find_hazards
from kg.extraction.manages import managed, manages
from kg.extraction.matching import Dropped
from kg.extraction.resources import REASONS, TYPES, ResourceEntity, find_resources, group_resources
from kg.ontology import vocabulary

PIECES = "配备 应急物资 、 和 等 设备 交通 救援队 “ ” ( ) 《 》 系统 监测 3支 。 \n 市 中心 上报 应用".split(" ")


@pytest.mark.parametrize(("text", "taken", "expected"), marked_texts(FIXTURES / "resources" / "texts.txt"))
def test_text_names_resources(text: str, taken: list[tuple[int, int]], expected: list[str]) -> None:
    assert [f"{mention.type} {mention.name}" for mention in find_resources(text, taken)] == expected


def test_what_is_not_taken_is_reported() -> None:
    text = "整合队伍,检查办公设备,建强执法队伍,整治公园,排查人员密集场所。"
    dropped: list[Dropped] = []
    assert find_resources(text, dropped=dropped) == []
    assert {(text[item.start : item.end], item.reason) for item in dropped} == {
        ("队伍", "bare_class_word"),
        ("办公设备", "in_longer_phrase"),
        ("执法队伍", "in_longer_phrase"),
        ("公园", "not_near"),
        ("人员密集场所", "in_longer_phrase"),
    }
    assert {item.reason for item in dropped} <= set(REASONS)


def units(text: str) -> dict[str, ResourceEntity]:
    return {entity.name: entity for entity in group_resources(find_resources(text))}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("建设避灾安置场所。开放避灾场所。", {"避灾安置场所"}),
        ("培训灾害信息员。建立灾害信息员队伍。", {"灾害信息员"}),
        ("组建社会救援队伍。调动社会应急力量。", {"社会救援队伍"}),
        ("建成风险治理大数据平台。依托大数据平台分析。", {"风险治理大数据平台"}),
        (
            "建成风险治理大数据平台和人口大数据平台。依托大数据平台分析。",
            {"风险治理大数据平台", "人口大数据平台", "大数据平台"},
        ),
        ("配备卫星电话。检查卫星电话。", {"卫星电话"}),
        ("组建救援队。组建抢险队。", {"救援队", "抢险队"}),
    ],
)
def test_forms_of_one_unit_are_one_entity(text: str, names: set[str]) -> None:
    assert set(units(text)) == names


def test_aliases_are_the_other_forms() -> None:
    entity = units("建设区级社会救援队伍,提升社会应急力量。")["社会救援队伍"]
    assert entity.aliases == ("区级社会救援队伍", "社会应急力量")
    assert [mention.name for mention in entity.mentions] == ["社会救援队伍", "社会应急力量"]


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_mentions_are_stretches_of_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    mentions = find_resources(text)
    assert mentions == find_resources(text)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.form
        assert mention.left <= mention.start < mention.end
        assert mention.type in TYPES.values()
        assert mention.name
    grouped = [mention for entity in group_resources(mentions) for mention in entity.mentions]
    assert sorted(grouped, key=lambda m: (m.start, m.end)) == sorted(mentions, key=lambda m: (m.start, m.end))


@pytest.mark.parametrize("scheme", TYPES)
def test_named_kinds_are_found(scheme: str) -> None:
    missing = []
    for word, concept in vocabulary(scheme).forms():
        if concept.all("near"):
            continue
        found = find_resources(f"配备{word}。")
        if not any(mention.type == TYPES[scheme] and word in (mention.name, *mention.others) for mention in found):
            missing.append(word)
    bare = set(vocabulary("naming")["class-word"].forms)
    assert [word for word in missing if word not in bare] == []


def relations(text: str, committees: list[str] | None = None) -> set[tuple[str, str]]:
    places = [(name, (), [(m.start(), m.end()) for m in re.finditer(name, text)]) for name in committees or []]
    found = for_hazard(text, group_resources(find_resources(text)), find_hazards(text), places)
    return {(relation.head, relation.label) for relation in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("建强危化专业队伍。", {("危化专业队伍", "危险化学品事故")}),
        ("建立防汛、地震灾害等专家库。", {("专家库", "洪涝灾害"), ("专家库", "地震灾害")}),
        (
            "对水库、泵站等工程实施防洪和抗旱调度。",
            {(works, label) for works in ("水库", "泵站") for label in ("洪涝灾害", "干旱灾害")},
        ),
        ("探索无人机在森林火灾扑救中的应用。", {("无人机", "森林草原火灾")}),
        ("加强堤防、蓄滞洪区等防洪设施建设。", {(works, "洪涝灾害") for works in ("堤防", "蓄滞洪区", "防洪设施")}),
        ("完善监测网络,提高对气象灾害的综合监测能力。", {("监测网络", "气象灾害")}),
        ("开展地质灾害、水利工程巡查。", set()),
        ("增加航空器部署。", set()),
        ("防汛任务较重地区建设避灾安置场所。", set()),
        ("配备卫星电话,做好防汛工作。", set()),
    ],
)
def test_what_a_resource_is_for(text: str, expected: set[tuple[str, str]]) -> None:
    assert relations(text) == expected


def test_what_a_committee_is_for() -> None:
    text = (
        "县防汛抗旱指挥部负责全县工作。县减灾委是全县自然灾害救助的指挥机构。"
        "县减灾委办公室负责洪涝灾害统计。县安委会负责日常工作。"
    )
    committees = ["县防汛抗旱指挥部", "县减灾委", "县减灾委办公室", "县安委会"]
    assert relations(text, committees) == {
        ("县防汛抗旱指挥部", "洪涝灾害"),
        ("县防汛抗旱指挥部", "干旱灾害"),
        ("县减灾委", "自然灾害"),
    }
    assert hazards_of_name("区森防指") == ("森林草原火灾",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("区民政局:申请、管理、分配救灾款物并监督使用", ["救灾款物"]),
        ("负责救灾物资的收储、轮换和日常管理", ["救灾物资"]),
        ("按计划储备编织袋、冲锋舟、救生衣", ["编织袋", "冲锋舟", "救生衣"]),
        ("组建城市排涝应急救援队伍", ["排涝应急救援队伍"]),
        ("协助做好救灾物资的储备、管理工作", []),
        ("建立应急物资管理制度,完善应急物资采购机制", []),
        ("调用民兵,运送救灾物资", []),
        ("指定成员单位储备编织袋、救生衣", []),
        ("储备编织袋9万条、土工布500平方米", ["编织袋", "土工布"]),
        ("加强救灾物资储备,完善采购机制", ["救灾物资"]),
        ("建立以社区为基础的灾情信息网", ["灾情信息网"]),
    ],
)
def test_who_manages_what(text: str, expected: list[str]) -> None:
    resources = find_resources(text)
    assert [mention.name for mention in managed(text, 0, len(text), resources)] == expected
    listed = [_owner(name) for name in ("甲局", "乙局")]
    pairs = manages(text, 0, len(text), listed, resources)
    assert [(owner.name, mention.name) for owner, mention in pairs] == [
        (owner, name) for name in expected for owner in ("甲局", "乙局")
    ]


def test_who_is_named_behind_a_resource_does_not_manage_it() -> None:
    text = "建立专家库,甲局负责培训"
    resources = find_resources(text)
    assert manages(text, 0, len(text), [_owner("甲局", text)], resources) == []
    assert [owner.name for owner, _ in manages(text, 0, len(text), [_owner("乙局")], resources)] == ["乙局"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲局组建抢险队，乙局组建医疗救援队", [("甲局", "抢险队"), ("乙局", "医疗救援队")]),
        ("甲局和乙局组建抢险队，各林场配备风力灭火机", [("甲局", "抢险队"), ("乙局", "抢险队")]),
        ("防汛抢险队由甲局组建和管理，乙局负责培训", [("甲局", "防汛抢险队")]),
        ("甲局规划、建设救灾物资储备库", [("甲局", "救灾物资储备库")]),
    ],
)
def test_each_unit_keeps_what_its_clause_names(text: str, expected: list[tuple[str, str]]) -> None:
    owners = [_owner(name, text) for name in ("甲局", "乙局") if name in text]
    pairs = manages(text, 0, len(text), owners, find_resources(text))
    assert sorted((owner.name, mention.name) for owner, mention in pairs) == sorted(expected)


def _owner(name: str, text: str = "") -> NamedOwner:
    """A unit where the text names it, else one of a duty list before it."""
    start = text.index(name) if text else -10
    return NamedOwner(start, start + len(name), name, "Agency", False, "responsible")


def test_no_word_of_names_holds_a_mark_that_parts_clauses() -> None:
    """Names are read clause by clause, so that a word over such a mark would never be found."""
    schemes = ("naming", *TYPES)
    assert [
        word for scheme in schemes for word in vocabulary(scheme).words() if re.search("[，,。；;：:！？!?]", word)
    ] == []
