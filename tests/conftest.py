"""Fixtures that several test files use.

`shared` gives the folder of the real plans (`../shared` beside the checkout, or `KG_SHARED`). They are not part of the
project: tests that need them skip where they are absent, and fail instead where `KG_REQUIRE_SHARED` is 1.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from kg.build_report import BuildReport

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


@dataclass(frozen=True, slots=True)
class Built:
    """A store that was built, and what the build said of it."""

    store: Path
    report: BuildReport


@pytest.fixture(scope="session")
def real_build(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A store of all real plans, built once for all tests: open it, and copy it before it is changed."""
    import kg

    store = tmp_path_factory.mktemp("real") / "real.kg"
    with kg.build(shared / "plans", out=store) as graph:
        assert graph.report is not None
        return Built(store, graph.report)


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


# Neo4j


def _neo4j_server() -> ModuleType:
    """`tests/neo4j/server.py`, under a name that does not hide the driver's package."""
    path = ROOT / "tests" / "neo4j" / "server.py"
    spec = importlib.util.spec_from_file_location("neo4j_server", path)
    assert spec is not None and spec.loader is not None
    if spec.name not in sys.modules:
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    return sys.modules[spec.name]


@pytest.fixture(scope="session")
def neo4j_server() -> ModuleType:
    """The module that runs servers; skips, or fails where Neo4j is required, when this machine cannot."""
    module = _neo4j_server()
    reason = module.why_not()
    if reason is not None:
        _without_neo4j(f"no Neo4j can be run here: {reason}")
    return module


def _without_neo4j(reason: str) -> NoReturn:
    if os.environ.get("KG_REQUIRE_NEO4J") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def _neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where tests find Neo4j: the server of `NEO4J_URI`, if its database is empty, else one of their own."""
    if os.environ.get("NEO4J_URI"):
        from kg.store.neo4j import address

        found = address()
        to = {"uri": found.uri, "user": found.user, "password": found.password or ""}
        if _count(to):
            pytest.fail(f"{found}: tests write and delete there, and its database is not empty; name an empty one")
        yield to
        _empty(to)
        return
    module = _neo4j_server()
    reason = module.why_not()
    if reason is not None:
        _without_neo4j(f"no Neo4j: NEO4J_URI is not set, and none can be run here: {reason}")
    server = module.Server(tmp_path_factory.mktemp("neo4j"))
    running = server.start()
    try:
        yield {"uri": running.uri, "user": running.user, "password": running.password}
    finally:
        server.kill()


def _count(to: dict[str, str]) -> int:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(to["uri"], auth=(to["user"], to["password"])) as driver:
        return int(driver.execute_query("MATCH (n) RETURN count(n)").records[0][0])


def _empty(to: dict[str, str]) -> None:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(to["uri"], auth=(to["user"], to["password"])) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")


@pytest.fixture(scope="module")
def neo4j_database(_neo4j: dict[str, str]) -> Iterator[dict[str, str]]:
    """`uri`, `user`, `password` of an empty database, the same for a test file."""
    _empty(_neo4j)
    yield _neo4j
    _empty(_neo4j)


@pytest.fixture
def empty_database(_neo4j: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same, empty before and after one test."""
    _empty(_neo4j)
    yield _neo4j
    _empty(_neo4j)
