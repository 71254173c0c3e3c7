"""Compare extracted facts with annotated plans: the figures of `kg eval`.

Both sides are in the JSON form of docs/annotating.md. Before comparing, both are normalised (NFKC, no white space, one
form of each punctuation mark). Tasks are paired by where they stand in the text; everything on a task is then compared
on its pair, so that a missed task costs its owners, hazards and deadlines too. Generic owners (`有关部门`, `我局`) are
ignored on both sides, and of a hazard and a narrower one on the same task only the narrower counts.

>>> normal("《关于加强防汛防台工作的意见》。")
'关于加强防汛防台工作的意见'
>>> overlap((0, 10), (2, 10))
0.8
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import InputError

__all__ = ["Figures", "Scores", "Tally", "compare", "most_specific", "normal", "overlap", "read_gold", "score"]

TASK_OVERLAP = 0.7
"""Least intersection over union of two task spans that count as the same task."""

ENTITY_TYPES = ("Agency", "Committee", "Team", "Supply", "Facility", "System", "Hazard", "Regulation")
RELATION_TYPES = frozenset({"PART_OF", "OFFICE_OF", "HOSTED_BY", "MEMBER_OF", "LEADS", "MANAGES", "FOR_HAZARD"})
PLAN_FIELDS = ("title", "kind", "issuer", "place", "doc_number", "issued", "period_start", "period_end")

_PUNCTUATION = str.maketrans("，。；：？！（）“”‘’、《》〔〕【】", ",.;:?!()\"\"'',<>[][]")
_WHITE = re.compile(r"\s+")

Json = Mapping[str, Any]
Span = tuple[int, int]
Item = tuple[Any, ...]


class Figures(NamedTuple):
    """Precision, recall and F1 (0 to 1), and how many items stand in the gold and in the output."""

    precision: float
    recall: float
    f1: float
    gold: int
    out: int


@dataclass(slots=True)
class Tally:
    """Hits of one measure, and the words of what was missed (in the gold only) and wrong (in the output only)."""

    hit: int = 0
    gold: int = 0
    out: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, sides: Sequence[Set[Any]], where: str = "") -> None:
        """Count two sets of items, gold and output; `where` goes before each item that only one side has."""
        gold, out = sides
        self.hit += len(gold & out)
        self.gold += len(gold)
        self.out += len(out)
        self.missed += [f"{where}{item}" for item in sorted(gold - out, key=str)]
        self.wrong += [f"{where}{item}" for item in sorted(out - gold, key=str)]

    def merge(self, other: Tally) -> None:
        """Add the counts of another plan."""
        self.hit += other.hit
        self.gold += other.gold
        self.out += other.out
        self.missed += other.missed
        self.wrong += other.wrong

    def figures(self) -> Figures:
        """Precision, recall, F1; a measure with nothing in it is perfect where nothing was asked for."""
        precision = self.hit / self.out if self.out else float(not self.gold)
        recall = self.hit / self.gold if self.gold else 1.0
        total = precision + recall
        return Figures(precision, recall, 2 * precision * recall / total if total else 0.0, self.gold, self.out)


@dataclass(slots=True)
class Scores:
    """Tallies by measure, over all plans (`total`) and for each plan by its `source`."""

    total: dict[str, Tally] = field(default_factory=dict)
    plans: dict[str, dict[str, Tally]] = field(default_factory=dict)

    def add(self, source: str, tallies: Mapping[str, Tally]) -> None:
        """Add one plan's tallies."""
        self.plans[source] = dict(tallies)
        for measure, tally in tallies.items():
            self.total.setdefault(measure, Tally()).merge(tally)


def squeeze(text: str) -> str:
    """The text in NFKC, with one form of each punctuation mark and no white space."""
    return _WHITE.sub("", unicodedata.normalize("NFKC", text).translate(_PUNCTUATION))


