"""Values as they stand in a cell.

>>> neutral("=HYPERLINK(1)")
"'=HYPERLINK(1)"
>>> neutral("防汛") , neutral(-3)
('防汛', -3)
>>> plain_cell(["危化科", "基础科"])
'危化科、基础科'
"""

from __future__ import annotations

import math
import re
from typing import Any

__all__ = ["json_value", "neutral", "plain_cell", "printable"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

LIST_MARK = "、"
"""Joins the members of a list in one cell."""


def printable(text: str) -> str:
    """The text with each character that XML and workbooks cannot hold replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def neutral(value: Any) -> Any:
    """A string that a spreadsheet would read as a formula gets an apostrophe before it; anything else stays."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def json_value(value: Any) -> Any:
    """A cell of a DataFrame as a JSON value: missing values are None, numpy's numbers Python's, sequences lists."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):  # numpy.float64 too
        return None if math.isnan(value) else float(value)
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return json_value(value.tolist())
    import pandas

    missing = pandas.isna(value)
    return None if missing is True else str(value)


def plain_cell(value: Any, mark: str = LIST_MARK) -> Any:
    """A value for one cell: lists joined by `mark`, missing values empty, numbers as they are."""
    value = json_value(value)
    if value is None:
        return ""
    if isinstance(value, list):
        return mark.join(str(plain_cell(item, mark)) for item in value)
    if isinstance(value, dict):
        return mark.join(f"{key}={plain_cell(item, mark)}" for key, item in value.items())
    return value
