"""Tables as facts: layouts as plans have them, each with the rows expected of it.

A layout is a text with one or several tables; expected is a line a fact, in the order of reading:
`task | owners (role) | deadline`, `target measure comparator value unit`, `Type name quantity unit | place | managers`,
`- reason words` for what is left out.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extraction.columns import kind_of
from kg.extraction.tables import REASONS, column_deadline, read_tables, value_of
from kg.loaders import load
from kg.loaders.tables import MOST_COLUMNS, find_tables

LAYOUTS: dict[str, tuple[str, str]] = {
    "task table, columns in another order, numbering ignored": (
        """
|序号|完成时限|责任单位|工作任务|配合单位|牵头单位|
|:--:|---|---|---|---|---|
|1|汛期前|各镇（街道）|修订防汛预案|区气象局、区水文站|区水利局|
|2|/|——|开展联合演练||区应急管理局|
""",
        """
修订防汛预案 | 区水利局(lead) 各镇（街道）(responsible*) 区气象局(support) 区水文站(support) | 汛期前
开展联合演练 | 区应急管理局(lead) | None
""",
    ),
    "pipe table without a rule, without bars at the end, other wording": (
        """附件：任务分解表
| 重点工作 | 主办 | 协办 | 时间节点
| 更新避险转移图。公布责任人名单； | 县自然资源局 | 县住建局 县水利局 | 2025年4月
| 检修预警广播 | 县广电台 | 各乡镇 | 长期坚持
""",
        """
更新避险转移图 | 县自然资源局(lead) 县住建局(support) 县水利局(support) | 2025年4月
公布责任人名单 | 县自然资源局(lead) 县住建局(support) 县水利局(support) | 2025年4月
检修预警广播 | 县广电台(lead) 各乡镇(support*) | None
- open_ended 长期坚持
""",
    ),
    "merged cells: a title over measures, an owner over two rows, a head of two rows": (
        """
<html><body><table><tr><td colspan="5">2025年重点任务分工表</td></tr>
<tr><td rowspan="2">重点任务</td><td rowspan="2">工作措施</td>
<td colspan="2">责任分工</td><td rowspan="2">完成时限</td></tr>
<tr><td>牵头单位</td><td>配合单位</td></tr>
<tr><td rowspan="2">备汛</td><td>1.检查涵闸；2.补充编织袋1万条</td><td rowspan="2">区水利局</td>
<td>区财政局</td><td>3月底前</td></tr>
<tr><td>组建抢险队</td><td></td><td>4月15日</td></tr>
</table></body></html>
""",
        """
检查涵闸 | 区水利局(lead) 区财政局(support) | 3月底前
补充编织袋1万条 | 区水利局(lead) 区财政局(support) | 3月底前
组建抢险队 | 区水利局(lead) | 4月15日
""",
    ),
    "an empty cell is empty where it is not merged": (
        """
|任务|牵头单位|
|---|---|
|巡查堤防|区水利局|
|清理河障||
||区城管局|
""",
        """
巡查堤防 | 区水利局(lead) | None
清理河障 |  | None
- no_task 区城管局
""",
    ),
    "continued on the next page, head repeated": (
        """
<html><body><table><tr><td>任务内容</td><td>承办单位</td></tr><tr><td>排查危旧房屋</td><td>区住建局</td></tr></table></body></html>

续表

<html><body><table><tr><td>任务内容</td><td>承办单位</td></tr><tr><td>加固围墙</td><td>区住建局</td></tr></table></body></html>
""",
        """
排查危旧房屋 | 区住建局(responsible) | None
加固围墙 | 区住建局(responsible) | None
""",
    ),
    "continued without a head; head repeated inside; groups of rows; a note": (
        """
|工作任务|责任部门|办结时限|
|---|---|---|
|一、源头治理|||
|检查燃气管道|住建部门|2025.6.30|
|工作任务|责任部门|办结时限|
|更换老旧阀门|燃气公司|第三季度|

续上表

|清查液化气瓶|市场监管部门|即日起|
|---|---|---|
|注：各部门每月报送进展|||
""",
        """
检查燃气管道 | 住建部门(responsible) | 2025.6.30
更换老旧阀门 | 燃气公司(responsible) | 第三季度
清查液化气瓶 | 市场监管部门(responsible) | None
- category_row 一、源头治理
- repeated_head 工作任务|责任部门|办结时限
- no_date 即日起
- note_row 注：各部门每月报送进展
""",
    ),
    "roles in the cell of one column of owners": (
        """
