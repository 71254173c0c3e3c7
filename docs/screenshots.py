"""`make screenshots`: the pictures of the documentation, from the sample plans, in headless Chromium.

python docs/screenshots.py [FOLDER]
"""

from __future__ import annotations

import os
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
    page.point("where", page.node("区水利局"))
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
    """The second notebook in JupyterLab, as executed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "HOME": home,
            "JUPYTER_CONFIG_DIR": home,
            "JUPYTER_DATA_DIR": home,
            "IPYTHONDIR": home,
        }
        server = subprocess.Popen(
            [
                sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1",
                "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={ROOT / 'notebooks'}",
            ],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for name, wanted, at in (
                ("2_who_is_responsible", ".kg-answer", 0),
                ("1_build_and_look", "iframe", -1),
            ):
                end = time.monotonic() + 120
                while True:
                    try:
                        page.driver.get(f"http://127.0.0.1:{port}/lab/tree/{name}.ipynb?reset")
                        break
                    except Exception:
                        if time.monotonic() > end:
                            raise
                        time.sleep(1)
                page.until(
                    lambda wanted=wanted: page.js("return document.querySelectorAll(arguments[0]).length", wanted), 120
                )
                page.js("document.querySelector('.jp-toast-button, .Toastify__close-button')?.click()")
                if at < 0:
                    page.js("document.querySelector('iframe').scrollIntoView({block: 'center'})")
                time.sleep(4)
                page.js("document.querySelectorAll('.Toastify').forEach((one) => one.remove())")
                keep(page.driver, folder / f"notebook-{name.split('_')[0]}.png")
        finally:
            server.terminate()
            server.wait(30)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        page = Page(Path(work), SIZE)
        try:
            # No names are looked up; the notebook server answers on this machine's own address.
            pages(page, folder, Path(work))
            notebook(page, folder)
        finally:
            page.quit()


if __name__ == "__main__":
    main()
