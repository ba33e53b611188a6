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
]


@pytest.mark.parametrize(("text", "amount", "unit", "english", "chinese"), READ)
def test_reads_both_languages(text: str, amount: int, unit: Unit, english: str, chinese: str) -> None:
    span = Span.parse(text)
    assert (span.amount, span.unit) == (amount, unit)
    assert (str(span), span.text("en"), span.text("zh-hans")) == (english, english, chinese)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "7", "working days", "7 working", "-3 days", "1.5 days", "3 years", "7 working months",
     "工作日",
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


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        span = Span.parse(text)
    except BadSpan:
        return
    assert Span.parse(str(span)) == span
