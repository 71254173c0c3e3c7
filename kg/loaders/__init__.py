"""Loaders: a file to a Document (clean text, offset map, sections, metadata, warnings)."""

from kg.loaders.cleaning import PASSES, clean, clean_with_map
from kg.loaders.document import Cell, Document, OffsetMap, PlanMetadata, Section, Table, Warning_
from kg.loaders.loading import load, load_text
from kg.loaders.text import MAX_SIZE, REASONS, read, register

__all__ = [
    "MAX_SIZE",
    "PASSES",
    "REASONS",
    "Cell",
    "Document",
    "OffsetMap",
    "PlanMetadata",
    "Section",
    "Table",
    "Warning_",
    "clean",
    "clean_with_map",
    "load",
    "load_text",
    "read",
    "register",
]
