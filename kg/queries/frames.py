"""Answers as DataFrames: None where there is nothing, whole numbers stay whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

__all__ = ["frame", "section", "table"]


def frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pandas.DataFrame:
    """A DataFrame of these columns, in the order of `rows`; missing values are None."""
    return table([[row[column] for column in columns] for row in rows], columns)


def table(values: Sequence[Sequence[Any]], columns: Sequence[str]) -> pandas.DataFrame:
    """The same from rows of values."""
    import pandas

    made = pandas.DataFrame(list(values), columns=range(len(columns)), dtype=object)
    for number in range(len(columns)):
        if values and all(type(row[number]) is int for row in values):
            made[number] = made[number].astype("int64")
    made.columns = pandas.Index(columns, dtype=object)
    return made


def section(row: Mapping[str, Any]) -> str | None:
    """A section's number and heading as one text; None outside of any.

    >>> section({"number": "(一)", "heading": "加强统筹"}), section({"number": None, "heading": None})
    ('(一)加强统筹', None)
    """
    number, heading = row["number"] or "", row["heading"] or ""
    space = " " if number and heading and number[-1].isdigit() else ""
    return f"{number}{space}{heading}".strip() or None