|整治内容|牵头及配合单位|
|---|---|
|整治违规电动自行车|区消防救援大队牵头，区公安分局、区城管局配合|
|开展夜查|牵头单位：区商务局；配合单位：区文旅局|
|核查用电|区供电公司（牵头）、各社区|
""",
        """
整治违规电动自行车 | 区消防救援大队(lead) 区公安分局(support) 区城管局(support) | None
开展夜查 | 区商务局(lead) 区文旅局(support) | None
核查用电 | 区供电公司(lead) 各社区(responsible*) | None
""",
    ),
    "the first of the list leads; a name with those who hold the post; the same as above": (
        """
|具体举措|责任单位（排在第一位的为牵头单位）|责任单位及责任人|时限要求|
|---|---|---|---|
|建设蓄水池|区农业农村局、区林业站|南坪林场 王某某|2025年3月至11月|
|铺设管线|同上||同上|
""",
        """
建设蓄水池 | 区农业农村局(lead) 区林业站(responsible) 南坪林场(responsible) | 2025年3月至11月
铺设管线 | 区农业农村局(lead) 区林业站(responsible) | 2025年3月至11月
- not_an_organisation 王某某
""",
    ),
    "duties of member units": (
        """
|成员单位|主要职责|
|---|---|
|市气象局|负责监测天气。发布预警信息；|
|市卫生健康委、市红十字会|组织医疗救护|
""",
        """
duty 负责监测天气 | 市气象局(responsible) | None
duty 发布预警信息 | 市气象局(responsible) | None
duty 组织医疗救护 | 市卫生健康委(responsible) 市红十字会(responsible) | None
""",
    ),
    "duties of working groups with lead and members": (
        """
<table><tr><th>工作组</th><th>牵头单位</th><th>成员单位</th><th>工作职责</th></tr>
<tr><td>抢险组</td><td>市水利局</td><td>武警支队、市城管局</td><td>（1）抢护堤坝<br>（2）排除内涝</td></tr></table>
""",
        """
duty 抢护堤坝 | 市水利局(lead) 武警支队(support) 市城管局(support) | None
duty 排除内涝 | 市水利局(lead) 武警支队(support) 市城管局(support) | None
""",
    ),
    "the head stands in the first column": (
        """
|牵头单位|市交通运输局|
|---|---|
|成员单位|市公安局、海事处|
|职责|保障运输通道；协调车辆船只|
""",
        """
duty 保障运输通道 | 市交通运输局(lead) 市公安局(support) 海事处(support) | None
duty 协调车辆船只 | 市交通运输局(lead) 市公安局(support) 海事处(support) | None
""",
    ),
    "indicators with a present value and a goal": (
        """
|序号|指标名称|单位|2020年现状|2025年目标|属性|
|---|---|---|---|---|---|
|1|应急避难场所人均面积|平方米|1.2|≥1.5|预期性|
|2|安全生产死亡人数下降|%|—|[20]|约束性|
|3|森林火灾受害率（‰）||0.9|≤0.8|约束性|
|4|预警信息覆盖|%|90|全覆盖|预期性|
|5|响应时间|分钟|30|15~20|预期性|
""",
        """
target 应急避难场所人均面积 >= 1.5 平方米
target 安全生产死亡人数 - 20 %
target 森林火灾受害率 <= 0.8 ‰
- no_number 全覆盖
- value_not_read 15~20
""",
    ),
    "indicators by years: the first year is the present": (
        """
<table><tr><td colspan="3">主要指标</td></tr><tr><td>指标</td><td>2020年</td><td>2025年</td></tr>
<tr><td>专职消防员配备率</td><td>62%</td><td>100%</td></tr>
<tr><td>到达现场时间</td><td>12分钟</td><td>8分钟以内</td></tr></table>
""",
        """
target 专职消防员配备率 = 100 %
target 到达现场时间 <= 8 分钟
""",
    ),
    "roster of teams with equipment": (
        """
|序号|队伍名称|人数|负责单位|主要装备|驻地|联系电话|
|---|---|---|---|---|---|---|
|1|蓝天救援队|45|区应急管理局|冲锋舟3艘、救生衣60件、头灯|滨河路9号|0000-0000000|
|2|矿山救护队|约30人|永安矿业公司|||
|合计||75|||||
""",
        """
Team 蓝天救援队 45 人 | 滨河路9号 | 区应急管理局
Supply 冲锋舟 3 艘 | None |
Supply 救生衣 60 件 | None |
Supply 头灯 None None | None |
Team 矿山救护队 30 人 | None | 永安矿业公司
- total_row 合计|75
""",
    ),
    "ledger of supplies: place merged over rows, unit in a column of its own": (
        """
