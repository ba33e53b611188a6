"""Changes to surveys: `rounds` are opened, closed and published; `answers` come in, one by one or as a file."""

from onedoor.surveys.actions.answers import (
    AnswerRow,
    answer_by_code,
    draw_case,
    record_attempt,
    take_answer,
    take_answers,
)
from onedoor.surveys.actions.rounds import (
    LEAST,
    Plan,
    close,
    issue_codes,
    open_round,
    publish,
    publish_figures,
)

__all__ = [
    "LEAST",
    "AnswerRow",
    "Plan",
    "answer_by_code",
    "close",
    "draw_case",
    "issue_codes",
    "open_round",
    "publish",
    "publish_figures",
    "record_attempt",
    "take_answer",
    "take_answers",
]
