"""Which format a file has, by what its bytes are, and the reader of each.

The name decides only where bytes cannot: between CSV and text, and between HTML and Markdown that begins with a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from kg.errors import UnreadableFile
from kg.loaders.content import Content, Limits, damaged, encrypted
from kg.loaders.packages import members

Reader = Callable[[bytes, str, Limits], Content]

READERS: dict[str, tuple[str, str, str]] = {
    "html": ("kg.loaders.html_pages", "a web page", "formats"),
    "pdf": ("kg.loaders.pdf", "a PDF", "formats"),
    "docx": ("kg.loaders.docx", "a Word document (DOCX)", "formats"),
    "xlsx": ("kg.loaders.spreadsheets", "an Excel workbook (XLSX)", ""),
    "csv": ("kg.loaders.csv_tables", "a CSV table", ""),
    "ofd": ("kg.loaders.ofd", "an OFD document", "formats"),
    "image": ("kg.loaders.ocr", "an image", "ocr"),
    "office": ("kg.loaders.office", "an old Office document (.doc, .wps, .xls, RTF, ODF)", "formats"),
}
"""The module (its `read`), the words for people and the extra of each format that is no plain text."""

_NAMES = {
    "html": {".html", ".htm", ".shtml", ".xhtml", ".jsp", ".aspx", ".asp", ".php", ".mhtml"},
    "pdf": {".pdf"},
    "docx": {".docx", ".docm", ".dotx", ".wps"},
    "xlsx": {".xlsx", ".xlsm", ".et"},
    "csv": {".csv", ".tsv", ".txt"},
    "ofd": {".ofd"},
    "image": {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp"},
    "office": {".doc", ".wps", ".xls", ".et", ".rtf", ".odt", ".ods", ".dot"},
    "zip": {".zip"},
}
_TEXT_NAMES = {name for names in _NAMES.values() for name in names} - {".txt", ".csv", ".tsv"}

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>]|meta\s|\?xml[^>]*>\s*<(?:!doctype\s+html|html))", re.I
)
_WHOLE_PAGE = re.compile(rb"<(?:!doctype\s+html|head[\s>]|title[\s>]|meta\s)", re.I)


def format_of(data: bytes, name: str) -> str:
    """The format of a file: a key of `READERS`, `zip`, or `text`.

    >>> format_of(b"%PDF-1.7 ...", "plan.docx"), format_of("一、防汛".encode(), "plan.txt")
    ('pdf', 'text')
    """
    suffix = PurePath(name).suffix.lower()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _packed(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(data, name)
    if data.startswith(b"{\\rtf"):
        return "office"
    if any(data.startswith(one) for one in _IMAGES) and b"\0" in data[:4096] or data[8:12] == b"WEBP":
        return "image"
    head = data[:4096]
    for mark in _MARKS[1:]:
        if head.startswith(mark):
            head = head.replace(b"\0", b"")
    head = head.removeprefix(_MARKS[0]).removeprefix(_MARKS[1]).removeprefix(_MARKS[2])
    start = re.sub(rb"^\s*(?:<!--.*?-->\s*)*", b"", head, flags=re.S)
    if _HTML.match(start) and (suffix not in {".md", ".txt"} or _WHOLE_PAGE.search(head)):
        return "html"
    if suffix in _NAMES["html"] and re.search(rb"<(?:div|p|table|span)[\s>]", head, re.I):
        return "html"
    if suffix in {".csv", ".tsv"} and b"\0" not in head:
        return "csv"
    return "text"


def _packed(data: bytes, name: str) -> str:
    """Which of the formats that are zip archives; a broken archive is named by what its first parts say."""
    try:
        names = members(data, name)
    except UnreadableFile:
        for mark, what in (
            (b"word/", "a Word document"),
            (b"xl/", "an Excel workbook"),
            (b"OFD.xml", "an OFD document"),
        ):
            if mark in data:
                raise damaged(name, f"{what} that is cut off or damaged") from None
        raise
    found = set(names)
    if "word/document.xml" in found or any(one.startswith("word/document") for one in found):
        return "docx"
    if any(one.startswith("xl/") for one in found) and "[Content_Types].xml" in found:
        return "xlsx"
    if "OFD.xml" in found:
        return "ofd"
    if "mimetype" in found and "content.xml" in found:
        return "office"
    if "[Content_Types].xml" in found:
        raise UnreadableFile(
            f"{name}: an Office document that is neither Word nor Excel; save it as DOCX or PDF", "binary"
        )
    return "zip"


def _compound(data: bytes, name: str) -> str:
    """An old Office file; one with a password is told from the names of its streams."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted(name, "an Office document that is locked")
    return "office"


def read_content(data: bytes, name: str, limits: Limits, plain: Callable[[bytes, str], tuple[str, str]]) -> Content:
    """Read the bytes of a file with the reader of its format.

    Args:
        data: the whole file.
        name: its path or name, for messages.
        limits: how much is read.
        plain: the reader of plain text.

    Raises:
        UnreadableFile: see `kg.loaders.text.REASONS`.
    """
    form = format_of(data, name)
    if form == "text":
        text, encoding = plain(data, name)
        content = Content(text, encoding, f"text ({encoding})")
    elif form == "zip":
        inside = any(one.lower().endswith(".zip") for one in PurePath(name).parts[:-1])
        do = "unpack it first" if inside else "build it (kg build), or name a file in it (archive.zip/plan.docx)"
        where = "within an archive" if inside else "not one file"
        raise UnreadableFile(f"{name}: a ZIP archive, {where}; {do}", "archive")
    else:
        content = _reader(form, name)(data, name, limits)
    warning = _misnamed(form, name)
    if warning:
        from dataclasses import replace

        content = replace(content, warnings=(warning, *content.warnings))
    return content


def _reader(form: str, name: str) -> Reader:
    module, what, extra = READERS[form]
    try:
        reader: Reader = import_module(module).read
    except ModuleNotFoundError as error:
        raise needs_extra(name, what, extra, error.name or "") from None
    return reader


def needs_extra(name: str, what: str, extra: str, package: str) -> UnreadableFile:
    """The error for a format whose library is not installed."""
    return UnreadableFile(
        f"{name}: {what}; to read it install the extra: pip install 'emergency-kg[{extra}]' ({package} is missing)",
        "needs_extra",
    )


def _misnamed(form: str, name: str) -> str:
    """What to tell of a file whose name promises another format."""
    suffix = PurePath(name).suffix.lower()
    if form == "text":
        return f"named {suffix}, but it is plain text; read as text" if suffix in _TEXT_NAMES else ""
    known = any(suffix in names for names in _NAMES.values()) or suffix in {".md", ".markdown"}
    if suffix and known and suffix not in _NAMES[form]:
        return f"named {suffix}, but it is {READERS[form][1]}; read as that"
    return ""
