"""What nobody can see is taken out of texts; what people wrote stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel.texts import one_line, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  路灯不亮  ", "路灯不亮"),
        ("一\r\n二\r三\u2028四\x85五", "一\n二\n三\n四\n五"),
        ("制表\t符", "制表\t符"),
        ("零\u200b宽\ufeff度\u2060", "零宽度"),
        ("\u202e反\u202c\u2066向\u2069", "反向"),
        ("控\x00制\x07字\x1b符\x7f\x9f", "控制字符"),
        ("半\ud800个\udfff", "半个"),
        ("标\U000e0041签\U000e007f", "标签"),
        ("软\xad连字符", "软连字符"),
        ("表情😀龘𠮷", "表情😀龘𠮷"),
        ("", ""),
    ],
)
def test_texts(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_on_one_line() -> None:
    assert one_line(" 东河区\n\n  东柳镇\t3号\u3000 ") == "东河区 东柳镇 3号"


anything = st.text(alphabet=st.characters(), max_size=40) | st.text(
    alphabet=st.sampled_from("\x00\ud83d\ude00\u202e\u200b\r\n \x85a路"), max_size=20
)


@given(anything)
def test_what_is_tidy_stays_so_and_every_encoding_can_carry_it(text: str) -> None:
    for clean in (tidy, one_line):
        once = clean(text)
        assert clean(once) == once
        assert json.loads(json.dumps(once).encode()) == once
        once.encode("utf-8")
        assert "\x00" not in once
    assert "\n" not in one_line(text)
