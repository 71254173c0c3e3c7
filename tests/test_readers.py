"""What each reader gives: text, numbers, headings, tables, positions, metadata, notes."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import office_files as files
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from kg.errors import UnreadableFile
from kg.extraction import extract
from kg.loaders import load
from kg.loaders.formats import READERS, format_of
from kg.loaders.tables import find_tables

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def rows(text: str) -> list[list[list[str]]]:
    """The words of all tables of a text."""
    return [[[cell.text for cell in row] for row in table.rows] for table in find_tables(text)]


# DOCX


def numbered(document: Any, levels: list[tuple[str, str]]) -> str:
    """Adds a list with these formats and texts of its levels; returns its number."""
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for level, (form, text) in enumerate(levels):
        one = OxmlElement("w:lvl")
        one.set(qn("w:ilvl"), str(level))
        for name, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", text)):
            part = OxmlElement(name)
            part.set(qn("w:val"), value)
            one.append(part)
        abstract.append(one)
    numbering.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "77")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "77")
    number.append(link)
    numbering.append(number)
    return "77"


def put(document: Any, words: str, number: str, level: int) -> None:
    """Adds a paragraph of a list."""
    paragraph = document.add_paragraph(words)
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", str(level)), ("w:numId", number)):
        part = OxmlElement(name)
        part.set(qn("w:val"), value)
        mark.append(part)
    properties.append(mark)


def test_word_counts_its_numbers(tmp_path: Path) -> None:
    document = docx.Document()
    number = numbered(
        document, [("chineseCountingThousand", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3．")]
    )
    for words, level in (
        ("防汛", 0), ("备足物资。", 1), ("检查堤防。", 1), ("补充编织袋。", 2), ("更换水泵。", 2), ("防火", 0), ("设置检查站。", 1)
    ):  # fmt: skip
        put(document, words, number, level)
    path = tmp_path / "plan.docx"
    document.save(str(path))
    assert load(path).source.splitlines() == [
        "一、防汛", "（一）备足物资。", "（二）检查堤防。", "1．补充编织袋。", "2．更换水泵。", "二、防火", "（一）设置检查站。"
    ]  # fmt: skip


def test_word_tables_stand_in_their_order_with_merged_cells(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("任务分工", 1)
    table = document.add_table(4, 3)
    for y, words in enumerate(
        (
            ("重点任务", "牵头单位", "时限"),
            ("检查全区涵闸", "区水利局", "3月底前"),
            ("巡查全区堤防", "", ""),
            ("合计", "", ""),
        )
    ):
        for x, word in enumerate(words):
            table.cell(y, x).text = word
    table.cell(1, 1).merge(table.cell(2, 1))
    table.cell(3, 0).merge(table.cell(3, 2))
    document.add_paragraph("以上任务年底考核。")
    path = tmp_path / "plan.docx"
    document.save(str(path))
    loaded = load(path)
    assert loaded.source.startswith("# 任务分工\n<table>") and loaded.source.endswith("以上任务年底考核。")
    (found,) = rows(loaded.source)
    assert [row[1] for row in found][:3] == ["牵头单位", "区水利局", "区水利局"]
    facts = extract(loaded)
    owners = {task.text: [owner.name for owner in task.owners] for task in facts.tasks}
    assert owners["检查全区涵闸"] == owners["巡查全区堤防"] == ["区水利局"]
    position = loaded.position(loaded.source.index("3月底前"))
    assert position is not None and str(position) == "table 1 row 2 column 3"


def test_a_row_that_cells_above_cover_whole(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(4, 2)
    for y, words in enumerate(
        (("重点任务", "牵头单位"), ("检查全区堤防", "区水利局"), ("", ""), ("修订防汛预案", "区应急局"))
    ):
        for x, word in enumerate(words):
            table.cell(y, x).text = word
    for x in (0, 1):
        table.cell(1, x).merge(table.cell(2, x))
    path = tmp_path / "plan.docx"
    document.save(str(path))
    assert rows(load(path).source) == [
        [["重点任务", "牵头单位"], ["检查全区堤防", "区水利局"], ["修订防汛预案", "区应急局"]]
    ]


def test_word_leaves_out_what_is_deleted_or_hidden(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("加强")
    gone = OxmlElement("w:del")
    run = OxmlElement("w:r")
    words = OxmlElement("w:delText")
    words.text = "旧的"
    run.append(words)
    gone.append(run)
    paragraph._p.append(gone)
    paragraph.add_run("隐藏").font.hidden = True
    paragraph.add_run("防汛。")
    path = tmp_path / "plan.docx"
    document.save(str(path))
    loaded = load(path)
    assert loaded.source == "加强防汛。"
    assert any("deletions" in note for note in loaded.reading.notes)
    assert any("hidden" in note for note in loaded.reading.notes)


# HTML

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>云渚区应急管理局文件_云渚区政府</title></head><body>
<div class="top-nav"><a href="/">首页</a><a href="/xx">政务公开</a></div>
<div class="breadcrumb">当前位置：<a>首页</a> &gt; <a>规划计划</a></div>
<table><tr><td>索 引 号：</td><td>YZ0215/2024-00317</td><td>主题分类：</td><td>应急</td></tr>
<tr><td>发布机构：</td><td>云渚区应急管理局</td><td>成文日期：</td><td>2024-03-18</td></tr>
<tr><td>文　　号：</td><td>云应急〔2024〕9号</td><td>有 效 性：</td><td>有效</td></tr></table>
<h1>云渚区2024年应急管理工作要点</h1><div class="share">分享到：微信</div>
<div class="article-content"><p>一、防汛</p><p>检查堤防。<br>（责任单位：区水利局）</p>
<table><tr><td colspan="2">分工</td></tr><tr><td>任务</td><td>责任单位</td></tr>
<tr><td rowspan="2">巡堤 &lt;每日&gt;</td><td>区水利局</td></tr><tr><td>各镇</td></tr></table>
<ol><li>修订预案。</li><li>开展演练。</li></ol><p style="display:none">看不见</p></div>
<div class="related"><a>相关新闻：某地开展演练</a></div><footer>版权所有 云渚区人民政府</footer></body></html>"""


