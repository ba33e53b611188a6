"""Spans are read in both languages and print what they read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel.problems import BadInput
from onedoor.kernel.spans import BadSpan, Span, Unit

READ = [
    ("7 working days", 7, Unit.WORKING_DAYS, "7 working days", "7个工作日"),
    ("1 working day", 1, Unit.WORKING_DAYS, "1 working day", "1个工作日"),
    ("5 Business Days", 5, Unit.WORKING_DAYS, "5 working days", "5个工作日"),
    ("7个工作日", 7, Unit.WORKING_DAYS, "7 working days", "7个工作日"),
    ("７ 个 工作日", 7, Unit.WORKING_DAYS, "7 working days", "7个工作日"),
    ("十五工作日", 15, Unit.WORKING_DAYS, "15 working days", "15个工作日"),
    ("5 working hours", 5, Unit.WORKING_HOURS, "5 working hours", "5个工作时"),
    ("5工作时", 5, Unit.WORKING_HOURS, "5 working hours", "5个工作时"),
    ("5个工作小时", 5, Unit.WORKING_HOURS, "5 working hours", "5个工作时"),
    ("60日", 60, Unit.DAYS, "60 days", "60日"),
    ("六十日", 60, Unit.DAYS, "60 days", "60日"),
    ("30天", 30, Unit.DAYS, "30 days", "30日"),
    ("三〇自然日", 30, Unit.DAYS, "30 days", "30日"),
    ("一百二十日", 120, Unit.DAYS, "120 days", "120日"),
    ("2  hours", 2, Unit.HOURS, "2 hours", "2小时"),
    ("24小时", 24, Unit.HOURS, "24 hours", "24小时"),
    ("30 minutes", 30, Unit.MINUTES, "30 minutes", "30分钟"),
    ("30分钟", 30, Unit.MINUTES, "30 minutes", "30分钟"),
    ("2 months", 2, Unit.MONTHS, "2 months", "2个月"),
    ("两个月", 2, Unit.MONTHS, "2 months", "2个月"),
    ("15日", 15, Unit.DAYS, "15 days", "15日"),
    ("15个工作日内", 15, Unit.WORKING_DAYS, "15 working days", "15个工作日"),
    ("三十日以内", 30, Unit.DAYS, "30 days", "30日"),
    ("within 15 days", 15, Unit.DAYS, "15 days", "15日"),
    ("十个工作天", 10, Unit.WORKING_DAYS, "10 working days", "10个工作日"),
    ("两周", 14, Unit.DAYS, "14 days", "14日"),
    ("1个星期", 7, Unit.DAYS, "7 days", "7日"),
    ("一年", 12, Unit.MONTHS, "12 months", "12个月"),
    ("3 years", 36, Unit.MONTHS, "36 months", "36个月"),
    ("半年内", 6, Unit.MONTHS, "6 months", "6个月"),
    ("半个月", 15, Unit.DAYS, "15 days", "15日"),
    ("半小时", 30, Unit.MINUTES, "30 minutes", "30分钟"),
]


@pytest.mark.parametrize(("text", "amount", "unit", "english", "chinese"), READ)
def test_reads_both_languages(text: str, amount: int, unit: Unit, english: str, chinese: str) -> None:
    span = Span.parse(text)
    assert (span.amount, span.unit) == (amount, unit)
    assert (str(span), span.text("en"), span.text("zh-hans")) == (english, english, chinese)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "7", "working days", "7 working", "-3 days", "1.5 days", "3 decades", "7 working months",
     "工作日", "一百五日", "五五十日", "百日", "十百日", "日内", "内", "半", "半日", "21年",
     "0 days", "０日", "零日", "999999999 days", "5000000000 days", "7 days or so", "7 days; drop"],
)  # fmt: skip
def test_says_what_to_write_instead(text: str) -> None:
    with pytest.raises(BadSpan) as caught:
        Span.parse(text)
    assert caught.value.errors[0].field == "span"
    assert isinstance(caught.value, BadInput)
    assert isinstance(caught.value, ValueError)  # so that pydantic reports it at its place


def test_the_message_shows_examples_in_both_languages() -> None:
    with pytest.raises(BadSpan) as caught:
        Span.parse("soon")
    assert "7 working days" in caught.value.text("en")
    assert "7个工作日" in caught.value.text("zh")


@given(st.integers(1, 240), st.sampled_from(Unit))
def test_prints_what_it_reads_back(amount: int, unit: Unit) -> None:
    span = Span(amount, unit)
    assert Span.parse(str(span)) == Span.parse(span.text("zh")) == span


WORDS = {
    Unit.WORKING_DAYS: ("工作日", "个工作日", "个工作天"),
    Unit.WORKING_HOURS: ("工作时", "个工作小时"),
    Unit.DAYS: ("日", "天", "个自然日"),
    Unit.HOURS: ("小时", "个小时"),
    Unit.MINUTES: ("分钟", "分"),
    Unit.MONTHS: ("个月", "月"),
}


def numeral(amount: int) -> str:
    """1 to 9999 as they are written in full: 十五, 一百零五, 一千零二十."""
    text, missing = "", False
    for size, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, amount = divmod(amount, size)
        if digit:
            text += ("零" if missing and text else "") + "零一二三四五六七八九"[digit] + mark
        missing = digit == 0
    return text.removeprefix("一") if text.startswith("一十") else text


@given(
    st.sampled_from([(unit, word) for unit, words in WORDS.items() for word in words]),
    st.integers(1, 240),
    st.sampled_from(["digits", "wide", "numeral"]),
    st.sampled_from(["", " "]),
    st.sampled_from(["", "内", "以内", "之内"]),
)
def test_reads_what_officials_write(
    unit: tuple[Unit, str], amount: int, how: str, gap: str, within: str
) -> None:
    wide = str(amount).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    written = {"digits": str(amount), "wide": wide, "numeral": numeral(amount)}[how]
    assert Span.parse(f"{written}{gap}{unit[1]}{within}") == Span(amount, unit[0])


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        span = Span.parse(text)
    except BadSpan:
        return
    assert Span.parse(str(span)) == span
