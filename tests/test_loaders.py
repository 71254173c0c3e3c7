"""Loaders: cleaning, offset map, sections, metadata, reading."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import UnreadableFile
from kg.loaders import Document, clean, clean_with_map, load, load_text
from kg.loaders.numbering import number_of

FIXTURES = Path(__file__).parent / "fixtures" / "loaders"


def blocks(name: str) -> list[object]:
    """The blocks of a fixture file: `=== title`, a text, `---`, what is expected."""
    found = []
    for block in re.split(r"^=== ", (FIXTURES / name).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, rest = block.split("\n", 1)
        text, expected = re.split(r"^---\n?$", rest, maxsplit=1, flags=re.MULTILINE)
        found.append(pytest.param(text, expected.strip("\n"), id=title))
    return found


@pytest.mark.parametrize(("text", "expected"), blocks("cleaning.txt"))
def test_cleaning(text: str, expected: str) -> None:
    assert clean(text) == expected
    assert clean(expected) == expected


@pytest.mark.parametrize(("text", "expected"), blocks("sections.txt"))
def test_sections(text: str, expected: str) -> None:
    document = load_text(text)
    rows = [f"{s.level}|{s.number}|{s.heading}|{'run-in' if s.run_in else ''}" for s in document.sections]
    assert "\n".join(rows) == expected
    check_tree(document)


@pytest.mark.parametrize(("text", "expected"), blocks("metadata.txt"))
def test_metadata(text: str, expected: str) -> None:
    metadata = load_text(text).metadata
    wanted = dict(line.split("=", 1) for line in expected.splitlines())
    for field in ("title", "kind", "issuer", "doc_number", "issued", "period_start", "period_end"):
        value = getattr(metadata, field)
        if not wanted:
            assert value is None, field
        else:
            assert (None if value is None else str(value)) == wanted.get(field), field
    if "place" in wanted:
        assert metadata.place == wanted["place"]


def check_tree(document: Document) -> None:
    for i, section in enumerate(document.sections):
        assert 0 <= section.start <= section.body <= section.end <= len(document.text)
        assert section.heading in document.text[section.start : section.body] or not section.heading
        assert -1 <= section.parent < i
        if section.parent >= 0:
            above = document.sections[section.parent]
            assert above.level < section.level
            assert above.start <= section.start and section.end <= above.end
    for start, end, reason in document.excluded:
        assert 0 <= start < end <= len(document.text) and reason


# ---- the offset map


PIECES = st.lists(
    st.sampled_from(
        (
            "安全 發(fā) 展 應急 ⺠ ꎬ 。 ； ， \n \n\n # ( ） （1） 1. 1.1 一、 　 \ufeff "
            "民政部门负责转移安置做好基本生活救助工作 "
            "— 2 — 8 $ 干 乾 里 裏 附件 《 》 (li) ? ; \ue010 A b <td> 一是"
        ).split(" ")
    ),
    max_size=40,
).map("".join)


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_cleaning_any_text(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_every_sentence_maps_back(text: str) -> None:
    cleaned, offsets, passes = clean_with_map(text)
    previous = 0
    for i, (at, start, end, copied) in enumerate(
        zip(offsets.cleaned, offsets.starts, offsets.ends, offsets.copied, strict=True)
    ):
        assert start <= end <= len(text) and start >= previous - (0 if copied else end - start)
        previous = start
        stop = offsets.cleaned[i + 1] if i + 1 < len(offsets.cleaned) else len(cleaned)
        if copied:
            assert cleaned[at:stop] == text[start:end]
    for match in re.finditer(r"[^。；;\n]+", cleaned):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        quote = match[0].strip()
        if quote:
            begin, finish = offsets.to_source(start, start + len(quote))
            assert squeezed(clean(text[begin:finish], passes)) == squeezed(quote)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# ---- reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes("一、总则\r\n为做好防汛工作，制定本预案。\r二、附则\n".encode(encoding))
    document = load(path)
    assert document.text == "一、总则\n为做好防汛工作，制定本预案。\n二、附则"
    assert "\r" not in document.source
    assert document.source.startswith("\ufeff") == (encoding in ("utf-8-sig", "utf-16"))
    assert document.name == "plan.txt" and len(document.sha256) == 64


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\n", "empty"),
        ("　　\n".encode(), "empty"),
        (bytes(range(256)) * 20, "binary"),
        (b"%PDF-1.7\n", "damaged"),
        (b"PK\x03\x04rest", "damaged"),
        ("計画を策定する。".encode("shift-jis") * 5, "unknown_encoding"),
        ("План действий при чрезвычайных ситуациях".encode("koi8-r"), "unknown_encoding"),
        ("防汛预案".encode() * 10, "too_large"),
        (None, "missing"),
    ],
)
def test_unreadable(tmp_path: Path, data: bytes | None, reason: str) -> None:
    path = tmp_path / "bad.txt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        load(path, max_size=100 if reason == "too_large" else 20_000)
    assert caught.value.reason == reason
    message = str(caught.value)
    assert str(path) in message and "\n" not in message and re.search("[;,] ", message)


def test_warnings() -> None:
    document = load_text("开展“互联网+?;踩a”试点，强化涉??瓦\\、场所管理\ufffd。")
    assert {w.code for w in document.warnings} == {"lost_characters", "replacement_character"}
    for warning in document.warnings:
        assert 0 <= warning.start < warning.end <= len(document.source)
    assert "?;踩a" in document.text


def test_a_text_that_ends_with_a_heading_is_cut_off() -> None:
    document = load_text("一、加强领导\n压实责任，定期调度，逐项落实到位。\n二、聚力防治结合,提升抵御能力")
    assert [w.code for w in document.warnings] == ["cut_off"]


def test_tables() -> None:
    document = load_text(
        "一、重点任务\n| 任务 | 责任单位 |\n|---|:--|\n| 开展水库巡查 | 县水利局 |\n二、附表\n"
        '<html><body><table><tr><td rowspan="2">级别</td><td>标准</td></tr>'
        "<tr><td>条件<br/>甲</td></tr></table></body></html>"
    )
    pipes, html = document.tables
    assert [[cell.text for cell in row] for row in pipes.rows] == [["任务", "责任单位"], ["开展水库巡查", "县水利局"]]
    assert [[cell.text for cell in row] for row in html.rows] == [["级别", "标准"], ["级别", "条件甲"]]
    for table in document.tables:
        for row in table.rows:
            for cell in row:
                assert re.sub("<[^>]*>", "", document.text[cell.start : cell.end]) == cell.text


def test_excluded_parts() -> None:
    text = (
        "某区防汛预案\n目 录\n1 总则...1\n2 职责...3\n2.1 指挥部...3\n1 总则\n为做好工作，制定本预案。\n2 职责\n"
        "2.1 指挥部\n区防汛抗旱指挥部统一领导全区防汛工作。\n附件：1.成员名单\n2.联系方式\n抄送：区委办公室。\n"
    )
    document = load_text(text)
    parts = {reason: document.text[start:end] for start, end, reason in document.excluded}
    assert parts["table_of_contents"] == "目 录\n1 总则...1\n2 职责...3\n2.1 指挥部...3"
    assert parts["title"] == "某区防汛预案"
    assert parts["annex_list"] == "附件：1.成员名单\n2.联系方式"
    assert parts["distribution"] == "抄送：区委办公室。"
    assert [s.number for s in document.sections] == ["1", "2", "2.1"]


def test_repeated_opening() -> None:
    head = "2022年全市应急管理工作,坚持以防为主,深入贯彻落实上级决策部署,牢固树立安全发展理念,全力防范化解重大"
    document = load_text(f"{head}。\n{head}安全风险。\n一、完善机制\n健全联席会议制度，定期会商研判。")
    assert document.excluded == ((0, len(head) + 1, "repeated_opening"),)


@pytest.mark.parametrize(
    ("line", "style", "values"),
    [
        ("一、总则", "chinese", (1,)),
        ("（十二）演练", "chinese_bracket", (12,)),
        ("1．项目", "arabic", (1,)),
        ("# 3.l 监测预报", "decimal2", (3, 1)),
        ("4\ue010 1\ue010 2 达到", "decimal3", (4, 1, 2)),
        ("1. 4 工作原则", "decimal2", (1, 4)),
        ("10筑牢屏障", "dotless", (10,)),
        ("$\\textcircled{3}$ 倒塌", "circled", (3,)),
        ("③倒塌", "circled", (3,)),
        ("第十三条 本办法", "article", (13,)),
        ("a．因灾死亡", "letter", (1,)),
        ("7.5人力资源", "decimal2", (7, 5)),
        ("4  1 信息报告", "decimal2", (4, 1)),
        ("7 7 3 支持和鼓励科学研究", "decimal3", (7, 7, 3)),
        ("⑵组织巡查", "bracket", (2,)),
        ("⒊工作要求", "arabic", (3,)),
        ("㈡责任落实", "chinese_bracket", (2,)),
    ],
)
def test_numbers(line: str, style: str, values: tuple[int, ...]) -> None:
    number = number_of(line)
    assert number is not None and (number.style, number.values) == (style, values)


@pytest.mark.parametrize(
    "line",
    [
        "2020年要点",
        "12月底前完成",
        "24小时值班",
        "3天内报送",
        "1.5万人",
        "100余名队员",
        "5 0 人以上",
        "3 0 0 0 户以下",
        "1 5 日前",
        "第一类企业",
    ],
)
def test_no_numbers(line: str) -> None:
    assert number_of(line) is None


# ---- the real plans


def test_every_sentence_of_every_plan_maps_back(real_plans: list[Path]) -> None:
    assert real_plans
    for path in real_plans:
        document = load(path)
        assert clean(document.text) == document.text == clean(document.source), path.name
        check_tree(document)
        for match in re.finditer(r"[^。；;\n]+[。；;]?", document.text):
            quote = match[0].strip()
            if not quote:
                continue
            start = match.start() + match[0].index(quote)
            begin, finish = document.span(start, start + len(quote))
            part = clean(document.source[begin:finish], document.passes)
            assert squeezed(part) == squeezed(quote), (path.name, start)


def test_metadata_of_annotated_plans(shared: Path) -> None:
    gold = sorted((shared / "eval" / "gold").glob("*.json"))
    assert gold
    for path in gold:
        wanted = json.loads(path.read_text(encoding="utf-8"))
        metadata = load(shared / "plans" / wanted["source"]).metadata
        for field in ("kind", "issuer", "place", "doc_number", "issued", "period_start", "period_end"):
            assert getattr(metadata, field) == wanted["plan"][field], (path.name, field)
        assert squeezed(metadata.title or "") == squeezed(wanted["plan"]["title"] or ""), path.name


def test_nothing_is_lost_from_the_plans(real_plans: list[Path]) -> None:
    """But for marks and page numbers inside sentences, each character of the source is in the text."""
    for path in real_plans:
        document = load(path)
        if "traditional" in document.passes:
            continue
        lost = len(squeezed(document.source)) - len(squeezed(document.text))
        assert 0 <= lost <= 20, path.name
