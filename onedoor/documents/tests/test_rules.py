"""How sums, days and a person's words are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from onedoor.documents import rules


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "人民币零元整"),
        ("1", "人民币壹元整"),
        ("10", "人民币壹拾元整"),
        ("101", "人民币壹佰零壹元整"),
        ("1010", "人民币壹仟零壹拾元整"),
        ("3000.50", "人民币叁仟元伍角整"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("0.05", "人民币伍分"),
        ("10000", "人民币壹万元整"),
        ("10001", "人民币壹万零壹元整"),
        ("100000", "人民币壹拾万元整"),
        ("107000.53", "人民币壹拾万柒仟元伍角叁分"),
        ("1000000", "人民币壹佰万元整"),
        ("100000000", "人民币壹亿元整"),
        ("100000001", "人民币壹亿零壹元整"),
        ("100010000", "人民币壹亿零壹万元整"),
        ("2030405060", "人民币贰拾亿叁仟零肆拾万伍仟零陆拾元整"),
    ],
)
def test_sums_in_capitals(amount: str, words: str) -> None:
    assert rules.in_capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", [Decimal("-1"), rules.MOST_MONEY])
def test_what_cannot_be_written_is_refused(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        rules.in_capitals(amount)


def test_sums_are_written_twice() -> None:
    assert rules.money(Decimal("12300")) == "12,300.00元（人民币壹万贰仟叁佰元整）"


def test_days_are_not_padded() -> None:
    assert rules.day(date(2026, 1, 5)) == "2026年1月5日"


def test_lines_become_paragraphs_and_nothing_commands_the_renderer() -> None:
    assert rules.as_text(" 一\r\n\r\n二\t三\n") == "一\a二 三"
    assert rules.as_text("a\x00b\x07c\x0bd\x0ce\ud800f\ufffe") == "abcdef"
    assert rules.as_text("{{ 7*7 }} {% for %} <w:p> &") == "{{ 7*7 }} {% for %} <w:p> &"
    assert rules.as_text("𠮷野家") == "𠮷野家"


@pytest.mark.parametrize(
    ("name", "short"), [("淇滨区", "淇滨"), ("浚县", "浚县"), ("东河区", "东河"), ("小城市", "小城")]
)
def test_places_in_numbers_are_short(name: str, short: str) -> None:
    assert rules.short_place(name) == short
