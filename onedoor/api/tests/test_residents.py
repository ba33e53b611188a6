"""A resident files, follows, adds, judges, appeals: with number and code, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from onedoor.api.tests.calling import DEPOSIT, MANHOLE, V1, Caller, Calls, Receipt, refused, taken
from onedoor.intake.rules import LONGEST
from onedoor.kernel import limits
from onedoor.kernel.sealing import query_code
from onedoor.matters.models import Matter, Party
from tests.support.smallcity import SmallCity

pytest_plugins = ["onedoor.api.tests.calling"]


def follow(caller: Caller, receipt: Receipt) -> Any:
    return taken(caller.get(f"/matters/{receipt['number']}", code=receipt["code"]))


def answered(call: Calls, receipt: Receipt) -> None:
    """The housing department accepts and answers."""
    housing, where = call("liqiang"), f"/matters/{receipt['number']}/actions/"
    housing.took(where + "accept")
    housing.took(where + "answer", values={"answer": "押金已退回。", "outcome": "solved"})


def test_filing_gives_a_receipt_with_who_answers_and_by_when(call: Calls) -> None:
    receipt = call().took("/matters", **MANHOLE)
    assert receipt["code"] == query_code(receipt["number"])
    assert receipt["place"]["code"] == "419801001001001"
    assert receipt["answer_due"]
    assert receipt["suggestions"][0]["why"]["zh"]
    matter = Matter.objects.get(number=receipt["number"])
    assert (matter.channel, matter.lon) == ("api", 114.005)
    assert Party.objects.get(matter=matter).contact == "13800000001"


def test_a_stranger_hears_of_filings_alike_but_not_their_numbers(call: Calls, receipt: Receipt) -> None:
    again = call().took("/matters", **DEPOSIT | {"contact": "13900000002"})
    assert [one["number"] for one in again["alike"]] == [None]
    assert again["alike"][0]["metres"] == 0
    by_clerk = call("chenmin").took("/matters", **DEPOSIT | {"contact": "13900000003", "channel": "counter"})
    assert receipt["number"] in {one["number"] for one in by_clerk["alike"]}


def test_the_same_key_gives_the_same_matter(call: Calls) -> None:
    first = call().took("/matters", **DEPOSIT, key="a")
    again = taken(
        call().client.post(
            f"{V1}/matters", DEPOSIT, content_type="application/json", headers={"Idempotency-Key": "a"}
        )
    )
    assert (again["number"], again["code"], again["repeated"]) == (first["number"], first["code"], True)
    assert refused(call().post("/matters", **MANHOLE, key="a"), 409)["problem"] == "key_reused"
    other = call("chenmin").took("/matters", **DEPOSIT, key="a")  # another caller's keys are another's
    assert other["number"] != first["number"]


@pytest.mark.parametrize("more", [{"channel": "counter"}, {"staff_only": True}])
def test_only_staff_say_how_it_came(call: Calls, more: dict[str, Any]) -> None:
    assert refused(call().post("/matters", **DEPOSIT | more), 400)["fields"][0]["field"] == "channel"
    assert call("chenmin").took("/matters", **DEPOSIT | more)["number"]


def test_a_point_of_a_consumer_map_is_brought_home(call: Calls) -> None:
    receipt = call().took("/matters", **MANHOLE | {"lon": 114.011, "lat": 35.504, "datum": "gcj02"})
    matter = Matter.objects.get(number=receipt["number"])
    assert matter.lon is not None
    assert 0.003 < 114.011 - matter.lon < 0.01


def test_whoever_is_complained_of_does_not_answer(call: Calls) -> None:
    receipt = call().took("/matters", **DEPOSIT | {"about_unit": "419801-housing"})
    assert receipt["unit"]["code"] != "419801-housing"
    missing = refused(call("liqiang").get(f"/matters/{receipt['number']}"), 404)
    assert missing["problem"] == "not_found"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"detail": "", "title": ""}, "detail"),
        ({"detail": "长" * (LONGEST["detail"] + 1)}, "detail"),
        ({"lon": 35.505, "lat": 114.005}, "lon"),
        ({"lat": None}, "lon"),
        ({"datum": "beijing54"}, "datum"),
        ({"category": "no.such"}, "category"),
        ({"category": "property"}, "category"),
        ({"division_code": "000"}, "division_code"),
        ({"about_unit": "nobody"}, "about_unit"),
        ({"colour": "red"}, "colour"),
        ({"detail": "a\0b"}, "detail"),
        ({"confidential": "perhaps"}, "confidential"),
        ({"lon": "east"}, "lon"),
    ],
)
def test_what_cannot_be_taken_is_named_in_both_languages(
    call: Calls, wrong: dict[str, Any], field: str
) -> None:
    problem = refused(call().post("/matters", **DEPOSIT | wrong), 400)
    told = {one["field"]: one for one in problem["fields"]}
    assert field in told
    assert told[field]["zh"]
    assert told[field]["en"]
    assert not Matter.objects.exists()


def test_a_body_that_is_no_json_is_refused(call: Calls) -> None:
    for body in (b"{", b"[]", b"\xff\xfe", b"null", b"1"):
        response = call().client.post(f"{V1}/matters", body, content_type="application/json")
        assert refused(response, 400)["problem"] == "bad_input"


def test_a_body_that_is_too_large_is_refused(call: Calls, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert refused(call().post("/matters", detail="长" * 900), 413)["problem"] == "too_large"


def test_her_page_shows_what_was_done_and_what_she_may_do(call: Calls, receipt: Receipt) -> None:
    page = follow(call(), receipt)
    assert page["detail"] == DEPOSIT["detail"]
    assert page["can"] == ["withdraw"]
    assert [line["title"]["en"] for line in page["lines"]] == ["Taken in"]
    assert page["lines"][0]["words"] == []
    answered(call, receipt)
    page = follow(call(), receipt)
    assert page["can"] == ["verdict", "withdraw"]
    assert ["押金已退回。"] in [line["words"] for line in page["lines"]]
    assert len(page["notices"]) == 2
    assert page["answer_due"] is None
    assert page["yours_until"]


def test_the_code_may_come_in_a_header_that_no_log_keeps(call: Calls, receipt: Receipt) -> None:
    code = {"X-Query-Code": receipt["code"].lower()}
    assert (
        taken(call().client.get(f"{V1}/matters/{receipt['number']}", headers=code))["number"]
        == receipt["number"]
    )


def test_her_solved_closes_it(call: Calls, receipt: Receipt) -> None:
    answered(call, receipt)
    page = call().took(
        f"/matters/{receipt['number']}/verdict", code=receipt["code"], solved=True, satisfied=5
    )
    assert page["open"] is False
    assert page["can"] == ["appeal"]


def test_her_not_solved_opens_it_again_a_level_higher(call: Calls, receipt: Receipt) -> None:
    answered(call, receipt)
    where, code = f"/matters/{receipt['number']}/verdict", receipt["code"]
    assert refused(call().post(where, code=code, solved=False), 400)["fields"][0]["field"] == "reason"
    page = call().took(where, code=code, solved=False, reason="钱还没到账")
    assert page["open"] is True
    matter = Matter.objects.get(number=receipt["number"])
    assert (matter.times_reopened, matter.level) == (1, 2)


def test_nothing_is_asked_before_the_answer(call: Calls, receipt: Receipt) -> None:
    where = f"/matters/{receipt['number']}/verdict"
    assert refused(call().post(where, code=receipt["code"], solved=True), 409)["problem"] == "conflict"


def test_she_appeals_once_it_is_closed(call: Calls, receipt: Receipt) -> None:
    answered(call, receipt)
    call().took(f"/matters/{receipt['number']}/verdict", code=receipt["code"], solved=True)
    page = call().took(f"/matters/{receipt['number']}/appeal", code=receipt["code"], reason="又反悔了")
    assert page["open"] is True


def test_what_she_adds_is_noted_and_answers_what_was_asked(call: Calls, receipt: Receipt) -> None:
    housing, where = call("liqiang"), f"/matters/{receipt['number']}"
    call().took(f"{where}/supplement", code=receipt["code"], text="有收据。")
    housing.took(f"{where}/actions/accept")
    housing.took(f"{where}/actions/ask", values={"question": "收据照片？"})
    asked = follow(call(), receipt)
    assert "supplement" in asked["can"]
    assert ["收据照片？"] in [line["words"] for line in asked["lines"]]
    page = call().took(f"{where}/supplement", code=receipt["code"], text="已发。")
    assert "supplement" not in page["can"]
    assert Matter.objects.get(number=receipt["number"]).state == "handling"


def test_what_passes_between_units_stays_between_them(call: Calls, receipt: Receipt) -> None:
    where = f"/matters/{receipt['number']}"
    call("liqiang").took(f"{where}/actions/object", values={"reason": "不归我们管"})
    call("chenmin").took(f"{where}/notes", text="内部备注")
    call("zhaolei").took(f"{where}/actions/urge", values={"reason": "请尽快"})
    page = follow(call(), receipt)
    assert [line["title"]["en"] for line in page["lines"]] == ["Taken in"]
    for inside in ("不归我们管", "内部备注", "请尽快"):
        assert inside not in str(page)


def test_she_takes_it_back(call: Calls, receipt: Receipt) -> None:
    page = call().took(f"/matters/{receipt['number']}/withdraw", code=receipt["code"])
    assert page["open"] is False


def test_one_of_several_reporters_follows_the_master_but_reads_only_her_own_words(
    call: Calls, receipt: Receipt
) -> None:
    second = call().took(
        "/matters", **DEPOSIT | {"detail": "押金一直不退，我是二期的。", "contact": "13900000002"}
    )
    call("chenmin").took(f"/matters/{second['number']}/join", master=receipt["number"])
    page = follow(call(), second)
    assert page["joined"] is True
    assert page["detail"] == "押金一直不退，我是二期的。"
    assert DEPOSIT["detail"] not in str(page)
    call("liqiang").took(f"/matters/{receipt['number']}/actions/accept")
    call("liqiang").took(
        f"/matters/{receipt['number']}/actions/ask", values={"question": "13912345678 是您的电话吗？"}
    )
    assert "13912345678" not in str(follow(call(), second))
    assert "13912345678" in str(follow(call(), receipt))
    call().took(f"/matters/{receipt['number']}/supplement", code=receipt["code"], text="是的")
    assert "是的" not in str(follow(call(), second))
    assert "withdraw" not in page["can"]
    taking_back = call().post(f"/matters/{second['number']}/withdraw", code=second["code"])
    assert refused(taking_back, 409)["problem"] == "conflict"
    assert Matter.objects.get(number=receipt["number"]).is_open
    answer = {"answer": "押金已退回。", "outcome": "solved"}
    call("liqiang").took(f"/matters/{receipt['number']}/actions/answer", values=answer)
    call().took(f"/matters/{second['number']}/verdict", code=second["code"], solved=True)
    assert Matter.objects.get(number=receipt["number"]).is_open  # the first reporter has not spoken
    call().took(f"/matters/{receipt['number']}/verdict", code=receipt["code"], solved=True)
    assert not Matter.objects.get(number=receipt["number"]).is_open


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


def send(caller: Caller, receipt: Receipt, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("../井盖.exe", content, content_type="application/x-evil")
    return caller.client.post(f"{V1}/matters/{receipt['number']}/attachments", {"file": file, **more})


def test_a_picture_is_kept_under_a_harmless_name(call: Calls, receipt: Receipt) -> None:
    kept = taken(send(call(), receipt, PIXEL, code=receipt["code"]))
    assert (kept["name"], kept["media_type"]) == ("井盖.png", "image/png")
    where = f"/matters/{receipt['number']}/attachments/{kept['id']}"
    response = call("liqiang").get(where)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert refused(call("farhandler").get(where), 404)


def test_what_is_no_picture_is_refused(call: Calls, receipt: Receipt) -> None:
    assert (
        refused(send(call(), receipt, b"MZ\x90\0" * 50, code=receipt["code"]), 400)["fields"][0]["field"]
        == "file"
    )


def test_a_file_needs_the_code_or_a_post(call: Calls, receipt: Receipt) -> None:
    assert refused(send(call(), receipt, PIXEL), 404)
    assert refused(send(call(), receipt, PIXEL, code="23456789"), 404)["problem"] == "wrong_code"
    assert taken(send(call("liqiang"), receipt, PIXEL))["size"]


@pytest.mark.parametrize("step", ["verdict", "withdraw", "supplement", "appeal"])
def test_a_wrong_code_opens_nothing_and_soon_nothing_at_all(call: Calls, receipt: Receipt, step: str) -> None:
    body = (
        {"solved": True} if step == "verdict" else {"text": "x"} if step == "supplement" else {"reason": "x"}
    )
    where = f"/matters/{receipt['number']}/{step}"
    for _ in range(limits.CODE_BY_VISITOR.most):
        assert refused(call().post(where, code="23456789", **body), 404)["problem"] == "wrong_code"
    late = call().post(where, code=receipt["code"], **body)
    assert refused(late, 429)["problem"] == "too_many"
    assert int(late["Retry-After"]) > 0


def test_filings_from_one_address_are_limited(
    call: Calls, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILING_BY_VISITOR", limits.Limit("filing by visitor", 2, 60))
    stranger = call()
    for _ in range(2):
        stranger.took("/matters", **DEPOSIT)
    assert refused(stranger.post("/matters", **DEPOSIT), 429)
    assert call("chenmin").took("/matters", **DEPOSIT)
