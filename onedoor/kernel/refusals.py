"""The words of what OneDoor refuses to hold: scores, ranks and levels of persons, and whatever follows a person.

One vocabulary for the columns of models (`tests/structure/test_refusals.py`) and for what packs declare. Pure.
"""

from __future__ import annotations

import re

SCORES = (
    "score",
    "scoring",
    "rank",
    "ranking",
    "rating",
    "risk",
    "danger",
    "threat",
    "credit",
    "reputation",
    "trust",
)
FOLLOWS = (
    "watch", "watchlist", "blacklist", "suspect", "suspicion", "track", "tracking", "trace", "face", "fingerprint",
    "gps",
)  # fmt: skip
SCORES_ZH = (
    "评分", "打分", "积分", "得分", "评级", "排名", "排行", "名次", "信用", "信誉", "诚信", "风险等级", "危险等级",
    "风险评估", "危险程度", "管控等级",
)  # fmt: skip
FOLLOWS_ZH = (
    "重点人", "黑名单", "嫌疑", "轨迹", "行踪", "人脸", "指纹", "虹膜", "布控", "前科", "管控对象", "关注对象", "稳控",
)  # fmt: skip


def _name(words: tuple[str, ...]) -> str:
    return rf"(^|_)({'|'.join(words)})(_|$|s$|level)"


def _text(words: tuple[str, ...], zh: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})(?:s|ed|ing)?\b|{'|'.join(zh)}", re.I)


JUDGES = re.compile(_name(SCORES + FOLLOWS))  # in the names of columns and fields
_SCORE_NAME, _FOLLOW_NAME = re.compile(_name(SCORES)), re.compile(_name(FOLLOWS))
_SCORE_TEXT, _FOLLOW_TEXT = _text(SCORES, SCORES_ZH), _text(FOLLOWS, FOLLOWS_ZH)


def scores(name: str, *texts: str) -> str:
    """The word by which a field called `name`, and so shown, scores or ranks; empty where none does."""
    return _found(_SCORE_NAME, _SCORE_TEXT, name, texts)


def follows(name: str, *texts: str) -> str:
    """The word by which it follows, recognises or lists persons; empty where none does."""
    return _found(_FOLLOW_NAME, _FOLLOW_TEXT, name, texts)


def _found(names: re.Pattern[str], words: re.Pattern[str], name: str, texts: tuple[str, ...]) -> str:
    in_name = names.search(name)
    if in_name:
        return in_name.group(2)
    return next((found.group() for text in texts if (found := words.search(text))), "")
