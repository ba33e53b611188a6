"""Expands `uses:` of a procedure file: shared steps, with `$names` replaced by the procedure's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onedoor.kernel.packs import Fault, FaultyFile, Source, folders, read
from onedoor.matters.language import Use

SECTIONS = ("states", "clocks", "forms", "actions")


class Expanded:
    """The procedure's data with its fragments in it, and where each part was written."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.data: dict[str, Any] = {k: v for k, v in source.data.items() if k != "uses"}
        self.origin: dict[tuple[str, str], tuple[Source, str]] = {}
        for section in SECTIONS:
            self.data[section] = dict(self.data.get(section) or {})
        for index, use in enumerate(source.data.get("uses") or []):
            self._take_in(Use.model_validate(use), index)

    def _take_in(self, use: Use, index: int) -> None:
        fragment = fragments().get(use.fragment)
        if fragment is None:
            raise FaultyFile([
                self.source.fault(["uses", index], f"没有片段「{use.fragment}」", f"no fragment `{use.fragment}`",
                                  "可用:" + "、".join(fragments()), "there are: " + ", ".join(fragments()))
            ])  # fmt: skip
        missing = set(fragment.data.get("parameters") or []) ^ set(use.with_)
        if missing:
            names = ", ".join(sorted(missing))
            raise FaultyFile([
                self.source.fault(["uses", index], f"片段参数不符:{names}", f"parameters do not match: {names}",
                                  "在 with: 中逐一写明", "name each under `with:`")
            ])  # fmt: skip
        for section in SECTIONS:
            for key, value in (fragment.data.get(section) or {}).items():
                name = _replace(key, use.with_)
                if name not in self.data[section]:  # the procedure's own wording wins
                    self.data[section][name] = _replace(value, use.with_)
                    self.origin[section, name] = (fragment, key)

    def fault(self, path: list[str | int], zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> Fault:
        """A fault at `path` of the expanded procedure, told where its text really stands."""
        if len(path) > 1 and (path[0], path[1]) in self.origin:
            fragment, key = self.origin[str(path[0]), str(path[1])]
            return fragment.fault([path[0], key, *path[2:]], zh, en, hint_zh, hint_en)
        return self.source.fault(path, zh, en, hint_zh, hint_en)


def fragments() -> dict[str, Source]:
    """All shared fragments of all packs, by name."""
    files: list[Path] = [file for folder in folders() for file in sorted(folder.glob("fragments/*.yaml"))]
    return {file.stem: read(file) for file in files}


def _replace(value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return names.get(value[1:], value)
    if isinstance(value, dict):
        return {_replace(k, names): _replace(v, names) for k, v in value.items()}
    if isinstance(value, list):
        flat: list[Any] = []
        for item in value:
            made = _replace(item, names)
            flat.extend(made) if isinstance(made, list) else flat.append(made)
        return flat
    return value
