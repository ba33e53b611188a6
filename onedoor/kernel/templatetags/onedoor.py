"""Template tags and filters of every page: bilingual text, dates, clocks, icons, components and fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django import template
from django.template import Context, TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language

from onedoor.kernel import components, fields, time, wording

register = template.Library()
FIELD_PARTS = (
    "name", "kind", "type", "label", "title", "help", "required", "options", "choices", "value", "unit", "min",
    "max", "most", "rows", "accept", "multiple", "placeholder", "autocomplete", "url", "map",
)  # fmt: skip
SOON = 75  # percent of a limit after which its clock is shown as pressing
ICONS = Path(components.__file__).parent / "templates" / "onedoor" / "icons.html"


def _language() -> str:
    return get_language() or "en"


@register.filter(name="t")
def t_filter(value: Any, name: str = "title") -> str:
    """`{{ category|t }}`: the text of a {zh, en} value, or of an object's `title`, in the page's language."""
    return wording.pick(value, _language(), name)


@register.simple_tag(name="t")
def t_tag(value: Any, name: str = "title") -> str:
    """`{% t obj.title %}` or `{% t unit "name" %}`: as the filter."""
    return wording.pick(value, _language(), name)


@register.filter
def said(problem: Any) -> str:
    """The words of a kernel Problem in the page's language."""
    return problem.text(_language()) if hasattr(problem, "text") else str(problem)


@register.filter
def clock_tone(clock: Any) -> str:
    """How a clock is coloured: late, soon (over three quarters used), running, paused, met or dropped."""
    state = fields.read(clock, "state") or "running"
    if state != "running":
        return str(state)
    if fields.read(clock, "due_at") < time.now():
        return "late"
    return "soon" if (fields.read(clock, "share") or 0) >= SOON else "running"


@register.filter
def moment(value: datetime | None) -> str:
    """A date with weekday and time, in the city's zone: 11月23日 周一 10:05 · Mon 23 Nov, 10:05."""
    return wording.moment(localtime(value), _language(), time.now().date()) if value else ""


@register.filter
def day(value: date | None) -> str:
    """A date with its weekday: 11月23日 周一 · Mon 23 Nov."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    return wording.day(value, _language(), time.now().date()) if value else ""


@register.filter
def clock_words(due: datetime | None) -> str:
    """How a deadline stands now: 还剩 3 小时 · 3 hours left; 逾期 2 天 · overdue by 2 days."""
    return wording.clock_words(due, time.now(), _language()) if due else ""


@register.filter
def ago(value: datetime | None) -> str:
    """How long something is past: 3 小时前 · 3 hours ago."""
    return wording.ago(value, time.now(), _language()) if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """The machine's form of a moment, for `<time datetime>`."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if value else ""


@register.filter
def money(amount: Decimal | float | int | None) -> str:
    """An amount of yuan: 12,300 元 · ¥12,300."""
    return "" if amount is None else wording.money(amount, _language())


@register.filter
def percent(share: float | None, places: int = 1) -> str:
    """A share of 1 as a percentage; None reads 无 · n/a."""
    return wording.percent(share, _language(), places)


@register.filter
def grouped(number: int | None) -> str:
    """A count with thousands marks: 12,345."""
    return "" if number is None else f"{number:,}"


@cache
def icon_names() -> frozenset[str]:
    """The icons that the sprite holds."""
    return frozenset(re.findall(r'<symbol id="i-([\w-]+)"', ICONS.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "clock" %}`: an ornament beside words, or with a label a picture that speaks for itself."""
    if name not in icon_names():
        raise TemplateSyntaxError(f"there is no icon {name!r} in icons.html")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="#i-{}"/></svg>', label, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag(takes_context=True)
def component(context: Context, component_name: str, /, **values: Any) -> SafeString:
    """`{% component "badge" text=… %}`: one component, alone; see /patterns for all of them."""
    return components.render(context, component_name, values)


@register.simple_block_tag(takes_context=True, end_name="endwrap")
def wrap(context: Context, content: SafeString, component_name: str, /, **values: Any) -> SafeString:
    """`{% wrap "panel" title=… %}…{% endwrap %}`: a component around a piece of the page, given to it as `slot`."""
    return components.render(context, component_name, {**values, "slot": content})


@register.simple_tag(takes_context=True)
def field(
    context: Context,
    declared: Any,
    values: Any = None,
    errors: Any = None,
    name: str = "",
    under: str = "",
    **more: Any,
) -> SafeString:
    """`{% field f values errors %}`: one labelled control with help and error; see `kernel.fields` for `f`.

    For a procedure's form give the field's name beside it: `{% field f values errors name=key %}`. Where a page has
    several forms, each says its own word, so that no id stands twice: `{% field f under=form.key %}`. What else is
    named (`options=…`, `url=…`) is laid over the declaration.
    """
    if more:
        held = {key: fields.read(declared, key) for key in FIELD_PARTS}
        declared = {key: value for key, value in held.items() if value is not None} | more
    facts = fields.facts(declared, values, errors, _language(), name)
    return components.render(context, "field", {"f": facts, "id": fields.id_of(facts["name"], under)})


@register.simple_tag(takes_context=True)
def error_summary(context: Context, errors: Any, declared: Any = (), under: str = "") -> SafeString:
    """`{% error_summary errors fields %}`: all that is to be corrected, each leading to its field.

    `fields` is a list of declarations or a procedure's form; `under` as their `field` tags have it.
    """
    pairs = (
        declared.items() if isinstance(declared, Mapping) else [(fields.read(f, "name"), f) for f in declared]
    )
    labels = {name: wording.pick(fields.read(f, "label", "title"), _language()) for name, f in pairs}
    found = [
        error | {"id": fields.id_of(error["field"], under) if error["field"] else ""}
        for error in fields.summary(errors, labels, _language())
    ]
    return components.render(context, "error_summary", {"errors": found}) if found else SafeString()


@register.simple_tag
def once_key(given: str = "") -> SafeString:
    """A hidden idempotency key: sending the same form twice is one filing. `given` keeps the key of a refused one."""
    return format_html('<input type="hidden" name="key" value="{}">', given or uuid4().hex)
