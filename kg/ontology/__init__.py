"""The ontology: the single source for classes, relationship types, terms, colours and constraints.

`classes.ttl` defines the graph, the other Turtle files are SKOS vocabularies, one a file. Nothing is parsed before it
is asked for.
"""

from kg.ontology.departments import department, formerly
from kg.ontology.graph_schema import GraphSchema, NodeLabel, Property, RelationshipType, schema
from kg.ontology.vocabulary import NAMESPACE, Code, Concept, Vocabulary, load, schemes, vocabulary

__all__ = [
    "NAMESPACE",
    "Code",
    "Concept",
    "GraphSchema",
    "NodeLabel",
    "Property",
    "RelationshipType",
    "Vocabulary",
    "department",
    "formerly",
    "load",
    "schema",
    "schemes",
    "vocabulary",
]
