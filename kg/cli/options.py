"""What options stand for: the graph that they name, how files are read, a file to write."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.building import Reading
    from kg.graph import Graph

__all__ = ["open_graph", "reading", "writable"]


def open_graph(options: argparse.Namespace) -> Graph:
    """The graph of `--graph` or `--uri`, else of the environment's server.

    Raises:
        UsageError: none of them is given.
        BadStore: it cannot be opened.
    """
    from kg import building

    if options.graph is not None:
        return building.open(options.graph)
    if options.uri is None and not os.environ.get("NEO4J_URI"):
        raise UsageError("name the graph: --graph FILE, or --uri neo4j://HOST:7687 (or set NEO4J_URI)")
    return building.connect(options.uri)


def reading(options: argparse.Namespace) -> Reading:
    """The limits and the mapping of a command that reads files."""
    from kg.building import Reading

    return Reading(options.max_size, options.max_pages, options.max_time, options.max_memory, options.mapping)


def writable(path: str, what: str = "file", *, folder: bool = False) -> Path:
    """The file to write, or a folder.

    Raises:
        UsageError: it is a folder and should be a file, or it would stand in no folder.
    """
    target = Path(path)
    if target.is_dir() and not folder:
        raise UsageError(f"{target}: is a folder; give the name of the {what}")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"{target}: its folder does not exist; make it first")
    return target
