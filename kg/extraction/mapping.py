"""What columns of tables hold, as a user settles it in a small YAML file, for heads that the vocabulary does not know.

    columns:
      物品: supply          # the words of the head: what it holds
      片区负责单位: manager
      内部编号: ignore      # not read, and not reported

What a column may hold are the kinds of `kg/ontology/tables.ttl`, by their names: `task`, `lead`, `responsible`, `support`,
`deadline`, `duty`, `unit`, `team`, `people`, `equipment`, `supply`, `facility`, `quantity`, `unit-of-measure`, `place`,
`manager`, …
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.errors import UnreadableFile, UsageError

IGNORE = "ignore"
"""The kind of a column that is left out on purpose."""


def kinds() -> list[str]:
    """The names of all that a column may hold."""
    from kg.extraction.columns import SCHEME
    from kg.ontology import vocabulary

    return sorted({concept.id for concept in vocabulary(SCHEME) if concept.broader} | {IGNORE})


def read_mapping(path: str | Path) -> Mapping[str, str]:
    """Heads and what their columns hold.

    Args:
        path: the YAML file.

    Raises:
        UnreadableFile: missing, no YAML.
        UsageError: it has another form, or names a kind that there is not.
    """
    file = Path(path)
    try:
        import yaml
    except ModuleNotFoundError:
        raise UnreadableFile(
            f"{file}: YAML; to read it install the extra: pip install 'emergency-kg[formats]'", "needs_extra"
        ) from None
    from kg.extraction.columns import plain

    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableFile(f"{file}: cannot be read ({error.strerror}); check the path", "missing") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark is not None else ""
        raise UsageError(f"{file}: no valid YAML{line}; write `columns:` and below it `head: kind`") from None
    columns = found.get("columns") if isinstance(found, dict) else None
    if not isinstance(columns, dict) or set(found) - {"columns"}:
        raise UsageError(f"{file}: no mapping; write `columns:` and below it a line `head: kind` for each column")
    known = kinds()
    for head, kind in columns.items():
        if kind not in known:
            raise UsageError(f"{file}: column {head}: there is no kind {kind!r}; it is one of {', '.join(known)}")
    return {plain(str(head)): str(kind) for head, kind in columns.items()}
