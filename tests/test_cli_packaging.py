"""What is installed is what the code needs: dependencies, pinned versions, package data."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from kg.demo import sample_plans

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def key(requirement: str) -> str:
    """The normalised name of a requirement."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", requirement, maxsplit=1)[0]).lower()


def imported() -> Iterator[tuple[str, str]]:
    """Every top-level module that `kg` imports, with the file."""
    for path in sorted((ROOT / "kg").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((alias.name.split(".")[0], path.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0], path.name


def test_every_import_is_a_dependency() -> None:
    declared = {key(one) for one in PROJECT["dependencies"]}
    for extra in PROJECT["optional-dependencies"].values():
        declared |= {key(one) for one in extra}
    distributions = packages_distributions()
    for module, where in imported():
        if module != "kg" and module not in sys.stdlib_module_names:
            names = {key(name) for name in distributions.get(module, [module])}
            assert names & declared, f"{where} imports {module}, which pyproject.toml does not name"


def test_every_dependency_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {key(line) for line in lines if line and not line.startswith("#")}
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    wanted += PROJECT["optional-dependencies"]["test"] + PROJECT["optional-dependencies"]["bench"]
    assert {key(one) for one in wanted} - {key(PROJECT["name"])} <= pinned
    assert all(re.fullmatch(r"#.*|[\w.-]+==[\w.+!-]+", line) for line in lines if line), "versions only, no addresses"


def test_the_sample_plans_are_found() -> None:
    assert len(list(sample_plans().iterdir())) >= 6


@pytest.mark.parametrize("text", ["LICENSE", "README.md", "README.zh.md", "kg/py.typed"])
def test_a_file_that_users_expect(text: str) -> None:
    assert (ROOT / text).is_file()
