"""Files for `neo4j-admin database import full`, the quickest way to fill an empty database with a large graph.

A folder holds a CSV file for each label and for each relationship type and pair of labels, and `import.args` with the
options that name them:

    cd FOLDER && neo4j-admin database import full neo4j @import.args

`kg push` afterwards makes the constraints and indexes and finds every plan unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from kg.errors import InputError, UsageError
from kg.store.base import Store
from kg.store.neo4j.storing import FORMAT, contribution_rows
from kg.store.stored_plans import digest_of, plan_ids, stored_plans

__all__ = ["COMMAND", "to_neo4j_csv"]

COMMAND = "neo4j-admin database import full neo4j @import.args"
"""The command line, run in the folder on the server's machine while the server is stopped."""

_ARRAY_DELIMITER = "\x1f"
_OPTIONS = ("--multiline-fields=true", "--array-delimiter=U+001F", "--id-type=string", "--trim-strings=false")
_TYPES = {"STRING": "", "INT64": ":long", "DOUBLE": ":double", "STRING[]": ":string[]"}


def to_neo4j_csv(store: Store, folder: str | Path) -> list[Path]:
    """Write the files of a store to a folder, which is made where it is missing.

    Returns:
        The files; the last is `import.args`.

    Raises:
        UsageError: `folder` is a file.
        InputError: a name in a list holds the control character that separates the members of lists (U+001F).
    """
    from kg.ontology import schema

    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: is a file; files for neo4j-admin go to a folder, give a folder")
    target.mkdir(parents=True, exist_ok=True)
    graph = schema()
    written: list[Path] = []
    options: list[str] = []

    def write(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], option: str) -> None:
        path = target / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(",".join(header) + "\n")
            for row in rows:
                file.write(",".join(_cell(value, path) for value in row) + "\n")
        written.append(path)
        options.append(f"{option}={path.name}")

    for label in graph.labels:
        keys = [prop.name for prop in label.properties]
        header = [
            f"id:ID({label.name})" if prop.name == "id" else prop.name + _TYPES[prop.type] for prop in label.properties
        ]
        rows = ([node[key] for key in keys] for node in store.nodes(label.name))
        write(label.name, header, rows, f"--nodes={label.name}")
    for type_ in graph.relationships:
        keys = [prop.name for prop in type_.properties]
        edges = store.relationships(type_.name)
        for (source, end), some in groupby(edges, key=lambda edge: (edge["source_label"], edge["target_label"])):
            header = [f":START_ID({source})", f":END_ID({end})"]
            header += [prop.name + _TYPES[prop.type] for prop in type_.properties]
            rows = ([edge["source"], edge["target"], *(edge[key] for key in keys)] for edge in some)
            write(f"{type_.name}-{source}-{end}", header, rows, f"--relationships={type_.name}")
    keys = ["id", "plan", "label", "node", "row", "digest"]
    header = ["id:ID(Contribution)", *keys[1:]]
    write("Contribution", header, ([row[key] for key in keys] for row in _contributions(store)), "--nodes=Contribution")
    left_out = ((one.source, one.reason, one.message) for one in store.left_out())
    write("LeftOut", ["id:ID(LeftOut)", "reason", "message"], left_out, "--nodes=LeftOut")
    info = [("format", FORMAT)]
    for key, kept in (("aliases", store.aliases()), ("corrections", store.corrections())):
        if kept.rows:
            info.append((key, kept.to_json()))
    write("StoreInfo", ["id:ID(StoreInfo)", "value"], info, "--nodes=StoreInfo")
    arguments = target / "import.args"
    arguments.write_text("\n".join((*options, *_OPTIONS, "")), encoding="utf-8", newline="\n")
    return [*written, arguments]


def _contributions(store: Store) -> Iterator[dict[str, Any]]:
    for plan in stored_plans(store, plan_ids(store)):
        yield from contribution_rows(plan, digest_of(plan))


def _cell(value: Any, path: Path) -> str:
    """Nothing for None; texts in quotes, so that an empty text stays one."""
    if value is None:
        return ""
    if isinstance(value, list):
        if any(_ARRAY_DELIMITER in one for one in value):
            raise InputError(f"{path.name}: {json.dumps(value)} holds U+001F, which separates the members of lists")
        return _cell(_ARRAY_DELIMITER.join(value), path)
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return repr(value)
