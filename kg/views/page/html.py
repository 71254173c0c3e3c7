"""The page itself: one file with its style, its program and its data, and a policy that forbids it any request."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.views.page.contents import MOST_NODES, Contents, contents, payload
from kg.views.page.layout import positions
from kg.views.page.marks import HIDDEN
from kg.views.page.words import WORDS

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["LANGUAGES", "PYVIS_NODES", "RENDERERS", "page", "to_html"]

LANGUAGES = ("zh", "en")
RENDERERS = ("auto", "pyvis", "canvas")
PYVIS_NODES = 300
"""Nodes up to which `auto` paints with pyvis's vis-network; beyond it, and where asked, the project's own painter does."""

_SCRIPTS = ("model.js", "layouts.js", "canvas.js", "matrix.js", "table.js", "facts.js", "main.js")
_PAINTER = "pyvis.js"


def to_html(
    graph: Graph,
    path: str | Path,
    *,
    plan: str | None = None,
    focus: str | None = None,
    renderer: str = "auto",
    lang: str = "zh",
) -> Path:
    """Write the graph as one HTML file that opens in any browser without a network; see `Graph.to_html`."""
    target = Path(path)
    if target.is_dir():
        raise UsageError(f"{target}: is a folder; give the name of the HTML file")
    target.write_text(page(graph, plan=plan, focus=focus, renderer=renderer, lang=lang), "utf-8", newline="\n")
    return target


def page(
    graph: Graph,
    *,
    plan: str | None = None,
    focus: str | None = None,
    steps: int | None = None,
    renderer: str = "auto",
    lang: str = "zh",
    most: int = MOST_NODES,
) -> str:
    """The HTML as text; `steps` and `most` as for `kg.views.page.contents.contents`, the others as for `to_html`.

    Raises:
        UsageError: an unknown renderer or language, no or several plans or nodes match, too many nodes for pyvis.
    """
    if renderer not in RENDERERS:
        raise UsageError(f"renderer {renderer!r}? it is one of: {', '.join(RENDERERS)}")
    if lang not in LANGUAGES:
        raise UsageError(f"lang {lang!r}? it is one of: {', '.join(LANGUAGES)}")
    one = contents(graph, plan=plan, focus=focus, steps=steps, most=most)
    if renderer == "auto":
        renderer = "pyvis" if len(one.nodes) <= PYVIS_NODES else "canvas"
    elif renderer == "pyvis" and len(one.nodes) > PYVIS_NODES:
        raise UsageError(
            f"pyvis paints up to {PYVIS_NODES} nodes, this graph has {len(one.nodes)}; use renderer auto or canvas"
        )
    places = _places(one)
    data = payload(one, places)
    data["words"], data["lang"], data["renderer"] = WORDS, lang, renderer
    title = _title(one, plan)
    data["title"] = title
    library = ""
    if renderer == "pyvis":
        data["vis"] = _network(one, places)
        library = _library()
    program = "\n".join(
        ["(function () {", '"use strict";', *map(_asset, (*_SCRIPTS[:3], _PAINTER, *_SCRIPTS[3:])), "})();"]
    )
    scripts = [text for text in (library, program) if text]
    policy = (
        "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(map(_hash, scripts))}"
    )
    parts = {
        "LANG": "zh-CN" if lang == "zh" else "en",
        "POLICY": html.escape(policy, quote=False),
        "TITLE": html.escape(title or WORDS[lang]["title"]),
        "STYLE": _asset("page.css"),
        "DATA": _in_script(json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)),
        "SCRIPTS": "\n".join(f"<script>{text}</script>" for text in scripts),
    }
    return re.sub(r"\{\{([A-Z]+)\}\}", lambda found: parts[found[1]], _asset("page.html"))


def _title(one: Contents, plan: str | None) -> str:
    """The plan's title where the page holds one plan, else nothing: the page then has a title in its language."""
    plans = [node for node in one.nodes if node["label"] == "Plan"]
    return str(plans[0].get("title") or plans[0]["name"]) if plan and len(plans) == 1 else ""


def _places(one: Contents) -> list[tuple[int, int]]:
    """Positions of the whole graph. Labels that are hidden at first do not shape it; they lie amid their neighbours."""
    numbers = one.numbers()
    pairs = [(numbers[edge["source"]], numbers[edge["target"]]) for edge in one.edges]
    hidden = {number for number, node in enumerate(one.nodes) if node["label"] in HIDDEN}
    shown = [number for number in range(len(one.nodes)) if number not in hidden]
    new = {number: at for at, number in enumerate(shown)}
    found = positions(len(shown), [(new[a], new[b]) for a, b in pairs if a in new and b in new])
    places = [(0, 0)] * len(one.nodes)
    for number, at in new.items():
        places[number] = found[at]
    beside: dict[int, list[int]] = {number: [] for number in hidden}
    for a, b in pairs:
        for here, there in ((a, b), (b, a)):
            if here in hidden and there in new:
                beside[here].append(there)
    for number, others in beside.items():
        if others:
            places[number] = (
                round(sum(places[other][0] for other in others) / len(others)),
                round(sum(places[other][1] for other in others) / len(others)),
            )
    return places


def _network(one: Contents, places: list[tuple[int, int]]) -> dict[str, Any]:
    """The graph as pyvis hands it to vis-network: at given positions, without physics, every text as text.

    pyvis's own page is not used: it links a CDN even with `cdn_resources="in_line"`, is written without an encoding, and
    computes positions in the browser.
    """
    from pyvis.network import Network

    from kg.ontology import schema

    network = Network(directed=True, cdn_resources="in_line")
    network.set_options(json.dumps({"physics": {"enabled": False}}))
    numbers = one.numbers()
    for number, (node, (x, y)) in enumerate(zip(one.nodes, places, strict=True)):
        network.add_node(
            number, label=node["label"], color=schema().label(node["label"]).colour, x=x, y=y, physics=False
        )
    nodes, _edges, *_rest, options = network.get_network_data()
    edges = [
        {"id": number, "from": numbers[edge["source"]], "to": numbers[edge["target"]]}
        for number, edge in enumerate(one.edges)
    ]  # pyvis joins several edges between two nodes into one when undirected and gives them no id
    return {"nodes": nodes, "edges": edges, "options": json.loads(options)}


@cache
def _library() -> str:
    """vis-network as it lies in pyvis's wheel (Apache-2.0 or MIT, its notice included)."""
    found = sorted((resources.files("pyvis") / "lib").iterdir(), key=lambda entry: entry.name)
    folders = [entry for entry in found if entry.name.startswith("vis-")]
    text = (folders[-1] / "vis-network.min.js").read_text(encoding="utf-8")
    return re.sub(r"//[#@] sourceMappingURL=.*", "", text).replace("</script", r"<\/script")


@cache
def _asset(name: str) -> str:
    return (resources.files("kg.views.page") / "assets" / name).read_text(encoding="utf-8")


def _in_script(text: str) -> str:
    """JSON that no script element takes for its end or for a comment, with the same meaning."""
    return text.replace("<", r"\u003c")


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
