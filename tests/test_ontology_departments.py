"""Names of one department, and of different ones."""

from __future__ import annotations

import pytest

from kg.ontology.departments import department, formerly

SAME = """
市应急局 市应急管理局
省卫健委 省卫生健康委员会 省卫生健康委
区住建局 区住房和城乡建设局 区住房城乡建设局
市委网信办 市委网络安全和信息化委员会办公室
县交通局 县交通运输局
市资规局 市自然资源和规划局 市自然资源局
省经信厅 省工业和信息化厅
市人防办 市人民防空办公室
财政部门 财政主管部门
"""

DIFFERENT = """
市应急管理局 市安监局
市应急管理局 区应急管理局
市水利局 市水务局
市城管局 市综合执法局
市委宣传部 市政府新闻办
省粮食局 省粮食和物资储备局
消防救援支队 消防救援大队
"""


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


@pytest.mark.parametrize("names", lines(SAME), ids=" ".join)
def test_same_department(names: list[str]) -> None:
    keys = {department(name) for name in names}
    assert len(keys) == 1 and None not in keys


@pytest.mark.parametrize("names", lines(DIFFERENT), ids=" ".join)
def test_different_departments(names: list[str]) -> None:
    assert department(names[0]) != department(names[1])


def test_former_name_leads_to_the_field_that_took_over() -> None:
    assert formerly("市环保局") == department("市生态环境局")
    assert formerly("市应急管理局") is None
