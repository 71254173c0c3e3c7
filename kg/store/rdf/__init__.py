"""The graph as RDF: writing, reading back, checking against the shapes.

The form stands in `docs/rdf.md`; classes and properties in `kg/ontology/classes.ttl`, shapes in
`kg/ontology/shapes.ttl`.
"""

from kg.store.rdf.checking import FINDING_COLUMNS, Finding, Report, check_dataset, check_file
from kg.store.rdf.importing import Imported, import_file
from kg.store.rdf.reading import dataset, is_rdf, load, read_plans
from kg.store.rdf.writing import FORMATS, write

__all__ = [
    "FINDING_COLUMNS",
    "FORMATS",
    "Finding",
    "Imported",
    "Report",
    "check_dataset",
    "check_file",
    "dataset",
    "import_file",
    "is_rdf",
    "load",
    "read_plans",
    "write",
]
