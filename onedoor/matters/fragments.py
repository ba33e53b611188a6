"""Expands `uses:` of a procedure file: shared steps, with `$names` replaced by the procedure's own.

Every part remembers where it was written, so that a mistake is told at the fragment's own file and line; and a name
that came in by `with:` is told there.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from onedoor.kernel.packs import SHIPPED, Fault, FaultyFile, Source, folders, read, shape
from onedoor.matters.language import Fragment, Use, Uses

SECTIONS = ("states", "clocks", "forms", "actions")


class Expanded:
    """The procedure's data with its fragments and shared forms in it, and where each part was written."""

    def __init__(self, source: Source) -> None:
        """Raises FaultyFile for an unknown fragment, or parameters that are not those it asks for."""
        self.source = source
        self.data: dict[str, Any] = {k: v for k, v in source.data.items() if k != "uses"}
        self.origin: dict[tuple[str, str], tuple[Source, str, int]] = {}
        self.uses: list[Use] = shape(source, Uses, {"uses": source.data.get("uses", [])}).uses
        for section in SECTIONS:
            self.data[section] = self._section(section)
        for index, use in enumerate(self.uses):
            self._take_in(use, index)
        self._take_shared_forms()

    def _section(self, name: str) -> dict[str, Any]:
        held = self.data.get(name) or {}
        if not isinstance(held, dict):
            raise FaultyFile([
                self.source.fault(
                    [name], f"「{name}」应由「名称: 内容」组成", f"`{name}` must be made of `name: value` lines",
                    "去掉短横线，每项写一个名称", "leave out the dashes; give each item its name",
                )
            ])  # fmt: skip
        return dict(held)

    def _take_in(self, use: Use, index: int) -> None:
        fragment = self._fragment(use, index)
        for section in SECTIONS:
            for key, value in (fragment.data.get(section) or {}).items():
                name = _replace(key, use.with_)
                if name not in self.data[section]:  # the procedure's own wording wins
                    self.data[section][name] = _replace(value, use.with_)
                    self.origin[section, name] = (fragment, key, index)

    def _fragment(self, use: Use, index: int) -> Source:
        known = fragments(self.source.file)
        if use.fragment not in known:
            raise FaultyFile([
                self.source.fault(["uses", index, "fragment"],
                                  f"没有片段「{use.fragment}」", f"there is no fragment `{use.fragment}`",
                                  "可用：" + "、".join(known), "there are: " + ", ".join(known))
            ])  # fmt: skip
        fragment = known[use.fragment]
        asked, given = {*(fragment.data.get("parameters") or [])}, {*use.with_}
        if asked != given:
            names = ", ".join(sorted(asked ^ given))
            wanted = ", ".join(sorted(asked))
            path: list[str | int] = ["uses", index, "with", *sorted(given - asked)[:1]]
            raise FaultyFile([
                self.source.fault(path, f"片段参数不符：{names}", f"parameters do not match: {names}",
                                  f"在 with: 中逐一写明：{wanted}", f"under `with:` name each of: {wanted}")
            ])  # fmt: skip
        return fragment

    def _take_shared_forms(self) -> None:
        shared = shared_forms()
        for action in self.data["actions"].values():
            form = action.get("form") if isinstance(action, dict) else None
            if isinstance(form, str) and form in shared.data["forms"] and form not in self.data["forms"]:
                self.data["forms"][form] = shared.data["forms"][form]
                self.origin["forms", form] = (shared, form, -1)

    def fault(
        self, path: list[str | int], zh: str, en: str, hint_zh: str = "", hint_en: str = "", about: str = ""
    ) -> Fault:
        """A fault at `path` of the expanded procedure, told where its text really stands.

        `about` is the name that is wrong: where the procedure gave it to a fragment, it is told at its `with:`.
        """
        if len(path) > 1 and (str(path[0]), str(path[1])) in self.origin:
            fragment, key, index = self.origin[str(path[0]), str(path[1])]
            given = self._given(index, about)
            if given is None or not _mentions(_at(fragment.data, [path[0], key, *path[2:]]), f"${given}"):
                return fragment.fault([path[0], key, *path[2:]], zh, en, hint_zh, hint_en)
            path = ["uses", index, "with", given]
        return self.source.fault(path, zh, en, hint_zh, hint_en)

    def _given(self, index: int, about: str) -> str | None:
        """The parameter of the fragment used that was given the value `about`."""
        values = self.uses[index].with_.items() if index >= 0 and about else ()
        return next((name for name, value in values if about in _listed(value)), None)


def fragments(file: Path) -> dict[str, Source]:
    """The fragments that a procedure file may use, by name: those of its own pack, and of all packs."""
    own = file.parent.parent
    found = [path for folder in (*folders(), own) for path in sorted(folder.glob("fragments/*.yaml"))]
    return {path.stem: _fragment(path, path.stat().st_mtime_ns) for path in found}


@cache
def _fragment(file: Path, _: int) -> Source:
    source = read(file)
    shape(source, Fragment)
    return source


@cache
def shared_forms() -> Source:
    """Forms that any procedure may name without writing them again (packs/common/forms.yaml)."""
    return read(SHIPPED / "common" / "forms.yaml")


def _replace(value: Any, names: dict[str, Any]) -> Any:
    """The value with every `$name` replaced; in a list, a list takes the place of its `$name`."""
    if isinstance(value, str) and value.startswith("$"):
        return names.get(value[1:], value)
    if isinstance(value, dict):
        return {_key(k, names): _replace(v, names) for k, v in value.items()}
    if isinstance(value, list):
        flat: list[Any] = []
        for item in value:
            made = _replace(item, names)
            flat.extend(made) if isinstance(made, list) else flat.append(made)
        return flat
    return value


def _key(key: Any, names: dict[str, Any]) -> Any:
    made = _replace(key, names)
    return key if isinstance(made, list) else made


def _at(data: Any, path: list[str | int]) -> Any:
    """The deepest part of `path` that exists in the data."""
    for step in path:
        inside = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if not inside and not (isinstance(data, dict) and step in data):
            break
        data = data[step]
    return data


def _mentions(value: Any, text: str) -> bool:
    if isinstance(value, dict):
        return any(_mentions(part, text) for pair in value.items() for part in pair)
    return any(_mentions(part, text) for part in value) if isinstance(value, list) else value == text


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
