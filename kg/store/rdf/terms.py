"""IRIs and literals of the graph's RDF form."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode

from kg.errors import InputError
from kg.ontology import NAMESPACE

__all__ = ["IDS", "PREFIXES", "id_of", "kg_term", "literal", "node_iri", "term", "value_of"]

IDS = f"{NAMESPACE}id/"
"""Nodes, statements and spans stand below it, by their id."""

PREFIXES = {
    "kg": NAMESPACE,
    "id": IDS,
    "hazards": f"{NAMESPACE}hazards/",
    "elements": f"{NAMESPACE}elements/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
}
"""Prefixes of every file that is written, and of every query."""

_SPECIAL = {"INF": math.inf, "-INF": -math.inf, "NaN": math.nan}


@lru_cache(maxsize=4096)
def term(name: str) -> NamedNode:
    """The term with a prefixed name.

    >>> term("oa:exact").value
    'http://www.w3.org/ns/oa#exact'
    """
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


@lru_cache(maxsize=4096)
def kg_term(local: str) -> NamedNode:
    """The project's own class or property with this local name."""
    return NamedNode(NAMESPACE + local)


def node_iri(identifier: str) -> NamedNode:
    """The IRI of a node: its id below `IDS`, percent-encoded where it has to be.

    >>> node_iri("task-0d7d982ac575950b").value.removeprefix(IDS), node_iri("江北 1/2").value.removeprefix(IDS)
    ('task-0d7d982ac575950b', '%E6%B1%9F%E5%8C%97%201%2F2')
    """
    return NamedNode(IDS + quote(identifier, safe=""))


def id_of(iri: str) -> str:
    """The id that `node_iri` made an IRI of. ValueError for an IRI of something else."""
    if not iri.startswith(IDS):
        raise ValueError(iri)
    return unquote(iri[len(IDS) :], errors="strict")


def literal(value: Any, kind: str) -> Literal:
    """A value of a property of this type (STRING, STRING[], INT64, DOUBLE) as a literal.

    >>> str(literal(20, "DOUBLE")), str(literal(2024, "INT64")).partition("^")[0]
    ('"20.0"^^<http://www.w3.org/2001/XMLSchema#double>', '"2024"')
    """
    if kind == "INT64":
        return Literal(str(int(value)), datatype=term("xsd:integer"))
    if kind == "DOUBLE":
        number = float(value)
        text = (
            repr(number) if math.isfinite(number) else "NaN" if math.isnan(number) else "INF" if number > 0 else "-INF"
        )
        return Literal(text, datatype=term("xsd:double"))
    return Literal(value)


def value_of(found: Any, kind: str) -> Any:
    """The value that `literal` made a literal of. InputError for a term of another kind."""
    wanted = {"INT64": "xsd:integer", "DOUBLE": "xsd:double"}.get(kind, "xsd:string")
    if not isinstance(found, Literal) or found.language is not None or found.datatype != term(wanted):
        raise InputError(f"{found} is no literal of type {wanted}")
    text = found.value
    try:
        if kind == "INT64":
            number = int(text)
            if not -(2**63) <= number < 2**63:
                raise ValueError(text)
            return number
        if kind == "DOUBLE":
            return _SPECIAL[text] if text in _SPECIAL else float(text)
    except ValueError as error:
        raise InputError(f"{found} is no literal of type {wanted}") from error
    return text
