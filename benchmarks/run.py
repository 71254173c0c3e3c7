"""`make bench`: the speed of extraction beside jieba's on the same text in the same run, and the time of each query.

Runs on the sample plans, and on the real plans where `../shared` (or `KG_SHARED`) is there. Extraction and jieba take
turns plan by plan on one core and are measured in processor time, queries by the clock; of several runs the best counts,
since the others measure what else the machine does.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import analysis
import questions as asked
import rdf
import readers

if TYPE_CHECKING:
    from kg.loaders import Document

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")


def best(work: Callable[[], object], runs: int) -> float:
    """Seconds of the quickest of some runs."""
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def plan_files(folder: Path) -> list[Path]:
    """The text files of a folder, without its README."""
    return sorted(path for path in folder.glob("*") if path.suffix in {".txt", ".md"} and path.stem != "README")


ROUNDS = 10
"""Times that each plan is loaded, extracted and cut."""


def speeds(files: list[Path]) -> dict[str, Any]:
    """Characters per second of loading, of extraction, and of jieba, over the same texts: of each plan the best of `ROUNDS`."""
    import jieba
    import jieba.posseg

    from kg.extraction import extract
    from kg.loaders import load

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    documents = [load(path) for path in files]
    for document in documents:  # vocabularies are read once a process
        extract(document)
    list(jieba.posseg.cut(documents[0].text[:100]))

    steps: dict[str, Callable[[Path, Document], object]] = {
        "load": lambda file, document: load(file),
        "extract": lambda file, document: extract(document),
        "jieba.cut": lambda file, document: list(jieba.cut(document.text)),
        "jieba.posseg": lambda file, document: list(jieba.posseg.cut(document.text)),
    }
    seconds = {name: [float("inf")] * len(files) for name in steps}
    for _ in range(ROUNDS):
        for number, (file, document) in enumerate(zip(files, documents, strict=True)):
            for name, work in steps.items():  # in turns, so that what slows the machine for a while slows all of them
                started = time.process_time()
                work(file, document)
                seconds[name][number] = min(seconds[name][number], time.process_time() - started)
    characters = sum(len(document.text) for document in documents)
    rates = {name: characters / sum(values) for name, values in seconds.items()}
    rates["load + extract"] = characters / (sum(seconds["load"]) + sum(seconds["extract"]))
    return {"plans": len(files), "characters": characters, "per_second": rates}


def query_times(files: list[Path], runs: int) -> dict[str, Any]:
    """Seconds to build a store in memory from the files, and of each question to it."""
    from kg import building

    started = time.perf_counter()
    graph = building.build(files)
    seconds = time.perf_counter() - started
    with graph:
        plan = str(graph.plans()["id"].iloc[0])
        questions: dict[str, Callable[[], object]] = {
            "who 防汛物资": lambda: graph.who_is_responsible("防汛物资"),
            "who 安全生产": lambda: graph.who_is_responsible("安全生产"),
            "shared --by tasks": lambda: graph.shared_owners(),
            "shared --by pairs": lambda: graph.shared_owners(by="pairs"),
            "shared --by load": lambda: graph.shared_owners(by="load"),
            "gaps (one plan)": lambda: graph.uncovered(plan),
            "plans": graph.plans,
        }
        times = {name: best(ask, runs) for name, ask in questions.items()}
        beside = asked.times(graph, best, runs)
    return {"build": seconds, "queries": times, "beside": beside}


def import_times(runs: int) -> dict[str, float]:
    """Seconds of processor time to start Python and import a package, beside Python alone and pandas, in turns."""
    found: dict[str, float] = {}
    for _ in range(runs):
        for name, code in (("python alone", "pass"), ("import kg", "import kg"), ("import pandas", "import pandas")):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            found[name] = min(found.get(name, took), took)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of extraction beside jieba, and the time of each query.")
    parser.add_argument("--runs", type=int, default=3, help="runs of a query or reader of which the best counts (3)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")

    sets = {"sample plans": ROOT / "examples" / "plans"}
    if (SHARED / "plans").is_dir():
        sets["real plans"] = SHARED / "plans"
    else:
        print(f"the real plans are absent ({SHARED / 'plans'}): only the sample plans are measured", file=sys.stderr)
    results = {}
    for name, folder in sets.items():
        files = plan_files(folder)
        results[name] = (
            speeds(files) | query_times(files, options.runs) | rdf.times(files) | analysis.times(files, options.runs)
        )
    results["readers"] = readers.times(ROOT / "examples" / "plans" / "yunzhu_fangxun_yuan.txt", options.runs)
    results["imports"] = import_times(options.runs)
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=1))
        return 0
    print(f"Python {platform.python_version()} on {platform.machine()}, one core")
    print(f"best of {ROUNDS} for speeds, of {options.runs} for all else")
    print("\n" + "\n".join(f"{name:16s}{seconds:8.2f} s" for name, seconds in results.pop("imports").items()))
    print("\n" + "\n".join(readers.lines(results.pop("readers"))))
    for name, result in results.items():
        print(f"\n{name}: {result['plans']} plans, {result['characters']:,} characters")
        rates = result["per_second"]
        for step in ("extract", "load + extract", "load", "jieba.cut", "jieba.posseg"):
            beside = "  ".join(
                f"{rates[step] / rates[other]:7.2f} of {other}" for other in ("jieba.cut", "jieba.posseg")
            )
            print(f"  {step:16s}{rates[step]:>12,.0f} characters/s  {beside}")
        print(f"  {'build in memory':22s}{result['build']:8.2f} s   (all processes)")
        for question, seconds in result["queries"].items():
            print(f"  {question:22s}{seconds * 1000:8.1f} ms")
        for line in (
            *asked.lines(result["beside"]), *analysis.lines(result["analysis"]), *rdf.lines(result["rdf"]),
        ):  # fmt: skip
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
