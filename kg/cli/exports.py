"""Commands that hand a graph on: `report`, `export`, `push`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.options import open_graph, writable
from kg.cli.terminal import progress, say
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["FORMATS", "export", "push", "report"]

FORMATS = ("csv", "graphml", "html", "jsonld", "neo4j-browser", "neo4j-csv", "nt", "trig", "ttl", "xlsx")
"""The forms of `kg export`."""

_FOLDERS = ("csv", "neo4j-browser", "neo4j-csv")


def report(options: argparse.Namespace) -> int:
    target = writable(options.file)
    with open_graph(options) as graph:
        graph.to_report(options.plan, target, options.to, language=options.language, at=options.at)
    say(f"written: {target}")
    return 0


def export(options: argparse.Namespace) -> int:
    from kg.store.neo4j import COMMAND, to_neo4j_csv
    from kg.views import to_csv, to_excel, to_graphml, to_neo4j_browser

    page = {name: getattr(options, name) for name in ("plan", "focus", "renderer", "lang") if getattr(options, name)}
    if page and options.to != "html":
        raise UsageError(f"--{next(iter(page))} goes with --to html only")
    target = writable(options.file, f"{options.to} file", folder=options.to in _FOLDERS)
    writers: dict[str, Callable[[Graph, Path], object]] = {
        "csv": to_csv,
        "graphml": to_graphml,
        "html": lambda graph, path: graph.to_html(path, **page),
        "neo4j-browser": to_neo4j_browser,
        "neo4j-csv": lambda graph, path: to_neo4j_csv(graph.store, path),
        "xlsx": to_excel,
    }
    with open_graph(options) as graph:
        if options.to in writers:
            writers[options.to](graph, target)
        else:
            graph.to_rdf(target, options.to)
    say(f"written: {target}")
    if options.to == "neo4j-csv":
        say(f"with the server stopped: cd {target} && {COMMAND}")
    return 0


def push(options: argparse.Namespace) -> int:
    from kg import building

    with building.open(options.graph) as graph, progress() as shown:
        pushed = graph.to_neo4j(
            options.uri, plan=options.plan, again=options.again, check=not options.no_check, progress=shown
        )
    say(str(pushed))
    return 0
