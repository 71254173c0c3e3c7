"""What stands in the HTML page, without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from browser import HOSTILE, small_graph
from conftest import Run

from kg.errors import UsageError
from kg.graph import Graph
from kg.ontology import schema
from kg.views.page import page, to_html
from kg.views.page.contents import contents, find_node
from kg.views.page.layout import positions
from kg.views.page.marks import SHAPES
from kg.views.page.words import WORDS

ASSETS = Path(__file__).resolve().parent.parent / "kg" / "views" / "page" / "assets"


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with small_graph() as made:
        yield made


def data(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("renderer", ["pyvis", "canvas"])
def test_every_node_and_relationship_with_its_words_is_there(graph: Graph, renderer: str) -> None:
    one = data(page(graph, renderer=renderer))
    nodes, edges = list(graph.nodes()), list(graph.relationships())
    assert one["nodes"]["id"] == [node["id"] for node in nodes]
    assert len(one["edges"]["type"]) == len(edges)
    for number, edge in enumerate(edges):
        quote = one["edges"]["quote"][number]
        assert (one["texts"][quote] if quote >= 0 else None) == (edge.get("quote") or None)
        assert one["edges"]["start"][number] == (-1 if edge.get("span_start") is None else edge["span_start"])
    texts = {one["texts"][text] for text in one["nodes"]["text"]}
    assert HOSTILE in texts


@pytest.mark.parametrize("renderer", ["pyvis", "canvas"])
def test_nothing_from_elsewhere(graph: Graph, renderer: str) -> None:
    text = page(graph, renderer=renderer)
    assert not re.search(r"<(script|link|img|iframe)[^>]*\b(src|href)=(?![\"']data:)", text)
    assert "default-src 'none'" in text and "sourceMappingURL" not in text
    assert text.count("</script") == (3 if renderer == "pyvis" else 2), "no words close a script"
    assert HOSTILE not in text


def test_the_same_graph_gives_the_same_file(graph: Graph, tmp_path: Path) -> None:
    first, second = (to_html(graph, tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second and b"\r\n" not in first
    assert "洪涝灾害" in first.decode("utf-8")


def test_one_plan_only(graph: Graph) -> None:
    one = data(page(graph, plan="2025 要点"))
    assert "云溪区应急管理局2025年工作要点" == one["title"]
    texts = {one["texts"][text] for text in one["nodes"]["text"]}
    assert "检修排水泵" in texts and "推广安责险" not in texts
    assert {row["plan"] for row in one["gaps"]} <= {
        number for number, label in enumerate(one["nodes"]["label"]) if one["labels"][label]["name"] == "Plan"
    }


def test_the_focus_is_found_by_name_alias_or_part(graph: Graph) -> None:
    nodes = list(graph.nodes())
    water = find_node(nodes, "区水利局")
    assert find_node(nodes, water) == water and find_node(nodes, "水利局") == water
    assert find_node(nodes, "区局") == find_node(nodes, "云溪区应急管理局")
    with pytest.raises(UsageError, match="no node matches the focus '海事局'"):
        find_node(nodes, "海事局")
    with pytest.raises(UsageError, match="matches [0-9]+ nodes; name one: "):
        find_node(nodes, "灾害")


def test_near_the_focus(graph: Graph) -> None:
    near = contents(graph, focus="区气象局", steps=2)
    names = {node["name"] for node in near.nodes}
    assert {"区气象局", "区水利局", "山洪灾害", "开展山洪灾害隐患点排查"} <= names
    assert "推广安责险" not in names and len(near.nodes) < len(list(graph.nodes()))


def test_a_page_that_is_full_says_what_is_missing(graph: Graph) -> None:
    everything = list(graph.nodes())
    one = contents(graph, most=30)
    assert len(one.nodes) == 30 and sum(one.left_out.values()) == len(everything) - 30
    assert one.left_out["Section"] == 6, "what is hidden at first goes first"
    assert sum(node["label"] == "Task" for node in one.nodes) >= 13, "tasks stay, they tie the rest together"
    ids = {node["id"] for node in one.nodes}
    assert all(edge["source"] in ids and edge["target"] in ids for edge in one.edges)
    assert data(page(graph, most=30))["leftOut"]


def test_sections_of_facts(graph: Graph) -> None:
    one = contents(graph)
    by_number = dict(enumerate(one.nodes))
    found = {
        (edge["type"], by_number[one.numbers()[edge["target"]]]["name"]): edge["section"]
        for edge in one.edges
        if edge["type"] in ("RESPONSIBLE_FOR", "ADDRESSES")
    }
    section = found["RESPONSIBLE_FOR", "推广安责险"]
    assert section is not None and by_number[section]["name"].endswith("加强安全生产")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"renderer": "svg"}, "renderer 'svg'"),
        ({"lang": "fr"}, "lang 'fr'"),
        ({"plan": "2019"}, "no plan matches"),
        ({"focus": "海事局"}, "no node matches"),
    ],
)
def test_wrong_options(graph: Graph, tmp_path: Path, options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        graph.to_html(tmp_path / "out.html", **options)
    assert not (tmp_path / "out.html").exists()


def test_an_empty_graph_gives_a_page(tmp_path: Path) -> None:
    from kg.store.ladybug import LadybugStore

    with Graph(LadybugStore.create()) as empty:
        assert data(empty.to_html(tmp_path / "out.html").read_text("utf-8"))["focus"] is None


def test_positions_are_apart_and_the_same_each_time() -> None:
    edges = [(number, number // 3) for number in range(1, 400)]
    places = positions(500, edges)
    assert places == positions(500, edges) and len(set(places)) == 500
    assert positions(0, []) == [] and len(positions(1, [])) == 1

    def far(a: int, b: int) -> float:
        return float(((places[a][0] - places[b][0]) ** 2 + (places[a][1] - places[b][1]) ** 2) ** 0.5)

    tied = sum(far(a, b) for a, b in edges) / len(edges)
    others = [far(a, (a * 7 + 11) % 400) for a in range(400)]
    assert tied < 0.7 * sum(others) / len(others), "what belongs together lies together"


# Simulated vision: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISIONS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def lab(colour: str, vision: str) -> tuple[float, float, float]:
    """A colour as one with this vision sees it, in CIELAB."""
    rgb = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in rgb]
    seen = [min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in VISIONS[vision]]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(a * b for a, b in zip(row, seen, strict=True)) for row in to_xyz]
    x, y, z = (
        v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)
    )  # fmt: skip
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("vision", VISIONS)
def test_labels_are_told_apart_without_colour_vision(vision: str) -> None:
    for one, other in combinations(schema().labels, 2):
        if SHAPES[one.name] == SHAPES[other.name]:
            pair = zip(lab(one.colour, vision), lab(other.colour, vision), strict=True)
            distance = sum((a - b) ** 2 for a, b in pair) ** 0.5
            assert distance > 20, f"{one.name} and {other.name}: same shape, colours {distance:.0f} apart"


def test_every_label_has_a_shape_that_the_page_draws() -> None:
    assert set(SHAPES) == {label.name for label in schema().labels}
    drawn = set(re.findall(r'shape === "(\w+)"', (ASSETS / "canvas.js").read_text("utf-8")))
    assert set(SHAPES.values()) <= drawn | {"circle"}


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    program = "".join(path.read_text("utf-8") for path in ASSETS.iterdir())
    used = set(re.findall(r'\bword\("(\w+)"', program)) | set(re.findall(r'data-word="(\w+)"', program))
    assert len(used) > 40 and used <= set(WORDS["zh"])
    assert set(WORDS["zh"]) == set(WORDS["en"])
    for name, text in WORDS["zh"].items():
        fields = [sorted(re.findall(r"\{\w+\}", words)) for words in (text, WORDS["en"][name])]
        assert fields[0] == fields[1], name


def test_export_by_the_command_line(kg: Run, plan_file: Path, tmp_path: Path) -> None:
    store, out = tmp_path / "plans.kg", tmp_path / "页面.html"
    assert kg("build", plan_file, "--out", store).returncode == 0
    done = kg("export", "--graph", store, "--to", "html", out, "--focus", "水利局", "--lang", "en")
    assert done.returncode == 0 and done.stderr.endswith(f"written: {out}\n")
    one = data(out.read_text("utf-8"))
    assert one["lang"] == "en" and one["renderer"] == "pyvis"
    assert one["texts"][one["nodes"]["text"][one["focus"]]] == "区水利局"
    wrong = kg("export", "--graph", store, "--to", "csv", tmp_path / "out", "--focus", "水利局")
    assert wrong.returncode == 2 and "--focus goes with --to html only" in wrong.stderr
    missing = kg("export", "--graph", store, "--to", "html", tmp_path / "x.html", "--focus", "海事局")
    assert missing.returncode == 2 and "no node matches the focus" in missing.stderr
