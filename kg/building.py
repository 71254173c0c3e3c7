"""From files to a graph: `extract`, `build`, `add`, `open`.

Files that are not built are left out with a reason code, in the report and in the store:

| reason | what |
|---|---|
| missing | no such file or folder |
| empty, binary, unknown_encoding, too_large, … | what the loader says of the file (`UnreadableFile.reason`) |
| not_a_plan | no task is found in it and its title names no kind of plan, or it is a README or LICENSE |
| same_plan | another file of this build gave a plan with the same id |
| invalid_rdf, foreign_rdf, shape_violation, bad_rdf | an RDF file that is not as `kg export` writes it (`BadRdf.reason`) |
| failed | extraction met a fault of the program; the message says where |
| hidden | its name, or its folder's, begins with a full stop |
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BadRdf, InputError, NotAPlan, UnreadableFile, UsageError

if TYPE_CHECKING:
    from kg.extraction.facts import Facts
    from kg.graph import Graph
    from kg.store.aliases import Aliases
    from kg.store.base import LeftOut, Store
    from kg.store.corrections import Corrections
    from kg.store.rdf import Imported
    from kg.store.rows import PlanRows

__all__ = ["MAX_SIZE", "BuildFailed", "BuildReport", "Built", "add", "build", "connect", "extract", "open"]

MAX_SIZE = 20_000_000
"""Bytes above which a file is left out (`too_large`)."""

NO_PLANS = ("README", "LICENSE")

Progress = Callable[[int, int, str], None]
"""Called with the number of files done, their total, and the name of the file just done."""


@dataclass(frozen=True, slots=True)
class Built:
    """A plan that was built: its id, title, file name, and numbers of characters, tasks and rejected findings."""

    plan: str
    title: str
    source: str
    characters: int
    tasks: int
    rejected: int
    replaced: bool = False


class BuildFailed(InputError):
    """Nothing was built, or with `strict` something was left out; `report` tells what and why."""

    def __init__(self, message: str, report: BuildReport) -> None:
        super().__init__(message)
        self.report = report


@dataclass(slots=True)
class BuildReport:
    """What a build did: plans built, files left out, and warnings (damaged text, facts that the graph cannot hold)."""

    built: list[Built] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    corrected: int = 0
    """Corrections of facts that were made."""

    def __str__(self) -> str:
        tasks = sum(plan.tasks for plan in self.built)
        built, left = len(self.built), len(self.left_out)
        return f"{built} plans built with {tasks} tasks, {left} files left out, {len(self.warnings)} warnings"


def extract(path: str | Path, *, max_size: int | None = None) -> Facts:
    """The facts of one plan, without a store.

    Args:
        path: the plan's file.
        max_size: bytes above which the file is refused; `MAX_SIZE` if None.

    Raises:
        UnreadableFile: missing, empty, binary, of an unknown encoding, too large.
        NotAPlan: no task is found and the title names no kind of plan.
    """
    from kg.extraction import extract as extract_facts
    from kg.loaders import load

    file = Path(path)
    facts = extract_facts(load(file, max_size=MAX_SIZE if max_size is None else max_size))
    if not facts.tasks and facts.plan.kind in (None, "其他"):
        raise NotAPlan(f"{file}: no plan: no task is found in it and its title names no kind of plan; leave it out")
    return facts


def build(
    paths: str | Path | Iterable[str | Path],
    out: str | Path | None = None,
    *,
    replace: bool = False,
    max_size: int | None = None,
    strict: bool = False,
    aliases: str | Path | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
) -> Graph:
    """Build a graph from files and folders.

    Args:
        paths: a file, a folder (walked in sorted order), or several.
        out: the store file to make; None keeps the graph in memory.
        replace: allow `out` to be there; it is replaced when the new one is complete.
        max_size: bytes above which a file is left out.
        strict: raise BuildFailed where any file was left out.
        aliases: a CSV file of names that mean the same (`kg.store.aliases`); it is kept in the store, so that plans
            added later follow it. Rows that cannot be used are warnings of the report.
        progress: called after every file; None: a bar in notebooks, elsewhere nothing.
        executor: where files are extracted (a `concurrent.futures.Executor`, such as Dask's); by default processes of
            this machine.
        workers: how many processes; 1 extracts in this process. None: one a core where there are several files and
            processes can be forked.

    Returns:
        The Graph; its `report` tells what was built and what was left out.

    Raises:
        UsageError: `out` exists and `replace` is not set.
        BuildFailed: nothing could be built, or `strict` and something was left out; no store is made then.
        BadStore: `out` cannot be written.
    """
    from kg.graph import Graph
    from kg.store.ladybug import LadybugStore

    with ExitStack() as stack:
        known, passed_over = _aliases(aliases)
        files, missing = _walk(paths)
        files, corrections = _corrections(files)
        if out is not None and replace and Path(out).is_file():
            corrections = _kept_corrections(out).joined(corrections)
        results = _results(files, max_size, executor, workers, stack)  # before the store: a fork must not hold it
        store = LadybugStore.create(out, replace=replace)
        try:
            report = _write(store, results, len(files), missing, progress, known, corrections, keep_first=True)
            report.warnings[:0] = passed_over
            store.keep_aliases(known)
            store.keep_corrections(corrections)
            _judge(report, strict)
            store.finish()
        except BaseException:
            store.close()
            raise
    return Graph(store, report)


def add(
    store: Store,
    paths: str | Path | Iterable[str | Path],
    *,
    max_size: int | None = None,
    strict: bool = False,
    aliases: str | Path | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
) -> BuildReport:
    """Add files and folders to a store; a plan with an id that is there is replaced.

    Arguments and errors as for `build`; with `strict` what could be built is added before the error is raised.
    """
    with ExitStack() as stack:
        given, passed_over = _aliases(aliases)
        files, missing = _walk(paths)
        files, new = _corrections(files)
        corrections = store.corrections().joined(new)
        held = store.aliases()
        known = held.joined(given)
        results = _results(files, max_size, executor, workers, stack)
        report = _write(store, results, len(files), missing, progress, known, corrections, keep_first=False)
        report.warnings[:0] = passed_over
        if new.rows:
            _correct(store, new, report, known)
            store.keep_corrections(corrections)
        if known != held:
            store.keep_aliases(known)
            rest = store.run("MATCH (p:Plan) RETURN count(*)").rows[0][0] - len(report.built)
            if rest > 0:
                report.warnings.append(
                    f"{aliases}: {rest} plans that the graph held before keep their names; add them again to settle them"
                )
        if new.rows and not files and not missing:
            return report
    _judge(report, strict)
    return report


def open(path: str | Path) -> Graph:
    """Open a graph that `build` wrote.

    It is open for reading, beside other readers and one writer, until the first `add` or `remove` takes it for writing.

    Raises:
        BadStore: missing, empty, truncated, foreign, or of another version.
    """
    from kg.graph import Graph
    from kg.store.ladybug import LadybugStore

    return Graph(LadybugStore.open(path))


def connect(
    uri: str | None = None, *, user: str | None = None, password: str | None = None, database: str | None = None
) -> Graph:
    """The graph on a Neo4j server that `kg push` (`Graph.to_neo4j`) filled; it answers all that an opened one does.

    Args:
        uri: `neo4j://host:7687`, `bolt://…`, with TLS `neo4j+s://…`; None: the environment's `NEO4J_URI`.
        user, password, database: None: `NEO4J_USER` (else `neo4j`), `NEO4J_PASSWORD` (else asked for at a terminal),
            `NEO4J_DATABASE` (else the server's default one).

    Raises:
        UsageError: no address or a wrong one, no password.
        BadStore: the server cannot be reached, refuses the user, is too old; the database is empty or holds other data.
    """
    from kg.graph import Graph
    from kg.store.neo4j import Neo4jStore, address

    return Graph(Neo4jStore.connect(address(uri, user=user, password=password, database=database)))


def _aliases(path: str | Path | None) -> tuple[Aliases, list[str]]:
    """The user's list of aliases, and a line for each row that cannot be used."""
    from kg.store.aliases import Aliases, read_aliases

    return (Aliases(), []) if path is None else read_aliases(path)


def _corrections(files: Sequence[Path]) -> tuple[list[Path], Corrections]:
    """The files that are plans, and the corrections of the others."""
    from kg.store.corrections import Corrections, is_corrections, read_corrections

    rest, found = [], Corrections()
    for file in files:
        if is_corrections(file):
            found = found.joined(read_corrections(file))
        else:
            rest.append(file)
    return rest, found


def _kept_corrections(path: str | Path) -> Corrections:
    """The corrections of a store that is to be replaced; none where it cannot be read any more."""
    from kg.errors import BadStore
    from kg.store.corrections import Corrections
    from kg.store.ladybug import LadybugStore

    try:
        store = LadybugStore.open(path)
    except BadStore:
        return Corrections()
    try:
        return store.corrections()
    finally:
        store.close()


def _correct(store: Store, new: Corrections, report: BuildReport, aliases: Aliases) -> None:
    """Make new corrections in plans that the store holds and this run did not build."""
    from kg.store.corrections import corrected
    from kg.store.rdf.reading import Rows, plans_of
    from kg.store.rdf.writing import contributions

    built = {one.plan for one in report.built}
    wanted = {one.plan for one in new.rows} - built
    there = store.holds(sorted(wanted))
    for plan in sorted(wanted - there):
        report.warnings.append(
            f"corrections: {len(new.of(plan))} for {plan}, which the graph does not hold; they are kept"
        )
    if not there:
        return
    rows = Rows(list(store.nodes()), list(contributions(store)), list(store.relationships()))
    changed = []
    for one in plans_of(rows, store.describe()):
        if one.plan in there:
            plan_rows, made, misfits = corrected(one, new.of(one.plan), aliases)
            report.corrected += made
            report.warnings.extend(misfits)
            changed.append(plan_rows)
    store.put(changed)


def _walk(paths: str | Path | Iterable[str | Path]) -> tuple[list[Path], list[LeftOut]]:
    from kg.store.base import LeftOut

    given = [paths] if isinstance(paths, str | Path) else list(paths)
    if not given:
        raise UsageError("no path given; name a file or a folder of plans")
    files: dict[Path, None] = {}
    left: list[LeftOut] = []
    for one in given:
        path = Path(one)
        if path.is_dir():
            for folder, names, inside in os.walk(path):
                hidden = sorted(name for name in (*names, *inside) if name.startswith("."))
                left.extend(
                    LeftOut(str(Path(folder, name)), "hidden", f"{Path(folder, name)}: hidden; left out")
                    for name in hidden
                )
                names[:] = sorted(name for name in names if not name.startswith("."))
                files.update((Path(folder, name), None) for name in inside if not name.startswith("."))
        elif path.exists():
            files[path] = None
        else:
            left.append(LeftOut(str(path), "missing", f"{path}: no such file or folder; check the path"))
    order = {Path(one): number for number, one in enumerate(given)}

    def place(file: Path) -> tuple[int, tuple[str, ...]]:
        number = min((order[above] for above in (file, *file.parents) if above in order), default=0)
        return number, file.parts

    return sorted(files, key=place), left


def _extract_file(path: str, max_size: int | None) -> Facts | Imported | LeftOut:
    """Extract one file, or read the plans of an RDF file; runs in a worker. Bad input is a result, not an error, so that
    the others go through."""
    from kg.store.base import LeftOut
    from kg.store.rdf import import_file, is_rdf

    file = Path(path)
    if file.name.upper().startswith(NO_PLANS):
        return LeftOut(path, "not_a_plan", f"{path}: a README or LICENSE, no plan")
    try:
        return import_file(file) if is_rdf(file) else extract(file, max_size=max_size)
    except (BadRdf, UnreadableFile) as error:
        return LeftOut(path, error.reason, str(error))
    except NotAPlan as error:
        return LeftOut(path, "not_a_plan", str(error))
    except Exception as error:  # a fault of ours: it is named, and the other files go through
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        where = f"{Path(place.filename).name} line {place.lineno}"
        return LeftOut(path, "failed", f"{path}: a fault of the program ({what}, {where}); report it with the file")


def _results(
    files: Sequence[Path], max_size: int | None, executor: Executor | None, workers: int | None, stack: ExitStack
) -> Iterator[tuple[Path, Facts | Imported | LeftOut]]:
    """The facts of each file in the order of files, extracted some files ahead."""
    if executor is None and len(files) > 1:
        count = workers
        forked = "fork" in multiprocessing.get_all_start_methods() and os.name == "posix"
        if count is None:
            count = min(os.cpu_count() or 1, len(files)) if forked else 1
        if count > 1:
            context = multiprocessing.get_context("fork" if forked else "spawn")
            executor = stack.enter_context(ProcessPoolExecutor(count, mp_context=context))
            executor.submit(os.getpid).result()  # forks all workers now
    if executor is None:
        return ((file, _extract_file(str(file), max_size)) for file in files)
    return _ahead(executor, files, max_size)


def _ahead(
    executor: Executor, files: Sequence[Path], max_size: int | None
) -> Iterator[tuple[Path, Facts | Imported | LeftOut]]:
    window = 4 * (os.cpu_count() or 1)
    waiting: deque[tuple[Path, Future[Facts | Imported | LeftOut]]] = deque()
    rest = iter(files)
    while True:
        while len(waiting) < window and (file := next(rest, None)) is not None:
            waiting.append((file, executor.submit(_extract_file, str(file), max_size)))
        if not waiting:
            return
        file, future = waiting.popleft()
        try:
            yield file, future.result()
        except BrokenExecutor as error:
            raise InputError(
                f"{file}: a process that extracts plans has died, perhaps of memory; build with workers=1"
            ) from error


def _write(
    store: Store,
    results: Iterable[tuple[Path, Facts | Imported | LeftOut]],
    total: int,
    missing: Sequence[LeftOut],
    progress: Progress | None,
    aliases: Aliases,
    corrections: Corrections,
    *,
    keep_first: bool,
) -> BuildReport:
    from kg.store.base import LeftOut
    from kg.store.corrections import corrected

    if progress is None and "ipykernel" in sys.modules:
        from kg.views.notebook import bar, in_notebook

        progress = bar() if in_notebook() else None
    report = BuildReport(left_out=list(missing))
    taken: dict[str, Path] = {}
    files: list[str] = []

    def rows() -> Iterator[PlanRows]:
        for done, (file, result) in enumerate(results, 1):
            if isinstance(result, LeftOut):
                report.left_out.append(result)
            else:
                report.warnings.extend(f"{file}: {warning}" for warning in result.warnings)
                for one, built in _plans(result, aliases):
                    if keep_first and one.plan in taken:
                        message = f"{file}: the same plan as {taken[one.plan]}; left out"
                        report.left_out.append(LeftOut(str(file), "same_plan", message))
                    else:
                        taken[one.plan] = file
                        files.append(str(file))
                        report.built.append(built)
                        report.warnings.extend(dropped.message for dropped in one.dropped)
                        wanted = corrections.of(one.plan)
                        if wanted:
                            one, made, misfits = corrected(one, wanted, aliases)
                            report.corrected += made
                            report.warnings.extend(misfits)
                        yield one
            if progress is not None:
                progress(done, total, file.name)

    changes = store.put(rows())
    replaced = set(changes.replaced)
    report.built = [
        Built(one.plan, one.title, one.source, one.characters, one.tasks, one.rejected, one.plan in replaced)
        for one in report.built
    ]
    store.leave_out(report.left_out)
    store.taken_in(list(dict.fromkeys(files)))
    return report


def _plans(result: Facts | Imported, aliases: Aliases) -> Iterator[tuple[PlanRows, Built]]:
    """The rows of each plan of a file, and what the report says of it; of RDF the number of characters is not known."""
    from kg.store.rdf import Imported
    from kg.store.rows import plan_rows

    if isinstance(result, Imported):
        for one in result.plans:
            tasks = len(one.own.get("Task", ()))
            yield one, Built(one.plan, one.own["Plan"][0]["name"], one.source, 0, tasks, 0)
    else:
        name = result.plan.title or result.source
        one = plan_rows(result, aliases)
        yield one, Built(one.plan, name, result.source, result.size, len(result.tasks), len(result.rejected))


def _judge(report: BuildReport, strict: bool) -> None:
    if not report.built:
        first = f"; {report.left_out[0].message}" if report.left_out else "; there is no file in the folder"
        raise BuildFailed(f"no plan was built, {len(report.left_out)} files left out{first}", report)
    if strict and report.left_out:
        others = f" (and {len(report.left_out) - 1} more)" if len(report.left_out) > 1 else ""
        raise BuildFailed(f"strict: a file was left out: {report.left_out[0].message}{others}", report)
