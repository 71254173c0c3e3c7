"""What a build did: plans built, files left out, warnings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import InputError

if TYPE_CHECKING:
    from kg.loaders import HowRead
    from kg.store.base import LeftOut

__all__ = ["BuildFailed", "BuildReport", "Built", "Progress"]

Progress = Callable[[int, int, str], None]
"""Called with the number of files done, their total, and the name of the file just done."""


@dataclass(frozen=True, slots=True)
class Built:
    """A plan that was built: its id, title, file name, and numbers of characters, tasks and rejected findings; the path of
    its file, how it was read, the seconds that reading and extraction took, and how many mobile and identity numbers
    were masked."""

    plan: str
    title: str
    source: str
    characters: int
    tasks: int
    rejected: int
    replaced: bool = False
    file: str = ""
    how: HowRead | None = None
    seconds: float = 0.0
    masked: tuple[int, int] = (0, 0)

    def line(self) -> str:
        """What was read, how, and how long it took, for people."""
        parts = [self.how.format] if self.how else ["RDF"]
        if self.how and self.how.pages:
            parts.append(f"{self.how.pages} pages")
        if self.how and self.how.tables:
            parts.append(f"{self.how.tables} tables")
        parts += [f"{self.tasks} tasks", f"{self.seconds:.1f} s"]
        return f"{self.file}: {', '.join(parts)}"


class BuildFailed(InputError):
    """Nothing was built, or with `strict` something was left out; `report` tells what and why."""

    def __init__(self, message: str, report: BuildReport) -> None:
        super().__init__(message)
        self.report = report


@dataclass(slots=True)
class BuildReport:
    """What a build did: plans built, files left out, and warnings (damaged text, facts that the graph cannot hold)."""

    built: list[Built] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    corrected: int = 0
    """Corrections of facts that were made."""

    def __str__(self) -> str:
        tasks = sum(plan.tasks for plan in self.built)
        built, left = len(self.built), len(self.left_out)
        return f"{built} plans built with {tasks} tasks, {left} files left out, {len(self.warnings)} warnings"
