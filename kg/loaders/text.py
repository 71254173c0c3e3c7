"""Reading a file: bytes to text with positions, with one clear line for what cannot be read.

The reader is chosen by what the bytes are, not by the file's name (`kg.loaders.formats`). This module reads plain text
and Markdown in UTF-8 (with or without a byte order mark), GB18030 (and so GBK and GB2312), and UTF-16 and UTF-32 with a
byte order mark.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import UnreadableFile
from kg.loaders.content import MAX_PAGES, MAX_SIZE, Content, Limits
from kg.loaders.formats import read_content
from kg.loaders.packages import member_bytes

__all__ = ["MAX_PAGES", "MAX_SIZE", "REASONS", "Reading", "bytes_of", "read"]

REASONS = (
    "missing", "empty", "binary", "unknown_encoding", "too_large", "unreadable", "archive", "damaged", "encrypted",
    "needs_extra", "needs_program", "no_text", "too_many_pages", "unsafe_path", "unsafe_xml",
)  # fmt: skip
"""The reason codes of `UnreadableFile`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the reader's content (line ends as LF, byte order mark kept) and the sha256 of the file."""

    content: Content
    sha256: str


def bytes_of(path: str | Path, *, limits: Limits) -> bytes:
    """The bytes of a file, or of a file in a zip archive (`plans.zip/plan.docx`).

    Raises:
        UnreadableFile: missing, a folder, too large, not to be read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise UnreadableFile(f"{path}: is a folder, not a file; give the plans in it", "missing")
        archive = next((one for one in path.parents if one.is_file()), None)
        if archive is not None:
            return member_bytes(archive, path.relative_to(archive).as_posix(), limits)
        size = path.stat().st_size
        if size > limits.size:
            raise UnreadableFile(
                f"{path}: {size:,} bytes, more than the limit of {limits.size:,}; raise --max-size to read it",
                "too_large",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"{path}: no such file; check the path", "missing") from None
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); check its permissions"
        raise UnreadableFile(message, "unreadable") from None


def read(path: str | Path, *, max_size: int = MAX_SIZE, max_pages: int = MAX_PAGES) -> Reading:
    """Read a file.

    Args:
        path: the file.
        max_size: in bytes; a larger file is refused.
        max_pages: a file with more pages is refused.

    Raises:
        UnreadableFile: `reason` has the code, one of `REASONS`.
    """
    limits = Limits(max_size, max_pages)
    data = bytes_of(path, limits=limits)
    return Reading(decode(data, str(path), limits), hashlib.sha256(data).hexdigest())


def decode(data: bytes, name: str, limits: Limits = Limits()) -> Content:  # noqa: B008
    """Bytes of a file to its text (line ends as LF, byte order mark kept) with all that its reader says of it.

    Args:
        data: the whole file.
        name: the file's path or name, for messages.
        limits: how much is read.

    Raises:
        UnreadableFile: empty, binary, of an unknown encoding, or what the reader of its format finds wrong.
    """
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise UnreadableFile(f"{name}: the file is empty; nothing to read", "empty")
    content = read_content(data, name, limits, _plain)
    text = content.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff \t\n\u3000\xa0"):
        raise UnreadableFile(f"{name}: the file holds white space only; nothing to read", "empty")
    return content if text == content.text else replace(content, text=text)


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.doc, .xls)"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3", "a database"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# What Chinese text is made of: ideographs, CJK punctuation, full-width forms, ASCII, general punctuation, numerals.
_PLAUSIBLE = re.compile(
    "[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u0020-\u007e\\s\u2010-\u203b\u2160-\u216f\u2460-\u249b]"
)
# Characters that any Chinese text of some length holds, in either script; read in a wrong encoding it has few of them.
_USUAL = re.compile(
    "[的一和在为為对對等及有各工作安全应應急部门門负負责責组組织織理要不人大中上下年月日是了市县縣区區、，。]"
)


def _plain(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(name, f"marked as {encoding} but broken at byte {error.start:,}") from None
            return text, encoding + ("-sig" if encoding == "utf-8" else "")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(f"{name}: {what}, not text; save it as text (UTF-8) first", "binary")
    controls = len(_CONTROL.findall(data))
    if b"\0" in data or controls > len(data) // 100:
        raise UnreadableFile(f"{name}: binary data, not text; save it as text (UTF-8) first", "binary")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        first_bad = error.start
        if error.reason == "unexpected end of data" and len(data) > 3:  # cut off in the middle of its last character
            return data[:first_bad].decode("utf-8") + "\ufffd", "utf-8"
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise _undecodable(name, f"neither UTF-8 (byte {first_bad:,}) nor GB18030") from None
    usual, ideographs = len(_USUAL.findall(text)), len(re.findall("[\u4e00-\u9fff]", text))
    if len(_PLAUSIBLE.findall(text)) < 0.9 * len(text) or usual < 0.04 * ideographs:
        raise _undecodable(name, f"not UTF-8 (byte {first_bad:,}), and no Chinese text as GB18030")
    return text, "gb18030"


def _undecodable(name: str, what: str) -> UnreadableFile:
    return UnreadableFile(f"{name}: unknown encoding ({what}); save it as UTF-8", "unknown_encoding")
