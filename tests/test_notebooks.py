"""The notebooks: the executed files hold the cells of their scripts, and every cell ran (`.ci/run` runs them with nbmake)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))


def cells(book: Any) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source.strip()) for cell in book.cells]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_is_its_script_executed(script: Path) -> None:
    path = script.with_suffix(".ipynb")
    book = nbformat.read(path, as_version=4)
    assert cells(book) == cells(jupytext.read(script)), "run make notebooks"
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs and all(output.output_type != "error" for output in outputs)
    assert all(cell.execution_count for cell in book.cells if cell.cell_type == "code"), "a cell was not run"
    text = path.read_text("utf-8")
    assert len(text) < 1_000_000
    assert not [word for word in ("/tmp/", "/root/", "/home/", "site-packages") if word in text], "a machine's path"


def test_there_are_notebooks() -> None:
    assert [script.stem[0] for script in SCRIPTS] >= ["1", "2", "3", "4"]
    assert len(SCRIPTS) >= 6
