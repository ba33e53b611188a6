"""What a form field needs to be shown: its declaration joined with what was typed and what was wrong.

A declaration is a mapping, or an object such as a procedure's form field. Read from it, as far as it has them:
`name`, `kind` (or `type`), `label` (or `title`), `help`, `required`, `options` (or `choices`), `value`, `unit`,
`min`, `max` (or `most`), `rows`, `accept`, `multiple`, `placeholder`, `autocomplete`, `url`, `map`. Whatever is
shown may be bilingual. Pure: no Django.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from onedoor.kernel.spans import both
from onedoor.kernel.wording import pick

# kind → how it is shown; what is typed is the same for all that share a control.
CONTROLS = {
    "text": "input", "date": "input", "moment": "input", "money": "input", "number": "input", "phone": "input",
    "code": "input", "password": "input", "long_text": "area", "choice": "one", "unit": "one", "party": "one",
    "filing": "one", "category": "one", "span": "span", "yes_no": "one", "choices": "many", "units": "many",
    "rating": "scale", "file": "file", "place": "place", "lookup": "lookup", "tasks": "tasks", "rows": "rows",
    "hidden": "hidden",
}  # fmt: skip
RADIO_LIMIT = 5  # more options than this are a drop-down list
PICK_LIMIT = 12  # more units or categories than this are a list that is narrowed by typing: they begin alike
PICKED = ("unit", "category")
NONE = {"value": "", "label": {"zh": "不选", "en": "None of them"}}
INPUT_TYPES = {"date": "date", "moment": "datetime-local", "phone": "tel", "password": "password"}
INPUT_MODES = {"money": "decimal", "number": "decimal", "phone": "tel"}
CARRIED = ("min", "rows", "accept", "multiple", "autocomplete", "url", "map")
SAID = ("help", "placeholder", "unit")
YES_NO = {"yes": {"zh": "是", "en": "Yes"}, "no": {"zh": "否", "en": "No"}}
RATING = {
    "5": {"zh": "很满意", "en": "Very satisfied"},
    "4": {"zh": "满意", "en": "Satisfied"},
    "3": {"zh": "一般", "en": "So-so"},
    "2": {"zh": "不满意", "en": "Dissatisfied"},
    "1": {"zh": "很不满意", "en": "Very dissatisfied"},
}
USUAL_SPANS = ("24 hours", "48 hours", "1 working day", "3 working days", "5 working days", "7 working days",
               "10 working days", "15 working days", "30 days")  # fmt: skip
TASK_ROWS = 3  # how many empty lines a list of tasks begins with
TASK_PARTS = ("unit", "what", "span")
ROWS = 2  # how many empty lines a field of rows begins with


def read(source: Any, *names: str) -> Any:
    """The first of `names` that a mapping or an object has, None where it has none of them."""
    for name in names:
        value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
        if value is not None:
            return value
    return None


def kind_of(field: Any) -> str:
    """The field's kind; ValueError where it has no control."""
    kind = read(field, "kind", "type") or "text"
    if kind not in CONTROLS:
        raise ValueError(f"field {read(field, 'name')!r} is of kind {kind!r}; known: {', '.join(CONTROLS)}")
    return str(kind)


def options(declared: Any, chosen: Iterable[str], language: str) -> list[dict[str, Any]]:
    """Options as [{value, label, hint, chosen}].

    `declared` may be a mapping {value: label}, or a list of values, of (value, label) pairs, or of mappings or
    objects with `value` (or `key`), `label` (or `title`) and perhaps `hint`.
    """
    wanted = set(chosen)
    listed = declared.items() if isinstance(declared, Mapping) else declared or ()
    return [
        {
            "value": str(value),
            "label": pick(label, language),
            "hint": pick(hint, language),
            "chosen": str(value) in wanted,
        }
        for value, label, hint in map(_option, listed)
    ]


def _option(option: Any) -> tuple[Any, Any, Any]:
    if isinstance(option, str | int):
        return option, str(option), None
    if isinstance(option, tuple | list):
        return option[0], option[1], None
    return read(option, "value", "key"), read(option, "label", "title"), read(option, "hint")


def span_words(text: Any, language: str) -> str:
    """A time limit as a person writes it in the page's language; as it was typed where it cannot be read."""
    return pick(both(str(text)), language)


def usual_spans(language: str) -> list[str]:
    """The time limits that are offered while one is typed; any other may be written."""
    return [span_words(text, language) for text in USUAL_SPANS]


def id_of(name: str, under: str = "") -> str:
    """The id of a field's control; `under` is the word of its form where a page has several."""
    return f"f-{under}-{name}" if under else f"f-{name}"


def error_of(name: str, errors: Any, language: str) -> str:
    """What was wrong with one field. `errors` is a mapping name → text, or a list of `FieldError`
    or of mappings {field, zh, en}."""
    return " ".join(line["text"] for line in summary(errors, {}, language) if line["field"] == name)


def summary(errors: Any, labels: Mapping[str, str], language: str) -> list[dict[str, str]]:
    """All that was wrong, for the head of a form: [{field, label, text}], in the order given."""
    if isinstance(errors, Mapping):
        pairs = [(field, pick(text, language)) for field, text in errors.items()]
    else:
        pairs = [(str(read(error, "field") or ""), pick(error, language)) for error in errors or ()]
    return [{"field": field, "label": labels.get(field, ""), "text": text} for field, text in pairs if text]


