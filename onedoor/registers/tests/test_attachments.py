"""Files in the fields of records: what they are is told by their bytes, and they go with the rest when it is erased."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from onedoor.kernel import files, time
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound, TooLarge
from onedoor.registers import actions, history, kinds, policies
from onedoor.registers.language import RecordField
from onedoor.registers.models import Record
from onedoor.registers.tests.making import SYSTEM, dog, place
from onedoor.registers.writing import Draft
from tests.support.cities import MORNING
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
WHERE = "photos"


def photo() -> bytes:
    """A picture that says where and by what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x8825] = {1: "N", 2: (35.0, 30.0, 18.0)}
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def attached(city: SmallCity, record: Record, by: str = "zhengjie", name: str = "现场.jpg") -> bytes:
    """The bytes that are kept of a picture."""
    made = actions.attach(city.actor(by), record.number, WHERE, name, photo())
    return files.located(made.path).read_bytes()


def test_a_picture_is_kept_without_where_and_by_what_it_was_taken(city: SmallCity) -> None:
    record = place(city)
    kept = attached(city, record)
    assert b"SecretPhone" in photo()
    assert b"SecretPhone" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    entry = Entry.objects.filter(stream=record.stream).latest("seq")
    assert (entry.kind, entry.body["field"], entry.body["media_type"]) == (
        "record_file_added",
        WHERE,
        "image/jpeg",
    )
    assert "现场" not in str(entry.body)
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("plan.pdf", b"#!/bin/sh\nrm -rf /\n", BadInput),
        ("plan.jpg", b"", BadInput),
        ("plan.jpg", b"x" * (files.MOST_BYTES + 1), TooLarge),
    ],
)
def test_what_is_no_picture_or_paper_is_refused(
    city: SmallCity, name: str, content: bytes, problem: type[Exception]
) -> None:
    record = place(city)
    with pytest.raises(problem):
        actions.attach(city.actor("zhengjie"), record.number, WHERE, name, content)
    assert not record.files.exists()


def test_there_are_only_as_many_as_the_register_says(city: SmallCity) -> None:
    record = place(city)
    most = kinds.current("inspected_place").fields[WHERE].most
    assert most
    for number in range(most):
        attached(city, record, name=f"{number}.jpg")
    with pytest.raises(BadInput, match=f"at most {most} files"):
        attached(city, record)


def test_only_who_keeps_the_record_adds_and_only_where_files_belong(city: SmallCity) -> None:
    record = place(city)
    with pytest.raises(NotAllowed):
        attached(city, record, by="zhoutao")
    with pytest.raises(NotFound):
        attached(city, record, by="farhandler")
    with pytest.raises(NotFound):
        actions.attach(city.actor("zhengjie"), record.number, "name", "a.jpg", photo())
    with pytest.raises(NotFound):
        actions.attach(city.actor("chenmin"), dog(city).number, WHERE, "a.jpg", photo())
    actions.withdraw(city.actor("zhengjie"), record.number, "closed", f"{MORNING:%Y-%m-%d}")
    with pytest.raises(Conflict):
        attached(city, record)


def test_no_form_and_no_table_asks_for_files(city: SmallCity) -> None:
    register = kinds.current("inspected_place")
    assert WHERE in register.papers
    assert WHERE not in register.asked
    record = place(city)
    attached(city, record)
    actions.correct(city.actor("zhengjie"), Draft(dict(record.values), number=record.number))
    assert record.files.count() == 1


def at(city: SmallCity, login: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(city.accounts[login])
    return client


def test_files_are_added_and_opened_on_the_page(city: SmallCity) -> None:
    record, client = place(city), at(city, "zhengjie")
    page, add = (
        reverse("desk:record", args=[record.number]),
        reverse("desk:record_attach", args=[record.number, WHERE]),
    )
    assert "还没有文件" in client.get(page).content.decode()
    sent = [SimpleUploadedFile("门口.jpg", photo()), SimpleUploadedFile("坏.jpg", b"no picture")]
    told = client.post(add, {"files": sent}, follow=True).content.decode()
    assert "门口.jpg" in told
    assert "坏.jpg: " in told
    url = reverse("desk:record_file", args=[record.number, record.files.get().pk])
    opened = client.get(url)
    assert (opened.status_code, opened["Content-Type"], opened["X-Content-Type-Options"]) == (
        200,
        "image/jpeg",
        "nosniff",
    )
    assert add not in at(city, "zhoutao").get(page).content.decode()
    assert at(city, "farhandler").get(url).status_code == 404


def test_a_field_that_is_hidden_hides_its_files(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    record = place(city)
    attached(city, record)
    url = reverse("desk:record_file", args=[record.number, record.files.get().pk])
    assert at(city, "zhoutao").get(url).status_code == 200
    register = kinds.current("inspected_place")
    hidden = RecordField(zh="现场照片", en="Photos", type="attachment", seen_by=["grid_worker"])
    monkeypatch.setitem(register.fields, WHERE, hidden)
    assert not policies.sees(city.actor("zhoutao"), record, WHERE)
    assert at(city, "zhoutao").get(url).status_code == 404
    assert at(city, "zhengjie").get(url).status_code == 200
    [line] = [one for one in history.lines(city.actor("zhoutao"), record) if one["icon"] == "clip"]
    assert line["facts"] == []


@pytest.mark.django_db(transaction=True)
def test_files_are_erased_with_the_rest(city: SmallCity) -> None:
    record = place(city)
    attached(city, record)
    path = files.located(record.files.get().path)
    actions.withdraw(city.actor("zhengjie"), record.number, "closed", f"{MORNING:%Y-%m-%d}")
    with time.at(MORNING + timedelta(days=400)):
        assert actions.erase_due(SYSTEM, after=timedelta(days=365), rule="test") == 1
    assert not path.exists()
    assert record.files.get().name == ""
    assert Entry.objects.filter(stream=record.stream, kind="record_erased").get().body["files"] == 1
    assert list(verify()) == []
