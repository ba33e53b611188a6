"""Telling what happened: the form, its suggestions, the receipt, and what happens when it is sent twice."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from onedoor.kernel import files, limits, time
from onedoor.kernel.limits import Limit
from onedoor.kernel.models import Entry
from onedoor.kernel.sealing import query_code
from onedoor.matters.models import Attachment, Matter
from onedoor.portal.tests.residents import fresh_city, stranger, text
from onedoor.portal.views import filing
from tests.support.filings import opened
from tests.support.smallcity import SmallCity

STORY = "物业公司扣着装修押金不退，装修完三个月了，打了十几次电话都推。"
KEY = "0123456789abcdef0123456789abcdef"
MORNING = datetime(2026, 11, 23, 9, 1, tzinfo=time.CITY_ZONE)
HERE = {"lon": "114.005", "lat": "35.505"}


def told(**more: Any) -> dict[str, Any]:
    return {"detail": STORY, "key": KEY, **HERE, **more}


def photo(*, gps: bool = True) -> SimpleUploadedFile:
    picture, exif, out = Image.new("RGB", (40, 30), "red"), Image.Exif(), io.BytesIO()
    if gps:
        exif[0x010F] = "SECRET CAMERA"
    picture.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("现场.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def city(db: None) -> SmallCity:
    return fresh_city()


@pytest.fixture
def anybody(city: SmallCity) -> Client:
    return stranger()


def test_a_filing_becomes_a_matter_and_a_receipt(anybody: Client) -> None:
    sent = anybody.post("/file/", told(name="刘娟", contact="138 0000 1234"))
    matter = Matter.objects.get()
    assert sent.headers["Location"] == f"/filed/{matter.number}/"
    receipt = text(anybody.get(sent.headers["Location"]))
    assert matter.number in receipt
    assert query_code(matter.number) in receipt
    assert "sms:?&amp;body=" in receipt
    assert (matter.channel, matter.placed, matter.category.code) == ("web", True, "property.deposit")
    assert matter.parties.get().contact == "138 0000 1234"


def test_the_receipt_is_for_who_filed_it(anybody: Client) -> None:
    sent = anybody.post("/file/", told())
    other = Client().get(sent.headers["Location"], follow=True)
    assert other.redirect_chain[-1][0].startswith("/follow/?number=")
    assert query_code(Matter.objects.get().number) not in text(other)


def test_nothing_but_the_story_is_needed(anybody: Client) -> None:
    assert anybody.post("/file/", {"detail": "有人吗"}).status_code == 302
    matter = Matter.objects.get()
    assert not matter.placed
    assert matter.parties.get(role="reporter").name == ""


def test_a_form_sent_twice_is_one_matter(anybody: Client) -> None:
    first, second = (anybody.post("/file/", told(photos=photo())) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Matter.objects.count() == Attachment.objects.count() == 1


def test_an_old_form_with_other_words_is_asked_about_and_not_lost(anybody: Client) -> None:
    anybody.post("/file/", told())
    again = anybody.post("/file/", told(detail="这是另一件事：路灯不亮了。"))
    assert again.status_code == 409
    assert "这是另一件事" in text(again)
    key = re.search(r'name="key" value="([0-9a-f]{32})"', text(again))
    assert key
    assert key[1] != KEY
    assert anybody.post("/file/", told(detail="这是另一件事：路灯不亮了。", key=key[1])).status_code == 302
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"detail": " "}, "请写明发生了什么"),
        ({"contact": "电话"}, "请写电话号码"),
        ({"lon": "一百", "lat": "35"}, "坐标应为数字"),
        ({"lon": "114.005", "lat": ""}, "经度和纬度须同时填写"),
        ({"name": "长" * 61}, "最多 60 字"),
        ({"detail": "长" * 8001}, "最多 8000 字"),
        ({"about": "长" * 80, "contact": "1"}, "请写电话号码"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    anybody: Client, wrong: dict[str, str], said: str
) -> None:
    answer = anybody.post("/file/", told(address="柳镇街上", **wrong) | wrong)
    assert answer.status_code == 422
    assert said in text(answer)
    assert "柳镇街上" in text(answer)
    assert not Matter.objects.exists()


def test_a_photo_is_kept_without_what_the_camera_wrote(anybody: Client) -> None:
    anybody.post("/file/", told(photos=photo()))
    kept = Attachment.objects.get()
    assert kept.from_reporter
    assert b"SECRET CAMERA" not in files.located(kept.path).read_bytes()


def test_a_photo_that_is_none_does_not_cost_the_filing(anybody: Client) -> None:
    fake = SimpleUploadedFile("现场.jpg", b"MZ not a picture at all", "image/jpeg")
    page = anybody.post("/file/", told(photos=[photo(), fake]), follow=True)
    assert Matter.objects.count() == Attachment.objects.count() == 1
    assert "内容与文件名不符" in text(page)


def test_too_many_files_are_refused_before_anything_is_kept(anybody: Client) -> None:
    answer = anybody.post("/file/", told(photos=[photo() for _ in range(7)]))
    assert (answer.status_code, Matter.objects.count()) == (422, 0)


def test_whoever_it_is_about_does_not_get_it(anybody: Client, city: SmallCity) -> None:
    housing = city.units["419801-housing"]
    anybody.post("/file/", told(about=housing.name))
    matter = Matter.objects.get()
    assert matter.parties.get(role="respondent").unit_id == housing.pk
    assert matter.unit_id != housing.pk


def test_somebody_who_is_no_unit_is_a_party_by_name(anybody: Client) -> None:
    anybody.post("/file/", told(about="安居物业公司"))
    assert Matter.objects.get().parties.get(role="respondent").name == "安居物业公司"


def test_a_confidential_filing_is_so(anybody: Client) -> None:
    anybody.post("/file/", told(confidential="yes", name="刘娟"))
    matter = Matter.objects.get()
    assert matter.confidential
    assert matter.parties.get().confidential


def test_units_are_found_while_typing(anybody: Client) -> None:
    assert "东河区housing" in text(anybody.get("/file/units/", {"about": "hous"}))
    assert "<option" not in text(anybody.get("/file/units/", {"about": "h"}))


def test_while_writing_the_door_says_what_where_and_who(anybody: Client) -> None:
    page = text(anybody.post("/file/consider/", told()))
    assert 'value="property.deposit"' in page
    assert "东柳前村第1网格" in page
    assert "东河区housing" in page
    assert not Matter.objects.exists()


def test_too_little_is_met_with_silence(anybody: Client) -> None:
    page = text(anybody.post("/file/consider/", {"detail": "喂"}))
    assert 'name="category"' not in page


def test_a_point_outside_the_city_is_said(anybody: Client) -> None:
    page = text(anybody.post("/file/consider/", told(lon="100", lat="30")))
    assert "不在本市范围内" in page


def test_suggestions_are_not_a_mine_to_dig_in(anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "SUGGESTIONS", Limit("few", 3, 15))
    with time.at(MORNING):
        codes = [anybody.post("/file/consider/", told()).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_filings_from_one_place_are_limited(anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILING_BY_VISITOR", Limit("few filings", 2, 60))
    with time.at(MORNING):
        codes = [anybody.post("/file/", {"detail": f"第{n}件事情"}).status_code for n in range(3)]
    assert codes == [302, 302, 429]


class TestTheSame:
    """Somebody nearby has reported it already."""

    @pytest.fixture
    def before(self, city: SmallCity) -> Matter:
        return opened(city, lon=114.0052, lat=35.5051, address="柳园小区3号楼")

    def test_it_is_asked_and_kept_for_the_clerk(self, anybody: Client, before: Matter) -> None:
        page = text(anybody.post("/file/consider/", told()))
        assert f'value="{before.number}"' in page
        anybody.post("/file/", told(same_as=before.number))
        filed = Matter.objects.latest("pk")
        assert Entry.objects.get(stream=filed.stream, kind="opened").body["why"]["same_as"] == before.number
        assert filed.master_id is None

    def test_no_more_is_shown_than_title_place_and_day(self, anybody: Client, before: Matter) -> None:
        page = text(anybody.post("/file/consider/", told()))
        assert before.title in page
        assert "东柳前村" in page
        for secret in ("刘娟", "13800001234", "3000元", "柳园小区3号楼", "114.0052"):
            assert secret not in page

    def test_a_title_that_names_a_party_is_not_shown(self, anybody: Client, before: Matter) -> None:
        Matter.objects.filter(pk=before.pk).update(title="刘娟说物业公司扣着装修押金不退")
        page = text(anybody.post("/file/consider/", told()))
        assert f'value="{before.number}"' in page
        assert "刘娟" not in page

    def test_the_beginning_of_a_story_is_no_title(self, anybody: Client, before: Matter) -> None:
        story = "物业公司扣着装修押金不退，我家住三楼，装修完三个月了。"
        Matter.objects.filter(pk=before.pk).update(title=story[:-1], detail=story)
        page = text(anybody.post("/file/consider/", told()))
        assert f'value="{before.number}"' in page
        assert "我家住三楼" not in page

    def test_a_telephone_in_a_title_is_hidden(self, anybody: Client, before: Matter) -> None:
        Matter.objects.filter(pk=before.pk).update(title="物业公司扣着装修押金不退请打13800001234")
        assert "13800001234" not in text(anybody.post("/file/consider/", told()))

    @pytest.mark.parametrize("changed", [{"confidential": True}, {"is_open": False}])
    def test_some_are_never_shown(self, anybody: Client, before: Matter, changed: dict[str, bool]) -> None:
        Matter.objects.filter(pk=before.pk).update(**changed)
        assert before.number not in text(anybody.post("/file/consider/", told()))

    def test_only_what_was_shown_can_be_named(self, anybody: Client, before: Matter) -> None:
        Matter.objects.filter(pk=before.pk).update(confidential=True)
        anybody.post("/file/", told(same_as=before.number))
        opened_entry = Entry.objects.get(stream=Matter.objects.latest("pk").stream, kind="opened")
        assert "same_as" not in opened_entry.body["why"]

    def test_without_javascript_the_receipt_asks(self, anybody: Client, before: Matter) -> None:
        sent = anybody.post("/file/", told())
        number = Matter.objects.latest("pk").number
        assert f'value="{before.number}"' in text(anybody.get(sent.headers["Location"]))
        anybody.post(f"/filed/{number}/same/", {"same_as": before.number})
        note = Entry.objects.get(stream=f"matter/{number}", kind="noted")
        assert before.number in (note.words or {})["text"]
        assert f'value="{before.number}"' not in text(anybody.get(sent.headers["Location"]))

    def test_who_said_no_is_not_asked_again(self, anybody: Client, before: Matter) -> None:
        sent = anybody.post("/file/", told(same_as="none"))
        assert before.number not in text(anybody.get(sent.headers["Location"]))

    def test_a_stranger_cannot_answer_for_her(self, anybody: Client, before: Matter) -> None:
        anybody.post("/file/", told())
        number = Matter.objects.latest("pk").number
        assert Client().post(f"/filed/{number}/same/", {"same_as": before.number}).status_code == 401
