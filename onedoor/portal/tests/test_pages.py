"""Pages that say how it goes: whole in both languages, open to everybody, honest where no city is loaded yet."""

from __future__ import annotations

import re

import polib
import pytest
from django.test import Client

from onedoor.city import tree
from onedoor.kernel.messages import LOCALE
from onedoor.portal.tests.residents import follower, fresh_city, stranger, text
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity

PAGES = ("/", "/help/", "/privacy/", "/file/", "/follow/", "/grid/")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
DATA = {"中文", "小城市", "一门", "受理"}  # the way to the other language, the seal of the receipt
PARTS = ("portal.po", "shell.po")


@pytest.fixture
def city(db: None) -> SmallCity:
    return fresh_city()


def english() -> list[str]:
    """What our pages say in English, long enough not to stand in an attribute by chance."""
    entries = [entry for part in PARTS for entry in polib.pofile(str(LOCALE / "zh_Hans" / "parts" / part))]
    return [entry.msgid for entry in entries if len(entry.msgid) > 12 and "%(" not in entry.msgid]


def words(page: str) -> str:
    """What of a page is read: no tags, but the attributes that are said aloud."""
    said = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', page)
    return " ".join([*said, re.sub(r"<[^>]+>", " ", page)])


@pytest.mark.parametrize("where", PAGES)
def test_anybody_may_read_them(city: SmallCity, where: str) -> None:
    for language in ("zh-CN", "en"):
        assert stranger(language).get(where).status_code == 200


@pytest.mark.parametrize("where", PAGES)
def test_chinese_pages_say_nothing_in_english(city: SmallCity, where: str) -> None:
    shown = words(text(stranger().get(where)))
    assert [said for said in english() if said in shown] == []


@pytest.mark.parametrize("where", PAGES)
def test_english_pages_say_nothing_in_chinese(city: SmallCity, where: str) -> None:
    shown = set(CHINESE.findall(words(text(stranger("en").get(where)))))
    assert {
        said for said in shown if said not in DATA and not said.startswith(("小城", "东河", "西河"))
    } == set()


def test_the_page_of_a_matter_is_whole_in_both_languages(city: SmallCity) -> None:
    matter = opened(city)
    answered(city, matter)
    where = f"/my/{matter.number}/"
    chinese = words(text(follower(matter).get(where)))
    assert [said for said in english() if said in chinese] == []
    own = {*CHINESE.findall(f"{matter.title} {matter.detail} 已经退还押金 依据物业管理条例"), *"选进稳调清"}
    shown = set(CHINESE.findall(words(text(follower(matter, "en").get(where)))))
    assert {said for said in shown - own - DATA if not said.startswith(("东", "第", "网格"))} == set()


def test_the_language_is_chosen_and_kept(city: SmallCity) -> None:
    client = stranger()
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert "Tell us what happened" in text(client.get("/"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "code"), [("/", 200), ("/help/", 200), ("/privacy/", 200), ("/file/", 503)]
)
def test_before_a_city_is_loaded(where: str, code: int) -> None:
    tree.forget()
    assert Client().get(where).status_code == code


def test_what_is_said_of_the_data_is_on_the_form(city: SmallCity) -> None:
    page = text(stranger().get("/file/"))
    assert "1095 天" in page
    assert "个人信息怎么用" in page
