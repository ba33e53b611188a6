"""Cleans what somebody filled into a form that a procedure declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from onedoor.city.queries import directory
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.spans import Span
from onedoor.kernel.statements import ask
from onedoor.kernel.texts import tidy
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters.language import WORDS as WRITTEN
from onedoor.matters.language import Column, FormField
from onedoor.matters.models import Matter
from onedoor.matters.tables import latest

PARTY = "SELECT 1 FROM matters_party WHERE id = %s AND matter_id = %s"
WORDS = frozenset(WRITTEN)  # types whose values are erasable words, not hashed facts
LONGEST = {"text": 200, "long_text": 8000}
MOST_ITEMS = 30
LISTS = ("units", "tasks", "rows")
LARGEST = Decimal(10) ** 15
Day = TypeVar("Day", bound=date)
Cleaner = Callable[[Any, Any, Any], Any]  # (field, value, matter)
Cleaners = dict[str, Cleaner]
FINEST = -6  # decimal places that a number may have, as an exponent


def clean(
    fields: Mapping[str, Any],
    values: Mapping[str, Any],
    matter: Matter | None = None,
    more: Cleaners | None = None,
) -> dict[str, Any]:
    """The values by type, JSON-ready. Raises BadInput naming every field that cannot be taken.

    `fields` are declarations such as a procedure's; `more` cleans the types that only others than procedures have.
    Without a matter no field may be of a type that speaks of one (party, filing).
    """
    cleaners = CLEANERS | (more or {})
    cleaned: dict[str, Any] = {}
    errors = [
        FieldError(n, "表单中没有此项", "this form has no such field") for n in values if n not in fields
    ]
    for name, field in fields.items():
        try:
            made = _cleaned(cleaners[field.type], field, values.get(name), matter)
        except Refused as refused:
            errors.append(FieldError(name, *refused.args))
            continue
        if made is not None:
            cleaned[name] = made
        elif field.required:
            errors.append(FieldError(name, f"请填写「{field.zh}」", f"please fill in “{field.en}”"))
    if errors:
        raise BadInput(errors)
    return cleaned


class Refused(Exception):
    """args: why, in Chinese and English."""


def _cleaned(cleaner: Cleaner, field: Any, value: Any, matter: Matter | None) -> Any:
    """The value by its type; None where nothing was filled in."""
    if isinstance(value, str):
        value = tidy(value)
    if value in (None, "", []):
        return None
    if isinstance(value, dict) or (isinstance(value, list) and field.type not in LISTS):
        raise Refused("只能填一个值", "give a single value")
    return cleaner(field, value, matter)


def _text(field: FormField, value: Any, _: Matter) -> str:
    text, most = str(value), field.most or LONGEST[field.type]
    if len(text) > most:
        raise Refused(
            f"最多 {most} 字，现有 {len(text)} 字", f"at most {most} characters; there are {len(text)}"
        )
    return text


def _choice(field: FormField, value: Any, _: Matter) -> str:
    if str(value) not in field.choices:
        raise Refused("请从所列各项中选择", "choose one of those listed")
    return str(value)


def _yes_no(_: FormField, value: Any, __: Matter) -> bool:
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "0": False}
    answer = known.get(str(value).lower())
    if answer is None:
        raise Refused("请填是或否", "say yes or no")
    return answer


def _date(_: FormField, value: Any, __: Matter) -> str:
    try:
        return _in_our_time(date.fromisoformat(str(value))).isoformat()
    except ValueError:
        raise Refused("日期请写成 2026-11-23", "write the date as 2026-11-23") from None


def _moment(_: FormField, value: Any, __: Matter) -> str:
    try:
        moment = _in_our_time(datetime.fromisoformat(str(value)))
    except ValueError:
        raise Refused("时间请写成 2026-11-23T10:00", "write the time as 2026-11-23T10:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)).isoformat()


def _in_our_time(day: Day) -> Day:
    """The day itself. Raises ValueError for one that nobody who files can mean, and that no time zone could move."""
    if not 1900 <= day.year < 2200:
        raise ValueError(day)
    return day


def _number(field: FormField, value: Any, _: Matter) -> str:
    try:
        number = Decimal(str(value).replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise Refused("请填数字", "write a number") from None
    most = LARGEST if field.most is None else Decimal(field.most)
    if not (number.is_finite() and 0 <= number <= most):
        raise Refused(f"应在 0 与 {most:f} 之间", f"it must lie between 0 and {most:f}")
    if number.as_tuple().exponent < FINEST:  # type: ignore[operator]  # finite, so it is a number
        raise Refused("最多六位小数", "at most six decimal places")
    return f"{number:.2f}" if field.type == "money" else f"{number:f}"


def _rating(_: FormField, value: Any, __: Matter) -> int:
    if str(value) not in {"1", "2", "3", "4", "5"}:
        raise Refused("请填 1 至 5", "choose 1 to 5")
    return int(value)


def _span(field: FormField, value: Any, _: Matter) -> str:
    return str(_within(field, _parsed(value)))


def _parsed(value: Any) -> Span:
    try:
        return Span.parse(str(value))
    except ValueError as error:
        told = error.errors[0] if isinstance(error, BadInput) else FieldError("", "期限读不懂", str(error))
        raise Refused(told.zh, told.en) from None


def _within(field: FormField, span: Span) -> Span:
    """The span, no longer than the field allows. Spans of different units cannot be held against each other."""
    if field.longest is None:
        return span
    most = Span.parse(field.longest)
    if span.unit != most.unit or span.amount > most.amount:
        raise Refused(f"最多{most.text('zh')}，请用同样的单位", f"at most {most}, in the same unit")
    return span


def _id(value: Any) -> int:
    """A row's id as forms send it; 0, which no row has, for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def _unit(_: FormField, value: Any, __: Matter) -> int:
    if _id(value) not in directory().units:
        raise Refused("没有这个单位，请从列表中选择", "there is no such unit; choose from the list")
    return _id(value)