def normal(value: object) -> str:
    """A name or sentence as it is compared: squeezed, without punctuation at its ends. A mapping gives its `name`."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("label") or ""
    return squeeze(str(value or "")).strip(".;,:<>")


def overlap(a: Span, b: Span) -> float:
    """Intersection over union of two spans.

    A span inside the other and at least half as long counts as a match too, since an owner's label (`市气象局:`) may
    stand in a duty's text or not.
    """
    inter = min(a[1], b[1]) - max(a[0], b[0])
    if inter <= 0:
        return 0.0
    shorter, longer = sorted((a[1] - a[0], b[1] - b[0]))
    ratio = inter / (max(a[1], b[1]) - min(a[0], b[0]))
    return max(ratio, TASK_OVERLAP) if inter == shorter and shorter >= longer / 2 else ratio


@cache
def _ancestors() -> Mapping[str, frozenset[str]]:
    """Labels of the broader hazards of each hazard label."""
    from kg.ontology import vocabulary

    hazards = vocabulary("hazards")
    return {hazard.label: frozenset(above.label for above in hazards.ancestors(hazard.id)) for hazard in hazards}


def most_specific(labels: Sequence[str]) -> list[str]:
    """The hazard labels without each one that is broader than another of them."""
    broader = _ancestors()
    above = {label for narrow in labels for label in broader.get(narrow, ())}
    return [label for label in labels if label not in above]


def places(texts: Iterable[str], source: str) -> list[Span | None]:
    """Where each text stands in the squeezed source, in order, so that a repeated sentence finds its own place."""
    found: list[Span | None] = []
    cursor: defaultdict[str, int] = defaultdict(int)
    for text in texts:
        key = normal(text)
        at = source.find(key, cursor[key]) if key else -1
        found.append((at, at + len(key)) if at >= 0 else None)
        if at >= 0:
            cursor[key] = at + 1
    return found


def scope_of(gold: Json, source: str) -> list[Span]:
    """The annotated parts of the squeezed source; all of it where the gold names none.

    Raises:
        InputError: the words of a scope do not stand in the text.
    """
    spans: list[Span] = []
    for first, last in (pair for pair in gold.get("scope") or [] if not isinstance(pair, str)):
        start = source.find(normal(first))
        end = source.find(normal(last), start)
        if start < 0 or end < 0:
            raise InputError(
                f"{gold['source']}: its scope {first!r} .. {last!r} does not stand in the text; copy the words from it"
            )
        spans.append((start, end + len(normal(last))))
    return spans or [(0, len(source))]


def match_tasks(
    gold: Sequence[Json], out: Sequence[Json], source: str, scope: Sequence[Span]
) -> tuple[dict[int, int], list[int]]:
    """Pair tasks of the gold with tasks of the output, best overlap first.

    Returns:
        Indexes of gold tasks with those of their output tasks, and the indexes of the output tasks that lie in the
        scope (or nowhere in the text, and so are wrong).
    """
    gold_at = places((task["text"] for task in gold), source)
    out_at = places((task["text"] for task in out), source)
    inside = [
        o for o, at in enumerate(out_at) if at is None or any(at[0] < end and at[1] > start for start, end in scope)
    ]
    pairs = sorted(
        (
            (overlap(wanted, got), g, o)
            for g, wanted in enumerate(gold_at)
            for o in inside
            if wanted is not None and (got := out_at[o]) is not None and got[0] < wanted[1] and wanted[0] < got[1]
        ),
        reverse=True,
    )
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for ratio, g, o in pairs:
        if ratio >= TASK_OVERLAP and g not in matched and o not in taken:
            matched[g] = o
            taken.add(o)
    return matched, inside


def _forms(entity: Json) -> set[str]:
    return {normal(entity["name"])} | {normal(alias) for alias in entity.get("aliases") or []}


def _unit_names(gold: Json, out: Json) -> tuple[dict[str, str], Callable[[object], str]]:
    """One name for each unit: the gold entity's, reached from any form that the gold or the output gives it."""
    entities = [entity for entity in gold.get("entities") or [] if entity["type"] != "Hazard"]
    canonical = {form: normal(entity["name"]) for entity in entities for form in _forms(entity)}
    reached = dict(canonical)
    for entity in out.get("entities") or []:
        forms = _forms(entity)
        known = {canonical[form] for form in forms if form in canonical}
        if len(known) == 1:
            for form in forms:
                reached.setdefault(form, next(iter(known)))
    return canonical, lambda name: reached.get(normal(name), normal(name))


def _target_key(target: Json) -> tuple[str, str, str]:
    try:
        value = str(round(float(target.get("value")), 4))  # type: ignore[arg-type]  # None is caught below
    except (TypeError, ValueError):
        value = normal(target.get("value"))
    return value, normal(target.get("unit")), target.get("comparator") or "="


