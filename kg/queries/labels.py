"""The labels of things by which users narrow an answer."""

from __future__ import annotations

from collections.abc import Sequence

from kg.errors import UsageError

__all__ = ["read_label"]


def read_label(type: str | None, labels: Sequence[str]) -> str | None:
    """One of `labels` as people write it, in whatever case; None where none is asked for.

    Raises:
        UsageError: it is none of them.

    >>> read_label("agency", ("Agency", "Team"))
    'Agency'
    """
    if type is None:
        return None
    for label in labels:
        if label.casefold() == type.strip().casefold():
            return label
    raise UsageError(f"no type {type!r}; there are: {', '.join(labels)}")
