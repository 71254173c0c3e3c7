"""Commands that read plans: `build`, `add`, `remove`, `extract`, `demo`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from kg.cli.options import open_graph, reading
from kg.cli.terminal import print_rows, progress, say, tell, warn, width

__all__ = ["add", "build", "demo", "extract", "remove"]


def build(options: argparse.Namespace) -> int:
    from kg import building

    with progress() as shown:
        graph = building.build(
            options.paths,
            out=options.out,
            replace=options.replace,
            strict=options.strict,
            aliases=options.aliases,
            progress=shown,
            workers=options.workers,
            reading=reading(options),
            keep_numbers=options.keep_numbers,
        )
    with graph:
        tell(graph.report, options.out)
    return 0


def add(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        report = graph.add(
            *options.paths,
            strict=options.strict,
            aliases=options.aliases,
            workers=options.workers,
            reading=reading(options),
            keep_numbers=options.keep_numbers,
        )
        tell(report, options.graph or options.uri or os.environ["NEO4J_URI"])
    return 0


def remove(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        say(f"removed {graph.remove(options.plan)}")
    return 0


def extract(options: argparse.Namespace) -> int:
    from kg import building
    from kg.extraction.serialise import to_json
    from kg.views.facts_tables import tasks_frame

    facts = building.extract_apart(options.file, reading(options))
    warn(f"{facts.source}: {warning}" for warning in facts.warnings)
    if options.format == "json":
        print(to_json(facts))
    else:
        print_rows(tasks_frame(facts), options, ["task", "status", "owners", "hazards", "deadline", "start", "end"])
    if options.explain:
        from kg.extraction.explanation import explanation

        sys.stdout.flush()
        say(explanation(facts))
    return 0


def demo(options: argparse.Namespace) -> int:
    from kg.demo import demo as run

    return run(Path(options.out), width=width())
