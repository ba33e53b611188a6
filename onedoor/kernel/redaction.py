"""Hides what identifies a person in free Chinese text, every time that it occurs.

What is found: identity numbers (18 and 15 digits), bank cards and other numbers of 15 digits and more,
mobile and landline numbers, e-mail addresses, vehicle plates, and QQ or WeChat names that are called so;
in full width too, with separators, and mobile numbers also in Chinese numerals. Local numbers of seven or
eight digits are hidden where a word such as 电话 precedes them, for otherwise they may be sums of money.
Each is replaced by what it was, as 〔电话〕, so that the text stays readable. Pure.
"""

from __future__ import annotations

import re

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HIDDEN = "\0"  # stands in the working copy where something has been found
_GAP = r"[ \t\-‐-―_.·•/()]{0,3}"  # what people put between the digits of a number
_START, _STOP = r"(?<!\d)", r"(?!\d)"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])" + _GAP + r"(?:0[1-9]|[12]\d|3[01])"
_REGION = r"[1-9]" + rf"(?:{_GAP}\d){{5}}"
_IDENTITY = rf"{_REGION}{_GAP}(?:18|19|20){_GAP}\d\d{_GAP}{_MONTH_DAY}(?:{_GAP}\d){{3}}{_GAP}[\dX]"
_OLD_IDENTITY = rf"{_REGION}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}"
_MOBILE = rf"(?:(?:\+|00)?86{_GAP})?0?1{_GAP}[3-9](?:{_GAP}\d){{9}}"
_NUMERAL = "[〇零一二三四五六七八九幺壹]"
_SPOKEN = rf"(?<!{_NUMERAL})[一幺壹]{_GAP}[三四五六七八九](?:{_GAP}{_NUMERAL}){{9}}(?!{_NUMERAL})"
_AREA = rf"(?:\(?0(?:10|2\d|[3-9]\d\d)|(?:\+|00)86{_GAP}(?:10|2\d|[3-9]\d\d))"
_LANDLINE = rf"(?:{_AREA}{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}|[48]00{_GAP}\d{{3,4}}{_GAP}\d{{3,4}})"
_EXTENSION = r"(?:\s*(?:转|分机|ext\.?|-)\s*\d{1,5})?"
_CALLED = r"(?:电话|手机|座机|热线|联系方式|传真|致电|拨打|tel|phone|mobile|fax)"
_AFTER_CALLED = rf"[是为号码:：、,，。.;；/和或 \t{_HIDDEN}]*"
_LOCAL = r"[2-9]\d{2,3}[ \-]?\d{4}"
_LOCALS = rf"(?P<hide>{_LOCAL}(?:[、,，/和或 ]+{_LOCAL})*){_STOP}"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_PLATE = (
    rf"{_PROVINCE} ?[A-HJ-NP-Z][ ·•.\-]{{0,2}}(?=[A-HJ-NP-Z0-9]*\d)"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳使领](?![A-Z0-9])"
)
_CHAT = r"(?:qq|微信|wechat|加v)[是为号码群:： ]{0,5}(?P<hide>[a-z][a-z0-9_\-]{5,19}|\d{5,14})"

# In this order: what is longer or more certain goes first, so that no part of it is taken for something else.
_RULES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("邮箱", r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]+@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+"),
        ("证件号", f"{_START}(?:{_IDENTITY}|{_OLD_IDENTITY}){_STOP}"),
        ("电话", f"{_START}{_MOBILE}{_STOP}"),
        ("电话", _SPOKEN),
        ("银行卡", rf"{_START}\d{{4}}(?:[ \-]{{1,2}}\d{{4}}){{3}}(?:[ \-]{{1,2}}\d{{1,3}})?{_STOP}"),
        ("长号码", r"\d{15,}"),
        ("电话", f"{_START}{_LANDLINE}{_STOP}{_EXTENSION}"),
        ("电话", _CALLED + _AFTER_CALLED + _LOCALS),
        ("车牌", _PLATE),
        ("账号", _CHAT),
    )
)


def redact(text: str) -> str:
    """The text with every telephone, identity, card and plate number, address and account name replaced.

    `redact(redact(text)) == redact(text)`.
    """
    while (shorter := _once(text)) != text:
        text = shorter
    return text


def _once(text: str) -> str:
    plain = text.translate(_HALF_WIDTH)  # one character for one, so that places in it are places in the text
    found: list[tuple[int, int, str]] = []
    for name, pattern in _RULES:
        here = [
            match.span("hide" if "hide" in pattern.groupindex else 0) for match in pattern.finditer(plain)
        ]
        for start, end in here:
            plain = plain[:start] + _HIDDEN * (end - start) + plain[end:]
        found += [(start, end, name) for start, end in here]
    pieces, last = [], 0
    for start, end, name in sorted(found):
        pieces += [text[last:start], f"〔{name}〕"]
        last = end
    return "".join([*pieces, text[last:]])
