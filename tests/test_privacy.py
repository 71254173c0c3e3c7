"""Mobile and identity numbers: masked in the graph unless they are to be kept; office telephones stay."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.store.privacy import masked

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系电话13812345678。", "联系电话138****5678。"),
        ("电话：138-1234-5678", "电话：138-****-5678"),
        ("+86 139 1234 5678", "+86 139 **** 5678"),
        ("13812345678、13987654321", "138****5678、139****4321"),
        ("值班电话0571-88881234，传真88881235", "值班电话0571-88881234，传真88881235"),
        ("身份证号11010519491231002X，", "身份证号110105********002X，"),
        ("编号110105194912310021", "编号110105194912310021"),
        ("资金13812345678901元", "资金13812345678901元"),
        ("文号12345678901", "文号12345678901"),
        ("12350、12345热线，400-800-1234", "12350、12345热线，400-800-1234"),
    ],
)
def test_masked(text: str, expected: str) -> None:
    assert masked(text) == expected
    assert len(masked(text)) == len(text) and masked(masked(text)) == masked(text)


PLAN = """云溪区应急管理局2024年应急管理工作要点

一、防汛
修订防汛预案，经办人身份证11010519491231002X、手机13812345678。(责任单位:救援科)
"""


def test_in_the_graph(kg: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    result = kg("build", path, "--out", tmp_path / "x.kg")
    assert "masked: 1 mobile and 1 identity numbers (--keep-numbers keeps them)" in result.stderr
    who = kg("who", "防汛", "--graph", tmp_path / "x.kg", "--format", "json").stdout
    assert "138****5678" in who and "13812345678" not in who and "194912" not in who
    row = json.loads(who)[0]
    assert len(row["quote"]) == row["end"] - row["start"]
    kept = kg("build", path, "--out", tmp_path / "y.kg", "--keep-numbers")
    assert "masked" not in kept.stderr
    assert "13812345678" in kg("who", "防汛", "--graph", tmp_path / "y.kg", "--format", "json").stdout
