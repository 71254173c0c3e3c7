"""From RDF back to the graph.

Only what `kg.store.rdf.writing` writes is read. What is read is written again in memory and compared with the file, so
that nothing in it is misread or passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import BadRdf, InputError, UnreadableFile
from kg.ontology import NAMESPACE, Property, schema
from kg.ontology.graph_schema import RelationshipType
from kg.store.rdf import writing
from kg.store.rdf.terms import IDS, PREFIXES, id_of, kg_term, node_iri, term, value_of
from kg.store.rows import OWN_LABELS, PlanRows, merge

if TYPE_CHECKING:
    from kg.store.base import Contribution

__all__ = ["FORMATS", "Rows", "dataset", "is_rdf", "load", "read_plans", "read_rows"]

FORMATS = writing.FORMATS

_SUFFIXES = {f".{name}": kind for name, kind in FORMATS.items()} | {
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".n3": RdfFormat.N3,
}
_HEADS = (b"@prefix", b"PREFIX ", b"@base", b"BASE ", b"<http://", b"<https://")

Row = dict[str, Any]


def is_rdf(path: str | Path) -> bool:
    """Whether a file is RDF, as its suffix or its first characters tell."""
    file = Path(path)
    if file.suffix.lower() in _SUFFIXES:
        return True
    try:
        with file.open("rb") as opened:
            return opened.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_HEADS)
    except OSError:
        return False


def load(path: str | Path) -> Store:
    """All statements of an RDF file, those of named graphs too, in the default graph of an Oxigraph store.

    Raises:
        UnreadableFile: missing or not readable.
        BadRdf: no valid RDF of its format (`invalid_rdf`).
    """
    file = Path(path)
    kind = _SUFFIXES.get(file.suffix.lower(), RdfFormat.TURTLE)
    try:
        with file.open("rb") as opened:
            found = parse(opened, kind, base_iri=f"{NAMESPACE}file/")
            store = Store()
            store.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in found)
    except SyntaxError as error:
        words = " ".join(str(error).split())
        raise BadRdf(f"{file}: no valid {kind.name}: {words}; correct the file", "invalid_rdf") from error
    except OSError as error:
        reason = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
        raise UnreadableFile(f"{file}: cannot be read ({error.strerror}); check the path", reason) from error
    return store


def dataset(store: writing.Source) -> Store:
    """The graph of a store as an Oxigraph store; all statements in the default graph."""
    made = Store()
    made.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in writing.store_quads(store))
    return made


def require_ours(found: Store, name: str) -> None:
    """Raise BadRdf (`foreign_rdf`) unless `kg export` wrote this, in the version that this program reads."""
    versions = sorted(getattr(one.object, "value", "") for one in _all(found, kg_term("graph"), kg_term("format")))
    if not versions:
        message = f"{name}: RDF, but not a graph of plans as `kg export` writes it; name such a file, or plans"
        raise BadRdf(message, "foreign_rdf")
    if versions != [writing.RDF_FORMAT]:
        found_, own = ", ".join(versions), writing.RDF_FORMAT
        raise BadRdf(f"{name}: has RDF format {found_}, this version reads {own}; export it anew", "foreign_rdf")


def _all(found: Store, subject: Any, predicate: Any, value: Any = None) -> Iterator[Quad]:
    return found.quads_for_pattern(subject, predicate, value)


@dataclass(slots=True)
class Rows:
    """A graph read from RDF, in the form that a store gives: nodes, what each plan says of which, relationships."""

    nodes: list[Row] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    relationships: list[Row] = field(default_factory=list)


def read_rows(found: Store, name: str) -> Rows:
    """Read nodes, contributions and relationships.

    Args:
        found: the statements.
        name: how messages call the file.

    Raises:
        BadRdf: not written by this project, or something in it is not as this project writes it; the message names the first case.
    """
    require_ours(found, name)
    return _Reader(found, name).rows()


@dataclass(slots=True)
class _Reader:
    found: Store
    name: str
    labels: dict[str, str] = field(default_factory=dict)

    def rows(self) -> Rows:
        made = Rows()
        graph = schema()
        for label in graph.labels:
            for here in self._of_class(label.name):
                row = self._row(here, label.properties, {"label": label.name})
                if row["id"] != self._id(here) or row["name"] is None:
                    raise self._wrong(here, "its kg:id is not that of its IRI, or it has no kg:name")
                if row["id"] in self.labels:
                    raise self._wrong(here, f"it is of two classes, {self.labels[row['id']]} and {label.name}")
                self.labels[row["id"]] = label.name
                made.nodes.append(row)
        own = {label for label in OWN_LABELS if label != "Plan"}
        for node in made.nodes:
            if node["label"] in own:
                made.contributions.append((self._plan(node_iri(node["id"])), node["label"], node["id"], None))
        for here in self._of_class("Description"):
            described = self._id(self._one(here, kg_term("describes")))
            name = self.labels.get(described)
            if name is None or name in OWN_LABELS:
                raise self._wrong(here, "it describes no node that plans share")
            row = self._row(here, graph.label(name).properties, {"id": described, "label": name})
            made.contributions.append((self._plan(here), name, described, row))
        for type_ in graph.relationships:
            made.relationships.extend(self._statements(type_) if type_.properties else self._plain(type_))
        self._compare(made)
        return made

    # terms

    def _wrong(self, here: Any, what: str) -> BadRdf:
        return BadRdf(f"{self.name}: {_short(here)}: {what}; correct it, or export the graph anew")

    def _id(self, iri: Any) -> str:
        try:
            if isinstance(iri, NamedNode):
                return id_of(iri.value)
        except ValueError:
            pass
        raise self._wrong(iri, f"no IRI below {IDS}")

    def _of_class(self, name: str) -> list[Any]:
        subjects = [one.subject for one in _all(self.found, None, term("rdf:type"), kg_term(name))]
        return sorted(subjects, key=str)

    def _objects(self, here: Any, predicate: NamedNode) -> list[Any]:
        return [one.object for one in _all(self.found, here, predicate)]

    def _one(self, here: Any, predicate: NamedNode) -> Any:
        found = self._objects(here, predicate)
        if len(found) != 1:
            raise self._wrong(here, f"it has {len(found)} values of {_short(predicate)}, not one")
        return found[0]

    def _plan(self, here: Any) -> str:
        plan = self._id(self._one(here, term("prov:wasDerivedFrom")))
        if self.labels.get(plan) != "Plan":
            raise self._wrong(here, f"it is derived from {plan}, which is no plan here")
        return plan

    def _row(self, here: Any, properties: Iterable[Property], fixed: Row) -> Row:
        said: dict[str, list[Any]] = {}
        for one in _all(self.found, here, None):
            said.setdefault(one.predicate.value, []).append(one.object)
        row: Row = {}
        for prop in properties:
            if prop.name in fixed:
                row[prop.name] = fixed[prop.name]
                continue
            try:
                values = [value_of(value, prop.type) for value in said.get(NAMESPACE + prop.name, ())]
            except InputError as error:
                raise self._wrong(here, f"kg:{prop.name}: {error}") from error
            if prop.type.endswith("[]"):
                row[prop.name] = sorted(values)
            elif len(values) > 1:
                raise self._wrong(here, f"it has {len(values)} values of kg:{prop.name}, not one")
            else:
                row[prop.name] = values[0] if values else None
        return row

    # relationships

    def _ends(self, type_: RelationshipType, here: Any, source: Any, target: Any) -> Row:
        ends = self._id(source), self._id(target)
        for end in ends:
            if end not in self.labels:
                raise self._wrong(here, f"{end} is no node of this file")
        pair = self.labels[ends[0]], self.labels[ends[1]]
        if pair not in type_.pairs:
            raise self._wrong(here, f"{type_.name} does not join {pair[0]} to {pair[1]}")
        return {
            "type": type_.name,
            "source": ends[0],
            "source_label": pair[0],
            "target": ends[1],
            "target_label": pair[1],
        }

    def _plain(self, type_: RelationshipType) -> Iterator[Row]:
        for one in _all(self.found, None, kg_term(type_.predicate)):
            yield self._ends(type_, one.subject, one.subject, one.object)

    def _statements(self, type_: RelationshipType) -> Iterator[Row]:
        evidence = {"plan", "span_start", "span_end", "quote"}
        for here in self._of_class(type_.statement):
            row = self._ends(type_, here, self._one(here, term("rdf:subject")), self._one(here, term("rdf:object")))
            values = self._row(here, type_.properties, dict.fromkeys(evidence))
            if self._objects(here, term("prov:wasDerivedFrom")):
                values["plan"] = self._plan(here)
            if self._objects(here, term("oa:hasTarget")):
                values.update(self._span(self._one(here, term("oa:hasTarget"))))
            yield row | values

    def _span(self, here: Any) -> Row:
        row: Row = {}
        for selector in self._objects(here, term("oa:hasSelector")):
            for predicate, key, kind in (
                ("oa:start", "span_start", "INT64"),
                ("oa:end", "span_end", "INT64"),
                ("oa:exact", "quote", "STRING"),
            ):
                for value in self._objects(selector, term(predicate)):
                    if key in row:
                        raise self._wrong(here, f"it has two values of {predicate}")
                    try:
                        row[key] = value_of(value, kind)
                    except InputError as error:
                        raise self._wrong(here, f"{predicate}: {error}") from error
        return row

    # the proof

    def _compare(self, made: Rows) -> None:
        """Write what was read and compare; other vocabularies may say more of a node, the project's own may not."""
        again = Store()  # a store, not a set: it brings numbers into one form, as it did those of the file
        statements = writing.quads(made.nodes, made.contributions, made.relationships)
        again.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in statements)
        wrong = [one for one in _all(self.found, None, None) if one not in again and _ours(one)]
        if wrong:
            raise BadRdf(
                f"{self.name}: a statement that stands alone or contradicts others: {_first(wrong)}; "
                "correct it, or export the graph anew"
            )
        missing = [one for one in _all(again, None, None) if one not in self.found]
        if missing:
            raise BadRdf(f"{self.name}: a statement is missing: {_first(missing)}; add it, or export the graph anew")


