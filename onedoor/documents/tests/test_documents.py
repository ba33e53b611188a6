"""Documents say what the matter's history holds, are numbered and sealed, and show when they were altered."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import docx
import pytest

from onedoor.documents import actions, queries, storage
from onedoor.documents.models import Document
from onedoor.kernel import files, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound, NotNow
from onedoor.kernel.sealing import query_code, seal
from onedoor.matters import actions as matters
from onedoor.matters import policies
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter, Reading
from tests.support.cities import MORNING
from tests.support.filings import PHONE, answered, opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
AGREEMENT: dict[str, Any] = {
    "kind": "written",
    "facts": "3月5日交纳押金3000元。\n装修完工后未退还。",
    "duties": "物业公司应当退还。",
    "content": "一次性退还押金。",
    "amount": "3000.50",
    "term": "15 days",
}


@pytest.fixture
def mediating(city: SmallCity) -> Matter:
    """A dispute of 刘娟 with a property company, both willing, in mediation."""
    return in_mediation(city, filed(city))


def filed(city: SmallCity, *, about: PartyData | None = None, confidential: bool = False) -> Matter:
    """A dispute with a property company that the mediation room has."""
    about = about or PartyData("respondent", "幸福里物业公司", "0392-3312345")
    return opened(city, unit="419801-mediation_room", about=about, confidential=confidential)


def in_mediation(city: SmallCity, matter: Matter) -> Matter:
    """The matter, taken up and brought to mediation with everybody's consent."""
    mediator = city.actor("wangfang")
    matters.act(mediator, matter.number, "accept")
    matters.act(mediator, matter.number, "offer_mediation")
    for party in matter.parties.all():
        matters.act(mediator, matter.number, "say_willing", {"party": party.pk, "stance": "agree"})
    begun = {"mediator": "王芳", "chosen_by": "parties", "open": "no"}
    return matters.act(mediator, matter.number, "begin_mediation", begun)


def text_of(content: bytes) -> str:
    """All paragraphs of a .docx, those of its tables first."""
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in paper.paragraphs)])


def agreed(city: SmallCity, matter: Matter, **values: str) -> Document:
    """The agreement that the mediator's action makes."""
    matters.act(city.actor("wangfang"), matter.number, "reach_agreement", AGREEMENT | values)
    return queries.of_matter(matter).first() or pytest.fail("no document was made")


def content_of(document: Document) -> bytes:
    return storage.fetch(document.path) or pytest.fail("its file cannot be read")


def test_an_agreement_has_what_the_law_names(city: SmallCity, mediating: Matter) -> None:
    document = agreed(city, mediating)
    text = text_of(content_of(document))
    assert document.number == "东河调字〔2026〕1号"
    for part in (
        "人民调解协议书", "东河调字〔2026〕1号", "刘娟", PHONE, "幸福里物业公司", "0392-3312345",
        "3月5日交纳押金3000元。", "装修完工后未退还。", "物业公司应当退还。", "一次性退还押金。",
        "3,000.50元（人民币叁仟元伍角整）", "自协议生效之日起15日内履行完毕", "（王芳）",
        "申请人（签名、盖章或按指印）", "被申请人（签名、盖章或按指印）", "人民调解委员会印章",
        "三十日内共同向人民法院申请司法确认",
    ):  # fmt: skip
        assert part in text
    assert "由人民调解员记录在案" not in text


def test_an_oral_agreement_takes_effect_when_it_is_reached(city: SmallCity, mediating: Matter) -> None:
    text = text_of(content_of(agreed(city, mediating, kind="oral")))
    assert "自各方当事人达成协议之日起生效" in text
    assert "并加盖人民调解委员会印章之日起生效" not in text


def test_what_people_write_is_never_read_as_a_template(city: SmallCity, mediating: Matter) -> None:
    wicked = '{{ 7*7 }} {% for x in y %}{{ matter.__class__ }} {_{ }_} <w:br/> & "引号" \'\x07\x0c'
    paper = content_of(agreed(city, mediating, duties=wicked))
    text = text_of(paper)
    assert "{{ 7*7 }} {% for x in y %}{{ matter.__class__ }}" in text
    assert "49" not in text
    assert '<w:br/> & "引号" \'' in text
    assert ZipFile(io.BytesIO(paper)).testzip() is None


def test_a_fields_lines_are_paragraphs_of_the_same_form(city: SmallCity, mediating: Matter) -> None:
    paper = docx.Document(io.BytesIO(content_of(agreed(city, mediating))))
    first, second = (p for p in paper.paragraphs if p.text in AGREEMENT["facts"].split("\n"))
    assert [p.style.name for p in (first, second) if p.style] == ["正文缩进"] * 2


