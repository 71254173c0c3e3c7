"""A progress bar in notebooks; in a terminal `kg` has its own."""

from __future__ import annotations

import html
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["bar", "in_notebook"]


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"


def bar() -> Callable[[int, int, str], None]:
    """A bar below the cell: call it with the number of files done, their total, and the name of the file just done."""
    from IPython import display

    notebook: Any = display  # it has no types
    shown: Any = None

    def progress(done: int, total: int, name: str) -> None:
        nonlocal shown
        text = f"{done}/{total} {html.escape(name) if done < total else ''}"
        picture = notebook.HTML(f'<progress value="{done}" max="{total}" style="width:24em"></progress> {text}')
        if shown is None:
            shown = notebook.display(picture, display_id=True)
        else:
            shown.update(picture)

    return progress
