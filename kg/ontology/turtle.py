"""Turtle files read into a table of statements, in file order.

Parsed with pyoxigraph: the vocabularies are read in every process, and it does in a thirtieth of a second what takes
rdflib more than one (`docs/decisions/0001-turtle-parser.md`).
"""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg.errors import InputError

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"

Term = Literal | NamedNode | BlankNode


class Statements:
    """The statements of a Turtle file by subject and predicate (full IRIs), objects in file order."""

    def __init__(self, path: Path) -> None:
        """Raises InputError, one line, where the file is no valid Turtle."""
        self._rows: dict[str, dict[str, list[Term]]] = {}
        try:
            for triple in parse(path=str(path), format=RdfFormat.TURTLE):
                subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object
                self._rows.setdefault(subject, {}).setdefault(predicate, []).append(value)
        except (SyntaxError, OSError) as error:
            raise InputError(
                f"{path.name}: no valid Turtle: {' '.join(str(error).split())}; correct the file"
            ) from error

    def subjects(self, kind: str) -> list[str]:
        """The subjects of a class, in file order."""
        return [subject for subject, row in self._rows.items() if any(t.value == kind for t in row.get(RDF_TYPE, ()))]

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """The objects of a subject's predicate."""
        return self._rows.get(subject, {}).get(predicate, [])

    def row(self, subject: str) -> dict[str, list[Term]]:
        """All that is said of a subject, by predicate."""
        return self._rows.get(subject, {})

    def text(self, subject: str, predicate: str, language: str | None = None) -> str:
        """The first literal (of that language), empty where there is none."""
        for value in self.objects(subject, predicate):
            if isinstance(value, Literal) and (language is None or value.language == language):
                return str(value.value)
        return ""
