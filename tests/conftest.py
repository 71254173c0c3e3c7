"""Fixtures that several test files use.

`shared` gives the folder of the real plans (`../shared` beside the checkout, or `KG_SHARED`). They are not part of the
project: tests that need them skip where they are absent, and fail instead where `KG_REQUIRE_SHARED` is 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")

PLAN = """\
云溪区应急管理局文件
云溪应急〔2024〕3号

云溪区应急管理局2024年应急管理工作要点

一、加强防汛工作
(一)备足物资。汛期前为多灾易灾村配备卫星电话、排水泵。(责任单位:救援科、综合科)
(二)区水利局牵头、区气象局配合,5月底前完成山洪灾害隐患点排查。
二、加强安全生产
(一)开展危险化学品企业专项检查。(责任单位:危化科、综合科)
(二)修订生产安全事故应急预案。
"""
"""A small plan of an invented district."""


def shared_folder(*parts: str) -> Path:
    """A folder or file of the real plans; skips, or fails where they are required, when it is absent."""
    path = SHARED.joinpath(*parts)
    if path.exists():
        return path
    reason = f"the real plans are absent: {'/'.join(('shared', *parts))} (set KG_SHARED to their folder)"
    if os.environ.get("KG_REQUIRE_SHARED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder that holds plans/, eval/ and law/."""
    return shared_folder()


@pytest.fixture(scope="session")
def real_plans(shared: Path) -> list[Path]:
    """The files of the real plans, by name."""
    return sorted((shared / "plans").glob("*.txt"))


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder that holds the sample plans and their annotations."""
    return ROOT / "examples"


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def kg() -> Run:
    """Runs `kg` with arguments as a user does; gives its exit code, output and messages as text.

    The console's encoding is set to one that has no Chinese, since output has to be UTF-8 everywhere.
    """

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "COLUMNS": "160"}
        return subprocess.run(
            [sys.executable, "-m", "kg.cli", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            env=environment,
            check=False,
            **options,  # type: ignore[call-overload]
        )

    return run


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """The small plan as a file in a folder of its own."""
    path = tmp_path / "plans" / "云溪区2024.txt"
    path.parent.mkdir()
    path.write_text(PLAN, encoding="utf-8")
    return path
