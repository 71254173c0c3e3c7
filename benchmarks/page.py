"""The HTML page beside pyvis's own on the same graph in the same run: size, time to write, time to paint.

Graphs of 200, 2,000 and 20,000 nodes are made of the sample plans, repeated under other titles, and cut to the best connected
nodes. Both pages are opened in headless Chromium without a network. `readable` is when the page that opens is painted;
`whole` when all nodes are, from the click on it; pyvis paints all at once, when its physics has come to rest or given up.

    python benchmarks/page.py [--sizes 200 2000 20000] [--patience SECONDS] [--write docs/page-speed.md]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLANS = ROOT / "examples" / "plans"


def repeated_graph(nodes: int) -> Any:
    """The sample plans in memory, repeated until the graph has so many nodes."""
    import kg
    from kg.graph import Graph
    from kg.store.ladybug import LadybugStore

    facts = [kg.extract(path) for path in sorted(PLANS.iterdir()) if path.suffix in (".txt", ".md")]
    graph = Graph(LadybugStore.create())
    turn = count = 0
    while count < nodes:
        graph.add_facts(
            replace(one, plan=replace(one.plan, title=f"{one.plan.title}({turn})", doc_number=None)) if turn else one
            for one in facts
        )
        count, turn = sum(1 for _ in graph.nodes()), turn + 1
    return graph


def browser() -> Any:
    """Headless Chromium that reaches no network and does not wait for a page to be complete."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    options.page_load_strategy = "none"
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--window-size=1440,900",
    ):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver"))
    driver.set_script_timeout(600)
    return driver


def seconds_until(path: Path, mark: str, patience: float, then: str = "") -> tuple[float | None, float | None]:
    """Seconds from navigation to a performance mark, and of what `then` (a script that calls back) measures."""
    from selenium.common.exceptions import TimeoutException

    driver = browser()
    try:
        driver.get(path.as_uri())
        end = time.monotonic() + patience
        while time.monotonic() < end:
            driver.set_script_timeout(max(1.0, end - time.monotonic()))
            try:
                found = driver.execute_async_script(
                    "const done = arguments[arguments.length - 1]; const m = performance.getEntriesByName(arguments[0])[0];"
                    "setTimeout(() => done(m ? m.startTime / 1000 : null), m ? 0 : 50)",
                    mark,
                )
            except TimeoutException:
                return None, None  # the page has been at work without a pause for all that time
            if found is not None:
                driver.set_script_timeout(600)
                return found, driver.execute_async_script(then) if then else None
            time.sleep(0.05)
        return None, None
    finally:
        driver.quit()


WHOLE = """
const done = arguments[arguments.length - 1], graph = document.getElementById("graph"), before = Number(graph.dataset.painted), start = performance.now();
document.getElementById("whole").click();
(function wait() { Number(graph.dataset.painted) > before ? done((performance.now() - start) / 1000) : requestAnimationFrame(wait); })();
"""


def pyvis_page(graph: Any, size: int) -> str:
    """The same nodes and relationships as pyvis writes them by default (its scripts inside the file)."""
    from pyvis.network import Network

    from kg.ontology import schema
    from kg.views.page.contents import contents

    one = contents(graph, most=size)
    network = Network(directed=True, cdn_resources="in_line")
    for node in one.nodes:
        network.add_node(node["id"], label=node["name"][:20], color=schema().label(node["label"]).colour)
    for edge in one.edges:
        network.add_edge(edge["source"], edge["target"], title=edge["type"])
    text: str = network.generate_html()
    paint = '<script>network.once("afterDrawing", () => performance.mark("pyvis-painted"));</script>'
    return text.replace("</body>", f"{paint}</body>")


def measure(graph: Any, size: int, folder: Path, patience: float) -> dict[str, Any]:
    from kg.views.page import page
    from kg.views.page.contents import contents

    one = contents(graph, most=size)
    row: dict[str, Any] = {"nodes": len(one.nodes), "relationships": len(one.edges)}
    pages: tuple[tuple[str, Callable[[], str], str, str], ...] = (
        ("page", lambda: page(graph, most=size), "kg-readable", WHOLE),
        ("pyvis", lambda: pyvis_page(graph, size), "pyvis-painted", ""),
    )
    for name, write, mark, then in pages:
        started = time.perf_counter()
        text = write()
        path = folder / f"{name}{size}.html"
        path.write_text(text, encoding="utf-8")
        row[name] = {"seconds": time.perf_counter() - started, "bytes": path.stat().st_size}
        row[name]["readable"], row[name]["whole"] = seconds_until(path, mark, patience, then)
        path.unlink()
    return row


def report(rows: list[dict[str, Any]], patience: float) -> str:
    """The figures as a Markdown table."""

    def seconds(value: float | None) -> str:
        return f"not within {patience:.0f} s" if value is None else f"{value:.1f} s"

    lines = [
        "# The page: size and speed beside pyvis",
        "",
        "Written by `make page-speed` (`benchmarks/page.py`, which says how): both pages of the same graph, in headless Chromium",
        "without a GPU and a network;"
        f" {os.cpu_count()} cores, Python {platform.python_version()}. Up to 300 nodes the page paints with vis-network, beyond with a canvas.",
        "",
        "| nodes | relationships | page: size | to write | readable | whole graph, from the click | pyvis: size | to write | painted |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        ours, theirs = row["page"], row["pyvis"]
        lines.append(
            f"| {row['nodes']:,} | {row['relationships']:,} | {ours['bytes'] / 1e6:.1f} MB | {ours['seconds']:.1f} s | {seconds(ours['readable'])} | "
            f"{seconds(ours['whole'])} | {theirs['bytes'] / 1e6:.1f} MB | {theirs['seconds']:.1f} s | {seconds(theirs['readable'])} |"
        )
    lines += [
        "",
        "*Readable*: the view on which the page opens is painted, all its labels in place; pyvis paints nothing before its physics has ended its first",
        "thousand rounds. *To write* holds the collecting of facts and gaps and, for the page, all positions.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 2_000, 20_000])
    parser.add_argument(
        "--patience", type=float, default=120, help="seconds after which a page counts as never painted"
    )
    parser.add_argument("--write", type=Path, help="Markdown file for the figures")
    options = parser.parse_args()
    graph = repeated_graph(max(options.sizes))
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(graph, size, Path(folder), options.patience) for size in options.sizes]
    text = report(rows, options.patience)
    if options.write:
        options.write.write_text(text, encoding="utf-8", newline="\n")
    print(text)
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
