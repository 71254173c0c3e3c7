"""Mobile and identity numbers in the graph: masked, so that a duty list can be shared. Office telephones stay.

Masked words keep their length, so that quotes keep their offsets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kg.store.rows import PlanRows

# A mobile number has 11 digits and begins with 13 to 19; it may be written 138-1234-5678 or +86 138 1234 5678.
_MOBILE = re.compile(r"(?<![\d-])(?:(?:\+|00)?86[- ]?)?(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?![\d-]*\d)")
# An identity number has 17 digits and a check sign; the date of birth stands in it.
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])([1-9]\d{5})((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(\d{3}[\dXx])(?![\dA-Za-z])"
)
_KEYS = {"id", "plan", "sha256", "source", "target", "rule", "statement"}
"""What no person wrote."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_identity(number: str) -> bool:
    """Whether the check sign of an identity number is right (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def masked(text: str) -> str:
    """A text with its mobile and identity numbers masked.

    >>> masked("值班电话:0571-88881234,手机:13812345678")
    '值班电话:0571-88881234,手机:138****5678'
    >>> masked("身份证 11010519491231002X")
    '身份证 110105********002X'
    """
    return _masked(text)[0]


def _masked(text: str) -> tuple[str, int, int]:
    """The masked text and how many mobile and identity numbers stood in it."""
    mobile = identity = 0

    def hide_mobile(found: re.Match[str]) -> str:
        nonlocal mobile
        mobile += 1
        start = found.start(3) - found.start()
        return found[0][:start] + "****" + found[0][start + 4 :]

    def hide_identity(found: re.Match[str]) -> str:
        nonlocal identity
        if not _is_identity(found[0]):
            return found[0]
        identity += 1
        return f"{found[1]}********{found[3][:3]}{found[3][3:]}"

    text = _IDENTITY.sub(hide_identity, text)
    return _MOBILE.sub(hide_mobile, text), mobile, identity


def _mask_value(value: Any, seen: dict[str, tuple[str, int, int]]) -> Any:
    if isinstance(value, str):
        if len(value) < 11 or not re.search(r"\d{4}", value):
            return value
        result = _masked(value)
        if result[0] != value:
            seen[value] = result
        return result[0]
    if isinstance(value, list):
        return [_mask_value(one, seen) for one in value]
    return value


def masked_rows(rows: PlanRows) -> tuple[PlanRows, tuple[int, int]]:
    """The rows of a plan with all numbers masked, and how many different mobile and identity numbers there were."""
    seen: dict[str, tuple[str, int, int]] = {}

    def over(group: dict[Any, Sequence[dict[str, Any]]]) -> dict[Any, Sequence[dict[str, Any]]]:
        return {
            key: [
                {name: value if name in _KEYS else _mask_value(value, seen) for name, value in row.items()}
                for row in some
            ]
            for key, some in group.items()
        }

    result = replace(
        rows, own=over(dict(rows.own)), shared=over(dict(rows.shared)), relationships=over(dict(rows.relationships))
    )
    numbers: set[str] = set()
    people: set[str] = set()
    for text in seen:
        people.update(found[0] for found in _IDENTITY.finditer(text) if _is_identity(found[0]))
        numbers.update(found[1] + found[3] + found[4] for found in _MOBILE.finditer(_IDENTITY.sub("", text)))
    return result, (len(numbers), len(people))
