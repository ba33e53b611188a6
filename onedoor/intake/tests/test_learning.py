"""The door learns from closed matters: versions, measured on others held out, taken or refused, and taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from django.db import connection

from onedoor.city.queries import directory, tree
from onedoor.intake import actions as intake
from onedoor.intake import learning, queries, versions
from onedoor.intake.classify import Catalogue, Suggestion
from onedoor.intake.lessons import FIELDS, Lesson, Pair, lessons, pairs
from onedoor.intake.models import ASKED, IN_USE, REFUSED, RETIRED, TrainedModel
from onedoor.intake.queries import CATEGORY
from onedoor.intake.rules import Report
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import Conflict, NotAllowed, NotFound
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import Filing
from onedoor.matters.models import Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SYSTEM = Actor.system("test")
HERE: dict[str, Any] = {"lon": 114.005, "lat": 35.505}
# What people here call things; the catalogue knows none of these words.
SAYINGS = {
    "property.deposit": ("溜边儿钱压着不吐", "装好了恁久，那笔溜边儿钱还在他们手里攥着，催一回推一回"),
    "sanitation.garbage": ("灰斗子撑爆了没人倒", "灰斗子几天不倒，苍蝇嗡嗡的，撑爆了淌一地"),
    "facility.lamp": ("巷子里那几盏长明的瞎了", "夜里没个光，深一脚浅一脚，那几盏长明的瞎了半个月"),
}
UNIT = {
    "property.deposit": "419801-housing", "sanitation.garbage": "419801-urban_management",
    "facility.lamp": "419801-urban_management",
}  # fmt: skip


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def filed(city: SmallCity, code: str, count: int, **more: Any) -> list[Matter]:
    """Matters as people here tell of them, open."""
    title, detail = SAYINGS[code]
    values: dict[str, Any] = {"unit_id": city.units[UNIT[code]].pk, "division_id": city.first_grid.pk} | more
    filings = [
        Filing(directory().categories[code], title=f"{title}，{n}号院", detail=detail, **values)
        for n in range(count)
    ]
    return matters.open_many(SYSTEM, filings)


def close(found: list[Matter]) -> None:
    """Ends them at once; how they came to their end does not matter here."""
    Matter.objects.filter(pk__in=[m.pk for m in found]).update(is_open=False, closed_at=time.now())


@pytest.fixture
def closed(city: SmallCity) -> SmallCity:
    for code in SAYINGS:
        close(filed(city, code, 60))
    return city


def said(code: str) -> Report:
    title, detail = SAYINGS[code]
    return Report(title=title, detail=detail, contact="13800001234", **HERE)


def sound(version: TrainedModel) -> bool:
    """Whether the chain of its history holds."""
    return not [finding for finding in verify() if finding.stream == version.stream]


def kinds(version: TrainedModel) -> list[str]:
    return list(Entry.objects.filter(stream=version.stream).order_by("seq").values_list("kind", flat=True))


def test_what_people_call_things_is_learned_from_closed_matters(closed: SmallCity) -> None:
    before = intake.consider(said("facility.lamp"))
    assert before.category.code != "facility.lamp"
    version = learning.learn(SYSTEM)
    assert (version.state, version.number) == (IN_USE, 1)
    now, was = version.figures["now"], version.figures["before"]
    assert now["of"] == was["of"] >= learning.FEWEST_HELD_OUT
    assert now["right"] == now["of"] > was["right"]
    assert version.examples + now["of"] == 180
    for code in SAYINGS:
        found = intake.consider(said(code))
        assert found.category.code == code
        assert found.unit_id == closed.units[UNIT[code]].pk
    assert kinds(version) == ["model_trained"]
    assert sound(version)


def test_what_is_held_out_is_never_learned_from(closed: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    studied: list[str] = []
    train = Catalogue.train

    def watched(catalogue: Catalogue, found: Sequence[Lesson]) -> bytes:
        studied.extend(lesson.number for lesson in found)
        return train(catalogue, found)

    monkeypatch.setattr(Catalogue, "train", watched)
    learning.learn(SYSTEM)
    held_out = {lesson.number for lesson in lessons() if lesson.kept_back}
    assert held_out
    assert studied
    assert held_out.isdisjoint(studied)


class Fool:
    """Says the same of everything."""

    def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        return [Suggestion("other.general", 1.0, ())]


def test_a_version_that_measures_worse_is_kept_as_refused(
    closed: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = learning.learn(SYSTEM)
    assert queries.door().version == good.number
    close(filed(closed, "facility.lamp", 5))
    with monkeypatch.context() as patched:
        patched.setattr(Catalogue, "read", lambda *args: Fool())
        bad = learning.learn(SYSTEM)
    assert bad.state == REFUSED
    assert bad.figures["compared_with"] == good.number
    assert bad.figures["now"]["right"] < bad.figures["before"]["right"]
    assert all(bad.why[language] for language in ("zh", "en"))
    good.refresh_from_db()
    assert good.state == IN_USE
    assert intake.consider(said("facility.lamp")).category.code == "facility.lamp"


def test_too_few_matters_teach_nothing(city: SmallCity) -> None:
    close(filed(city, "facility.lamp", 20))
    version = learning.learn(SYSTEM)
    assert (version.state, bytes(version.body)) == (REFUSED, b"")
    assert version.why == learning.TOO_FEW
    with pytest.raises(Conflict):
        versions.use(SYSTEM, CATEGORY, version.number)


def test_an_older_version_or_the_words_alone_can_be_taken_back(closed: SmallCity) -> None:
    first, second = learning.learn(SYSTEM), learning.learn(SYSTEM)
    first.refresh_from_db()
    assert (first.state, second.state) == (RETIRED, IN_USE)
    versions.use(closed.actor("zhaolei"), CATEGORY, 1)
    assert queries.door().version == 1
    assert kinds(first) == ["model_trained", "model_retired", "model_chosen"]
    versions.use(closed.actor("zhaolei"), CATEGORY, 0)
    assert queries.door().version == 0
    assert queries.door().classifier is queries.door().words
    assert not TrainedModel.objects.filter(state=IN_USE).exists()
    with pytest.raises(NotFound):
        versions.use(SYSTEM, CATEGORY, 9)
    assert sound(first)


@pytest.mark.parametrize("login", ["liqiang", "chenmin", "wujun", "hean"])
def test_who_does_not_steer_neither_learns_nor_chooses(closed: SmallCity, login: str) -> None:
    for do in (
        lambda actor: versions.ask(actor, CATEGORY),
        learning.learn,
        lambda actor: versions.use(actor, CATEGORY, 0),
    ):
        with pytest.raises(NotAllowed):
            do(closed.actor(login))
    assert not TrainedModel.objects.exists()


def test_what_is_asked_for_is_learned_once(closed: SmallCity) -> None:
    assert versions.ask(closed.actor("zhaolei"), CATEGORY) == versions.ask(closed.actor("zhoutao"), CATEGORY)
    assert learning.is_due()
    asked = TrainedModel.objects.get(state=ASKED)
    version = learning.learn(SYSTEM)
    assert (version.pk, version.state) == (asked.pk, IN_USE)
    assert kinds(version) == ["learning_asked", "model_trained"]


def test_another_process_takes_up_the_version_within_seconds(
    closed: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    learning.learn(SYSTEM)
    assert queries.door().version == 1
    TrainedModel.objects.update(state=RETIRED)  # somewhere else
    assert queries.door().version == 1
    later = monotonic() + queries.LOOK_EVERY
    monkeypatch.setattr("onedoor.intake.queries.monotonic", lambda: later)
    assert queries.door().version == 0


def test_a_version_that_cannot_be_read_leaves_the_words(closed: SmallCity) -> None:
    learning.learn(SYSTEM)
    TrainedModel.objects.update(body=b"nothing")
    queries._held.clear()
    assert queries.door().classifier is queries.door().words
    assert intake.consider(said("property.deposit")).suggestions
    assert learning.is_due()
    learning.learn(SYSTEM)
    assert not learning.is_due()


# When


def test_it_is_time_at_first_then_after_a_day_or_many_corrections(city: SmallCity) -> None:
    assert not learning.is_due()
    for code in SAYINGS:
        close(filed(city, code, 30))
    assert learning.is_due()
    learning.learn(SYSTEM)
    assert not learning.is_due()
    with time.at(MORNING + learning.EVERY):
        assert not learning.is_due()  # nothing was closed since
        close(filed(city, "facility.lamp", 1))
        assert learning.is_due()
        learning.learn(SYSTEM)
        assert not learning.is_due()


def test_many_corrections_are_a_reason_to_learn_before_the_day_is_over(
    closed: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    learning.learn(SYSTEM)
    after = tree().profile.triage.learn_after
    wrong = filed(closed, "property.deposit", after)
    with time.at(MORNING + timedelta(hours=1)):
        for number, matter in enumerate(wrong, start=1):
            intake.reclassify(closed.actor("chenmin"), matter.number, "property.service")
            assert learning.is_due() == (number >= after)


# From what


def test_lessons_hold_texts_and_categories_and_nothing_of_who_told_them() -> None:
    assert not {name for name in FIELDS if "part" in name or "contact" in name or "name" in name}


def test_what_was_erased_kept_confidential_joined_or_handed_on_uncorrected_is_left_out(
    city: SmallCity,
) -> None:
    kept, erased, secret, joined, strayed = (filed(city, "facility.lamp", 1)[0] for _ in range(5))
    matters.join(SYSTEM, joined.number, kept.number)
    close([kept, erased, secret, strayed])
    Matter.objects.filter(pk=erased.pk).update(erased_at=time.now())
    Matter.objects.filter(pk=secret.pk).update(confidential=True)
    Matter.objects.filter(pk=strayed.pk).update(unit=city.units["419801-court"])
    assert [lesson.number for lesson in lessons()] == [kept.number]


def test_a_category_confidential_by_its_nature_is_learned(city: SmallCity) -> None:
    code = next(c.code for c in directory().categories.values() if c.confidential and c.procedure)
    kinds_of_unit = directory().categories[code].competent
    unit = next(u for u in city.units.values() if u.kind in kinds_of_unit)
    matter = opened(city, category=code, unit=unit.code, confidential=True)
    close([matter])
    assert [lesson.code for lesson in lessons()] == [code]


def test_a_corrected_matter_teaches_before_it_is_closed(city: SmallCity) -> None:
    matter = filed(city, "property.deposit", 1)[0]
    assert lessons() == []
    intake.settle(city.actor("chenmin"), matter.number, "property.service")
    [lesson] = lessons()
    assert (lesson.code, lesson.corrected, lesson.closed) == ("property.service", True, False)


def test_what_clerks_say_of_pairs_is_kept_and_the_last_word_counts(city: SmallCity) -> None:
    one, two, three = filed(city, "facility.lamp", 3)
    matters.join(SYSTEM, two.number, one.number)
    matters.tell_apart(SYSTEM, three.number, one.number)
    assert {(p.number, p.other, p.same) for p in pairs()} == {
        (two.number, one.number, True),
        (one.number, three.number, False),
    }
    matters.separate(SYSTEM, two.number, "看错了")
    assert Pair(two.number, one.number, False) in pairs()


def test_learning_holds_no_lock_while_it_trains(closed: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    depth, seen, train = len(connection.savepoint_ids), [], Catalogue.train

    def watched(catalogue: Catalogue, found: Sequence[Lesson]) -> bytes:
        seen.append(len(connection.savepoint_ids))
        return train(catalogue, found)

    monkeypatch.setattr(Catalogue, "train", watched)
    learning.learn(SYSTEM)
    assert seen == [depth]


def test_learning_that_fails_is_refused_and_told(closed: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(Catalogue, "train", fails)
    versions.ask(SYSTEM, CATEGORY)
    with pytest.raises(RuntimeError):
        learning.learn(SYSTEM)
    version = TrainedModel.objects.get()
    assert (version.state, version.why) == (REFUSED, learning.FAILED)
    assert not learning.is_due()


def test_what_a_unit_opens_itself_teaches_nothing(city: SmallCity) -> None:
    """A letter to a regulator never comes in by the door, so no text may be filed under it."""
    category = directory().categories["letters.court"]
    filing = Filing(category, city.units["419801-court"].pk, city.first_grid.pk, "退费难")
    [letter] = matters.open_many(Actor.system("test"), [filing])
    Matter.objects.filter(pk=letter.pk).update(is_open=False)
    assert lessons() == []
