"""Emergency plans as a knowledge graph: who must do what, against which hazard, with which teams and supplies.

>>> import kg
>>> graph = kg.build(["plans/"])              # doctest: +SKIP
>>> graph.who_is_responsible("防汛物资")        # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.building import build, connect, extract, open
    from kg.graph import Graph

__all__ = ["Graph", "build", "connect", "extract", "open"]

_HOMES = {
    "Graph": "kg.graph",
    "build": "kg.building",
    "connect": "kg.building",
    "extract": "kg.building",
    "open": "kg.building",
}


def __getattr__(name: str) -> Any:
    """Import public names when first used, so that `import kg` stays quick."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
