"""Documents name only what exists, so that prose cannot outlive the code it describes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import click
import pytest

from onedoor.cli import main
from tests.structure.sources import ROOT, files, named, packages, python, short

# Decisions and history speak of their own day; everything else speaks of now.
NOW = [path for path in named(".md") if "adr" not in path.parts and path.name != "CHANGELOG.md"]
TOP = {path.relative_to(ROOT).parts[0] for path in files()}
VARIABLE = re.compile(r"\bONEDOOR_[A-Z_]+\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.M | re.S)


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _spans(path: Path) -> list[str]:
    """Everything written as code: inline spans, and the lines of fenced blocks."""
    text = _text(path)
    fenced = [line for block in FENCE.findall(text) for line in block.splitlines()]
    return fenced + CODE.findall(FENCE.sub("", text))


def _paths(path: Path) -> set[str]:
    """The inline spans that read as a path of this repository."""
    spans = CODE.findall(FENCE.sub("", _text(path)))
    plain = [span.strip() for span in spans if re.fullmatch(r"[\w./-]+", span.strip())]
    return {span for span in plain if span.split("/")[0] in TOP and ("/" in span or "." in span)}


@cache
def _targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", _text(ROOT / "Makefile"), re.M))


def _unknown_command(words: list[str]) -> bool:
    """Whether `onedoor a b …` names a sub-command or an option that is not there."""
    command: click.Command = main
    for word in words:
        if word.startswith("-"):
            options = {option for parameter in command.params for option in parameter.opts} | {
                "--help",
                "--version",
            }
            if word.split("=")[0] not in options:
                return True
        elif isinstance(command, click.Group):
            if word not in command.commands:
                return not word.isupper() and "|" not in word  # a placeholder is not a name
            command = command.commands[word]
    return False


def test_there_is_something_to_check() -> None:
    names = {short(path) for path in NOW}
    assert {"README.md", "README.zh.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/settings.md"} <= names


@pytest.mark.parametrize("document", NOW, ids=short)
def test_paths_exist(document: Path) -> None:
    assert {name for name in _paths(document) if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("document", named(".md"), ids=short)
def test_links_lead_somewhere(document: Path) -> None:
    targets = {
        link for link in LINK.findall(_text(document)) if "://" not in link and not link.startswith("mailto:")
    }
    assert {link for link in targets if not (document.parent / link).exists()} == set()


@pytest.mark.parametrize("document", NOW, ids=short)
def test_make_targets_exist(document: Path) -> None:
    asked = {name for span in _spans(document) for name in re.findall(r"\bmake ([a-z][a-z-]*)", span)}
    assert asked - _targets() == set()


@pytest.mark.parametrize("document", NOW, ids=short)
def test_commands_exist(document: Path) -> None:
    said = [
        match
        for span in _spans(document)
        for match in re.findall(r"(?:^|[\s/$])onedoor ([a-z-][^|&;#`]*)", span)
    ]
    assert [words for words in said if _unknown_command(words.split())] == []


def test_every_variable_is_described_and_every_described_one_exists() -> None:
    read = {
        name
        for path in [*python(tests=False), ROOT / "conftest.py"]
        for name in VARIABLE.findall(_text(path))
    }
    read |= {
        name
        for path in files()
        if path.parent.name in {"scripts", ".ci"}
        for name in VARIABLE.findall(_text(path))
    }
    read |= {name for path in python() if "support" in path.parts for name in VARIABLE.findall(_text(path))}
    assert read - set(VARIABLE.findall(_text(ROOT / "docs" / "settings.md"))) == set()
    assert {name for path in NOW for name in VARIABLE.findall(_text(path))} - read == set()


def test_the_architecture_names_every_package() -> None:
    spans = set(CODE.findall(_text(ROOT / "ARCHITECTURE.md"))) | set(
        re.findall(r"\b(\w+)/", _text(ROOT / "ARCHITECTURE.md"))
    )
    assert {package.name for package in packages()} - {
        span.strip("/").split("/")[-1] for span in spans
    } == set()
