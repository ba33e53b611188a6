"""Whether the packs of a city go together: every folder is one, holds data alone, and no name is given twice.

What a pack declares is checked by the packages that read it; this looks at the folders, before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onedoor.kernel import persons
from onedoor.kernel.packs import DESCRIPTION, Fault, folders, roots, within

CODE = frozenset({".py", ".pyc", ".pyi", ".pyd", ".so", ".ipynb"})
# One file, one thing, called as its file is; a name belongs to one pack. A fragment of a common name would change
# the steps of every other pack, unseen.
NAMED = {
    "procedures": ("流程", "procedure"),
    "registers": ("台账", "register"),
    "surveys": ("问卷", "questionnaire"),
    "documents": ("文书", "document"),
    "fragments": ("流程片段", "fragment"),
}


def faults() -> list[Fault]:
    """Everything wrong with the folders of the packs in use."""
    return [*root_faults(), *(fault for folder in folders() for fault in pack_faults(folder))]


def root_faults() -> list[Fault]:
    """What is wrong with the folders that ONEDOOR_PACKS names, and packs of the same name."""
    return [*(fault for root in roots() for fault in _root(root)), *_same_packs()]


def pack_faults(folder: Path) -> list[Fault]:
    """Python in a pack, names that another pack has, and what it declares about persons.

    A folder called as a pack in use is looked at as what will stand in that one's place.
    """
    return [*_code(folder), *_taken(folder), *persons.faults(folder)]


def _root(root: Path) -> Iterator[Fault]:
    if not root.is_dir():
        yield Fault(
            root, 1, "没有这个文件夹", "there is no such folder",
            "改正 ONEDOOR_PACKS：写业务包所在的文件夹，多个用逗号分隔",
            "mend ONEDOOR_PACKS: folders that hold packs, separated by commas",
        )  # fmt: skip
    elif not (root / DESCRIPTION).is_file():
        yield from _without_description(root)


def _without_description(root: Path) -> Iterator[Fault]:
    """Folders that hold a pack's files and do not say which pack they are; and a folder without any pack."""
    lost = [f for f in sorted(root.iterdir()) if f.is_dir() and _like_a_pack(f)]
    for folder in lost:
        yield Fault(
            folder / DESCRIPTION, 1, "没有 pack.yaml，这不是业务包", "there is no pack.yaml, so this is no pack",
            "补上 pack.yaml，写明 pack：、title：、about：；不是业务包的，移出此文件夹",
            "add pack.yaml with `pack:`, `title:` and `about:`; or move away what is no pack",
        )  # fmt: skip
    if not lost and not within(root):
        yield Fault(
            root, 1, "这个文件夹里没有业务包", "this folder holds no pack",
            "每个业务包是其中一个带 pack.yaml 的文件夹", "every pack is a folder in it with a pack.yaml",
        )  # fmt: skip


def _like_a_pack(folder: Path) -> bool:
    held = any(folder.glob("*.yaml")) or any(any(folder.glob(f"{name}/*.yaml")) for name in NAMED)
    return held and not (folder / DESCRIPTION).is_file()


def _same_packs() -> Iterator[Fault]:
    first: dict[str, Path] = {}
    for folder in folders():
        held = first.setdefault(folder.name, folder)
        if held != folder:
            yield Fault(
                folder / DESCRIPTION, 1, f"业务包「{folder.name}」已有一个：{held}",
                f"there is a pack `{folder.name}` already: {held}",
                "给文件夹和 pack: 换一个名称", "give the folder, and `pack:`, another name",
            )  # fmt: skip


def _code(folder: Path) -> Iterator[Fault]:
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in CODE:
            yield Fault(
                file, 1, "业务包里只放数据，不放程序", "a pack holds data alone, no Python",
                "删去此文件；流程语言说不了的，向平台提出",
                "remove it; what the languages of packs cannot say is asked of the engine",
            )  # fmt: skip


def _taken(folder: Path) -> Iterator[Fault]:
    for kind, (zh, en) in NAMED.items():
        held = {file.stem: other for other in folders() if other.name != folder.name
                for file in other.glob(f"{kind}/*.yaml")}  # fmt: skip
        for file in sorted(folder.glob(f"{kind}/*.yaml")):
            if file.stem in held:
                other = held[file.stem].name
                yield Fault(
                    file, 1, f"{zh}「{file.stem}」已属于业务包 {other}",
                    f"the {en} `{file.stem}` belongs to the pack `{other}`",
                    "给文件和其中的名称换一个名字", "give the file, and the name in it, another one",
                )  # fmt: skip
