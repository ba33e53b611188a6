"""Every number that identifies somebody is hidden, wherever and however often it stands."""

from __future__ import annotations

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel.redaction import redact

HIDDEN = [
    ("请打13812345678", "请打〔电话〕"),
    ("138-1234-5678", "〔电话〕"),
    ("138 1234 5678", "〔电话〕"),
    ("138.1234.5678", "〔电话〕"),
    ("1 3 8 1 2 3 4 5 6 7 8", "〔电话〕"),
    ("１３８１２３４５６７８", "〔电话〕"),
    ("１３８－１２３４－５６７８", "〔电话〕"),
    ("+86 138 1234 5678", "〔电话〕"),
    ("0086-13812345678", "〔电话〕"),
    ("8613812345678", "〔电话〕"),
    ("013812345678", "〔电话〕"),
    ("幺三八〇〇零零一二三四", "〔电话〕"),
    ("一三八一二三四五六七八", "〔电话〕"),
    ("0392-3328888", "〔电话〕"),
    ("(0392)3328888", "〔电话〕"),
    ("（０３９２）３３２８８８８", "〔电话〕"),
    ("0392 332 8888转801", "〔电话〕"),
    ("010-12345678", "010-12345678"),  # local numbers begin with 2 to 9
    ("010-62345678", "〔电话〕"),
    ("+86-392-3328888", "〔电话〕"),
    ("400-800-1234", "〔电话〕"),
    ("电话：3328888", "电话：〔电话〕"),
    ("联系电话是 3328888、3327777", "联系电话是 〔电话〕"),
    ("电话：13812345678、3327777", "电话：〔电话〕、〔电话〕"),
    ("身份证410611198001011234", "身份证〔证件号〕"),
    ("41061119800101123X", "〔证件号〕"),
    ("410611 19800101 123x", "〔证件号〕"),
    ("４１０６１１１９８００１０１１２３Ｘ", "〔证件号〕"),
    ("410611800101123", "〔证件号〕"),
    ("卡号6222021234567890123", "卡号〔长号码〕"),
    ("6222 0212 3456 7890", "〔银行卡〕"),
    ("6222-0212-3456-7890-123", "〔银行卡〕"),
    ("6222021234567890", "〔长号码〕"),
    ("13812345678139876543211", "〔长号码〕"),
    ("写信到zhang.san+1@mail.example.com。", "写信到〔邮箱〕。"),
    ("ａ＠ｑｑ．ｃｏｍ", "〔邮箱〕"),
    ("豫F12345", "〔车牌〕"),
    ("豫F·D12345", "〔车牌〕"),
    ("豫f 1234挂", "〔车牌〕"),
    ("豫Ｆ１２３４５", "〔车牌〕"),
    ("QQ：12345678", "QQ：〔账号〕"),
    ("微信号 zhang_san88", "微信号 〔账号〕"),
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_hidden(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_every_occurrence_is_hidden_and_not_only_the_first() -> None:
    numbers = ["13812345678", "139-8765-4321", "１５０１２３４５６７８", "0392-3328888", "410611198001011234"]
    text = "，".join(f"第{place}个{number}" for place, number in enumerate(numbers * 3))
    shown = redact(text)
    assert shown.count("〔电话〕") == 12
    assert shown.count("〔证件号〕") == 3
    assert "5678" not in shown


LEFT = [
    "工程款1000000元，2019-10-12至2019-10-13，13:50:21",
    "12345热线、110、市长信箱",
    "编号HB2026112300012，楼号12-3-1801",
    "410611101000网格，邮编458030",
    "经度114.166551，纬度35.936128",
    "2020年01月02日，面积1381.5平方米",
    "新ABC商场的云平台",
    "一百三十八户，一二三四五六七",
    "",
]


@pytest.mark.parametrize("text", LEFT)
def test_what_identifies_nobody_is_left(text: str) -> None:
    assert redact(text) == text


separators = st.sampled_from(["", " ", "-", "－", ".", "·", "　", " - "])
widths = st.sampled_from([0, 0xFEE0])


@given(
    st.lists(
        st.tuples(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), separators, widths),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["，", "和", "\n", "；电话", "打不通就打"]),
)
def test_any_mobile_numbers_in_any_spelling(numbers: list[tuple[str, str, int]], between: str) -> None:
    written = [
        gap.join("".join(chr(ord(digit) + width) for digit in part) for part in (n[:3], n[3:7], n[7:]))
        for n, gap, width in numbers
    ]
    shown = redact("我的号码" + between.join(written) + "谢谢")
    assert shown == "我的号码" + between.join(["〔电话〕"] * len(numbers)) + "谢谢"


@given(st.text(alphabet="电话微信号qq豫FA1390258 -（）()@.comx、转〔〕\n", max_size=60))
def test_hiding_twice_is_hiding_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(
    "text",
    ["1 " * 20_000, "电话" * 20_000, "电话" + "、" * 40_000, "a" * 40_000, "a." * 20_000 + "@", "a@" + "a." * 20_000,
     "豫A" * 20_000, "0392-" * 8_000, "13812345678," * 2_000, "138-" * 10_000, "QQ" * 20_000, "一三八" * 13_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_a_hostile_text_takes_no_time(text: str) -> None:
    assert timeit.timeit(lambda: redact(text), number=1) < 2
