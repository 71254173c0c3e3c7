"""What kind of content a section holds: plans, a review, standing duties, or nothing that anyone is asked to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kg.loaders.document import Document
from kg.ontology import vocabulary
from kg.ontology.lexicon import compiled

NO_TASKS = frozenset({"background", "principles", "purpose", "classification", "definitions", "annex"})
"""Kinds of sections from which no task is taken."""

_ORDER = (
    "purpose",
    "definitions",
    "classification",
    "annex",
    "principles",
    "goals",
    "measures",
    "outlook",
    "achievements",
    "review",
    "background",
)
"""Kinds in the order in which a heading is compared with their words."""

_WHOLE = frozenset({"background", "achievements", "purpose", "definitions", "annex", "classification"})
"""Kinds whose words must end the heading, since they may begin a heading of tasks (`现状调查`)."""


@cache
def _heading(kind: str) -> re.Pattern[str]:
    return compiled(
        "passages", f"{{h-{kind}}}" + (r"(?:及(?:其)?[^，]{0,8}|[和与][^，]{0,8})?$" if kind in _WHOLE else "")
    )


def _action_first() -> re.Pattern[str]:
    return compiled("passages", "(?:{a-adverbs})*(?!{matters-of-a-plan}){a-verbs}")


def kind_of_heading(heading: str) -> str:
    """The kind of a section by its heading alone, empty for an ordinary one.

    >>> kind_of_heading("编制依据"), kind_of_heading("2025年工作计划"), kind_of_heading("灾后救助")
    ('purpose', 'outlook', '')
    """
    words = re.sub(r"\s|[。：:]", "", heading)
    if len(words) > 24:
        return ""
    acting = _action_first().match(words) is not None
    for kind in _ORDER:
        if _heading(kind).search(words):
            if acting and kind in ("background", "purpose", "annex", "principles"):
                continue  # 完善预案体系 tells what to do
            if kind == "review" and compiled("passages", "{h-review}{stages}").search(words):
                continue  # 总结阶段 is still to come
            if kind == "measures" and compiled("passages", "{criteria}").search(words):
                continue
            if kind in ("principles", "goals") and len(words) > 12:
                continue
            return kind
    return ""


def kinds(document: Document) -> list[str]:
    """The kind of each section of a document; a section without a kind of its own takes that of the one around it.

    In a plan that is no review, achievements and reviews of years past stay `achievements` (reported, not planned).
    """
    result: list[str] = []
    for section in document.sections:
        own = kind_of_heading(section.heading)
        above = result[section.parent] if section.parent >= 0 else ""
        if section.run_in and own not in ("definitions", "purpose", "principles"):
            own = ""
        if own == "measures" and above in ("outlook", "review", "achievements"):
            own = ""  # 推进三年行动 below 下半年工作打算 is planned
        if above in NO_TASKS and own not in ("achievements", "goals"):
            own = above
        result.append(own or above)
    return result


def is_programme(document: Document) -> bool:
    """Whether a plan is a 规划 or a 方案, which may hold the measures of a level of response."""
    return document.metadata.kind in (vocabulary("kinds")["programme"].label, vocabulary("kinds")["scheme"].label)


def status(document: Document, section_kinds: Sequence[str], section: int) -> str:
    """planned, reported or duty for a sentence of this section (-1: outside all)."""
    kind = section_kinds[section] if section >= 0 else ""
    is_emergency_plan = document.metadata.kind == vocabulary("kinds")["emergency-plan"].label
    if kind in ("review", "achievements"):
        return "duty" if is_emergency_plan else "reported"
    if kind == "outlook":
        return "duty" if is_emergency_plan else "planned"
    if is_emergency_plan:
        return "duty"
    if document.metadata.kind == vocabulary("kinds")["report"].label:
        return "reported"
    return "planned"
