"""How values are written in Chinese official documents, and what of a person's text may enter one. Pure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

NEW_PARAGRAPH = "\a"  # docxtpl begins a paragraph of the same format there
BLANK = "＿" * 8  # to be filled in by hand
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
MOST_MONEY = Decimal(10) ** 16


def as_text(value: str) -> str:
    """A person's text as data for a template: nothing in it that XML forbids or docxtpl takes for a command.

    Its lines become paragraphs. Jinja marks in it stay what they are: it is filled in once and never read again.
    """
    lines = (line.strip() for line in _NOT_XML.sub("", value).replace("\t", " ").splitlines())
    return NEW_PARAGRAPH.join(line for line in lines if line)


def day(value: date) -> str:
    """2026年11月23日, as official documents write it: no padding."""
    return f"{value.year}年{value.month}月{value.day}日"


def money(amount: Decimal) -> str:
    """3000.50 → 3,000.50元（人民币叁仟元伍角整）. Sums are written twice so that a digit cannot be added."""
    return f"{amount:,.2f}元（{in_capitals(amount)}）"


def in_capitals(amount: Decimal) -> str:
    """An amount of yuan in capital numerals, by the rules for filling in bills (支付结算办法, annex 1).

    Fen are written where there are any; a sum without fen ends in 整. Where the digit of 万 or 元 is a zero and the
    next is not, the rules leave 零 to choice, and it is not written. ValueError below 0 and from 10^16 on.
    """
    if not 0 <= amount < MOST_MONEY:
        raise ValueError(f"{amount} cannot be written in capitals")
    fen_total = int((amount * 100).to_integral_value())
    yuan, rest = divmod(fen_total, 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        text += "零"
    text += f"{_DIGITS[fen]}分" if fen else ""
    return "人民币" + (text or "零元") + ("" if fen else "整")


def _whole(number: int) -> str:
    """A positive integer in capitals; zeros between digits are said once."""
    text, index, gap = "", 0, False
    while number:
        number, group = divmod(number, 10_000)
        if group:
            text = _group(group) + _GROUPS[index] + ("零" if gap else "") + text
            gap = group < 1000 and number > 0
        else:
            gap = gap or bool(text)
        index += 1
    return text


def _group(number: int) -> str:
    """1 to 9999 in capitals, without a leading zero."""
    text, zero = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return text


def short_place(name: str) -> str:
    """淇滨区 → 淇滨, for the series in a document's number; a name of two characters stays whole."""
    return name[:-1] if len(name) > 2 and name[-1] in "市区县旗镇乡" else name
