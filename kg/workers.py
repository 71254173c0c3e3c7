"""Processes that each extract one file at a time; one that takes too long or too much memory is stopped, alone.

A foreman is started before a store is opened (a fork must not hold an open store) and starts the workers itself, so that
it can start another where one was stopped. Processes are forked where that can be done, else spawned (Windows): then the
work and what it is called with have to be picklable.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self

from kg.errors import InputError

MAX_SECONDS = 300.0
"""Seconds after which the work on a file is stopped."""
MAX_MEMORY = 2_000_000_000
"""Bytes of memory above which the work on a file is stopped."""
_LOOK = 0.1
"""Seconds between two looks at the workers' memory."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A file whose work was stopped: `reason` is `too_slow`, `too_much_memory` or `died`."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Done:
    """What the work on a file gave, and the seconds it took."""

    result: Any
    seconds: float


def start_method() -> str:
    """How processes are started on this system: `fork` or `spawn`."""
    can_fork = os.name == "posix" and "fork" in multiprocessing.get_all_start_methods()
    return "fork" if can_fork else "spawn"


class Workers:
    """Workers for `work(path)`, a context manager.

    Args:
        work: called in a worker with each path; its result has to be picklable.
        count: how many work side by side.
        seconds: after which a file is stopped.
        memory: bytes above which a file is stopped.
        method: `fork` or `spawn`; None: as the system has it.
    """

    def __init__(
        self,
        work: Callable[[str], Any],
        count: int,
        *,
        seconds: float = MAX_SECONDS,
        memory: int = MAX_MEMORY,
        method: str | None = None,
    ) -> None:
        self._count = count
        self._pipe, other = multiprocessing.Pipe()
        method = method or start_method()
        sys.stdout.flush()
        sys.stderr.flush()
        ours = [self._pipe] if method == "fork" else []
        context: Any = multiprocessing.get_context(method)
        self._foreman = context.Process(
            target=_foreman, args=(other, ours, work, count, seconds, memory, method), daemon=False
        )
        with _no_main(method):
            self._foreman.start()
        other.close()

    def run(self, files: Sequence[Path]) -> Iterator[tuple[Path, Done | Stopped]]:
        """The result of each file in the order of files, worked on some files ahead.

        Raises:
            InputError: the foreman died.
        """
        try:
            yield from self._run(files)
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            raise InputError(
                "the process that hands out the files has died, perhaps of memory; try again with fewer --workers"
            ) from error

    def _run(self, files: Sequence[Path]) -> Iterator[tuple[Path, Done | Stopped]]:
        rest = iter(enumerate(files))
        waiting: deque[int] = deque()
        ready: dict[int, Done | Stopped] = {}
        while True:
            while len(waiting) < 4 * self._count and (following := next(rest, None)) is not None:
                self._pipe.send((following[0], str(following[1])))
                waiting.append(following[0])
            if not waiting:
                return
            while waiting[0] not in ready:
                number, result = pickle.loads(self._pipe.recv_bytes())
                ready[number] = pickle.loads(result) if isinstance(result, bytes) else result
            number = waiting.popleft()
            yield files[number], ready.pop(number)

    def close(self) -> None:
        """End all processes."""
        self._pipe.close()
        self._foreman.join(10)
        if self._foreman.is_alive():
            self._foreman.kill()
            self._foreman.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def _no_main(method: str) -> Iterator[None]:
    """Keep a spawned process from running the user's script again, which it does to find what stands there: a script
    without `if __name__ == "__main__"` would build within the build. Our work stands in modules."""
    main = sys.modules["__main__"]
    if method == "spawn":
        sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    base: int = 0
    """Bytes that it shares with the process that it was forked from."""
    file: tuple[int, str] | None = None
    until: float = 0.0


def _foreman(
    pipe: Connection,
    others: Sequence[Connection],
    work: Callable[[str], Any],
    count: int,
    seconds: float,
    memory: int,
    method: str,
) -> None:
    """Hands files to workers until the pipe is closed."""
    gc.freeze()  # what the forking process left behind (a store, a driver) belongs to its threads: never to be collected here
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:
        other.close()
    waiting: deque[tuple[int, str]] = deque()
    workers: list[_Worker] = []
    try:
        while True:
            busy = [worker for worker in workers if worker.file is not None]
            for ready in wait([pipe, *(worker.pipe for worker in busy)], _LOOK if busy else None):
                if ready is pipe:
                    waiting.append(pipe.recv())
                    continue
                worker = next(one for one in busy if one.pipe is ready)
                assert worker.file is not None
                try:
                    result = worker.pipe.recv_bytes()
                except (EOFError, OSError):
                    _say(pipe, worker, Stopped("died", _died(worker)))
                    workers.remove(worker)
                    continue
                pipe.send_bytes(pickle.dumps((worker.file[0], result)))
                worker.file = None
            for worker in [one for one in workers if one.file is not None]:
                reason = _over(worker, seconds, memory)
                if reason is not None:
                    _say(pipe, worker, reason)
                    _end(worker)
                    workers.remove(worker)
            while waiting:
                idle = next((worker for worker in workers if worker.file is None), None)
                if idle is None:
                    if len(workers) == count:
                        break
                    ours = [pipe, *(worker.pipe for worker in workers)] if method == "fork" else []
                    idle = _start(work, ours, memory, method)
                    workers.append(idle)
                idle.file, idle.until = waiting.popleft(), time.monotonic() + seconds
                idle.pipe.send(idle.file[1])
    except (EOFError, OSError):  # the one who asked is done, or gone
        pass
    finally:
        for worker in workers:
            _end(worker)


