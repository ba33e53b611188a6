"""One matter on one page: what it shows, to whom, and what hangs on it."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from onedoor.desk.tests.desks import at_desk, text
from onedoor.kernel.models import Entry
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Attachment, Matter, Party, Reading
from onedoor.notices.models import Notice
from tests.support.filings import PHONE, answered, opened
from tests.support.smallcity import SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def page(city: SmallCity, login: str, matter: Matter) -> str:
    return text(at_desk(city, login).get(f"/desk/matters/{matter.number}/"))


def test_the_page_tells_what_was_said_where_and_by_when(city: SmallCity) -> None:
    shown = page(city, "liqiang", opened(city))
    for said in (
        "物业一直不退3000元押金",
        "东柳前村第1网格",
        "Awaiting receipt",
        "Handling",
        "Renovation deposit",
    ):
        assert said in shown


def test_a_clock_says_why_it_falls_on_that_day(city: SmallCity) -> None:
    shown = page(city, "liqiang", opened(city))
    assert "By the rule:" in shown
    assert "start day not counted" in shown
    assert "close of business" in shown


def test_the_stages_of_the_procedure_show_how_far_it_has_come(city: SmallCity) -> None:
    matter = answered(city, opened(city))
    shown = page(city, "liqiang", matter)
    done, current, todo = (
        2,
        1,
        2,
    )  # no table and no mediation: 稳 and 调 were passed over, and are not said to be done
    assert shown.count('<li data-state="done">') == done
    assert shown.count('<li data-state="current" aria-current="step">') == current
    assert shown.count('<li data-state="todo">') == todo


def test_reporters_are_masked_until_somebody_says_what_for(city: SmallCity) -> None:
    matter = opened(city)
    shown = page(city, "liqiang", matter)
    assert "刘*" in shown
    assert "138****1234" in shown
    assert PHONE not in shown
    assert "刘娟" not in shown


def test_a_confidential_reporter_stays_at_the_door(city: SmallCity) -> None:
    matter = opened(city, confidential=True)
    handler, clerk = page(city, "liqiang", matter), page(city, "chenmin", matter)
    assert "Kept at the door" in handler
    assert "138****1234" not in handler
    assert "138****1234" in clerk
    party = matter.parties.get(role="reporter")
    address = reverse("desk:contact", args=[party.pk])
    assert at_desk(city, "liqiang").post(address, {"purpose": "核实情况"}).status_code == 403


def test_a_contact_is_shown_for_a_purpose_and_the_look_is_kept(city: SmallCity) -> None:
    matter = opened(city)
    party = matter.parties.get(role="reporter")
    client = at_desk(city, "liqiang")
    address = reverse("desk:contact", args=[party.pk])
    assert client.post(address, {"purpose": ""}).status_code == 400
    assert client.get(address).status_code == 405
    answer = client.post(address, {"purpose": "核实情况"}, headers={"HX-Request": "true"})
    assert PHONE in text(answer)
    assert "<!doctype" not in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert Reading.objects.get().purpose == "核实情况"
    assert "Contact data read" in page(city, "zhaolei", matter)


def test_whom_to_call_are_posts_at_the_place_and_in_the_unit(city: SmallCity) -> None:
    shown = page(city, "zhaolei", opened(city))
    assert "李强 Handler" in shown
    assert "郑洁" in shown
    assert (
        shown.count("vacant here") == 3
    )  # the small city has no police officer, adviser or mediator in its villages


@pytest.mark.parametrize(
    ("code", "vacant", "said"),
    [("419801", 0, True), ("419801001", 0, True), ("419801001001", 3, False), ("419801001001001", 3, False)],
    ids=["county", "township", "village", "grid"],
)
def test_a_place_known_only_roughly_is_not_said_to_lack_anybody(
    city: SmallCity, code: str, vacant: int, said: bool
) -> None:
    matter = opened(city)
    Matter.objects.filter(pk=matter.pk).update(division=city.divisions[code])
    shown = page(city, "zhaolei", matter)
    assert shown.count("vacant here") == vacant
    assert ("The place is known only this far" in shown) == said


def test_a_note_stands_in_the_history(city: SmallCity) -> None:
    matter = opened(city)
    client = at_desk(city, "liqiang")
    address = reverse("desk:note", args=[matter.number])
    assert client.post(address, {"text": "  "}).status_code == 422
    assert client.post(address, {"text": "已电话联系<b>双方</b>"}).status_code == 302
    assert "已电话联系&lt;b&gt;双方&lt;/b&gt;" in page(city, "zhaolei", matter)


def test_the_history_is_in_words(city: SmallCity) -> None:
    shown = page(city, "zhaolei", answered(city, opened(city)))
    for said in ("Taken in", "Receive", "Answer", "已经退还押金", "Awaiting the verdict", "1 reporter(s)"):
        assert said in shown


def test_a_long_history_has_a_page_of_its_own(city: SmallCity) -> None:
    matter = opened(city)
    for number in range(31):
        matters.note(city.actor("liqiang"), matter.number, f"第{number}次联系")
    address = reverse("desk:history", args=[matter.number])
    assert address in page(city, "liqiang", matter)
    assert "第0次联系" not in page(city, "liqiang", matter)
    assert "第0次联系" in text(at_desk(city, "liqiang").get(address))


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 110)).save(target, "JPEG")
    return target.getvalue()


def test_files_are_added_each_for_itself(city: SmallCity) -> None:
    matter = opened(city)
    files = [SimpleUploadedFile("现场.jpg", picture()), SimpleUploadedFile("假的.jpg", b"not a picture")]
    client = at_desk(city, "liqiang")
    answer = client.post(reverse("desk:attach", args=[matter.number]), {"files": files}, follow=True)
    assert "1 file(s) added." in text(answer)
    assert "假的.jpg" in text(answer)
    assert list(Attachment.objects.values_list("name", flat=True)) == ["现场.jpg"]


def test_a_file_comes_back_harmless(city: SmallCity) -> None:
    matter = opened(city)
    kept = matters.attach(city.actor("liqiang"), matter.number, "现场.jpg", picture())
    answer = at_desk(city, "zhaolei").get(reverse("desk:attachment", args=[kept.pk]))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_is_no_picture_is_saved_and_not_shown(city: SmallCity) -> None:
    matter = opened(city)
    kept = matters.attach(city.actor("liqiang"), matter.number, "合同.pdf", b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n")
    answer = at_desk(city, "zhaolei").get(reverse("desk:attachment", args=[kept.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_party_is_added(city: SmallCity) -> None:
    matter = opened(city)
    client = at_desk(city, "liqiang")
    address = reverse("desk:add_party", args=[matter.number])
    assert client.post(address, {"role": "respondent"}).status_code == 422
    form = {"role": "respondent", "name": "安居物业", "contact": "13900000000", "confidential": "on"}
    assert client.post(address, form).status_code == 302
    party = Party.objects.get(role="respondent")
    assert (party.name, party.contact, party.confidential) == ("安居物业", "13900000000", True)


def test_a_document_is_made_and_opened(city: SmallCity) -> None:
    about = PartyData("respondent", "安居物业")
    matter = answered(city, opened(city, about=about))
    client = at_desk(city, "liqiang")
    made = client.post(reverse("desk:make_paper", args=[matter.number, "answer"]), follow=True)
    assert "has been made." in text(made)
    address = reverse("desk:paper", args=[matter.documents.get().pk])
    assert address in text(made)
    answer = client.get(address)
    assert answer.content[:2] == b"PK"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Entry.objects.filter(stream=matter.stream, kind="document_read").count() == 1


def test_a_document_that_lacks_something_says_what(city: SmallCity) -> None:
    matter = matters.act(city.actor("liqiang"), opened(city).number, "accept")
    client = at_desk(city, "liqiang")
    answer = client.post(reverse("desk:make_paper", args=[matter.number, "answer"]), follow=True)
    assert "This cannot be done yet" in text(answer)


def test_what_could_not_be_delivered_is_told_another_way(city: SmallCity) -> None:
    matter = answered(city, opened(city))
    notice = matter.notices.order_by("pk").first()
    assert notice is not None
    Notice.objects.filter(pk=notice.pk).update(state="failed")
    address = reverse("desk:told", args=[notice.pk])
    assert address in page(city, "sunli", matter)
    assert address not in page(city, "liqiang", matter)
    assert at_desk(city, "sunli").post(address, {"channel": "phone"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.channel) == ("sent", "phone")


def test_the_point_of_a_matter_is_told_to_those_who_see_it(city: SmallCity) -> None:
    matter = opened(city, lon=114.005, lat=35.505)
    address = reverse("desk:matter_point", args=[matter.number])
    feature = at_desk(city, "liqiang").get(address).json()["features"][0]
    assert feature["geometry"]["coordinates"] == [114.005, 35.505]
    assert at_desk(city, "farhandler").get(address).status_code == 404


def test_erased_data_is_gone_from_the_page(city: SmallCity) -> None:
    matter = opened(city)
    Party.objects.filter(matter=matter).update(name="", contact="", erased_at=matter.opened_at)
    Entry.objects.filter(stream=matter.stream).update(words=None)
    shown = page(city, "zhaolei", matter)
    assert "Personal data erased" in shown
    assert "what was written has been erased on time" in shown
