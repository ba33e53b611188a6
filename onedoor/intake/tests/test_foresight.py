"""Texts of coming batches are read elsewhere; what is said of them is what the classifier says itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onedoor.city.loaders import Options
from onedoor.intake import foresight, loading
from onedoor.intake.classify import Suggestion
from onedoor.intake.queries import door
from onedoor.kernel.actor import Actor
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
TEXTS = ["路灯不亮", "物业不退装修押金", "井盖没了", "工地夜里施工", "拖欠工资"]


def batches(*sizes: int) -> Iterator[list[str]]:
    return (TEXTS[:size] for size in sizes)


def test_every_batch_comes_out_in_order_with_its_answers_ready(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    plain = door().classifier
    seen = []
    for batch in foresight.foreseen(batches(5, 3, 4, 1, 2, 5), lambda text: (text, "")):
        held = door().classifier
        assert isinstance(held, foresight.Foreseen)
        assert held.answers == {(text, ""): plain.suggest(text, "") for text in batch}
        seen.append(len(batch))
    assert seen == [5, 3, 4, 1, 2, 5]
    assert door().classifier is plain


@pytest.mark.parametrize(("sizes", "cores"), [((), 2), ((5,), 2), ((5, 5), 1)])
def test_a_single_batch_or_a_single_core_is_served_without(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...], cores: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    plain = door().classifier
    for _ in foresight.foreseen(batches(*sizes), lambda text: (text, "")):
        assert door().classifier is plain


def test_the_classifier_comes_back_when_the_reader_stops_early(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    plain = door().classifier
    reading = foresight.foreseen(batches(5, 5, 5), lambda text: (text, ""))
    next(reading)
    reading.close()
    assert door().classifier is plain


def test_what_was_not_foreseen_is_asked_now() -> None:
    class Other:
        def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
            return [Suggestion("other", 1.0, (title,))]

    ready = [Suggestion("a", 0.5, ()), Suggestion("b", 0.5, ())]
    held = foresight.Foreseen({("known", ""): ready}, Other())
    assert held.suggest("known", "", most=1) == ready[:1]
    assert held.suggest("new", "")[0].code == "other"


def test_loading_asks_nothing_twice(city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The door finds every answer ready: the texts that were asked about are the texts it asks for."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(loading, "BATCH", 2)
    asked: list[str] = []
    plain = door().classifier
    monkeypatch.setattr(foresight.Foreseen, "suggest", _noting(asked))
    rows = [" 路灯 ,路灯不亮\u200b", ",没有标题的一件事。后面还有话", "井盖,", "路灯,又不亮了", "桥,桥塌了"]
    (tmp_path / "m.csv").write_text("\n".join(["标题,内容", *rows]) + "\n", "utf-8")
    loading.load_matters(tmp_path / "m.csv", Options(Actor.system("test")))
    assert Matter.objects.count() == 5
    assert asked == []
    for matter in Matter.objects.select_related("category"):
        assert matter.category.code == plain.suggest(matter.title, matter.detail)[0].code


def _noting(asked: list[str]):  # type: ignore[no-untyped-def]
    def suggest(self: foresight.Foreseen, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        if (title, detail) not in self.answers:
            asked.append(title)
        return self.answers.get((title, detail)) or self.other.suggest(title, detail, most)

    return suggest
