"""How the values of options are read; a wrong one is told by argparse (exit 2)."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

__all__ = ["count", "day", "parameter", "size"]

_UNITS = {"": 1, "B": 1, "K": 1_000, "KB": 1_000, "M": 1_000_000, "MB": 1_000_000, "G": 10**9, "GB": 10**9}


def size(text: str) -> int:
    """`20MB`, `500KB` or a number of bytes.

    >>> size("20MB"), size("1.5 kb"), size("300")
    (20000000, 1500, 300)
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?|\d+(?:_\d+)+)\s*([KMG]?B?)", text.strip().upper())
    if match is None:
        raise ArgumentTypeError(f"{text!r} is no size; write a number of bytes, or 500KB, 20MB, 1GB")
    return int(float(match[1]) * _UNITS[match[2]])


def count(text: str) -> int:
    """A number of things, at least one.

    >>> count("3")
    3
    """
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number of things; write 1 or more")
    return int(text)


def day(text: str) -> date:
    """A date in ISO form.

    >>> day("2025-06-30")
    datetime.date(2025, 6, 30)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date; write it as 2025-06-30") from None


def parameter(text: str) -> tuple[str, Any]:
    """`name=value` of a query; the value is read as JSON where it is JSON, else as text.

    >>> parameter("n=3"), parameter("kind=预案")
    (('n', 3), ('kind', '预案'))
    """
    import json

    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise ArgumentTypeError(f"{text!r} is no parameter; write name=value")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
