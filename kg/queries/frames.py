"""Answers as DataFrames: None where there is nothing, whole numbers stay whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

__all__ = ["frame", "section"]


def frame(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> pandas.DataFrame:
    """A DataFrame of these columns, in the order of `rows`; missing values are None."""
    import pandas

    values = [[row[column] for column in columns] for row in rows]
    made = pandas.DataFrame(values, columns=list(columns), dtype=object)
    for column in columns:
        if len(made) and all(type(value) is int for value in made[column]):
            made[column] = made[column].astype("int64")
    return made


def section(row: Mapping[str, Any]) -> str | None:
    """A section's number and heading as one text; None outside of any.

    >>> section({"number": "(一)", "heading": "加强统筹"}), section({"number": None, "heading": None})
    ('(一)加强统筹', None)
    """
    number, heading = row["number"] or "", row["heading"] or ""
    space = " " if number and heading and number[-1].isdigit() else ""
    return f"{number}{space}{heading}".strip() or None
