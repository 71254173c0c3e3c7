"""Files for `neo4j-admin database import full`, the quickest way to fill an empty database with a large graph."""

from __future__ import annotations

from pathlib import Path

from kg.store.base import Store


def to_neo4j_csv(store: Store, folder: str | Path) -> str:
    raise NotImplementedError
