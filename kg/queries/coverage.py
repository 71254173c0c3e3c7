"""What a plan leaves uncovered.

"The plan lacks X" is a claim about its whole text, so each finding has a state: `absent` (with what was searched),
`stated_elsewhere` (with the words), or `cannot_be_judged` (with why). Only the first is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.queries import coverage_elements, coverage_hazards, coverage_others, coverage_tasks
from kg.queries.findings import COLUMNS, GROUNDS
from kg.queries.frames import frame
from kg.queries.plan_facts import PlanFacts
from kg.queries.plans import resolve_plans

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "GROUNDS", "uncovered"]


def uncovered(store: Store, plan: str, against: str | Sequence[str] | None = None) -> pandas.DataFrame:
    """See `kg.graph.Graph.uncovered`. Rows stand in the order of `GROUNDS`, then of the text."""
    names = [against] if isinstance(against, str) else list(against or ())
    meant, *rest = resolve_plans(store, [plan, *names])
    one, others = PlanFacts(store, meant), [PlanFacts(store, identifier) for identifier in dict.fromkeys(rest)]
    findings = [
        *coverage_tasks.findings(one),
        *coverage_hazards.findings(one),
        *coverage_elements.findings(one),
        *coverage_others.findings(one, others),
    ]
    findings.sort(
        key=lambda row: (
            GROUNDS.index(row["ground"]),
            *((row["start"], row["end"]) if row["ground"] not in ("element", "hazard_class", "other_plan") else (0, 0)),
        )
    )
    return frame(findings, COLUMNS)
