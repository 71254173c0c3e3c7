"""A graph in a notebook: its overview, and its page in a frame that can reach neither the notebook nor a network."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from kg.ontology import schema

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["Shown", "overview", "show"]

_MOST_PLANS = 12


class Shown:
    """A page to be displayed; in a notebook it appears when it is the last value of a cell."""

    def __init__(self, page: str, height: int, nodes: int) -> None:
        self.page = page
        self.height = height
        self.nodes = nodes

    def _repr_html_(self) -> str:
        # An origin of its own: no script of the page reaches the notebook, its cookies or its kernel.
        return (
            f'<iframe sandbox="allow-scripts allow-downloads" style="width:100%;height:{self.height}px;border:1px solid #ccc" '
            f'title="kg" srcdoc="{html.escape(self.page)}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<page of {self.nodes} nodes; a notebook shows it, graph.to_html(path) writes it to a file>"


def show(graph: Graph, *, focus: str | None, plan: str | None, steps: int | None, height: int, lang: str) -> Shown:
    """See `Graph.show`."""
    from kg.views.page import page

    # The project's own painter even of few nodes: vis-network would put half a megabyte into each output of a notebook.
    text = page(graph, plan=plan, focus=focus, steps=steps if focus else None, renderer="canvas", lang=lang)
    found = re.search(r'"id":\[([^\]]*)\]', text)
    return Shown(text, height, found[1].count('"') // 2 if found else 0)


def overview(graph: Graph) -> str:
    """Counts, plans and what to try next, as HTML."""
    counts = {label: _count(graph, label.name) for label in schema().labels}
    heads = "".join(
        f"<td style='text-align:center;padding:2px 10px'><b>{number}</b><br><small>{label.zh}<br>{label.en}</small></td>"
        for label, number in counts.items()
        if number
    )
    plans = graph.plans()
    listed = "".join(
        f"<li>{html.escape(str(row.title or row.source))} <small>{html.escape(str(row.kind or ''))} · {html.escape(str(row.issuer or ''))} · "
        f"{row.tasks} 项任务 / tasks</small></li>"
        for row in plans.head(_MOST_PLANS).itertuples()
    )
    rest = len(plans) - _MOST_PLANS
    more = f"<li>… {rest}</li>" if rest > 0 else ""
    tries = (
        'graph.who_is_responsible("防汛物资")',
        'graph.shared_owners(by="pairs")',
        "graph.uncovered(graph.plans().id[0])",
        "graph.show()",
        "graph.entities()",
    )
    left = len(graph.left_out())
    note = f"<p>{left} 个文件没有入库 / files left out: <code>graph.left_out()</code></p>" if left else ""
    return (
        f"<div><table><tr>{heads}</tr></table><p>{len(plans)} 份计划 / plans</p><ul>{listed}{more}</ul>{note}"
        f"<p>接着试试 / try next:</p><pre>{html.escape(chr(10).join(tries))}</pre></div>"
    )


def _count(graph: Graph, label: str) -> int:
    return int(graph.store.run(f"MATCH (n:`{label}`) RETURN count(*)").rows[0][0])
