"""The property graph's labels and relationship types, read from `classes.ttl`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import InputError
from kg.ontology.vocabulary import FOLDER, NAMESPACE, one_line


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or relationship; `type` is STRING, INT64, DOUBLE or STRING[]."""

    name: str
    type: str
    zh: str = ""
    en: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class NodeLabel:
    """A label of nodes. `properties` begins with id, name, label; `colour` is `#rrggbb`; `caption` names the property
    that views print on a node."""

    name: str
    zh: str
    en: str
    definition: str
    properties: tuple[Property, ...]
    colour: str
    caption: str


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """A type of relationships. `pairs` are (FROM label, TO label); `properties` the own ones and, where it
    is extracted from text, the evidence (plan, span_start, span_end, quote, rule)."""

    name: str
    zh: str
    en: str
    definition: str
    pairs: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class GraphSchema:
    """All labels and relationship types, in file order."""

    labels: tuple[NodeLabel, ...]
    relationships: tuple[RelationshipType, ...]

    def label(self, name: str) -> NodeLabel:
        """The label with this name; KeyError where there is none."""
        for label in self.labels:
            if label.name == name:
                return label
        raise KeyError(name)

    def relationship(self, name: str) -> RelationshipType:
        """The relationship type with this name; KeyError where there is none."""
        for relationship in self.relationships:
            if relationship.name == name:
                return relationship
        raise KeyError(name)


@cache
def schema() -> GraphSchema:
    """The schema of the graph as `classes.ttl` has it, parsed once."""
    return read_schema(FOLDER / "classes.ttl")


def read_schema(path: Path) -> GraphSchema:
    """Read labels (`kg:NodeLabel`) and relationship types (`kg:RelationshipType`) from a Turtle file.

    Properties stand as `kg:property "name TYPE"` in order, pairs as `kg:pair "From To"`. Raises InputError where the
    file is no valid Turtle or a pair names an unknown label.
    """
    from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace
    from rdflib.term import Node

    kg = Namespace(NAMESPACE)
    graph = Graph()
    try:
        graph.parse(data=path.read_text(encoding="utf-8"), format="turtle")
    except Exception as error:  # rdflib raises its own and Python's errors alike
        raise InputError(f"{path.name}: no valid Turtle: {one_line(error)}; correct the file") from error

    def text(subject: Node, predicate: Node, language: str | None = None) -> str:
        for value in graph.objects(subject, predicate):
            if isinstance(value, Literal) and (language is None or value.language == language):
                return str(value)
        return ""

    def properties(subject: Node) -> tuple[Property, ...]:
        found = []
        for value in graph.objects(subject, kg.property):
            name, _, kind = str(value).partition(" ")
            if kind not in {"STRING", "INT64", "DOUBLE", "STRING[]"}:
                raise InputError(f"{path.name}: property {value!s} of {subject!s} has no known type; write 'name TYPE'")
            zh, en = text(kg[name], RDFS.label, "zh"), text(kg[name], RDFS.label, "en")
            if not zh or not en:
                raise InputError(f"{path.name}: property {name} of {subject!s} has no zh or en label; define kg:{name}")
            found.append(Property(name, kind, zh, en, text(kg[name], SKOS.definition, "en")))
        return tuple(found)

    common = properties(kg.Node)
    evidence = properties(kg.Evidenced)
    labels = tuple(
        NodeLabel(
            name=str(subject).removeprefix(NAMESPACE),
            zh=text(subject, RDFS.label, "zh"),
            en=text(subject, RDFS.label, "en"),
            definition=text(subject, SKOS.definition, "en"),
            properties=common + properties(subject),
            colour=text(subject, kg.colour),
            caption=text(subject, kg.caption),
        )
        for subject in graph.subjects(RDF.type, kg.NodeLabel)
    )
    names = {label.name for label in labels}
    relationships = []
    for subject in graph.subjects(RDF.type, kg.RelationshipType):
        pairs = []
        for value in graph.objects(subject, kg.pair):
            tail, _, head = str(value).partition(" ")
            if tail not in names or head not in names:
                raise InputError(f"{path.name}: {subject!s} joins '{value!s}', not both labels; correct the pair")
            pairs.append((tail, head))
        extracted = (subject, RDF.type, kg.Evidenced) in graph
        relationships.append(
            RelationshipType(
                name=text(subject, kg.type),
                zh=text(subject, RDFS.label, "zh"),
                en=text(subject, RDFS.label, "en"),
                definition=text(subject, SKOS.definition, "en"),
                pairs=tuple(pairs),
                properties=properties(subject) + (evidence if extracted else ()),
            )
        )
    return GraphSchema(labels, tuple(relationships))
