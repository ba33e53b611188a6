"""Opening zip containers (.docx, .xlsx, .ofd) that a stranger made, without unpacking a bomb."""

from __future__ import annotations

from typing import IO
from zipfile import BadZipFile, ZipFile

from onedoor.kernel.problems import BadInput

MOST_ENTRIES = 5_000
MOST_UNPACKED = 600 * 1024 * 1024
MOST_RATIO = 400  # Office files pack 5 to 30 times, sheets full of one value up to 150 times
_SMALL = 4 * 1024 * 1024  # below this a high ratio harms nobody
MAGIC = b"PK\x03\x04"


def opened(file: IO[bytes], field: str) -> ZipFile:
    """The archive, its directory checked. Raises BadInput for a broken one and for one that unpacks to too much.

    The sizes in the directory can be trusted to bound what is read: `zipfile` reads no more than they say.
    """
    try:
        archive = ZipFile(file)
    except (BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise BadInput.of(
            field,
            "文件已损坏或不完整，请重新保存后再上传",
            "the file is damaged or incomplete; save it again and send that",
        ) from error
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    swollen = any(
        e.file_size > _SMALL and e.file_size > MOST_RATIO * max(e.compress_size, 1) for e in entries
    )
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or swollen:
        raise BadInput.of(
            field,
            f"压缩内容异常（解压后 {unpacked // 1024 // 1024} MB），已拒绝；请另存为普通文件，或改用 CSV",
            f"the packed content is not plausible ({unpacked // 1024 // 1024} MB unpacked), so it is refused; "
            "save it as an ordinary file, or use CSV",
        )
    return archive
