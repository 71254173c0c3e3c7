"""Workers: what hangs, eats memory or dies is stopped alone; the rest goes on, in order."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.workers import Done, Stopped, Workers, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes cannot be forked here")

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


def test_bad_files_are_stopped_alone() -> None:
    names = ["a", "hangs", "b", "eats", "c", "gulps", "dies", "starts", "d", "e"]
    with Workers(work, 2, seconds=8, memory=400_000_000) as workers:
        results = list(workers.run([Path(name) for name in names]))
    assert [path.name for path, _ in results] == names
    reasons = {path.name: done.reason for path, done in results if isinstance(done, Stopped)}
    assert reasons == {
        "hangs": "too_slow", "eats": "too_much_memory", "gulps": "too_much_memory", "dies": "died", "starts": "too_slow"
    }  # fmt: skip
    assert [done.result for _, done in results if isinstance(done, Done)] == ["A", "B", "C", "D", "E"]
    for _, done in results:
        assert isinstance(done, Done) or ("; " in done.message and "\n" not in done.message)


def test_more_files_than_workers_keep_their_order() -> None:
    names = [f"f{number:03d}" for number in range(200)]
    with Workers(work, 3) as workers:
        found = [done.result for _, done in workers.run([Path(name) for name in names]) if isinstance(done, Done)]
    assert found == [name.upper() for name in names]


def test_a_slow_file_is_left_out_of_a_build(kg: Run, plan_file: Path, tmp_path: Path) -> None:
    result = kg("build", plan_file, "--out", tmp_path / "x.kg", "--max-time", "0.001")
    assert result.returncode == 1 and "stopped after 0.001 s; raise --max-time" in result.stderr
    result = kg("extract", plan_file, "--max-time", "0.001")
    assert result.returncode == 1 and result.stderr.count("\n") == 1 and "--max-time" in result.stderr
