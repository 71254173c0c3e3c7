"""The files for `neo4j-admin database import full`, imported for real, and what the Browser loads."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import Run
from handmade import other_district, yunxi_2024, yunxi_2025

import kg as package
from kg.errors import UsageError
from kg.ontology import schema
from kg.queries import queries
from kg.store import LeftOut, plan_rows
from kg.store.ladybug import LadybugStore
from kg.store.neo4j import address, push, to_neo4j_csv
from kg.views.neo4j_browser import FOLDERS, favourites, style, to_neo4j_browser

HOSTILE = ("a\"b'c`}", "一\n二\r\n三", "a,b;c|d\te", "𠮷\u2028\ufeff", " 前后空格 ", "\\", '"')


def test_the_files_are_imported_by_neo4j_admin(neo4j_server: ModuleType, tmp_path: Path) -> None:
    here = LadybugStore.create()
    plans = [plan_rows(plan()) for plan in (yunxi_2024, yunxi_2025, other_district)]
    for task, name in zip(plans[0].own["Task"], HOSTILE, strict=False):
        task["text"] = name
    plans[0].shared["Agency"][0]["aliases"] = sorted(HOSTILE)
    here.put(plans)
    here.leave_out([LeftOut("b.txt", "empty", 'b.txt: "empty"')])
    files = to_neo4j_csv(here, tmp_path / "files")
    assert files[-1].name == "import.args" and len(files) > 30
    server = neo4j_server.Server(tmp_path / "neo4j")
    command = ["database", "import", "full", "neo4j", f"@{files[-1]}"]
    neo4j_server.admin(server.home, *command, folder=tmp_path / "files")
    running = server.start()
    where = {"uri": running.uri, "user": running.user, "password": running.password}
    try:
        done = push(here, address(**where))  # makes the indexes, finds everything there
        assert (done.written, done.unchanged) == (0, 3)
        with package.connect(**where) as there:
            assert list(there.nodes()) == list(here.nodes())
            assert list(there.relationships()) == list(here.relationships())
            assert there.store.left_out() == here.left_out()
    finally:
        server.kill()


def test_a_folder_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="give a folder"):
        to_neo4j_csv(LadybugStore.create(), tmp_path / "file")


# the Browser's files


def test_the_style_comes_from_the_ontology() -> None:
    text = style()
    for label in schema().labels:
        rule = text.partition(f"node.{label.name} {{")[2].partition("}\n")[0]
        assert f"color: {label.colour};" in rule and f'caption: "{{{label.caption}}}"' in rule and "diameter" in rule
    for type_ in schema().relationships:
        assert f'relationship.{type_.name} {{\n  caption: "{type_.zh}";' in text


def test_favourites_run_and_give_rows(neo4j_database: dict[str, str], examples: Path, tmp_path: Path) -> None:
    with package.build([examples / "plans"]) as graph:
        graph.to_neo4j(check=False, **neo4j_database)
        (_, archive) = to_neo4j_browser(graph, tmp_path)
        saved = favourites(graph)
    with zipfile.ZipFile(archive) as opened:
        assert {name: opened.read(name).decode("utf-8") for name in opened.namelist()} == saved
    assert len([name for name in saved if name.startswith(FOLDERS[0])]) == 11  # ten and their parameters
    assert {f"{FOLDERS[1]}/{name}.cypher" for name in queries()} <= set(saved)
    from neo4j import GraphDatabase

    to = neo4j_database
    with GraphDatabase.driver(to["uri"], auth=(to["user"], to["password"])) as driver:
        driver.execute_query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
        for folder in FOLDERS:
            parameters = _parameters(driver, saved.pop(f"{folder}/00_parameters.cypher"))
            for name in [name for name in saved if name.startswith(folder)]:
                assert saved[name].startswith("// ") and any("\u4e00" <= one <= "\u9fff" for one in saved[name][:12])
                records = driver.execute_query(saved[name], parameters).records
                assert records or folder == FOLDERS[1], name


def _parameters(driver: Any, favourite: str) -> dict[str, Any]:
    """The parameters that `:params {…}` sets: the Browser reads them as a Cypher map, and so does the server here."""
    title, command = favourite.splitlines()
    assert title.startswith("// ") and command.startswith(":params {")
    return dict(driver.execute_query(f"RETURN {command.removeprefix(':params ')} AS map").records[0]["map"])


def test_export_from_the_command_line(tmp_path: Path, plan_file: Path, kg: Run) -> None:
    store = tmp_path / "plans.kg"
    kg("build", plan_file, "--out", store)
    done = kg("export", "--graph", store, "--to", "neo4j-csv", tmp_path / "csv")
    assert done.returncode == 0 and "neo4j-admin database import full neo4j @import.args" in done.stderr
    assert (tmp_path / "csv" / "Task.csv").is_file()
    assert kg("export", "--graph", store, "--to", "neo4j-browser", tmp_path / "browser").returncode == 0
    assert sorted(path.name for path in (tmp_path / "browser").iterdir()) == ["favourites.zip", "style.grass"]
