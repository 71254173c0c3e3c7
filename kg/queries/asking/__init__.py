"""Plain questions: read by the patterns of the vocabulary `questions` into one of the queries, or declined."""

from kg.queries.asking.answers import Answer, ask

__all__ = ["Answer", "ask"]