def _first(found: Sequence[Quad]) -> str:
    """The first of some statements, and how many more there are."""
    texts = sorted(f"{_short(one.subject)} {_short(one.predicate)} {_short(one.object)}" for one in found)
    return texts[0] + (f" (and {len(texts) - 1} more)" if len(texts) > 1 else "")


def foreign_statements(found: Store) -> int:
    """How many statements are in other vocabularies, which the graph does not hold."""
    return sum(not _ours(one) for one in found)


_WRITTEN = frozenset(
    term(name).value
    for name in (
        "rdf:subject rdf:predicate rdf:object prov:wasDerivedFrom oa:hasTarget oa:hasSource oa:hasSelector oa:start "
        "oa:end oa:exact skos:notation skos:exactMatch rdfs:label dcterms:conformsTo"
    ).split()
)


def _ours(one: Quad) -> bool:
    """Whether a statement is of the kinds that this project writes."""
    subject, predicate = one.subject, one.predicate.value
    if not isinstance(subject, NamedNode) or not subject.value.startswith((IDS, NAMESPACE + "graph")):
        return predicate.startswith(NAMESPACE) or (
            predicate == term("rdf:type").value and getattr(one.object, "value", "").startswith(NAMESPACE)
        )
    return predicate in _WRITTEN or predicate.startswith(NAMESPACE) or predicate == term("rdf:type").value


