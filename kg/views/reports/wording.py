"""The words of reports in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.store.corrections import CODES as CORRECTION_CODES
from kg.store.corrections import HEADERS
from kg.views.captions import CODES, COLUMNS

__all__ = ["LANGUAGES", "caption", "code", "words"]

LANGUAGES = ("zh", "en")

_ZH = {
    "report": "应急计划责任与覆盖报告",
    "overview": "概览",
    "ledger": "任务台账",
    "owner_ledger": "责任清单",
    "coverage": "覆盖检查",
    "matrix": "共担矩阵",
    "timeline": "时间表",
    "targets": "目标",
    "corrections": "核对",
    "sources": "来源",
    "contents": "目录",
    "owners_left": "责任单位 {all} 个，任务最多的 {shown} 个各有一张清单；其余见任务台账。",
    "matrix_note": "格内为两单位共同承担的任务数，对角线为本单位任务总数；任务最多的 {shown} 个单位，共 {all} 个。",
    "matrix_cut": "页宽所限，此处只列前 {shown} 个单位，另有 {left} 个见 Excel 工作簿（kg report --to xlsx）的“共担矩阵”。",
    "coverage_note": "“缺”指按本程序规则在所列范围内未查到，使用前请核对原文；“别处写明”“无法判断”不是缺口。",
    "timeline_note": "“逾期”指截止日期早于 {day}；是否完成，计划中没有记载。",
    "corrections_note": "在“决定”列选 确认、否决、修改 或 增加，填好后保存，再运行：kg add 本文件 --graph 图谱文件。",
    "empty": "无",
    "sources_note": "起点、终点为源文件中的字符位置（从 0 起，按 Unicode 字符计）；所有文字取自源文件。",
    "tasks_of": "{owner}：任务 {tasks} 项（牵头 {lead}、负责 {responsible}、配合 {support}）",
}
_EN = {
    "report": "Emergency plan: duties and coverage",
    "overview": "Overview",
    "ledger": "All tasks",
    "owner_ledger": "Tasks by owner",
    "coverage": "Coverage",
    "matrix": "Shared owners",
    "timeline": "Timeline",
    "targets": "Targets",
    "corrections": "Corrections",
    "sources": "Sources",
    "contents": "Contents",
    "owners_left": "{all} owners; the {shown} with most tasks have a list each, all stand in the list of all tasks.",
    "matrix_note": "Cells: tasks that two units share; diagonal: all tasks of the unit. The {shown} units with most tasks, of {all}.",
    "matrix_cut": "A page holds the first {shown}; the other {left} are in the workbook (kg report --to xlsx), sheet “Shared owners”.",
    "coverage_note": "“absent”: not found by these rules in what was searched; read the plan before you rely on it. Only “absent” is a gap.",
    "timeline_note": "“overdue”: the date is before {day}; whether the task was done stands in no plan.",
    "corrections_note": "Choose confirm, reject, change or add under Decision, save, then run: kg add THIS_FILE --graph STORE",
    "empty": "none",
    "sources_note": "Start and end count characters (Unicode code points, from 0) of the source file; all words are from it.",
    "tasks_of": "{owner}: {tasks} tasks (lead {lead}, responsible {responsible}, support {support})",
}
_COLUMNS_ZH = {
    "number": "序号", "responsible": "责任单位", "supports": "配合单位", "role_here": "本单位角色", "others": "其他责任单位",
    "key": "项目", "value": "内容", "date": "截止日期", "measure": "指标", "comparator": "关系", "figure": "数值",
    "unit": "计量单位", "reported": "上年报告值", "ontology": "本体",
}  # fmt: skip
_COLUMNS_EN = {
    "number": "No.", "leads": "Lead", "supports": "Support", "responsible": "Responsible", "response_level": "Level",
    "deadline_date": "Date", "cites": "Based on", "position": "Place in file", "role_here": "Role", "key": "Item", "value": "Content", "figure": "Value",
    "why": "Reason", "item": "Item",
}  # fmt: skip
_CODES_ZH: Mapping[str, Mapping[str, str]] = {
    "state": {"due": "未到期", "overdue": "逾期", "undated": "无日期"},
    "fact": {name: zh for name, (zh, _) in CORRECTION_CODES["fact"].items()},
    "decision": {name: zh for name, (zh, _) in CORRECTION_CODES["decision"].items()},
    "comparator": {"=": "等于", ">=": "不低于", "<=": "不高于", "+": "增长", "-": "下降"},
}
_CODES_EN: Mapping[str, Mapping[str, str]] = {
    "comparator": {"=": "equal to", ">=": "at least", "<=": "at most", "+": "rise by", "-": "fall by"},
}


def words(name: str, language: str, **values: Any) -> str:
    """A phrase of the report."""
    return (_ZH if language == "zh" else _EN)[name].format(**values)


def caption(column: str, language: str) -> str:
    """The header of a column."""
    if column in HEADERS:
        return HEADERS[column][language == "en"]
    if language == "zh":
        return _COLUMNS_ZH.get(column) or COLUMNS.get(column, column)
    return _COLUMNS_EN.get(column) or column.replace("_", " ").capitalize()


def code(column: str, value: Any, language: str) -> Any:
    """A value of a column whose values are codes, in words; any other value as it is."""
    if not isinstance(value, str):
        return value
    if column == "new_role" or column == "role_here":
        column = "role"
    if language == "zh":
        return _CODES_ZH.get(column, {}).get(value) or CODES.get(column, {}).get(value, value)
    known = value in _CODES_ZH.get(column, {}) or value in CODES.get(column, {})
    return _CODES_EN.get(column, {}).get(value) or (value.replace("_", " ") if known else value)
