"""Readings of damaged text: what a byte-wise replacement of punctuation does, and what can be undone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import shared_folder

from kg.loaders import load, load_text
from kg.loaders.damage import readings, recovered


def damaged(text: str) -> str:
    """What becomes of a text whose full-width ASCII is replaced byte by byte in GBK, then decoded."""
    data = re.sub(rb"\xa3([\xa1-\xfe])", lambda found: bytes([found[1][0] & 0x7F]), text.encode("gbk"))
    out, at = [], 0
    while at < len(data):
        if data[at] < 0x80:
            out.append(chr(data[at]))
            at += 1
            continue
        char = data[at : at + 2].decode("gb18030", "replace")
        if len(char) != 1 or "\ufffd" in char:  # the byte has no partner
            out.append("?")
            at += 1
            continue
        out.append("" if "\ue000" <= char <= "\uf8ff" else char)
        at += 2
    return "".join(out)


@pytest.mark.parametrize(
    "text",
    ["加強危化安全生產監管", "實施危化品企業工傷預防", "排查危化品運輸車輛隱患", "加強危化企業監管"],
)
def test_what_a_replacement_did_is_undone(text: str) -> None:
    spoilt = damaged(text)
    assert spoilt != text
    found = readings(spoilt)
    assert len(found) == 1, spoilt
    assert spoilt[: found[0].start] + found[0].text + spoilt[found[0].end :] == text


def test_a_single_byte_proves_no_character() -> None:
    """涉海客運 or 涉危客運: of the second character one byte is left."""
    spoilt = damaged("強化涉海客運管理")
    assert spoilt == "強化涉??瓦\\管理"
    document = load_text(spoilt)
    assert recovered(document, 0, len(document.text)) == "强化涉?客运管理"


@pytest.mark.parametrize("text", ["真的要做吗?;不一定", "完成率是多少??请说明", "为什么?3月底前", "链接?a=1"])
def test_ordinary_question_marks_have_no_reading(text: str) -> None:
    assert readings(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("启动NV级响应", "启动Ⅳ级响应"),
        ("启动lll级应急响应", "启动Ⅲ级应急响应"),
        ("在2O26年l0月底前完成", "在2026年10月底前完成"),
        ("6月未前完成检查", "6月末前完成检查"),
        ("9月30曰前报送", "9月30日前报送"),
        ("启动IV级响应,未雨绸缪,5月未完成的任务", None),
    ],
)
def test_slips_of_recognition(text: str, expected: str | None) -> None:
    document = load_text(text)
    assert recovered(document, 0, len(document.text)) == expected


def test_the_damaged_plan_is_read() -> None:
    path: Path = shared_folder("plans", "001_cfbf02f1732e39fa.txt")
    document = load(path)
    found = [reading.text for reading in readings(document.source)]
    assert found == ["客運", "危化安全生產", "危化品企業"]
    at = document.text.index("?;踩a")
    assert recovered(document, at, at + 7) == "危化安全生产”试点"
    assert recovered(document, 0, 20) is None
    assert "?;踩a" in document.text  # the text stays as it is