<table><tr><td>物资名称</td><td>规格</td><td>数量</td><td>单位</td><td>存放地点</td><td>管理单位</td></tr>
<tr><td>救灾 帐篷</td><td>12㎡</td><td>1,200</td><td>顶</td><td rowspan="2">东郊仓库</td>
<td rowspan="2">市粮食和物资储备局</td></tr>
<tr><td>棉被</td><td></td><td>若干</td><td>床</td></tr></table>
""",
        """
Supply 救灾帐篷 1200 顶 | 东郊仓库 | 市粮食和物资储备局
Supply 棉被 None None | 东郊仓库 | 市粮食和物资储备局
- no_number 若干
""",
    ),
    "ledger twice side by side, kind by the caption": (
        """防汛抢险物资清单

|名称|数量|单位|名称|数量|单位|
|---|---|---|---|---|---|
|编织袋|5000|条|铁锹|200|把|
|水泵|12|台||||
""",
        """
Supply 编织袋 5000 条 | None |
Supply 水泵 12 台 | None |
Supply 铁锹 200 把 | None |
""",
    ),
    "places with their capacity": (
        """
|避灾安置场所|地址|可容纳人数（人）|管理单位|
|---|---|---|---|
|第三中学体育馆|学府路1号|800|区教育局|
""",
        """
Facility 第三中学体育馆 800 人 | 学府路1号 | 区教育局
""",
    ),
    "one ledger of teams, supplies and places by category": (
        """
|类别|名称|数量|责任单位|
|---|---|---|---|
|救援队伍|森林消防队|40人|区林业局|
|物资|风力灭火机|60台|区林业局|
|避灾场所|镇文化中心|1处|城关镇政府|
""",
        """
Team 森林消防队 40 人 | None | 区林业局
Supply 风力灭火机 60 台 | None | 区林业局
Facility 镇文化中心 1 处 | None | 城关镇政府
""",
    ),
    "teams with the tasks that they have": (
        """
|救援队伍|主管单位|人数|职责|
|---|---|---|---|
|水上搜救队|市海事局|20|搜救落水人员|
""",
        """
duty 搜救落水人员 | 水上搜救队(responsible) | None
Team 水上搜救队 20 人 | None | 市海事局
""",
    ),
    "an annotation in the task's own cell": (
        """
|序号|重点任务|完成时限|
|---|---|---|
|1|普查燃气用户。（责任单位：区城管局）培训巡线员。|5月1日前|
""",
        """
普查燃气用户 | 区城管局[responsible] | 5月1日前
培训巡线员 |  | 5月1日前
""",
    ),
    "tables that hold no such facts": (
        """
|河流|警戒水位|保证水位|
|---|---|---|
|东溪|11.2|12.5|

|名称|数量|单价（元）|
|---|---|---|
|雨衣|10|80|
""",
        """
- head_not_recognised |河流|警戒水位|保证水位|
- cost_table |名称|数量|单价（元）|
""",
    ),
}


def rows(text: str) -> list[str]:
    """The facts of a text's tables as lines."""
    lines = []

    def words(span: tuple[int, int] | None) -> str | None:
        return None if span is None else text[slice(*span)]

    for reading in read_tables(text, find_tables(text)):
        for task in reading.tasks:
            owners = [f"{o.name}({o.role}{'*' if o.generic else ''})" for o in task.owners]
            owners += [f"{o.name}[{o.role}]" for o in task.annotated]
            start = "duty " if task.duty else ""
            lines.append(f"{start}{text[task.start : task.end]} | {' '.join(owners)} | {words(task.deadline)}")
        for target in reading.targets:
            lines.append(f"target {target.measure} {target.comparator} {target.value} {target.unit}")
        for one in reading.resources:
            managers = " ".join(manager.name for manager in one.managers)
            lines.append(f"{one.type} {one.name} {one.quantity} {one.unit} | {one.place} | {managers}".rstrip())
        for skipped in reading.skipped:
            quote = text[skipped.start : skipped.end].split("\n")[0]
            if skipped.reason != "column_not_recognised":
                lines.append(
                    f"- {skipped.reason} {'|'.join(filter(None, quote.split('|'))) if quote[0] != '|' else quote}"
                )
    return lines


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str) -> None:
    text, expected = LAYOUTS[name]
    assert sorted(rows(text)) == sorted(expected.strip().split("\n"))


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_fact_has_its_words(name: str) -> None:
    text, _ = LAYOUTS[name]
    for reading in read_tables(text, find_tables(text)):
        inside = range(reading.table.start, reading.table.end + 1)
        for task in reading.tasks:
            assert "<" not in text[task.start : task.end] and "|" not in text[task.start : task.end]
            for owner in (*task.owners, *task.annotated):
                assert "".join(text[owner.start : owner.end].split()) == owner.name and owner.start in inside
        for one in reading.resources:
            assert "".join(text[one.start : one.end].split()) == one.name.replace(" ", "")
            assert one.quantity_span is None or str(one.quantity) in text[slice(*one.quantity_span)].replace(",", "")
        for skipped in reading.skipped:
            assert skipped.reason in REASONS and skipped.start < skipped.end and skipped.start in inside
        positions = [(task.row, task.position) for task in reading.tasks]
        assert all(before < after for before, after in pairwise(positions))


