"""The command `kg`.

Answers go to standard output, progress and messages to standard error. Exit codes: 0 done, 1 the input was bad (one
line says which file, where, what to do), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, KgError, UsageError

if TYPE_CHECKING:
    import pandas

    from kg.building import BuildReport, Reading
    from kg.graph import Graph

__all__ = ["main"]

MAX_SIZE = 20_000_000
"""Largest text that is read unless `--max-size` says otherwise, in bytes."""

BY = (
    "tasks", "pairs", "load", "hazards", "deadlines", "groups", "network", "communities", "bridges", "single", "leads",
    "no_lead",
)  # fmt: skip
"""What a row of `kg shared` may be."""

_EXPORTS = ("csv", "graphml", "html", "jsonld", "neo4j-browser", "neo4j-csv", "nt", "trig", "ttl", "xlsx")
_LEAST_WIDTH = 80
_UNITS = {"": 1, "B": 1, "K": 1_000, "KB": 1_000, "M": 1_000_000, "MB": 1_000_000, "G": 10**9, "GB": 10**9}


# what every command uses


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _size(text: str) -> int:
    """`20MB`, `500KB` or a number of bytes.

    >>> _size("20MB"), _size("1.5 kb"), _size("300")
    (20000000, 1500, 300)
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?|\d+(?:_\d+)+)\s*([KMG]?B?)", text.strip().upper())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write a number of bytes, or 500KB, 20MB, 1GB")
    return int(float(match[1]) * _UNITS[match[2]])


