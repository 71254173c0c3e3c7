"""What the user sees: messages and progress on standard error, rows on standard output."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

    from kg.building import BuildReport
    from kg.graph import Graph

__all__ = ["Progress", "print_rows", "progress", "say", "tell", "warn", "width"]

_LEAST_WIDTH = 80


def say(message: str) -> None:
    """Print a line on standard error."""
    print(message, file=sys.stderr, flush=True)


def warn(warnings: Iterable[str]) -> None:
    """Say each kind of warning of a file (`file: kind: …`) once, with the number of its cases."""
    kinds: dict[tuple[str, ...], list[str]] = {}
    for warning in warnings:
        kinds.setdefault(tuple(warning.split(": ")[:2]), []).append(warning)
    for cases in kinds.values():
        more = f" (and {len(cases) - 1} more of this kind)" if len(cases) > 1 else ""
        say(f"warning: {cases[0]}{more}")


def tell(report: BuildReport, where: str | None = None) -> None:
    """Say what a build did: each file that was left out, each warning, and the numbers."""
    for built in report.built:
        say(f"read: {built.line()}")
    for one in report.left_out:
        say(f"left out ({one.reason}): {one.message}")
    mobile, identity = (sum(one.masked[kind] for one in report.built) for kind in (0, 1))
    if mobile or identity:
        say(f"masked: {mobile} mobile and {identity} identity numbers (--keep-numbers keeps them)")
    warn(report.warnings)
    if where is not None:
        plans, tasks = len(report.built), sum(one.tasks for one in report.built)
        made = f", {report.corrected} facts corrected" if report.corrected else ""
        say(f"{where}: {plans} plans with {tasks} tasks built, {len(report.left_out)} files left out{made}")


_SELDOM = ("position", "quantity", "unit", "kept_at")
"""Columns that a table shows only where some row has a value: plain text has no positions, and prose seldom counts."""


def print_rows(
    frame: pandas.DataFrame,
    options: argparse.Namespace,
    columns: Sequence[str] | None = None,
    graph: Graph | None = None,
) -> None:
    """Print an answer in the form asked for; a table shows `columns` only, and plans of `graph` by their titles."""
    from kg.views.table import render
    from kg.views.titles import plan_titles

    if options.format == "table" and graph is not None and "plan" in frame and len(frame):
        frame = frame.assign(plan=frame["plan"].map(plan_titles(graph)).fillna(frame["plan"]))
    if columns is not None:
        columns = [name for name in columns if name not in _SELDOM or _is_said(frame, name)]
    sys.stdout.write(render(frame, options.format, columns=columns, width=width()))


def _is_said(frame: pandas.DataFrame, name: str) -> bool:
    return name in frame and any(value not in (None, [], "") and value == value for value in frame[name])  # not NaN


def width() -> int:
    """Columns of the terminal; of a wide one where the output goes elsewhere."""
    return max(_LEAST_WIDTH, shutil.get_terminal_size((160, 24)).columns)


class Progress:
    """Tells how far long work is: on one line of a terminal, else a line every ten seconds."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int, name: str = "") -> None:
        if self._terminal:
            print(f"\r\x1b[K{done}/{total} {name}", end="", file=sys.stderr, flush=True)
            self._shown = True
        elif time.monotonic() - self._last >= 10:
            self._last = time.monotonic()
            say(f"{done}/{total} {name}")

    def close(self) -> None:
        """Clear the line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """A `Progress` whose line is cleared at the end, also after an error."""
    shown = Progress()
    try:
        yield shown
    finally:
        shown.close()
