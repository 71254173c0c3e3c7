"""A plain question answered: how it was understood, the call, the Cypher, the rows; or declined, with the nearest."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import queries, query
from kg.queries.asking.patterns import Form, Slot, compiled, forms, language, noise, normalise, words
from kg.queries.asking.slots import NotMeant, Reader
from kg.queries.frames import frame

if TYPE_CHECKING:
    import pandas

    from kg.graph import Graph
    from kg.store.base import Result, Store

__all__ = ["Answer", "ask"]

_HELPERS = frozenset({"plans", "plan_sizes", "units_above", "units_named", "names_like"})
"""Queries that find what a name means; the answer's own are the others."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What `ask` gives.

    `understood` says how the question was read, `call` is the Python that answers it, `cypher` the queries that ran with
    their parameters, `frame` the rows. A question that is declined has `understood` None, no rows, the `reason`, and
    `nearest`, questions that are understood.
    """

    text: str
    understood: str | None
    call: str
    cypher: str
    frame: pandas.DataFrame
    reason: str = ""
    nearest: tuple[str, ...] = ()

    @property
    def declined(self) -> bool:
        """Whether the question was not understood."""
        return self.understood is None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a question. Of several the one is taken that names its plan apart, then the one with most words
    that are not in slots, then the first of the file."""

    form: Form
    values: dict[str, Any]
    worth: tuple[int, ...]


class _Recorder:
    """A store that remembers what was asked of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.ran: dict[str, str] = {}
        self._names = {query(name).text: name for name in queries()}

    def run(self, text: str, parameters: Mapping[str, Any] | None = None) -> Result:
        name = self._names.get(text, "")
        if name not in _HELPERS:
            values = "".join(
                f"\n// ${key} = {json.dumps(one, ensure_ascii=False)}" for key, one in (parameters or {}).items()
            )
            self.ran[f"// {name}{values}\n{text}"] = name
        return self._store.run(text, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def ask(graph: Graph, text: str) -> Answer:
    """See `kg.graph.Graph.ask`."""
    question = noise(normalise(text))
    if not question:
        raise UsageError("no question given; ask one such as: 谁负责防汛物资?")
    reader = Reader(graph)
    trouble: list[str] = []
    readings = list(_readings(reader, question, trouble))
    if not readings:
        return _declined(text, trouble[0] if trouble else "")
    reading = max(readings, key=lambda one: one.worth)
    try:
        return _answer(graph, reader, reading, text)
    except UsageError as error:
        return _declined(text, str(error))


def _readings(reader: Reader, question: str, trouble: list[str]) -> Iterator[_Reading]:
    """All that a question may mean; of names that fit but cannot be settled `trouble` tells."""
    scoped: list[tuple[str, dict[str, Any]]] = [(question, {})]
    for pattern in words("scope"):
        found = compiled(pattern, reader.slots).fullmatch(question)
        if found:
            try:
                scoped.append((found["rest"].strip(" ,"), {"plan": reader.read({"plan": found["plan"]})["plan"]}))
            except UsageError as error:
                trouble.append(str(error))
    for number, form in enumerate(forms()):
        for pattern in form.patterns:
            matcher = compiled(pattern, reader.slots)
            for rest, scope in scoped:
                found = matcher.fullmatch(rest)
                if not found:
                    continue
                try:
                    values = reader.read(found.groupdict())
                except NotMeant:
                    continue
                except UsageError as error:
                    trouble.append(str(error))
                    continue
                if scope and "plan" in values:
                    continue
                literal = len(rest) - sum(len(part or "") for part in found.groupdict().values())
                yield _Reading(form, scope | values, (len(scope), literal, -number))


def _answer(graph: Graph, reader: Reader, reading: _Reading, text: str) -> Answer:
    from kg.queries.plans import resolve_plan

    form, values = reading.form, dict(reading.values)
    wanted = {one.name for one in form.arguments if isinstance(one, Slot)}
    if "plan" in wanted and "plan" not in values:
        values["plan"] = resolve_plan(graph.store, "") if reader.plans.empty else _only_plan(reader)
    if "date" in values:
        values["date"] = reader.date(values["date"], values.get("plan"))
    arguments = [_filled(one, values) for one in form.arguments]
    options = {name: _filled(one, values) for name, one in form.options.items()}
    options = {name: one for name, one in options.items() if one is not None}
    shown = ", ".join((*map(repr, arguments), *(f"{name}={one!r}" for name, one in options.items())))
    call = f"graph.{form.call}({shown})"
    recorder = _Recorder(graph.store)
    rows = getattr(type(graph)(recorder), form.call)(*arguments, **options)
    if form.keep:
        condition = form.keep.format(**{name: repr(one) for name, one in values.items()})
        call += f".query({condition!r})"
        attributes = rows.attrs
        rows = rows.query(condition, engine="python").reset_index(drop=True)
        rows.attrs = attributes
    return Answer(text, _understood(reader, form, values, text), call, "\n\n".join(recorder.ran), rows)


def _only_plan(reader: Reader) -> str:
    if len(reader.plans) == 1:
        return str(reader.plans["id"].iloc[0])
    names = "; ".join(str(row["title"] or row["source"]) for row in reader.plans.to_dict("records"))
    raise UsageError(f"the question is about one plan; name it in the question: {names}")


def _filled(one: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(one, Slot):
        return values.get(one.name)
    return [values[part.name] for part in one if part.name in values] if isinstance(one, list) else one


def _understood(reader: Reader, form: Form, values: Mapping[str, Any], text: str) -> str:
    chinese = language(text) == "zh"
    titles = {row["id"]: row["title"] or row["source"] for row in reader.plans.to_dict("records")}
    parts = [f"{_slot_name(name, chinese)}: {titles.get(value, value)}" for name, value in values.items()]
    label = form.zh if chinese else form.en
    return label + (f" ({'; '.join(parts)})" if parts else "")


def _slot_name(name: str, chinese: bool) -> str:
    from kg.ontology import vocabulary

    concept = vocabulary("questions")[f"slot-{name}"]
    return concept.label if chinese else concept.english.casefold()


def _declined(text: str, reason: str) -> Answer:
    wanted = normalise(text)
    spoken = language(text)
    examples = [example for form in forms() for example in form.examples if language(example) == spoken]
    nearest = sorted(examples, key=lambda one: -difflib.SequenceMatcher(None, wanted, normalise(one)).ratio())[:3]
    return Answer(text, None, "", "", frame((), ()), reason or "no question form fits it", tuple(nearest))
