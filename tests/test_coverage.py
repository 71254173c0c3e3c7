"""What a plan leaves uncovered: planted gaps are found, what is there is not called a gap, and each state is right."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas
import pytest
from conftest import Built

import kg
from kg.extraction import extract
from kg.graph import Graph
from kg.loaders import load_text
from kg.queries.findings import COLUMNS
from kg.store.ladybug import LadybugStore

YEAR_2024, YEAR_2025 = "yunzhu_2024_yaodian.txt", "yunzhu_2025_yaodian.txt"
FLOOD, MASTER = "yunzhu_fangxun_yuan.txt", "yunzhu_2025_zongti_yuan.txt"
JUDGED = Path(__file__).parent / "data" / "coverage_judged.csv"
AGAINST = {
    "hubei_2016_jiuzhu_yuan.txt": ["jilin_jiuzhu_yuan_ocr.txt", "shaanxi_jiuzhu_yuan_ocr.txt"],
    "004_c7e421b6773bf247.txt": ["000_efdb4f40cb8259ca.txt"],
}


@pytest.fixture(scope="module")
def samples(examples: Path) -> Iterator[Graph]:
    with kg.build(examples / "plans") as graph:
        yield graph


@pytest.fixture(scope="module")
def text(examples: Path) -> Callable[[str], str]:
    return lambda name: (examples / "plans" / name).read_text(encoding="utf-8")


@cache
def uncovered(text: str, name: str) -> pandas.DataFrame:
    """The findings of one plan given as text."""
    with Graph(LadybugStore.create()) as graph:
        graph.add_facts([extract(load_text(text, name))])
        return graph.uncovered(name)


def states(rows: pandas.DataFrame, ground: str) -> dict[str, str]:
    found = rows[rows.ground == ground]
    return dict(zip(found["item"], found["state"], strict=True))


def without_section(text: str, number: str, heading: str) -> str:
    """The text without a section: from its heading to the next one that is no part of it."""
    lines = text.split("\n")
    first = next(i for i, line in enumerate(lines) if re.match(rf"\s*{re.escape(number)}\s*{heading}", line) and i > 40)
    ends = (i for i in range(first + 1, len(lines)) if re.match(r"\s*\d+(\.\d+)*\s*[^\d.年月日]", lines[i]))
    last = next((i for i in ends if not lines[i].strip().startswith(f"{number}.")), len(lines))
    return "\n".join(lines[:first] + lines[last:])


def without_lines(text: str, words: str) -> str:
    return "\n".join(line for line in text.split("\n") if not re.search(words, line))


# what the samples lack by their makers' will (examples/README.md)


def test_elements_that_the_master_plan_lacks(samples: Graph) -> None:
    rows = samples.uncovered(MASTER)
    assert tuple(rows.columns) == COLUMNS
    lacking = rows[(rows.ground == "element") & (rows.state == "absent")]
    assert lacking["item"].tolist() == ["E11", "E13b", "E16"] and set(lacking.demand) == {"must"}
    articles = dict(zip(lacking["item"], lacking["article"], strict=True))
    assert "突发事件应对法(2024)第四十四条" in articles["E11"] and "救助条例" not in articles["E11"]
    assert lacking["start"].isna().all() and lacking["searched"].str.contains("个标题").all()


def test_what_nobody_could_check_is_not_cited(samples: Graph) -> None:
    rows = samples.uncovered(MASTER)
    levels = rows[rows["item"] == "E02"].iloc[0]
    assert levels["demand"] == "expected" and not levels["article"]


def test_a_law_binds_plans_issued_while_it_is_in_force(text: Callable[[str], str]) -> None:
    earlier = uncovered(text(MASTER).replace("2025年2月20日", "2023年2月20日"), MASTER)
    row = earlier[earlier["item"] == "E11"].iloc[0]
    assert (row["state"], row["demand"]) == ("absent", "expected") and "2024-11-01" in row["why"]


def test_classes_of_hazards_that_a_work_plan_does_not_name(samples: Graph) -> None:
    for name in (YEAR_2024, YEAR_2025):
        found = states(samples.uncovered(name), "hazard_class")
        assert found["公共卫生事件"] == found["社会安全事件"] == "absent"
        assert "洪涝灾害" not in found and "水旱灾害" not in found and "三防" not in found
    mine = samples.uncovered(YEAR_2025)
    mine = mine[mine["item"] == "非煤矿山事故"].iloc[0]
    assert mine["demand"] == "expected" and "2024年应急管理工作要点" in mine["why"]


def test_hazards_that_nobody_answers_for(samples: Graph) -> None:
    assert states(samples.uncovered(YEAR_2024), "hazard_without_owner") == {"干旱灾害": "absent"}
    assert states(samples.uncovered(YEAR_2024), "hazard_without_resource")["地震灾害"] == "absent"
    surge = samples.uncovered(FLOOD)
    assert states(surge, "hazard_without_task")["海洋灾害"] == "absent"
    assert states(surge, "hazard_without_resource")["道路交通事故"] == "cannot_be_judged"
    master = states(samples.uncovered(MASTER), "hazard_without_task")
    assert {"核与辐射事故", "铁路交通事故", "海洋灾害"} <= {item for item, state in master.items() if state == "absent"}


def test_what_last_year_assigned_and_this_year_does_not(samples: Graph) -> None:
    rows = samples.uncovered(YEAR_2025, against=YEAR_2024)
    rows = rows[rows.ground == "other_plan"]
    last = samples.plans().query("source == @YEAR_2024").id.item()
    gone = rows[rows.state == "absent"]
    assert set(gone["plan"]) == {last} and set(gone["demand"]) == {"none"}
    for words in ("旱情监测会商", "矿山闭坑", "巨灾保险"):
        assert gone["quote"].str.contains(words).any(), words
    there = rows[rows.state == "stated_elsewhere"]
    assert len(there) and last not in set(there["plan"])
    assert not rows["quote"].str.contains("隐患排查.*大检查|组织开展汛前大检查").any()  # kept word for word
    assert samples.uncovered(YEAR_2025, against=[YEAR_2024, YEAR_2025]).equals(
        samples.uncovered(YEAR_2025, against=YEAR_2024)
    )


# gaps planted by taking something out of a sample plan


@pytest.mark.parametrize(
    ("sections", "element"),
    [
        (["3 预防与监测预警"], "E04"),
        (["3 预防与监测预警"], "E05"),
        (["5.1 队伍保障"], "E09"),
        (["5.2 物资保障", "6.4 物资补充"], "E10"),
        (["5.5 交通运输保障"], "E13a"),
        (["5.4 通信与电力保障"], "E13b"),
        (["5.6 资金保障"], "E11"),
        (["6 后期处置"], "E15"),
        (["3.1 预防准备", "7.1 宣传培训"], "E16"),
        (["7 预案管理"], "E17"),
    ],
)
def test_a_section_taken_out_is_found(text: Callable[[str], str], sections: list[str], element: str) -> None:
    whole = text(FLOOD)
    less = whole
    for one in sections:
        less = without_section(less, *one.split())
    before, after = states(uncovered(whole, FLOOD), "element"), states(uncovered(less, FLOOD), "element")
    assert element not in before and before.items() <= after.items()
    assert after[element] in (
        "absent",
        "stated_elsewhere",
    )  # no section of its own: absent, or in passing with its words


@pytest.mark.parametrize(
    ("words", "element"),
    [
        ("新闻|舆|信息发布|公布|宣传", "E14"),
        ("避难|转移|疏散|安置|撤离|避险|搬迁", "E12"),
        ("卫生|医疗|心理|救治|防疫", "E13d"),
        ("队伍|力量|队员|救援队|志愿|专家", "E09"),
        ("预警", "E05"),
    ],
)
def test_an_element_taken_out_is_absent(text: Callable[[str], str], words: str, element: str) -> None:
    rows = uncovered(without_lines(text(MASTER), words), MASTER)
    row = rows[rows["item"] == element].iloc[0]
    assert (row["state"], row["demand"]) == ("absent", "must") and row["article"]


@pytest.mark.parametrize(
    "words",
    [
        "年度述职报告",
        "提高举报奖励标准",
        "风力灭火机",
        "抗震性能",
        "烟花爆竹经营许可",
        "矿山闭坑",
        "三会一课",
        "6000人次",
    ],
)
def test_an_owner_taken_out_is_found(text: Callable[[str], str], words: str) -> None:
    """Of the last annotation of a section: where another follows, that one is for both."""
    whole = text(YEAR_2024)
    at = whole.index(words)
    note = re.compile(r"（[^（）]*(?:责任|牵头|负责|配合)[^（）]*）").search(whole, at)
    assert note is not None
    less = whole[: note.start()] + whole[note.end() :]
    before, after = (
        {row.quote for row in uncovered(one, YEAR_2024).itertuples() if row.ground == "task_without_owner"}
        for one in (whole, less)
    )
    assert not any(words in quote for quote in before)
    assert any(words in quote for quote in after)


@pytest.mark.parametrize(
    ("words", "hazard"),
    [
        ("森林|林火|防灭火|火源", "森林草原火灾"),
        ("地质|滑坡|切坡", "地质灾害"),
        ("危险化学品|危化|化工|园区", "危险化学品事故"),
    ],
)
def test_a_hazard_taken_out_is_found(text: Callable[[str], str], words: str, hazard: str) -> None:
    whole = text(YEAR_2024)
    assert hazard not in states(uncovered(whole, YEAR_2024), "hazard_class")
    rows = uncovered(without_lines(whole, words), YEAR_2024)
    assert states(rows, "hazard_class")[hazard] == "absent"


def test_of_a_text_that_breaks_off_nothing_is_absent(text: Callable[[str], str]) -> None:
    whole = text(MASTER)
    rows = uncovered(whole[: whole.index("，", len(whole) // 2) + 1], MASTER)
    broken = rows[rows.ground.isin(["element", "hazard_class"])]
    assert len(broken) and not (broken.state == "absent").any()
    assert broken[broken["item"] == "E16"].iloc[0]["why"].startswith("文本在此中断")


# states


def test_who_stands_near_a_task_without_owner() -> None:
    plan = (
        "云溪区防汛应急预案\n\n4.1 信息报告\n受灾地方人民政府应当在两小时内统计并上报灾情和已采取的措施。灾情稳定前每日续报灾情。\n"
        "4.2 区水利局职责\n组织巡查水库和堤防。\n4.3 其他\n区气象局发布暴雨预警。每三小时更新预报。\n加强科普宣传。\n"
    )
    rows = uncovered(plan, "p.txt")
    found = rows[rows.ground == "task_without_owner"]
    absent = " ".join(found[found.state == "absent"]["quote"])
    assert "加强科普宣传" in absent
    assert "每三小时" not in absent and "每日续报" not in absent and "巡查水库" not in absent
    assert "stated_elsewhere" in set(found.state)


def test_a_deadline_in_a_heading_counts() -> None:
    plan = (
        "云溪区2026年安全整治行动方案\n\n一、重点任务\n（一）全面排查（2026年6月30日前）\n各镇排查林区隐患点，建立隐患台账。\n"
        "（二）总结\n各镇总结整治经验做法。\n"
    )
    rows = uncovered(plan, "p.txt")
    found = {row.why: row.state for row in rows.itertuples() if row.ground == "task_without_deadline"}
    assert any(state == "stated_elsewhere" and "6月30日前" in why for why, state in found.items()), found


# the real plans


@pytest.fixture(scope="module")
def real(real_build: Built) -> Iterator[Graph]:
    with kg.open(real_build.store) as graph:
        yield graph


def test_judged_findings_hold(real: Graph) -> None:
    """Each finding on the annotated plans was judged by reading the plan; see `tests/data/coverage_judged.csv`."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        judged = {(row["plan"], row["ground"], row["item"], row["state"]): row for row in csv.DictReader(file)}
    current: dict[tuple[str, str, str, str], Any] = {}
    for plan in sorted({key[0] for key in judged}):
        for row in real.uncovered(plan, AGAINST.get(plan)).itertuples():
            current[plan, row.ground, row.item, row.state] = row
    held = {key: row["verdict"] == "right" for key, row in judged.items() if key in current}
    whole = [key for key in current if key[1] == "element" or key[1].startswith("hazard_")]
    unjudged = [key for key in whole if key not in judged]
    assert len(unjudged) <= len(whole) // 20, unjudged  # judge them, and add them to the table
    assert len(held) >= 0.9 * len(judged)
    assert sum(held.values()) >= 0.9 * len(held)
    absent = [right for key, right in held.items() if key[3] == "absent"]
    assert sum(absent) >= 0.9 * len(absent)
    sampled = Counter(key[1] for key in judged if key[1] not in {one[1] for one in whole})
    assert set(sampled.values()) == {20}


def test_questions_about_what_is_not_covered(real: Graph) -> None:
    rows = real.uncovered("000_efdb4f40cb8259ca.txt")
    goals = rows[rows.ground == "target_without_owner"]
    assert len(goals) == 3 and set(goals.state) == {"absent"}  # question 10
    classes = rows[rows.ground == "hazard_class"].set_index("item")
    assert classes.state["社会安全事件"] == "absent" and "（5508）" in classes.why["社会安全事件"]  # question 12
    assert "公共卫生事件" not in classes.index
    fire = rows[rows["item"] == "森林草原火灾"]
    assert fire.ground.tolist() == ["hazard_without_resource"] and fire.state.tolist() == ["absent"]  # question 13
    second = real.uncovered("004_c7e421b6773bf247.txt")
    unowned = second[second.ground == "task_without_owner"]
    assert (unowned.start > 1900).mean() > 0.95 and (unowned.state == "absent").mean() > 0.95  # question 11


def test_nothing_is_absent_where_a_real_text_breaks_off(real: Graph) -> None:
    rows = real.uncovered("001_cfbf02f1732e39fa.txt")
    assert not ((rows.state == "absent") & rows.ground.isin(["element", "hazard_class"])).any()
