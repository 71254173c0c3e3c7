"""The questions: `.cypher` files that every store runs, and the Python that expands topics and shapes answers.

Each file's head comment holds the question in Chinese (`问`) and English (`Question`), the parameters and the columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Query", "queries", "query", "read_query"]

_FOLDER = Path(__file__).parent
_HEAD = re.compile(r"^// ?(问|Question|Parameters|Columns): *(.*)$")


@dataclass(frozen=True, slots=True)
class Query:
    """A saved query: `text` is Cypher, `parameters` maps a name to what it is, `columns` are in order."""

    name: str
    zh: str
    en: str
    parameters: dict[str, str]
    columns: tuple[str, ...]
    text: str


@cache
def query(name: str) -> Query:
    """The query `kg/queries/<name>.cypher`. KeyError where there is none."""
    path = _FOLDER / f"{name}.cypher"
    if not path.is_file():
        raise KeyError(f"no query {name!r}; there are: {', '.join(queries())}")
    return read_query(path)


def read_query(path: Path) -> Query:
    """The query of a `.cypher` file, named by the file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head: dict[str, list[str]] = {}
    current = ""
    body = next(number for number, line in enumerate(lines) if not line.startswith("//"))
    for line in lines[:body]:
        found = _HEAD.match(line)
        if found:
            current = found[1]
            head.setdefault(current, []).append(found[2])
        else:
            head.setdefault(current, []).append(line.removeprefix("//").strip())
    parameters = {}
    for line in head.get("Parameters", []):
        key, _, words = line.partition(": ")
        if key.startswith("$"):
            parameters[key[1:]] = words
    columns = tuple(name for name in re.split(r",\s*", " ".join(head.get("Columns", []))) if name)
    return Query(
        path.stem,
        " ".join(head["问"]),
        " ".join(head["Question"]),
        parameters,
        columns,
        "\n".join(lines[body:]).strip(),
    )


@cache
def queries() -> tuple[str, ...]:
    """The names of all queries, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.cypher")))