class _Comparison:
    """One annotated plan beside one output."""

    def __init__(self, gold: Json, out: Json, text: str) -> None:
        self.gold = gold
        self.out = out
        self.source = squeeze(text)
        self.scope = scope_of(gold, self.source)
        self.scope_text = "\n".join(self.source[start:end] for start, end in self.scope)
        self.scoped = len(self.scope_text) < len(self.source)
        self.where = gold["source"][:16] + ": "
        self.canonical, self.unit = _unit_names(gold, out)
        self.gold_tasks: Sequence[Json] = gold.get("tasks") or []
        self.out_tasks: Sequence[Json] = out.get("tasks") or []
        self.matched, self.inside = match_tasks(self.gold_tasks, self.out_tasks, self.source, self.scope)
        taken = set(self.matched.values())
        self.surplus = [o for o in self.inside if o not in taken]
        self.tally: defaultdict[str, Tally] = defaultdict(Tally)

    def run(self) -> dict[str, Tally]:
        self._plan_fields()
        self._tasks()
        self._on_tasks()
        self._targets()
        self._entities()
        self._relations()
        return dict(self.tally)

    def _plan_fields(self) -> None:
        want, got = self.gold["plan"], self.out.get("plan") or {}
        for name in PLAN_FIELDS:
            sides = [{(name, normal(plan[name]))} if plan.get(name) is not None else set() for plan in (want, got)]
            self.tally["plan fields"].add(sides, self.where)

    def _tasks(self) -> None:
        tasks = self.tally["tasks"]
        tasks.hit += len(self.matched)
        tasks.gold += len(self.gold_tasks)
        tasks.out += len(self.inside)
        tasks.missed += [self.where + task["text"] for g, task in enumerate(self.gold_tasks) if g not in self.matched]
        tasks.wrong += [self.where + self.out_tasks[o]["text"] for o in self.surplus]

    def _on_tasks(self) -> None:
        rows: list[tuple[object, Json, Json]] = [
            (g, task, self.out_tasks[self.matched[g]] if g in self.matched else {})
            for g, task in enumerate(self.gold_tasks)
        ]
        rows += [(f"+{o}", {}, self.out_tasks[o]) for o in self.surplus]
        for key, want, got in rows:
            label = self.where + (want.get("text") or got.get("text") or "")[:24] + " | "
            self._on_task(key, want, got, label)

    def _on_task(self, key: object, want: Json, got: Json, label: str) -> None:
        owners = [self._owned(key, task) for task in (want, got)]
        self.tally["owners"].add([{owner[:2] for owner in side} for side in owners], label)
        self.tally["owners with role"].add(owners, label)
        self.tally["task hazards"].add([self._hazards(key, task) for task in (want, got)], label)
        for name in ("resources", "cites"):
            sides = [{(key, self.unit(value)) for value in task.get(name) or []} for task in (want, got)]
            self.tally[f"task {name}"].add(sides, label)
        if want and got:
            self.tally["task status"].add([{(key, want.get("status"))}, {(key, got.get("status"))}], label)
        due = [{(key, normal(task["deadline"]))} if task.get("deadline") else set() for task in (want, got)]
        self.tally["task deadlines"].add(due, label)

    def _owned(self, key: object, task: Json) -> set[Item]:
        named = [owner for owner in task.get("owners") or [] if not owner.get("generic")]
        return {(key, self.unit(owner["name"]), owner.get("role", "responsible")) for owner in named}

    @staticmethod
    def _hazards(key: object, task: Json) -> set[Item]:
        return {(key, label) for label in most_specific([normal(value) for value in task.get("hazards") or []])}

    def _targets(self) -> None:
        sides = []
        for side, tasks in ((self.gold, self.gold_tasks), (self.out, [self.out_tasks[o] for o in self.inside])):
            loose = [
                target
                for target in side.get("targets") or []
                if not target.get("quote") or normal(target["quote"]) in self.scope_text
            ]
            on_tasks = [target for task in tasks for target in task.get("targets") or []]
            sides.append({_target_key(target) for target in on_tasks + loose})
        self.tally["targets"].add(sides, self.where)

    def _entities(self) -> None:
        for kind in ENTITY_TYPES:
            want = {normal(entity["name"]) for entity in self.gold.get("entities") or [] if entity["type"] == kind}
            got: set[str] = set()
            for entity in self.out.get("entities") or []:
                if entity["type"] == kind:
                    got |= self._entity(entity, want)
            self.tally[f"entity {kind}"].add([want, got], self.where)
            both = [{(kind, name) for name in side} for side in (want, got)]
            self.tally["entities (all)"].add(both, self.where)

    def _entity(self, entity: Json, want: set[str]) -> set[str]:
        """What an entity of the output counts as: gold names that its forms reach, else its own in the scope."""
        names = _forms(entity)
        known = {self.canonical.get(name, name) for name in names} & want
        if known:
            return known
        if not self.scoped or any(name in self.scope_text for name in names):
            return {normal(entity["name"])}
        return set()

    def _relations(self) -> None:
        self.tally["relations"].add([self._related(self.gold, True), self._related(self.out, False)], self.where)

    def _related(self, side: Json, ours: bool) -> set[Item]:
        return {
            (self.unit(relation["head"]), relation["type"], self.unit(relation["tail"]))
            for relation in side.get("relations") or []
            if relation["type"] in RELATION_TYPES
            and (ours or not self.scoped or normal(relation["head"]) in self.scope_text)
        }


