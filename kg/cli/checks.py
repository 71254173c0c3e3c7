"""Commands that judge: `check` a graph by its shapes, `eval` extraction by annotated plans."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from kg.cli.options import open_graph
from kg.cli.terminal import print_rows, progress
from kg.errors import InputError, UsageError

if TYPE_CHECKING:
    from kg.extraction.scoring import Scores

__all__ = ["check", "evaluate"]


def check(options: argparse.Namespace) -> int:
    from kg.queries.frames import frame
    from kg.store.rdf import FINDING_COLUMNS, check_dataset, check_file, dataset

    stored = options.graph is not None or options.uri is not None
    if stored and options.file is not None or not (stored or options.file or os.environ.get("NEO4J_URI")):
        raise UsageError("name what to check: --graph STORE, --uri SERVER, or an RDF file")
    if options.file is None:
        with open_graph(options) as graph:
            report = check_dataset(dataset(graph.store))
    else:
        report = check_file(options.file)
    if options.format == "table":
        print(report.text())
    else:
        print_rows(frame((one.row() for one in report.findings), FINDING_COLUMNS), options)
    return 0 if report.conforms else InputError.exit_code


def evaluate(options: argparse.Namespace) -> int:
    from kg.extraction import evaluation

    with progress() as shown:
        scores = evaluation.evaluate(options.gold, options.plans, progress=shown)
    if options.json:
        _print_json(scores, options.by_plan)
    else:
        _print_table(scores, options.misses)
    return 0


def _print_json(scores: Scores, by_plan: bool) -> None:
    import json

    total = {measure: tally.figures()._asdict() for measure, tally in scores.total.items()}
    plans = {
        source: {measure: tally.figures()._asdict() for measure, tally in tallies.items()}
        for source, tallies in scores.plans.items()
    }
    print(json.dumps({"total": total, "plans": plans} if by_plan else total, ensure_ascii=False, indent=1))


def _print_table(scores: Scores, misses: bool) -> None:
    for measure, tally in scores.total.items():
        precision, recall, f1, gold, out = tally.figures()
        print(f"{measure:18s} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}   ({gold} in gold, {out} in output)")
        if misses:
            for mark, items in (("-", tally.missed), ("+", tally.wrong)):
                for item in items:
                    print(f"    {mark} {item}")
    if len(scores.plans) > 1:
        print("\nF1 by plan")
        for number, source in enumerate(scores.plans, start=1):
            print(f"  [{number}] {source}")
        print(f"{'':18s}" + "".join(f"{f'[{number}]':>8s}" for number in range(1, len(scores.plans) + 1)))
        for measure in scores.total:
            cells = [tallies[measure].figures().f1 if measure in tallies else None for tallies in scores.plans.values()]
            print(f"{measure:18s}" + "".join(f"{'-' if f1 is None else f'{f1:.3f}':>8s}" for f1 in cells))
