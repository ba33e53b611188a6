"""Uploads: what a file is, told by its bytes; what of it is kept, and where.

Allowed are pictures (encoded anew by `kernel.images`), PDF, OFD and Office documents without macros. The
name given serves only for display, and its ending is set by the content.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import filetype
from django.conf import settings

from onedoor.kernel import archives, images
from onedoor.kernel.problems import BadInput, TooLarge

__all__ = ["MOST_BYTES", "Kept", "accept", "clean_name", "located", "readable", "remove", "sniffed", "store"]

MOST_BYTES = 20 * 1024 * 1024
_LONGEST_STEM = 80
_OFFICE = "application/vnd.openxmlformats-officedocument."
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "application/ofd": "ofd",
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}presentationml.presentation": "pptx",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
}
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp")
_PICTURE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".heic", ".heif", ".tif", ".tiff")
_PARTS = {  # the part that makes a zip container what it is
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
    "OFD.xml": "application/ofd",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {  # the stream that makes an OLE container what it is
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
_ALLOWED_ZH = "照片（JPEG、PNG、WebP）、PDF、OFD 或 Word、Excel、PowerPoint 文档"
_ALLOWED_EN = "a picture (JPEG, PNG, WebP), PDF, OFD, or a Word, Excel or PowerPoint document"


@dataclass(frozen=True)
class Kept:
    """A file as it may be kept: a harmless name, what it is, and its bytes (of a picture: the new ones)."""

    name: str
    media_type: str
    data: bytes
    sha256: str
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.data)


def accept(name: str, content: bytes, *, field: str = "file", limit: int = MOST_BYTES) -> Kept:
    """What is kept of an upload. Raises TooLarge, and BadInput that names `field` and says what to send instead."""
    if len(content) > limit:
        raise TooLarge(size=readable(len(content)), limit=readable(limit))
    if not content:
        raise BadInput.of(field, "文件是空的，请重新选择", "the file is empty; choose it again")
    media_type = sniffed(content, field)
    if media_type not in (*ENDINGS, *PICTURES):
        raise _refused(name, media_type, field)
    if media_type not in PICTURES:
        return Kept(clean_name(name, ENDINGS[media_type]), media_type, content, _digest(content))
    picture = images.reencoded(content, field)
    return Kept(
        clean_name(name, ENDINGS[picture.media_type]),
        picture.media_type,
        picture.data,
        _digest(picture.data),
        picture.width,
        picture.height,
    )


def sniffed(content: bytes, field: str = "file") -> str:
    """The media type, by content alone; empty when unknown. Raises BadInput for a broken container or a macro."""
    if content.startswith(archives.MAGIC):
        return _packed(content, field)
    if content.startswith(_OLE):
        return _compound(content, field)
    return filetype.guess_mime(content[:8192]) or ""


def store(kept: Kept) -> str:
    """Writes the bytes below MEDIA_ROOT under a name that cannot be guessed; returns the path relative to it."""
    path = f"{kept.sha256[:2]}/{uuid.uuid4().hex}.{ENDINGS[kept.media_type]}"
    target = located(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        file.write(kept.data)
    target.chmod(0o640)
    return path


def located(path: str) -> Path:
    """Where a path from `store` lies. Raises ValueError for one that leads elsewhere."""
    parts = PurePosixPath(path).parts
    if not path or path.startswith("/") or ".." in parts or "\0" in path:
        raise ValueError(f"{path!r} is not a path of a stored file")
    return Path(settings.MEDIA_ROOT).joinpath(*parts)


def remove(path: str) -> None:
    """Deletes a stored file; nothing happens if it is gone already."""
    located(path).unlink(missing_ok=True)


def clean_name(name: str, ending: str) -> str:
    """The last part of the name without control, formatting and reserved characters, with this ending."""
    visible = _visible(name)
    stem = re.sub(r'[<>:"|?*]+', "_", visible.rpartition(".")[0] or visible).strip(" .")
    return f"{stem[:_LONGEST_STEM].strip(' .') or 'file'}.{ending}"


def readable(size: int) -> str:
    """A size for people: "20 MB", "512 KB", "1.5 MB"."""
    if size < 1024 * 1024:
        return f"{-(-size // 1024)} KB"
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


def _visible(name: str) -> str:
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    return "".join(char for char in last if char.isprintable())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _packed(content: bytes, field: str) -> str:
    with archives.opened(io.BytesIO(content), field) as archive:
        names = set(archive.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _macros(field)
    return next((kind for part, kind in _PARTS.items() if part in names), "application/zip")


def _compound(content: bytes, field: str) -> str:
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macros(field)
    found = (kind for stream, kind in _STREAMS.items() if stream.encode("utf-16-le") in content)
    return next(found, "application/x-ole-storage")


def _macros(field: str) -> BadInput:
    return BadInput.of(
        field,
        "文档含有宏，不能接收；请另存为不含宏的文档或 PDF",
        "the document holds macros and is refused; save it without macros or as PDF",
    )


def _refused(name: str, media_type: str, field: str) -> BadInput:
    shown = _visible(name)[:_LONGEST_STEM]
    if media_type in ("image/heic", "image/heif"):
        return BadInput.of(
            field,
            "HEIC 照片暂不支持：请在手机相机设置中选择“兼容性最佳”，或把照片另存为 JPEG",
            "HEIC pictures are not supported; choose “most compatible” in the camera's settings or save as JPEG",
        )
    if name.lower().endswith(_PICTURE_NAMES):
        return BadInput.of(
            field,
            f"“{shown}”不是照片（内容与文件名不符），请上传{_ALLOWED_ZH}",
            f"“{shown}” is not a picture (the content does not match the name); send {_ALLOWED_EN}",
        )
    return BadInput.of(
        field,
        f"“{shown}”的文件类型不能接收，请上传{_ALLOWED_ZH}",
        f"the type of “{shown}” is not accepted; send {_ALLOWED_EN}",
    )