def _units(field: FormField, value: Any, matter: Matter) -> list[int]:
    items = value if isinstance(value, list) else [value]
    if len(items) > MOST_ITEMS:
        raise Refused(f"最多 {MOST_ITEMS} 个单位", f"at most {MOST_ITEMS} units")
    return list(dict.fromkeys(_unit(field, item, matter) for item in items))


def _party(_: FormField, value: Any, matter: Matter) -> int:
    if not ask(PARTY, _id(value), matter.pk):
        raise Refused("请选择本事项的当事人", "choose a party of this matter")
    return _id(value)


def _category(_: FormField, value: Any, __: Matter) -> str:
    category = directory().categories.get(str(value))
    if category is None or not category.procedure:
        raise Refused("没有这个事项分类", "there is no such category")
    return category.code


def _filing(_: FormField, value: Any, matter: Matter) -> str:
    """The number of the matter itself or of a filing joined to it."""
    if str(value) != matter.number and not matter.joined.filter(number=value).exists():
        raise Refused("请选择本事项或并入它的一件反映", "choose this matter or a filing joined to it")
    return str(value)


def _tasks(field: FormField, value: Any, matter: Matter) -> list[dict[str, Any]]:
    """[{unit, what, span}]: what a meeting or a coordinator gives each unit to do."""
    listed = isinstance(value, list) and len(value) <= MOST_ITEMS
    if not listed or not all(isinstance(item, dict) for item in value):
        raise Refused("每项任务写明单位、内容和时限", "give each task its unit, what to do and the time")
    return [_task(field, item, matter) for item in value]


def _task(field: FormField, item: dict[str, Any], matter: Matter) -> dict[str, Any]:
    what = tidy(str(item.get("what") or ""))
    if not 0 < len(what) <= LONGEST["text"]:
        most = LONGEST["text"]
        raise Refused(f"每项任务写 1 至 {most} 字", f"write 1 to {most} characters for each task")
    span = str(_parsed(item.get("span") or "5 working days"))
    return {"unit": _unit(field, item.get("unit"), matter), "what": what, "span": span}


def _rows(field: FormField, value: Any, matter: Matter) -> list[dict[str, Any]]:
    """[{column: cell}]: as many as the rows that they answer, where they answer any."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused("请逐条填写", "fill it in row by row")
    most = field.most or MOST_ITEMS
    if len(value) > most:
        raise Refused(f"最多 {most} 条", f"at most {most} rows")
    if field.answers:
        asked = len(latest(matter, field.answers))
        if len(value) != asked:
            raise Refused(
                f"须逐条对应：应有 {asked} 条，现有 {len(value)} 条",
                f"one row for each of the {asked} above; there are {len(value)}",
            )
    return [_row(field, number, item, matter) for number, item in enumerate(value, start=1)]


def _row(field: FormField, number: int, item: dict[str, Any], matter: Matter) -> dict[str, Any]:
    if unknown := sorted(map(str, item.keys() - field.columns.keys())):
        raise Refused(f"第 {number} 条没有「{unknown[0]}」这一项", f"row {number} has no cell “{unknown[0]}”")
    cells = {name: _cell(column, number, item.get(name), matter) for name, column in field.columns.items()}
    return {name: cell for name, cell in cells.items() if cell is not None}


def _cell(column: Column, number: int, value: Any, matter: Matter) -> Any:
    try:
        made = _cleaned(CLEANERS[column.type], column, value, matter)
    except Refused as refused:
        zh, en = refused.args
        raise Refused(f"第 {number} 条「{column.zh}」：{zh}", f"row {number}, “{column.en}”: {en}") from None
    if made is None and column.required:
        raise Refused(f"请填写第 {number} 条的「{column.zh}」", f"fill in “{column.en}” of row {number}")
    return made


CLEANERS: Cleaners = {
    "text": _text, "long_text": _text, "choice": _choice, "yes_no": _yes_no, "date": _date, "moment": _moment,
    "number": _number, "money": _number, "rating": _rating, "span": _span, "unit": _unit, "units": _units,
    "party": _party, "category": _category, "tasks": _tasks, "filing": _filing, "rows": _rows,
}  # fmt: skip
