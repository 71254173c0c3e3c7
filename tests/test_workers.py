"""Workers: what hangs, eats memory or dies is stopped alone; the rest goes on, in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import kg as package
from kg import building, workers
from kg.errors import InputError
from kg.workers import Done, Stopped, Workers

METHODS = [one for one in ("fork", "spawn") if one in multiprocessing.get_all_start_methods()]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def work(path: str) -> str:
    """What the file's name says."""
    name = Path(path).name
    if name == "hangs":
        time.sleep(60)
    if name == "eats":
        hoard = []
        while True:
            hoard.append(bytearray(20_000_000))
            time.sleep(0.02)
    if name == "gulps":
        return str(len(bytearray(10**12)))
    if name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "starts":
        subprocess.run(["sleep", "60"], check=False)
    return name.upper()


@pytest.mark.parametrize("method", METHODS)
def test_bad_files_are_stopped_alone(method: str) -> None:
    names = ["a", "hangs", "b", "eats", "c", "gulps", "dies", "starts", "d", "e"]
    with Workers(work, 2, seconds=8, memory=400_000_000, method=method) as pool:
        results = list(pool.run([Path(name) for name in names]))
    assert [path.name for path, _ in results] == names
    reasons = {path.name: done.reason for path, done in results if isinstance(done, Stopped)}
    assert reasons == {
        "hangs": "too_slow", "eats": "too_much_memory", "gulps": "too_much_memory", "dies": "died", "starts": "too_slow"
    }  # fmt: skip
    assert [done.result for _, done in results if isinstance(done, Done)] == ["A", "B", "C", "D", "E"]
    for _, done in results:
        assert isinstance(done, Done) or ("; " in done.message and "\n" not in done.message)


@pytest.mark.parametrize("method", METHODS)
def test_more_files_than_workers_keep_their_order(method: str) -> None:
    names = [f"f{number:03d}" for number in range(200)]
    with Workers(work, 3, method=method) as pool:
        found = [done.result for _, done in pool.run([Path(name) for name in names]) if isinstance(done, Done)]
    assert found == [name.upper() for name in names]


@pytest.mark.parametrize("method", METHODS)
def test_where_the_foreman_dies_the_error_says_so(method: str) -> None:
    with Workers(work, 1, method=method) as pool:
        results = pool.run([Path("a"), Path("hangs"), *(Path(str(number)) for number in range(9))])
        assert next(results)[0] == Path("a")
        pool._foreman.kill()
        with pytest.raises(InputError, match="has died"):
            next(results)
        with pytest.raises(InputError, match="has died"):
            next(pool.run([Path("b")]))


def test_a_slow_file_is_left_out_of_a_build(kg: Run, plan_file: Path, tmp_path: Path) -> None:
    result = kg("build", plan_file, "--out", tmp_path / "x.kg", "--max-time", "0.001")
    assert result.returncode == 1 and "stopped after 0.001 s; raise --max-time" in result.stderr
    result = kg("extract", plan_file, "--max-time", "0.001")
    assert result.returncode == 1 and result.stderr.count("\n") == 1 and "--max-time" in result.stderr


@pytest.mark.skipif("fork" not in METHODS, reason="a reader is made to hang in this process before it is forked")
def test_one_worker_has_limits_too(plan_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "a_hangs.txt"
    hanging.write_bytes(plan_file.read_bytes())
    really = building.extract

    def extract(path: str | Path, **how: object) -> object:
        if Path(path).name == hanging.name:
            time.sleep(60)
        return really(path, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "extract", extract)
    started = time.monotonic()
    graph = package.build([hanging, plan_file], workers=1, reading=building.Reading(max_time=6))
    assert time.monotonic() - started < 40
    assert graph.report is not None and [one.reason for one in graph.report.left_out] == ["too_slow"]
    assert [one.source for one in graph.report.built] == [plan_file.name]
    with pytest.raises(package.errors.UnreadableFile, match="stopped after 6 s"):
        building.extract_apart(hanging, building.Reading(max_time=6))


def test_a_script_is_not_run_again_where_processes_are_spawned(plan_file: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"""import kg
from kg import workers
workers.start_method = lambda: "spawn"
graph = kg.build({str(plan_file)!r}, workers=1)
print("plans", len(graph.plans()), len(graph.left_out()))
""",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "plans 1 0\n", done.stderr


def test_memory_is_read_elsewhere_too() -> None:
    hoard = bytearray(50_000_000)
    mine = workers._memory_elsewhere(os.getpid(), children=True)
    assert len(hoard) < mine and abs(mine - workers._memory(os.getpid())) < 0.3 * mine
