"""What each rule did in one plan: the report of `kg extract --explain`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from kg.extraction.facts import Evidence, Facts

__all__ = ["explanation", "facts_by_kind", "made_and_rejected"]

EXAMPLES = 3
"""Examples shown of each kind that a rule made and of each reason for which it rejected."""
_LONGEST = 48


def facts_by_kind(facts: Facts) -> Iterator[tuple[str, str, Evidence]]:
    """Every fact as (kind, what it says, evidence), in the order of `Facts`."""
    for task in facts.tasks:
        yield "task", task.status, task.evidence
        for owner in task.owners:
            yield "owner", f"{owner.name} {owner.role}, {owner.basis}", owner.evidence
        for unit in task.addressed:
            yield "addressed", unit.name, unit.evidence
        for hazard in task.hazards:
            yield "task hazard", hazard.name, hazard.evidence
        for resource in task.resources:
            yield "task resource", resource.name, resource.evidence
        if task.deadline:
            yield "deadline", task.deadline.date or "no date", task.deadline.evidence
        for target in task.targets:
            yield "target", f"{target.comparator} {target.value:g} {target.unit}", target.evidence
        for citation in task.cites:
            yield "citation", citation.doc_number or "", citation.evidence
    for target in facts.targets:
        yield "target", f"{target.comparator} {target.value:g} {target.unit}", target.evidence
    for citation in facts.cites:
        yield "citation", citation.doc_number or "", citation.evidence
    for entity in facts.entities:
        for mention in entity.mentions:
            yield f"mention of {entity.type}", entity.name, mention.evidence
    for relation in facts.relations:
        yield relation.type, f"{relation.head} -> {relation.tail}", relation.evidence
    for cover in facts.covers:
        yield "element", cover.element, cover.evidence


def made_and_rejected(facts: Facts) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """How many facts of each kind each rule made, and how often it rejected for each reason, both by the rule's name."""
    made: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rejected: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, _, evidence in facts_by_kind(facts):
        made[evidence.rule][kind] += 1
    for one in facts.rejected:
        rejected[one.rule][one.reason] += 1
    return dict(made), dict(rejected)


def explanation(facts: Facts, examples: int = EXAMPLES) -> str:
    """The report as text: for each rule, in the order in which rules work, what it made (`+`) and rejected (`-`).

    Args:
        facts: of one plan.
        examples: shown of each kind and reason, the first in the text, each with its offsets and words.
    """
    from kg.extraction.catalogue import STEPS, rules

    made, rejected = made_and_rejected(facts)
    shown: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, says, evidence in sorted(facts_by_kind(facts), key=lambda row: (row[2].start, row[2].end)):
        line = f"{evidence.start}-{evidence.end} {_short(evidence.quote)}"
        said = "" if not says or says == evidence.quote else f" => {_short(says)}"
        shown[evidence.rule, kind].append(line + said)
    for one in sorted(facts.rejected, key=lambda one: (one.start, one.end)):
        shown[one.rule, f"-{one.reason}"].append(f"{one.start}-{one.end} {_short(one.quote)}")

    lines = [
        f"{facts.source}: {len(facts.tasks)} tasks; {sum(map(Counter.total, made.values()))} facts made by {len(made)} rules, "
        f"{sum(map(Counter.total, rejected.values()))} words and sentences rejected"
    ]
    lines += ["", *_reading(facts)]
    reported: set[str] = set()
    idle: list[str] = []
    for step in STEPS:
        lines += ["", f"== {step}"]
        for rule in rules():
            if rule.step != step:
                continue
            kinds = {kind: made.get(rule.name, Counter())[kind] for kind in rule.makes}
            if "owner" in rule.makes:
                kinds.pop("task", None)
            tasks = made.get(f"task_{rule.name}", Counter())["task"] if "owner" in rule.makes else 0
            reasons = rejected.get(rule.name, Counter()) if rule.reasons else Counter()
            if not any(kinds.values()) and not tasks and not reasons:
                idle.append(rule.name)
                continue
            reported.add(rule.name)
            counts = [f"{kind} {count}" for kind, count in kinds.items() if count]
            counts += [f"tasks with its owner first {tasks}"] if tasks else []
            counts += [f"rejected {reasons.total()}"] if reasons else []
            lines.append(f"{rule.name}: {', '.join(counts)}")
            for kind, count in kinds.items():
                if count:
                    lines += [f"    + {kind}: {example}" for example in shown[rule.name, kind][:examples]]
            for reason, count in sorted(reasons.items(), key=lambda row: (-row[1], row[0])):
                lines.append(f"    - {reason} {count}: {rule.reasons.get(reason, 'not in the catalogue')}")
                lines += [f"        {example}" for example in shown[rule.name, f"-{reason}"][:examples]]
    lines += ["", f"without work in this plan: {', '.join(idle) or 'none'}"]
    strangers = sorted(name for name in {*made, *rejected} - reported if not name.startswith("task_"))
    lines += [f"{name}: not in the catalogue" for name in strangers]
    return "\n".join(lines) + "\n"


def _reading(facts: Facts) -> Iterator[str]:
    """How the file was read, and what each column of its tables was taken for."""
    how = facts.reading
    pages = f", {how.pages} pages" if how.pages else ""
    yield f"== reading: {how.format}{pages}"
    for note in how.notes:
        yield f"    - {note}"
    for number, table in enumerate(facts.tables, 1):
        where = f" ({table.position})" if table.position else ""
        what = ", ".join(table.kinds) if table.kinds else f"not read: {table.reason}"
        yield f"table {number}{where}, {table.start}-{table.end}: {what}"
        for head, kind in table.columns:
            yield f"    {_short(head) or '(no head)'} = {kind or 'not recognised'}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
