"""The HTML page as a reader sees it, in headless Chromium, painted by pyvis's vis-network and by the project's canvas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import HOSTILE, Page, small_graph
from PIL import Image

from kg.graph import Graph

ENTER, ESCAPE, BACK, RIGHT, DOWN = "\ue007", "\ue00c", "\ue003", "\ue014", "\ue015"
TASK = "开展山洪灾害隐患点排查"


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with small_graph() as made:
        yield made


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    one = Page(tmp_path_factory.mktemp("downloads"))
    yield one
    one.quit()


@pytest.fixture(params=["pyvis", "canvas"])
def page(request: pytest.FixtureRequest, graph: Graph, browser: Page, tmp_path: Path) -> Iterator[Page]:
    """The page opened on the water bureau; afterwards it has asked for nothing and complained of nothing."""
    browser.open(graph.to_html(tmp_path / "页面.html", focus="区水利局", renderer=request.param))
    yield browser
    assert browser.requests() == []
    assert browser.complaints() == []
    assert browser.js("return window.hacked") is None


def test_it_opens_on_the_surroundings_and_says_what_it_leaves_out(page: Page) -> None:
    nodes, edges = page.seen()
    said = page.text("#seen")
    assert 5 < nodes < 40 and edges > 5
    assert "「区水利局」的周边" in said and f"{nodes} 个节点" in said
    assert "图例中关闭" in said and "章节 6" in said
    assert page.text("#right h3") == "区水利局" and "计划文件" in page.text("#legend")
    drawn = page.js(
        "const c = document.querySelector('#graph canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "const s = new Set(); for (let i = 0; i < d.length; i += 4) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return s.size"
    )
    assert drawn > 20, "the graph is painted in colours"


def test_search_finds_names_aliases_and_task_words(page: Page) -> None:
    page.search("云溪区应急")
    assert "单位 · 云溪区应急管理局" in page.text("#results")
    page.search("区局")  # an alias
    assert "单位 · 云溪区应急管理局" in page.text("#results")
    page.search("没有这样的词")
    assert "没有找到" in page.text("#results")
    page.search("安责险")
    page.keys(ENTER)
    assert "「推广安责险」的周边" in page.text("#seen") and page.text("#right h3") == "推广安责险"
    page.click("#graph")
    page.keys(BACK)
    assert "「区水利局」的周边" in page.text("#seen")


def test_a_click_on_a_node_shows_facts_with_words_plan_and_section(page: Page) -> None:
    page.point("where", page.node(TASK))
    page.until(lambda: page.text("#right h3") == TASK)
    shown = page.text("#right")
    assert "区水利局 牵头" in shown and "区气象局 配合" in shown and "山洪灾害" in shown
    assert "云溪区应急管理局2024年工作要点 · 1. 加强防汛工作 · 第" in shown
    assert "时限" in shown and "5月底前" in shown


def test_a_click_on_a_line_shows_its_fact(page: Page) -> None:
    page.point("middle", page.edge("RESPONSIBLE_FOR", "区水利局", TASK))
    page.until(lambda: page.text("#right h3") == "负责")
    shown = page.text("#right")
    assert TASK in shown and "牵头" in shown and "云溪区应急管理局2024年工作要点" in shown and "责任标注" in shown
    assert page.text("#right blockquote") == "区水利局"


def test_focus_and_expand(page: Page) -> None:
    page.point("where", page.node("区气象局"))
    page.until(lambda: page.text("#right h3") == "区气象局")
    page.click("#act-focus")
    assert "「区气象局」的周边" in page.text("#seen")
    before, _ = page.seen()
    page.point("where", page.node("山洪灾害"))
    page.until(lambda: page.text("#right h3") == "山洪灾害")
    page.search("洪涝灾害")
    page.keys(ENTER)
    assert "「洪涝灾害」的周边" in page.text("#seen")
    page.point("where", page.node("救援科"))
    page.until(lambda: page.text("#right h3") == "救援科")
    before, _ = page.seen()
    page.click("#act-expand")
    assert page.seen()[0] > before and page.text("#act-expand") == "收起"
    page.click("#act-expand")
    assert page.seen()[0] == before
    page.point("where", page.node("区水利局"), double=True)
    page.until(lambda: "「区水利局」的周边" in page.text("#seen"))


def test_filters_by_plan_hazard_and_role(page: Page) -> None:
    page.click("#whole")
    everything, _ = page.seen()

    def names() -> str:
        return page.text("#table")

    page.click("#show-table")
    page.choose("#filter-plan", "云溪区应急管理局2025年工作要点")
    assert "检修排水泵" in names() and TASK not in names()
    page.click("#clear")
    assert page.seen()[0] == everything
    page.choose("#filter-hazard", "洪涝灾害")  # and narrower: flash floods are floods
    assert "备足防汛物资" in names() and TASK in names() and "推广安责险" not in names()
    page.choose("#filter-role", "牵头")
    assert TASK in names() and "备足防汛物资" not in names()
    page.click("#clear")
    assert page.seen()[0] == everything


def test_the_legend_filters(page: Page) -> None:
    before, _ = page.seen()
    page.click('#legend [data-label="Task"]')
    without, _ = page.seen()
    assert without < before and "任务" in page.text("#seen")
    page.click('#legend [data-label="Task"]')
    assert page.seen()[0] == before
    page.click('#legend [data-label="Section"]')
    assert page.seen()[0] > before


def test_whole_graph_and_network(page: Page) -> None:
    around, _ = page.seen()
    page.click("#network")
    page.point("where", page.node("区气象局"))
    page.until(lambda: page.text("#right h3") == "区气象局")
    page.click("#whole")
    whole, edges = page.seen()
    assert whole > around
    assert f"显示 {whole} 个节点、{edges} 条关系" in page.text("#seen")
    page.point("where", page.node("危险化学品事故"))
    page.until(lambda: page.text("#right h3") == "危险化学品事故")
    page.click("#around")
    assert page.seen()[0] == around


def test_the_matrix_marks_gaps_and_leads_to_tasks(page: Page, graph: Graph) -> None:
    page.click("#show-matrix")
    owner, hazard = page.node("区水利局"), page.node("洪涝灾害")
    cell = f'#matrix tr[data-owner="{owner}"] td[data-hazard="{hazard}"]'
    assert page.text(cell) == "3"
    page.click(cell)
    shown = page.text("#right")
    assert "区水利局 × 洪涝灾害:3 项任务" in shown and HOSTILE in shown and "检修排水泵" in shown
    heads = [
        one.strip()
        for one in page.js("return [...document.querySelectorAll('#matrix thead th')].map((t) => t.innerText)")
    ]
    rows = page.js(
        "return [...document.querySelectorAll('#matrix tr.gap')].map((r) => [...r.cells].map((c) => c.innerText))"
    )
    marked = {
        (row[0], name) for row in rows for name, text in zip(heads[1:], row[1:], strict=True) if text.startswith("缺")
    }
    captions = {
        "hazard_without_task": "缺口:灾种无任务",
        "hazard_without_owner": "缺口:灾种无责任单位",
        "hazard_without_resource": "缺口:灾种无队伍物资",
    }
    expected = set()
    for plan in graph.plans()["id"]:
        gaps = graph.uncovered(plan)
        for row in gaps[gaps["state"] == "absent"].to_dict("records"):
            if row["ground"] in captions:
                expected.add((captions[row["ground"]], row["item"]))
    assert marked == expected and ("缺口:灾种无任务", "地震灾害") in marked
    page.click("#matrix tr.gap td.open")
    assert "缺口" in page.text("#right h3") and "说明" not in page.text("#right h3") and page.text("#right blockquote")
    unowned = page.text("#matrix tr.none")
    assert "1" in unowned  # 修订生产安全事故应急预案


def test_the_matrix_by_keyboard(page: Page) -> None:
    page.keys(ESCAPE, "m")
    first = page.js("return document.activeElement.getAttribute('aria-label')")
    assert first and page.js("return document.activeElement.tagName") == "TD"
    page.keys(DOWN)
    assert page.js("return document.activeElement.getAttribute('aria-label')") != first
    page.keys(ENTER)
    assert page.text("#right h3")


def test_keys(page: Page) -> None:
    page.click("#graph")
    page.keys("/")
    assert page.js("return document.activeElement.id") == "search"
    page.keys(ESCAPE)
    page.keys("w")
    assert page.js("return document.getElementById('whole').getAttribute('aria-pressed')") == "true"
    page.keys("w", "l")
    assert page.js("return document.getElementById('network').getAttribute('aria-pressed')") == "true"
    page.keys("l", "d")
    assert page.js("return document.documentElement.dataset.theme") == "dark"
    page.keys("d", "t")
    assert "行" in page.text("#table .bar")
    page.keys("t", "?")
    assert "键盘" in page.text("#help-box")
    page.click("#help-close")
    page.point("where", page.node("区气象局"))
    page.until(lambda: page.text("#right h3") == "区气象局")
    page.keys(RIGHT)
    page.until(lambda: page.text("#right h3") == TASK)
    page.keys(ENTER)
    assert f"「{TASK}」的周边" in page.text("#seen")
    page.keys("+", "-", "0", ESCAPE, BACK)
    assert "「区水利局」的周边" in page.text("#seen")


def test_table_and_csv(page: Page) -> None:
    page.click("#show-table")
    assert TASK in page.text("#table") and "区水利局(牵头)、区气象局(配合)" in page.text("#table")
    page.click("#table th")
    assert page.js("return document.querySelector('#table th').getAttribute('aria-sort')") == "ascending"
    path = page.download("#csv")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert rows[0][:2] == ["任务", "责任单位"] and len(rows) == 5
    texts = [row[0] for row in rows[1:]]
    assert HOSTILE in texts and "'=1+1排涝" in texts, "no spreadsheet computes it"
    page.click('#table [data-kind="relations"]')
    rows = list(csv.reader(page.download("#csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) - 1 == page.seen()[1] and rows[0][4] == "原文"
    page.click("#show-table")
    page.click("#show-matrix")
    rows = list(csv.reader(page.download("#csv").read_text("utf-8-sig").splitlines()))
    assert ["区水利局", "3"] in [[row[0], row[rows[0].index("洪涝灾害")]] for row in rows]


def test_png(page: Page) -> None:
    for view in ("#show-graph", "#show-matrix"):
        page.click(view)
        path = page.download("#png")
        with Image.open(path) as picture:
            assert picture.format == "PNG" and picture.width > 400 and picture.height > 300
            colours = picture.convert("RGB").resize((400, 300)).getcolors(120_000)
        assert colours and len(colours) > 20, "something is painted"


def test_both_languages(page: Page) -> None:
    page.click("#language")
    assert "Surroundings of" in page.text("#seen") and "Group of owners" in page.text("#legend")
    assert page.text("#show-matrix") == "Owner × hazard"
    page.click("#language")
    assert "的周边" in page.text("#seen")


def test_hostile_words_are_shown_and_run_nothing(page: Page) -> None:
    page.search("推广<script>")
    assert HOSTILE in page.text("#results")
    page.keys(ENTER)
    page.until(lambda: page.text("#right h3") == HOSTILE)
    assert "云溪区<script>window.hacked=3</script>方案" in page.text("#right") and "<b>推广</b>" in page.text("#right")
    page.click("#show-table")
    assert HOSTILE in page.text("#table")
    assert page.js("return document.querySelectorAll('img, iframe, object').length") == 0
    page.js(
        "const s = document.createElement('script'); s.textContent = 'window.injected = 1'; document.body.append(s)"
    )
    assert page.js("return window.injected") is None, "the page's policy runs no other script"
    assert any("Content Security Policy" in one for one in page.complaints())  # of that attempt


def test_a_page_in_a_sandboxed_frame(graph: Graph, browser: Page, tmp_path: Path) -> None:
    """As a notebook shows it: an origin of its own, no storage."""
    import html as markup

    from kg.views.page import page as html_page

    text = html_page(graph, focus="区水利局", renderer="canvas")
    outer = tmp_path / "frame.html"
    outer.write_text(
        f'<html data-ready="yes"><meta charset="utf-8"><iframe sandbox="allow-scripts allow-downloads" width="1200" height="700" '
        f'srcdoc="{markup.escape(text)}"></iframe></html>',
        encoding="utf-8",
    )
    browser.open(outer)
    browser.driver.switch_to.frame(0)
    browser.until(lambda: browser.js("return document.documentElement.dataset.ready") == "yes")
    assert "「区水利局」的周边" in browser.text("#seen")
    browser.driver.switch_to.default_content()
    assert browser.requests() == [] and browser.complaints() == []


def test_a_frame_that_gets_its_size_late_is_painted(graph: Graph, browser: Page, tmp_path: Path) -> None:
    """JupyterLab lays frames out after they have loaded."""
    import html as markup

    from kg.views.page import page as html_page

    outer = tmp_path / "late.html"
    outer.write_text(
        f'<html data-ready="yes"><meta charset="utf-8"><iframe sandbox="allow-scripts" style="width:0;height:0" '
        f'srcdoc="{markup.escape(html_page(graph, focus="区水利局", renderer="canvas"))}"></iframe></html>',
        encoding="utf-8",
    )
    browser.open(outer)
    browser.driver.switch_to.frame(0)
    browser.until(lambda: browser.js("return document.documentElement.dataset.ready") == "yes")
    number = browser.node("区水利局")
    browser.driver.switch_to.default_content()
    browser.js("const f = document.querySelector('iframe').style; f.width = '1300px'; f.height = '700px'")
    browser.driver.switch_to.frame(0)
    where = "const g = document.getElementById('graph'), p = g.where(arguments[0]); return p.x > 0 && p.y > 0 && p.x < g.clientWidth && p.y < g.clientHeight"
    browser.until(
        lambda: browser.js("return document.getElementById('graph').clientWidth > 300") and browser.js(where, number)
    )
    browser.driver.switch_to.default_content()
