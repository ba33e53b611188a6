"""Every message that the code or a template says has its Chinese."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import django
from django.utils.translation.template import templatize

from onedoor.kernel.messages import LOCALE, merge
from tests.structure.sources import named, python, short, tree

# The position of the message in the call: pgettext("context", "message").
CALLS = {"_": 0, "gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "ngettext": 0, "ngettext_lazy": 0,
         "pgettext": 1, "pgettext_lazy": 1, "npgettext": 1, "npgettext_lazy": 1}  # fmt: skip
LITERAL = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(rf"""\b(_|n?gettext|n?pgettext)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})?""")


def _in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        position = CALLS.get(name)
        if position is None or len(node.args) <= position:
            continue
        said = node.args[position]
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            yield said.value


def _in_template(path: Path) -> Iterator[str]:
    for call, first, second in IN_TEMPLATE.findall(templatize(path.read_text("utf-8"), origin=str(path))):
        yield ast.literal_eval(second if CALLS[call] else first)


def _known() -> set[str]:
    """What the house translates, and what Django already says in Chinese."""
    own = {entry.msgid for entry in merge(LOCALE / "zh_Hans" / "parts")}
    folder = Path(django.__file__).parent / "conf" / "locale"
    return own | {str(key) for key in gettext.translation("django", folder, ["zh_Hans"])._catalog}  # type: ignore[attr-defined]


def test_every_message_has_its_chinese() -> None:
    said = [(short(path), message) for path in python(tests=False) for message in _in_python(path)]
    said += [(short(path), message) for path in named(".html", ".txt") if "templates" in path.parts
             for message in _in_template(path)]  # fmt: skip
    known = _known()
    assert said
    assert [f"{where}: {message}" for where, message in said if message not in known] == []


def test_both_ways_of_saying_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% translate "My work" %}{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}'
        '{% translate "May" context "month" %}{{ _("Yes") }}'
    )
    assert set(_in_template(page)) == {"My work", "Hello %(name)s", "May", "Yes"}


def test_placeholders_survive_translation() -> None:
    placeholder = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
    wrong = [
        entry.msgid
        for entry in merge(LOCALE / "zh_Hans" / "parts")
        for text in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if not set(placeholder.findall(text))
        <= set(placeholder.findall(entry.msgid + (entry.msgid_plural or "")))
    ]
    assert wrong == []


def test_translations_are_where_they_are_merged_from() -> None:
    assert [
        short(path) for path in named(".po") if path.parent.name != "parts" or path.parents[2] != LOCALE
    ] == []