def _short(value: Any) -> str:
    if isinstance(value, NamedNode):
        for prefix in ("id", "kg", "rdf", "rdfs", "prov", "oa", "skos", "dcterms"):
            if value.value.startswith(PREFIXES[prefix]):
                return f"{prefix}:{value.value[len(PREFIXES[prefix]) :]}"
    text = " ".join(str(value).split()) if not isinstance(value, Literal) else repr(value.value)
    return text if len(text) <= 80 else text[:79] + "…"


def read_plans(found: Store, name: str) -> list[PlanRows]:
    """The plans of a graph as the rows that a store takes; putting them into an empty store gives the same graph.

    Raises:
        BadRdf: as `read_rows`; or a node or relationship rests on no plan, or a shared node is not what
            its descriptions say.
    """
    return plans_of(read_rows(found, name), name)


def plans_of(rows: Rows, name: str) -> list[PlanRows]:
    """See `read_plans`."""
    by_id = {node["id"]: node for node in rows.nodes}
    plans: dict[str, _Plan] = {
        node["id"]: _Plan(node["source"] or name) for node in rows.nodes if node["label"] == "Plan"
    }
    if not plans:
        raise BadRdf(f"{name}: holds no plan; export a graph that holds one")
    said: dict[str, list[Row]] = {}
    holders: dict[str, set[str]] = {}
    for plan, label, identifier, words in rows.contributions:
        if words is None:
            plans[plan].own.setdefault(label, []).append(by_id[identifier])
        else:
            plans[plan].shared.setdefault(label, []).append(dict(words))
            said.setdefault(identifier, []).append(dict(words))
        holders.setdefault(identifier, set()).add(plan)
    for node in rows.nodes:
        if node["label"] == "Plan":
            plans[node["id"]].own["Plan"] = [node]
        elif node["label"] not in OWN_LABELS:
            if node["id"] not in said:
                raise BadRdf(f"{name}: id:{node['id']}: no plan describes it; add a kg:Description or take it out")
            merged = merge(said[node["id"]])
            for key, value in node.items():
                if merged[key] != value:
                    raise BadRdf(
                        f"{name}: id:{node['id']}: its {key} is {value!r}, its descriptions say {merged[key]!r}; "
                        "correct the descriptions and the node alike"
                    )
    for edge in rows.relationships:
        kind = edge["type"], edge["source_label"], edge["target_label"]
        ends = {"source": edge["source"], "target": edge["target"]}
        passed = {"type", "source_label", "target_label", *ends}
        row = {key: value for key, value in edge.items() if key not in passed} | ends
        if "plan" in row:
            both = {row["plan"]} - {None}
        else:
            both = holders.get(edge["source"], set()) & holders.get(edge["target"], set())
        if not both:
            what = f"{edge['source']} {edge['type']} {edge['target']}"
            raise BadRdf(f"{name}: {what}: rests on no plan, or on none that holds both ends; name its plan")
        for one in sorted(both):
            plans[one].edges.setdefault(kind, []).append(row)
    return [
        PlanRows(identifier, plan.source, plan.own, plan.shared, plan.edges)
        for identifier, plan in sorted(plans.items())
    ]


@dataclass(slots=True)
class _Plan:
    source: str
    own: dict[str, list[Row]] = field(default_factory=dict)
    shared: dict[str, list[Row]] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)
