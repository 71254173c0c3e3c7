"""The RDF form: time and size of each format, and the time to read it back, check it and query it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def times(files: list[Path]) -> dict[str, Any]:
    """Under `rdf`: seconds and bytes of each format, seconds of reading, checking and each saved question, statements."""
    from kg import building
    from kg.queries.sparql import prepare, saved, select
    from kg.store.ladybug import LadybugStore
    from kg.store.rdf import FORMATS, check_dataset, load, read_plans

    found: dict[str, Any] = {"write": {}, "bytes": {}, "questions": {}}

    def timed(work: Callable[[], Any]) -> tuple[Any, float]:
        started = time.perf_counter()
        result = work()
        return result, time.perf_counter() - started

    with tempfile.TemporaryDirectory() as folder, building.build(files) as graph:
        for form in FORMATS:
            path = Path(folder, f"plans.{form}")
            _, found["write"][form] = timed(lambda path=path: graph.to_rdf(path))  # type: ignore[misc]
            found["bytes"][form] = path.stat().st_size
        data, found["load"] = timed(lambda: load(Path(folder, "plans.nt")))
        plans, found["read"] = timed(lambda: read_plans(data, "plans.nt"))
        store = LadybugStore.create()
        _, found["store"] = timed(lambda: store.put(plans))
        same = list(store.relationships()) == list(graph.relationships()) and list(store.nodes()) == list(graph.nodes())
        store.close()
        report, found["check"] = timed(lambda: check_dataset(data))
        found.update(statements=len(data), same=same, violations=report.violations, warnings=report.warnings)
        for name in ("who_is_responsible", "shared_tasks", "shared_pairs", "owner_load", "plan_tasks"):
            text = prepare(saved(name), {"plan": ""})
            _, found["questions"][name] = timed(lambda text=text: select(data, text))  # type: ignore[misc]
    return {"rdf": found}


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The figures for people."""
    for form, seconds in found["write"].items():
        yield f"  {f'export {form}':22s}{seconds:8.2f} s  {found['bytes'][form] / 1e6:8.1f} MB"
    same = "the same graph" if found["same"] else "NOT THE SAME GRAPH"
    yield f"  {'load nt':22s}{found['load']:8.2f} s   ({found['statements']:,} statements)"
    yield f"  {'read, compare, store':22s}{found['read'] + found['store']:8.2f} s   ({same})"
    yield f"  {'check (SHACL)':22s}{found['check']:8.2f} s   ({found['violations']} violations, {found['warnings']} warnings)"
    for name, seconds in found["questions"].items():
        yield f"  {f'sparql {name}':28s}{seconds * 1000:8.1f} ms"
