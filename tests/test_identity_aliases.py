"""The user's list of aliases, and what `kg entities` shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import facts

import kg as package
from kg.errors import InputError, UsageError
from kg.graph import Graph
from kg.store import plan_rows
from kg.store.aliases import Alias, Aliases, read_aliases
from kg.store.ladybug import LadybugStore

HEAD = "name,place,same_as,same_as_place\n"


def write(path: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding=encoding)
    return path


def plan_text(unit: str, place: str = "云溪市临溪区", year: int = 2024) -> str:
    return (
        f"{place}应急管理局{year}年工作要点\n\n一、加强防汛工作\n"
        f"(一)检修排水泵。(责任单位:{unit})\n(二)开展隐患排查。(责任单位:区水利局、现场指挥部)\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("head", [HEAD, "name,place,same_as\n", "Name,Place,Same_as,place\n"])
def test_a_list_is_read(tmp_path: Path, encoding: str, head: str) -> None:
    file = write(
        tmp_path / "a.csv", "区三防办,云溪市临溪区,区防办", "", "江北区,,重庆市江北区", head=head, encoding=encoding
    )
    aliases, bad = read_aliases(file)
    assert not bad
    assert set(aliases.rows) == {
        Alias("区三防办", "云溪市临溪区", "区防办", "云溪市临溪区"),
        Alias("江北区", "", "重庆市江北区", ""),
    }
    assert Aliases.from_json(aliases.to_json()) == aliases
    assert aliases.place(["江北区"]) == "重庆市江北区"


def test_each_bad_row_is_named(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.csv",
        "区三防办,云溪市临溪区,区防办,",
        ",云溪市临溪区,区防办,",
        "区三防办,云溪市临溪区,,",
        "区三防办,江北区,区防办,",
        "区三防办,火星,区防办,",
        "区三防办,,区防办,",
        "区三防办,云溪市临溪区,区防汛办,",
        "鼓楼,,鼓楼区,",
        "a,b,c,d,e",
    )
    aliases, bad = read_aliases(file)
    assert len(aliases.rows) == 1
    assert [line.split(": ")[1] for line in bad] == [f"line {number}" for number in range(3, 11)]
    assert all(line.startswith(str(file)) and "\n" not in line and line.endswith("passed over") for line in bad)
    for words, line in zip(
        (
            "no name",
            "no same_as",
            "one of several",
            "no division",
            "which place",
            "row above",
            "one of several",
            "5 columns",
        ),
        bad,
        strict=True,
    ):
        assert words in line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"alias,unit\n", "the first row is"),
        (b"name,place,same_as,plan\n", "the first row is"),
        (b"\xff\xfe\x00\x01" * 9, "neither UTF-8 nor GB18030"),
        (b'name,place,same_as\n"a,b,c\n', "no CSV"),
    ],
)
def test_a_file_that_is_no_list(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=words) as raised:
        read_aliases(file)
    assert str(file) in str(raised.value) and "\n" not in str(raised.value)
    with pytest.raises(InputError, match="cannot be read"):
        read_aliases(tmp_path / "missing.csv")


def names(graph: Graph, label: str = "Agency") -> set[str]:
    return set(graph.entities(type=label).name)


def test_a_list_settles_units_and_places_and_stays_in_the_store(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "a.txt").write_text(plan_text("区三防中心"), encoding="utf-8")
    (plans / "b.txt").write_text(plan_text("区防汛中心", year=2025), encoding="utf-8")
    out = tmp_path / "plans.kg"
    with package.build(plans, workers=1) as graph:
        assert {"区三防中心", "区防汛中心"} <= names(graph)
    file = write(tmp_path / "aliases.csv", "区三防中心,云溪市临溪区,区防汛中心,", "x,火星,y,")
    with package.build(plans / "a.txt", out, aliases=file) as graph:
        assert sum("line 3" in warning for warning in graph.report.warnings) == 1
        graph.add(plans / "b.txt")
        (row,) = [one for one in graph.entities(type="Agency").itertuples() if "中心" in one.name]
        assert row.name == "区防汛中心" and row.aliases == ["区三防中心"] and len(row.plans) == 2
    with package.open(out) as graph:
        assert [alias.name for alias in graph.store.aliases().rows] == ["区三防中心"]
        more = write(tmp_path / "more.csv", "区水利局,云溪市临溪区,区水务局,")
        report = graph.add(plans / "a.txt", aliases=more)
        assert any("1 plans that the graph held before" in warning for warning in report.warnings)
        assert [alias.name for alias in graph.store.aliases().rows] == ["区三防中心", "区水利局"]


def test_a_list_settles_the_place_of_a_plan() -> None:
    unknown = facts("检查 | 市水利局/应急部", issuer="市应急管理局", place=None, source="p17.txt", title=None)
    twice = facts("检查 | 区水利局", issuer="江北区应急管理局", place="江北区")
    aliases = Aliases((Alias("p17.txt", "", "浙江省杭州市", ""), Alias("江北区", "", "重庆市江北区", "")))
    settled = {row["name"]: row["place"] for row in plan_rows(unknown, aliases).shared["Agency"]}
    assert settled == {"市水利局": "浙江省杭州市", "市应急管理局": "浙江省杭州市", "应急部": "中国"}
    rows = plan_rows(twice, aliases)
    assert {row["place"] for row in rows.shared["Agency"]} == {"重庆市江北区"}
    (applies,) = rows.relationships["APPLIES_TO", "Plan", "Place"]
    assert applies["rule"] == "aliases"


def test_a_list_settles_a_unit_of_a_plan_without_a_place() -> None:
    plan = facts("检查 | 市水利局", issuer=None, place=None)
    aliases = Aliases((Alias("市水利局", "", "云溪市水利局", "云溪市"),))
    (row,) = plan_rows(plan, aliases).shared["Agency"]
    other = plan_rows(facts("检查 | 市水利局", issuer=None, place="云溪市临溪区")).shared["Agency"]
    assert row["id"] == other[0]["id"] and row["place"] == "云溪市" and row["unsettled"] is None


def test_aliases_that_run_in_a_ring_end() -> None:
    ring = Aliases((Alias("区甲站", "云溪市", "区乙站", "云溪市"), Alias("区乙站", "云溪市", "区甲站", "云溪市")))
    assert plan_rows(facts("检查 | 区甲站/区乙站", place="云溪市", issuer=None), ring).shared["Agency"]


# kg entities


@pytest.fixture
def graph() -> Graph:
    made = Graph(LadybugStore.create())
    made.add_facts(
        [
            facts(
                "检修 | 区水利局/公安部门/区公安局/区安监局/区应急局 | | 排水泵",
                place="云溪市临溪区",
                issuer="云溪市临溪区应急管理局",
            ),
            facts("检查 | 市水利局", issuer="市应急管理局", place=None, title=None, source="b.txt"),
            facts(
                "检查 | 市水利局/区现场指挥部",
                place="云溪市石桥区",
                issuer="云溪市石桥区应急局",
                source="c.txt",
                number="7",
            ),
            facts("检查 | 区水利局", place="江北区", issuer="江北区应急管理局", source="d.txt", number="8"),
            facts("检查 | 区水利局", place="宁波市江北区", issuer="宁波市江北区应急管理局", source="e.txt", number="9"),
        ]
    )
    return made


def test_entities(graph: Graph) -> None:
    rows = graph.entities()
    assert list(rows) == ["id", "label", "name", "aliases", "place", "plans", "mentions", "former_names"]
    assert set(graph.entities(type="supply").name) == {"排水泵"}
    assert not graph.entities(type="Place", plan="e.txt").empty
    bureau = rows[rows.name == "云溪市临溪区应急管理局"].iloc[0]
    assert (
        bureau.aliases == ["区应急局"]
        and bureau.place == "云溪市临溪区"
        and bureau.mentions == 1
        and len(bureau.plans) == 1
    )
    with pytest.raises(UsageError, match="no type"):
        graph.entities(type="Person")
    with pytest.raises(UsageError, match="no plan matches"):
        graph.entities(plan="nonsense")


def test_ambiguous_entities_have_reason_and_candidates(graph: Graph) -> None:
    rows = graph.entities(ambiguous=True)
    assert list(rows)[-2:] == ["reason", "candidates"]
    found = {(row.reason, row.name): [one.split(") ")[0] for one in row.candidates] for row in rows.itertuples()}
    assert found["ambiguous_place", "江北区"] == ["浙江省宁波市江北区", "重庆市江北区"]
    assert found["ambiguous_place", "区水利局"] == ["区水利局 (浙江省宁波市江北区"]
    assert found["no_place", "市水利局"] == ["市水利局 (云溪市"]
    assert found["department_by_field", "公安部门"] == ["区公安局 (云溪市临溪区"]
    assert found["former_department", "区安监局"] == ["云溪市临溪区应急管理局 (云溪市临溪区"]
    assert ("no_place", "市应急管理局") in found


def test_the_command(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    plan = tmp_path / "plan.txt"
    plan.write_text(plan_text("公安部门、区公安局"), encoding="utf-8")
    aliases = write(tmp_path / "aliases.csv", "区公安局,云溪市临溪区,区公安分局,", "x,,y,")
    out = tmp_path / "plans.kg"
    done = kg("build", plan, "--out", out, "--aliases", aliases)
    assert done.returncode == 0 and "aliases.csv: line 3: nothing says which place" in done.stderr
    done = kg("entities", "--graph", out, "--type", "Agency")
    assert done.returncode == 0 and "区公安局" in done.stdout and "云溪市临溪区" in done.stdout
    done = kg("entities", "--graph", out, "--ambiguous", "--format", "json")
    assert done.returncode == 0 and "department_by_field" in done.stdout
    assert kg("entities", "--graph", out, "--type", "nonsense").returncode == 2
    done = kg("add", plan, "--graph", out, "--aliases", tmp_path / "missing.csv")
    assert done.returncode == 1 and done.stderr.count("\n") == 1