def test_at_least_twelve_layouts() -> None:
    assert len(LAYOUTS) >= 12


@pytest.mark.parametrize(
    ("words", "year", "text", "date"),
    [
        ("2025年11月底前", None, "2025年11月底前", "2025-11-30"),
        ("2025年6月", None, "2025年6月", "2025-06-30"),
        ("2025年9月15日至9月30日", None, "2025年9月15日至9月30日", "2025-09-30"),
        ("2025—2027年", None, "2025—2027年", "2027-12-31"),
        ("2025-06-30", None, "2025-06-30", "2025-06-30"),
        ("12月", 2024, "12月", "2024-12-31"),
        ("二季度完成摸排，四季度完成整改", 2024, "二季度", "2024-06-30"),
        ("6月底前完成摸排，10月底前完成整改", 2024, "6月底前", "2024-06-30"),
        ("2026年", None, "2026年", "2026-12-31"),
        ("24小时内", None, "24小时内", None),
        ("每年10月", 2024, None, None),
        ("持续推进", 2024, None, None),
    ],
)
def test_column_deadline(words: str, year: int | None, text: str | None, date: str | None) -> None:
    found = column_deadline(words, year)
    assert (found and found.text, found and found.date) == (text, date)


@pytest.mark.parametrize(
    ("measure", "value", "unit", "expected"),
    [
        ("覆盖率", "≥ 90％", "", ("覆盖率", ">=", 90, "%")),
        ("覆盖率", "100", "%", ("覆盖率", "=", 100, "%")),
        ("事故起数", "较2020年下降15%", "", ("事故起数", "-", 15, "%")),
        ("事故起数", "降至8起", "", ("事故起数", "<=", 8, "起")),
        ("投入年均增长", "6%", "", ("投入", "+", 6, "%")),
        ("志愿者比例", "达到1%以上", "", ("志愿者比例", ">=", 1, "%")),
        ("死亡率", "＜0.05", "人/亿元", ("死亡率", "<=", 0.05, "人/亿元")),
        ("面积", "10-20", "亩", None),
    ],
)
def test_value_of(measure: str, value: str, unit: str, expected: tuple[str, str, float, str] | None) -> None:
    found = value_of(measure, value, unit)
    assert (found and (found.measure, found.comparator, found.value, found.unit)) == expected


@pytest.mark.parametrize(
    ("head", "kind"),
    [("完成 时限", "deadline"), ("主办（牵头）单位", "lead"), ("责 任 人", "person"),
     ("责任单位及责任人", "responsible"),
     ("到2025年目标值", "target-value"), ("2025年", "year"), ("储备数量（件）", "quantity"), ("存放仓库", "place"),
     ("任务数", ""), ("到达时限", ""), ("物资类别", "category"), ("总投资（万元）", "price")],
)  # fmt: skip
def test_kind_of(head: str, kind: str) -> None:
    assert kind_of(head) == kind


def test_example_plan_has_the_owners_and_deadlines_of_its_annotation(examples: Path) -> None:
    import json

    document = load(examples / "plans" / "yunzhu_senlin_fangan.md")
    gold = json.loads((examples / "gold" / "yunzhu_senlin_fangan.json").read_text(encoding="utf-8"))
    expected = {
        task["text"]: (
            {(o["name"], o["role"]) for o in task["owners"]},
            task["deadline"],
            task["deadline_date"],
        )
        for task in gold["tasks"]
        if any(owner["basis"] == "table" for owner in task["owners"])
    }
    found = {}
    for reading in read_tables(document.text, find_tables(document.text)):
        for task in reading.tasks:
            words = document.text[slice(*task.deadline)] if task.deadline else None
            due = column_deadline(words, None) if words else None
            found[document.text[task.start : task.end]] = (
                {(owner.name, owner.role) for owner in task.owners},
                words,
                due.date if due else None,
            )
    assert {text: found.get(text) for text in expected} == expected


