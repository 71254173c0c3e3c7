"""A report in one of its formats."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.views.reports.content import content
from kg.views.reports.wording import LANGUAGES

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["FORMATS", "write_report"]

FORMATS = ("xlsx", "html", "docx")


def write_report(
    graph: Graph,
    plan: str,
    path: str | Path,
    format: str | None = None,
    *,
    language: str = "zh",
    day: date | None = None,
) -> Path:
    """See `kg.graph.Graph.to_report`."""
    target = Path(path)
    form = format or target.suffix.lower().lstrip(".")
    if form not in FORMATS:
        raise UsageError(f"no report as {form!r}; there are: {', '.join(FORMATS)}")
    if language not in LANGUAGES:
        raise UsageError(f"no language {language!r}; there are: {', '.join(LANGUAGES)}")
    if form == "xlsx":
        from kg.views.reports.workbook import write
    elif form == "html":
        from kg.views.reports.page import write
    else:
        from kg.views.reports.document import write
    write(content(graph, plan, language, day or date.today()), target)
    return target
