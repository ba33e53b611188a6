"""An interview by its questionnaire: from what was sent to the answers that count. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.redaction import redact
from onedoor.kernel.texts import one_line
from onedoor.surveys.language import CHOSEN, END, MOST_TEXT, Question, Questionnaire
from onedoor.surveys.soundness import passable

Values = dict[str, Any]


def answered(asked: Questionnaire, sent: Mapping[str, Any]) -> Values:
    """The answers on the way that the skip rules lead; what was sent beside that way is left out.

    Options are keys, several of them a list, numbers are numbers, texts are one line without what tells who somebody
    is. Raises BadInput with every question that is missing or cannot be so answered.
    """
    found: Values = {}
    errors: list[FieldError] = []
    key = asked.first
    while key != END:
        question = asked.questions[key]
        try:
            value = _read(question, sent.get(key))
        except ValueError as error:
            zh, en = error.args
            errors.append(FieldError(key, zh, en))
            value = None
            if question.skip:
                break  # what comes next is not known
        if value not in (None, [], ""):
            found[key] = value
        key = asked.following(key, value if question.type in CHOSEN else None)
    if errors:
        raise BadInput(errors)
    return found


def _read(question: Question, sent: Any) -> Any:
    """The value of one answer; None where none was given and none is needed. ValueError(zh, en)."""
    given = [
        text for one in (sent if isinstance(sent, list) else [sent]) if (text := one_line(str(one or "")))
    ]
    if not given:
        if question.required:
            raise ValueError("请作答", "please answer")
        return None
    if question.type == "text":
        return redact(given[0][:MOST_TEXT])
    if question.type == "number":
        return _number(question, given[0])
    chosen = [_option(question, text) for text in given]
    if question.type == "multiple":
        return list(dict.fromkeys(chosen))
    if len(chosen) > 1:
        raise ValueError("只选一项", "choose one")
    return chosen[0]


def _number(question: Question, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not question.least <= value <= question.most:
        raise ValueError(
            f"应为 {question.least} 至 {question.most} 的数",
            f"a number from {question.least} to {question.most}",
        )
    return int(value) if value.is_integer() else value


def _option(question: Question, text: str) -> str:
    """The key of an option given by key, by either title, or by its place (1 …), as third parties code them."""
    keys = list(question.options)
    if text in keys:
        return text
    if text.isdecimal() and 1 <= int(text) <= len(keys):
        return keys[int(text) - 1]
    for key, option in question.options.items():
        if text.casefold() in (option.zh.casefold(), option.en.casefold()):
            return key
    listed = "、".join(option.zh for option in question.options.values())
    raise ValueError(f"没有选项「{text[:40]}」，可选：{listed}", f"{text[:40]!r} is not among the answers")


def fields(asked: Questionnaire) -> list[dict[str, Any]]:
    """The questionnaire as a form, as `kernel.fields` draws it. What a skip rule may pass over is not forced."""
    passed = passable(asked)
    kinds = {
        "single": "choice",
        "scale": "choice",
        "yes_no": "choice",
        "multiple": "choices",
        "text": "long_text",
    }
    return [
        {
            "name": key,
            "kind": kinds.get(question.type, question.type),
            "label": question.title,
            "required": question.required and key not in passed,
            "options": {name: option.title for name, option in question.options.items()} or None,
            "max": MOST_TEXT if question.type == "text" else None,
            "rows": 2,
        }
        for key, question in asked.questions.items()
    ]


def skips(asked: Questionnaire) -> dict[str, Any]:
    """The skip rules as the page's script takes them: {order: […], skip: {question: {answer: question}}}."""
    return {
        "order": list(asked.questions),
        "skip": {key: question.skip for key, question in asked.questions.items() if question.skip},
    }


def split(data: Any, keys: Sequence[str]) -> dict[str, Any]:
    """What a browser sent (a QueryDict) for these questions."""
    return {key: data.getlist(key) for key in keys if key in data}
