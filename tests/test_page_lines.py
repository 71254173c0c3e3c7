"""What a page shows and its text does not say: lines, spaces, paragraphs, rows of tables that go over its end."""

from __future__ import annotations

from pathlib import Path

import office_files as files

from kg.loaders import load
from kg.loaders.composing import Composer
from kg.loaders.document import Document
from kg.loaders.page_lines import SPACE, Glyph, Line, Page, compose, lines_of


def glyphs(words: str, top: float = 0.0, wide: float = 10.0) -> list[Glyph]:
    """Signs of one size side by side; `.` is narrow, a space has no width."""
    found, left = [], 0.0
    for char in words:
        right = left + (wide / 4 if char == "." else wide)
        found.append(Glyph(char, left, top, right, top + 10, top + 10))
        left = left + wide / 4 if char == SPACE else right
    return found


def test_what_stands_twice_is_no_bold_print() -> None:
    assert [line.text for line in lines_of(glyphs("总则..7"))] == ["总则..7"]
    bold = [
        glyph for one in glyphs("总则") for glyph in (one, Glyph(one.char, one.left + 0.3, 0, one.right + 0.3, 10, 10))
    ]
    assert [line.text for line in lines_of(bold)] == ["总则"]


def test_spaces_at_the_ends_of_lines() -> None:
    lines = lines_of([*glyphs("救助工作 "), *glyphs("省应急厅", 20), *glyphs("核定灾情", 40)])
    assert [(line.text, line.spaced) for line in lines] == [
        ("救助工作", True),
        ("省应急厅", False),
        ("核定灾情", False),
    ]
    every = lines_of([*glyphs("救助工作 "), *glyphs("省应急厅 ", 20), *glyphs("核定灾情", 40)])
    assert not any(line.spaced for line in every), "where most lines have one it is the habit of a program"


def composed(lines: list[Line]) -> list[str]:
    composer = Composer()
    compose(composer, [Page(1, 600, 800, lines)], [])
    return composer.text().split("\n")


def test_a_line_that_ends_at_a_space_for_a_lost_full_stop() -> None:
    """Two characters that stand apart wherever they meet within lines are apart where a line ends between them too."""
    rows = [
        "县水利局核定灾情，组织有关专家评估损失并且做好抢险救援工作",
        "县应急局发布信息 县民政局做好生活救助工作 县财政局及时拨付",
        "资金 县交通局保障道路畅通并协助做好物资运输工作 县公安局维",
    ]
    lines = [Line(words, 50, 100 + 20 * at, 50 + 12.0 * 29, 112 + 20 * at) for at, words in enumerate(rows)]
    text = composed(lines)[0]
    assert "抢险救援工作 县应急局" in text and "及时拨付资金" in text
    together = [*lines, Line("护秩序。各单位应当完善工作县级方案。", 50, 160, 266, 172)]
    assert "抢险救援工作县应急局" in composed(together)[0], "they stand together elsewhere: nothing is sure"


def test_paragraphs_that_nothing_parts() -> None:
    """Lines at one distance without an indent: one that is full and closed ends a paragraph, as in a text with broken lines."""
    rows = [
        "各乡镇政府做好防汛物资储备和抢险队伍建设工作并且按照",
        "规定时间报告灾情，不得迟报漏报谎报瞒报，做到有令必行。",
    ] * 8
    lines = [Line(words, 50, 100 + 20 * at, 50 + 12.0 * len(words), 112 + 20 * at) for at, words in enumerate(rows)]
    assert composed([*lines, Line("附则", 50, 440, 74, 452)]) == [rows[0] + rows[1]] * 8 + ["附则"]


def printed(body: str, folder: Path) -> Document:
    page = folder / "page.html"
    style = (
        "@page{size:A4;margin:2cm} body{margin:0;font:12pt/20pt 'Noto Serif CJK SC'} p{margin:0} td{border:1px solid}"
    )
    page.write_text(f"<meta charset=utf-8><style>{style}</style><body>{body}", encoding="utf-8")
    return load(files.printed(page, folder))


def test_a_tagged_file_says_its_paragraphs(tmp_path: Path) -> None:
    full = "各乡镇人民政府和街道办事处负责组织做好本辖区防汛抗旱抢险工作并且及时报告灾情。"
    paragraphs = [full, "区水利局检查落实各项措施。", full, full + full, "区气象局发布预警。"]
    assert printed("".join(f"<p>{words}</p>" for words in paragraphs), tmp_path).source.split("\n") == paragraphs


def test_a_sign_without_a_character(tmp_path: Path) -> None:
    """The dot that a font had at a place of its own: it is drawn, and the file has no character for it."""
    document = printed("<p>3\ue0101 信息报告</p><p>各单位及时报告灾情。</p>", tmp_path)
    assert [section.number.replace("\uf8ff", ".") for section in document.sections] == ["3.1"]


def test_a_row_over_the_end_of_a_page(tmp_path: Path) -> None:
    duties = "；".join(f"第{number}项工作由区水利局会同区住建局组织落实并且及时报告" for number in range(1, 40))
    lines = "<p>防汛工作分工。</p>" * 27
    table = (
        f"<table style='border-collapse:collapse'><tr><td>序号<td>任务<tr><td>1<td>{duties}<tr><td>2<td>其他</table>"
    )
    assert f"<td>{duties}</td>" in printed(lines + table, tmp_path).text
