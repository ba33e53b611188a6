"""Uploads are taken for what their bytes are, whatever they are called."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image
from pytest_django import Settings

from onedoor.kernel import files
from onedoor.kernel.problems import BadInput, TooLarge
from onedoor.kernel.tests.test_archives import packed

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
WORD = OLE + "WordDocument".encode("utf-16-le")


def photo(fmt: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, fmt)
    return out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def container(part: str, *others: str) -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", part: b"<x/>"} | dict.fromkeys(others, b""))


ACCEPTED = [
    ("门口.jpg", photo(), "门口.jpg", "image/jpeg"),
    ("门口.png", photo(), "门口.jpg", "image/jpeg"),  # the ending follows the content
    ("shot.PNG", photo("PNG"), "shot.png", "image/png"),
    ("合同.pdf", PDF, "合同.pdf", "application/pdf"),
    ("合同", PDF, "合同.pdf", "application/pdf"),
    ("a.exe", PDF, "a.pdf", "application/pdf"),
    ("台账.xlsx", workbook(), "台账.xlsx", files._PARTS["xl/workbook.xml"]),
    ("a.docx", container("word/document.xml"), "a.docx", files._PARTS["word/document.xml"]),
    ("a.pptx", container("ppt/presentation.xml"), "a.pptx", files._PARTS["ppt/presentation.xml"]),
    ("公文.ofd", container("OFD.xml"), "公文.ofd", "application/ofd"),
    ("a.doc", WORD, "a.doc", "application/msword"),
]


@pytest.mark.parametrize(
    ("name", "content", "kept_name", "media_type"), ACCEPTED, ids=[row[0] for row in ACCEPTED]
)
def test_accepted(name: str, content: bytes, kept_name: str, media_type: str) -> None:
    kept = files.accept(name, content)
    assert (kept.name, kept.media_type) == (kept_name, media_type)
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()
    assert kept.size == len(kept.data)
    if media_type.startswith("image/"):
        assert (kept.width, kept.height) == (20, 10)
    else:
        assert (kept.data, kept.width) == (content, None)


REFUSED = [
    ("photo.jpg", b"MZ\x90\0" + b"\0" * 200, "不是照片"),
    ("photo.jpg", b"just some words", "不是照片"),
    ("photo.png", b"<svg onload='alert(1)'/>", "不是照片"),
    ("page.html", b"<!doctype html><script>alert(1)</script>", "类型不能接收"),
    ("run.exe", b"MZ\x90\0" + b"\0" * 200, "类型不能接收"),
    ("voice.mp3", b"ID3\x03" + b"\0" * 300, "类型不能接收"),
    ("all.zip", packed({"a.txt": b"a"}), "类型不能接收"),
    ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 300, "HEIC"),
    ("a.docx", container("word/document.xml", "word/vbaProject.bin"), "宏"),
    ("a.xls", OLE + "Workbook".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le"), "宏"),
    ("a.msi", OLE, "类型不能接收"),
    ("a.docx", b"PK\x03\x04 cut off", "损坏"),
    ("photo.jpg", photo()[:60], "无法打开"),
    ("empty.jpg", b"", "空"),
]


@pytest.mark.parametrize(("name", "content", "told"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_with_what_to_send_instead(name: str, content: bytes, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        files.accept(name, content, field="photo")
    assert told in caught.value.text("zh")
    assert caught.value.errors[0].field == "photo"
    assert caught.value.errors[0].en


def test_too_large_says_size_and_limit() -> None:
    with pytest.raises(TooLarge) as caught:
        files.accept("a.pdf", PDF + b"\0" * files.MOST_BYTES)
    assert "20.0 MB" not in caught.value.text("en")
    assert "20 MB" in caught.value.text("en")
    with pytest.raises(TooLarge):
        files.accept("a.pdf", PDF, limit=10)


@pytest.mark.parametrize(
    ("given_name", "kept_name"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\me\合同 .docx", "合同.pdf"),
        ("a\0b\r\nc.pdf", "abc.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("a<b>:c?.pdf", "a_b_c_.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("长" * 300 + ".pdf", "长" * 80 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given_name: str, kept_name: str) -> None:
    assert files.clean_name(given_name, "pdf") == kept_name


@given(st.text(max_size=60))
def test_any_name_becomes_one_path_part(name: str) -> None:
    clean = files.clean_name(name, "pdf")
    assert clean.isprintable()
    assert Path(clean).name == clean
    assert len(clean) <= 90


@given(st.binary(max_size=400), st.sampled_from(["a.jpg", "a.pdf", "a.xlsx", "a"]))
def test_any_bytes_are_kept_or_refused(content: bytes, name: str) -> None:
    try:
        kept = files.accept(name, content)
    except BadInput:
        return
    assert kept.media_type in files.ENDINGS


def test_stored_found_and_removed(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept = files.accept("合同.pdf", PDF)
    path, again = files.store(kept), files.store(kept)
    assert path != again  # the erasure of one matter's file leaves another's alone
    assert path.endswith(".pdf")
    assert files.located(path).read_bytes() == PDF
    files.remove(path)
    files.remove(path)
    assert not files.located(path).exists()
    assert files.located(again).exists()


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../secret.key", "ab/../../x", "ab/\0"])
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        files.located(path)


def test_sizes_are_readable() -> None:
    sizes = [1, 1024, 1025, 1024 * 1024, 1536 * 1024, 20 * 1024 * 1024]
    assert [files.readable(size) for size in sizes] == ["1 KB", "1 KB", "2 KB", "1 MB", "1.5 MB", "20 MB"]
