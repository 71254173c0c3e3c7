"""What was read of files, on its way into a store: masked, corrected, reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kg.build_report import BuildReport, Built, Progress
from kg.extraction.facts import Facts
from kg.store.aliases import Aliases
from kg.store.base import LeftOut, Store
from kg.store.corrections import Corrections, corrected
from kg.store.privacy import masked_rows
from kg.store.rdf import Imported
from kg.store.rdf.reading import Rows, plans_of
from kg.store.rdf.writing import contributions
from kg.store.rows import PlanRows, plan_rows

__all__ = ["Found", "Intake"]

Found = tuple[Path, Facts | Imported | LeftOut, float]
"""A file, what was read of it (facts, or the plans of an RDF file), and the seconds that this took."""


class Intake:
    """Takes plans into a store; `report` grows with each.

    Args:
        store: where they go.
        report: what is known before the first: files that are not there, aliases passed over.
        aliases: the user's names that mean the same.
        corrections: the user's corrections of facts.
        keep_first: of files that give the same plan, keep the first; else the last replaces it.
        keep_numbers: keep mobile and identity numbers; else they are masked.
    """

    def __init__(
        self,
        store: Store,
        report: BuildReport,
        aliases: Aliases,
        corrections: Corrections,
        *,
        keep_first: bool,
        keep_numbers: bool,
    ) -> None:
        self.report = report
        self._store = store
        self._aliases = aliases
        self._corrections = corrections
        self._keep_first = keep_first
        self._keep_numbers = keep_numbers
        self._taken: dict[str, Path] = {}

    def take(self, found: Iterable[Found], total: int, progress: Progress | None) -> None:
        """Write the plans of all files, in batches; remember which files were left out, here and before."""
        changes = self._store.put(self._rows(found, total, progress))
        replaced = set(changes.replaced)
        self.report.built = [replace(one, replaced=one.plan in replaced) for one in self.report.built]
        self._store.leave_out(self.report.left_out)
        self._store.taken_in(list(dict.fromkeys(one.file for one in self.report.built)))

    def _rows(self, found: Iterable[Found], total: int, progress: Progress | None) -> Iterator[PlanRows]:
        for done, (file, result, seconds) in enumerate(found, 1):
            if isinstance(result, LeftOut):
                self.report.left_out.append(result)
            else:
                self.report.warnings.extend(f"{file}: {warning}" for warning in result.warnings)
                for rows, built in _plans(result, self._aliases):
                    if self._keep_first and rows.plan in self._taken:
                        message = f"{file}: the same plan as {self._taken[rows.plan]}; left out"
                        self.report.left_out.append(LeftOut(str(file), "same_plan", message))
                    else:
                        self._taken[rows.plan] = file
                        yield self._ready(rows, replace(built, file=str(file), seconds=seconds))
            if progress is not None:
                progress(done, total, file.name)

    def _ready(self, rows: PlanRows, built: Built) -> PlanRows:
        """The rows as they are written; the plan is added to the report."""
        if not self._keep_numbers:
            rows, masked = masked_rows(rows)
            built = replace(built, masked=masked)
        self.report.built.append(built)
        self.report.warnings.extend(dropped.message for dropped in rows.dropped)
        return self._corrected(rows, self._corrections)

    def _corrected(self, rows: PlanRows, corrections: Corrections) -> PlanRows:
        wanted = corrections.of(rows.plan)
        if not wanted:
            return rows
        rows, made, misfits = corrected(rows, wanted, self._aliases)
        self.report.corrected += made
        self.report.warnings.extend(misfits)
        return rows

    def correct(self, new: Corrections) -> None:
        """Make new corrections in plans that the store holds and this run did not build."""
        wanted = {one.plan for one in new.rows} - {one.plan for one in self.report.built}
        there = self._store.holds(sorted(wanted))
        for plan in sorted(wanted - there):
            self.report.warnings.append(
                f"corrections: {len(new.of(plan))} for {plan}, which the graph does not hold; they are kept"
            )
        if there:
            held = Rows(list(self._store.nodes()), list(contributions(self._store)), list(self._store.relationships()))
            plans = plans_of(held, self._store.describe())
            self._store.put([self._corrected(one, new) for one in plans if one.plan in there])


def _plans(result: Facts | Imported, aliases: Aliases) -> Iterator[tuple[PlanRows, Built]]:
    """The rows of each plan of a file, and what the report says of it; of RDF the number of characters is not known."""
    if isinstance(result, Imported):
        for one in result.plans:
            tasks = len(one.own.get("Task", ()))
            yield one, Built(one.plan, one.own["Plan"][0]["name"], one.source, 0, tasks, 0)
    else:
        name = result.plan.title or result.source
        one = plan_rows(result, aliases)
        yield (
            one,
            Built(
                one.plan, name, result.source, result.size, len(result.tasks), len(result.rejected), how=result.reading
            ),
        )
