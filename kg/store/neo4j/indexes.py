"""The constraints and indexes of the database, generated from the ontology."""

from __future__ import annotations

from kg.ontology import schema

__all__ = ["FULL_TEXT", "statements"]

FULL_TEXT = ("kg_names", "kg_texts", "kg_quotes")
"""Full-text indexes: names and other names of things, texts of tasks and headings, quotes of relationships."""

# Filled in the background: commits do not wait for the words of 22,000 quotes.
_ANALYZER = "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk', `fulltext.eventually_consistent`: true}}"
_TEXTS = ("Task", "Section", "Target")
"""Labels whose names are sentences or headings rather than names."""


def statements() -> dict[str, str]:
    """Cypher statements by the name of the constraint or index that they make; all names come from the schema."""
    graph = schema()
    made: dict[str, str] = {}
    for label in (*(one.name for one in graph.labels), "Contribution", "LeftOut", "StoreInfo"):
        name = f"kg_{label.lower()}_id"
        made[name] = f"CREATE CONSTRAINT `{name}` IF NOT EXISTS FOR (n:`{label}`) REQUIRE n.id IS UNIQUE"
    for key in ("plan", "node"):
        name = f"kg_contribution_{key}"
        made[name] = f"CREATE INDEX `{name}` IF NOT EXISTS FOR (n:Contribution) ON (n.`{key}`)"
    evidenced = [one.name for one in graph.relationships if one.extracted]
    for type_ in evidenced:
        name = f"kg_{type_.lower()}_plan"
        made[name] = f"CREATE INDEX `{name}` IF NOT EXISTS FOR ()-[r:`{type_}`]-() ON (r.plan)"
    names = "|".join(f"`{label.name}`" for label in graph.labels if label.name not in _TEXTS)
    texts = "|".join(f"`{name}`" for name in _TEXTS)
    quotes = "|".join(f"`{type_}`" for type_ in evidenced)
    for name, what in zip(
        FULL_TEXT,
        (
            f"FOR (n:{names}) ON EACH [n.name, n.aliases]",
            f"FOR (n:{texts}) ON EACH [n.name, n.text, n.recovered_text]",
            f"FOR ()-[r:{quotes}]-() ON EACH [r.quote]",
        ),
        strict=True,
    ):
        made[name] = f"CREATE FULLTEXT INDEX `{name}` IF NOT EXISTS {what} {_ANALYZER}"
    return made
