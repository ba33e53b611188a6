"""A third party's file of interviews: one row an interview or an attempt, as `onedoor load` takes files.

Columns: `case` (its own running number), `township` (code or name), `channel`, `outcome`, and one for each question by
its key or by its wording in either language. Answers are option keys, titles or their places (1 …); several are parted
by ; or 、. Without a file for refused rows nothing is taken unless everything can be; loading twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from onedoor.city.loaders import Loaded, Options
from onedoor.city.loaders.columns import Column, Columns
from onedoor.city.loaders.reading import load_table
from onedoor.city.rows import Taken
from onedoor.surveys import policies, queries
from onedoor.surveys.actions import AnswerRow, take_answers
from onedoor.surveys.language import Questionnaire
from onedoor.surveys.models import COUNTER, PHONE, WEB
from onedoor.surveys.rules.sampling import (
    COMPLETE,
    INELIGIBLE,
    NOT_REACHED,
    OTHER,
    PARTIAL,
    REFUSED,
    UNKNOWN,
)

FIXED = (
    Column("case", ("序号", "编号", "问卷编号"), required=True),
    Column("township", ("乡镇", "乡镇街道", "街道", "乡镇代码"), required=True),
    Column("channel", ("方式", "渠道")),
    Column("outcome", ("结果", "访问结果")),
)
SAID = {
    "电话": PHONE, "网络": WEB, "窗口": COUNTER, "完成": COMPLETE, "未完成": PARTIAL, "拒访": REFUSED,
    "无人接听": NOT_REACHED,
    "联系不上": NOT_REACHED, "其他": OTHER, "不明": UNKNOWN, "不合条件": INELIGIBLE,
}  # fmt: skip
_PARTED = re.compile(r"[;；、,，]")


def columns_of(asked: Questionnaire) -> Columns:
    """The columns that a file of this questionnaire may have."""
    questions = [Column(key, (question.zh, question.en)) for key, question in asked.questions.items()]
    return Columns((*FIXED, *questions))


def load_answers(file: Path, options: Options, round_id: int) -> Loaded:
    """Takes a file in. Raises BadInput for a file that is useless, NotFound, NotAllowed, Conflict."""
    asked = queries.asked_in(policies.reach(options.actor, round_id))
    partly = options.rejects is not None
    with transaction.atomic():
        take = partial(_take, round_id=round_id, partly=partly)
        loaded = load_table(file, columns_of(asked), options, partial(_row, asked), take)
        if loaded.refusals and not partly:
            transaction.set_rollback(True)
            loaded.taken = Taken(refused=loaded.taken.refused)
    return loaded


def _take(actor: Any, rows: Any, *, round_id: int, partly: bool) -> Taken:
    return take_answers(actor, round_id, rows, partly=partly)


def _row(asked: Questionnaire, values: Mapping[str, str]) -> AnswerRow:
    def said(name: str, otherwise: str) -> str:
        text = values.get(name, "").strip()
        return SAID.get(text, text.lower()) or otherwise

    answers: dict[str, Any] = {}
    for key, question in asked.questions.items():
        text = values.get(key, "")
        answers[key] = _PARTED.split(text) if question.type == "multiple" else text
    return AnswerRow(
        case=values.get("case", "").strip()[:60],
        township=values.get("township", "").strip(),
        channel=said("channel", PHONE),
        outcome=said("outcome", COMPLETE),
        values=answers,
    )
