"""Bad files of all formats: each one clear line, in bounded time and memory, and the good file beside them is built."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from conftest import PLAN

from kg.errors import UnreadableFile
from kg.loaders import load

Run = Callable[..., "subprocess.CompletedProcess[str]"]

LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">' + "".join(
    f'<!ENTITY b{i} "{f"&b{i - 1 or str()};" * 10}">' for i in range(1, 12)
)


def word(parts: dict[str, bytes] | None = None) -> bytes:
    """A small Word document with some parts changed."""
    document = docx.Document()
    document.add_paragraph("一、加强防汛工作")
    file = io.BytesIO()
    document.save(file)
    return repacked(file.getvalue(), parts or {})


def repacked(data: bytes, parts: dict[str, bytes]) -> bytes:
    """A zip archive with some parts changed or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def compound(stream: str) -> bytes:
    """The beginning of an old Office file that has a stream of this name in its directory."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2040) + stream.encode("utf-16-le") + bytes(4096)


def many_pages(count: int) -> bytes:
    """A PDF of empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(595, 842).close()
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


LOCKED_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n4 0 obj<</Filter/Standard/V 1/R 2/Length 40/P -64"
    b"/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>endobj\nxref\n0 5\n0000000000 65535 f \n"
)


def locked_pdf() -> bytes:
    """A PDF whose user password is not known."""
    body = LOCKED_PDF[: LOCKED_PDF.index(b"xref")]
    places = [body.index(b"%d 0 obj" % number) for number in range(1, 5)]
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<01><01>]>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + rows + trailer


def bomb() -> bytes:
    """A Word document that unpacks to 400 megabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
        with new.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(bytes(1_000_000))
    return file.getvalue()


def workbook_with_entities() -> bytes:
    book = openpyxl.Workbook()
    file = io.BytesIO()
    book.save(file)
    return repacked(file.getvalue(), {"xl/sharedStrings.xml": (LAUGHS + "]><sst>&b11;</sst>").encode()})


def ofd(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "locked.pdf": (locked_pdf, "encrypted", "password"),
    "cut.pdf": (lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog", "damaged", "cut off or damaged"),
    "long.pdf": (lambda: many_pages(2000), "too_many_pages", "--max-pages"),
    "empty.pdf": (lambda: many_pages(2), "no_text", "without text"),
    "cut.docx": (lambda: word()[:6000], "damaged", "cut off or damaged"),
    "empty.docx": (lambda: word({"word/document.xml": b"<w/>"}), "damaged", "Word"),
    "laughs.docx": (
        lambda: word({"word/document.xml": (LAUGHS + "]><a>&b11;</a>").encode()}), "unsafe_xml", "entities"
    ),
    "outside.docx": (
        lambda: word({"word/styles.xml": b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>'}),
        "unsafe_xml", "entities",
    ),
    "bomb.docx": (bomb, "too_large", "zip bomb"),
    "locked.xlsx": (lambda: compound("EncryptedPackage"), "encrypted", "password"),
    "laughs.xlsx": (workbook_with_entities, "unsafe_xml", "entities"),
    "laughs.ofd": (lambda: ofd({"OFD.xml": LAUGHS + "]><a>&b11;</a>"}), "unsafe_xml", "entities"),
    "bad.ofd": (lambda: ofd({"OFD.xml": "<OFD><DocRoot>Doc_0/Document.xml</DocRoot></OFD>"}), "damaged", "part"),
    "cut.png": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "damaged", "cut off or damaged"),
    "page.html": (lambda: b"<!DOCTYPE html><html><body><script>x</script></body></html>", "no_text", "without words"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_each_says_what_is_wrong(tmp_path: Path, name: str) -> None:
    make, reason, words = BAD[name]
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(UnreadableFile) as caught:
        load(path)
    message = str(caught.value)
    assert caught.value.reason == reason, message
    assert message.startswith(f"{path}: ") and words in message and "\n" not in message and re.search("[;,] ", message)


def test_in_a_folder_each_is_one_line(kg: Run, tmp_path: Path) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    for name, (make, _, _) in BAD.items():
        (folder / name).write_bytes(make())
    (folder / "plan.txt").write_text(PLAN, encoding="utf-8")
    (folder / "misnamed.pdf").write_bytes(word_plan())
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("../../climbs.txt", PLAN)
        archive.writestr("torn.docx", word()[:6000])
        archive.writestr("好.txt", PLAN.replace("云溪区", "石桥县"))
        archive.writestr("inner.zip", ofd({"a.txt": PLAN}))
    store = tmp_path / "x.kg"
    result = kg("build", folder, "--out", store)
    assert result.returncode == 0, result.stderr
    lines = result.stderr.splitlines()
    for name, (_, reason, _) in BAD.items():
        assert [line.split(":")[0] for line in lines if f"/{name}:" in line] == [f"left out ({reason})"], name
    assert sum("left out (unsafe_path)" in line for line in lines) == 1
    assert sum("left out (archive)" in line for line in lines) == 1
    assert sum("more.zip/torn.docx: " in line for line in lines) == 1
    read = [line for line in lines if line.startswith("read: ")]
    assert len(read) == 3 and any("more.zip/好.txt: text (utf-8), 4 tasks" in line for line in read), read
    assert any("misnamed.pdf: reading: named .pdf, but it is a Word document" in line for line in lines)
    assert not (tmp_path / "climbs.txt").exists() and not (tmp_path.parent / "climbs.txt").exists()
    assert len(kg("plans", "--graph", store, "--format", "csv").stdout.splitlines()) == 4


def word_plan() -> bytes:
    """A plan as a Word document."""
    document = docx.Document()
    for line in PLAN.replace("云溪区", "柳河区").splitlines():
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_sheet_of_a_million_empty_rows(tmp_path: Path) -> None:
    """Every row stands in the file, only the first two hold words."""
    book = openpyxl.Workbook()
    book.active.append(["重点任务", "牵头单位"])
    book.active.append(["清理河道", "区水利局"])
    file = io.BytesIO()
    book.save(file)
    sheet = zipfile.ZipFile(io.BytesIO(file.getvalue())).read("xl/worksheets/sheet1.xml")
    rows = b"".join(b'<row r="%d"/>' % number for number in range(3, 1_048_577))
    changed = sheet.replace(b"</sheetData>", rows + b"</sheetData>")
    path = tmp_path / "empty.xlsx"
    path.write_bytes(repacked(file.getvalue(), {"xl/worksheets/sheet1.xml": changed}))
    document = load(path)
    assert "清理河道" in document.source and len(document.source) < 300
    assert any("not read further" in note for note in document.reading.notes)


def test_a_locked_archive(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("plan.txt", PLAN)
    data = bytearray(path.read_bytes())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        data[data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)] |= 1
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        load(path / "plan.txt")
    assert caught.value.reason == "encrypted"


def test_an_archive_is_read_by_its_parts(tmp_path: Path) -> None:
    path = tmp_path / "plans.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("aaaa.txt", PLAN)
    path.write_bytes(path.read_bytes().replace(b"aaaa.txt", "要点".encode("gbk") + b".txt"))
    assert load(path / "要点.txt").metadata.title == "云溪区应急管理局2024年应急管理工作要点"
    with pytest.raises(UnreadableFile) as caught:
        load(path)
    assert caught.value.reason == "archive" and "archive.zip/plan.docx" in str(caught.value)
    with pytest.raises(UnreadableFile) as caught:
        load(path / "none.txt")
    assert caught.value.reason == "missing"
