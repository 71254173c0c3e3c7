"""Checking a graph against the SHACL shapes of `kg/ontology/shapes.ttl`, with pySHACL on an Oxigraph store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import BadRdf
from kg.ontology import NAMESPACE
from kg.ontology.vocabulary import FOLDER
from kg.store.rdf.terms import PREFIXES, kg_term, term

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store

__all__ = ["FINDING_COLUMNS", "Finding", "Report", "check_dataset", "check_file"]

SHAPES = FOLDER / "shapes.ttl"
FINDING_COLUMNS = ("severity", "shape", "node", "name", "path", "value", "message")
SEVERITIES = {"Violation": "violation", "Warning": "warning", "Info": "warning"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One result: `severity` is violation or warning; `node` the id (or IRI) of what is wrong and `name` what people
    call it; `path` the property and `value` the value that are, where there are such."""

    severity: str
    shape: str
    node: str
    name: str | None
    path: str | None
    value: str | None
    message: str

    def row(self) -> dict[str, str | None]:
        """As a row of a table."""
        return {column: getattr(self, column) for column in FINDING_COLUMNS}

    def line(self) -> str:
        """One line for people."""
        name = f" ({_shorten(self.name)})" if self.name else ""
        value = f": {self.path} {_shorten(self.value)}" if self.path and self.value else ""
        return f"{self.severity}: {self.node}{name}: {self.message}{value}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, violations first; `nodes` is the number of nodes and statements that shapes looked at."""

    findings: tuple[Finding, ...]
    nodes: int

    @property
    def violations(self) -> int:
        return sum(one.severity == "violation" for one in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.violations

    @property
    def conforms(self) -> bool:
        """Whether nothing is violated; warnings are allowed."""
        return not self.violations

    def text(self, examples: int = 5) -> str:
        """The report for people: all violations, of each kind of warning some examples and the number."""
        lines = []
        shown: Counter[tuple[str, str]] = Counter()
        numbers = Counter((one.severity, one.message) for one in self.findings)
        for one in self.findings:
            key = one.severity, one.message
            shown[key] += 1
            if one.severity == "violation" or shown[key] <= examples:
                lines.append(one.line())
            elif shown[key] == numbers[key]:
                lines.append(f"{one.severity}: … and {numbers[key] - examples} more: {one.message}")
        state = "conforms" if self.conforms else "does not conform"
        lines.append(f"{state}: {self.nodes} nodes checked, {self.violations} violations, {self.warnings} warnings")
        return "\n".join(lines)


def check_dataset(found: Store) -> Report:
    """Check all that a store holds."""
    import pyshacl

    shapes = _shapes()
    _, results, _ = pyshacl.validate(
        _data_graph(found), shacl_graph=_flat(shapes), advanced=True, inplace=True, meta_shacl=False
    )
    findings = {_finding(results, result, found) for result in _results(results)}
    order = sorted(
        findings,
        key=lambda one: (
            one.severity != "violation",
            one.shape,
            one.node,
            one.path or "",
            one.value or "",
            one.message,
        ),
    )
    return Report(tuple(order), _looked_at(found, shapes))


def _data_graph(found: Store) -> Any:
    """The store for pySHACL, which asks for each result whether the graph is empty, and counts all statements for it."""
    from pyshacl.graph_abstraction import OxigraphDataGraph

    class Filled(OxigraphDataGraph):
        def __bool__(self) -> bool:
            return True

    return Filled.from_oxigraph_store(found)


def check_file(path: str | Path) -> Report:
    """Check an RDF file: a graph that `kg export` wrote, or a vocabulary.

    Raises:
        UnreadableFile: missing or not readable.
        BadRdf: no valid RDF, or nothing in it that a shape is for.
    """
    from kg.store.rdf.reading import load

    found = load(path)
    if not _is_ours(found):
        message = f"{path}: RDF, but neither a graph of plans nor a vocabulary of this project; nothing to check"
        raise BadRdf(message, "foreign_rdf")
    return check_dataset(found)


def _is_ours(found: Store) -> bool:
    """Whether a subject below the project's namespace is of a class that a shape is for."""
    return any(
        getattr(one.subject, "value", "").startswith(NAMESPACE)
        for target in _targets(_shapes())
        for one in found.quads_for_pattern(None, term("rdf:type"), target)
    )


@cache
def _shapes() -> rdflib.Graph:
    import rdflib

    shapes = rdflib.Graph()
    for one in rdflib.Graph().parse(SHAPES, format="turtle"):
        shapes.add((one[0], one[1], _typed(one[2])))
    return shapes


def _flat(shapes: rdflib.Graph) -> rdflib.Graph:
    """The shapes with the targets of each node shape on its property shapes instead: this says the same, and pySHACL looks at
    all targets of a shape at once, but at what a node shape holds once for each node (a check takes two fifths of the time)."""
    import rdflib
    from rdflib.namespace import SH

    flat = rdflib.Graph() + shapes
    for way in (SH.targetClass, SH.targetSubjectsOf):
        for shape, target in shapes.subject_objects(way):
            for held in shapes.objects(shape, SH.property):
                flat.remove((shape, SH.property, held))
                flat.add((held, way, target))
    return flat


def _typed(value: Any) -> Any:
    """A plain literal with its type written out, as Oxigraph's are: rdflib takes the two for different ones."""
    from rdflib import XSD, Literal

    if isinstance(value, Literal) and value.datatype is None and value.language is None:
        return Literal(str(value), datatype=XSD.string)
    return value


def _targets(shapes: rdflib.Graph) -> list[Any]:
    from pyoxigraph import NamedNode
    from rdflib.namespace import SH

    return [NamedNode(target) for target in sorted(set(map(str, shapes.objects(None, SH.targetClass))))]


def _looked_at(found: Store, shapes: rdflib.Graph) -> int:
    subjects = (found.quads_for_pattern(None, term("rdf:type"), target) for target in _targets(shapes))
    return len({one.subject for some in subjects for one in some})


def _results(results: Any) -> list[Any]:
    from rdflib import RDF
    from rdflib.namespace import SH

    return list(results.subjects(RDF.type, SH.ValidationResult))


def _finding(results: rdflib.Graph, result: Any, found: Store) -> Finding:
    from rdflib.namespace import SH

    def value(predicate: Any) -> Any:
        return results.value(result, predicate)

    focus = str(value(SH.focusNode))
    path, wrong = value(SH.resultPath), value(SH.value)
    messages = sorted(str(message) for message in results.objects(result, SH.resultMessage))
    return Finding(
        severity=SEVERITIES[str(value(SH.resultSeverity)).rpartition("#")[2]],
        shape=_shape_of(value(SH.sourceShape)),
        node=_brief(focus),
        name=_name(found, focus),
        path=_path(results, path),
        value=None if wrong is None else _brief(str(wrong)),
        message="; ".join(messages),
    )


def _shape_of(shape: Any) -> str:
    """The name of the shape that a result comes from: the node shape that holds a property shape."""
    from rdflib import URIRef

    shapes = _shapes()
    seen = set()
    while not isinstance(shape, URIRef) and shape not in seen:
        seen.add(shape)
        shape = next(iter(shapes.subjects(None, shape)), shape)
    return str(shape).removeprefix(NAMESPACE) if isinstance(shape, URIRef) else ""


def _path(results: rdflib.Graph, path: Any) -> str | None:
    from rdflib import RDF, URIRef
    from rdflib.collection import Collection
    from rdflib.namespace import SH

    if path is None:
        return None
    if isinstance(path, URIRef):
        return _brief(str(path))
    inverse = results.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{_brief(str(inverse))}"
    if (path, RDF.first, None) in results:
        return "/".join(_brief(str(step)) for step in Collection(results, path))
    return None


def _name(found: Store, focus: str) -> str | None:
    """What people call a node; of a statement or span, the words that it rests on."""
    from pyoxigraph import NamedNode

    if not focus.startswith(NAMESPACE):
        return None
    ways = (
        ("kg:name",),
        ("skos:prefLabel",),
        ("oa:hasSelector", "oa:exact"),
        ("oa:hasTarget", "oa:hasSelector", "oa:exact"),
    )
    for steps in ways:
        at = [NamedNode(focus)]
        for step in steps:
            predicate = kg_term(step[3:]) if step.startswith("kg:") else term(step)
            at = [one.object for here in at for one in found.quads_for_pattern(here, predicate, None)]  # type: ignore[misc]
        if at:
            return min(str(one.value) for one in at)
    return None


def _brief(text: str) -> str:
    if text.startswith(PREFIXES["id"]):
        return text[len(PREFIXES["id"]) :]
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text[len(namespace) :]}"
    return text


def _shorten(text: str | None, length: int = 60) -> str:
    one_line = " ".join((text or "").split())
    return one_line if len(one_line) <= length else one_line[: length - 1] + "…"