def test_made_again_it_is_a_new_version_under_its_number(city: SmallCity, mediating: Matter) -> None:
    first = agreed(city, mediating)
    paper = actions.render(city.actor("wangfang"), mediating.number, "mediation_agreement")
    assert (paper.number, paper.version) == (first.number, 2)
    assert text_of(paper.content) == text_of(content_of(first))
    other = in_mediation(city, filed(city))
    assert agreed(city, other).number == "东河调字〔2026〕2号"
    assert list(verify()) == []


def test_numbers_begin_again_with_the_year(city: SmallCity, mediating: Matter) -> None:
    agreed(city, mediating)
    with time.at(MORNING + timedelta(days=60)):
        assert agreed(city, in_mediation(city, filed(city))).number == "东河调字〔2027〕1号"


def test_every_reading_of_sealed_data_is_logged(city: SmallCity, mediating: Matter) -> None:
    agreed(city, mediating)
    read = Entry.objects.filter(stream=mediating.stream, kind="contact_read")
    assert [entry.body["party"] for entry in read] == list(
        mediating.parties.order_by("role").values_list("pk", flat=True)
    )
    assert {entry.words["purpose"] for entry in read if entry.words} == {"制作文书：人民调解协议书"}
    assert Reading.objects.filter(account=city.accounts["wangfang"]).count() == 2
    acted = Entry.objects.filter(stream=mediating.stream, kind="acted").latest("seq")
    [line] = acted.body["done"]["documents"]
    assert line["sha256"] == Document.objects.get().sha256


def test_who_is_confidential_stays_blank(city: SmallCity) -> None:
    matter = in_mediation(
        city, filed(city, confidential=True, about=PartyData("respondent", "幸福里物业公司"))
    )
    text = text_of(content_of(agreed(city, matter)))
    assert "刘娟" not in text
    assert PHONE not in text
    assert "幸福里物业公司" in text
    assert Entry.objects.filter(stream=matter.stream, kind="contact_read").count() == 1


def test_a_unit_in_dispute_is_shown_by_its_name(city: SmallCity) -> None:
    about = PartyData("respondent", unit_id=city.units["419801-education"].pk)
    matter = in_mediation(city, filed(city, about=about))
    assert city.units["419801-education"].name in text_of(content_of(agreed(city, matter)))


def test_files_are_sealed_and_an_alteration_shows(city: SmallCity, mediating: Matter) -> None:
    document = agreed(city, mediating)
    target = files.located(document.path)
    assert document.path.startswith("documents/")
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.read_text("ascii").startswith("s1.")
    assert queries.content(document)
    kept = target.read_text("ascii")
    target.write_text(seal("UEs="), "ascii")  # another content, properly sealed
    assert queries.content(document) is None
    with pytest.raises(Conflict):
        actions.read(city.actor("wangfang"), document.pk)
    assert [finding.what for finding in verify()] == ["document"]
    target.unlink()
    assert [finding.en for finding in verify()] == [
        f"the document's file is gone or was altered: {document.number}"
    ]
    target.write_text(kept, "ascii")
    assert list(verify()) == []


def test_a_row_that_no_longer_is_what_the_log_says_shows(city: SmallCity, mediating: Matter) -> None:
    document = agreed(city, mediating)
    Document.objects.filter(pk=document.pk).update(sha256="0" * 64)
    assert [finding.zh for finding in verify()] == [f"文书与履历不符：{document.number}"]


def test_who_may_open_it(city: SmallCity, mediating: Matter) -> None:
    document = agreed(city, mediating)
    for login in ("wangfang", "zhaolei"):
        assert actions.read(city.actor(login), document.pk)[1] == content_of(document)
    opened_by = Entry.objects.filter(stream=mediating.stream, kind="document_read").values_list(
        "by_account", flat=True
    )
    assert set(opened_by) == {city.accounts[login].pk for login in ("wangfang", "zhaolei")}
    reached = policies.reach(Actor.resident(mediating.number), mediating.number)
    assert queries.readable(Actor.resident(mediating.number), reached) == [document]
    offered = queries.offers(city.actor("wangfang"), policies.reach(city.actor("wangfang"), mediating.number))
    assert {template.document for template in offered} == {
        "answer",
        "confirmation_application",
        "mediation_agreement",
        "minutes",
    }
    with pytest.raises(NotAllowed):
        actions.read(city.actor("sunli"), document.pk)
    with pytest.raises(NotFound):
        actions.read(city.actor("farhandler"), document.pk)
    with pytest.raises(NotFound):
        actions.read(city.actor("wangfang"), document.pk + 1)


