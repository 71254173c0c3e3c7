"""The graph as GraphML, for Gephi, yEd and other programs that draw graphs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.views.cells import json_value, plain_cell, printable

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["to_graphml"]


def to_graphml(graph: Graph, path: str | Path) -> Path:
    """Write the whole graph as one GraphML file.

    Lists are joined by `|`, missing values left out, and characters that XML cannot hold replaced by U+FFFD.

    Returns:
        The path of the file.
    """
    import networkx

    view: Any = graph.to_networkx()
    for _, properties in view.nodes(data=True):
        _flatten(properties)
    for number, (_, _, properties) in enumerate(view.edges(data=True)):
        _flatten(properties)
        properties["edge"] = f"e{number}"  # networkx numbers edges for each pair of nodes; programs want one id an edge
    target = Path(path)
    networkx.write_graphml_xml(view, target, encoding="utf-8", infer_numeric_types=True, edge_id_from_attribute="edge")
    return target


def _flatten(properties: dict[str, Any]) -> None:
    for name, value in list(properties.items()):
        value = json_value(value)
        if value is None:
            del properties[name]
        elif isinstance(value, (list, dict, str)):
            properties[name] = printable(str(plain_cell(value, "|")))
        else:
            properties[name] = value
