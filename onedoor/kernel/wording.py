"""How dates, spans, money and bilingual values are said, in Chinese and in English. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

ZH_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = ((86_400, "天", "day"), (3_600, "小时", "hour"), (60, "分钟", "minute"))


def is_chinese(language: str) -> bool:
    """True for every language code that reads Chinese (`zh`, `zh-hans`, …)."""
    return language.startswith("zh")


def pick(value: Any, language: str, name: str = "title") -> str:
    """The text of a bilingual value in one language.

    `value` may be a `{zh, en}` mapping, an object with `zh` and `en`, one with `<name>_zh`/`<name>_en`, one
    whose attribute `name` is bilingual, or plain text (returned as it is). None gives "". Where one language
    is missing the other is given rather than nothing.
    """
    mine, other = ("zh", "en") if is_chinese(language) else ("en", "zh")
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value.get(mine) or value.get(other) or "")
    if isinstance(value, str):
        return value
    for prefix in ("", f"{name}_"):
        if hasattr(value, prefix + mine):
            return str(getattr(value, prefix + mine) or getattr(value, prefix + other, "") or "")
    held = getattr(value, name, None)
    return str(value) if held is None or callable(held) else pick(held, language)


def halves(text: str) -> dict[str, str]:
    """`中文 · English`, as packs write sources, apart; any other text is both."""
    zh, separator, en = text.partition(" · ")
    return {"zh": zh, "en": en if separator else zh}


def day(value: date, language: str, today: date | None = None) -> str:
    """A date with its weekday: 11月23日 周一 · Mon 23 Nov; the year is said when it is not that of `today`."""
    same_year = today is not None and value.year == today.year
    weekday = value.weekday()
    if is_chinese(language):
        year = "" if same_year else f"{value.year}年"
        return f"{year}{value.month}月{value.day}日 {ZH_DAYS[weekday]}"
    year = "" if same_year else f" {value.year}"
    return f"{EN_DAYS[weekday]} {value.day} {EN_MONTHS[value.month - 1]}{year}"


def moment(value: datetime, language: str, today: date | None = None) -> str:
    """A date with weekday and time: 11月23日 周一 10:05 · Mon 23 Nov, 10:05."""
    comma = "" if is_chinese(language) else ","
    return f"{day(value.date(), language, today)}{comma} {value:%H:%M}"


def span(length: timedelta, language: str) -> str:
    """The length of a time in its two largest units: 2 天 3 小时 · 2 days 3 hours; under a minute: 不到 1 分钟."""
    left = int(abs(length.total_seconds()))
    chinese = is_chinese(language)
    words: list[str] = []
    for seconds, zh, en in UNITS:
        count, left = divmod(left, seconds)
        if count and len(words) < 2:
            words.append(f"{count} {zh}" if chinese else f"{count} {en}{'' if count == 1 else 's'}")
        elif words:
            break
    return " ".join(words) or ("不到 1 分钟" if chinese else "under a minute")


def clock_words(due: datetime, now: datetime, language: str) -> str:
    """How a deadline stands at `now`: 还剩 3 小时 20 分钟 · 3 hours 20 minutes left; 逾期 2 天 · overdue by 2 days."""
    length = span(due - now, language)
    if is_chinese(language):
        return f"逾期 {length}" if due < now else f"还剩 {length}"
    return f"overdue by {length}" if due < now else f"{length} left"


def ago(value: datetime, now: datetime, language: str) -> str:
    """How long something is past: 3 小时前 · 3 hours ago; only the largest unit, 刚刚 · just now under a minute."""
    past = now - value
    if past < timedelta(minutes=1):
        return "刚刚" if is_chinese(language) else "just now"
    largest = " ".join(span(past, language).split(" ")[:2])
    return f"{largest}前" if is_chinese(language) else f"{largest} ago"


def money(amount: Decimal | float | int, language: str) -> str:
    """An amount of yuan: 12,300 元 · ¥12,300; fen are written only where there are any."""
    value = Decimal(str(amount)).quantize(Decimal("0.01"))
    digits = f"{value:,.2f}".removesuffix(".00")
    return f"{digits} 元" if is_chinese(language) else f"¥{digits}"


def percent(share: float | None, language: str, places: int = 1) -> str:
    """A share of 1 as a percentage: 0.825 → 82.5%; None (nothing to divide by) → 无 · n/a."""
    if share is None:
        return "无" if is_chinese(language) else "n/a"
    return f"{share * 100:.{places}f}".removesuffix("." + "0" * places) + "%"
