"""A page in headless Chromium, as a reader has it: no network, everything it asks for and complains of is recorded.

Chromium and its driver are the distribution's (`chromium`, `chromium-driver`). Without them tests skip; where
`KG_REQUIRE_BROWSER` is 1 they fail.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handmade import facts, yunxi_2024, yunxi_2025

from kg.graph import Graph


def chromium() -> tuple[str, str]:
    """The paths of Chromium and of its driver; skips, or fails where they are required."""
    found = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if found[0] and found[1]:
        return found[0], found[1]
    reason = "chromium and chromedriver are not installed (apt-get install chromium chromium-driver)"
    if os.environ.get("KG_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


class Page:
    """One browser; `open` shows a file in it."""

    def __init__(self, downloads: Path, size: tuple[int, int] = (1440, 900)) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        browser, driver = chromium()
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--force-device-scale-factor=1",
            "--hide-scrollbars",
            "--lang=zh-CN",
            f"--window-size={size[0]},{size[1]}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options, Service(driver))
        self.downloads = downloads
        self.driver.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)}
        )

    def open(self, path: Path) -> None:
        self.requests()
        self.complaints()
        self.driver.get(path.absolute().as_uri())
        self.until(lambda: self.js("return document.documentElement.dataset.ready") == "yes")

    def js(self, program: str, *values: Any) -> Any:
        return self.driver.execute_script(program, *values)

    def until(self, holds: Callable[[], object], seconds: float = 20) -> None:
        """Wait until something holds; a test that waits in vain fails."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        from selenium.webdriver.common.by import By

        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    def text(self, selector: str) -> str:
        return str(self.js("return document.querySelector(arguments[0]).innerText", selector))

    def keys(self, *keys: str) -> None:
        """Press keys wherever the focus is."""
        from selenium.webdriver import ActionChains

        actions = ActionChains(self.driver)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def choose(self, selector: str, text: str) -> None:
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import Select

        Select(self.driver.find_element(By.CSS_SELECTOR, selector)).select_by_visible_text(text)

    def search(self, text: str) -> None:
        self.js("document.getElementById('search').value = ''")
        self.click("#search")
        self.keys(text)

    def node(self, name: str) -> int:
        """The number of the node with this name."""
        found = self.js(
            "const d = JSON.parse(document.getElementById('data').textContent);"
            "return d.nodes.text.map((t, n) => [d.texts[t], n]).filter(([t]) => t === arguments[0]).map(([, n]) => n)",
            name,
        )
        assert len(found) == 1, f"{name}: {found}"
        return int(found[0])

    def edge(self, kind: str, source: str, target: str) -> int:
        """The number of the relationship between two nodes."""
        found = self.js(
            "const d = JSON.parse(document.getElementById('data').textContent);"
            "return d.edges.type.map((t, e) => e).filter((e) => d.types[d.edges.type[e]].name === arguments[0]"
            " && d.edges.from[e] === arguments[1] && d.edges.to[e] === arguments[2])",
            kind,
            self.node(source),
            self.node(target),
        )
        assert found, (kind, source, target)
        return int(found[0])

    def point(self, call: str, number: int, double: bool = False) -> None:
        """Click where the graph says that a node (`where`) or the middle of a relationship (`middle`) lies."""
        from selenium.webdriver import ActionChains

        x, y = self.js(
            f"const g = document.getElementById('graph'), p = g.{call}(arguments[0]), a = g.getBoundingClientRect();"
            "return [Math.round(a.left + p.x), Math.round(a.top + p.y)]",
            number,
        )
        actions = ActionChains(self.driver)
        actions.w3c_actions.pointer_action.move_to_location(x, y)
        if double:
            actions.double_click()
        else:
            actions.click()
        actions.perform()

    def seen(self) -> tuple[int, int]:
        """How many nodes and relationships the graph shows."""
        one = self.js("return {...document.getElementById('graph').dataset}")
        return int(one["nodes"]), int(one["edges"])

    def download(self, selector: str) -> Path:
        """Click and wait for the file that is saved; a file saved before is gone, for Chromium replaces one of its name."""
        for old in self.downloads.iterdir():
            old.unlink()
        self.click(selector)

        def done() -> list[Path]:
            return [path for path in self.downloads.iterdir() if path.suffix in (".csv", ".png")]

        self.until(done)
        self.until(lambda: done()[0].stat().st_size > 0)
        return done()[0]

    def requests(self) -> list[str]:
        """All that was asked for since the last call, except the file itself and what it holds."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                url = message["params"].get("request", message["params"]).get("url", "")
                if not url.startswith(("file:", "data:", "blob:", "about:", "chrome:")):
                    found.append(url)
        return found

    def complaints(self) -> list[str]:
        """Everything on the console since the last call."""
        return [f"{entry['level']} {entry['message']}" for entry in self.driver.get_log("browser")]

    def quit(self) -> None:
        self.driver.quit()


HOSTILE = "推广<script>window.hacked=1</script></script><img src=x onerror=window.hacked=2>\"'&amp;排水泵😀-->"
"""A task text that would run where it is not shown as text."""


def small_graph() -> Graph:
    """Three small plans, one of them with hostile words; fewer nodes than pyvis takes."""
    from kg.store.ladybug import LadybugStore

    graph = Graph(LadybugStore.create())
    hostile = facts(
        "# 一、<b>推广</b>",
        f"{HOSTILE} | 救援科/区水利局 | 洪涝灾害 | 排水泵",
        "=1+1排涝 | 区水利局 | 洪涝灾害",
        title="云溪区<script>window.hacked=3</script>方案",
        source="云溪方案.txt",
        kind="方案",
    )
    graph.add_facts([yunxi_2024(), yunxi_2025(), hostile])
    return graph
