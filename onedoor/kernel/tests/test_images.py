"""Pictures lose what the camera wrote along, stand upright, and cannot exhaust memory."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from onedoor.kernel.images import LONG_SIDE, reencoded
from onedoor.kernel.problems import BadInput

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def picture(
    fmt: str = "JPEG", size: tuple[int, int] = (80, 40), mode: str = "RGB", **options: object
) -> bytes:
    out = io.BytesIO()
    image = Image.new(mode, size, "red" if mode != "RGBA" else (255, 0, 0, 128))
    image.save(out, fmt, **options)
    return out.getvalue()


def exif(orientation: int) -> Image.Exif:
    made = Image.Exif()
    made[ORIENTATION], made[MAKE] = orientation, "Spy Camera"
    made.get_ifd(GPS)[2] = (35.0, 45.0, 12.0)
    return made


def test_position_and_device_are_dropped() -> None:
    content = picture(exif=exif(1), comment=b"taken by Zhang San")
    assert b"Spy Camera" in content
    kept = reencoded(content, "file")
    assert b"Spy Camera" not in kept.data
    assert b"Zhang San" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as image:
        assert not image.getexif()
        assert "exif" not in image.info
        assert "comment" not in image.info


def test_png_text_is_dropped() -> None:
    from_png = Image.new("RGB", (4, 4))
    from_png.info["Author"] = "Zhang San"
    out = io.BytesIO()
    chunk = b"tEXtAuthor\0Zhang San"
    from_png.save(out, "PNG")
    content = out.getvalue()
    packed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    content = content[:33] + packed + content[33:]
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert image.info["Author"] == "Zhang San"
    assert b"Zhang San" not in reencoded(content, "file").data


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (80, 40)), (3, (80, 40)), (6, (40, 80)), (8, (40, 80))]
)
def test_orientation_is_applied(orientation: int, size: tuple[int, int]) -> None:
    kept = reencoded(picture(exif=exif(orientation)), "file")
    assert (kept.width, kept.height) == size
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == size


@pytest.mark.parametrize(
    ("fmt", "mode", "media_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("GIF", "P", "image/png"),
        ("BMP", "RGB", "image/png"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
    ],
)
def test_every_kind_is_encoded_anew(fmt: str, mode: str, media_type: str) -> None:
    image = Image.new(mode, (30, 20))
    out = io.BytesIO()
    image.save(out, fmt)
    kept = reencoded(out.getvalue(), "file")
    assert (kept.media_type, kept.width, kept.height) == (media_type, 30, 20)


def test_only_the_first_of_several_pictures_is_kept() -> None:
    out = io.BytesIO()
    first, second = Image.new("RGB", (30, 20), "red"), Image.new("RGB", (30, 20), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    kept = reencoded(out.getvalue(), "file")
    with Image.open(io.BytesIO(kept.data)) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)


def test_transparency_survives() -> None:
    kept = reencoded(picture("PNG", mode="RGBA"), "file")
    with Image.open(io.BytesIO(kept.data)) as image:
        pixel = image.getpixel((0, 0))
    assert pixel == (255, 0, 0, 128)


@pytest.mark.parametrize(("fmt", "size"), [("JPEG", (6000, 3000)), ("PNG", (3000, 6000))])
def test_a_large_picture_is_made_smaller(fmt: str, size: tuple[int, int]) -> None:
    kept = reencoded(picture(fmt, size), "file")
    assert max(kept.width, kept.height) == LONG_SIDE
    assert kept.width * size[1] == pytest.approx(kept.height * size[0], rel=0.01)


def test_what_is_hidden_behind_the_picture_goes() -> None:
    kept = reencoded(picture() + b"<script>alert(1)</script>PK\x03\x04", "file")
    assert b"script" not in kept.data


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_without_being_decoded() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (12_000, 60_000):  # the second is beyond Pillow's own limit
        header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
        rows = zlib.compress(b"\0" * 10_000)
        content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
        with pytest.raises(BadInput) as caught:
            reencoded(content, "photo")
        assert caught.value.errors[0].field == "photo"


def test_a_cut_picture_is_refused() -> None:
    content = picture("PNG", (300, 300))
    with pytest.raises(BadInput) as caught:
        reencoded(content[: len(content) // 2], "file")
    assert "JPEG" in caught.value.text("zh")


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow on damaged EXIF
@settings(max_examples=150)
@given(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "BMP"]), st.data())
def test_a_damaged_picture_is_kept_or_refused_but_never_breaks(fmt: str, data: st.DataObject) -> None:
    content = bytearray(picture(fmt, exif=exif(6)) if fmt == "JPEG" else picture(fmt))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        kept = reencoded(bytes(content), "file")
    except BadInput:
        return
    with Image.open(io.BytesIO(kept.data)) as image:
        image.load()
