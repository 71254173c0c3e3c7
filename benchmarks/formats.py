"""`python benchmarks/formats.py`: how far a plan gives the same tasks and owners in every format as it does as text.

The files are made as in the tests, by LibreOffice, Chromium, ofdrw and a renderer, of the sample plans and, where `KG_SHARED`
names them, of the real ones; `--keep FOLDER` keeps them, and takes those that are there. A task counts where its words,
status, deadline and all owners with their roles are those of the text; an owner where it stands in the same role.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

FORMATS = ("html", "docx", "pdf", "libreoffice", "ofd", "scan")


def plans(names: list[str]) -> list[Path]:
    """The sample plans and the real ones whose names begin with one of these, all where there are none."""
    found = [path for path in sorted((ROOT / "examples" / "plans").iterdir()) if path.suffix in (".txt", ".md")]
    if shared := os.environ.get("KG_SHARED"):
        found += sorted(Path(shared, "plans").glob("*.txt"))
    return [path for path in found if not names or path.name.startswith(tuple(names))]


def made(plan: Path, form: str, folder: Path) -> Path:
    """The plan in one format."""
    files = import_module("office_files")
    paths: dict[str, tuple[str, Callable[[], Path]]] = {
        "html": (f"{plan.stem}.html", lambda: files.web_page(plan, folder)),
        "docx": (f"article_{plan.stem}.docx", lambda: files.word(made(plan, "html", folder), folder)),
        "pdf": (f"{plan.stem}_printed.pdf", lambda: files.printed(made(plan, "html", folder), folder)),
        "libreoffice": (
            f"article_{plan.stem}.pdf",
            lambda: files.office(made(plan, "docx", folder), "pdf", folder),
        ),
        "ofd": (f"{plan.stem}.ofd", lambda: files.fixed_layout(plan, folder)),
        "scan": (
            f"{plan.stem}_printed_scan.pdf",
            lambda: files.scanned(made(plan, "pdf", folder), folder),
        ),
    }
    name, make = paths[form]
    return folder / name if (folder / name).exists() else make()


def compared(wanted: Any, got: Any) -> dict[str, int]:
    """Tasks and owners of the text, how many of them are there in the other format, and how many are there beyond."""
    agree = import_module("test_readers_agree")
    tasks, found = Counter(agree.rows(wanted)), Counter(agree.rows(got))
    owners, named = agree.owners(wanted), agree.owners(got)
    return {
        "tasks": tasks.total(), "same_tasks": (tasks & found).total(), "other_tasks": (found - tasks).total(),
        "owners": owners.total(), "same_owners": (owners & named).total(), "other_owners": (named - owners).total(),
    }  # fmt: skip


def misses(wanted: Any, got: Any) -> Iterator[str]:
    """The tasks that differ, with the sign of the side on which they stand."""
    agree = import_module("test_readers_agree")
    tasks, found = Counter(agree.rows(wanted)), Counter(agree.rows(got))
    yield from (f"    - {row}" for row in tasks - found)
    yield from (f"    + {row}" for row in found - tasks)


def line(name: str, form: str, figures: dict[str, int]) -> str:
    """The figures of one file for people."""
    f = figures
    return (
        f"{form:12s}{name[:34]:36s}tasks {f['same_tasks']:5d}/{f['tasks']:<5d} +{f['other_tasks']:<4d}"
        f"owners {f['same_owners']:5d}/{f['owners']:<5d} +{f['other_owners']:<4d}"
    )


def main() -> int:
    """The figures by plan and format, and by format."""
    from kg.extraction import extract
    from kg.loaders import load

    parser = argparse.ArgumentParser(description="The same plan in every format.")
    parser.add_argument("plans", nargs="*", help="how the names of the plans begin (all plans)")
    parser.add_argument("--formats", default=",".join(FORMATS[:-1]), help=f"some of {','.join(FORMATS)} (all but scan)")
    parser.add_argument("--characters", type=int, help="only the sections within so many characters of each plan (all)")
    parser.add_argument("--keep", type=Path, help="a folder for the files that are made")
    parser.add_argument("--misses", action="store_true", help="print the tasks that differ")
    options = parser.parse_args()
    totals: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(exist_ok=True)
        for plan in plans(options.plans):
            if options.characters:
                plan = import_module("office_files").beginning(plan, folder, options.characters)
            wanted = extract(load(plan))
            for form in options.formats.split(","):
                if form == "ofd" and import_module("office_files").has_tables(plan):
                    print(f"{form:12s}{plan.stem[:34]:36s}left out: the writer of OFD writes no tables", flush=True)
                    continue
                got = extract(load(made(plan, form, folder)))
                figures = compared(wanted, got)
                totals.setdefault(form, Counter()).update(figures)
                print(line(plan.stem, form, figures), flush=True)
                if options.misses:
                    print("\n".join(misses(wanted, got)), flush=True)
    for form, figures in totals.items():
        print(line("all", form, dict(figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