def test_grid_of_merged_cells() -> None:
    text = '<table><tr><td rowspan=2>a</td><td colspan="2">b</td></tr><tr><td>c<td>d</tr></table>'
    (table,) = find_tables(text)
    assert [[cell.text for cell in row] for row in table.rows] == [["a", "b", "b"], ["a", "c", "d"]]
    first, second = table.rows
    assert first[0] is second[0] and first[1] is first[2]
    assert (first[1].row_span, first[1].column_span, second[1].row, second[1].column) == (1, 2, 1, 1)
    assert all(text[cell.start : cell.end] == cell.text for row in table.rows for cell in row)


def test_gap_left_of_a_merged_cell_keeps_the_columns() -> None:
    text = "<table><tr><td>a</td><td>b</td><td rowspan=2>c</td></tr><tr><td>d</td></tr></table>"
    (table,) = find_tables(text)
    assert [[cell.text for cell in row] for row in table.rows] == [["a", "b", "c"], ["d", "", "c"]]


def test_wrapper_belongs_to_the_table_and_nested_tables_to_their_cell() -> None:
    text = "前\n<html><body><table><tr><td>a<table><tr><td>x</table></td><td>b</td></tr></table></body></html>\n后"
    (table,) = find_tables(text)
    assert text[: table.start] == "前\n" and text[table.end :] == "\n后"
    assert len(table.rows) == 1 and len(table.rows[0]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "没有表格的正文。",
        "a|b",
        "|只有一行|两格|",
        "<tab>",
        "",
        "</table>",
        "甲 | 乙\n丙 | 丁",
        "<table></table>",
        "|x|\n|y|",
    ],
)
def test_no_table(text: str) -> None:
    assert find_tables(text) == ()


def test_unclosed_table_is_read_to_its_end() -> None:
    (table,) = find_tables("<table><tr><td>任务</td><td>责任单位</td></tr><tr><td>清淤</td><td>区水利局")
    assert [cell.text for cell in table.rows[1]] == ["清淤", "区水利局"]


def test_large_spans_stay_small() -> None:
    row = "<tr>" + '<td colspan="99999" rowspan="99999">x</td>' * 40 + "</tr>"
    (table,) = find_tables(f"<table>{row * 200}</table>")
    assert max(map(len, table.rows)) <= MOST_COLUMNS + 8_000 and sum(map(len, table.rows)) < 400_000
    read_tables(row, ())


def test_long_text_without_tables() -> None:
    assert find_tables("各有关部门按照职责分工，做好防汛备汛工作。\n" * 100_000) == ()


def test_long_table_is_read_whole() -> None:
    row = "|1|开展隐患排查整治，建立问题清单|区应急管理局|区水利局、区气象局|2025年6月底前|\n"
    text = "|序号|重点任务|牵头单位|配合单位|完成时限|\n|---|---|---|---|---|\n" + row * 3000
    (reading,) = read_tables(text, find_tables(text))
    assert len(reading.tasks) == 3000


CELL = st.text(alphabet="任务责单位牵头数量名称12年月、；。<>/|（） \n&abc-", max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=6), st.booleans())
def test_any_table_is_read_without_an_error(cells: list[list[str]], as_html: bool) -> None:
    if as_html:
        text = f"<table>{''.join('<tr>' + ''.join(f'<td>{c}</td>' for c in row) + '</tr>' for row in cells)}</table>"
    else:
        text = "\n".join("|" + "|".join(row) + "|" for row in cells)
    for reading in read_tables(text, find_tables(text)):
        assert 0 <= reading.table.start <= reading.table.end <= len(text)
        for task in reading.tasks:
            assert reading.table.start <= task.start < task.end <= reading.table.end


def test_real_indicator_table(shared: Path) -> None:
    document = load(shared / "plans" / "guojia_2022_jiuyuanliliang_guihua.txt")
    readings = read_tables(document.text, find_tables(document.text))
    assert [(t.comparator, t.value, t.unit) for r in readings for t in r.targets] == [
        (">=", 90, "%"), (">=", 90, "%"), (">=", 90, "%"), (">=", 90, "%"), ("=", 100, "%"), ("<=", 8, "小时"),
        ("=", 100, "%"), (">=", 95, "%"), ("<=", 20, "分钟"),
    ]  # fmt: skip
