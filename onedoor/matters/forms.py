"""Cleans what somebody filled into a form that a procedure declares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from onedoor.city.models import Category, Unit
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.spans import Span
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters.language import FormField
from onedoor.matters.models import Matter

WORDS = {"text", "long_text"}  # types whose values are erasable words, not hashed facts
LONGEST = {"text": 200, "long_text": 8000}
MOST_ITEMS = 30


def clean(fields: dict[str, FormField], values: dict[str, Any], matter: Matter) -> dict[str, Any]:
    """The values by type, JSON-ready. Raises BadInput naming every field that cannot be taken."""
    cleaned: dict[str, Any] = {}
    errors = [
        FieldError(n, "表单中没有此项", "this form has no such field") for n in values if n not in fields
    ]
    for name, field in fields.items():
        value = values.get(name)
        if value in (None, "", []):
            if field.required:
                errors.append(FieldError(name, f"请填写「{field.zh}」", f"please fill in “{field.en}”"))
            continue
        try:
            cleaned[name] = CLEANERS[field.type](field, value, matter)
        except _Refused as refused:
            errors.append(FieldError(name, *refused.args))
    if errors:
        raise BadInput(errors)
    return cleaned


class _Refused(Exception):
    """args: why, in Chinese and English."""


def _text(field: FormField, value: Any, _: Matter) -> str:
    text, most = str(value).strip(), field.most or LONGEST[field.type]
    if len(text) > most:
        raise _Refused(
            f"最多 {most} 字，现有 {len(text)} 字", f"at most {most} characters; there are {len(text)}"
        )
    if "\x00" in text:
        raise _Refused("含有不可见字符，请删去", "it holds invisible characters; remove them")
    return text


def _choice(field: FormField, value: Any, _: Matter) -> str:
    if value not in field.choices:
        raise _Refused("请从所列各项中选择", "choose one of those listed")
    return str(value)


def _yes_no(_: FormField, value: Any, __: Matter) -> bool:
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "0": False}
    answer = known.get(str(value).lower())
    if answer is None:
        raise _Refused("请填是或否", "say yes or no")
    return answer


def _date(_: FormField, value: Any, __: Matter) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _Refused("日期请写成 2026-11-23", "write the date as 2026-11-23") from None


def _moment(_: FormField, value: Any, __: Matter) -> str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise _Refused("时间请写成 2026-11-23T10:00", "write the time as 2026-11-23T10:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)).isoformat()


def _number(field: FormField, value: Any, _: Matter) -> str:
    try:
        number = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        raise _Refused("请填数字", "write a number") from None
    if not number.is_finite() or number < 0 or (field.most is not None and number > field.most):
        raise _Refused(
            f"应在 0 与 {field.most or '…'} 之间", f"it must lie between 0 and {field.most or '…'}"
        )
    return f"{number:.2f}" if field.type == "money" else format(number, "f")


def _rating(_: FormField, value: Any, __: Matter) -> int:
    if str(value) not in {"1", "2", "3", "4", "5"}:
        raise _Refused("请填 1 至 5", "choose 1 to 5")
    return int(value)


def _span(_: FormField, value: Any, __: Matter) -> str:
    try:
        return str(Span.parse(str(value)))
    except ValueError as error:
        raise _Refused("期限请写成「5个工作日」或「30日」", str(error)) from None


def _unit(_: FormField, value: Any, __: Matter) -> int:
    found = Unit.objects.filter(pk=value if str(value).isdigit() else 0, valid_to=None).values_list(
        "pk", flat=True
    )
    if not found:
        raise _Refused("没有这个单位，请从列表中选择", "there is no such unit; choose from the list")
    return int(found[0])


def _units(field: FormField, value: Any, matter: Matter) -> list[int]:
    items = value if isinstance(value, list) else [value]
    if len(items) > MOST_ITEMS:
        raise _Refused(f"最多 {MOST_ITEMS} 个单位", f"at most {MOST_ITEMS} units")
    return list(dict.fromkeys(_unit(field, item, matter) for item in items))


def _party(_: FormField, value: Any, matter: Matter) -> int:
    if not str(value).isdigit() or not matter.parties.filter(pk=value).exists():
        raise _Refused("请选择本事项的当事人", "choose a party of this matter")
    return int(value)


def _category(_: FormField, value: Any, __: Matter) -> str:
    if not Category.objects.filter(code=value, active=True).exclude(procedure="").exists():
        raise _Refused("没有这个事项分类", "there is no such category")
    return str(value)


def _tasks(field: FormField, value: Any, matter: Matter) -> list[dict[str, Any]]:
    """[{unit, what, span}]: what a meeting or a coordinator gives each unit to do."""
    if (
        not isinstance(value, list)
        or len(value) > MOST_ITEMS
        or not all(isinstance(item, dict) for item in value)
    ):
        raise _Refused("每项任务写明单位、内容和时限", "give each task its unit, what to do and the time")
    tasks = []
    for item in value:
        what = str(item.get("what", "")).strip()[:200]
        if not what:
            raise _Refused("任务内容不能为空", "say what is to be done")
        span = _span(field, item.get("span") or "5 working days", matter)
        tasks.append({"unit": _unit(field, item.get("unit"), matter), "what": what, "span": span})
    return tasks


CLEANERS: dict[str, Callable[[FormField, Any, Matter], Any]] = {
    "text": _text, "long_text": _text, "choice": _choice, "yes_no": _yes_no, "date": _date, "moment": _moment,
    "number": _number, "money": _number, "rating": _rating, "span": _span, "unit": _unit, "units": _units,
    "party": _party, "category": _category, "tasks": _tasks,
}  # fmt: skip
