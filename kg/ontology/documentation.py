"""The page `docs/ontology.md`, generated from the Turtle files.

    python -m kg.ontology.documentation [FILE]

writes it (to `docs/ontology.md` of the checkout where no file is named); a test compares the page in the repository
with `page()`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.ontology.graph_schema import Property, schema
from kg.ontology.vocabulary import FOLDER, NAMESPACE, Concept, Vocabulary, schemes, vocabulary

PAGE = Path(__file__).parents[2] / "docs" / "ontology.md"

FAMILIES = {
    "Organisations": ("Agency", "Committee", "Group"),
    "Resources": ("Team", "Supply", "Facility", "System"),
}
"""Labels that the diagram draws in one box: a relationship that joins most of a family joins the box."""

_ORDER = (
    "hazards",
    "elements",
    "articles",
    "supplies",
    "teams",
    "facilities",
    "systems",
    "bodies",
    "agencies",
    "roles",
)


def page() -> str:
    """The whole page as Markdown."""
    parts = [
        "# The ontology",
        "This page is generated from `kg/ontology/*.ttl` by `make docs`; do not edit it. "
        f"All terms of the project stand below `{NAMESPACE}`.",
        "## The graph",
        _diagram(),
        "Every node has `id`, `name` and `label`. `MENTIONS` (from a section to any entity) is not drawn.",
        "### Node labels",
        _labels(),
        "### Relationship types",
        "Every relationship that is extracted from a text also has "
        f"{_evidence()}: the plan, the span in its source text in code points, the words and the rule.",
        _relationships(),
        "### Properties",
        _properties(),
        "## Shapes",
        "What `kg check` demands of a graph in RDF ([rdf.md](rdf.md)). A violation means that the graph is wrong, a warning "
        "that the plan may lack something.",
        _shapes(),
        "## Vocabularies",
        "Each is a SKOS concept scheme in a file of its own. The words by which rules find a concept in plans are its "
        "`skos:altLabel` and `kg:` properties: a word added there is found without a change of code.",
        _schemes(),
        "### Properties of concepts",
        "Beside those of SKOS. To add a word, add it to the `skos:altLabel` of its concept, or to one of these lists.",
        _concept_properties(),
        "### Hazards",
        "Extraction records the hazards in plain type; one in *italics* stands for those after the arrow or for none.",
        "Codes are typed; several codes of one system: the hazard covers these types together. Those with `?` are "
        "remembered and nobody has read the table of the standard yet.",
        _hazards(),
        "### Elements of plans",
        "What a plan should hold, and the articles that ask for it. For a plan issued before the date, or undated, the "
        "element is expected, not a must. Articles with `?` could not be checked; no answer cites them.",
        _elements(),
        "### Coordinating bodies",
        _bodies(),
        "### Kinds of teams and supplies",
        _kinds(vocabulary("teams")),
        _kinds(vocabulary("supplies")),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _collapsed(labels: Iterable[str]) -> list[str]:
    """Labels, with a family in place of its members where most of them are there."""
    left = list(dict.fromkeys(labels))
    ends = []
    for family, members in FAMILIES.items():
        if len(set(members) & set(left)) > len(members) / 2:
            ends.append(family)
            left = [label for label in left if label not in members]
    return [*ends, *left]


def _ink(colour: str) -> str:
    """Black or white, whichever is easier to read on a colour `#rrggbb`."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#fff"


def _diagram() -> str:
    graph = schema()
    lines = ["```mermaid", "flowchart LR"]
    placed = {label for members in FAMILIES.values() for label in members}
    for family, members in FAMILIES.items():
        lines.append(f"  subgraph {family}")
        lines += [f'    {name}["{name}<br/>{graph.label(name).zh}"]' for name in members]
        lines.append("  end")
    lines += [f'  {label.name}["{label.name}<br/>{label.zh}"]' for label in graph.labels if label.name not in placed]
    arrows: dict[tuple[str, str], list[str]] = {}
    for relationship in graph.relationships:
        if relationship.name == "MENTIONS":
            continue
        for tail in _collapsed(pair[0] for pair in relationship.pairs):
            heads = (head for start, head in relationship.pairs if start == tail or start in FAMILIES.get(tail, ()))
            for head in _collapsed(heads):
                arrows.setdefault((tail, head), []).append(relationship.name)
    lines += [f'  {tail} -->|"{"<br/>".join(names)}"| {head}' for (tail, head), names in arrows.items()]
    lines += [f"  style {label.name} fill:{label.colour},color:{_ink(label.colour)}" for label in graph.labels]
    return "\n".join([*lines, "```"])


