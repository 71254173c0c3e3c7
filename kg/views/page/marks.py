"""How labels are told apart without colour: a shape beside the ontology's colour.

Fifteen colours cannot be told apart by a colour-blind reader, so labels of the same shape must differ in lightness or
hue for them too; a test proves it.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COLUMN", "HIDDEN", "SHAPES"]

SHAPES: Mapping[str, str] = {
    "Plan": "square",
    "Section": "bar",
    "Task": "square",
    "Agency": "circle",
    "Committee": "hexagon",
    "Group": "circle",
    "Team": "triangle",
    "Supply": "diamond",
    "Facility": "house",
    "System": "drop",
    "Hazard": "star",
    "Regulation": "page",
    "Target": "cross",
    "Place": "drop",
    "Element": "hexagon",
}
"""Shape of a label's nodes; a label that is new in the ontology is drawn as a circle."""

COLUMN: Mapping[str, int] = {
    "Plan": 0,
    "Section": 0,
    "Agency": 1,
    "Committee": 1,
    "Group": 1,
    "Place": 1,
    "Task": 2,
    "Hazard": 3,
    "Team": 3,
    "Supply": 3,
    "Facility": 3,
    "System": 3,
    "Regulation": 4,
    "Target": 4,
    "Element": 4,
}
"""The column of a label where surroundings are laid out in columns: from who, over what is to be done, to against what."""

HIDDEN = frozenset({"Plan", "Section"})
"""Labels that the page shows only when the legend turns them on: every task hangs on them, so they tie all into one ball."""
