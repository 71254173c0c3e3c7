"""`make screenshots`: the pictures of the documentation, from the sample plans, in headless Chromium.

python docs/screenshots.py [FOLDER]
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import Page  # noqa: E402

SIZE = (1400, 860)


def keep(driver: Any, path: Path) -> None:
    """A picture of the window with few colours: small, and still sharp."""
    from PIL import Image

    driver.save_screenshot(str(path))
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.name, f"{path.stat().st_size / 1000:.0f} kB")


def pages(page: Page, folder: Path, work: Path) -> None:
    """The views of the page."""
    import kg
    from kg.demo import sample_plans

    with kg.build(sample_plans(), workers=1) as graph:
        whole = graph.to_html(work / "samples.html", focus="区水利局")
        small = graph.to_html(work / "small.html", plan="2025 要点", focus="减灾科", lang="en")

    def show(path: Path, dark: bool = False) -> None:
        page.open(path)
        if page.js("return document.documentElement.dataset.theme") != ("dark" if dark else "light"):
            page.click("#theme")

    def settle() -> None:
        time.sleep(0.6)

    show(whole)
    settle()
    keep(page.driver, folder / "page-surroundings.png")
    page.click("#show-matrix")
    page.click("#matrix tr[data-owner] td[data-hazard]")
    settle()
    keep(page.driver, folder / "page-matrix.png")
    show(whole)
    page.click("#whole")
    settle()
    keep(page.driver, folder / "page-whole.png")
    show(whole, dark=True)
    page.click("#network")
    page.click("#show-table")
    settle()
    keep(page.driver, folder / "page-dark-table.png")
    show(small)
    settle()
    keep(page.driver, folder / "page-english.png")


def notebook(page: Page, folder: Path) -> None:
    """Two notebooks in JupyterLab, as executed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home}
        environment |= dict.fromkeys(("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"), home)
        books = [Path(home) / f"{name}.ipynb" for name in ("1_build_and_look", "2_who_is_responsible")]
        for book in books:
            shutil.copy(ROOT / "notebooks" / book.name, book)
        # What a reader has run is trusted; only then JupyterLab shows frames.
        trust = [sys.executable, "-m", "jupyter", "trust", *map(str, books)]
        subprocess.run(trust, env=environment, check=True, capture_output=True)
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--ip=127.0.0.1",
        ]
        command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={home}"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            page.until(lambda: listens(port), 120)
            for book, wanted in zip(books, ("iframe[srcdoc]", ".kg-answer"), strict=True):
                page.driver.get(f"http://127.0.0.1:{port}/doc/tree/{book.name}")

                def there(wanted: str = wanted) -> bool:
                    # JupyterLab makes cells as they come into view.
                    page.js("const p = document.querySelector('.jp-WindowedPanel-outer'); if (p) p.scrollTop += 400")
                    return bool(page.js("return document.querySelector(arguments[0])", wanted))

                page.until(there, 120)
                for _ in range(3):  # cells above that are made meanwhile move it
                    page.js("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", wanted)
                    time.sleep(1.5)
                page.js("document.querySelectorAll('.Toastify, .jp-Dialog').forEach((one) => one.remove())")
                keep(page.driver, folder / f"notebook-{book.name[0]}.png")
        finally:
            server.terminate()
            server.wait(30)


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        page = Page(Path(work), SIZE)
        try:
            pages(page, folder, Path(work))
            notebook(page, folder)
        finally:
            page.quit()


if __name__ == "__main__":
    main()
