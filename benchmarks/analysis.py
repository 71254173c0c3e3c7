"""Coverage, comparison, timeline and targets: the time of each beside the same question over plain pandas tables.

The tables hold the same facts (tasks, owners, targets, element words of one plan a row); the scan answers by filters, joins
and `str.contains`, and compares tasks with `difflib`, pair by pair, as one would in a notebook.
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from kg.graph import Graph

DAY = "2025-06-30"


def times(files: list[Path], runs: int) -> dict[str, Any]:
    """Under `analysis`: for each question seconds of the graph and of the pandas scan, the best of some runs."""
    from kg import building

    found: dict[str, Any] = {}
    with building.build(files) as graph:
        plans = graph.plans().sort_values(["tasks", "id"], ascending=False)
        a, b = (str(one) for one in plans["id"].iloc[:2])
        usual = str(plans["id"].iloc[len(plans) // 2])
        tables = Tables(graph)
        questions: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "gaps (median plan)": (lambda: graph.uncovered(usual), lambda: tables.uncovered(usual)),
            "gaps (largest plan)": (lambda: graph.uncovered(a), lambda: tables.uncovered(a)),
            "gaps --against": (
                lambda: graph.uncovered(usual, b),
                lambda: (tables.uncovered(usual), tables.compare(b, usual)),
            ),
            "compare (two largest)": (lambda: graph.compare(a, b), lambda: tables.compare(a, b)),
            "timeline (all plans)": (lambda: graph.timeline(at=DAY), lambda: tables.timeline()),
            "targets (all plans)": (graph.targets, lambda: tables.targets()),
        }
        for name, (ask, scan) in questions.items():
            ask()  # vocabularies are read once a process
            once = 1 if "compare" in name or "against" in name else runs
            found[name] = {
                "graph": _best(ask, runs),
                "processor": _best(
                    ask, runs, time.process_time
                ),  # what a machine with other work on it does not change
                "pandas": _best(scan, once),
            }
    return {"analysis": found}


def _best(work: Callable[[], object], runs: int, clock: Callable[[], float] = time.perf_counter) -> float:
    seconds = []
    for _ in range(runs):
        started = clock()
        work()
        seconds.append(clock() - started)
    return min(seconds)


class Tables:
    """The facts of a graph as plain tables."""

    def __init__(self, graph: Graph) -> None:
        import pandas

        self.tasks = pandas.DataFrame(graph.nodes("Task"))
        held = pandas.DataFrame(edge for edge in graph.relationships("HAS_TASK") if edge["source_label"] == "Plan")
        self.tasks = self.tasks.merge(held[["target", "plan", "span_start"]], left_on="id", right_on="target")
        self.owners = pandas.DataFrame(graph.relationships("RESPONSIBLE_FOR"))
        self.hazards = pandas.DataFrame(graph.relationships("ADDRESSES"))
        self.mentions = pandas.DataFrame(
            edge for edge in graph.relationships("MENTIONS") if edge["target_label"] == "Hazard"
        )
        self.involves = pandas.DataFrame(graph.relationships("INVOLVES"))
        self.goals = pandas.DataFrame(graph.nodes("Target")).merge(
            pandas.DataFrame(graph.relationships("HAS_TARGET")), left_on="id", right_on="target"
        )

    def uncovered(self, plan: str) -> list[pandas.DataFrame]:
        """Tasks without owner and deadline, goals without owner, hazards without task and resource, elements not named."""
        from kg.ontology import vocabulary

        tasks = self.tasks[self.tasks.plan == plan]
        owned = set(self.owners.target)
        mentions = self.mentions[self.mentions.plan == plan]
        addressed = self.hazards[self.hazards.source.isin(tasks.id)]
        equipped = addressed[addressed.source.isin(self.involves.source)]
        goals = self.goals[self.goals.plan == plan]
        missing = [
            concept.id
            for concept in vocabulary("elements")
            if not tasks.text.str.contains("|".join((*concept.forms, *concept.all("taskWord")))).any()
        ]
        return [
            tasks[~tasks.id.isin(owned)],
            tasks[tasks.deadline.isna()],
            goals[~goals.source.isin(owned)],
            mentions[~mentions.target.isin(addressed.target)],
            mentions[~mentions.target.isin(equipped.target)],
            tasks.iloc[: len(missing)],
        ]

    def compare(self, a: str, b: str) -> int:
        """For each task of a plan the most alike task of the other."""
        left, right = (self.tasks[self.tasks.plan == plan].text.tolist() for plan in (a, b))
        return sum(bool(difflib.get_close_matches(text, right, n=1, cutoff=0.6)) for text in left)

    def timeline(self) -> pandas.DataFrame:
        """Tasks with a deadline, with their owners."""
        dated = self.tasks[self.tasks.deadline.notna()].sort_values("deadline_date")
        return dated.merge(self.owners, left_on="id", right_on="target", how="left").assign(
            overdue=lambda rows: rows.deadline_date < DAY
        )

    def targets(self) -> pandas.DataFrame:
        """Targets beside the numbers of the same unit in reported tasks of the same plan."""
        reported = self.tasks[self.tasks.status == "reported"].text.str.extractall(
            r"(?P<number>\d+(?:\.\d+)?)(?P<unit>\D)"
        )
        return self.goals.merge(reported.reset_index(), on="unit", how="left")


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The figures for people."""
    for question, seconds in found.items():
        scan = f"a pandas scan: {seconds['pandas'] * 1000:,.1f} ms"
        yield f"  {question:22s}{seconds['graph'] * 1000:8.1f} ms   (processor {seconds['processor'] * 1000:.1f} ms; {scan})"
