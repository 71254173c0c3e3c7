"""The store: rows from facts, writing, replacing, removing, bad files."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from handmade import dump, facts, filled, other_district, yunxi_2024, yunxi_2025
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import BadStore, UsageError
from kg.store import LeftOut, Store, plan_rows
from kg.store.ladybug import LadybugStore
from kg.store.rows import merge

PLANS = (yunxi_2024, yunxi_2025, other_district)


def names(store: Store, label: str) -> list[str]:
    return sorted(node["name"] for node in store.nodes(label))


def test_rows_are_a_pure_function() -> None:
    assert plan_rows(yunxi_2024()) == plan_rows(yunxi_2024())


def test_every_row_fits_the_schema_and_keeps_its_words() -> None:
    from kg.ontology import schema

    store = filled(*PLANS)
    for label in schema().labels:
        for node in store.nodes(label.name):
            assert list(node) == [prop.name for prop in label.properties]
            assert node["id"] and node["name"] and node["label"] == label.name
    extracted = [edge for edge in store.relationships() if edge["type"] not in ("BROADER", "WITHIN")]
    assert extracted and all(edge["plan"] and edge["rule"] for edge in extracted)
    responsible = [edge for edge in extracted if edge["type"] == "RESPONSIBLE_FOR"]
    assert len(responsible) == 15
    assert all(edge["span_start"] < edge["span_end"] and edge["quote"] and edge["statement"] for edge in responsible)


def test_units_of_different_places_stay_apart() -> None:
    store = filled(*PLANS)
    hydrology = [node for node in store.nodes("Agency") if node["name"] == "区水利局"]
    assert sorted(node["place"] for node in hydrology) == ["云溪市云溪区", "云溪市石桥区"]
    assert names(store, "Agency").count("危化科") == 2
    assert names(store, "Supply").count("排水泵") == 2


def test_forms_of_one_unit_are_one_node_over_plans() -> None:
    store = filled(yunxi_2024, yunxi_2025)
    (bureau,) = [node for node in store.nodes("Agency") if "应急" in node["name"]]
    assert bureau["name"] == "云溪区应急管理局"
    assert bureau["aliases"] == ["区局", "区应急局", "区应急管理局"]
    assert names(store, "Agency").count("危化科") == 1


def test_pronoun_is_the_issuer_and_groups_are_one_a_plan() -> None:
    store = filled(yunxi_2024, other_district)
    task = next(node for node in store.nodes("Task") if node["text"].startswith("督促"))
    (owner,) = store.run(
        "MATCH (o:Agency)-[r:RESPONSIBLE_FOR]->(t:Task {id: $id}) RETURN o.name, r.quote", {"id": task["id"]}
    ).rows
    assert owner == ["云溪区应急管理局", "我局"]
    assert names(store, "Group") == ["各镇(街道)", "有关部门"]
    assert [edge["quote"] for edge in store.relationships("ADDRESSED")] == [task["text"]]


def test_a_hazard_brings_its_broader_ones() -> None:
    store = filled(yunxi_2024)
    broader = {(edge["source"], edge["target"]) for edge in store.relationships("BROADER")}
    assert ("hazard-mountain-flood", "hazard-flood") in broader
    assert {"突发事件", "自然灾害", "洪涝灾害", "山洪灾害"} <= set(names(store, "Hazard"))


def test_loading_again_changes_nothing() -> None:
    store = filled(*PLANS)
    before = dump(store)
    changes = store.put([plan_rows(yunxi_2025())])
    assert changes.replaced == changes.written
    assert dump(store) == before


@pytest.mark.parametrize("batch", [1, 20_000])
def test_order_and_batches_do_not_matter(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.base.BATCH_ROWS", batch)
    assert dump(filled(*PLANS)) == dump(filled(*reversed(PLANS)))


@pytest.mark.parametrize("seed", range(3))
def test_add_then_remove_is_the_graph_before(seed: int) -> None:
    order = random.Random(seed).sample(PLANS, 3)
    store = filled(order[0])
    states = [dump(store)]
    for plan in order[1:]:
        store.put([plan_rows(plan())])
        states.append(dump(store))
    for plan in reversed(order[1:]):
        states.pop()
        store.remove([plan_rows(plan()).plan])
        assert dump(store) == states[-1]
    store.remove([plan_rows(order[0]()).plan])
    assert dump(store) == []
    assert store.run("MATCH (n) RETURN count(*)").rows == [[1]]  # the format's version


def test_removing_a_plan_that_is_not_there_does_nothing() -> None:
    store = filled(yunxi_2024)
    before = dump(store)
    store.remove(["plan-0", plan_rows(yunxi_2025()).plan])
    assert dump(store) == before


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="|\x00"), min_size=1),
        min_size=1,
        max_size=4,
    )
)
def test_every_character_is_kept(texts: list[str]) -> None:
    lines = [text if text.strip() and text[0] not in "#+" else f"一{text}" for text in texts]
    plan = facts(*(f"{line} | 区'水`利\"局}} | | " for line in lines))
    store = LadybugStore.create()
    store.put([plan_rows(plan)])
    assert sorted(node["text"] for node in store.nodes("Task")) == sorted(line.strip() for line in lines)
    store.close()


def test_merge_is_the_same_in_any_order() -> None:
    rows = [
        {"id": "a", "name": "区局", "aliases": ["局"], "place": None},
        {"id": "a", "name": "云溪区局", "aliases": [], "place": "云溪区"},
        {"id": "a", "name": "本区局", "aliases": ["区局"], "place": "云溪区"},
    ]
    merged = merge(rows)
    assert merged == merge(reversed(rows)) == merge([merge(rows[:2]), rows[2]]) == merge([merged, merged])
    assert merged["name"] == "云溪区局" and merged["aliases"] == ["区局", "局", "本区局"]


def test_a_relation_that_the_schema_lacks_is_reported() -> None:
    plan = facts("检查 | 区水利局", relations=(("抢险队", "Team", "HOSTED_BY", "区水利局", "Agency"),))
    rows = plan_rows(plan)
    assert [dropped.reason for dropped in rows.dropped] == ["pair_not_in_schema"]
    assert "HOSTED_BY from Team to Agency" in rows.dropped[0].message


def test_a_form_of_another_place_is_no_alias() -> None:
    bureau = ("Agency", "云溪区应急管理局", ("区应急管理局", "市应急管理局"))
    rows = plan_rows(facts("检查 | 市应急管理局", entities=(bureau,)))
    assert [dropped.reason for dropped in rows.dropped] == ["alias_of_another_place"]
    found = {(node["name"], node["place"], node["level"]) for node in rows.shared["Agency"]}
    assert found == {("云溪区应急管理局", "云溪市云溪区", "county"), ("市应急管理局", "云溪市", "city")}


def test_files_left_out_are_kept(tmp_path: Path) -> None:
    store = LadybugStore.create(tmp_path / "a.kg")
    store.put([plan_rows(yunxi_2024())])
    store.leave_out([LeftOut("b.txt", "empty", "b.txt: empty"), LeftOut("a.bin", "binary", "a.bin: binary")])
    store.leave_out([LeftOut("b.txt", "missing", "b.txt: missing")])
    store.finish()
    assert [(one.source, one.reason) for one in store.left_out()] == [("a.bin", "binary"), ("b.txt", "missing")]
    store.taken_in(["b.txt"])
    store.close()
    with_ = LadybugStore.open(tmp_path / "a.kg")
    assert [one.source for one in with_.left_out()] == ["a.bin"]
    with_.close()


# files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    store = LadybugStore.create(tmp_path / "plans.kg")
    store.put(plan_rows(plan()) for plan in PLANS)
    store.finish()
    store.close()
    return tmp_path / "plans.kg"


def test_a_store_file_is_one_file_and_reads_back(file: Path) -> None:
    assert [path.name for path in file.parent.iterdir()] == ["plans.kg"]
    store = LadybugStore.open(file)
    assert dump(store) == dump(filled(*PLANS))
    store.close()


def test_bad_files_are_named(file: Path, tmp_path: Path) -> None:
    import ladybug

    whole = file.read_bytes()
    cases = {
        "empty": (b"", "is empty"),
        "short": (b"LBUG1", "is truncated"),
        "truncated": (whole[: len(whole) // 2], "is truncated"),
        "cut": (whole[:-5000], "is truncated"),
        "foreign": (b"PK\x03\x04 a zip file" * 500, "is not a store"),
        "text": ("防汛".encode(), "is not a store"),
    }
    for name, (content, words) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BadStore, match=words) as raised:
            LadybugStore.open(path)
        assert str(path) in str(raised.value) and "\n" not in str(raised.value)
        assert path.read_bytes() == content
    other = ladybug.Database(str(tmp_path / "other.kg"))
    ladybug.Connection(other).execute("CREATE NODE TABLE Thing(id STRING PRIMARY KEY)")
    other.close()
    with pytest.raises(BadStore, match="not a store of plans"):
        LadybugStore.open(tmp_path / "other.kg")
    with pytest.raises(BadStore, match="no such store"):
        LadybugStore.open(tmp_path / "missing.kg")
    with pytest.raises(BadStore, match="is a folder"):
        LadybugStore.open(tmp_path)


def test_another_format_is_refused(file: Path) -> None:
    store = LadybugStore.open(file)
    store.remove([])
    store.run("MATCH (s:StoreInfo {id: 'format'}) SET s.value = '99'")
    store.close()
    with pytest.raises(BadStore, match="has format 99"):
        LadybugStore.open(file)


def test_one_writer_many_readers(file: Path) -> None:
    code = (
        "import sys, time\nfrom kg.store.ladybug import LadybugStore\n"
        f"store = LadybugStore.open({str(file)!r})\nstore.remove([])\nprint('writing', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline().strip() == b"writing"
        reader = LadybugStore.open(file)
        before = dump(reader)
        with pytest.raises(BadStore, match=f"process {other.pid} is writing"):
            reader.remove(["plan-0"])
        assert dump(reader) == before
        with pytest.raises(BadStore, match="is writing"):
            LadybugStore.create(file, replace=True)
        reader.close()
        other.communicate()
    first = LadybugStore.open(file)
    first.remove([])
    with pytest.raises(BadStore, match="this process has it open for writing"):
        LadybugStore.open(file)
    first.close()
    second, third = LadybugStore.open(file), LadybugStore.open(file)
    second.remove([])
    with pytest.raises(BadStore, match="this process has it open for writing"):
        third.remove([])
    assert dump(third) == before
    second.close()
    third.close()


def test_a_build_takes_its_place_at_the_end(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(UsageError, match="exists"):
        LadybugStore.create(file)
    file.with_name("plans.kg.building").write_bytes(before[:9000])  # left by a build that was killed
    store = LadybugStore.create(file, replace=True)
    store.put([plan_rows(yunxi_2024())])
    assert file.read_bytes() == before
    store.close()  # not finished
    assert file.read_bytes() == before and [path.name for path in file.parent.iterdir()] == ["plans.kg"]
    store = LadybugStore.create(file, replace=True)
    store.put([plan_rows(yunxi_2024())])
    store.finish()
    store.close()
    with_ = LadybugStore.open(file)
    assert dump(with_) == dump(filled(yunxi_2024))
    with_.close()


def test_a_failed_batch_leaves_the_graph_as_it_was() -> None:
    store = filled(yunxi_2024)
    before = dump(store)
    good = plan_rows(other_district())
    broken = {**good.own, "Section": [{"id": "s", "nonsense": "x"}]}
    bad = type(good)(good.plan, good.source, broken, good.shared, good.relationships)
    with pytest.raises(BadStore, match="in memory: cannot be written"):
        store.put([bad])
    assert dump(store) == before
    store.put([good])
    assert dump(store) == dump(filled(yunxi_2024, other_district))


def test_a_fault_of_the_engine_inside_a_batch_is_one_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the batch asks which plans are there, by the same way as users' queries."""
    store = filled(yunxi_2024)
    before, stream = dump(store), store._stream

    def failing(query: str, parameters: Mapping[str, Any] | None = None) -> Any:
        if query.startswith("UNWIND $ids AS i MATCH (p:Plan"):
            raise RuntimeError("IO exception: cannot read from file")
        return stream(query, parameters)

    monkeypatch.setattr(store, "_stream", failing)
    for change in (lambda: store.put([plan_rows(other_district())]), lambda: store.remove(["any"])):
        with pytest.raises(BadStore, match="in memory: cannot be written .IO exception"):
            change()
    with pytest.raises(UsageError, match="IO exception"):
        store.holds(["any"])
    monkeypatch.undo()
    assert dump(store) == before


def test_a_closed_store_says_so() -> None:
    store = filled(yunxi_2024)
    store.close()
    store.close()
    with pytest.raises(UsageError, match="closed"):
        store.run("MATCH (n) RETURN n")


def test_a_wrong_query_is_the_users_error() -> None:
    with pytest.raises(UsageError, match="cannot be run"):
        filled(yunxi_2024).run("MATCH (n RETURN n")
