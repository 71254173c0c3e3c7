"""`kg demo`: the sample plans, three answers, one workbook, one page."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError

if TYPE_CHECKING:
    import pandas

__all__ = ["demo", "sample_plans"]

TOPIC = "防汛物资"
FLOOD_PLAN = "防汛 预案"
"""Words that stand in the title of one of the sample plans."""

_MOST_ROWS = 8


def sample_plans() -> Path:
    """The folder of the sample plans: in an installed package, or in a checkout.

    Raises:
        InputError: neither is there.
    """
    package = Path(__file__).parent
    for folder in (package / "examples" / "plans", package.parent / "examples" / "plans"):
        if folder.is_dir():
            return folder
    raise InputError("the sample plans are missing from this installation; install the package again")


def demo(folder: Path, *, width: int = 120) -> int:
    """Build the sample plans into `folder/samples.kg`, print three answers, write `folder/samples.xlsx`
    and `folder/samples.html`.

    Args:
        folder: where the store, the workbook and the page go; made where it is missing, its earlier results are replaced.
        width: of the tables, in columns of the terminal.

    Returns:
        The exit code.

    Raises:
        InputError: the sample plans are missing, or `folder` cannot be written.
    """
    from kg import building
    from kg.views import to_excel
    from kg.views.table import readable_gaps
    from kg.views.titles import plan_titles

    started = time.perf_counter()
    plans = sample_plans()
    folder.mkdir(parents=True, exist_ok=True)
    store, workbook, page = (folder / f"samples.{form}" for form in ("kg", "xlsx", "html"))
    with building.build([plans], out=store, replace=True) as graph:
        report = graph.report
        for one in report.left_out:
            print(f"left out ({one.reason}): {one.message}", file=sys.stderr)
        print(f"{len(report.built)} 份样例计划已入库 / {len(report.built)} sample plans built: {store}")
        answer = graph.who_is_responsible(TOPIC)
        _show(
            f"1. 谁负责{TOPIC}? Who answers for flood supplies?",
            f'kg who {TOPIC} --graph "{store}"',
            answer.assign(plan=answer["plan"].map(plan_titles(graph))),
            ["owner", "role", "task", "deadline", "plan", "start", "end"],
            width,
        )
        _show(
            "2. 哪些单位共担任务最多? Which units share most tasks?",
            f'kg shared --by pairs --graph "{store}"',
            graph.shared_owners(by="pairs"),
            ["owner_a", "owner_b", "tasks", "statements"],
            width,
        )
        gaps = readable_gaps(graph.uncovered(FLOOD_PLAN))
        gaps = gaps[gaps["state"] == "absent"]
        _show(
            "3. 防汛预案还有什么没有覆盖? What does the flood plan leave uncovered?",
            f'kg gaps "{FLOOD_PLAN}" --graph "{store}"',
            gaps,
            ["ground", "item", "section", "start", "end"],
            width,
            sample=gaps.groupby("ground", sort=False).head(2),
        )
        to_excel(graph, workbook)
        graph.to_html(page)
    seconds = time.perf_counter() - started
    print(f"\n工作簿(任务台账、共担、未覆盖) / workbook: {workbook.absolute()}")
    print(
        f"网页(关系图、单位×灾种矩阵),用浏览器打开 / page, open it in a browser: {page.absolute()}  ({seconds:.1f} s)"
    )
    return 0


def _show(
    title: str,
    command: str,
    frame: pandas.DataFrame,
    columns: list[str],
    width: int,
    sample: pandas.DataFrame | None = None,
) -> None:
    """Print a question, the command that asks it, and the first rows (or a sample) of its answer."""
    from kg.views import render

    shown = frame.head(_MOST_ROWS) if sample is None else sample
    print(f"\n{title}\n$ {command}\n")
    print(render(shown, "table", columns=columns, width=width), end="")
    if len(frame) > len(shown):
        print(f"… 另有 {len(frame) - len(shown)} 行 / {len(frame) - len(shown)} more rows")
