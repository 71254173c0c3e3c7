"""From the graph to RDF: a stream of statements, the same for the same graph.

A node is its IRI with its class and properties. A relationship with properties is a statement node (`kg:Responsibility`,
…) with its evidence as a Web Annotation target, beside the plain triple; one without is the plain triple alone. What
each plan says of a node that plans share is a `kg:Description`. There are no blank nodes, so sorting the lines of
N-Triples gives the canonical form.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize

from kg.errors import InputError, UsageError
from kg.ontology import NAMESPACE, Property, schema, vocabulary
from kg.ontology.graph_schema import RelationshipType
from kg.store.rdf.terms import PREFIXES, kg_term, literal, node_iri, term

if TYPE_CHECKING:
    from kg.store.base import Contribution, Result

__all__ = ["FORMATS", "RDF_FORMAT", "Source", "contributions", "quads", "store_quads", "suffix_format", "write"]

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
}
"""The formats that are written and read; `trig` has a named graph for each plan."""

RDF_FORMAT = "2"
"""Version of the RDF form; a file of another version is not read."""

PLANS_AT_ONCE = 200
"""Plans whose contributions are read from a store by one query."""

SPANS_KEPT = 200_000
"""Spans that are remembered as written; a span met again later is written again, which says nothing new."""

_DEFAULT = DefaultGraph()
_CONCEPTS = {"Hazard": "hazards", "Element": "elements"}
Row = Mapping[str, Any]


class Source(Protocol):
    """What of a store this module reads."""

    def run(self, query: str, parameters: Mapping[str, Any] | None = None) -> Result: ...

    def nodes(self, label: str | None = None) -> Iterator[dict[str, Any]]: ...

    def relationships(self, type_: str | None = None) -> Iterator[dict[str, Any]]: ...

    def contributions(self, plans: Sequence[str]) -> Iterator[Contribution]: ...


def write(store: Source, path: str | Path, format: str | None = None) -> None:
    """Write the graph of a store to an RDF file; the file appears when it is complete.

    Args:
        store: the store.
        path: the file.
        format: `ttl`, `jsonld`, `nt` or `trig`; None: by the file's suffix.

    Raises:
        UsageError: no such format, or the suffix tells none.
    """
    target = Path(path)
    kind = FORMATS[suffix_format(target) if format is None else _known(format)]
    beside = target.with_name(target.name + ".writing")
    found = store_quads(store)
    try:
        with beside.open("wb") as opened:
            if kind == RdfFormat.TRIG:
                serialize(found, opened, kind, prefixes=PREFIXES)
            else:
                serialize((quad.triple for quad in found), opened, kind, prefixes=PREFIXES)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _known(format: str) -> str:
    if format not in FORMATS:
        raise UsageError(f"no RDF format {format!r}; there are: {', '.join(FORMATS)}")
    return format


def suffix_format(path: Path) -> str:
    """The format that a file's suffix tells. UsageError where it tells none."""
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise UsageError(
            f"{path}: its suffix names no RDF format; there are: {', '.join(f'.{one}' for one in FORMATS)}"
        )
    return suffix


def store_quads(store: Source) -> Iterator[Quad]:
    """All statements about the graph of a store."""
    return quads(store.nodes(), contributions(store), store.relationships())


def contributions(store: Source) -> Iterator[Contribution]:
    """Which plan says what of which node, by plan."""
    plans = [row[0] for row in store.run("MATCH (p:Plan) RETURN p.id AS id ORDER BY id").rows]
    for first in range(0, len(plans), PLANS_AT_ONCE):
        yield from store.contributions(plans[first : first + PLANS_AT_ONCE])


def quads(nodes: Iterable[Row], contributed: Iterable[Contribution], relationships: Iterable[Row]) -> Iterator[Quad]:
    """All statements about a graph. What a plan says stands in the plan's own graph, all else in the default one.

    Args:
        nodes: as `Graph.nodes` gives them.
        contributed: which plan says what of which node.
        relationships: as `Graph.relationships` gives them.

    Raises:
        InputError: a list property is no sorted set (lists of the graph are; RDF keeps no other).
    """
    graph = kg_term("graph")
    yield Quad(graph, term("dcterms:conformsTo"), NamedNode(NAMESPACE), _DEFAULT)
    yield Quad(graph, kg_term("format"), Literal(RDF_FORMAT), _DEFAULT)
    shapes = {label.name: label.properties for label in schema().labels}
    for node in nodes:
        yield from _node(node, shapes[node["label"]])
    for plan, label, identifier, said in contributed:
        yield from _contribution(plan, identifier, said, shapes[label])
    types = {one.name: one for one in schema().relationships}
    spans: dict[str, None] = {}
    for edge in relationships:
        yield from _relationship(edge, types[edge["type"]], spans)


def _digest(prefix: str, *parts: Any) -> str:
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return f"{prefix}-{hashlib.sha256(text.encode('ascii')).hexdigest()[:16]}"