def compare(gold: Json, out: Json, text: str) -> dict[str, Tally]:
    """Tallies by measure of one annotated plan and one output.

    Args:
        gold: the annotation (docs/annotating.md).
        out: what `kg extract --format json` prints for the same plan.
        text: the cleaned text that the annotation quotes.

    Raises:
        InputError: the scope of the annotation does not stand in the text.
    """
    return _Comparison(gold, out, text).run()


_NEEDED = {"tasks": ("text",), "entities": ("type", "name"), "relations": ("head", "type", "tail"), "targets": ()}


def _fault(gold: Any) -> str | None:
    """What keeps a JSON value from being an annotation, or None."""
    if not isinstance(gold, dict) or not isinstance(gold.get("source"), str) or not isinstance(gold.get("plan"), dict):
        return "no annotation, it needs the keys source and plan"
    for name, keys in _NEEDED.items():
        rows = [(f"{name}[{i}]", row, keys) for i, row in enumerate(gold.get(name) or [])]
        if name == "tasks":
            rows += [
                (f"{where}.owners[{i}]", owner, ("name",))
                for where, task, _ in list(rows)
                if isinstance(task, dict)
                for i, owner in enumerate(task.get("owners") or [])
            ]
        for where, row, needed in rows:
            if not isinstance(row, dict):
                return f"{where} is not an object"
            lacking = [key for key in needed if not isinstance(row.get(key), str)]
            if lacking:
                return f"{where} lacks the text {lacking[0]}"
    for i, pair in enumerate(gold.get("scope") or []):
        if not isinstance(pair, str) and (not isinstance(pair, list) or len(pair) != 2):
            return f"scope[{i}] is not a pair [first words, last words]"
    return None


def read_gold(folder: Path) -> list[dict[str, Any]]:
    """The annotations of a folder, by file name.

    Raises:
        InputError: no such folder, no annotation in it, or one that is no JSON of docs/annotating.md.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give the folder that holds the annotations (*.json)")
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            gold = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            raise InputError(f"{path}: not readable as JSON ({error}); mend it or move it away") from error
        fault = _fault(gold)
        if fault:
            raise InputError(f"{path}: {fault}; see docs/annotating.md for the form of an annotation")
        found.append(gold)
    if not found:
        raise InputError(f"{folder}: no annotations (*.json) in it; see docs/annotating.md for their form")
    return found


def score(golds: Iterable[Json], output: Callable[[str], tuple[Json, str]], text_folder: Path | None = None) -> Scores:
    """Compare each annotation with what extraction gives for its plan.

    Args:
        golds: annotations, see `read_gold`.
        output: gives, for the `source` of an annotation, the extracted facts in JSON form and the plan's cleaned text.
        text_folder: where the cleaned texts that the annotations quote stand, under the name of `source`; a text that
            is not there is the one that `output` gives.
    """
    scores = Scores()
    for gold in golds:
        out, text = output(gold["source"])
        fixed = text_folder / gold["source"] if text_folder else None
        if fixed is not None and fixed.is_file():
            text = fixed.read_text(encoding="utf-8")
        scores.add(gold["source"], compare(gold, out, text))
    return scores