def _count(text: str) -> int:
    """A number of things, at least one.

    >>> _count("3")
    3
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of things; write 1 or more")
    return int(text)


def _parameter(text: str) -> tuple[str, Any]:
    """`name=value` of `kg cypher --param`; the value is read as JSON where it is JSON, else as text."""
    import json

    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is no parameter; write name=value")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _reading(options: argparse.Namespace) -> Reading:
    """The limits and the mapping of a command that reads files."""
    from kg.building import Reading

    return Reading(options.max_size, options.max_pages, options.max_time, options.max_memory, options.mapping)


def _open(options: argparse.Namespace) -> Graph:
    from kg import building

    if options.graph is not None:
        return building.open(options.graph)
    if options.uri is None and not os.environ.get("NEO4J_URI"):
        raise UsageError("name the graph: --graph FILE, or --uri neo4j://HOST:7687 (or set NEO4J_URI)")
    return building.connect(options.uri)


def _print(
    frame: pandas.DataFrame,
    options: argparse.Namespace,
    columns: Sequence[str] | None = None,
    graph: Graph | None = None,
) -> None:
    """Print an answer in the form asked for; a table shows `columns` only, and plans by their titles."""
    from kg.views.table import render
    from kg.views.titles import plan_titles

    if options.format == "table" and graph is not None and "plan" in frame and len(frame):
        frame = frame.assign(plan=frame["plan"].map(plan_titles(graph)).fillna(frame["plan"]))
    if columns is not None and "position" in frame and not frame["position"].notna().any():
        columns = [name for name in columns if name != "position"]  # plain text has none
    sys.stdout.write(render(frame, options.format, columns=columns, width=_width()))


def _width() -> int:
    """Columns of the terminal; of a wide one where the output goes elsewhere."""
    return max(_LEAST_WIDTH, shutil.get_terminal_size((160, 24)).columns)


class _Progress:
    """Tells how far long work is: on one line of a terminal, else a line every ten seconds."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int, name: str = "") -> None:
        if self._terminal:
            print(f"\r\x1b[K{done}/{total} {name}", end="", file=sys.stderr, flush=True)
            self._shown = True
        elif time.monotonic() - self._last >= 10:
            self._last = time.monotonic()
            _say(f"{done}/{total} {name}")

    def close(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def _progress() -> Iterator[_Progress]:
    progress = _Progress()
    try:
        yield progress
    finally:
        progress.close()


def _warn(warnings: Iterable[str]) -> None:
    """Say each kind of warning of a file (`file: kind: …`) once, with the number of its cases."""
    kinds: dict[tuple[str, ...], list[str]] = {}
    for warning in warnings:
        kinds.setdefault(tuple(warning.split(": ")[:2]), []).append(warning)
    for cases in kinds.values():
        more = f" (and {len(cases) - 1} more of this kind)" if len(cases) > 1 else ""
        _say(f"warning: {cases[0]}{more}")


def _tell(report: BuildReport, where: str | None = None) -> None:
    """Say what a build did: each file that was left out, each warning, and the numbers."""
    for built in report.built:
        _say(f"read: {built.line()}")
    for one in report.left_out:
        _say(f"left out ({one.reason}): {one.message}")
    mobile, identity = (sum(one.masked[kind] for one in report.built) for kind in (0, 1))
    if mobile or identity:
        _say(f"masked: {mobile} mobile and {identity} identity numbers (--keep-numbers keeps them)")
    _warn(report.warnings)
    if where is not None:
        plans, tasks = len(report.built), sum(one.tasks for one in report.built)
        made = f", {report.corrected} facts corrected" if report.corrected else ""
        _say(f"{where}: {plans} plans with {tasks} tasks built, {len(report.left_out)} files left out{made}")


# the commands


def _build(options: argparse.Namespace) -> int:
    from kg import building

    with _progress() as progress:
        graph = building.build(
            options.paths,
            out=options.out,
            replace=options.replace,
            strict=options.strict,
            aliases=options.aliases,
            progress=progress,
            workers=options.workers,
            reading=_reading(options),
            keep_numbers=options.keep_numbers,
        )
    with graph:
        _tell(graph.report, options.out)
    return 0


def _add(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        report = graph.add(
            *options.paths,
            strict=options.strict,
            aliases=options.aliases,
            workers=options.workers,
            reading=_reading(options),
            keep_numbers=options.keep_numbers,
        )
        _tell(report, options.graph or options.uri or os.environ["NEO4J_URI"])
    return 0


def _remove(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        _say(f"removed {graph.remove(options.plan)}")
    return 0


def _extract(options: argparse.Namespace) -> int:
    from kg import building
    from kg.extraction.serialise import to_json
    from kg.views.facts_tables import tasks_frame

    facts = building.extract_apart(options.file, _reading(options))
    _warn(f"{facts.source}: {warning}" for warning in facts.warnings)
    if options.format == "json":
        print(to_json(facts))
    else:
        _print(tasks_frame(facts), options, ["task", "status", "owners", "hazards", "deadline", "start", "end"])
    if options.explain:
        from kg.extraction.explanation import explanation

        sys.stdout.flush()
        _say(explanation(facts))
    return 0


def _plans(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        if options.left_out:
            _print(graph.left_out(), options)
        else:
            columns = ["title", "kind", "issuer", "period_start", "period_end", "source", "tasks", "owned", "id"]
            _print(graph.plans(), options, columns)
    return 0


def _entities(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        frame = graph.entities(type=options.type, plan=options.plan, ambiguous=options.ambiguous)
        columns = ["label", "name", "place", "reason", "candidates", "mentions", "id"]
        if not options.ambiguous:
            columns = ["label", "name", "aliases", "place", "plans", "mentions", "id"]
        if options.format == "table":
            frame["plans"] = frame["plans"].map(len)
        _print(frame, options, columns)
    return 0


def _who(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        frame = graph.who_is_responsible(
            options.topic,
            plan=options.plan,
            role=options.role,
            level=options.level,
            status=options.status,
            place=options.place,
        )
        if frame.empty:
            nearest = frame.attrs.get("nearest") or []
            hint = f"the nearest topics: {'、'.join(nearest)}" if nearest else "nothing like it stands in this graph"
            _say(f"no task is found for {options.topic!r}; {hint}")
        columns = ["owner", "parent", "role", "task", "section", "plan", "deadline", "position", "start", "end"]
        _print(frame, options, columns, graph)
    return 0


def _duties(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        frame = graph.duties_of(options.agency, plan=options.plan, addressed=options.addressed)
        if frame.empty:
            _say(f"no task of {options.agency!r} is found; {_nearest(frame)}")
        columns = ["owner", "parent", "role", "task", "others", "deadline", "section", "plan", "start", "end"]
        _print(frame, options, columns, graph)
    return 0


def _nearest(frame: pandas.DataFrame) -> str:
    nearest = frame.attrs.get("nearest") or []
    return f"the nearest names: {'、'.join(nearest)}" if nearest else "nothing like it stands in this graph"


def _tasks(options: argparse.Namespace) -> int:
    owned = {"yes": True, "no": False, None: None}[options.owned]
    with _open(options) as graph:
        frame = graph.tasks(plan=options.plan, status=options.status, owned=owned, only_supports=options.only_supports)
        columns = ["task", "leads", "responsible", "supports", "deadline", "section", "plan", "position"]
        columns += ["start", "end"]
        _print(frame, options, columns, graph)
    return 0


def _resources(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        frame = graph.resources(options.kind, options.hazard, options.place, plan=options.plan)
        if frame.empty:
            _say(f"no such resource is found; {_nearest(frame)}")
        columns = ["resource", "kind", "hazards", "managed_by", "used_by", "deadline", "plan", "quote", "position"]
        columns += ["start", "end"]
        _print(frame, options, columns, graph)
    return 0


def _mentions(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        frame = graph.mentions(options.name, type=options.type, plan=options.plan)
        _print(frame, options, ["label", "name", "quote", "section", "plan", "start", "end"], graph)
    return 0


def _relations(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        frame = graph.relations_of(options.unit, plan=options.plan)
        _print(frame, options, ["unit", "relation", "other", "quote", "plan", "start", "end"], graph)
    return 0


def _ask(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        answer = graph.ask(options.question)
        if answer.declined:
            nearest = "; ".join(answer.nearest)
            raise UsageError(f"not understood: {answer.text}: {answer.reason}; you can ask: {nearest}")
        told = f"{answer.understood}\n{answer.call}\n\n{answer.cypher}\n"
        if options.format == "table":
            print(told)
        else:
            _say(told)
        shown = [name for name in answer.frame.columns if name not in _HIDDEN] if options.format == "table" else None
        _print(answer.frame, options, shown, graph)
    return 0


_HIDDEN = (
    "parent", "generic", "basis", "status", "response_level", "hazards", "resources", "quote", "owner_quote", "owner_start",
    "owner_end", "owner_position", "why", "place", "statement", "alone", "deadline_date", "cites", "id", "searched", "demand", "type",
    "section_a", "section_b", "start_a", "end_a", "start_b", "end_b", "score", "sha256", "doc_number",
)  # fmt: skip
"""Columns that a table of `kg ask` leaves to `--format json`."""


def _report(options: argparse.Namespace) -> int:
    target = _writable(Path(options.file))
    with _open(options) as graph:
        graph.to_report(options.plan, target, options.to, language=options.language, at=options.at)
    _say(f"written: {target}")
    return 0


def _writable(target: Path) -> Path:
    if target.is_dir():
        raise UsageError(f"{target}: is a folder; give the name of the file")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"{target}: its folder does not exist; make it first")
    return target


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2025-06-30") from None


def _shared(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        frame = graph.shared_owners(plan=options.plan, by=options.by, owners=options.owner)
        columns = [name for name in frame.columns if name not in ("quote", "section")] if "quote" in frame else None
        _print(frame, options, columns, graph)
    return 0


def _gaps(options: argparse.Namespace) -> int:
    from kg.views.table import readable_gaps

    with _open(options) as graph:
        frame = graph.uncovered(options.plan, options.against)
        if options.format == "table":
            frame = readable_gaps(frame)
        _print(frame, options, ["ground", "item", "state", "demand", "section", "start", "end", "why"], graph)
    return 0


def _compare(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        frame = graph.compare(options.a, options.b)
        counts = frame["change"].value_counts(sort=False)
        _say(", ".join(f"{count} {change}" for change, count in counts.items()) or "neither plan holds a task")
        _print(frame, options, ["change", "what", "task_a", "task_b", "score", "why"], graph)
    return 0


def _timeline(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        columns = ["date", "deadline", "state", "task", "owners", "plan", "start", "end"]
        _print(graph.timeline(options.plan, options.at), options, columns, graph)
    return 0


def _targets(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        columns = ["measure", "comparator", "value", "unit", "reported", "owners", "section", "plan", "start", "end"]
        _print(graph.targets(options.plan), options, columns, graph)
    return 0


def _cypher(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        _print(graph.cypher(options.query, dict(options.param)), options)
    return 0


def _sparql(options: argparse.Namespace) -> int:
    with _open(options) as graph:
        _print(graph.sparql(options.query, dict(options.param)), options)
    return 0


def _check(options: argparse.Namespace) -> int:
    from kg.queries.frames import frame
    from kg.store.rdf import FINDING_COLUMNS, check_dataset, check_file, dataset

    stored = options.graph is not None or options.uri is not None
    if stored and options.file is not None or not (stored or options.file or os.environ.get("NEO4J_URI")):
        raise UsageError("name what to check: --graph STORE, --uri SERVER, or an RDF file")
    if options.file is None:
        with _open(options) as graph:
            report = check_dataset(dataset(graph.store))
    else:
        report = check_file(options.file)
    if options.format == "table":
        print(report.text())
    else:
        _print(frame((one.row() for one in report.findings), FINDING_COLUMNS), options)
    return 0 if report.conforms else InputError.exit_code


def _export(options: argparse.Namespace) -> int:
    from kg.store.neo4j import COMMAND, to_neo4j_csv
    from kg.store.rdf import FORMATS
    from kg.views import to_csv, to_excel, to_graphml, to_neo4j_browser

    writers: dict[str, Callable[[Graph, Path], object]] = {"csv": to_csv, "graphml": to_graphml, "xlsx": to_excel}
    writers["neo4j-browser"] = to_neo4j_browser
    writers["neo4j-csv"] = lambda graph, path: to_neo4j_csv(graph.store, path)
    for form in FORMATS:
        writers[form] = lambda graph, path, form=form: graph.to_rdf(path, form)  # type: ignore[misc]
    page = {name: getattr(options, name) for name in ("plan", "focus", "renderer", "lang") if getattr(options, name)}
    if page and options.to != "html":
        raise UsageError(f"--{next(iter(page))} goes with --to html only")
    writers["html"] = lambda graph, path: graph.to_html(path, **page)
    target = Path(options.file)
    if options.to not in ("csv", "neo4j-browser", "neo4j-csv") and target.is_dir():
        raise UsageError(f"{target}: is a folder; give the name of the {options.to} file")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"{target}: its folder does not exist; make it first")
    with _open(options) as graph:
        writers[options.to](graph, target)
    _say(f"written: {target}")
    if options.to == "neo4j-csv":
        _say(f"with the server stopped: cd {target} && {COMMAND}")
    return 0


def _push(options: argparse.Namespace) -> int:
    from kg import building

    with building.open(options.graph) as graph, _progress() as progress:
        pushed = graph.to_neo4j(
            options.uri, plan=options.plan, again=options.again, check=not options.no_check, progress=progress
        )
    _say(str(pushed))
    return 0


def _eval(options: argparse.Namespace) -> int:
    import json

    from kg.extraction.evaluation import evaluate

    with _progress() as progress:
        scores = evaluate(options.gold, options.plans, progress=progress)
    if options.json:
        total = {measure: tally.figures()._asdict() for measure, tally in scores.total.items()}
        plans = {
            source: {measure: tally.figures()._asdict() for measure, tally in tallies.items()}
            for source, tallies in scores.plans.items()
        }
        print(json.dumps({"total": total, "plans": plans} if options.by_plan else total, ensure_ascii=False, indent=1))
        return 0
    for measure, tally in scores.total.items():
        precision, recall, f1, gold, out = tally.figures()
        print(f"{measure:18s} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}   ({gold} in gold, {out} in output)")
        if options.misses:
            for mark, items in (("-", tally.missed), ("+", tally.wrong)):
                for item in items:
                    print(f"    {mark} {item}")
    if len(scores.plans) > 1:
        print("\nF1 by plan")
        for number, source in enumerate(scores.plans, start=1):
            print(f"  [{number}] {source}")
        print(f"{'':18s}" + "".join(f"{f'[{number}]':>8s}" for number in range(1, len(scores.plans) + 1)))
        for measure in scores.total:
            cells = [tallies[measure].figures().f1 if measure in tallies else None for tallies in scores.plans.values()]
            print(f"{measure:18s}" + "".join(f"{'-' if f1 is None else f'{f1:.3f}':>8s}" for f1 in cells))
    return 0


def _demo(options: argparse.Namespace) -> int:
    from kg.demo import demo

    return demo(Path(options.out), width=_width())


# the parser


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kg",
        description="Emergency plans as a knowledge graph: who must do what, against which hazard, with what.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    rows = argparse.ArgumentParser(add_help=False)
    rows.add_argument("--format", choices=("table", "json", "csv"), default="table", help="form of the rows")
    graph = argparse.ArgumentParser(add_help=False)
    held = graph.add_mutually_exclusive_group()
    held.add_argument("--graph", metavar="FILE", help="the store, as made by kg build")
    held.add_argument(
        "--uri", metavar="URI", help="a Neo4j server that kg push filled (NEO4J_URI where neither is given)"
    )
    reading = argparse.ArgumentParser(add_help=False)
    reading.add_argument(
        "--max-size", type=_size, default=MAX_SIZE, metavar="SIZE", help="largest text that is read (20MB)"
    )
    reading.add_argument("--max-pages", type=_count, metavar="N", help="most pages that are read of a file (1000)")
    reading.add_argument("--max-time", type=float, metavar="SECONDS", help="longest work on one file (300)")
    reading.add_argument("--max-memory", type=_size, metavar="SIZE", help="most memory for one file (2GB)")
    reading.add_argument("--mapping", metavar="FILE", help="what columns of tables hold, as YAML")
    many = argparse.ArgumentParser(add_help=False)
    many.add_argument("--workers", type=_count, metavar="N", help="processes that read side by side (one a core)")
    many.add_argument("--keep-numbers", action="store_true", help="keep mobile and identity numbers; else masked")
    plan_help = "id, file name, title, or words that all stand in title, place, issuer or period"

    def command(
        name: str, run: Callable[[argparse.Namespace], int], help: str, *parents: Any
    ) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=help, description=help, parents=list(parents))
        one.set_defaults(run=run)
        return one

    one = command("build", _build, "make a store from plans", reading, many)
    one.add_argument("paths", nargs="+", metavar="PATH", help="files and folders")
    one.add_argument("--out", required=True, metavar="FILE", help="the store to make")
    one.add_argument("--replace", action="store_true", help="replace an existing store")
    one.add_argument("--strict", action="store_true", help="exit 1 when anything was left out")
    one.add_argument("--aliases", metavar="FILE", help="names that mean the same, as CSV: name,place,same_as")

    one = command("add", _add, "add plans to a store; a plan that it holds is replaced", graph, reading, many)
    one.add_argument("paths", nargs="+", metavar="PATH", help="files and folders")
    one.add_argument("--strict", action="store_true", help="exit 1 when anything was left out")
    one.add_argument("--aliases", metavar="FILE", help="names that mean the same, as CSV: name,place,same_as")

    one = command("remove", _remove, "remove a plan from a store", graph)
    one.add_argument("plan", metavar="PLAN", help=plan_help)

    one = command("extract", _extract, "print the facts of one plan, without a store", rows, reading)
    one.add_argument("file", metavar="FILE")
    one.add_argument("--explain", action="store_true", help="report on standard error what each rule made and rejected")

    one = command("plans", _plans, "list the plans of a store", rows, graph)
    one.add_argument("--left-out", action="store_true", help="list the files that were not built, with the reason")

    one = command("entities", _entities, "list units, things and places; what could not be settled", rows, graph)
    one.add_argument("--type", metavar="LABEL", help="only this label: Agency, Committee, Team, Place, …")
    one.add_argument("--plan", metavar="PLAN", help=plan_help)
    one.add_argument("--ambiguous", action="store_true", help="only names that stay apart, with reason and candidates")

    one = command("who", _who, "who is responsible for a topic", rows, graph)
    one.add_argument("topic", metavar="TOPIC", help="a hazard, supply, team, activity or other words: 防汛物资")
    one.add_argument("--plan", metavar="PLAN", help=plan_help)
    one.add_argument("--role", choices=("lead", "responsible", "support"))
    one.add_argument("--level", metavar="LEVEL", help="response level: Ⅰ to Ⅳ, or 1 to 4")
    one.add_argument("--status", choices=("planned", "reported", "duty"))
    one.add_argument("--place", metavar="WORDS", help="only plans of places whose name holds these words")

    one = command("shared", _shared, "which tasks share owners", rows, graph)
    one.add_argument("--plan", metavar="PLAN", help=plan_help)
    one.add_argument("--by", choices=BY, default="tasks", help="what a row is (tasks)")
    one.add_argument(
        "--owner", action="append", default=[], metavar="UNIT", help="only tasks that all units named so share"
    )

    one = command("duties", _duties, "all that one unit answers for", rows, graph)
    one.add_argument("agency", metavar="UNIT", help="an agency, a committee, a section or a team")
    one.add_argument("--plan", metavar="PLAN", help=plan_help)
    one.add_argument("--addressed", action="store_true", help="also tasks in which it is only urged or guided")

    one = command("tasks", _tasks, "the ledger of tasks", rows, graph)
    one.add_argument("--plan", metavar="PLAN", help=plan_help)
    one.add_argument("--status", choices=("planned", "reported", "duty"))
    one.add_argument("--owned", choices=("yes", "no"), help="only tasks that name an owner, or that name none")
    one.add_argument("--only-supports", action="store_true", help="only tasks in which the plan's units support others")

    one = command("resources", _resources, "teams, supplies, facilities and systems", rows, graph)
    one.add_argument("--kind", metavar="KIND", help="Team, Supply, Facility, System, or words: 队伍, 物资, 消防队")
    one.add_argument("--hazard", metavar="HAZARD", help="only what this hazard can draw on: 防汛, 森林火灾")
    one.add_argument("--plan", metavar="PLAN", help=plan_help)
    one.add_argument("--place", metavar="WORDS", help="only plans of places whose name holds these words")

    one = command("mentions", _mentions, "where things are named, word for word", rows, graph)
    one.add_argument("name", nargs="?", metavar="WORDS", help="words of the thing's name")
    one.add_argument("--type", metavar="LABEL", help="only this label: Committee, Regulation, Hazard, …")
    one.add_argument("--plan", metavar="PLAN", help=plan_help)

    one = command("relations", _relations, "how a unit belongs to others", rows, graph)
    one.add_argument("unit", metavar="UNIT", help="an agency, a committee, a section or a team")
    one.add_argument("--plan", metavar="PLAN", help=plan_help)

    one = command("ask", _ask, "a plain question in Chinese or English", rows, graph)
    one.add_argument(
        "question", metavar="QUESTION", help="谁负责防汛物资储备? Which tasks have no owner in 云渚区 2025?"
    )

    one = command("report", _report, "a report on one plan: ledger, coverage, shared owners, timeline, sources", graph)
    one.add_argument("plan", metavar="PLAN", help=plan_help)
    one.add_argument("--to", required=True, choices=("xlsx", "html", "docx"))
    one.add_argument("file", metavar="FILE", help="the file to write")
    one.add_argument("--language", choices=("zh", "en"), default="zh", help="of captions; the plan's words stay (zh)")
    one.add_argument("--at", type=_day, metavar="DATE", help="the day on which to look for what is overdue (today)")

    one = command("gaps", _gaps, "what a plan leaves uncovered", rows, graph)
    one.add_argument("plan", metavar="PLAN", help=plan_help)
    one.add_argument(
        "--against", action="append", metavar="PLAN", help="what another plan assigns and this one does not; repeatable"
    )

    one = command(
        "compare", _compare, "two plans side by side: tasks kept, changed, dropped, new; targets", rows, graph
    )
    one.add_argument("a", metavar="A", help=plan_help)
    one.add_argument("b", metavar="B", help=plan_help)

    one = command("timeline", _timeline, "tasks by deadline, due and overdue", rows, graph)
    one.add_argument("plan", nargs="?", metavar="PLAN", help=plan_help)
    one.add_argument("--at", metavar="DATE", help="the day on which to look, as 2025-06-30; today without it")

    one = command("targets", _targets, "targets by measure, beside the figure reported before", rows, graph)
    one.add_argument("plan", nargs="?", metavar="PLAN", help=plan_help)

    one = command("cypher", _cypher, "run a Cypher query", rows, graph)
    one.add_argument("query", metavar="QUERY")
    one.add_argument(
        "--param", type=_parameter, action="append", default=[], metavar="NAME=VALUE", help="a value for $NAME (JSON)"
    )

    one = command("sparql", _sparql, "run a SPARQL query", rows, graph)
    one.add_argument("query", metavar="QUERY", help="the query, an .rq file, or the name of a saved query")
    one.add_argument(
        "--param", type=_parameter, action="append", default=[], metavar="NAME=VALUE", help="a value for ?NAME (JSON)"
    )

    one = command("check", _check, "check a store or an RDF file against the shapes", rows, graph)
    one.add_argument("file", nargs="?", metavar="FILE", help="an RDF file: a graph that kg export wrote, a vocabulary")

    one = command("push", _push, "write a store to a Neo4j server; a plan that it holds is replaced")
    one.add_argument("--graph", required=True, metavar="FILE", help="the store, as made by kg build")
    one.add_argument("--uri", metavar="URI", help="neo4j://HOST:7687, neo4j+s:// with TLS; NEO4J_URI where not given")
    one.add_argument("--plan", metavar="PLAN", help=f"only this plan: {plan_help}")
    one.add_argument("--again", action="store_true", help="write plans too that are there unchanged")
    one.add_argument("--no-check", action="store_true", help="do not check the store against the shapes first")

    one = command("export", _export, "write the graph as a page, RDF, CSV files, GraphML or an Excel workbook", graph)
    one.add_argument("--to", required=True, choices=_EXPORTS)
    one.add_argument("file", metavar="FILE", help="the file to write; a folder for csv, neo4j-csv, neo4j-browser")
    one.add_argument("--plan", metavar="PLAN", help=f"html: only this plan ({plan_help})")
    one.add_argument("--focus", metavar="NAME", help="html: the unit, hazard or other node on which the page opens")
    one.add_argument(
        "--renderer", choices=("auto", "canvas", "pyvis"), help="html: what paints (pyvis up to 300 nodes)"
    )
    one.add_argument("--lang", choices=("zh", "en"), help="html: language of the captions (zh)")

    one = command("eval", _eval, "score extraction against annotated plans (docs/annotating.md)")
    one.add_argument("gold", metavar="GOLD_DIR", help="folder with annotations (*.json)")
    one.add_argument("--plans", metavar="DIR", help="where the plans are; found beside GOLD_DIR where it is not given")
    one.add_argument("--misses", action="store_true", help="list what was missed (-) and what was wrong (+)")
    one.add_argument("--json", action="store_true", help="print the figures as JSON")
    one.add_argument("--by-plan", action="store_true", help="with --json: the figures of each plan too")

    one = command("demo", _demo, "build the sample plans, print three answers, write a workbook")
    one.add_argument("--out", default="demo-out", metavar="DIR", help="where the store and the workbook go")
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"kg {version('emergency-kg')}"
    except PackageNotFoundError:  # run from a folder that was never installed
        return "kg (not installed)"


def _speak_utf8() -> None:
    """UTF-8 whatever the console; what cannot be encoded (broken file names) is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    _speak_utf8()
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except KgError as error:
        report = getattr(error, "report", None)  # of a build that came to nothing
        if report is not None and len(report.left_out) != 1:  # of one file alone the error says it
            _tell(report)
        _say(f"kg: {error}")
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has gone (kg who … | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"kg: {where}{error.strerror or error}; check that it exists and may be read or written")
        return InputError.exit_code
    except KeyboardInterrupt:
        _say("kg: stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main())
