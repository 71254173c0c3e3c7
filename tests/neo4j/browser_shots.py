"""`make browser-shots`: pictures of the real Neo4j Browser for `docs/neo4j-browser.md`.

Starts a Neo4j of its own, pushes the sample plans, opens the Browser in headless Chromium, drops the style on it, reads
the favourites, runs the question who is responsible for 防汛, and takes the pictures. Needs what `make neo4j` needs,
Chromium with its driver (on Debian: chromium, chromium-driver, fonts-noto-cjk), and the extra `shots` (selenium).
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import server  # noqa: E402

from kg.views import to_neo4j_browser  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "images"
WINDOW = (1500, 1000)
SECONDS = 60


class Browser:
    """The Browser's page in headless Chromium."""

    def __init__(self, url: str) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        options.binary_location = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=zh-CN"):
            options.add_argument(argument)
        options.add_argument(f"--window-size={WINDOW[0]},{WINDOW[1]}")
        self.driver = webdriver.Chrome(options, Service(os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")))
        self.driver.get(url)

    def wait(self, what: str, script: str, *arguments: Any) -> Any:
        """What a script returns, as soon as it returns something."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            found = self.driver.execute_script(script, *arguments)
            if found:
                return found
            time.sleep(0.5)
        self.picture("failed")
        raise RuntimeError(f"the Browser does not show {what} after {SECONDS} s; see docs/images/failed.png")

    def element(self, selector: str) -> Any:
        return self.wait(selector, "return document.querySelector(arguments[0])", selector)

    def connect(self, running: server.Running) -> None:
        from selenium.webdriver.common.keys import Keys

        url = self.element('[data-testid="boltaddress"]')
        url.send_keys(Keys.CONTROL, "a")
        url.send_keys(running.uri.removeprefix("bolt://"))
        self.element('[data-testid="username"]').clear()
        self.element('[data-testid="username"]').send_keys(running.user)
        self.element('[data-testid="password"]').send_keys(running.password)
        self.element('[data-testid="connect"]').click()
        self.wait("that it is connected", "return document.body.innerText.includes('You are connected as user')")

    def drop(self, file: Path) -> None:
        """Drop a file on the page, as a user does with the mouse."""
        self.driver.execute_script(
            """const [name, bytes] = arguments;
            const carried = new DataTransfer();
            carried.items.add(new File([Uint8Array.from(atob(bytes), one => one.charCodeAt(0))], name));
            const page = document.querySelector('[data-testid=main]');
            for (const kind of ['dragenter', 'dragover', 'drop'])
              page.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));""",
            file.name,
            base64.b64encode(file.read_bytes()).decode("ascii"),
        )

    def run(self, text: str) -> None:
        """Write into the editor and run it."""
        from selenium.webdriver.common.keys import Keys

        editor = self.element(".monaco-editor textarea")
        editor.send_keys(Keys.CONTROL, "a")
        editor.send_keys(Keys.DELETE)
        # Typed keys would be completed (brackets, quotes); pasting keeps the text.
        self.driver.execute_script(
            """const carried = new DataTransfer(); carried.setData('text/plain', arguments[1]);
            arguments[0].dispatchEvent(new ClipboardEvent('paste', {clipboardData: carried, bubbles: true}));""",
            editor,
            text,
        )
        time.sleep(1)
        editor.send_keys(Keys.CONTROL, Keys.ENTER)

    def picture(self, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        self.driver.save_screenshot(str(path))
        return path

    def rest(self) -> None:
        """Wait until the nodes have found their places."""
        places = "return [...document.querySelectorAll('svg g.node')].map(e => e.getAttribute('transform')).join()"
        until = time.monotonic() + SECONDS
        before = ""
        while (now := self.driver.execute_script(places)) != before and time.monotonic() < until:
            before = now
            time.sleep(2)

    def click(self, selector: str) -> None:
        self.wait(
            selector, "const e = document.querySelector(arguments[0]); if (e) e.click(); return e !== null", selector
        )


def shots(browser: Browser, running: server.Running, files: Path, question: str) -> list[Path]:
    """Connect, load the files, ask; the pictures taken."""
    browser.connect(running)
    time.sleep(5)  # the page scrolls to the frame
    taken = [browser.picture("neo4j-connected")]
    browser.run(":clear")
    browser.drop(files / "style.grass")
    browser.wait("the style", "return document.body.innerText.includes('node.Agency {')")
    browser.run(":clear")
    browser.drop(files / "favourites.zip")
    browser.click("[data-testid=navigationFavorites] button")
    browser.wait("the favourites", "return document.body.innerText.includes('十个问题')")
    browser.click("[data-testid='expandFolder-十个问题']")
    browser.wait("the questions", "return document.body.innerText.includes('谁负责防汛')")
    taken.append(browser.picture("neo4j-favourites"))
    browser.click("[data-testid=navigationFavorites] button")
    with zipfile.ZipFile(files / "favourites.zip") as archive:
        saved = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    browser.run(saved["十个问题/00_parameters.cypher"].partition("\n")[2].strip())
    browser.wait("the parameters", "return document.body.innerText.includes('洪涝灾害')")
    browser.run(":clear")
    browser.run(saved[question])
    browser.wait("a graph", "return document.querySelectorAll('svg circle.b-outline, svg g.node').length > 5")
    browser.click("[data-testid=frame] button[title='Fullscreen'], [data-testid=frame] [data-testid=fullscreen]")
    browser.rest()
    browser.click("[aria-label=zoom-to-fit]")
    time.sleep(3)
    taken.append(browser.picture("neo4j-who"))
    return taken


def main() -> int:
    import kg

    with tempfile.TemporaryDirectory() as folder, kg.build([ROOT / "examples" / "plans"]) as graph:
        try:
            own = server.Server(Path(folder) / "neo4j")
            running = own.start()
        except server.Missing as error:
            print(f"make browser-shots: {error}", file=sys.stderr)
            return 1
        try:
            graph.to_neo4j(running.uri, user=running.user, password=running.password, check=False)
            to_neo4j_browser(graph, folder)
            browser = Browser(running.browser)
            try:
                for path in shots(browser, running, Path(folder), "十个问题/01_who_is_responsible.cypher"):
                    print(path.relative_to(ROOT))
            finally:
                browser.driver.quit()
        finally:
            own.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
