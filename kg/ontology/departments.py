"""Departments whose names differ only by the words for their field: 市应急局 is 市应急管理局.

The fields are those of `agencies.ttl`. A department of before a reform (市安监局) is another unit than the one that
took its field over; `formerly` says which field that is.
"""

from __future__ import annotations

import re
from functools import cache

from kg.ontology.vocabulary import vocabulary

HEADS = {
    "委员会办公室": "办",
    "委员会": "委",
    "委": "委",
    "办公室": "办",
    "办": "办",
    "局": "局",
    "厅": "厅",
    "部": "部",
    "总局": "局",
    "支队": "支队",
    "大队": "大队",
    "总队": "总队",
    "中心": "中心",
    "部门": "部门",
    "主管部门": "部门",
    "行政主管部门": "部门",
    "行政部门": "部门",
}
"""Endings of departments' names, and what they count as."""


@cache
def _pattern(former: bool) -> tuple[re.Pattern[str], dict[str, str]]:
    fields: dict[str, str] = {}
    for concept in vocabulary("agencies"):
        for word in concept.all("formerField") if former else concept.forms:
            fields.setdefault(word, concept.id)
    field = "|".join(map(re.escape, sorted(fields, key=lambda word: (-len(word), word))))
    head = "|".join(sorted(HEADS, key=lambda word: (-len(word), word)))
    return re.compile(f"(?P<prefix>.*?)(?P<field>{field})(?P<head>{head})"), fields


def department(name: str) -> tuple[str, str, str] | None:
    """What a department's name says: the words before the field (place, level), the field's id, the kind of ending.

    Two names of one place with the same answer are the same department. None where the name holds no known field
    directly before an ending.

        >>> department("市应急局") == department("市应急管理局")
        True
        >>> department("省发改委"), department("省发展和改革委员会")
        (('省', 'reform', '委'), ('省', 'reform', '委'))
        >>> department("市安监局"), department("协调科")
        (None, None)
    """
    pattern, fields = _pattern(former=False)
    match = pattern.fullmatch(name)
    return (match["prefix"], fields[match["field"]], HEADS[match["head"]]) if match else None


def formerly(name: str) -> tuple[str, str, str] | None:
    """As `department`, for a name of before a reform: the field that took its work over.

    >>> formerly("市安监局")
    ('市', 'emergency', '局')
    """
    pattern, fields = _pattern(former=True)
    match = pattern.fullmatch(name)
    return (match["prefix"], fields[match["field"]], HEADS[match["head"]]) if match else None


def former_key(name: str) -> str | None:
    """What tells a department of before a reform from others: the field's id, its word of that time, the kind of ending.

    None for a name with words before the field, and for one that is no former department's.

        >>> former_key("安监局") == former_key("安全生产监督管理局"), former_key("工商局") == former_key("质监局")
        (True, False)
    """
    pattern, fields = _pattern(former=True)
    match = pattern.fullmatch(name)
    if match is None or match["prefix"]:
        return None
    field, word = fields[match["field"]], match["field"]
    same = next(
        (group.split("|") for group in vocabulary("agencies")[field].all("formerSame") if word in group.split("|")),
        [word],
    )
    return f"was:{field}:{same[0]}:{HEADS[match['head']]}"