def facts(field: Any, values: Any, errors: Any, language: str, name: str = "") -> dict[str, Any]:
    """Everything the `field` component shows. `name` is for declarations that do not carry their own."""
    kind, name = kind_of(field), name or str(read(field, "name"))
    value = _value(field, name, values)
    if kind == "span" and value:
        value = span_words(value, language)
    shown = options(_declared(field, kind), _chosen(value), language)
    control = _control(kind, len(shown))
    if control == "pick" and not read(field, "required"):
        shown = options([NONE], _chosen(value) or [""], language) + shown
    return {
        **{key: read(field, key) for key in CARRIED},
        **{key: pick(read(field, key), language) for key in SAID},
        "name": name,
        "kind": kind,
        "control": control,
        "narrowed": control in ("pick", "many") and len(shown) > PICK_LIMIT,
        "label": pick(read(field, "label", "title"), language),
        "required": bool(read(field, "required")),
        "max": read(field, "max", "most"),
        "value": value,
        "lon": read(values, "lon"),
        "lat": read(values, "lat"),
        "error": error_of(name, errors, language),
        "options": shown,
        "task_rows": _task_rows(value, language) if control == "tasks" else (),
        "lines": _lines(field, value, language) if control == "rows" else (),
        "fixed": read(field, "above") is not None,
        "spans": usual_spans(language) if control in ("span", "tasks") else (),
        "type": INPUT_TYPES.get(kind, "text"),
        "mode": INPUT_MODES.get(kind, ""),
    }


def _control(kind: str, count: int) -> str:
    """How a kind is shown: one of few as radio buttons, of more as a drop-down list, of many as a list to narrow."""
    control = CONTROLS[kind]
    if control != "one" or not count:
        return control
    if count <= RADIO_LIMIT:
        return "radios"
    return "pick" if kind in PICKED and count > PICK_LIMIT else "one"


def _declared(field: Any, kind: str) -> Any:
    given = read(field, "options", "choices")
    fixed = {"yes_no": YES_NO, "rating": RATING}
    return given or fixed.get(kind, ())


def _value(field: Any, name: str, values: Any) -> Any:
    many = CONTROLS[kind_of(field)] in ("many", "tasks", "rows")
    typed = values.getlist(name) if many and hasattr(values, "getlist") else read(values, name)
    return read(field, "value") if typed is None else typed


def _chosen(value: Any) -> list[str]:
    held = value if isinstance(value, list | tuple | set) else [] if value is None else [value]
    return [("yes" if one else "no") if isinstance(one, bool) else str(one) for one in held]


def _task_rows(value: Any, language: str) -> list[dict[str, Any]]:
    filled = value if isinstance(value, list) else []
    empty: dict[str, Any] = {}
    rows = [*filled, *[empty] * max(1, TASK_ROWS - len(filled))]
    return [
        {part: row.get(part, "") for part in TASK_PARTS}
        | {"span": span_words(row.get("span") or "", language)}
        for row in rows
    ]


def _lines(field: Any, value: Any, language: str) -> list[dict[str, Any]]:
    """The lines of a field of rows: what each answers (`above`, [(label, text)] a line), and its cells."""
    held, above = value if isinstance(value, list) else [], read(field, "above")
    count = max(len(held) + (not held), ROWS) if above is None else len(above)
    return [
        {
            "above": [(pick(label, language), pick(text, language)) for label, text in above[at]]
            if above
            else (),
            "cells": [
                _cell(name, column, held[at].get(name) if at < len(held) else None, language)
                for name, column in (read(field, "columns") or {}).items()
            ],
        }
        for at in range(count)
    ]


def _cell(name: str, column: Any, value: Any, language: str) -> dict[str, Any]:
    kind = kind_of(column)
    return {
        "name": name,
        "label": pick(read(column, "label", "title"), language),
        "control": "area" if kind == "long_text" else "one" if CONTROLS[kind] == "one" else "input",
        "value": "" if value is None else value,
        "options": options(_declared(column, kind), _chosen(value), language),
        "type": INPUT_TYPES.get(kind, "text"),
        "mode": INPUT_MODES.get(kind, ""),
        "max": read(column, "most")
        if CONTROLS[kind] in ("input", "area") and kind not in INPUT_MODES
        else None,
    }


def typed(form: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """What was sent for the fields of a procedure's form, shaped as `matters.actions.act` takes it.

    `data` is a request's POST. Lists stay lists, tasks become [{unit, what, span}], blank fields are left out.
    """
    values: dict[str, Any] = {}
    for name, field in form.items():
        control = CONTROLS[kind_of(field)]
        if control == "tasks":
            sent: Any = task_lines(data, name)
        elif control == "rows":
            sent = row_lines(data, name, field)
        elif control == "many":
            sent = [one for one in data.getlist(name) if one]
        else:
            sent = data.get(name, "").strip()
        if sent:
            values[name] = sent
    return values


def task_lines(data: Any, name: str) -> list[dict[str, str]]:
    """The filled lines of a list of tasks, sent as `<name>-<line>-<part>`."""
    return [line for line in _sent_lines(data, name, TASK_PARTS) if line.get("what")]


def row_lines(data: Any, name: str, field: Any) -> list[dict[str, str]]:
    """The lines of a field of rows; those with nothing in them too where each answers one above it."""
    lines = _sent_lines(data, name, tuple(read(field, "columns") or ()))
    every = read(field, "answers") is not None and any(map(any, (line.values() for line in lines)))
    return [line for line in lines if every or any(line.values())]


def _sent_lines(data: Any, name: str, parts: tuple[str, ...]) -> list[dict[str, str]]:
    shape = re.compile(rf"{re.escape(name)}-(\d+)-({'|'.join(map(re.escape, parts))})")
    lines: dict[int, dict[str, str]] = {}
    for key in data:
        if found := shape.fullmatch(key):
            lines.setdefault(int(found[1]), {})[found[2]] = data.get(key).strip()
    return [line for _, line in sorted(lines.items())]
