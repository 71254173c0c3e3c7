"""Extraction: from a Document to Facts, by rules and vocabularies."""

from kg.extraction.extracting import extract
from kg.extraction.facts import Facts

__all__ = ["Facts", "extract"]
