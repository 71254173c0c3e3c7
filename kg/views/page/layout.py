"""Positions of all nodes, computed beforehand: a browser that has to find them itself never comes to rest on thousands.

Forces as in a spring layout, with repulsion taken from a grid: the density of nodes on it, folded with the force of one
node by Fourier transform. So a step costs the size of the grid, not the square of the number of nodes. No random
numbers: the same graph gives the same positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy

    Places: TypeAlias = numpy.ndarray[Any, numpy.dtype[Any]]

__all__ = ["positions"]

_GOLDEN = 2.399963229728653  # an angle; points on a spiral by it lie evenly on a disc
_ROOM = 26.0  # distance that neighbours keep, in units of the page


def positions(nodes: int, edges: Sequence[tuple[int, int]], *, steps: int | None = None) -> list[tuple[int, int]]:
    """Where each node lies, in whole units; nodes without a relationship lie on a ring around the others.

    Args:
        nodes: their number.
        edges: pairs of numbers of nodes.
        steps: rounds of the forces; None: fewer for larger graphs.
    """
    import numpy as np

    if nodes == 0:
        return []
    pairs = np.array(sorted({(min(pair), max(pair)) for pair in edges if pair[0] != pair[1]}), dtype=int).reshape(-1, 2)
    degree = np.bincount(pairs.ravel(), minlength=nodes).astype(float)
    joined = degree > 0
    order = np.argsort(-degree, kind="stable")
    place: Places = np.empty((nodes, 2))
    turn = np.arange(nodes)
    radius = _ROOM * np.sqrt(turn + 0.5)
    place[order] = np.stack([radius * np.cos(turn * _GOLDEN), radius * np.sin(turn * _GOLDEN)], axis=1)
    source, target = pairs[:, 0], pairs[:, 1]
    # A tie to a hub pulls little, or hubs draw all into one spot.
    pull = 1.0 / np.sqrt(np.minimum(degree[source], degree[target]).clip(1.0)) if len(pairs) else np.zeros(0)
    rounds = steps if steps is not None else (220 if nodes <= 3_000 else 120)
    size = 64 if nodes <= 3_000 else 128 if nodes <= 12_000 else 256
    for step in range(rounds):
        heat = _ROOM * 6 * (1 - step / rounds) + 1
        span = place[source] - place[target]
        distance = np.hypot(span[:, 0], span[:, 1]).clip(1e-6)
        force = (pull * distance / (_ROOM * 4))[:, None] * span / distance[:, None] * _ROOM
        move = np.zeros_like(place)
        for axis in (0, 1):
            move[:, axis] -= np.bincount(source, weights=force[:, axis], minlength=nodes)
            move[:, axis] += np.bincount(target, weights=force[:, axis], minlength=nodes)
        move += _repulsion(place, size) - place * 0.04
        length = np.hypot(move[:, 0], move[:, 1]).clip(1e-6)
        place += move * (np.minimum(length, heat) / length)[:, None]
    place = _apart(place)
    if joined.any() and not joined.all():
        place = _ring(place, joined)
    return [(round(float(x)), round(float(y))) for x, y in place]


def _repulsion(place: Places, size: int) -> Places:
    """The push on each node from all others, falling with distance; nodes of one cell of the grid do not push."""
    import numpy as np

    low = place.min(axis=0)
    cell = max(float((place.max(axis=0) - low).max()) / (size - 2), 1e-6)
    spot = (place - low) / cell
    whole = spot.astype(int)
    part = spot - whole
    density = np.zeros((size, size))
    corners = []
    for right in (0, 1):
        for down in (0, 1):
            share = np.abs(1 - right - part[:, 0]) * np.abs(1 - down - part[:, 1])
            at = (whole[:, 0] + right, whole[:, 1] + down)
            corners.append((at, share))
            np.add.at(density, at, share)
    away = np.fft.fftfreq(2 * size, 1 / (2 * size))
    across, along = np.meshgrid(away, away, indexing="ij")
    square = (across**2 + along**2) * cell**2
    square[0, 0] = np.inf
    strength = _ROOM**2 * cell / (square + _ROOM**2 / 4)
    padded = np.fft.rfft2(density, (2 * size, 2 * size))
    push = np.zeros_like(place)
    for axis, offset in enumerate((across, along)):
        field = np.fft.irfft2(padded * np.fft.rfft2(strength * offset), (2 * size, 2 * size))[:size, :size]
        for at, share in corners:
            push[:, axis] += share * field[at]
    return push


def _apart(place: Places) -> Places:
    """Nodes that lie on one another move apart: of each crowded cell all but the first go to the nearest free cell."""
    import numpy as np

    cell = _ROOM * 0.6
    cells = np.floor(place / cell).astype(int)
    taken: set[tuple[int, int]] = set()
    moved = place.copy()
    started: dict[tuple[int, int], int] = {}
    for number, (x, y) in enumerate(cells.tolist()):
        ring = started.get((x, y), 0)
        spot = (x, y)
        while spot in taken:
            ring += 1
            far = int(round((ring / 3.14159) ** 0.5))
            turn = ring * _GOLDEN
            spot = (x + round(far * float(np.cos(turn))), y + round(far * float(np.sin(turn))))
        started[(x, y)] = ring
        taken.add(spot)
        moved[number] = ((spot[0] + 0.5) * cell, (spot[1] + 0.5) * cell) if spot != (x, y) else place[number]
    return moved


def _ring(place: Places, joined: Places) -> Places:
    import numpy as np

    middle = place[joined].mean(axis=0)
    radius = float(np.hypot(*(place[joined] - middle).T).max()) + _ROOM * 4
    alone = np.flatnonzero(~joined)
    around = max(1, int(2 * np.pi * radius / _ROOM))
    for number, node in enumerate(alone.tolist()):
        turn, far = 2 * np.pi * (number % around) / around, radius + number // around * _ROOM
        place[node] = (middle[0] + far * np.cos(turn), middle[1] + far * np.sin(turn))
    return place