def _values(
    holder: str, row: Row, properties: Iterable[Property], passed: frozenset[str]
) -> Iterator[tuple[str, Literal]]:
    for prop in properties:
        value = row.get(prop.name)
        if prop.name in passed or value is None:
            continue
        if prop.type.endswith("[]"):
            if list(value) != sorted(set(value)):
                raise InputError(f"{holder}: its {prop.name} are no sorted set, which is all that RDF keeps: {value}")
            for one in value:
                yield prop.name, literal(one, prop.type)
        else:
            yield prop.name, literal(value, prop.type)


_NODE_PASSED = frozenset({"label"})
_SAID_PASSED = frozenset({"id", "label"})
_EVIDENCE = frozenset({"plan", "span_start", "span_end", "quote"})


def _node(node: Row, properties: Iterable[Property]) -> Iterator[Quad]:
    here, label = node_iri(node["id"]), node["label"]
    yield Quad(here, term("rdf:type"), kg_term(label), _DEFAULT)
    for name, value in _values(node["id"], node, properties, _NODE_PASSED):
        yield Quad(here, kg_term(name), value, _DEFAULT)
        if name == "name":
            yield Quad(here, term("rdfs:label"), value, _DEFAULT)
        elif name == "codes" and (code := _notation(value.value)) is not None:
            yield Quad(here, term("skos:notation"), code, _DEFAULT)
    if label in _CONCEPTS:
        slug = node["id"].removeprefix(f"{label.lower()}-")
        if slug in vocabulary(_CONCEPTS[label]):
            yield Quad(here, term("skos:exactMatch"), NamedNode(f"{NAMESPACE}{_CONCEPTS[label]}/{slug}"), _DEFAULT)


def _notation(code: str) -> Literal | None:
    """`GBT35561-2017 10100 (unverified)` as a typed literal."""
    scheme, _, rest = code.partition(" ")
    digits = rest.removesuffix(" (unverified)")
    if not digits or not scheme.replace("-", "").isalnum() or not scheme.isascii():
        return None
    return Literal(digits, datatype=kg_term(scheme))


def _contribution(plan: str, identifier: str, said: Row | None, properties: Iterable[Property]) -> Iterator[Quad]:
    where, node = node_iri(plan), node_iri(identifier)
    if said is None:
        yield Quad(node, term("prov:wasDerivedFrom"), where, where)
        return
    here = node_iri(_digest("description", plan, identifier))
    yield Quad(here, term("rdf:type"), kg_term("Description"), where)
    yield Quad(here, kg_term("describes"), node, where)
    yield Quad(here, term("prov:wasDerivedFrom"), where, where)
    for name, value in _values(identifier, said, properties, _SAID_PASSED):
        yield Quad(here, kg_term(name), value, where)


def _relationship(edge: Row, type_: RelationshipType, spans: dict[str, None]) -> Iterator[Quad]:
    source, target = node_iri(edge["source"]), node_iri(edge["target"])
    predicate = kg_term(type_.predicate)
    plan = edge.get("plan")
    said_by = None if plan is None else node_iri(plan)
    where = _DEFAULT if said_by is None else said_by
    yield Quad(source, predicate, target, where)
    if not type_.properties:
        return
    values = [edge.get(prop.name) for prop in type_.properties]
    here = node_iri(_digest(type_.statement.lower(), edge["source"], type_.name, edge["target"], *values))
    yield Quad(here, term("rdf:type"), kg_term(type_.statement), where)
    yield Quad(here, term("rdf:subject"), source, where)
    yield Quad(here, term("rdf:predicate"), predicate, where)
    yield Quad(here, term("rdf:object"), target, where)
    for name, value in _values(type_.name, edge, type_.properties, _EVIDENCE):
        yield Quad(here, kg_term(name), value, where)
    if said_by is not None:
        yield Quad(here, term("prov:wasDerivedFrom"), said_by, where)
    start, end, words = edge.get("span_start"), edge.get("span_end"), edge.get("quote")
    if start is None and end is None and words is None:
        return
    span = _digest("span", plan, start, end, words)
    yield Quad(here, term("oa:hasTarget"), node_iri(span), where)
    if span not in spans:
        if len(spans) >= SPANS_KEPT:
            spans.clear()
        spans[span] = None
        yield from _span(span, where, start, end, words)


def _span(
    span: str, where: NamedNode | DefaultGraph, start: int | None, end: int | None, words: str | None
) -> Iterator[Quad]:
    here = node_iri(span)
    yield Quad(here, term("rdf:type"), term("oa:SpecificResource"), where)
    if isinstance(where, NamedNode):
        yield Quad(here, term("oa:hasSource"), where, where)
    if start is not None or end is not None:
        position = node_iri(f"{span}-position")
        yield Quad(here, term("oa:hasSelector"), position, where)
        yield Quad(position, term("rdf:type"), term("oa:TextPositionSelector"), where)
        for name, value in (("oa:start", start), ("oa:end", end)):
            if value is not None:
                yield Quad(position, term(name), literal(value, "INT64"), where)
    if words is not None:
        exact = node_iri(f"{span}-quote")
        yield Quad(here, term("oa:hasSelector"), exact, where)
        yield Quad(exact, term("rdf:type"), term("oa:TextQuoteSelector"), where)
        yield Quad(exact, term("oa:exact"), literal(words, "STRING"), where)
