"""Bad input: one clear line (what, where, what to do), the right exit code, and the other files still go through."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

BAD_FILES = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "unknown_encoding": "Les plans d'été, à côté où été ça è é ê".encode("latin-1") * 20,
    "not_a_plan": "今天天气很好。\n我和朋友在公园里散步,看见许多花。\n".encode(),
}


def one_line(result: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The command failed with this code, said so in one line that holds these words, and printed nothing else."""
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("kg: "), result.stderr
    assert all(word in last for word in words), last


@pytest.fixture(scope="module")
def store(kg: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of three plans of two years."""
    folder = tmp_path_factory.mktemp("stored")
    plans = folder / "plans"
    plans.mkdir()
    for place, year in (("云溪区", 2024), ("云溪区", 2025), ("石桥县", 2024)):
        text = (
            f"{place}应急管理局{year}年应急管理工作要点\n\n一、防汛\n开展防汛检查。(责任单位:救援科)\n修订防汛预案。\n"
        )
        (plans / f"{place}{year}.txt").write_text(text, encoding="utf-8")
    path = folder / "plans.kg"
    result = kg("build", plans, "--out", path)
    assert result.returncode == 0, result.stderr
    return path


@pytest.mark.parametrize("reason", BAD_FILES)
def test_a_bad_file_alone(kg: Run, tmp_path: Path, reason: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(BAD_FILES[reason])
    one_line(kg("extract", path, "--format", "json"), 1, "bad.txt")
    one_line(kg("build", path, "--out", tmp_path / "x.kg"), 1, "bad.txt")
    assert not (tmp_path / "x.kg").exists()


def test_bad_files_among_others(kg: Run, plan_file: Path, tmp_path: Path) -> None:
    for reason, content in BAD_FILES.items():
        (plan_file.parent / f"bad_{reason}.txt").write_bytes(content)
    store = tmp_path / "plans.kg"
    result = kg("build", plan_file.parent, "--out", store)
    assert result.returncode == 0, result.stderr
    listed = kg("plans", "--graph", store, "--left-out", "--format", "csv").stdout
    for reason in BAD_FILES:
        lines = [line for line in result.stderr.splitlines() if f"bad_{reason}.txt" in line]
        assert len(lines) == 1 and f"({reason})" in lines[0]
        assert f"bad_{reason}.txt,{reason}," in listed
    assert kg("plans", "--graph", store, "--format", "csv").stdout.count(".txt") == 1


def test_strict_refuses_what_is_left_out(kg: Run, plan_file: Path, tmp_path: Path) -> None:
    (plan_file.parent / "bad.txt").write_bytes(b"")
    one_line(kg("build", plan_file.parent, "--out", tmp_path / "x.kg", "--strict"), 1, "bad.txt", "empty")
    assert not (tmp_path / "x.kg").exists()


def test_a_missing_path(kg: Run, tmp_path: Path) -> None:
    one_line(kg("extract", tmp_path / "none.txt"), 1, "none.txt", "no such")
    one_line(kg("build", tmp_path / "none", "--out", tmp_path / "x.kg"), 1, "none", "no such")


def test_a_folder_with_no_plan(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    one_line(kg("build", tmp_path / "empty", "--out", tmp_path / "x.kg"), 1, "no plan")
    (tmp_path / "empty" / "README.md").write_text("# 说明\n开展检查。\n", encoding="utf-8")
    one_line(kg("build", tmp_path / "empty", "--out", tmp_path / "x.kg"), 1, "README.md")


def test_a_text_over_the_limit(kg: Run, plan_file: Path, tmp_path: Path) -> None:
    one_line(kg("extract", plan_file, "--max-size", "100"), 1, plan_file.name, "100", "--max-size")
    (plan_file.parent / "long.txt").write_text("开展检查。" * 500, encoding="utf-8")
    result = kg("build", plan_file.parent, "--out", tmp_path / "x.kg", "--max-size", "2KB")
    assert result.returncode == 0 and "long.txt" in result.stderr and "too_large" in result.stderr
    assert kg("extract", plan_file, "--max-size", "many").returncode == 2


def test_a_folder_is_no_plan_to_extract(kg: Run, tmp_path: Path) -> None:
    one_line(kg("extract", tmp_path), 1, "folder")


@pytest.mark.parametrize("command", [("plans",), ("remove", "云溪区 2024")])
def test_a_bad_store(kg: Run, store: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    content = store.read_bytes()
    for name, data, words in (
        ("empty.kg", b"", "empty"),
        ("truncated.kg", content[: len(content) // 2], "truncated"),
        ("foreign.kg", b"SQLite format 3\0" + bytes(4096), "not a store"),
        ("text.kg", "这不是图谱".encode(), "not a store"),
    ):
        (tmp_path / name).write_bytes(data)
        one_line(kg(*command, "--graph", tmp_path / name, cwd=tmp_path), 1, name, words)
        assert (tmp_path / name).read_bytes() == data
    one_line(kg(*command, "--graph", tmp_path / "none.kg", cwd=tmp_path), 1, "none.kg", "no such store")
    one_line(kg(*command, "--graph", tmp_path, cwd=tmp_path), 1, "folder")


def test_a_store_opened_twice_for_writing(kg: Run, plan_file: Path, tmp_path: Path) -> None:
    store = tmp_path / "plans.kg"
    assert kg("build", plan_file, "--out", store).returncode == 0
    holder = textwrap.dedent(
        """
        import sys, kg
        graph = kg.open(sys.argv[1])
        graph.add(sys.argv[2])
        print("ready", flush=True)
        sys.stdin.read()
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(store), str(plan_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        one_line(kg("add", plan_file, "--graph", store), 1, "plans.kg", "writing")
        one_line(kg("remove", "云溪区", "--graph", store), 1, "plans.kg", "writing")
        one_line(kg("build", plan_file, "--out", store, "--replace"), 1, "plans.kg", "writing")
        process.communicate("")
    assert kg("add", plan_file, "--graph", store).returncode == 0


def test_an_existing_store_is_not_overwritten(kg: Run, store: Path, plan_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "plans.kg"
    copy.write_bytes(store.read_bytes())
    one_line(kg("build", plan_file, "--out", copy), 2, "plans.kg", "--replace")
    assert copy.read_bytes() == store.read_bytes()
    one_line(kg("build", tmp_path / "none", "--out", copy, "--replace"), 1, "none")
    assert copy.read_bytes() == store.read_bytes()
    assert kg("build", plan_file, "--out", copy, "--replace").returncode == 0


def test_an_output_that_cannot_be_written(kg: Run, store: Path, plan_file: Path, tmp_path: Path) -> None:
    one_line(kg("build", plan_file, "--out", tmp_path / "no" / "plans.kg"), 1, "plans.kg", "does not exist")
    one_line(kg("export", "--to", "xlsx", tmp_path / "no" / "o.xlsx", "--graph", store), 2, "o.xlsx", "does not exist")
    one_line(kg("export", "--to", "graphml", tmp_path, "--graph", store), 2, "folder")


@pytest.mark.parametrize("command", [("remove",), ("who", "防汛", "--plan")])
def test_a_wrong_or_ambiguous_plan(kg: Run, store: Path, command: tuple[str, ...]) -> None:
    one_line(kg(*command, "海东县", "--graph", store), 2, "海东县", "石桥县2024.txt")
    one_line(kg(*command, "云溪区", "--graph", store), 2, "云溪区2024.txt", "云溪区2025.txt")


def test_no_graph_is_named(kg: Run) -> None:
    one_line(kg("who", "防汛"), 2, "--graph", "--uri")


def test_a_wrong_query(kg: Run, store: Path) -> None:
    one_line(kg("cypher", "MATCH (n:Nothing RETURN n", "--graph", store), 2, "query")
    one_line(kg("cypher", "MATCH (n:Task) DETACH DELETE n", "--graph", store), 2, "reading")


@pytest.mark.parametrize(
    "command", [(), ("nothing",), ("build", "x"), ("shared", "--by", "x", "--graph", "y"), ("eval",)]
)
def test_wrong_usage(kg: Run, command: tuple[str, ...]) -> None:
    result = kg(*command)
    assert result.returncode == 2 and result.stderr.startswith("usage: kg") and result.stdout == ""


def test_a_bad_gold_folder(kg: Run, tmp_path: Path) -> None:
    one_line(kg("eval", tmp_path / "none"), 1, "none", "no such folder")
    one_line(kg("eval", tmp_path), 1, "no annotations")
    (tmp_path / "a.json").write_text('{"source": "a.txt", "plan": {}}', encoding="utf-8")
    one_line(kg("eval", tmp_path), 1, "a.txt", "--plans")
