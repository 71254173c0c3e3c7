"""Loaders: a file to a Document (clean text, offset map, sections, metadata, warnings)."""

from kg.loaders.cleaning import PASSES, clean, clean_with_map
from kg.loaders.document import Cell, Document, HowRead, OffsetMap, PlanMetadata, Section, Table, Warning_
from kg.loaders.loading import load, load_text
from kg.loaders.positions import Position, Positions
from kg.loaders.text import MAX_PAGES, MAX_SIZE, REASONS, read

__all__ = [
    "MAX_PAGES",
    "MAX_SIZE",
    "PASSES",
    "REASONS",
    "Cell",
    "Document",
    "HowRead",
    "OffsetMap",
    "PlanMetadata",
    "Position",
    "Positions",
    "Section",
    "Table",
    "Warning_",
    "clean",
    "clean_with_map",
    "load",
    "load_text",
    "read",
]
