"""Identity: which place a plan is of, and which unit a name means. The cases stand in fixtures/identity."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Built
from handmade import facts, other_district, yunxi_2024, yunxi_2025
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extraction.facts import Facts
from kg.graph import Graph
from kg.ontology.divisions import divisions
from kg.store import plan_rows
from kg.store.identity import unit_id
from kg.store.ladybug import LadybugStore
from kg.store.places import place_parts, settle_place, settle_plan, stem
from kg.store.units import Names

CASES = Path(__file__).parent / "fixtures" / "identity" / "units.txt"
BODIES = (
    "委办",
    "委会",
    "委办公室",
    "委会办公室",
    "防指",
    "防指办",
    "指挥部",
    "减灾委",
    "救灾委",
    "防总",
    "委员会办公室",
    "灾委员会",
    "产委员会",
)


def label_of(name: str) -> str:
    return "Committee" if name.endswith(BODIES) else "Agency"


def blocks() -> list[tuple[str, Names, list[str]]]:
    found = []
    for block in CASES.read_text(encoding="utf-8").split("\n# ")[1:]:
        title, place, issuer, *lines = block.strip().split("\n")
        where = place.removeprefix("place: ")
        names = Names("plan-x", None if where == "-" else settle_place(where), issuer.removeprefix("issuer: "))
        found.append((title, names, lines))
    return found


@pytest.mark.parametrize(("title", "names", "lines"), blocks(), ids=[title for title, _, _ in blocks()])
def test_names_of_a_plan(title: str, names: Names, lines: list[str]) -> None:
    owner: dict[str, str] = {}
    for line in lines:
        rest, _, reason = line.partition(" ! ")
        forms, _, place = rest.partition(" @ ")
        ids = {}
        for form in forms.split(" = "):
            unit = names.unit(label_of(form), form)
            ids[form] = unit_id(label_of(form), unit)
            assert ((unit.place or "-"), (unit.unsettled or "")) == (place, reason), (form, unit)
        assert len(set(ids.values())) == 1, ids
        for one in ids.values():
            assert owner.setdefault(one, line) == line


def test_full_width_and_spaces_change_nothing() -> None:
    names = Names("plan-x", settle_place("宁波市江北区"))
    assert names.unit("Agency", "区 应急管理局") == names.unit("Agency", "区应急管理局")


# places


def test_places_have_codes_levels_and_divisions_above() -> None:
    found = settle_place("宁波市江北区")
    assert (found.parts, found.adcode, found.level) == (("浙江省", "宁波市", "江北区"), "330205", "county")
    assert settle_place("宁波市江北区甬江街道").level == "township"
    assert settle_place("中国").level == "country" and settle_place("霁江市").adcode is None
    assert stem("靖州苗族侗族自治县") == "靖州" and stem("重庆市") == "重庆"


def test_every_division_of_the_table_is_one_part() -> None:
    assert [name for name in divisions() if place_parts(name) != (name,)] == []


def ambiguous(*lines: str, **values: object) -> Facts:
    return facts(*lines, **{"place": "江北区", "issuer": "江北区应急管理局", "title": "江北区2024年工作要点", **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plan", "code", "rule"),
    [
        (ambiguous("检查 | 区水利局"), None, "metadata"),
        (ambiguous("检查 | 区水利局", issuer="宁波市江北区应急管理局"), "330205", "issuer"),
        (ambiguous("检查 | 区水利局", number="渝北应急〔2024〕3号"), "500105", "doc_number"),
        (ambiguous("检查 | 区水利局", number="甬北应急〔2024〕3号"), "330205", "doc_number"),
        (ambiguous("检查 | 区水利局", number="北区应急〔2024〕3号"), None, "metadata"),
        (ambiguous("会同鄞州区、镇海区开展演练 | 区水利局"), "330205", "places_named"),
        (ambiguous("向宁波市报告,学习重庆市经验 | 区水利局"), None, "metadata"),
        (facts("检查 | 市水利局", issuer="市应急管理局", place=None), None, None),
        (
            facts("推广余杭区、桐庐县做法 | 市水利局", issuer="市应急管理局", place=None, title="2020年工作总结"),
            "330100",
            "districts_named",
        ),
        (
            facts("推广余杭区、鄞州区做法 | 市水利局", issuer="市应急管理局", place=None, title="2020年工作总结"),
            None,
            None,
        ),
        (
            facts("检查 | 宁波市江北区安委会/宁波市江北区水利局", issuer="区应急管理局", place=None, title="要点"),
            "330205",
            "organs_named",
        ),
        (facts("检查 | 江北区安委会/江北区水利局", issuer="区应急管理局", place=None, title="要点"), None, None),
        (facts("检查 | 宁波市水利局/杭州市水利局", issuer="市应急管理局", place=None, title="要点"), None, None),
        (facts("检查 | 民政部", issuer="国务院办公厅", place=None), "100000", "national"),
        (facts("检查 | 民政部", issuer="应急管理部", place=None), "100000", "national"),
        (facts("检查 | 民政部", issuer=None, place=None, title="国家突发事件应急预案"), "100000", "national"),
        (facts("检查 | 民政局", issuer=None, place=None, title="突发事件应急预案"), None, None),
        (facts("云溪市临溪区水利局负责检查 | 区水利局", place="临溪区", issuer=None), None, "places_named"),
    ],
)
def test_place_of_a_plan(plan: Facts, code: str | None, rule: str | None) -> None:
    found = settle_plan(plan)
    assert (found.adcode, found.rule) == (code, rule) if found else (code, rule) == (None, None)
    if rule == "places_named" and code is None:
        assert found and found.parts == ("云溪市", "临溪区")


def test_place_nodes_lie_within_one_another_and_say_what_is_open() -> None:
    graph = Graph(LadybugStore.create())
    graph.add_facts([facts("检查 | 区水利局", place="宁波市江北区"), ambiguous("检查 | 区水利局", source="b.txt")])
    nodes = {node["name"]: node for node in graph.nodes("Place")}
    assert nodes["浙江省宁波市江北区"]["adcode"] == "330205" and nodes["江北区"]["unsettled"] == "ambiguous_place"
    ids = {node["id"]: name for name, node in nodes.items()}
    within = {ids[edge["source"]]: ids[edge["target"]] for edge in graph.relationships("WITHIN")}
    assert within == {"浙江省宁波市江北区": "浙江省宁波市", "浙江省宁波市": "浙江省", "浙江省": "中国"}


# never across places


INVENTED = st.builds(
    lambda a, b: f"{a}市{b}区",
    st.sampled_from("云溪 霁江 石桥 临川 安和".split()),
    st.sampled_from("江北 东山 云溪 新河".split()),
)
KNOWN = st.sampled_from(
    sorted({one.full_name for rows in divisions().values() for one in rows if one.level == "county"})
)
PLACES = st.one_of(
    INVENTED, KNOWN, st.sampled_from(["宁波市江北区", "重庆市江北区", "江北区", "鼓楼区", "临溪区", "高新区"])
)
OFFICES = st.sampled_from(
    "应急管理局 应急局 水利局 公安分局 人民政府 政府 委 委宣传部 安委会 安委办 防指 防汛抗旱指挥部 消防救援大队 卫健委 协调科 供销社 "
    "安监局 公安部门 抢险队 救援中心 现场指挥部 融媒体中心 红十字会".split()
)


@settings(max_examples=150, deadline=None)
@given(
    PLACES,
    PLACES,
    OFFICES,
    st.sampled_from(("", "区", "市", "省", "full")),
    st.sampled_from(("Agency", "Committee", "Team")),
)
def test_units_of_different_places_never_merge(first: str, second: str, office: str, front: str, label: str) -> None:
    found = []
    for number, place in enumerate((first, second)):
        where = settle_place(place)
        issuer = f"{place}应急管理局"
        name = (place if front == "full" else front) + office
        names = Names(f"plan-{number}", where, issuer)
        found.append((where, unit_id(label, names.unit(label, name)), names.unit(label, name)))
    (one, first_id, unit), (other, second_id, _) = found
    if first_id == second_id:
        assert one.shared and other.shared
        shared = [part for part, same in zip(one.parts, other.parts, strict=False) if part == same]
        assert one == other or (
            unit.place and settle_place(unit.place).parts == tuple(shared[: len(settle_place(unit.place).parts)])
        )


@settings(max_examples=100, deadline=None)
@given(st.one_of(INVENTED, KNOWN), OFFICES)
def test_short_and_full_names_of_one_place_are_one(place: str, office: str) -> None:
    names = Names("plan-x", settle_place(place), f"{place}应急管理局")
    if office in ("协调科", "现场指挥部"):
        return
    label = label_of(office)
    full = names.unit(label, f"{place}{office}")
    lowest = settle_place(place).parts[-1]
    assert unit_id(label, full) == unit_id(label, names.unit(label, f"{lowest}{office}"))
    assert full.place == settle_place(place).name


def ministries(source: str, place: str, issuer: str) -> Facts:
    return facts(
        "报告灾情 | 应急部/国家防汛抗旱指挥部/国务院安委会",
        title=f"{place}预案",
        place=place,
        issuer=issuer,
        source=source,
        number=source,
    )


def test_national_and_upper_organs_are_one_over_plans_and_districts_stay_two() -> None:
    graph = Graph(LadybugStore.create())
    plans = [ministries(f"{n}.txt", f"云溪市{d}", f"云溪市{d}应急管理局") for n, d in enumerate(("东山区", "西山区"))]
    plans += [
        facts("检查 | 区应急局/市水利局", place=f"云溪市{d}", issuer=f"{d}应急局", number=d, source=d)
        for d in ("东山区", "西山区")
    ]
    graph.add_facts(plans)
    rows = graph.entities()
    by_place = {(row.label, row.place): [] for row in rows.itertuples()}
    for row in rows.itertuples():
        by_place[row.label, row.place].append(row)
    assert len(by_place["Agency", "中国"]) == 1 and len(by_place["Agency", "中国"][0].plans) == 2
    assert len(by_place["Committee", "中国"]) == 2
    assert [row.name for row in by_place["Agency", "云溪市"]] == ["市水利局"]
    for district in ("东山区", "西山区"):
        (bureau,) = by_place["Agency", f"云溪市{district}"]
        assert bureau.name == f"云溪市{district}应急管理局" and "区应急局" in bureau.aliases


def test_a_renamed_body_is_one_with_both_names_and_the_date() -> None:
    graph = Graph(LadybugStore.create())
    graph.add_facts(
        [
            facts(
                "报告 | 省减灾委办公室指挥部",
                place="湖北省",
                entities=(("Committee", "省减灾委员会", ("省减灾委",)),),
                number="1",
            ),
            facts(
                "报告 |",
                place="湖北省",
                entities=(("Committee", "省防灾减灾救灾委员会", ()),),
                number="2",
                source="b.txt",
            ),
        ]
    )
    (body,) = [row for row in graph.entities(type="Committee").itertuples() if "灾委员会" in row.name]
    assert body.name == "省防灾减灾救灾委员会" and {"省减灾委", "省减灾委员会"} <= set(body.aliases)
    assert body.former_names == ["省减灾委 (until 2023/2024, unverified)", "省减灾委员会 (until 2023/2024, unverified)"]


def test_office_of_a_body_named_in_the_plan_only() -> None:
    plan = facts(
        "负责协调 | 市专项指挥部办公室",
        place="云溪市",
        entities=(
            ("Committee", "市桥隧突发事件应急指挥部", ("市专项指挥部",)),
            ("Committee", "市专项指挥部办公室", ()),
            ("Committee", "市桥隧突发事件应急指挥部办公室", ()),
        ),
    )
    rows = plan_rows(plan).shared["Committee"]
    assert sorted(row["name"] for row in rows) == ["市桥隧突发事件应急指挥部", "市桥隧突发事件应急指挥部办公室"]


def test_working_groups_belong_to_their_plan() -> None:
    graph = Graph(LadybugStore.create())
    graph.add_facts(
        facts("处置", place="云溪市", entities=(("Committee", name, ()),), number=number, source=number)
        for number in "12"
        for name in ("综合协调组",)
    )
    assert len(graph.entities(type="Committee")) == 2


# the laws of the store


PLANS = (
    yunxi_2024(),
    yunxi_2025(),
    other_district(),
    ministries("n.txt", "宁波市江北区", "宁波市江北区应急管理局"),
    ministries("m.txt", "重庆市江北区", "重庆市江北区应急管理局"),
    ambiguous("检查 | 区水利局/省应急厅", source="a.txt"),
    facts("检查 | 市水利局/安监局/公安部门", issuer="市应急管理局", place=None, source="b.txt", number="9"),
)


def dump(graph: Graph) -> list[str]:
    return [repr(row) for row in (*graph.nodes(), *graph.relationships())]


@pytest.mark.parametrize("seed", range(2))
def test_order_does_not_matter_and_removal_undoes(seed: int) -> None:
    order = random.Random(seed).sample(PLANS, len(PLANS))
    first, second = (Graph(LadybugStore.create()) for _ in range(2))
    first.add_facts(PLANS)
    states = []
    for plan in order:
        states.append(dump(second))
        second.add_facts([plan])
    assert dump(first) == dump(second)
    assert list(first.entities(ambiguous=True).id) == list(second.entities(ambiguous=True).id)
    for plan in reversed(order):
        second.store.remove([plan_rows(plan).plan])
        assert dump(second) == states.pop()


def test_no_two_places_in_one_node(real_build: Built) -> None:
    """Over all real plans: a unit of a place stands only in plans of it or of places below it."""
    import kg

    with kg.open(real_build.store) as graph:
        plans = graph.plans().set_index("id").place.to_dict()
        for row in graph.entities().itertuples():
            if row.label in ("Agency", "Committee", "Team") and row.place not in (None, "中国"):
                within = {plans[plan] for plan in row.plans}
                assert len(within) == 1 or all(place and place.startswith(row.place) for place in within), row


def test_owner_is_the_name_in_its_own_plan() -> None:
    graph = Graph(LadybugStore.create())
    short = replace(facts("检修排水泵 | 区应急局", number="1"), source="short.txt")
    graph.add_facts([short, facts("清点 | 云溪区应急管理局", number="2", source="long.txt")])
    (row,) = graph.who_is_responsible("排水泵").itertuples()
    assert row.owner == "区应急局"
