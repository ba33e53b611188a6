"""Zip containers are opened only when they are sound and unpack to a plausible size."""

from __future__ import annotations

import io
import zipfile

import pytest

from onedoor.kernel import archives
from onedoor.kernel.problems import BadInput


def packed(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_an_ordinary_archive_opens() -> None:
    with archives.opened(io.BytesIO(packed({"a.xml": b"<a/>" * 1000})), "file") as archive:
        assert archive.read("a.xml").startswith(b"<a/>")


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    bomb = packed({"xl/worksheets/sheet1.xml": b"0" * 64 * 1024 * 1024})
    assert len(bomb) < 100_000
    with pytest.raises(BadInput) as caught:
        archives.opened(io.BytesIO(bomb), "table")
    assert caught.value.errors[0].field == "table"
    assert "64 MB" in caught.value.text("en")


def test_too_many_entries_are_refused() -> None:
    many = packed({str(number): b"" for number in range(archives.MOST_ENTRIES + 1)})
    with pytest.raises(BadInput):
        archives.opened(io.BytesIO(many), "file")


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500, b"not a zip"])
def test_a_broken_archive_is_refused(broken: bytes) -> None:
    with pytest.raises(BadInput):
        archives.opened(io.BytesIO(broken), "file")


def test_a_cut_archive_is_refused() -> None:
    whole = packed({"a": b"x" * 5000, "b": b"y" * 5000})
    with pytest.raises(BadInput):
        archives.opened(io.BytesIO(whole[: len(whole) // 2]), "file")
