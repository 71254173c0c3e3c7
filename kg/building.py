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
| too_slow, too_much_memory, died | the process that read it was stopped, or died (`kg.workers`) |
| hidden | its name, or its folder's, begins with a full stop; in an archive also `__MACOSX` |
| linked_folder | a link to a folder, inside a folder: it may lead in a circle |
| unsafe_path | its name leads out of the archive that it stands in |
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.build_report import BuildFailed, BuildReport, Built, Progress
from kg.errors import BadRdf, InputError, NotAPlan, UnreadableFile
from kg.workers import Done, Stopped, Workers

if TYPE_CHECKING:
    from kg.extraction.facts import Facts
    from kg.graph import Graph
    from kg.store.aliases import Aliases
    from kg.store.base import LeftOut, Store
    from kg.store.corrections import Corrections
    from kg.store.rdf import Imported

__all__ = [
    "MAX_SIZE", "BuildFailed", "BuildReport", "Built", "Progress", "Reading", "add", "build", "connect", "extract", "extract_apart", "open",
]  # fmt: skip

MAX_SIZE = 20_000_000
"""Bytes above which a file is left out (`too_large`)."""

NO_PLANS = ("README", "LICENSE")


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: the limits of each (bytes, pages, seconds of work, bytes of memory; None for the default) and a
    YAML file that says what columns of tables hold."""

    max_size: int | None = None
    max_pages: int | None = None
    max_time: float | None = None
    max_memory: int | None = None
    mapping: str | None = None


def extract(
    path: str | Path,
    *,
    max_size: int | None = None,
    max_pages: int | None = None,
    mapping: str | Path | None = None,
) -> Facts:
    """The facts of one plan, without a store, read in this process: without limits of time and memory.

    Args:
        path: the plan's file, or a file in a zip archive (`plans.zip/plan.docx`).
        max_size: bytes above which the file is refused; `MAX_SIZE` if None.
        max_pages: pages above which the file is refused; `kg.loaders.MAX_PAGES` if None.
        mapping: a YAML file that says what columns of tables hold (`kg.extraction.mapping`).

    Raises:
        UnreadableFile: missing, empty, binary, of an unknown encoding, too large, …; or the mapping is.
        NotAPlan: no task and no roster or ledger is found and the title names no kind of plan.
    """
    from kg.extraction import extract as extract_facts
    from kg.extraction.mapping import read_mapping
    from kg.loaders import MAX_PAGES, load

    file = Path(path)
    document = load(
        file,
        max_size=MAX_SIZE if max_size is None else max_size,
        max_pages=MAX_PAGES if max_pages is None else max_pages,
        columns=read_mapping(mapping) if mapping is not None else None,
    )
    facts = extract_facts(document)
    listed = any("resources" in table.kinds for table in facts.tables)
    if not facts.tasks and not listed and facts.plan.kind in (None, "其他"):
        raise NotAPlan(f"{file}: no plan: no task is found in it and its title names no kind of plan; leave it out")
    return facts


def extract_apart(path: str | Path, reading: Reading) -> Facts:
    """As `extract`, in a process of its own within the limits of `reading`.

    Raises:
        UnreadableFile, NotAPlan: as `extract`; `too_slow`, `too_much_memory` and `died` too.
    """
    with Workers(partial(_extract_or_say, reading=reading), 1, **_worker_limits(reading)) as pool:
        _, done = next(pool.run([Path(path)]))
    if isinstance(done, Stopped):
        raise UnreadableFile(done.message, done.reason)
    if isinstance(done.result, InputError):
        raise done.result
    facts: Facts = done.result
    return facts


def _extract_or_say(path: str, reading: Reading) -> Facts | InputError:
    """The facts of a file, or what is wrong with it; runs in a worker."""
    try:
        return extract(path, max_size=reading.max_size, max_pages=reading.max_pages, mapping=reading.mapping)
    except (UnreadableFile, NotAPlan) as error:
        return error


def _worker_limits(reading: Reading) -> dict[str, Any]:
    given = {"seconds": reading.max_time, "memory": reading.max_memory}
    return {name: value for name, value in given.items() if value is not None}


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
    reading: Reading | None = None,
    keep_numbers: bool = False,
) -> Graph:
    """Build a graph from files and folders.

    Args:
        paths: a file, a folder (walked in sorted order), or several.
        out: the store file to make; None keeps the graph in memory.
        replace: allow `out` to be there; it is replaced when the new one is complete. Its corrections are kept, its aliases
            are not; what is not kept is a warning of the report.
        max_size: bytes above which a file is left out.
        strict: raise BuildFailed where any file was left out.
        aliases: a CSV file of names that mean the same (`kg.store.aliases`); it is kept in the store, so that plans
            added later follow it. Rows that cannot be used are warnings of the report.
        progress: called after every file; None: a bar in notebooks, elsewhere nothing.
        executor: where files are extracted (a `concurrent.futures.Executor`, such as Dask's); by default processes of
            this machine, each of which is stopped where a file takes too long or too much memory. Given an executor,
            kg sets no such limits: its processes are not ours to stop, so `max_time` and `max_memory` of `reading` do
            nothing, and a file that hangs holds up the build unless the executor itself ends it.
        workers: how many processes; None: one a core.
        reading: the limits of each file and the mapping of columns; `max_size` goes before its own.
        keep_numbers: keep mobile and identity numbers; by default the graph holds them masked (`kg.store.privacy`).

    Returns:
        The Graph; its `report` tells what was built and what was left out.

    Raises:
        UsageError: `out` exists and `replace` is not set.
        BuildFailed: nothing could be built, or `strict` and something was left out; no store is made then.
        BadStore: `out` cannot be written.
    """
    from kg.graph import Graph
    from kg.intake import Intake
    from kg.plan_files import plan_files
    from kg.store.ladybug import LadybugStore

    with ExitStack() as stack:
        known, passed_over = _aliases(aliases)
        files, missing = plan_files(paths)
        files, corrections = _corrections(files)
        if out is not None and replace and Path(out).is_file():
            kept, lost = _kept_corrections(out, known)
            corrections = kept.joined(corrections)
            passed_over += lost
        how = _limits(reading, max_size)
        results = _results(files, how, executor, workers, stack)  # before the store: a fork must not hold it
        store = LadybugStore.create(out, replace=replace)
        try:
            report = BuildReport(left_out=missing, warnings=passed_over)
            intake = Intake(store, report, known, corrections, keep_first=True, keep_numbers=keep_numbers)
            intake.take(results, len(files), progress or _bar())
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
    reading: Reading | None = None,
    keep_numbers: bool = False,
) -> BuildReport:
    """Add files and folders to a store; a plan with an id that is there is replaced.

    Arguments and errors as for `build`; with `strict` what could be built is added before the error is raised.
    """
    from kg.intake import Intake
    from kg.plan_files import plan_files

    with ExitStack() as stack:
        given, passed_over = _aliases(aliases)
        files, missing = plan_files(paths)
        files, new = _corrections(files)
        corrections = store.corrections().joined(new)
        held = store.aliases()
        known = held.joined(given)
        results = _results(files, _limits(reading, max_size), executor, workers, stack)
        report = BuildReport(left_out=missing, warnings=passed_over)
        intake = Intake(store, report, known, corrections, keep_first=False, keep_numbers=keep_numbers)
        intake.take(results, len(files), progress or _bar())
        if new.rows:
            intake.correct(new)
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


def _bar() -> Progress | None:
    """A bar in a notebook, elsewhere nothing."""
    if "ipykernel" not in sys.modules:
        return None
    from kg.views.notebook import bar, in_notebook

    return bar() if in_notebook() else None


def _aliases(path: str | Path | None) -> tuple[Aliases, list[str]]:
    """The user's list of aliases, and a line for each row that cannot be used."""
    from kg.store.aliases import Aliases, read_aliases

    return (Aliases(), []) if path is None else read_aliases(path)


def _limits(reading: Reading | None, max_size: int | None) -> Reading:
    """How to read, and a look at the mapping, so that a bad one is no fault of every file."""
    from dataclasses import replace

    from kg.extraction.mapping import read_mapping

    found = reading or Reading()
    if found.mapping is not None:
        read_mapping(found.mapping)
    return found if max_size is None else replace(found, max_size=max_size)


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


def _kept_corrections(path: str | Path, aliases: Aliases) -> tuple[Corrections, list[str]]:
    """The corrections of a store that is to be replaced, and a line where something of the user's is not kept: all of it
    where the store cannot be opened, else those of its aliases that `aliases` does not give again."""
    from kg.errors import BadStore
    from kg.store.corrections import Corrections
    from kg.store.ladybug import LadybugStore

    try:
        store = LadybugStore.open(path)
    except BadStore as error:
        reason = str(error).partition("; ")[0]
        again = "give them again with kg add CORRECTIONS and --aliases FILE"
        return Corrections(), [f"{reason}; corrections and aliases that it held are not kept: {again}"]
    try:
        gone = len(set(store.aliases().rows) - set(aliases.rows))
        lost = (
            [f"{path}: {gone} of the aliases that it held are not kept: give them again with --aliases FILE"]
            if gone
            else []
        )
        return store.corrections(), lost
    finally:
        store.close()


def _extract_file(path: str, reading: Reading) -> Facts | Imported | LeftOut:
    """Extract one file, or read the plans of an RDF file; runs in a worker. Bad input is a result, not an error, so that
    the others go through."""
    from kg.store.base import LeftOut
    from kg.store.rdf import import_file, is_rdf

    file = Path(path)
    if file.name.upper().startswith(NO_PLANS):
        return LeftOut(path, "not_a_plan", f"{path}: a README or LICENSE, no plan")
    try:
        if is_rdf(file):
            return import_file(file)
        return extract(file, max_size=reading.max_size, max_pages=reading.max_pages, mapping=reading.mapping)
    except (BadRdf, UnreadableFile) as error:
        return LeftOut(path, error.reason, str(error))
    except NotAPlan as error:
        return LeftOut(path, "not_a_plan", str(error))
    except RecursionError:
        return LeftOut(path, "damaged", f"{path}: nested deeper than any document is; save it anew")
    except MemoryError:
        raise
    except Exception as error:  # a fault of ours: it is named, and the other files go through
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        where = f"{Path(place.filename).name} line {place.lineno}"
        return LeftOut(path, "failed", f"{path}: a fault of the program ({what}, {where}); report it with the file")


def _results(
    files: Sequence[Path], reading: Reading, executor: Executor | None, workers: int | None, stack: ExitStack
) -> Iterator[tuple[Path, Facts | Imported | LeftOut, float]]:
    """The facts of each file in the order of files with the seconds they took, extracted some files ahead."""
    if executor is not None:
        return _ahead(executor, files, reading)
    work = partial(_extract_file, reading=reading)
    count = workers or min(os.cpu_count() or 1, max(1, len(files)))
    return _worked(stack.enter_context(Workers(work, count, **_worker_limits(reading))), files)


def _timed(work: Callable[[str], Facts | Imported | LeftOut], path: str) -> tuple[Facts | Imported | LeftOut, float]:
    started = time.perf_counter()
    return work(path), time.perf_counter() - started


def _worked(pool: Workers, files: Sequence[Path]) -> Iterator[tuple[Path, Facts | Imported | LeftOut, float]]:
    from kg.store.base import LeftOut

    for file, done in pool.run(files):
        if isinstance(done, Stopped):
            yield file, LeftOut(str(file), done.reason, done.message), 0.0
        else:
            assert isinstance(done, Done)
            yield file, done.result, done.seconds


def _ahead(
    executor: Executor, files: Sequence[Path], reading: Reading
) -> Iterator[tuple[Path, Facts | Imported | LeftOut, float]]:
    window = 4 * (os.cpu_count() or 1)
    waiting: deque[tuple[Path, Future[tuple[Facts | Imported | LeftOut, float]]]] = deque()
    rest = iter(files)
    work = partial(_extract_file, reading=reading)
    while True:
        while len(waiting) < window and (file := next(rest, None)) is not None:
            waiting.append((file, executor.submit(_timed, work, str(file))))
        if not waiting:
            return
        file, future = waiting.popleft()
        try:
            result, seconds = future.result()
        except BrokenExecutor as error:
            raise InputError(
                f"{file}: a process that extracts plans has died, perhaps of memory; build without an executor of your own, and it is left out alone"
            ) from error
        yield file, result, seconds


def _judge(report: BuildReport, strict: bool) -> None:
    if not report.built:
        first = f"; {report.left_out[0].message}" if report.left_out else "; there is no file in the folder"
        raise BuildFailed(f"no plan was built, {len(report.left_out)} files left out{first}", report)
    if strict and report.left_out:
        others = f" (and {len(report.left_out) - 1} more)" if len(report.left_out) > 1 else ""
        raise BuildFailed(f"strict: a file was left out: {report.left_out[0].message}{others}", report)
