"""Photographs as they are kept: decoded and encoded anew, upright, without anything that the camera wrote along.

Encoding anew drops position, time, device and owner (EXIF, XMP, comments, thumbnails), and whatever was
hidden in a file that is a picture and something else at once.
"""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image, ImageOps

from onedoor.kernel.problems import BadInput

MOST_PIXELS = 64_000_000  # decoded, this is 256 MB
LONG_SIDE = 2560
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_PHOTOS = (
    "JPEG",
    "MPO",
    "WEBP",
)  # MPO is what a JPEG with further pictures behind it calls itself once opened


class Picture(NamedTuple):
    """An image encoded anew."""

    data: bytes
    media_type: str
    width: int
    height: int


def reencoded(content: bytes, field: str) -> Picture:
    """The picture as JPEG (photographs) or PNG, at most 2560 pixels long; only the first frame of an animation.

    Raises BadInput for what cannot be decoded and for more than 64 million pixels.
    """
    try:
        image = _decoded(content)
    except _TooManyPixels as error:
        raise BadInput.of(
            field,
            f"图片尺寸过大（{error.width}×{error.height}），请缩小到 {MOST_PIXELS // 1_000_000} 百万像素以内",
            f"the picture is too large ({error.width}×{error.height}); "
            f"make it smaller than {MOST_PIXELS // 1_000_000} million pixels",
        ) from error
    except Exception as error:  # a decoder given hostile bytes raises whatever its author did not think of
        raise BadInput.of(
            field,
            "图片无法打开，可能已损坏；请重新拍照或另存为 JPEG、PNG",
            "the picture cannot be opened, it may be damaged; take it again or save it as JPEG or PNG",
        ) from error
    return _encoded(image)


class _TooManyPixels(Exception):
    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height


def _decoded(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise _TooManyPixels(width, height)
        photo = image.format in _PHOTOS
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded no larger than needed
        image.load()
        upright = ImageOps.exif_transpose(image)
    transparent = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if transparent else "RGB")
    plain.thumbnail((LONG_SIDE, LONG_SIDE))
    plain.info = {"photo": photo and not transparent}  # forgets comments and colour profiles
    return plain


def _encoded(image: Image.Image) -> Picture:
    photo = image.info.pop("photo")
    out = io.BytesIO()
    if photo:
        image.save(out, "JPEG", quality=QUALITY)
    else:
        image.save(out, "PNG")
    return Picture(out.getvalue(), "image/jpeg" if photo else "image/png", *image.size)
