"""Old Office files (.doc, .wps, .xls, .et, RTF, ODF): LibreOffice, where it is installed, makes DOCX or XLSX of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path, PurePath

from kg.errors import UnreadableFile
from kg.loaders.content import Content, Limits, damaged, encrypted

SECONDS = 120
"""After so long LibreOffice is stopped."""
_SHEETS = (b"W\0o\0r\0k\0b\0o\0o\0k\0", b"B\0o\0o\0k\0")


def program() -> str | None:
    """The path of LibreOffice, None where it is not installed; `KG_SOFFICE` names another."""
    return os.environ.get("KG_SOFFICE") or next(
        (path for name in ("soffice", "libreoffice") if (path := shutil.which(name))), None
    )


def read(data: bytes, name: str, limits: Limits) -> Content:
    """An old Office file by way of DOCX or XLSX."""
    from kg.loaders import docx, spreadsheets

    suffix = PurePath(name).suffix.lower()
    table = _is_table(data, suffix)
    soffice = program()
    if soffice is None:
        form = "XLSX" if table else "DOCX"
        raise UnreadableFile(
            f"{name}: an old Office document; install LibreOffice to read it (soffice must be found), or save it as {form}",
            "needs_program",
        )
    new = _converted(data, name, soffice, "xlsx" if table else "docx", suffix)
    content = spreadsheets.read(new, name, limits) if table else docx.read(new, name, limits)
    return replace(content, format=f"{content.format} (by LibreOffice)", encoding="office")


def _is_table(data: bytes, suffix: str) -> bool:
    if data.startswith(b"PK"):
        return b"opendocument.spreadsheet" in data[:200]
    if data.startswith(b"{\\rtf"):
        return False
    if "WordDocument".encode("utf-16-le") in data:
        return False
    return any(mark in data for mark in _SHEETS) or suffix in (".xls", ".et")


def _converted(data: bytes, name: str, soffice: str, form: str, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"source{suffix or '.doc'}")
        source.write_bytes(data)
        command = [
            soffice, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", form, "--outdir", str(Path(folder, "out")), str(source),
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise UnreadableFile(
                f"{name}: LibreOffice did not finish it in {SECONDS} s; save it as {form.upper()}", "too_slow"
            ) from None
        except OSError as error:
            raise UnreadableFile(
                f"{name}: LibreOffice ({soffice}) cannot be run ({error.strerror}); install it anew", "needs_program"
            ) from None
        made = Path(folder, "out", f"source.{form}")
        if not made.exists():
            if "password" in (done.stdout + done.stderr).lower():
                raise encrypted(name, "an old Office document that is locked")
            raise damaged(name, "an old Office document that LibreOffice cannot open (cut off, damaged, or locked)")
        return made.read_bytes()
