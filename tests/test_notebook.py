"""The graph in Jupyter: what cells display, and the magic."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest
from browser import HOSTILE, small_graph

from kg.graph import Graph


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with small_graph() as made:
        yield made


def test_a_graph_shows_counts_plans_and_what_to_try(graph: Graph) -> None:
    shown = graph._repr_html_()
    tasks = len(list(graph.nodes("Task")))
    assert f"<b>{tasks}</b><br><small>任务<br>Task" in shown and "3 份计划" in shown
    assert "云溪区应急管理局2025年工作要点" in shown and "graph.show()" in shown
    assert "<script" not in shown


def test_an_answer_is_a_dataframe_with_quotes_that_unfold(graph: Graph) -> None:
    rows = graph.who_is_responsible("排水泵")
    shown = rows._repr_html_()  # type: ignore[operator]
    assert isinstance(rows, pandas.DataFrame) and list(rows.columns)[:2] == ["owner", "parent"]
    assert "<th>owner<br><small>单位</small></th>" in shown
    assert re.search(r"<details><summary>.*…</summary>汛期前为多灾易灾村配备卫星电话、排水泵</details>", shown)
    assert html.escape(HOSTILE) in shown and "<script>" not in shown
    assert hasattr(rows.head(1), "_repr_html_") and "1 行" in rows.head(1)._repr_html_()  # type: ignore[operator]
    kept = rows[rows["role"] == "lead"]
    assert "没有结果" in kept._repr_html_()  # type: ignore[operator]


def test_an_answer_without_rows_names_the_nearest_topics(graph: Graph) -> None:
    rows = graph.who_is_responsible("排水管")
    assert rows.empty and "排水泵" in rows.attrs["nearest"]
    assert "排水泵" in rows._repr_html_()  # type: ignore[operator]


def test_a_graph_is_shown_in_a_frame_of_its_own_origin(graph: Graph) -> None:
    shown = graph.show("区气象局")
    frame = shown._repr_html_()
    assert 'sandbox="allow-scripts allow-downloads"' in frame and "allow-same-origin" not in frame
    page = html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])  # type: ignore[index]
    assert page.startswith("<!DOCTYPE html>") and "区气象局" in page
    assert 3 < shown.nodes < len(list(graph.nodes())) and f"{shown.nodes} nodes" in repr(shown)


def test_cypher_in_a_cell(graph: Graph) -> None:
    from IPython.core.error import UsageError as CellError
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "kg")
    shell.user_ns["graph"] = graph
    shell.user_ns["hazard"] = "山洪灾害"
    query = "MATCH (t:Task)-[:ADDRESSES]->(h:Hazard {name: $hazard}) RETURN t.text AS task // $nothing '$none'"
    rows = shell.run_cell_magic("cypher", "graph > kept", query)
    assert list(rows["task"]) == ["开展山洪灾害隐患点排查"] and shell.user_ns["kept"].equals(rows)
    assert len(shell.run_line_magic("cypher", "MATCH (h:Hazard) RETURN h.name")) > 3
    for line, cell, words in (
        ("", "MATCH (n {name: $missing}) RETURN n", r"kg: \$missing has no value"),
        ("other", "RETURN 1", "kg: there is no graph called other"),
        ("a b", "RETURN 1", "kg: %%cypher a b"),
        ("", "MATCH oops", "kg: "),
    ):
        with pytest.raises(CellError, match=words):
            shell.run_cell_magic("cypher", line, cell)


def test_a_kernel_shows_a_bar_while_it_builds(plan_file: Path, tmp_path: Path) -> None:
    """In a real kernel, as jupyter runs it."""
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.v4.new_code_cell(f"import kg\ngraph = kg.build([{str(plan_file.parent)!r}], workers=1)\ngraph")
    ]
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    shown = [output["data"]["text/html"] for output in book.cells[0].outputs if "data" in output]
    assert any('<progress value="1" max="1"' in one for one in shown) and any("1 份计划" in one for one in shown)


def test_import_stays_quick_and_brings_no_notebook() -> None:
    program = "import sys, kg; print([name for name in ('IPython', 'pandas', 'numpy', 'pyvis') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_answer_of_a_graph_is_shown_so() -> None:
    answers = [
        one for one in vars(Graph).values() if getattr(one, "__annotations__", {}).get("return") == "pandas.DataFrame"
    ]
    assert len(answers) > 10
    assert all(hasattr(one, "__wrapped__") for one in answers)
