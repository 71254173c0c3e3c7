"""Zip archives, alone and as the package of DOCX, XLSX and OFD: opened with care.

Nothing is written to disk. What an archive says of its sizes is added up before anything is unpacked, and no part is read
beyond the size that was said; so an archive that unpacks to gigabytes costs nothing. XML with a document type is
refused, since entities that expand, or that name other files, need one.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from kg.errors import UnreadableFile
from kg.loaders.content import Limits, damaged, encrypted

MOST_MEMBERS = 20_000
ARCHIVES = 10
"""All files of an archive together may be so many times what one file may be, unpacked."""
_RATIO = 200
"""A part over a megabyte that packs to less than a 200th is made to burst."""


def _open(data: bytes | Path, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise damaged(name, "an archive that is cut off or damaged") from None


def members(data: bytes, name: str) -> list[str]:
    """The names of the parts of an archive, as they stand in it."""
    with _open(data, name) as archive:
        return archive.namelist()


class Package:
    """The parts of a document that is a zip archive.

    Raises:
        UnreadableFile: damaged, encrypted, or larger when unpacked than `limits` allows (`too_large`).
    """

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.name = name
        self._archive = _open(data, name)
        infos = self._archive.infolist()
        if len(infos) > MOST_MEMBERS:
            raise UnreadableFile(f"{name}: {len(infos):,} parts in one file; it is no document", "too_large")
        total = sum(info.file_size for info in infos)
        for info in infos:
            check_member(info, name, limits)
        if total > limits.unpacked:
            raise bursts(name, total, limits)

    def names(self) -> list[str]:
        """The names of all parts, in order."""
        return self._archive.namelist()

    def read(self, part: str) -> bytes:
        """The bytes of a part."""
        try:
            return read_member(self._archive, self._archive.getinfo(part), self.name)
        except KeyError:
            raise damaged(self.name, f"a document without its part {part}") from None

    def xml(self, part: str) -> Element:
        """The root of a part that is XML.

        Raises:
            UnreadableFile: `unsafe_xml` where it declares a document type or entities, `damaged` where it is no XML.
        """
        return parsed(self.read(part), self.name, part)

    def check_xml(self) -> None:
        """Refuse a document any XML part of which declares a document type; for libraries that parse it themselves."""
        for info in self._archive.infolist():
            if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                self._check_head(info)

    def _check_head(self, info: zipfile.ZipInfo) -> None:
        data = read_member(self._archive, info, self.name)
        if declares_types(data):
            raise unsafe(self.name, info.filename)


def declares_types(data: bytes) -> bool:
    """Whether XML declares a document type or entities, in any of the encodings that XML may begin with."""
    words = data.replace(b"\0", b"") if b"\0" in data[:200] else data
    return b"<!DOCTYPE" in words or b"<!ENTITY" in words


def parsed(data: bytes, name: str, part: str) -> Element:
    """XML of a file that is not trusted."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise unsafe(name, part) from None
    except (ParseError, ValueError, LookupError):
        raise damaged(name, f"its part {part} is no valid XML") from None
    return root


def unsafe(name: str, part: str) -> UnreadableFile:
    """The error for XML that declares entities."""
    return UnreadableFile(
        f"{name}: its part {part} declares XML entities, as no document of an office does; do not trust it, "
        "ask for another copy",
        "unsafe_xml",
    )


def bursts(name: str, size: int, limits: Limits) -> UnreadableFile:
    """The error for a file that is far larger unpacked."""
    return UnreadableFile(
        f"{name}: unpacks to {size:,} bytes, more than {limits.unpacked:,}; it may be made to burst (a zip bomb); "
        "if it is not, raise --max-size",
        "too_large",
    )


def check_member(info: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    """Refuse a part that needs a password or would unpack far beyond its packed size."""
    if info.flag_bits & 0x1:
        raise encrypted(name, "an archive that is locked")
    if info.file_size > 1_000_000 and info.file_size > _RATIO * max(1, info.compress_size):
        if info.file_size > limits.size:
            raise bursts(name, info.file_size, limits)


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of a part; never more than it says it has."""
    try:
        with archive.open(info) as part:
            return part.read(info.file_size)
    except RuntimeError:
        raise encrypted(name, "an archive that is locked") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise damaged(name, f"its part {info.filename} is cut off or damaged") from None


def readable_name(info: zipfile.ZipInfo) -> str:
    """A member's name; Chinese programs write it in GBK without saying so.

    >>> info = zipfile.ZipInfo("防汛.txt".encode("gbk").decode("cp437"))
    >>> readable_name(info)
    '防汛.txt'
    """
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def climbs(name: str) -> bool:
    r"""Whether a member's name leads out of its archive.

    >>> climbs("a/../../etc/x"), climbs("C:\\x"), climbs("/x"), climbs("a/b.docx")
    (True, True, True, False)
    """
    words = name.replace("\\", "/")
    return words.startswith("/") or re.match(r"[A-Za-z]:", words) is not None or ".." in PurePosixPath(words).parts


def contents(path: Path, limits: Limits) -> list[str]:
    """The readable names of the files in an archive, in order; folders are passed over.

    Raises:
        UnreadableFile: damaged, or too large in all.
    """
    with _open(path, str(path)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
    total = sum(info.file_size for info in infos)
    if len(infos) > MOST_MEMBERS or total > limits.unpacked * ARCHIVES:
        raise UnreadableFile(
            f"{path}: an archive of {len(infos):,} files that unpack to {total:,} bytes; it may be made to burst (a zip bomb); "
            "if it is not, unpack it and build the folder",
            "too_large",
        )
    return [readable_name(info) for info in infos]


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive of files (and not a document that is packed as one); a damaged one is none."""
    try:
        with path.open("rb") as file:
            if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
                return False
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return not names & {"[Content_Types].xml", "OFD.xml", "mimetype"}


def member_bytes(path: Path, member: str, limits: Limits) -> bytes:
    """The bytes of one file of an archive.

    Raises:
        UnreadableFile: no such file, encrypted, damaged, too large.
    """
    with _open(path, str(path)) as archive:
        for info in archive.infolist():
            if readable_name(info) == member and not info.is_dir():
                whole = f"{path}/{member}"
                check_member(info, whole, limits)
                if info.file_size > limits.size:
                    raise UnreadableFile(
                        f"{whole}: {info.file_size:,} bytes, more than the limit of {limits.size:,}; "
                        "raise --max-size to read it",
                        "too_large",
                    )
                return read_member(archive, info, whole)
    raise UnreadableFile(f"{path}/{member}: no such file in the archive; check the name", "missing")
