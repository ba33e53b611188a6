"""The checklist of an answer in words: what each check says, and what it goes by. Its author alone reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onedoor.matters import procedures
from onedoor.matters.models import Matter
from onedoor.matters.queries import Offer
from onedoor.notices.queries import told_by
from onedoor.triage.replies import Check, checklist

Both = Mapping[str, str]
ENOUGH = 6  # characters from which an answer is looked at
JUDGED_BY = "caller"  # who moves a matter on that awaits the resident's verdict

THERE: dict[str, Both] = {
    "asked": {"zh": "回应了所问", "en": "Takes up what was asked"},
    "substance": {"zh": "写明了情况，不只是收悉、转办", "en": "Says more than received or passed on"},
    "done": {"zh": "写明了谁做了什么", "en": "Says who did what"},
    "date": {"zh": "写明了日期或期限", "en": "Names a date or a period"},
    "rule": {"zh": "写明了依据", "en": "Names the rule it rests on"},
    "contact": {"zh": "写明了还可以找谁", "en": "Says whom to ask further"},
}
LACKING: dict[str, Both] = {
    "asked": {"zh": "还没有回应所问", "en": "Does not take up what was asked yet"},
    "substance": {"zh": "还没有写明情况", "en": "Does not say what was found yet"},
    "done": {"zh": "没有写明谁做了什么", "en": "Does not say who did what"},
    "date": {"zh": "没有日期或期限", "en": "Names no date or period"},
    "rule": {"zh": "没有写明依据", "en": "Names no rule"},
    "contact": {"zh": "没有写还可以找谁", "en": "Does not say whom to ask further"},
}
GOES_BY: dict[str, Both] = {
    "asked": {"zh": "提到了", "en": "It mentions"},
    "substance": {"zh": "例如", "en": "For example"},
    "done": {"zh": "这一句", "en": "In this sentence"},
    "date": {"zh": "写到", "en": "It says"},
    "rule": {"zh": "写到", "en": "It says"},
    "contact": {"zh": "写到", "en": "It says"},
}
ONLY: dict[str, Both] = {
    "substance": {"zh": "目前只有这样的话", "en": "So far only this"},
    "date": {"zh": "只写了", "en": "It only says"},
}
ADVICE: dict[str, Both] = {
    "asked": {"zh": "逐条回应群众问的事。", "en": "Answer point by point what was asked."},
    "substance": {"zh": "写明查到了什么、怎么办的。", "en": "Say what was found and what follows."},
    "done": {"zh": "写明哪个单位做了什么、将做什么。", "en": "Say which unit did what, or will."},
    "date": {
        "zh": "写明哪天办好，或几个工作日内。",
        "en": "Say on which day, or within how many working days.",
    },
    "rule": {
        "zh": "有依据的，写明文件名称和条款；不是每件都需要。",
        "en": "Where there is one, name it and its article; not every answer needs one.",
    },
    "contact": {"zh": "写明还可以问谁、电话多少。", "en": "Name somebody to ask, and a telephone."},
}
NOT_MENTIONED: Both = {"zh": "还没有提到", "en": "Not mentioned yet"}


def field_of(matter: Matter, offer: Offer) -> str:
    """The field of an action in which the resident is answered; empty where it answers nobody.

    That is the long text of an action that tells the residents and after which their verdict is awaited.
    """
    procedure = procedures.of(matter)
    awaited = procedure.states[procedure.target(offer.action, matter.state)].answers
    if awaited != JUDGED_BY or told_by(offer.action) is None:
        return ""
    return next((name for name, field in offer.form.items() if field.type == "long_text"), "")


def checks(matter: Matter, answer: str) -> list[dict[str, Any]]:
    """What an answer says and leaves out, of what was asked in this matter; nothing while it has hardly begun."""
    if len(answer.strip()) < ENOUGH:
        return []
    return [_shown(check) for check in checklist(matter.title, matter.detail, answer)]


def _shown(check: Check) -> dict[str, Any]:
    lead = GOES_BY[check.key] if check.there else ONLY.get(check.key)
    return {
        "key": check.key,
        "there": check.there,
        "title": (THERE if check.there else LACKING)[check.key],
        "lead": lead if check.passages else None,
        "passages": check.passages if lead else (),
        "missing": check.missing[:4] if check.key == "asked" else (),
        "not_mentioned": NOT_MENTIONED,
        "advice": None if check.there else ADVICE[check.key],
    }
