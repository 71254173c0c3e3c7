"""What people call a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["plan_titles"]


def plan_titles(graph: Graph) -> dict[str, str]:
    """The title of each plan by its id; the file name where a plan has no title."""
    plans = graph.plans()
    return {
        plan: title if isinstance(title, str) and title else source
        for plan, title, source in zip(plans["id"], plans["title"], plans["source"], strict=True)
    }
