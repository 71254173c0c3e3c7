"""The graph as RDF: writing, reading back, checking against the shapes.

The form stands in `docs/rdf.md`; classes and properties in `kg/ontology/classes.ttl`, shapes in
`kg/ontology/shapes.ttl`.
"""


from kg.store.rdf.reading import dataset, is_rdf, load, read_plans
from kg.store.rdf.writing import FORMATS, write

__all__ = [
    "FORMATS",
    "dataset",
    "is_rdf",
    "load",
    "read_plans",
    "write",
]
