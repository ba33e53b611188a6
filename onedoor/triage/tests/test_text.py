"""Texts as numbers: folding keeps every place, runs have no blank in them, the longest words are found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onedoor.triage.text import LONGEST_READ, Read, Spotter, folded


def words(spotter: Spotter, text: str) -> list[str]:
    read = Read("", text)
    return [read.written[begin:end] for _, begin, end in spotter.find(read)]


def test_folding_tells_no_difference_where_people_mean_none() -> None:
    assert folded("ＡＢｃ１23号，ＫＴＶ！") == "abc000号 ktv "
    assert folded("😀鑫") != folded("鑫鑫")


@given(st.text())
def test_every_place_stays_where_it_was(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_runs_are_of_one_to_three_characters_without_blanks() -> None:
    runs = Read("停水", "两天。").runs
    found = sorted(zip(runs.at.tolist(), runs.lengths.tolist(), strict=True))
    assert found == [(0, 1), (0, 2), (1, 1), (3, 1), (3, 2), (4, 1)]
    assert len(runs.in_title) == 3


def test_the_same_run_has_the_same_bucket_wherever_it_stands() -> None:
    one, other = Read("停水", "").runs, Read("", "又停水了").runs
    assert set(one.buckets.tolist()) <= set(other.buckets.tolist())


def test_the_longest_word_is_found_and_hides_the_shorter_ones_in_it() -> None:
    spotter = Spotter(["灯", "路灯", "路灯不亮", "ktv"])
    assert words(spotter, "路灯不亮，灯也坏，ＫＴＶ吵") == ["路灯不亮", "灯", "ＫＴＶ"]
    assert words(spotter, "马路上的灯") == ["灯"]
    assert words(spotter, "") == []


def test_no_more_is_read_than_a_fixed_number_of_characters() -> None:
    assert len(Read("题" * 1000, "水" * 100_000).written) == LONGEST_READ + 1
