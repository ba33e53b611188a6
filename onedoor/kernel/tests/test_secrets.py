"""One master secret per installation, made once, readable by its owner; every key derived from it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from onedoor.kernel.secrets import FILE_NAME, derive, master_secret


def test_a_given_secret_is_taken_and_nothing_is_written(tmp_path: Path) -> None:
    assert master_secret(tmp_path, "given") == "given"
    assert list(tmp_path.iterdir()) == []


def test_the_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there"
    first = master_secret(home)
    assert len(first) >= 60
    assert master_secret(home) == first
    assert [path.name for path in home.iterdir()] == [FILE_NAME]


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    master_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_two_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: master_secret(tmp_path), range(40)))) == 1


def test_keys_are_lasting_and_differ_by_purpose_and_master() -> None:
    assert derive("master", "field encryption") == derive("master", "field encryption")
    assert len({derive("master", "a"), derive("master", "b"), derive("other", "a")}) == 3
    assert len(derive("master", "a", 16)) == 16