def test_a_government_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE.encode("gb18030"))
    document = load(path)
    metadata = document.metadata
    assert (metadata.title, metadata.issuer) == ("云渚区2024年应急管理工作要点", "云渚区应急管理局")
    assert (metadata.doc_number, metadata.issued) == ("云应急〔2024〕9号", "2024-03-18")
    assert (metadata.index_number, metadata.validity) == ("YZ0215/2024-00317", "有效")
    for words in ("政务公开", "当前位置", "分享到", "相关新闻", "版权所有", "看不见"):
        assert words not in document.source
    assert "检查堤防。\n（责任单位：区水利局）" in document.source and "1.修订预案。\n2.开展演练。" in document.source
    assert rows(document.source) == [
        [["分工", "分工"], ["任务", "责任单位"], ["巡堤 <每日>", "区水利局"], ["巡堤 <每日>", "各镇"]]
    ]
    notes = " ".join(document.reading.notes)
    assert "page furniture" in notes and "1 hidden elements" in notes
    position = document.position(document.source.index("修订预案"))
    assert position is not None and position.paragraph == 4


def test_a_page_without_a_known_frame(tmp_path: Path) -> None:
    words = "开展隐患排查整治，落实属地责任和部门监管责任，做好值班值守。" * 4
    path = tmp_path / "page.htm"
    path.write_text(
        f"<html><body><ul><li><a>栏目一</a></li><li><a>栏目二</a></li></ul><div id=main><div><p>{words}</p>"
        f"<p>{words}</p></div></div><div>地址：某路1号</div></body></html>",
        encoding="utf-8",
    )
    source = load(path).source
    assert source.splitlines() == [words, words]


@pytest.mark.parametrize(
    ("tab", "first"),
    [
        ("政务公开", "云渚区2026年防汛工作要点"),  # a part of the site: the article's own title counts
        ("石桥区2026年防汛工作要点", "石桥区2026年防汛工作要点"),
    ],
)
def test_the_name_of_a_part_of_the_site_is_no_title(tmp_path: Path, tab: str, first: str) -> None:
    head = "<p>云渚区2026年防汛工作要点</p>" if tab == "政务公开" else ""
    words = "汛期前完成全区水库、堤防安全检查，备足防汛物资。" * 3
    path = tmp_path / "page.html"
    path.write_text(
        f"<html><head><title>{tab}</title></head><body><div id=zoom>{head}<p>{words}</p></div></body></html>",
        encoding="utf-8",
    )
    loaded = load(path)
    assert loaded.source.splitlines() == [first, words] and loaded.metadata.title == first


