"""Makes files as agencies publish them, with programs that are not ours: LibreOffice, Chromium, a renderer.

A program that is missing skips the test with the reason, or fails it where `KG_REQUIRE_OFFICE` is 1.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.loaders import load


def program(*names: str) -> str:
    """The path of the first of these programs that is there."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    reason = f"{names[0]} is not installed (Debian: libreoffice-writer-nogui, libreoffice-calc-nogui, chromium, maven)"
    if os.environ.get("KG_REQUIRE_OFFICE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def web_page(plan: Path, folder: Path) -> Path:
    """A plan in text or Markdown as the article of a government page with menus and footer."""
    lines = _lines(plan)
    parts: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("|"):
            rows = []
            while at < len(lines) and lines[at].startswith("|"):
                if not re.fullmatch(r"[|\-: ]+", lines[at]):
                    cells = (f"<td>{html.escape(cell.strip())}</td>" for cell in lines[at].strip("|").split("|"))
                    rows.append(f"<tr>{''.join(cells)}</tr>")
                at += 1
            parts.append(f'<table border="1">{"".join(rows)}</table>')
            continue
        table = re.search("<table.*</table>", line)
        heading = re.match(r"(#+)\s*(.*)", line)
        if table:
            parts.append(table[0].replace("<table>", '<table border="1">'))
        elif heading:
            parts.append(f"<h{len(heading[1])}>{html.escape(heading[2])}</h{len(heading[1])}>")
        elif line.strip():
            parts.append(f"<p>{html.escape(line.strip())}</p>")
        at += 1
    style = 'p,td{font-family:"Noto Serif CJK SC"} p{text-indent:2em;margin:0.3em 0} table{border-collapse:collapse}'
    path = folder / f"{plan.stem}.html"
    path.write_text(
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>政务公开</title><style>{style} '
        "@media print{.nav,.footer{display:none}}</style></head><body>"
        '<div class="nav"><a href="/">首页</a><a href="/zw">政务公开</a></div>'
        f'<div id="zoom">{"".join(parts)}</div><div class="footer">主办：某区人民政府 版权所有</div></body></html>',
        encoding="utf-8",
    )
    return path


def _lines(plan: Path) -> list[str]:
    data = plan.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return text.lstrip("\ufeff").splitlines()


def has_tables(plan: Path) -> bool:
    """Whether a plan in text has tables."""
    data = plan.read_bytes()
    return b"<table" in data or b"\n|" in data


def beginning(plan: Path, folder: Path, characters: int) -> Path:
    """The first sections of a plan, at most so many characters of its text; the plan where it is no longer."""
    document = load(plan)
    ends = [document.span(section.start, section.start + 1)[0] for section in document.sections]
    within = [end for end in ends if 0 < end <= characters]
    if len(document.source) <= characters or not within:
        return plan
    path = folder / f"{plan.stem}_{characters}{plan.suffix}"
    path.write_text(document.source[: max(within)], encoding="utf-8")
    return path


def article_only(page: Path, folder: Path) -> Path:
    """The page without menus and footer, for printing by LibreOffice, which knows no print style."""
    words = re.sub(r'<div class="(?:nav|footer)">.*?</div>', "", page.read_text(encoding="utf-8"))
    path = folder / f"article_{page.name}"
    path.write_text(words, encoding="utf-8")
    return path


def in_columns(page: Path, folder: Path, columns: int) -> Path:
    """The page set in columns below its title when it is printed, as gazettes set them."""
    style = f"@page{{size:A4}}#zoom{{column-count:{columns};column-gap:2em}}#zoom>:first-child{{column-span:all}}"
    path = folder / f"columns_{page.name}"
    path.write_text(page.read_text(encoding="utf-8").replace("<style>", f"<style>{style}"), encoding="utf-8")
    return path


def office(source: Path, form: str, folder: Path, *options: str) -> Path:
    """Convert a file with LibreOffice; `form` is that of `--convert-to` (`pdf`, `docx:MS Word 2007 XML`)."""
    return offices([source], form, folder, *options)[0]


def offices(sources: Sequence[Path], form: str, folder: Path, *options: str) -> list[Path]:
    """Convert files with LibreOffice in one start."""
    soffice = program("soffice", "libreoffice")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [soffice, profile, "--headless", "--convert-to", form, *options, "--outdir", str(folder)]
    limit = 180 + 20 * len(sources)
    done = subprocess.run([*command, *map(str, sources)], capture_output=True, text=True, timeout=limit, check=False)
    paths = [folder / f"{source.stem}.{form.split(':')[0]}" for source in sources]
    assert all(path.exists() for path in paths), done.stderr
    return paths


def word(page: Path, folder: Path, form: str = "docx:MS Word 2007 XML") -> Path:
    """A web page as a Word document, by LibreOffice."""
    return words([page], folder, form)[0]


def words(pages: Sequence[Path], folder: Path, form: str = "docx:MS Word 2007 XML") -> list[Path]:
    """Web pages as Word documents, by LibreOffice in one start."""
    articles = [article_only(page, folder) for page in pages]
    return offices(articles, form, folder, "--infilter=HTML (StarWriter)")


def printed(page: Path, folder: Path) -> Path:
    """A web page as PDF, by Chromium."""
    path = folder / f"{page.stem}_printed.pdf"
    command = [
        program("chromium", "chromium-browser", "google-chrome"), "--headless", "--no-sandbox", "--disable-gpu",
        f"--user-data-dir={folder}/chromium", "--no-pdf-header-footer", f"--print-to-pdf={path}", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert path.exists(), done.stderr
    return path


def scanned(pdf: Path, folder: Path, pages: int = 100) -> Path:
    """A PDF whose pages are pictures of the pages of another."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    images = [document[i].render(scale=200 / 72).to_pil().convert("L") for i in range(min(pages, len(document)))]
    path = folder / f"{pdf.stem}_scan.pdf"
    images[0].save(path, save_all=True, append_images=images[1:], resolution=200)
    return path


def fixed_layout(plan: Path, folder: Path) -> Path:
    """A plan in text as OFD, by ofdrw."""
    return fixed_layouts([plan], folder)[0]


def fixed_layouts(plans: Sequence[Path], folder: Path) -> list[Path]:
    """Plans in text without tables as OFD, by ofdrw in one run."""
    pom = Path(__file__).parent / "ofd" / "pom.xml"
    arguments, paths = [], []
    for plan in plans:
        text = folder / f"{plan.stem}.utf8"
        text.write_text("\n".join(line.lstrip("# ") for line in _lines(plan)), encoding="utf-8")
        paths.append(folder / f"{plan.stem}.ofd")
        arguments += [str(text), str(paths[-1])]
    command = [
        program("mvn"), "-q", "-B", "-f", str(pom), f"-Dfolder={folder}/maven", "compile", "exec:java",
        f"-Dexec.args={' '.join(arguments)}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert all(path.exists() for path in paths), done.stdout + done.stderr
    return paths
