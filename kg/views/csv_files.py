"""The graph as a folder of CSV files, one a label and one a relationship type."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.ontology import schema
from kg.views.cells import neutral, plain_cell

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["to_csv"]

ENDS = ("source", "source_label", "target", "target_label")
"""The first columns of a relationship file: the ids and labels of its two ends."""


def to_csv(graph: Graph, folder: str | Path) -> list[Path]:
    """Write `<Label>.csv` for each label and `<TYPE>.csv` for each relationship type, also where there are no rows.

    The files carry a byte order mark, so that Excel reads their Chinese; the members of a list are joined by `|`; cells
    that a spreadsheet would compute get an apostrophe before them.

    Args:
        graph: the graph to write.
        folder: where to; made where it is missing, files of the same names are replaced.

    Returns:
        The files, in the order of the schema.

    Raises:
        UsageError: `folder` is a file.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: is a file; CSV export writes a folder of files, give a folder")
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for label in schema().labels:
        columns = [one.name for one in label.properties]
        written.append(_write(target / f"{label.name}.csv", columns, graph.nodes(label.name)))
    for relationship in schema().relationships:
        columns = [*ENDS, *(one.name for one in relationship.properties)]
        written.append(_write(target / f"{relationship.name}.csv", columns, graph.relationships(relationship.name)))
    return written


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([neutral(plain_cell(row.get(name), "|")) for name in columns] for row in rows)
    return path
