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
PERSONS = (
    "person", "people", "individual", "resident", "villager", "tenant", "officer", "worker", "mediator", "official",
    "employee", "petitioner", "caller", "reporter", "complainant", "party", "victim", "keeper", "child", "student",
)  # fmt: skip
ACCOUNTS = ("account", "post")  # in the city's own tables these are persons too
PERSONS_ZH = (
    "个人", "人员", "居民", "村民", "住户", "户主", "业主", "租户", "民警", "警员", "网格员", "调解员", "干部",
    "职工", "员工", "信访人", "上访人", "来访人", "反映人", "投诉人", "当事人", "被害人", "受害人", "养犬人",
    "未成年人", "老年人", "学生", "驾驶人",
)  # fmt: skip


def _name(words: tuple[str, ...]) -> str:
    return rf"(^|_)({'|'.join(words)})(_|$|s$|level)"


def _text(words: tuple[str, ...], zh: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})(?:s|ed|ing)?\b|{'|'.join(zh)}", re.I)


JUDGES = re.compile(_name(SCORES + FOLLOWS))  # in the names of columns and fields
_SCORE_NAME, _FOLLOW_NAME = re.compile(_name(SCORES)), re.compile(_name(FOLLOWS))
_SCORE_TEXT, _FOLLOW_TEXT = _text(SCORES, SCORES_ZH), _text(FOLLOWS, FOLLOWS_ZH)
_SCORED = r"scor(?:e|ing)|rank(?:ing)?|risk|credit|reputation|trust"
# What residents say of a unit is measured ("residents' satisfaction"), and crowded places have their risks.
_PERSON_SCORED = re.compile(
    rf"\b(?:{'|'.join(PERSONS)})(?:s|'s|s')?\s+(?!satisf|verdict)(?:\w+\s+)?(?:{_SCORED})s?\b"
    rf"|\b(?:{_SCORED}|rating)s?(?:\s+level)?\s+(?:of|for|per)\s+"
    rf"(?:each\s|every\s|an?\s|the\s|individual\s)*(?:{'|'.join(PERSONS)})s?\b"
    rf"|(?:{'|'.join(PERSONS_ZH)})(?!密集|满意|评价|评判|对)[^，。；、]{{0,4}}(?:{'|'.join(SCORES_ZH)})",
    re.I,
)
_PERSON = re.compile(rf"({'|'.join(PERSONS + ACCOUNTS)})s?|{'|'.join(PERSONS_ZH)}")


def scores_persons(*texts: str) -> str:
    """The words by which a text scores or ranks persons, whatever else is scored; empty where none do."""
    return next((found.group() for text in texts if (found := _PERSON_SCORED.search(text))), "")


def person(word: str) -> bool:
    """Whether a word by itself means persons: what something is counted by, say."""
    return bool(_PERSON.fullmatch(word))


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
