"""Score the project's own extraction over a folder of annotated plans: what `kg eval` does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.extraction.scoring import Scores, read_gold, score
from kg.extraction.serialise import to_plain

__all__ = ["evaluate"]


def evaluate(
    gold_folder: str | Path,
    plans: str | Path | None = None,
    *,
    progress: Callable[[int, int, str], None] | None = None,
) -> Scores:
    """Extract each annotated plan and compare.

    Args:
        gold_folder: holds the annotations (`*.json`) and, in `text/`, the cleaned texts that they quote (a text that is
            missing there is taken from the plan).
        plans: the folder of the plans; where None, they are looked for in `plans` beside `gold_folder`, in `plans` one
            folder higher, and in `gold_folder` itself.
        progress: called with the number done, the number of all, and the plan's file name.

    Raises:
        InputError: no annotation, a malformed one, or one whose plan is not found.
        UnreadableFile: a plan that cannot be read.
    """
    from kg.extraction import extract
    from kg.loaders import load

    folder = Path(gold_folder)
    golds = read_gold(folder)
    around = folder.absolute()
    places = [Path(plans)] if plans else [around.parent / "plans", around.parent.parent / "plans", around]
    files = {gold["source"]: _find(gold["source"], places) for gold in golds}
    done = 0

    def output(source: str) -> tuple[dict[str, Any], str]:
        nonlocal done
        document = load(files[source])
        plain = to_plain(extract(document))
        done += 1
        if progress:
            progress(done, len(files), source)
        return plain, document.text

    return score(golds, output, folder / "text")


def _find(source: str, places: list[Path]) -> Path:
    for place in places:
        if (place / source).is_file():
            return place / source
    tried = ", ".join(str(place) for place in places)
    raise InputError(f"{source}: the annotated plan is not in {tried}; say where the plans are with --plans DIR")
