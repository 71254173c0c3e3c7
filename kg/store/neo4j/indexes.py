"""The constraints and indexes of the database, generated from the ontology."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ontology import schema

__all__ = ["FULL_TEXT", "statements"]

FULL_TEXT = ("kg_names", "kg_texts", "kg_quotes")
"""Full-text indexes: names and other names of things, texts of tasks and headings, quotes of relationships."""

# Filled in the background: commits do not wait for the words of 22,000 quotes.
_ANALYZER = "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk', `fulltext.eventually_consistent`: true}}"
_TEXTS = ("Task", "Section", "Target")
"""Labels whose names are sentences or headings rather than names."""


def statements() -> Iterator[str]:
    """Cypher statements that do nothing where the constraint or index is there; names come from the schema alone."""
    graph = schema()
    for label in graph.labels:
        yield (
            f"CREATE CONSTRAINT `kg_{label.name.lower()}_id` IF NOT EXISTS "
            f"FOR (n:`{label.name}`) REQUIRE n.id IS UNIQUE"
        )
    for name in ("Contribution", "LeftOut", "StoreInfo"):
        yield f"CREATE CONSTRAINT `kg_{name.lower()}_id` IF NOT EXISTS FOR (n:`{name}`) REQUIRE n.id IS UNIQUE"
    for key in ("plan", "node"):
        yield f"CREATE INDEX `kg_contribution_{key}` IF NOT EXISTS FOR (n:Contribution) ON (n.`{key}`)"
    evidenced = [one.name for one in graph.relationships if any(prop.name == "plan" for prop in one.properties)]
    for type_ in evidenced:
        yield f"CREATE INDEX `kg_{type_.lower()}_plan` IF NOT EXISTS FOR ()-[r:`{type_}`]-() ON (r.plan)"
    names = "|".join(f"`{label.name}`" for label in graph.labels if label.name not in _TEXTS)
    texts = "|".join(f"`{name}`" for name in _TEXTS)
    quotes = "|".join(f"`{type_}`" for type_ in evidenced)
    yield f"CREATE FULLTEXT INDEX kg_names IF NOT EXISTS FOR (n:{names}) ON EACH [n.name, n.aliases] {_ANALYZER}"
    yield (
        f"CREATE FULLTEXT INDEX kg_texts IF NOT EXISTS FOR (n:{texts}) "
        f"ON EACH [n.name, n.text, n.recovered_text] {_ANALYZER}"
    )
    yield f"CREATE FULLTEXT INDEX kg_quotes IF NOT EXISTS FOR ()-[r:{quotes}]-() ON EACH [r.quote] {_ANALYZER}"