def _say(pipe: Connection, worker: _Worker, stopped: Stopped) -> None:
    assert worker.file is not None
    pipe.send_bytes(pickle.dumps((worker.file[0], stopped)))


def _died(worker: _Worker) -> str:
    worker.process.join(5)
    code = worker.process.exitcode
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    assert worker.file is not None
    return f"{worker.file[1]}: the process that read it died ({how}); the file may be damaged, save it anew"


def _over(worker: _Worker, seconds: float, memory: int) -> Stopped | None:
    """Why a worker has to be stopped, if it has to."""
    assert worker.file is not None
    path = worker.file[1]
    if worker.pipe.poll():
        return None  # it is done
    if time.monotonic() > worker.until:
        return Stopped("too_slow", f"{path}: stopped after {seconds:g} s; raise --max-time to read it")
    used = _memory(worker.process.pid) - worker.base
    if used > memory:
        message = f"{path}: stopped at {used:,} bytes of memory, more than {memory:,}; raise --max-memory to read it"
        return Stopped("too_much_memory", message)
    return None


def _memory(pid: int, depth: int = 0) -> int:
    """Bytes that a process and its children use, down to five generations; 0 where it is gone."""
    if sys.platform != "linux":
        return _memory_elsewhere(pid, children=depth < 5)
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            used = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        with open(f"/proc/{pid}/task/{pid}/children", "rb") as file:
            children = file.read().split()
    except (OSError, ValueError, IndexError):
        return 0
    return used + (sum(_memory(int(child), depth + 1) for child in children) if depth < 5 else 0)


def _memory_elsewhere(pid: int, *, children: bool) -> int:
    """The same on systems without `/proc`; slower."""
    import psutil

    try:
        process = psutil.Process(pid)
        below = process.children(recursive=True) if children else []
        return sum(one.memory_info().rss for one in (process, *below))
    except psutil.Error:
        return 0


def _start(work: Callable[[str], Any], others: Sequence[Connection], memory: int, method: str) -> _Worker:
    pipe, theirs = multiprocessing.Pipe()
    context: Any = multiprocessing.get_context(method)
    ours = [pipe, *others] if method == "fork" else []
    process = context.Process(target=_work, args=(theirs, ours, work, memory), daemon=False)
    with _no_main(method):
        process.start()
    theirs.close()
    return _Worker(process, pipe, _memory(os.getpid(), depth=5) if method == "fork" else 0)


def _end(worker: _Worker) -> None:
    """Stop a worker and what it started."""
    if os.name == "posix":
        with suppress(OSError):
            os.killpg(worker.process.pid, signal.SIGKILL)
    else:
        _end_below(worker.process.pid)
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _end_below(pid: int) -> None:
    """Stop what a process started, where it has no group."""
    import psutil

    with suppress(psutil.Error):
        for child in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()


def _work(pipe: Connection, others: Sequence[Connection], work: Callable[[str], Any], memory: int) -> None:
    """A worker's life."""
    if os.name == "posix":
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the foreman ends the workers
    for other in others:
        other.close()
    _bound(memory)
    while True:
        try:
            path = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)
        started = time.perf_counter()
        try:
            result: Done | Stopped = Done(work(path), time.perf_counter() - started)
            packed = pickle.dumps(result)
        except MemoryError:
            message = f"{path}: needs more than {memory:,} bytes of memory; raise --max-memory to read it"
            packed = pickle.dumps(Stopped("too_much_memory", message))
        with suppress(OSError):  # the foreman has gone; so the next look ends this one too
            pipe.send_bytes(packed)


def _bound(memory: int) -> None:
    """Bound what a worker may take at once, for what grows faster than the foreman looks; address space counts more than
    memory that is used, hence twice the limit above what is there."""
    try:
        import resource

        with open("/proc/self/statm", "rb") as file:
            here = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (here + 2 * memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError, ValueError):
        pass  # this system has no such bound; the foreman looks all the same
