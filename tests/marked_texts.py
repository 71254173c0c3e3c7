"""Fixture texts with what is to be found in them: `== title`, the text, a line of `---`, a line for each find.

`[[…]]` in a text marks a stretch that is taken already.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

__all__ = ["FIXTURES", "marked_texts"]

FIXTURES = Path(__file__).parent / "fixtures"


def marked_texts(path: Path) -> list[object]:
    """Of each block the text, the stretches that are taken, and the expected lines, as the parameters of a test."""
    found: list[object] = []
    for block in re.split(r"^== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, rest = block.split("\n", 1)
        text, _, expected = rest.partition("---\n")
        text, taken = _unmarked(text.rstrip("\n"))
        lines = [line for line in expected.splitlines() if line.strip()]
        found.append(pytest.param(text, taken, lines, id=title))
    return found


def _unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    taken = []
    while "[[" in text:
        taken.append((text.index("[["), text.index("]]") - 2))
        text = text.replace("[[", "", 1).replace("]]", "", 1)
    return text, taken
