"""Filings alike are found in memory: with and without points, while others come and go."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from threading import Thread

import pytest

from onedoor.triage.candidates import Index, build
from onedoor.triage.pairs import Filed

LAMP = Filed("翠柏苑门口路灯不亮", "两盏路灯坏了半个月，老人晚上出门看不见路。", lon=114.0, lat=35.5)
HEAP = (
    "垃圾堆",
    "井盖",
    "噪声",
    "拖欠",
    "工资",
    "漏水",
    "停电",
    "暖气",
    "油烟",
    "占道",
    "违建",
    "停车",
    "学位",
    "押金",
)


def some(count: int) -> list[tuple[str, Filed]]:
    """Filings about this and that, half of them with a point."""
    rng = Random(1)
    found = []
    for n in range(count):
        words = "".join(rng.choices(HEAP, k=8))
        place = (rng.uniform(113.9, 114.1), rng.uniform(35.4, 35.6)) if n % 2 else (None, None)
        found.append((f"n{n}", Filed(words[:6], words, lon=place[0], lat=place[1])))
    return found


def numbers(index: Index, filed: Filed, most: int = 5, within: float | None = None) -> list[str]:
    return [near.number for near in index.nearest(filed, most, within)]


@pytest.mark.parametrize("filed", [LAMP, Filed("", ""), Filed("🙂", "🙂")])
def test_an_empty_index_finds_nothing(filed: Filed) -> None:
    assert Index().nearest(filed) == Index().nearest(filed, within=200) == []


def test_words_alone_find_a_filing_without_a_point() -> None:
    index = build(some(500))
    index.add("lamp", replace(LAMP, lon=None, lat=None))
    asked = Filed("路灯不亮", "翠柏苑门口的路灯坏了，晚上看不见", lon=114.0, lat=35.5)
    assert numbers(index, replace(asked, lon=None, lat=None))[0] == "lamp"
    assert "lamp" in numbers(index, asked, within=200)


def test_what_lies_beside_comes_first_and_what_is_known_to_lie_farther_is_left_out() -> None:
    index = build(some(100))
    index.add("beside", Filed("完全不同的话", "没有一个字一样", lon=114.0005, lat=35.5))
    index.add("far", replace(LAMP, lon=114.05))
    found = index.nearest(LAMP, 5, within=100)
    assert found[0].number == "beside"
    assert found[0].metres == pytest.approx(45, abs=1)
    assert "far" not in [near.number for near in found]
    assert "far" in numbers(index, LAMP)


def test_the_distance_holds_everywhere_on_the_map() -> None:
    index = Index()
    for lat in (0.0, 35.5, 60.0, -45.0):
        index.add(f"{lat}", Filed("井盖", "没了", lon=100.0, lat=lat))
        assert numbers(index, Filed("井盖", "没了", lon=100.002, lat=lat), within=300) == [f"{lat}"]
        assert numbers(index, Filed("井盖", "没了", lon=100.0, lat=lat + 0.003), within=300) == []


def test_what_is_taken_out_is_not_found_and_what_is_added_again_is_found_once() -> None:
    index = build(some(20))
    index.add("lamp", LAMP)
    index.add("lamp", replace(LAMP, lon=114.01))
    assert numbers(index, LAMP).count("lamp") == 1
    assert "lamp" not in numbers(index, LAMP, within=100)
    index.remove("lamp")
    index.remove("lamp")
    assert ("lamp" in index, len(index)) == (False, 20)
    assert "lamp" not in numbers(index, LAMP) + numbers(index, replace(LAMP, lon=114.01), within=100)


def test_coming_and_going_leaves_it_as_if_it_were_new() -> None:
    index = build(some(3000))
    for n in range(2900):
        index.remove(f"n{n}")
    fresh = build(some(3000)[2900:])
    for _, filed in some(3000)[2900:2950]:
        assert numbers(index, filed, 1) == numbers(fresh, filed, 1)
        assert {*numbers(index, filed, 100, 5000)} == {*numbers(fresh, filed, 100, 5000)}
    assert len(index._numbers) <= 1000  # gone filings leave no room behind


def test_nothing_of_a_text_or_a_person_is_held() -> None:
    index = Index()
    index.add("7", replace(LAMP, reporter="token-of-somebody"))
    held = repr(vars(index))
    assert "token-of-somebody" not in held
    assert not [text for text in ("翠柏苑", "路灯", "老人") if text in held]


def test_threads_may_add_take_out_and_search_at_once() -> None:
    filings, index = some(600), Index()
    failed: list[Exception] = []

    def work(part: int) -> None:
        try:
            for number, filed in filings[part::4]:
                index.add(number, filed)
                index.nearest(filed, 5, within=1000)
                index.rarity(index_buckets)
                if part % 2:
                    index.remove(number)
        except Exception as problem:
            failed.append(problem)

    index_buckets = build(filings[:1])._times.nonzero()[0]
    threads = [Thread(target=work, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(index) == 300
    assert sorted(index._slots) == sorted(number for part in (0, 2) for number, _ in filings[part::4])
