"""`python benchmarks/readers.py`: pages a second of each reader, on the same plan in all formats.

The files are made as in the tests, by LibreOffice, Chromium, ofdrw and a renderer; what a machine lacks is left out and
said. A page is one of the plan printed by Chromium, whatever the format. Time is processor time of this process, without
extraction; LibreOffice's own is measured by the clock.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def made(plan: Path, folder: Path) -> dict[str, Path]:
    """The plan in each format that can be made here."""
    files = import_module("office_files")
    found: dict[str, Path] = {"text": plan, "web page": files.web_page(plan, folder)}
    if shutil.which("chromium"):
        found["PDF"] = files.printed(found["web page"], folder)
        found["scanned PDF"] = files.scanned(found["PDF"], folder, pages=2)
    if shutil.which("soffice"):
        found["Word"] = files.word(found["web page"], folder)
        found["old Word (LibreOffice)"] = files.word(found["web page"], folder, "doc:MS Word 97")
    if shutil.which("mvn") and plan.suffix == ".txt":
        found["OFD"] = files.fixed_layout(plan, folder)
    return found


def ledger(folder: Path, rows: int = 2_000) -> dict[str, Path]:
    """A ledger of supplies as workbook and as CSV."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("物资")
    lines = [["物资名称", "规格", "数量", "单位", "存放地点", "管理单位"]]
    lines += [[f"排水泵{n}型", f"{n}方", str(n), "台", "东港仓库", "区水利局"] for n in range(1, rows)]
    for line in lines:
        sheet.append(line)
    found = {"Excel": folder / "ledger.xlsx", "CSV": folder / "ledger.csv"}
    book.save(found["Excel"])
    found["CSV"].write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    return found


def measured(path: Path, runs: int, clock: Any) -> float:
    """Seconds of the quickest of some runs."""
    from kg.loaders.text import read

    best = float("inf")
    for _ in range(runs):
        started = clock()
        read(path)
        best = min(best, clock() - started)
    return best


def times(plan: Path, runs: int) -> dict[str, Any]:
    """Pages, or rows of a table, a second of each reader."""
    from kg.loaders.text import read

    result: dict[str, Any] = {"plan": plan.name}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = made(plan, folder)
        pages = read(files["PDF"]).content.pages if "PDF" in files else 1
        result["pages"] = pages
        rates = {}
        for form, path in files.items():
            scanned = form == "scanned PDF"
            clock = time.perf_counter if "LibreOffice" in form else time.process_time
            if not scanned:
                read(path)  # libraries are loaded once
            seconds = measured(path, 1 if scanned or "LibreOffice" in form else runs, clock)
            rates[form] = (2 if scanned else pages) / seconds
        result["pages_per_second"] = rates
        result["rows_per_second"] = {
            form: 2_000 / measured(path, runs, time.process_time) for form, path in ledger(folder).items()
        }
    return result


def lines(result: dict[str, Any]) -> list[str]:
    """The figures for people."""
    found = [f"readers, {result['plan']}, {result['pages']} pages:"]
    found += [f"  {form:26s}{rate:>10,.1f} pages/s" for form, rate in result["pages_per_second"].items()]
    found += [f"  {form:26s}{rate:>10,.0f} rows/s" for form, rate in result["rows_per_second"].items()]
    return found


def main() -> int:
    """The figures of the readers alone."""
    parser = argparse.ArgumentParser(description="Pages a second of each reader.")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the best counts (3)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    result = times(ROOT / "examples" / "plans" / "yunzhu_fangxun_yuan.txt", options.runs)
    print(json.dumps(result, ensure_ascii=False, indent=1) if options.json else "\n".join(lines(result)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
