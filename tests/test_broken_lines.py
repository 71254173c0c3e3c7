"""A plan whose lines a page broke at its edge gives the tasks and owners of the same plan with whole paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extraction import extract
from kg.loaders import load

NO_FIRST = "，。；：、？！）》」』”,.;:?!)"
"""Marks that no line begins with; they hang over the edge."""


def columns(char: str) -> int:
    return 2 if char > "\u2000" else 1


def printed(text: str, width: int, indent: str = "") -> str:
    """The text in lines of a page."""
    lines = []
    for paragraph in text.splitlines():
        line, used = "", 0
        for char in (indent if paragraph.strip() else "") + paragraph.strip():
            if used + columns(char) > width and char not in NO_FIRST:
                lines.append(line)
                line, used = "", 0
            line += char
            used += columns(char)
        lines.append(line)
    return "\n".join(lines)


def rows(path: Path) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    tasks = extract(load(path)).tasks
    return {("".join(task.text.split()), tuple((one.name, one.role) for one in task.owners)) for task in tasks}


def same(path: Path, folder: Path, width: int, indent: str = "") -> tuple[int, int]:
    """How many tasks come out alike with their owners, and how many there are in either."""
    text = load(path).text
    whole, broken = folder / "whole.txt", folder / "broken.txt"
    whole.write_text(text, encoding="utf-8")
    broken.write_text(printed(text, width, indent), encoding="utf-8")
    assert broken.read_text(encoding="utf-8").count("\n") > text.count("\n") * 1.1
    wanted, found = rows(whole), rows(broken)
    return len(wanted & found), len(wanted | found)


@pytest.mark.parametrize(("width", "indent"), [(60, ""), (72, ""), (76, "　　"), (88, "　　")])
@pytest.mark.parametrize("name", ["yunzhu_2024_yaodian.txt", "yunzhu_2025_zongti_yuan.txt", "yunzhu_fangxun_yuan.txt"])
def test_sample_plans(examples: Path, tmp_path: Path, name: str, width: int, indent: str) -> None:
    alike, both = same(examples / "plans" / name, tmp_path, width, indent)
    assert alike == both


@pytest.mark.parametrize(("width", "indent"), [(72, ""), (84, "　　")])
def test_real_plans(shared: Path, tmp_path: Path, width: int, indent: str) -> None:
    counts = [same(path, tmp_path, width, indent) for path in sorted((shared / "plans").glob("*.txt"))]
    assert sum(alike for alike, _ in counts) >= 0.98 * sum(both for _, both in counts)
