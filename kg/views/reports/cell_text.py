"""Values of a report's tables as text or numbers."""

from __future__ import annotations

from typing import Any

from kg.views.cells import plain_cell, printable
from kg.views.reports.wording import caption, code

__all__ = ["shown"]


def shown(column: str, value: Any, language: str) -> Any:
    """A cell's value as people read it: codes in words, lists joined, what no file can hold replaced."""
    if column == "key":
        value = code(value[0], value[1], language) if isinstance(value, tuple) else caption(value, language)
    if column == "current":
        value = code("status", value, language)
    mark = "、" if language == "zh" else ", "
    text = plain_cell(code(column, value, language), mark)
    return printable(text) if isinstance(text, str) else text
