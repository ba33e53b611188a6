"""Register files: what they may say, what is refused, and that every fault names file, line and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor.kernel import refusals
from onedoor.kernel.packs import SHIPPED, FaultyFile
from onedoor.registers import kinds

PLACES = SHIPPED / "hazards" / "registers" / "inspected_place.yaml"
DOGS = SHIPPED / "dogs" / "registers" / "dog.yaml"


def faults(tmp_path: Path, source: Path, old: str, new: str) -> list[tuple[int, str, str]]:
    """(line, what is wrong, what to write) of a file of which one piece was changed."""
    text = source.read_text("utf-8")
    assert old in text
    file = tmp_path / "own" / "registers" / source.name
    file.parent.mkdir(parents=True)
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(FaultyFile) as refused:
        kinds.load(file)
    return [(fault.line, fault.en, fault.hint_en) for fault in refused.value.faults]


def line_of(source: Path, text: str) -> int:
    """The line of a file that holds a text."""
    return next(n for n, line in enumerate(source.read_text("utf-8").splitlines(), 1) if text in line)


def test_those_that_ship_are_sound() -> None:
    assert kinds.faults() == []
    assert {"dog", "inspected_place"} <= kinds.loaded().keys()


@pytest.mark.parametrize(
    ("source", "old", "new", "said"),
    [
        (PLACES, "opens: hazard.ebike", "opens: hazard.ebikes", "there is no category `hazard.ebikes`"),
        (PLACES, "kept_by: [clerk, coordinator", "kept_by: [clark, coordinator", "there is no role `clark`"),
        (PLACES, "owner: [emergency", "owner: [fire_brigade", "there is no kind of unit `fire_brigade`"),
        (PLACES, "every: 3 months", "every: now and then", "cannot read the span"),
        (PLACES, 'finding: "yes"', "finding: maybe", "there is no answer `maybe`"),
        (PLACES, "      opens: hazard.ebike\n", "", "a finding and the matter that it opens go together"),
        (PLACES, "called: name", "called: use", "`use` cannot be the title"),
        (PLACES, "about: places", "about: persons", "`about` cannot be `persons`"),
        (DOGS, "renews: [vaccinated_on]", "renews: [vaccinated]", "there is no field `vaccinated`"),
        (DOGS, "type: contact, seen_by: [clerk, coordinator, police_officer]}", "type: contact}",
         "it does not say who may read this contact"),
        (DOGS, "register: dog", "register: dogs_all", "`dogs_all` is not the name of its file"),
        (DOGS, "prefix: DOG", "prefix: dog", "`dog` is not a name"),
        (DOGS, "colour:", "color: 3\n  colour:", "`color`"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(tmp_path: Path, source: Path, old: str, new: str, said: str) -> None:
    found = faults(tmp_path, source, old, new)
    assert any(said in en and hint for _, en, hint in found), found
    assert all(line > 1 for line, _, _ in found)


REFUSED = [
    "  risk_level: {zh: 级别, en: Level}",
    "  grade: {zh: 养犬人信用, en: Standing}",
    "  remark: {zh: 备注, en: Keeper's score}",
    "  seen_at: {zh: 行踪, en: Whereabouts, required: false}",
    "  list: {zh: 名单, en: List, type: choice, choices: {black: {zh: 黑名单, en: Black}}}",
    "  keeper_face: {zh: 照片, en: Picture}",
]


@pytest.mark.parametrize("field", REFUSED)
def test_what_judges_or_follows_people_is_refused(tmp_path: Path, field: str) -> None:
    [(line, _, hint)] = faults(tmp_path, DOGS, "  colour:", f"{field}\n  colour:")
    assert line == line_of(DOGS, "  colour:")
    assert hint.startswith("remove it")


def test_places_with_nobody_on_them_may_have_a_level_of_risk(tmp_path: Path) -> None:
    file = tmp_path / "own" / "registers" / PLACES.name
    file.parent.mkdir(parents=True)
    level = "  risk: {zh: 火灾风险等级, en: Fire risk, type: choice, choices: {a: {zh: 一般, en: Low}}}\n"
    text = PLACES.read_text("utf-8")
    alone = "".join(line for line in text.splitlines(keepends=True) if "duty_phone" not in line)
    file.write_text(alone.replace("  storeys:", level + "  storeys:"), "utf-8")
    assert kinds.load(file).fields["risk"].type == "choice"
    file.write_text(text.replace("  storeys:", level + "  storeys:"), "utf-8")
    with pytest.raises(FaultyFile, match="where a person stands on a record"):
        kinds.load(file)


@pytest.mark.parametrize("name", ["risk_level", "credit_score", "trust_level", "scores", "ranking"])
def test_words_that_score_are_known(name: str) -> None:
    assert refusals.scores(name)


@pytest.mark.parametrize("name", ["watchlist", "last_gps", "track", "blacklist", "face"])
def test_words_that_follow_are_known(name: str) -> None:
    assert refusals.follows(name)


@pytest.mark.parametrize(
    "text", ["Dangerous goods", "Surface of the yard", "Stockpile", "Breeding", "Watchtower"]
)
def test_words_that_only_look_alike_are_free(text: str) -> None:
    assert not refusals.scores("field", text)
    assert not refusals.follows("field", text)
