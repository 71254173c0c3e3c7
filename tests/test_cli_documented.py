"""Every command and option is in both READMEs, and what they link to is there."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from kg.cli.parser import BY, parser
from kg.queries.shared import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "README.zh.md", "docs/annotating.md", "docs/neo4j-browser.md")
COMMON = {"-h", "--help", "--version", "--format"}


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(action.choices)


@pytest.mark.parametrize("page", PAGES[:2])
def test_every_command_and_option_is_in_the_readme(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name, one in commands().items():
        assert f"kg {name}" in text, name
        for option in one._option_string_actions:
            assert option in COMMON or option in text, f"{name} {option}"


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name, one in commands().items():
        assert one.description, name
        one.print_help()
        assert f"usage: kg {name}" in capsys.readouterr().out


def test_every_kind_of_row_of_shared_can_be_asked_for() -> None:
    assert sorted(BY) == sorted(COLUMNS)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_pages_that_the_code_names_are_there() -> None:
    for path in sorted((ROOT / "kg").rglob("*.py")):
        for page in re.findall(r"\bdocs/[\w./-]+\.md", path.read_text(encoding="utf-8")):
            assert (ROOT / page).is_file(), f"{path.name} names {page}"


def test_both_readmes_have_the_same_parts() -> None:
    first, second = ((ROOT / page).read_text(encoding="utf-8") for page in PAGES[:2])
    assert first.count("\n## ") == second.count("\n## ")
    commands_of = [set(re.findall(r"^\| `(kg [a-z]+)", text, re.MULTILINE)) for text in (first, second)]
    assert commands_of[0] == commands_of[1]
