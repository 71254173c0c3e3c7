"""SPARQL over the graph, with Oxigraph; and the saved `.rq` files, the twins of the `.cypher` ones.

The graph stands in the default graph, each vocabulary in a graph of its own (`GRAPH <…/emergency-plans/hazards> {…}`). A
parameter `$name` of a saved query is its line `VALUES ?name { … }`, so that the file also runs as it is on any other
engine; a value that is given takes the place of what stands between the braces, written by the RDF library. A column
that the head names under `Lists` holds values joined by U+001F, which become a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryBoolean, QueryTriples, RdfFormat, parse

from kg.errors import UsageError
from kg.ontology import NAMESPACE, schemes
from kg.ontology.vocabulary import FOLDER as ONTOLOGY
from kg.store.rdf import dataset
from kg.store.rdf.terms import IDS, PREFIXES, id_of, literal, term

if TYPE_CHECKING:
    import pandas
    from pyoxigraph import Store as Dataset

    from kg.store.base import Store

__all__ = ["prepare", "saved", "saved_queries", "select", "sparql", "with_vocabularies"]

_FOLDER = Path(__file__).parent
_LISTS = re.compile(r"^# ?Lists: *(.*)$", re.MULTILINE)
_NUMBERS = frozenset(f"{PREFIXES['xsd']}{name}" for name in ("double", "float", "decimal"))
_JOIN = "\x1f"


@cache
def saved(name: str) -> str:
    """The text of `kg/queries/<name>.rq`. KeyError where there is none."""
    path = _FOLDER / f"{name}.rq"
    if not path.is_file():
        raise KeyError(f"no SPARQL query {name!r}; there are: {', '.join(saved_queries())}")
    return path.read_text(encoding="utf-8")


@cache
def saved_queries() -> tuple[str, ...]:
    """The names of all saved queries, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.rq")))


def sparql(store: Store, query: str | Path, parameters: Mapping[str, Any] | None = None) -> pandas.DataFrame:
    """See `kg.graph.Graph.sparql`."""
    from kg.queries.frames import table

    text = prepare(read_query(query), parameters)
    columns, rows = select(with_vocabularies(dataset(store)), text)
    return table(rows, columns)


def read_query(query: str | Path) -> str:
    """The query itself: text, the path of an `.rq` file, or the name of a saved query.

    Raises UsageError where a file is named that is not there.
    """
    words = str(query)
    if words in saved_queries():
        return saved(words)
    if words.endswith(".rq") and "\n" not in words:
        path = Path(words)
        if not path.is_file():
            raise UsageError(f"{path}: no such file; saved queries are: {', '.join(saved_queries())}")
        return path.read_text(encoding="utf-8-sig")
    return words


def prepare(text: str, parameters: Mapping[str, Any] | None = None) -> str:
    """Put values between the braces of `VALUES ?name { … }`.

    Args:
        text: the query.
        parameters: a value or a list of values by name; text, numbers, true and false.

    Raises:
        UsageError: the query has no such parameter, a list is empty, or a value is none of these.

    >>> prepare('VALUES ?word { "a" } ?t kg:text ?word', {"word": ['"}', "防汛"]})
    'VALUES ?word { "\\\\"}" "防汛" } ?t kg:text ?word'
    """
    for name, given in (parameters or {}).items():
        values = given if isinstance(given, list | tuple) else [given]
        block = re.compile(rf'\bVALUES\s*\?{re.escape(name)}\s*\{{(?:[^}}"]|"(?:[^"\\]|\\.)*")*\}}')
        if not block.search(text):
            raise UsageError(f"the query has no parameter {name!r}: no VALUES ?{name} {{ … }} in it")
        if not values:
            raise UsageError(f"parameter {name!r} is an empty list; give a value")
        terms = " ".join(str(_term(name, value)) for value in values)
        text = f"VALUES ?{name} {{ {terms} }}".join(block.split(text))
    return text


def _term(name: str, value: Any) -> Literal:
    if isinstance(value, bool):
        return Literal("true" if value else "false", datatype=term("xsd:boolean"))
    if isinstance(value, str):
        return literal(value, "STRING")
    if isinstance(value, int | float):
        return literal(value, "INT64" if isinstance(value, int) else "DOUBLE")
    raise UsageError(f"parameter {name!r}: {value!r} is neither text nor a number")


def with_vocabularies(data: Dataset) -> Dataset:
    """Add the classes and each vocabulary as a named graph `<NAMESPACE><scheme>`."""
    for name in ("classes", *schemes()):
        graph = NamedNode(f"{NAMESPACE}{name}")
        found = parse(path=str(ONTOLOGY / f"{name}.ttl"), format=RdfFormat.TURTLE)
        data.bulk_extend(Quad(one.subject, one.predicate, one.object, graph) for one in found)
    return data


def select(data: Dataset, text: str) -> tuple[list[str], list[list[Any]]]:
    """Run a query: its columns and rows as Python values. ASK gives one row `answer`, CONSTRUCT and DESCRIBE rows of
    `subject, predicate, object`.

    Raises:
        UsageError: the query cannot be read or run, with the engine's words.
    """
    try:
        found = data.query(text, prefixes=PREFIXES)
        if isinstance(found, QueryBoolean):
            return ["answer"], [[bool(found)]]
        if isinstance(found, QueryTriples):
            names = ["subject", "predicate", "object"]
            return names, [[_value(one.subject), _value(one.predicate), _value(one.object)] for one in found]
        columns = [variable.value for variable in found.variables]
        lists = _lists(text)
        rows = [[_cell(one[number], name in lists) for number, name in enumerate(columns)] for one in found]
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise UsageError(f"the query cannot be run: {' '.join(str(error).split())}") from error
    return columns, rows


def _lists(text: str) -> frozenset[str]:
    found: Sequence[str] = _LISTS.findall(text)
    return frozenset(name for line in found for name in re.split(r",\s*", line.strip()))


def _cell(value: Any, is_list: bool) -> Any:
    if not is_list:
        return _value(value)
    joined = "" if value is None else str(value.value)
    return _sorted(joined.split(_JOIN)) if joined else []


def _sorted(values: Iterable[str]) -> list[str]:
    return sorted(set(values))


def _value(value: Any) -> Any:
    """A Python value: ids for the graph's own IRIs, numbers for numbers."""
    if value is None:
        return None
    if isinstance(value, NamedNode):
        return id_of(value.value) if value.value.startswith(IDS) else value.value
    if isinstance(value, BlankNode):
        return f"_:{value.value}"
    if not isinstance(value, Literal):
        return str(value)
    kind = value.datatype.value
    if kind == f"{PREFIXES['xsd']}integer":
        return int(value.value)
    if kind in _NUMBERS:
        return float(value.value)
    if kind == f"{PREFIXES['xsd']}boolean":
        return value.value in ("true", "1")
    return value.value
