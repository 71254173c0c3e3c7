"""The words of documents that loaders know, `kg/ontology/documents.ttl`, as patterns."""

from __future__ import annotations

import re
from functools import cache

from kg.ontology import lexicon

SCHEME = "documents"


def words(*concepts: str) -> str:
    """The source of a pattern that matches the longest word of the concepts at a place."""
    return lexicon.pattern(SCHEME, *concepts)


@cache
def spaced(*concepts: str) -> str:
    """`words` that may be set with space between their characters: `目  录`."""
    found = sorted(lexicon.words(SCHEME, *concepts), key=len, reverse=True)
    return "(?:" + "|".join(r"\s*".join(re.escape(char) for char in word) for word in found) + ")"


@cache
def wording(*concepts: str) -> re.Pattern[str]:
    """A pattern of nothing but `words`."""
    return re.compile(words(*concepts))
