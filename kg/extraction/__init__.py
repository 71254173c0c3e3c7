"""Extraction: from a Document to Facts, by rules and vocabularies.

The facts are frozen. What the rules hand each other on the way (mentions, sentences, drafts) is not, though nothing
changes it: a frozen dataclass takes four times as long to make, and a plan makes thousands.
"""

from kg.extraction.extracting import extract
from kg.extraction.facts import Facts

__all__ = ["Facts", "extract"]
