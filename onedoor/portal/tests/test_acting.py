"""What a resident does with her matter: the last word, withdrawing, appealing, adding, writing, sending."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from onedoor.documents import actions as documents
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.matters import actions as matters
from onedoor.matters.models import Attachment, Matter, Verdict
from onedoor.portal.tests.residents import follower, fresh_city, text
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity


@pytest.fixture
def city(db: None) -> SmallCity:
    return fresh_city()


@pytest.fixture
def matter(city: SmallCity) -> Matter:
    return opened(city)


@pytest.fixture
def client(matter: Matter) -> Client:
    return follower(matter)


def send(client: Client, matter: Matter, where: str, **values: str) -> int:
    code = client.post(f"/my/{matter.number}/{where}", values).status_code
    matter.refresh_from_db()
    return code


def sent(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    return SimpleUploadedFile("照片.png", out.getvalue())


class TestVerdict:
    """Solved, or not."""

    @pytest.fixture(autouse=True)
    def _answered(self, city: SmallCity, matter: Matter) -> None:
        answered(city, matter)

    def test_solved_closes_it(self, client: Client, matter: Matter) -> None:
        assert send(client, matter, "verdict/", solved="yes", satisfied="5", reason="谢谢") == 302
        assert (matter.state, matter.is_open) == ("closed", False)
        verdict = Verdict.objects.get()
        assert (verdict.solved, verdict.satisfied, verdict.channel) == (True, 5, "resident")
        assert "您说：已解决" in text(client.get(f"/my/{matter.number}/"))

    def test_not_solved_opens_it_again_one_level_up(self, client: Client, matter: Matter) -> None:
        assert send(client, matter, "verdict/", solved="no", reason="只退了一半") == 302
        assert (matter.state, matter.is_open, matter.level) == ("handling", True, 2)
        assert "只退了一半" in text(client.get(f"/my/{matter.number}/"))

    @pytest.mark.parametrize(
        "values", [{}, {"solved": "maybe"}, {"solved": "no"}, {"solved": "yes", "satisfied": "9"}]
    )
    def test_what_is_no_word_changes_nothing(
        self, client: Client, matter: Matter, values: dict[str, str]
    ) -> None:
        answer = client.post(f"/my/{matter.number}/verdict/", values)
        assert answer.status_code == 422
        assert "error-summary" in text(answer)
        assert not Verdict.objects.exists()

    def test_it_is_asked_once(self, client: Client, matter: Matter) -> None:
        send(client, matter, "verdict/", solved="yes")
        assert send(client, matter, "verdict/", solved="no", reason="反悔") == 409
        assert not matter.is_open

    def test_the_last_of_several_closes_it(self, city: SmallCity, client: Client, matter: Matter) -> None:
        send(client, matter, "verdict/", solved="no", reason="没有")
        other = opened(city, name="另一人")
        matters.join(city.actor("chenmin"), other.number, matter.number)
        matters.act(
            city.actor("liqiang"), matter.number, "answer", {"answer": "再次答复。", "outcome": "solved"}
        )
        assert send(client, matter, "verdict/", solved="yes") == 302
        assert matter.is_open
        waiting = text(client.get(f"/my/{matter.number}/"))
        assert "还在听取其他反映人的意见" in waiting
        assert 'name="solved"' not in waiting
        follower(other).post(f"/my/{other.number}/verdict/", {"solved": "yes"})
        matter.refresh_from_db()
        assert not matter.is_open


def test_a_verdict_is_not_asked_before_the_answer(client: Client, matter: Matter) -> None:
    assert 'name="solved"' not in text(client.get(f"/my/{matter.number}/"))
    assert send(client, matter, "verdict/", solved="yes") == 409


def test_she_may_take_it_back(client: Client, matter: Matter) -> None:
    shown = text(client.get(f"/my/{matter.number}/do/withdraw/"))
    assert "这样做会结束这件事" in shown
    assert send(client, matter, "do/withdraw/", reason="已经私下解决") == 302
    assert matter.state == "withdrawn"


def test_she_adds_what_she_is_asked_for(city: SmallCity, client: Client, matter: Matter) -> None:
    matters.act(city.actor("liqiang"), matter.number, "accept")
    matters.act(city.actor("liqiang"), matter.number, "ask", {"question": "请补充合同照片。"})
    shown = text(client.get(f"/my/{matter.number}/"))
    assert "请补充合同照片。" in shown
    assert 'name="supplement"' in shown
    assert client.post(f"/my/{matter.number}/do/add/", {}).status_code == 422
    assert send(client, matter, "do/add/", supplement="合同已上传") == 302
    assert matter.state == "handling"


def test_she_appeals_while_it_is_time(city: SmallCity, client: Client, matter: Matter) -> None:
    answered(city, matter)
    send(client, matter, "verdict/", solved="yes")
    assert "do/appeal" in text(client.get(f"/my/{matter.number}/"))
    assert send(client, matter, "do/appeal/", reason="又不退了") == 302
    assert matter.is_open
    Matter.objects.filter(pk=matter.pk).update(
        state="closed", is_open=False, closed_at="2025-01-01T00:00+08:00"
    )
    assert "do/appeal" not in text(client.get(f"/my/{matter.number}/"))
    assert send(client, matter, "do/appeal/", reason="太晚") == 404


def test_staff_actions_are_not_hers(client: Client, matter: Matter) -> None:
    for key in ("accept", "answer", "hand_over", "solved", "no_such"):
        assert client.get(f"/my/{matter.number}/do/{key}/").status_code == 404


def test_a_message_stands_in_the_history(client: Client, matter: Matter) -> None:
    assert send(client, matter, "message/", text="上午请别打电话") == 302
    assert Entry.objects.get(stream=matter.stream, kind="noted").by_kind == "resident"
    assert "上午请别打电话" in text(client.get(f"/my/{matter.number}/"))
    assert client.post(f"/my/{matter.number}/message/", {"text": " "}).status_code == 422


def test_files_are_added_and_read_by_her_alone(city: SmallCity, client: Client, matter: Matter) -> None:
    client.post(f"/my/{matter.number}/files/", {"photos": picture()})
    own, other = Attachment.objects.get(), opened(city)
    staff = matters.attach(city.actor("liqiang"), matter.number, "内部.pdf", b"%PDF-1.4\n%%EOF")
    assert follower(other).get(f"/my/{other.number}/files/{own.pk}/").status_code == 404
    assert client.get(f"/my/{matter.number}/files/{staff.pk}/").status_code == 404
    answer = client.get(f"/my/{matter.number}/files/{own.pk}/")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "private, no-store"
    answer.close()


@pytest.mark.parametrize("content", [b"MZ no picture", b""])
def test_a_file_that_is_none_is_refused(client: Client, matter: Matter, content: bytes) -> None:
    sent = {"photos": SimpleUploadedFile("x.jpg", content)}
    assert client.post(f"/my/{matter.number}/files/", sent).status_code == 422
    assert not Attachment.objects.exists()


def test_her_papers(city: SmallCity, client: Client, matter: Matter) -> None:
    receipt = client.post(f"/my/{matter.number}/papers/new/receipt/")
    assert sent(receipt)[:2] == b"PK"
    answered(city, matter)
    made = documents.render(city.actor("liqiang"), matter.number, "answer")
    assert made.document
    assert f"/papers/{made.document.pk}/" in text(client.get(f"/my/{matter.number}/"))
    paper = client.get(f"/my/{matter.number}/papers/{made.document.pk}/")
    assert sent(paper)[:2] == b"PK"
    other = opened(city)
    assert follower(other).get(f"/my/{other.number}/papers/{made.document.pk}/").status_code == 404


def test_a_joined_filing_gives_no_paper_of_the_master(city: SmallCity, matter: Matter) -> None:
    answered(city, matter)
    made = documents.render(city.actor("liqiang"), matter.number, "answer")
    assert made.document
    hers = opened(city)
    Matter.objects.filter(pk=hers.pk).update(master=matter, state="joined", is_open=False)
    client = follower(hers)
    assert "/papers/" + str(made.document.pk) not in text(client.get(f"/my/{hers.number}/"))
    assert client.get(f"/my/{hers.number}/papers/{made.document.pk}/").status_code == 403


def test_looking_costs_few_statements(
    city: SmallCity, client: Client, matter: Matter, django_assert_max_num_queries: object
) -> None:
    answered(city, matter)
    client.get(f"/my/{matter.number}/")
    with django_assert_max_num_queries(34):  # type: ignore[operator]
        assert client.get(f"/my/{matter.number}/").status_code == 200


def test_an_action_is_the_residents_own(city: SmallCity, matter: Matter) -> None:
    answered(city, matter)
    matters.give_verdict(Actor.resident(matter.number), True, {})
    assert Entry.objects.filter(stream=matter.stream, kind="acted").latest("pk").by_kind == "resident"
