"""Escalation ladders are read like everything else: a slip is told with its file, its line and a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor.kernel import packs
from onedoor.matters import ladders

SOUND = """\
ladders:
  steep:
    - {at: 0.5, do: remind, zh: 提醒, en: Remind}
    - {at: 1, do: urge, zh: 督办, en: Urge}
    - {after: "2 working days", do: raise_level, zh: 提级, en: Raise}
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only pack there is."""
    (tmp_path / "ladders.yaml").write_text(SOUND, "utf-8")
    monkeypatch.setattr(ladders, "folders", lambda: (tmp_path,))
    return tmp_path


def test_a_sound_ladder_has_nothing_said_of_it(pack: Path) -> None:
    assert ladders.faults() == []


@pytest.mark.parametrize(
    ("written", "instead", "said", "line"),
    [
        ("do: urge", "do: shout", "there is no effect `shout`", 4),
        ("at: 0.5", "at: 1.5", "`at`", 3),
        ("at: 1,", "at: 0.25,", "the rungs must stand in the order of time", 4),
        ("{at: 1,", "{", "it needs either `at` or `after`", 4),
        ("{at: 1,", '{at: 1, after: "1 day",', "it needs either `at` or `after`", 4),
        ('after: "2 working days"', "after: later", "cannot read the span", 5),
        (", en: Raise", "", "`en` is missing", 5),
        ("  steep:", "  steep: []\n  steeper:", "`steep`", 2),
    ],
)
def test_a_slip_is_told(pack: Path, written: str, instead: str, said: str, line: int) -> None:
    assert SOUND.count(written) == 1
    (pack / "ladders.yaml").write_text(SOUND.replace(written, instead), "utf-8")
    [found] = ladders.faults()
    assert said in found.en
    assert found.line == line
    assert found.hint_zh
    assert found.hint_en


def test_the_shipped_ladders_are_sound() -> None:
    assert ladders.faults() == []
    assert set(ladders.ladders()) >= {"standard", "gentle", "task"}
    assert packs.folders()