def test_erased_on_time_the_file_goes_and_its_number_stays(city: SmallCity) -> None:
    matter = answered(city, opened(city))
    actions.render(city.actor("liqiang"), matter.number, "answer")
    document = Document.objects.get()
    matters.give_verdict(Actor.resident(matter.number), True, {})
    with time.at(MORNING + timedelta(days=400)):
        assert matters.erase_due(Actor.system("test"), after=timedelta(days=365), rule="test") == 1
    document.refresh_from_db()
    assert not files.located(document.path).exists()
    assert (document.erased_at is not None, document.number) == (True, "东河复〔2026〕1号")
    assert queries.readable(city.actor("liqiang"), matter) == []
    with pytest.raises(NotFound):
        actions.read(city.actor("liqiang"), document.pk)
    assert list(verify()) == []


def test_an_answer_is_addressed_to_who_reported_it_and_hers_alone(city: SmallCity) -> None:
    master, joined = opened(city), opened(city, name="何梅")
    matters.join(city.actor("zhaolei"), joined.number, master.number)
    answered(city, master)
    actions.render(city.actor("liqiang"), master.number, "answer")
    document, content = actions.read(Actor.resident(master.number), Document.objects.get().pk)
    text = text_of(content)
    assert "刘娟：" in text
    assert "已经退还押金。依据物业管理条例。" in text
    assert "办理结果：已解决。" in text
    with pytest.raises(NotAllowed):
        actions.read(Actor.resident(joined.number), document.pk)
    with pytest.raises(NotAllowed):
        actions.render(Actor.resident(master.number), master.number, "answer")


def test_what_is_missing_is_said(city: SmallCity, mediating: Matter) -> None:
    mediator = city.actor("wangfang")
    with pytest.raises(NotNow, match="the document still lacks: Form of agreement"):
        actions.render(mediator, mediating.number, "mediation_agreement")
    with pytest.raises(NotNow, match="make the document “People's mediation agreement” first"):
        actions.render(mediator, mediating.number, "confirmation_application")
    with pytest.raises(NotFound):
        actions.render(mediator, mediating.number, "certificate_of_nobility")
    assert not Document.objects.exists()


def test_the_court_is_asked_with_the_agreements_number(city: SmallCity, mediating: Matter) -> None:
    agreement = agreed(city, mediating)
    mediator, number = city.actor("wangfang"), mediating.number
    for party in mediating.parties.all():
        matters.act(mediator, number, "sign", {"party": party.pk, "stance": "signed"})
    matters.act(mediator, number, "mediator_signs", {"mediator_signed": "yes"})
    matters.act(mediator, number, "set_seal", {"sealed": "yes"})
    matters.act(mediator, number, "take_effect")
    with pytest.raises(BadInput):
        matters.act(mediator, number, "apply_confirmation", {})
    matters.act(
        mediator, number, "apply_confirmation", {"court": "东河区人民法院", "confirmation": "applied"}
    )
    text = text_of(content_of(queries.of_matter(mediating)[0]))
    assert f"《人民调解协议书》（{agreement.number}）" in text
    assert "东河区人民法院" in text
    assert "第2申请人（签名、盖章或按指印）" in text


def test_a_receipt_holds_the_code_and_no_copy_stays(city: SmallCity) -> None:
    matter = opened(city)
    paper = actions.render(city.actor("chenmin"), matter.number, "receipt")
    code = query_code(matter.number)
    assert f"{code[:4]}-{code[4:]}" in text_of(paper.content)
    assert matter.number in text_of(paper.content)
    assert paper.document is None
    assert not Document.objects.exists()
    printed = Entry.objects.filter(stream=matter.stream, kind="rendered").get()
    assert printed.body["template"] == "receipt"
    assert code not in str(printed.body)


def test_the_code_is_given_out_by_staff_at_the_door_alone(city: SmallCity) -> None:
    matter, clerk = opened(city), city.actor("chenmin")
    with pytest.raises(NotAllowed):
        actions.render(city.actor("liqiang"), matter.number, "receipt")
    matters.act(city.actor("liqiang"), matter.number, "accept")
    with pytest.raises(NotAllowed):
        actions.render(clerk, matter.number, "receipt")
    assert actions.render(Actor.resident(matter.number), matter.number, "receipt").content
    joined = opened(city, name="何梅")
    matters.join(city.actor("zhaolei"), joined.number, matter.number)
    with pytest.raises(NotAllowed):
        actions.render(Actor.resident(joined.number), matter.number, "receipt")