# spreadsheets


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "物资"
    for row in (
        ["云渚区应急物资台账"], ["物资名称", "数量", "单位", "管理单位"], ["冲锋舟", 6.0, "艘", "区水利局"],
        ["编织袋", 5000, "条", None], [], ["注：每季度更新。"],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("D3:D4")
    hidden = book.create_sheet("旧")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "台账.xlsx"
    book.save(path)
    document = load(path)
    assert rows(document.source) == [
        [
            ["物资名称", "数量", "单位", "管理单位"],
            ["冲锋舟", "6", "艘", "区水利局"],
            ["编织袋", "5000", "条", "区水利局"],
        ]
    ]
    assert document.source.startswith("云渚区应急物资台账\n") and document.source.endswith("注：每季度更新。")
    place = document.position(document.source.index("5000"))
    assert place is not None and str(place) == "sheet 物资 cell B4"
    assert document.reading.notes == ("sheet 旧: hidden; not read",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv(tmp_path: Path, encoding: str, sign: str) -> None:
    path = tmp_path / "分工.csv"
    lines = (
        ("重点任务", "牵头单位", "完成时限"),
        ('"检查全区堤防。\n疏浚主要河道"', "区水利局", "3月底前"),
        ("修订防汛预案", "区应急局", ""),
    )
    path.write_bytes("\r\n".join(sign.join(line) for line in lines).encode(encoding))
    document = load(path)
    assert [row[1] for row in rows(document.source)[0]] == ["牵头单位", "区水利局", "区应急局"]
    assert [[owner.name for owner in task.owners] for task in extract(document).tasks] == [["区水利局"]] * 2 + [
        ["区应急局"]
    ]
    place = document.position(document.source.index("区应急局"))
    assert place is not None and place.cell == "B3"


# formats


def test_the_format_is_told_by_the_content(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("一、防汛\n检查堤防。")
    file = io.BytesIO()
    document.save(file)
    for name in ("plan.pdf", "plan.txt", "plan"):
        assert format_of(file.getvalue(), name) == "docx"
    path = tmp_path / "plan.pdf"
    path.write_bytes(file.getvalue())
    assert [w.message for w in load(path).warnings] == ["named .pdf, but it is a Word document (DOCX); read as that"]
    assert format_of("<table><tr><td>任务</td></tr></table>".encode(), "plan.md") == "text"
    assert format_of("<html><body><table><tr><td>任务</td></tr></table>".encode(), "plan.md") == "text"
    assert format_of(b"<!DOCTYPE html><html>", "plan.txt") == "html"


@pytest.mark.parametrize("form", sorted(form for form, row in READERS.items() if row[2] and form != "office"))
def test_a_missing_extra_is_named(form: str) -> None:
    """Without the libraries of the extras, text is read and other formats name the extra to install."""
    extra = READERS[form][2]
    code = (
        "import sys\n"
        "for name in ('docx', 'selectolax', 'pypdfium2', 'pdfplumber', 'defusedxml', 'rapidocr_onnxruntime', 'cv2'):\n"
        "    sys.modules[name] = None\n"
        "from kg.errors import UnreadableFile\n"
        "from kg.loaders.formats import _reader\n"
        "try:\n"
        f"    _reader({form!r}, 'plan')(b'', 'plan', None)\n"
        "except UnreadableFile as error:\n"
        "    print(error.reason, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stdout.startswith("needs_extra plan: ") and f"emergency-kg[{extra}]" in done.stdout, done.stderr


# old Office files


@pytest.mark.parametrize("form", ["doc:MS Word 97", "rtf:Rich Text Format", "odt"])
def test_old_documents_by_libreoffice(examples: Path, tmp_path: Path, form: str) -> None:
    plan = examples / "plans" / "yunzhu_senlin_fangan.md"
    path = files.word(files.web_page(plan, tmp_path), tmp_path, form)
    if path.suffix == ".doc":
        path = path.rename(path.with_suffix(".wps"))
    wanted, got = extract(load(plan)), extract(load(path))
    assert [task.text for task in got.tasks] == [task.text for task in wanted.tasks]
    assert [[o.name for o in task.owners] for task in got.tasks] == [[o.name for o in t.owners] for t in wanted.tasks]
    assert got.reading.format == "Word document (by LibreOffice)"


def test_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "plan.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(2000))
    with pytest.raises(UnreadableFile) as caught:
        load(path)
    assert caught.value.reason == "needs_program" and "install LibreOffice" in str(caught.value)
    assert "save it as DOCX" in str(caught.value)
