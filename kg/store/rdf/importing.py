"""An RDF file as plans for a store: loaded, checked against the shapes, read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.errors import BadRdf
from kg.store.rdf.checking import check_dataset
from kg.store.rdf.reading import foreign_statements, load, read_plans, require_ours
from kg.store.rows import PlanRows

__all__ = ["Imported", "import_file"]


@dataclass(frozen=True, slots=True)
class Imported:
    """The plans of an RDF file, and warnings about what the graph does not hold."""

    plans: tuple[PlanRows, ...]
    warnings: tuple[str, ...]


def import_file(path: str | Path) -> Imported:
    """Read the plans of an RDF file that `kg export` wrote.

    Statements of other vocabularies are left, with a warning that counts them.

    Raises:
        UnreadableFile: missing or not readable.
        BadRdf: invalid (`invalid_rdf`), of other origin (`foreign_rdf`), against the shapes (`shape_violation`), or not
            as this project writes it (`bad_rdf`).
    """
    found = load(path)
    require_ours(found, str(path))
    report = check_dataset(found)
    if not report.conforms:
        first = report.findings[0].line().removeprefix("violation: ")
        more = f" (and {report.violations - 1} more)" if report.violations > 1 else ""
        raise BadRdf(f"{path}: violates the shapes: {first}{more}; see: kg check {path}", "shape_violation")
    plans = read_plans(found, str(path))
    foreign = foreign_statements(found)
    warnings = (f"foreign_statements: {foreign} statements of other vocabularies, which the graph does not hold",)
    return Imported(tuple(plans), warnings if foreign else ())
