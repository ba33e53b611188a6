"""A round from opening to publication, and who may do what in it."""

from __future__ import annotations

import pytest

from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from onedoor.surveys import actions, figures, policies, queries
from onedoor.surveys.models import Answer, Code, Mark, QuestionnaireVersion, Stratum, Tally
from onedoor.surveys.tests import rounds
from onedoor.surveys.tests.rounds import SAFE, SYSTEM, UNSAFE
from tests.support.smallcity import SmallCity

pytest_plugins = ["onedoor.surveys.tests.rounds"]


def test_the_sample_is_in_proportion_and_the_same_plan_is_the_same_round(surveyed: SmallCity) -> None:
    held = rounds.opened()
    targets = [one.stratum.target for one in queries.progress(held)]
    assert targets == [10, 20, 30, 40]
    assert rounds.opened() == held
    with pytest.raises(Conflict):
        rounds.opened(size=120)


def test_a_round_keeps_its_version(surveyed: SmallCity) -> None:
    held = rounds.opened()
    version = held.questionnaire
    QuestionnaireVersion.objects.create(
        key=version.key,
        version=2,
        digest="x",
        definition=version.definition,
        published_at=version.published_at,
    )
    held.refresh_from_db()
    assert held.questionnaire.version == 1
    assert rounds.opened(period="2027-H1").questionnaire.version == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"house": "419801-police"}, "house"),
        ({"house": "nobody"}, "house"),
        ({"size": 3}, "size"),
        ({"frame": {"419801001": 0}}, "frame"),
        ({"allocation": {"419801001": 10}}, "size"),
        ({"shares": {"young": 0.5}}, "shares"),
        ({"period": " "}, "period"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    surveyed: SmallCity, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(BadInput) as problem:
        rounds.opened(**changes)
    assert [error.field for error in problem.value.errors] == [field]


def test_who_is_judged_neither_opens_nor_asks(surveyed: SmallCity) -> None:
    """A supervisor opens; one who also serves with the police does not. So with the interviewer."""
    held = actions.open_round(surveyed.actor("zhoutao"), rounds.plan())
    interviewer = surveyed.actor("linjing")
    assert policies.may_ask(interviewer, held, queries.asked_in(held))
    with pytest.raises(NotAllowed):
        actions.open_round(rounds.also_police(surveyed, "zhoutao"), rounds.plan(period="2027-H1"))
    with pytest.raises(NotAllowed):
        actions.draw_case(rounds.also_police(surveyed, "linjing"), held.pk)


def test_what_each_role_may(surveyed: SmallCity) -> None:
    """The supervisor sees and steers, the auditor sees, the handler knows nothing of it, the interviewer asks."""
    held = rounds.opened()
    for login, sees in (
        ("zhoutao", 1),
        ("hean", 1),
        ("linjing", 1),
        ("zhaolei", 1),
        ("liqiang", 0),
        ("chenmin", 0),
    ):
        assert policies.visible(surveyed.actor(login)).count() == sees, login
    stratum = held.strata.first()
    assert stratum is not None
    for login in ("zhoutao", "hean"):
        with pytest.raises(NotAllowed):
            actions.take_answer(surveyed.actor(login), held.pk, stratum.pk, SAFE, "k")
    with pytest.raises(NotFound):
        actions.draw_case(surveyed.actor("liqiang"), held.pk)
    for login in ("hean", "linjing"):
        with pytest.raises(NotAllowed):
            actions.close(surveyed.actor(login), held.pk)


def test_a_call_from_the_draw_to_the_answer(surveyed: SmallCity) -> None:
    held, linjing = rounds.opened(), surveyed.actor("linjing")
    first, second = actions.draw_case(linjing, held.pk), actions.draw_case(linjing, held.pk)
    assert first is not None
    assert second is not None
    assert first.township == second.township == "419801001"
    assert first.place != second.place
    actions.record_attempt(linjing, held.pk, first.stratum_id, "refused")
    for _ in range(2):  # sent twice: counted once
        actions.take_answer(linjing, held.pk, second.stratum_id, UNSAFE, "key-1")
    assert queries.response(held) == {"outcomes": {"refused": 1, "complete": 1}, "complete": 1, "rate": 0.5}
    assert Answer.objects.get().values == UNSAFE
    after = actions.draw_case(linjing, held.pk)
    assert after is not None
    assert after.township == "419801002", "the quota furthest behind comes next"


def test_nothing_leads_from_an_answer_to_anybody(surveyed: SmallCity) -> None:
    """No number, code, account or moment beside an answer; no answer in the log; a telephone in a text is hidden."""
    held, linjing = rounds.opened(), surveyed.actor("linjing")
    [issued, *_] = actions.issue_codes(SYSTEM, held.pk, 4)
    actions.answer_by_code(issued.code.lower(), SAFE | {"wish": "路灯坏了，打13812345678找我"}, "key-web")
    stratum = held.strata.first()
    assert stratum is not None
    actions.take_answer(linjing, held.pk, stratum.pk, UNSAFE, "key-tel")
    assert {field.name for field in Answer._meta.get_fields()} == {"id", "stratum", "channel", "values"}
    assert queries.texts(held, ["wish"]) == {"wish": ["路灯坏了，打〔电话〕找我"]}
    logged = "".join(str((e.body, e.words)) for e in Entry.objects.filter(stream=held.stream))
    assert not any(word in logged for word in ("unsafe", "路灯", issued.code, "key-", "1381234"))
    assert not Code.objects.filter(digest=queries.code_digest(issued.code)).exists()
    actions.close(SYSTEM, held.pk)
    assert (Code.objects.count(), Mark.objects.count()) == (0, 0)


def test_a_code_opens_once(surveyed: SmallCity) -> None:
    held = rounds.opened()
    issued = actions.issue_codes(SYSTEM, held.pk, 10)
    assert len({one.code for one in issued}) == 10
    code = issued[0].code
    with pytest.raises(BadInput):
        actions.answer_by_code(code, {"age": "young"}, "k1")
    for _ in range(2):
        actions.answer_by_code(code, SAFE, "k1")
    with pytest.raises(queries.UnknownCode):
        actions.answer_by_code(code, SAFE, "k2")
    assert Answer.objects.count() == 1
    actions.close(SYSTEM, held.pk)
    assert Tally.objects.filter(channel="web", outcome="unknown").count() > 0
    assert queries.response(held)["rate"] == 0.1
    with pytest.raises(queries.UnknownCode):
        queries.by_code(issued[1].code)


def test_figures_when_it_closes(surveyed: SmallCity) -> None:
    held = rounds.opened(size=200)
    assert actions.take_answers(SYSTEM, held.pk, rounds.rows(held)).added == 200
    assert actions.take_answers(SYSTEM, held.pk, rounds.rows(held)).same == 200
    held = actions.close(SYSTEM, held.pk)
    found = queries.headline(held)
    assert found is not None
    raw = Answer.objects.filter(stratum__round=held, values__safe="safe").count() / 200
    assert found.value == pytest.approx(raw, abs=1e-6), "in proportion: the weights are equal"
    assert found.low < found.value < found.high
    told = {place["code"]: place["answers"] for place in held.figures["places"]}
    assert told == {
        "419801": 60, "419801001": None, "419801002": None, "419802": 140, "419802001": 60, "419802002": 80,
    }  # fmt: skip
    with pytest.raises(Conflict):
        actions.take_answer(SYSTEM, held.pk, Stratum.objects.first().pk, SAFE, "late")  # type: ignore[union-attr]


def test_known_shares_of_ages_move_the_figure(surveyed: SmallCity) -> None:
    shares = {"young": 0.2, "middle": 0.2, "old": 0.6}
    held = rounds.opened(shares=shares)
    actions.take_answers(SYSTEM, held.pk, rounds.rows(held))
    held = actions.close(SYSTEM, held.pk)
    found = queries.headline(held)
    assert found is not None
    # every old one feels unsafe, every young one safe; nobody of middle age answered
    assert found.value == pytest.approx(0.25)
    assert held.figures["effect"] > 1.5


def test_rounds_are_compared_and_chance_is_told_apart(surveyed: SmallCity) -> None:
    for period, day, safe in (
        ("2025-H2", "2025-12-15", 0.7),
        ("2026-H1", "2026-06-15", 0.95),
        ("2026-H2", "2026-12-15", 0.95),
    ):
        held = rounds.opened(period=period, begins=day, ends=day, size=400)
        held.refresh_from_db()
        actions.take_answers(SYSTEM, held.pk, rounds.rows(held, safe=safe, seed=len(period) + int(period[3])))
        actions.close(SYSTEM, held.pk)
        actions.publish_figures(SYSTEM, held.pk)
    steps = queries.comparison(held, public=True)
    assert [step.since.significant if step.since else None for step in steps] == [None, True, False]


def test_everything_is_in_the_log_and_holds(surveyed: SmallCity) -> None:
    held = rounds.opened()
    actions.issue_codes(SYSTEM, held.pk, 3)
    actions.take_answers(SYSTEM, held.pk, rounds.rows(held))
    with pytest.raises(Conflict):
        actions.publish_figures(SYSTEM, held.pk)
    for _ in range(2):
        actions.close(SYSTEM, held.pk)
        actions.publish_figures(SYSTEM, held.pk)
    kinds = list(Entry.objects.filter(stream=held.stream).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["round_opened", "codes_issued", "answers_imported", "round_closed", "round_published"]
    assert list(verify()) == []
    sealed = Entry.objects.get(stream=held.stream, kind="round_closed").body["digest"]
    assert figures.seal(held) == sealed
    changed = Answer.objects.filter(stratum__round=held).first()
    assert changed is not None
    Answer.objects.filter(pk=changed.pk).update(values=UNSAFE | {"night": "yes"})
    assert figures.seal(held) != sealed
