"""Procedures for everybody: told whole in both languages, drawn, and given away as files."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html import unescape
from typing import get_args

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from onedoor.board import diagram, guarded, plain
from onedoor.city import tree as snapshot
from onedoor.kernel.actor import Actor
from onedoor.matters import bpmn, drawing, procedures
from onedoor.matters.actions import publish
from onedoor.matters.language import FieldType, Procedure
from onedoor.matters.models import ProcedureVersion
from onedoor.matters.registry import GUARDS
from tests.support.smallcity import SmallCity, small_city

KEYS = sorted(procedures.loaded())
LANGUAGES = {"zh-hans": "zh", "en": "en"}


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def read(where: str, language: str = "en") -> str:
    """The page as a stranger reads it."""
    client = Client()
    client.cookies["onedoor_language"] = language
    answer = client.get(where)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def loaded(key: str) -> Procedure:
    return procedures.loaded()[key].procedure


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_every_procedure(city: SmallCity, language: str) -> None:
    text = read("/board/procedures/", language)
    titles = [getattr(loaded(key).title, LANGUAGES[language]) for key in KEYS]
    assert [title for title in titles if title not in text] == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_tells_every_state_action_limit_and_field(city: SmallCity, key: str, language: str) -> None:
    text, procedure = read(f"/board/procedures/{key}/", language), loaded(key)
    parts = [*procedure.states.values(), *procedure.actions.values(), *procedure.clocks.values()]
    parts += [
        field
        for action in procedure.actions.values()
        for field in procedure.forms.get(action.form or "", {}).values()
    ]
    sources = [
        clock.source.split(" · ")[0 if language != "en" else -1] for clock in procedure.clocks.values()
    ]
    wanted = [getattr(part, LANGUAGES[language]) for part in parts]
    assert [words for words in (*wanted, *sources) if words not in text] == []


@pytest.mark.parametrize("key", KEYS)
def test_the_page_has_no_style_of_its_own(city: SmallCity, key: str) -> None:
    text = read(f"/board/procedures/{key}/")
    assert re.findall(r"\sstyle=|<style|\son\w+=", text) == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", LANGUAGES.values())
def test_the_drawing_holds_every_shape_and_arrow(city: SmallCity, key: str, language: str) -> None:
    procedure = loaded(key)
    drawn, picture = diagram.drawn(procedure, language), bpmn.drawn(procedure)
    assert len(drawn.shapes) == len(picture.nodes)
    assert len(drawn.arrows) == len(picture.flows)
    assert len(drawn.lanes) == len(picture.lanes)
    names = {"".join(text for _, text in shape.name.lines) for shape in drawn.shapes}
    squeezed = {name.replace(" ", "") for name in names}
    wanted = {getattr(state, language).replace(" ", "") for state in procedure.states.values()}
    assert wanted <= squeezed


@pytest.mark.parametrize("key", KEYS)
def test_nothing_drawn_lies_outside_the_picture(city: SmallCity, key: str) -> None:
    drawn = diagram.drawn(loaded(key), "en")
    right, low = drawn.left + drawn.width - 20.0, drawn.height + 40.0
    points = [tuple(map(float, point.split(","))) for arrow in drawn.arrows for point in arrow.points.split()]
    points += [(shape.x + shape.width, shape.y + shape.height) for shape in drawn.shapes]
    names = [shape.name for shape in drawn.shapes] + [arrow.name for arrow in drawn.arrows]
    points += [(name.x, y) for name in names for y, _ in name.lines]
    assert all(drawn.left - 20 <= x <= right and 40 <= y <= low for x, y in points)


@given(st.text(alphabet="ab 中文，、(", max_size=60), st.integers(4, 20))
def test_breaking_loses_nothing_but_spaces_and_keeps_to_the_width(text: str, letters: int) -> None:
    lines = diagram.broken(text, letters)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        body = line.rstrip("，、 ")  # what ends a clause may hang over
        wide = sum(2 if ord(char) > 0x2E7F else 1 for char in body)
        assert wide <= letters or " " not in body


def test_a_timer_tells_its_span_in_the_language_of_the_page(city: SmallCity) -> None:
    zh, en = (diagram.drawn(loaded("dispute"), language) for language in ("zh", "en"))
    timers = [["".join(t for _, t in s.name.lines) for s in drawn.shapes if s.kind == "boundaryEvent"]
              for drawn in (zh, en)]  # fmt: skip
    assert any("工作日" in name for name in timers[0])
    assert any("working" in name for name in timers[1])


def test_every_guard_and_every_kind_of_field_has_its_words() -> None:
    assert set(guarded.WORDS) == set(GUARDS)
    assert set(plain.KINDS) == set(get_args(FieldType))
    assert all(words.keys() == {"zh", "en"} for words in plain.KINDS.values())


@pytest.mark.parametrize("key", KEYS)
def test_every_condition_in_use_is_a_sentence_in_both_languages(key: str) -> None:
    procedure = loaded(key)
    for action in procedure.actions.values():
        for call in action.guard:
            words = guarded.only_when(call, procedure)
            assert words
            assert words["zh"] != words["en"]
            assert "{" not in words["zh"] + words["en"]


@pytest.mark.parametrize("key", KEYS)
def test_the_files_are_the_drawings(city: SmallCity, key: str) -> None:
    answers = {kind: Client().get(f"/board/procedures/{key}.{kind}") for kind in ("mmd", "bpmn")}
    assert answers["mmd"].content.decode() == drawing.mermaid(loaded(key))
    assert ET.fromstring(answers["bpmn"].content).tag.endswith("definitions")
    assert {kind: answer["Content-Disposition"] for kind, answer in answers.items()} == {
        kind: f'attachment; filename="{key}.{kind}"' for kind in ("mmd", "bpmn")
    }


@pytest.mark.parametrize(
    "where", ["none/", "none.mmd", "none.bpmn", "dispute/?version=9", "dispute/?version=x"]
)
def test_what_is_not_there_is_said(city: SmallCity, where: str) -> None:
    assert Client().get(f"/board/procedures/{where}").status_code == 404


def test_an_earlier_version_stays_readable_and_says_so(city: SmallCity) -> None:
    first = ProcedureVersion.objects.get(key="request")
    changed = json.dumps(json.loads(first.definition) | {"title": {"zh": "新的名称", "en": "A new name"}})
    ProcedureVersion.objects.create(
        key="request", version=2, digest="x", definition=changed, published_at=first.published_at
    )
    assert "A new name" in read("/board/procedures/request/")
    earlier = read("/board/procedures/request/?version=1")
    assert "A new name" not in earlier
    assert "This is an earlier version" in earlier


def test_staff_read_it_in_their_own_frame(city: SmallCity) -> None:
    client = Client()
    client.force_login(city.accounts["liqiang"])
    assert 'class="rail"' in client.get("/board/procedures/").content.decode()
    assert 'class="masthead"' in Client().get("/board/procedures/").content.decode()


def test_where_nothing_is_published_the_list_says_so(db: None) -> None:
    assert "No procedure is published yet" in read("/board/procedures/")
    publish(Actor.system("test"))
    assert "No procedure is published yet" not in read("/board/procedures/")


def test_a_limit_of_the_city_is_told_as_the_city_sets_it(city: SmallCity) -> None:
    assert plain.span_of(loaded("request"), "city.silence") == {"zh": "10个工作日", "en": "10 working days"}


def test_before_a_city_is_loaded_it_is_told_that_the_city_will_set_it(db: None) -> None:
    snapshot.forget()
    assert plain.span_of(loaded("request"), "city.silence") == plain.BY_CITY
