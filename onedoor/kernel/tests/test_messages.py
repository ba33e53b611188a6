"""Translations are merged by part, compiled without gettext, and never contradict one another."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from onedoor.kernel import messages

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    (tmp_path / "zh_Hans" / "parts").mkdir(parents=True)
    return tmp_path


def part(locale: Path, name: str, text: str) -> None:
    (locale / "zh_Hans" / "parts" / f"{name}.po").write_text(HEAD + text, "utf-8")


def test_parts_become_one_catalogue_that_gettext_reads(locale: Path) -> None:
    part(locale, "city", 'msgid "Grid"\nmsgstr "网格"\n')
    part(locale, "desk", 'msgid "%(n)s matter"\nmsgid_plural "%(n)s matters"\nmsgstr[0] "%(n)s 件事项"\n')
    assert messages.compile_all(locale) == {"zh_Hans": 2}
    compiled = gettext.translation("django", locale, ["zh_Hans"])
    assert compiled.gettext("Grid") == "网格"
    assert compiled.ngettext("%(n)s matter", "%(n)s matters", 5) == "%(n)s 件事项"


def test_the_same_words_twice_are_fine(locale: Path) -> None:
    part(locale, "a", 'msgid "Grid"\nmsgstr "网格"\n')
    part(locale, "b", 'msgid "Grid"\nmsgstr "网格"\n')
    assert messages.compile_all(locale) == {"zh_Hans": 1}


def test_a_context_keeps_two_meanings_apart(locale: Path) -> None:
    part(locale, "a", 'msgid "May"\nmsgstr "五月"\n')
    part(locale, "b", 'msgctxt "permission"\nmsgid "May"\nmsgstr "可以"\n')
    assert messages.compile_all(locale) == {"zh_Hans": 2}


def test_two_translations_of_one_message_are_refused_with_both_places(locale: Path) -> None:
    part(locale, "a", 'msgid "Close"\nmsgstr "关闭"\n')
    part(locale, "b", 'msgid "Close"\nmsgstr "办结"\n')
    with pytest.raises(
        messages.TwoTranslations, match=r"b\.po:\d+: 'Close' is '办结', but a\.po:\d+ says '关闭'"
    ):
        messages.compile_all(locale)


def test_what_nobody_translated_is_left_out(locale: Path) -> None:
    part(locale, "a", 'msgid "Grid"\nmsgstr ""\n\n#, fuzzy\nmsgid "Unit"\nmsgstr "单元"\n')
    assert messages.compile_all(locale) == {"zh_Hans": 0}


def test_the_command_says_what_stands_in_the_way(
    locale: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    part(locale, "a", 'msgid "Grid"\nmsgstrr "网格"\n')
    monkeypatch.setattr(messages.compile_all, "__defaults__", (locale,))
    assert messages.main() == 1
    assert "a.po" in capsys.readouterr().err
