"""The files that paths name: those of folders and of archives too, in an order that is the same on every machine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from kg.errors import UnreadableFile, UsageError
from kg.loaders.content import Limits
from kg.loaders.packages import climbs, contents, is_archive
from kg.store.base import LeftOut

__all__ = ["plan_files"]


def plan_files(paths: str | Path | Iterable[str | Path]) -> tuple[list[Path], list[LeftOut]]:
    """The files that these paths name, in the order of the paths, those of a folder sorted; and what is left out of them.

    Raises:
        UsageError: no path is given.
    """
    given = [Path(one) for one in ([paths] if isinstance(paths, str | Path) else paths)]
    if not given:
        raise UsageError("no path given; name a file or a folder of plans")
    files: dict[Path, None] = {}
    left: list[LeftOut] = []
    for path in given:
        if path.is_dir():
            inside, hidden = _of_folder(path)
            files.update(dict.fromkeys(inside))
            left.extend(hidden)
        elif path.exists():
            files[path] = None
        else:
            left.append(LeftOut(str(path), "missing", f"{path}: no such file or folder; check the path"))
    for archive in [file for file in files if is_archive(file)]:
        del files[archive]
        inside, refused = _of_archive(archive)
        files.update(dict.fromkeys(inside))
        left.extend(refused)
    order = {path: number for number, path in enumerate(given)}

    def place(file: Path) -> tuple[int, tuple[str, ...]]:
        number = min((order[above] for above in (file, *file.parents) if above in order), default=0)
        return number, file.parts

    return sorted(files, key=place), left


def _of_folder(path: Path) -> tuple[list[Path], list[LeftOut]]:
    files: list[Path] = []
    left: list[LeftOut] = []
    for folder, names, inside in os.walk(path):
        for name in sorted(name for name in (*names, *inside) if name.startswith(".")):
            hidden = Path(folder, name)
            left.append(LeftOut(str(hidden), "hidden", f"{hidden}: hidden; left out"))
        names[:] = sorted(name for name in names if not name.startswith("."))
        for link in (one for name in names if (one := Path(folder, name)).is_symlink()):  # os.walk does not enter it
            message = f"{link}: a link to a folder, which may lead in a circle; left out, name that folder itself"
            left.append(LeftOut(str(link), "linked_folder", message))
        files.extend(Path(folder, name) for name in inside if not name.startswith("."))
    return files, left


def _of_archive(archive: Path) -> tuple[list[Path], list[LeftOut]]:
    files: list[Path] = []
    left: list[LeftOut] = []
    try:
        names = contents(archive, Limits())
    except UnreadableFile as error:
        return [], [LeftOut(str(archive), error.reason, str(error))]
    for name in names:
        inner = archive / name
        if climbs(name):
            message = f"{inner}: its name leads out of the archive; left out, do not trust the archive"
            left.append(LeftOut(str(inner), "unsafe_path", message))
        elif any(part.startswith((".", "__MACOSX")) for part in Path(name).parts):
            left.append(LeftOut(str(inner), "hidden", f"{inner}: hidden; left out"))
        else:
            files.append(inner)
    return files, left