def _alignments() -> dict[str, str]:
    """What each class and property is aligned to, in prefixed names."""
    from rdflib import RDFS, SKOS, Graph, URIRef

    graph = Graph().parse(FOLDER / "classes.ttl", format="turtle")
    found: dict[str, str] = {}
    for subject in set(graph.subjects()):
        names = {
            f"{graph.namespace_manager.qname(str(other))}{'' if predicate != SKOS.closeMatch else ' (close)'}"
            for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch)
            for other in graph.objects(subject, predicate)
            if isinstance(other, URIRef) and not str(other).startswith(NAMESPACE)
        }
        found[str(subject).removeprefix(NAMESPACE)] = ", ".join(sorted(names))
    return found


def _labels() -> str:
    aligned = _alignments()
    return _table(
        ("label", "Chinese", "what it is", "own properties", "aligned to"),
        (
            (
                f"`{label.name}`",
                label.zh,
                label.definition,
                ", ".join(f"{own.name} ({own.type})" for own in label.properties[3:]),
                aligned.get(label.name, ""),
            )
            for label in schema().labels
        ),
    )


def _evidence() -> str:
    return ", ".join(f"`{own.name}`" for own in schema().relationship("CITES").properties)


def _relationships() -> str:
    aligned = _alignments()
    common = {own.name for own in schema().relationship("CITES").properties}
    return _table(
        ("type", "Chinese", "from", "to", "what it says", "own properties", "in RDF", "aligned to"),
        (
            (
                f"`{relationship.name}`",
                relationship.zh,
                ", ".join(dict.fromkeys(tail for tail, _ in relationship.pairs)),
                ", ".join(dict.fromkeys(head for _, head in relationship.pairs)),
                relationship.definition,
                ", ".join(f"{own.name} ({own.type})" for own in relationship.properties if own.name not in common),
                f"`kg:{relationship.predicate}`"
                + (f", `kg:{relationship.statement}`" if relationship.statement else ""),
                aligned.get(relationship.predicate, ""),
            )
            for relationship in schema().relationships
        ),
    )


def _properties() -> str:
    holders: dict[str, list[str]] = {}
    known: dict[str, list[Property]] = {}
    owners = [(label.name, label.properties) for label in schema().labels]
    owners += [(relationship.name, relationship.properties) for relationship in schema().relationships]
    for holder, properties in owners:
        for own in properties:
            holders.setdefault(own.name, []).append(holder)
            known.setdefault(own.name, []).append(own)
    aligned = _alignments()

    def of(names: list[str]) -> str:
        return ", ".join(names) if len(names) < 8 else "all nodes" if names[0] == "Plan" else "all that are extracted"

    return _table(
        ("property", "Chinese", "type", "of", "what it is", "aligned to"),
        (
            (
                f"`{name}`",
                same[0].zh,
                ", ".join(dict.fromkeys(own.type for own in same)),
                of(holders[name]),
                same[0].definition,
                aligned.get(name, ""),
            )
            for name, same in known.items()
        ),
    )


def _shapes() -> str:
    from rdflib import RDF, RDFS, Graph, URIRef
    from rdflib.namespace import SH

    graph = Graph().parse(FOLDER / "shapes.ttl", format="turtle")
    rows = []
    for shape in graph.subjects(RDF.type, SH.NodeShape):
        if not isinstance(shape, URIRef):
            continue
        labels = {str(label.language): str(label) for label in graph.objects(shape, RDFS.label)}  # type: ignore[attr-defined]
        parts = [shape, *graph.objects(shape, SH.property), *graph.objects(shape, SH.sparql)]
        demands = dict.fromkeys(str(message) for part in parts for message in graph.objects(part, SH.message))
        severity = "warning" if graph.value(shape, SH.severity) == SH.Warning else "violation"
        name = str(shape).removeprefix(NAMESPACE)
        rows.append((f"`{name}`", labels["zh"], severity, "; ".join(demands)))
    return _table(("shape", "Chinese", "severity", "what it says"), rows)


def _source(scheme: str) -> str:
    from rdflib import DCTERMS, Graph, URIRef

    graph = Graph().parse(FOLDER / f"{scheme}.ttl", format="turtle")
    return ", ".join(str(value) for value in graph.objects(URIRef(f"{NAMESPACE}{scheme}"), DCTERMS.source))


