"""Form fields: their declarations, what was typed, what was wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict

from onedoor.kernel import fields
from onedoor.kernel.problems import FieldError

OPTIONS_IN_EVERY_SHAPE = [
    {"a": {"zh": "甲", "en": "A"}},
    [("a", {"zh": "甲", "en": "A"})],
    [{"value": "a", "label": {"zh": "甲", "en": "A"}}],
    [{"key": "a", "title": {"zh": "甲", "en": "A"}}],
    [SimpleNamespace(value="a", label=SimpleNamespace(zh="甲", en="A"))],
]


@pytest.mark.parametrize("declared", OPTIONS_IN_EVERY_SHAPE)
def test_options_may_be_declared_in_any_of_these_shapes(declared: Any) -> None:
    assert fields.options(declared, ["a"], "zh") == [
        {"value": "a", "label": "甲", "hint": "", "chosen": True}
    ]


def test_a_field_of_a_procedure_is_understood() -> None:
    declared = SimpleNamespace(type="choice", zh="方式", en="Manner", required=True,
                               choices={"oral": SimpleNamespace(zh="口头", en="Oral")})  # fmt: skip
    shown = fields.facts(declared, None, None, "en", "manner")
    assert (shown["name"], shown["control"], shown["required"]) == ("manner", "radios", True)
    assert shown["options"][0]["label"] == "Oral"


def test_many_options_are_a_drop_down_list() -> None:
    few, many = ([str(i) for i in range(count)] for count in (fields.RADIO_LIMIT, fields.RADIO_LIMIT + 1))
    controls = [
        fields.facts({"name": "x", "kind": "choice", "options": o}, None, None, "en")["control"]
        for o in (few, many)
    ]
    assert controls == ["radios", "one"]


def test_many_units_are_a_list_to_narrow() -> None:
    units = [str(i) for i in range(fields.PICK_LIMIT + 1)]
    shown = fields.facts({"name": "x", "kind": "unit", "required": True, "options": units}, None, None, "en")
    assert (shown["control"], shown["narrowed"], len(shown["options"])) == ("pick", True, len(units))
    optional = fields.facts({"name": "x", "kind": "unit", "options": units}, {"x": "3"}, None, "en")
    assert [o["value"] for o in optional["options"] if o["chosen"]] == ["3"]
    assert optional["options"][0]["value"] == ""


def test_what_was_typed_comes_back() -> None:
    declared = {"name": "units", "kind": "units", "options": ["a", "b", "c"], "value": ["c"]}
    chosen = [
        o["value"]
        for o in fields.facts(declared, QueryDict("units=a&units=b"), None, "en")["options"]
        if o["chosen"]
    ]
    assert chosen == ["a", "b"]
    assert fields.facts(declared, None, None, "en")["options"][2]["chosen"]


def test_a_boolean_is_yes_or_no() -> None:
    shown = fields.facts({"name": "x", "kind": "yes_no", "value": False}, None, None, "zh")
    assert [(o["label"], o["chosen"]) for o in shown["options"]] == [("是", False), ("否", True)]


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        ("12 working days", "zh-hans", "12个工作日"),
        ("15日", "en", "15 days"),
        ("soon", "zh", "soon"),  # what cannot be read stays as it was typed, to be mended
        (None, "zh", None),
    ],
)
def test_a_time_limit_is_written_freely_and_shown_in_the_page_s_language(
    value: str | None, language: str, shown: str | None
) -> None:
    facts = fields.facts({"name": "x", "kind": "span", "value": value}, None, None, language)
    assert (facts["control"], facts["value"]) == ("span", shown)
    assert ("7个工作日" if language.startswith("zh") else "7 working days") in facts["spans"]


def test_errors_find_their_field_in_either_shape() -> None:
    listed = [FieldError("phone", "应为 11 位", "11 digits"), FieldError("name", "请填写", "please fill in")]
    assert fields.error_of("phone", listed, "zh") == "应为 11 位"
    assert fields.error_of("phone", {"phone": {"zh": "应为 11 位", "en": "11 digits"}}, "en") == "11 digits"
    assert fields.error_of("other", listed, "en") == ""


def test_the_summary_keeps_the_order_and_names_the_fields() -> None:
    listed = [FieldError("phone", "应为 11 位", "11 digits")]
    assert fields.summary(listed, {"phone": "手机号"}, "zh") == [
        {"field": "phone", "label": "手机号", "text": "应为 11 位"}
    ]


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="colour"):
        fields.facts({"name": "x", "kind": "colour"}, None, None, "en")


def test_what_was_sent_is_shaped_for_an_action() -> None:
    form = {
        "reason": {"kind": "text"},
        "who": {"kind": "units"},
        "todo": {"kind": "tasks"},
        "due": {"kind": "span"},
    }
    sent = QueryDict(
        "reason=+late+&who=1&who=2&due=&todo-0-unit=4&todo-0-what=look&todo-0-span=3+working+days"
        "&todo-1-unit=&todo-1-what=&todo-2-unit=5&todo-2-what=+pay+&todo-x-what=no"
    )
    assert fields.typed(form, sent) == {
        "reason": "late",
        "who": ["1", "2"],
        "todo": [
            {"unit": "4", "what": "look", "span": "3 working days"},
            {"unit": "5", "what": "pay"},
        ],
    }


def test_tasks_come_back_with_a_line_to_spare() -> None:
    typed = {"todo": [{"unit": "4", "what": str(i), "span": ""} for i in range(5)]}
    rows = fields.facts({"name": "todo", "kind": "tasks"}, typed, None, "en")["task_rows"]
    assert [row["what"] for row in rows] == ["0", "1", "2", "3", "4", ""]
    typed["todo"][0]["span"] = "3 working days"
    rows = fields.facts({"name": "todo", "kind": "tasks"}, typed, None, "zh")["task_rows"]
    assert [row["span"] for row in rows[:2]] == ["3个工作日", ""]
