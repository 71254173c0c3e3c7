"""The property graph's labels and relationship types, read from `classes.ttl`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import InputError
from kg.ontology.turtle import RDF_TYPE, RDFS, SKOS, Statements
from kg.ontology.vocabulary import FOLDER, NAMESPACE


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
    is extracted from text, the evidence (plan, span_start, span_end, quote, rule). In RDF it is the property
    `predicate` and, where it has properties, a node of the class `statement` (local names)."""

    name: str
    zh: str
    en: str
    definition: str
    pairs: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...]
    predicate: str = ""
    statement: str = ""

    @property
    def extracted(self) -> bool:
        """Whether plans say it: each relationship belongs to one plan and bears its words."""
        return any(prop.name == "plan" for prop in self.properties)


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
    statements = Statements(path)
    text = statements.text

    def properties(subject: str) -> tuple[Property, ...]:
        found = []
        for value in statements.objects(subject, NAMESPACE + "property"):
            name, _, kind = value.value.partition(" ")
            if kind not in {"STRING", "INT64", "DOUBLE", "STRING[]"}:
                raise InputError(
                    f"{path.name}: property {value.value} of {subject} has no known type; write 'name TYPE'"
                )
            zh, en = text(NAMESPACE + name, RDFS + "label", "zh"), text(NAMESPACE + name, RDFS + "label", "en")
            if not zh or not en:
                raise InputError(f"{path.name}: property {name} of {subject} has no zh or en label; define kg:{name}")
            found.append(Property(name, kind, zh, en, text(NAMESPACE + name, SKOS + "definition", "en")))
        return tuple(found)

    common = properties(NAMESPACE + "Node")
    evidence = properties(NAMESPACE + "Evidenced")
    labels = tuple(
        NodeLabel(
            name=subject.removeprefix(NAMESPACE),
            zh=text(subject, RDFS + "label", "zh"),
            en=text(subject, RDFS + "label", "en"),
            definition=text(subject, SKOS + "definition", "en"),
            properties=common + properties(subject),
            colour=text(subject, NAMESPACE + "colour"),
            caption=text(subject, NAMESPACE + "caption"),
        )
        for subject in statements.subjects(NAMESPACE + "NodeLabel")
    )
    names = {label.name for label in labels}
    relationships = []
    for subject in statements.subjects(NAMESPACE + "RelationshipType"):
        pairs = []
        for value in statements.objects(subject, NAMESPACE + "pair"):
            tail, _, head = value.value.partition(" ")
            if tail not in names or head not in names:
                raise InputError(f"{path.name}: {subject} joins '{value.value}', not both labels; correct the pair")
            pairs.append((tail, head))
        extracted = any(kind.value == NAMESPACE + "Evidenced" for kind in statements.objects(subject, RDF_TYPE))
        stated = [
            one.value.removeprefix(NAMESPACE) for one in statements.objects(subject, NAMESPACE + "statementClass")
        ]
        own = properties(subject) + (evidence if extracted else ())
        if bool(own) != (len(stated) == 1):
            raise InputError(
                f"{path.name}: {subject} has properties and no statement class, or one without; correct it"
            )
        relationships.append(
            RelationshipType(
                name=text(subject, NAMESPACE + "type"),
                zh=text(subject, RDFS + "label", "zh"),
                en=text(subject, RDFS + "label", "en"),
                definition=text(subject, SKOS + "definition", "en"),
                pairs=tuple(pairs),
                properties=own,
                predicate=subject.removeprefix(NAMESPACE),
                statement=stated[0] if stated else "",
            )
        )
    return GraphSchema(labels, tuple(relationships))
