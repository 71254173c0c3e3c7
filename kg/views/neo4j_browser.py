"""What analysts load into Neo4j Browser: a style and saved queries (`docs/neo4j-browser.md`).

Both are text files that the Browser imports: `style.grass`, dropped on its window, and `favourites.zip`, read by the
import button of its favourites. The style comes from the ontology; the favourites are the ten questions of
`browser_questions`, which draw graphs, and all queries of `kg/queries`.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.ontology import schema
from kg.queries import Query, queries, query, read_query

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["TOPIC", "favourites", "style", "to_neo4j_browser"]

TOPIC = "防汛"
"""The topic that the favourites ask for until the user writes another."""

QUESTIONS = Path(__file__).parent / "browser_questions"
FOLDERS = ("十个问题", "全部查询")
"""Folders of the favourites: the ten questions, all queries."""

_DIAMETERS = range(40, 91)
"""Least and largest size of a node, in pixels."""

_BOOKKEEPING = ("Contribution", "LeftOut", "StoreInfo")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def style() -> str:
    """The style as Neo4j Browser's GraSS: each label's colour and caption from the ontology, relationships in Chinese.

    A node is the larger the more kinds of relationships its label takes part in.
    """
    graph = schema()
    kinds: Counter[str] = Counter()
    for type_ in graph.relationships:
        kinds.update({end for pair in type_.pairs for end in pair})
    parts = [
        _rule("node", {"diameter": "50px", "color": "#d9d9d9", "border-color": "#bfbfbf", "border-width": "2px",
                       "text-color-internal": "#2a2c34", "font-size": "10px", "caption": '"{name}"'}),
        _rule("relationship", {"color": "#a5abb6", "shaft-width": "1px", "font-size": "9px", "padding": "3px",
                               "text-color-external": "#3b4252", "text-color-internal": "#ffffff",
                               "caption": '"<type>"'}),
    ]  # fmt: skip
    least, most = min(kinds.values()), max(kinds.values())
    for label in graph.labels:
        share = (kinds[label.name] - least) / max(1, most - least)
        diameter = round(_DIAMETERS[0] + share * (_DIAMETERS[-1] - _DIAMETERS[0]))
        parts.append(
            _rule(
                f"node.{label.name}",
                {
                    "color": label.colour,
                    "border-color": _darker(label.colour),
                    "text-color-internal": _text_colour(label.colour),
                    "diameter": f"{diameter}px",
                    "caption": f'"{{{label.caption}}}"',
                },
            )
        )
    parts.extend(
        _rule(f"node.{name}", {"color": "#eceff4", "diameter": "20px", "caption": '""'}) for name in _BOOKKEEPING
    )
    parts.extend(_rule(f"relationship.{type_.name}", {"caption": f'"{type_.zh}"'}) for type_ in graph.relationships)
    return "\n".join(parts)


def _rule(selector: str, properties: dict[str, str]) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in properties.items())
    return f"{selector} {{\n{lines}}}\n"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _darker(colour: str) -> str:
    return "#" + "".join(f"{round(channel * 0.8):02x}" for channel in _channels(colour))


def _text_colour(colour: str) -> str:
    """White on dark colours, near black on light ones.

    >>> _text_colour("#4c566a"), _text_colour("#e9c46a")
    ('#ffffff', '#2a2c34')
    """
    red, green, blue = _channels(colour)
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 150 else "#2a2c34"


def favourites(graph: Graph) -> dict[str, str]:
    """The saved queries: their path in the archive and their text.

    The first of each folder sets the parameters by `:params`; every other one is a single statement, since the Browser
    draws no graph of several.

    Args:
        graph: gives the plan that queries on one plan ask for, the one with most tasks.
    """
    values = _values(graph)
    saved = {}
    groups = (
        (FOLDERS[0], [read_query(path) for path in sorted(QUESTIONS.glob("*.cypher"))], {**values, "plan": ""}),
        (FOLDERS[1], [query(name) for name in queries()], values),
    )
    for folder, some, given in groups:
        needed: dict[str, Any] = {}
        for one in some:
            for name, words in one.parameters.items():
                needed.setdefault(name, given.get(name, ["无"] if "at least one" in words else ""))
        listed = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in needed.items())
        saved[f"{folder}/00_parameters.cypher"] = f"// 00 先设参数({folder})\n:params {{{listed}}}\n"
        for one in some:
            saved[f"{folder}/{one.name}.cypher"] = _favourite(one)
    return saved


def _favourite(one: Query) -> str:
    number = one.name[:2] + " " if one.name[:2].isdigit() else ""  # the Browser sorts by title
    head = [f"// {number}{one.zh}", *(f"// ${name}: {words}" for name, words in one.parameters.items())]
    return "\n".join((*head, one.text, ""))


def _values(graph: Graph) -> dict[str, Any]:
    """Values to begin with, from the vocabularies and, for plans and units, from the graph."""
    from kg.queries.topics import read_topic

    term = read_topic(TOPIC).readings[0][0]
    plans = graph.plans().sort_values(["tasks", "id"])
    units = [node["id"] for _, node in zip(range(20), graph.nodes("Agency"), strict=False)]
    return {
        "plan": str(plans["id"].iloc[-1]) if len(plans) else "",
        "words": [term.word, *term.synonyms],
        "headings": list(term.headings) or [term.word],
        "hazards": [*term.hazards, *term.narrower],
        "names": list(term.names) or [term.word],
        "labels": list(term.labels) or ["无"],
        "pieces": [TOPIC],
        "units": units or ["无"],
        "level": "",
        "search": '"卫星电话"',
    }


def to_neo4j_browser(graph: Graph, folder: str | Path) -> list[Path]:
    """Write `style.grass` and `favourites.zip` to a folder, which is made where it is missing.

    Raises:
        UsageError: `folder` is a file.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: is a file; the Browser's files go to a folder, give a folder")
    target.mkdir(parents=True, exist_ok=True)
    (target / "style.grass").write_text(style(), encoding="utf-8", newline="\n")
    with zipfile.ZipFile(target / "favourites.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in favourites(graph).items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), text.encode("utf-8"))
    return [target / "style.grass", target / "favourites.zip"]