def _schemes() -> str:
    names = [*(name for name in _ORDER if name in schemes()), *(name for name in schemes() if name not in _ORDER)]
    rows = []
    for name in names:
        found = vocabulary(name)
        unverified = sum(concept.unverified for concept in found)
        row = (f"`{name}`", found.label, found.english, str(len(found)), str(unverified or ""), _source(name))
        rows.append(row)
    return _table(("scheme", "Chinese", "English", "concepts", "with unverified statements", "source"), rows)


def _concept_properties() -> str:
    from rdflib import OWL, RDF, RDFS, SKOS, Graph

    classes = Graph().parse(FOLDER / "classes.ttl", format="turtle")
    used: dict[str, list[str]] = {}
    for name in schemes():
        graph = Graph().parse(FOLDER / f"{name}.ttl", format="turtle")
        for predicate in sorted({str(one) for one in graph.predicates()}):
            used.setdefault(predicate, []).append(name)
    rows = []
    for term in classes.subjects(RDF.type, OWL.AnnotationProperty):
        labels = {str(label.language): str(label) for label in classes.objects(term, RDFS.label)}  # type: ignore[attr-defined]
        definition = ". ".join(str(value) for value in classes.objects(term, SKOS.definition))
        if str(term) in used and definition:
            name = str(term).removeprefix(NAMESPACE)
            rows.append((f"`kg:{name}`", labels["zh"], definition, ", ".join(used[str(term)])))
    return _table(("property", "Chinese", "what it holds", "used in"), rows)


def _hazards() -> str:
    hazards = vocabulary("hazards")

    def codes(concept: Concept) -> str:
        return ", ".join(f"{code.scheme} {code.code}{'' if code.verified else '?'}" for code in concept.codes)

    def line(concept: Concept, depth: int) -> list[str]:
        emitted = hazards.emitted(concept.id)
        name = concept.label
        if emitted != (concept,):
            name = f"*{name}*" + (f" → {'、'.join(other.label for other in emitted)}" if emitted else "")
        known = f" ({codes(concept)})" if concept.codes else ""
        lines = [f"{'  ' * depth}- {name}, {concept.english}{known}"]
        for child in hazards.children(concept.id):
            lines += line(child, depth + 1)
        return lines

    return "\n".join(text for concept in hazards if not concept.broader for text in line(concept, 0))


def _elements() -> str:
    articles = vocabulary("articles")

    def demand(concept: Concept) -> str:
        return "; ".join(f"{kind}: {name}" for name in ("must", "should", "expected") for kind in concept.all(name))

    def basis(concept: Concept) -> str:
        found = [articles[one] for one in concept.all("askedForBy")]
        return ", ".join(f"{article.label}{'?' if article.unverified else ''}" for article in found)

    return _table(
        ("id", "element", "English", "asked for by", "in force from", "demand"),
        (
            (
                concept.id,
                concept.label,
                concept.english,
                basis(concept),
                ", ".join(concept.all("inForceFrom")),
                demand(concept),
            )
            for concept in vocabulary("elements")
        ),
    )


def _bodies() -> str:
    hazards, bodies = vocabulary("hazards"), vocabulary("bodies")
    return _table(
        ("body", "English", "other names", "its office", "for", "renamed to"),
        (
            (
                f"{concept.label}{'?' if concept.unverified else ''}",
                concept.english,
                "、".join(form for form in concept.forms[:5] if form != concept.label),
                "、".join(concept.all("officeForm")[:3]),
                "、".join(hazards[one].label for one in concept.all("hazard") if one in hazards),
                "、".join(bodies[one].label for one in concept.all("renamedTo")),
            )
            for concept in bodies
        ),
    )


def _kinds(found: Vocabulary) -> str:
    lines = [f"{found.label} ({found.english}):", ""]
    for concept in found:
        if concept.forms and not concept.broader:
            below = "、".join(child.label for child in found.children(concept.id))
            lines.append(f"- {concept.label}, {concept.english}{': ' + below if below else ''}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Write the page to the file named, else to `PAGE`."""
    if len(arguments) > 1:
        print("usage: python -m kg.ontology.documentation [FILE]", file=sys.stderr)
        return 2
    path = Path(arguments[0]) if arguments else PAGE
    path.write_text(page(), encoding="utf-8", newline="\n")
    print(path, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
