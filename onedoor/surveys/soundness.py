"""What must hold between the parts of a questionnaire: its graph, its names, and whom it may ask about. Pure.

OneDoor watches over matters, places and promises, never over people. So no question may ask who the respondent is,
and none may score, rank or point at a person; a questionnaire that does is refused when it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from onedoor.surveys.language import CHOSEN, END, Question, Questionnaire


class Flaw(NamedTuple):
    """One thing wrong: where in the file, what, and what to write instead."""

    path: tuple[str, ...]
    zh: str
    en: str
    hint_zh: str
    hint_en: str


ASKS_WHO = re.compile(
    r"姓名|名字|身份证|证件号|护照|手机号|电话号|联系电话|联系方式|微信号|QQ|邮箱|门牌|住址|家庭地址|详细地址|车牌|出生日期|人脸|指纹"
    r"|\b(your|full|first|last|family) names?\b|\bID (number|card)|\bidentity (card|number)|\bpassport"
    r"|\b(phone|telephone|mobile) number|\be-?mail|\b(home|street|your) address|\blicen[cs]e plate|\bdate of birth",
    re.IGNORECASE,
)
POINTS_AT = re.compile(
    r"(哪个|哪位|哪一位|谁|某位|某个)(人|民警|警察|警官|干部|网格员|调解员|工作人员|邻居|村民|居民|同事|领导)|重点人员|可疑人员|嫌疑人|黑名单"
    r"|(给|为|对).{0,12}(打分|评分|排名|排序)|(最|更)(差|坏|可疑|危险)的人"
    r"|\bwhich (person|officer|neighbou?r|worker|official|resident)|\bwho (is|was|are) the (worst|best)"
    r"|\b(score|rank|rate) (him|her|them|this person|the officer|each|every)|\bsuspicious (person|people)|\bsuspect",
    re.IGNORECASE,
)
JUDGING_KEY = re.compile(
    r"(^|_)(score|rank|ranking|risk|suspect|watchlist|blacklist|credit|id_card|phone)(_|$)"
)


def check(asked: Questionnaire, kinds: Collection[str]) -> Iterator[Flaw]:
    """Everything wrong with a questionnaire of sound shape; `kinds` are the kinds of units that there are."""
    for kind in asked.judges:
        if kind not in kinds:
            yield Flaw(("judges",), f"没有单位类型「{kind}」", f"there is no kind of unit `{kind}`",
                       "见 packs/common/unit_kinds.yaml", "see packs/common/unit_kinds.yaml")  # fmt: skip
    yield from _headline(asked)
    yield from _balance(asked)
    for key, question in asked.questions.items():
        yield from _options(key, question)
        yield from _skips(asked, key, question)
        yield from _persons(key, question)
    yield from _unreached(asked)


def _headline(asked: Questionnaire) -> Iterator[Flaw]:
    question = asked.questions.get(asked.headline)
    if question is None:
        yield _unknown(("headline",), asked.headline, asked)
    elif question.published != "shares" or not any(option.counts for option in question.options.values()):
        yield Flaw(
            ("headline",), "主要指标的题目须公布比例，并标明哪些选项计入", "the headline's question must publish "
            "shares and say which options count", "写 published: shares，选项加 counts: true",
            "write `published: shares`, and `counts: true` at its options",
        )  # fmt: skip


def _balance(asked: Questionnaire) -> Iterator[Flaw]:
    if asked.balance is None:
        return
    question = asked.questions.get(asked.balance)
    if question is None:
        yield _unknown(("balance",), asked.balance, asked)
    elif question.type not in CHOSEN or not question.required or asked.balance in passable(asked):
        yield Flaw(
            ("balance",), "加权所依的题目须人人必答、只选一项",
            "what is balanced by must be one choice that everybody makes",
            "改为必答的单选题，并且不被跳过", "make it a required choice of one that no skip rule passes",
        )  # fmt: skip


def _unknown(path: tuple[str, ...], name: str, asked: Questionnaire) -> Flaw:
    known = ", ".join(asked.questions)
    return Flaw(
        path, f"没有题目「{name}」", f"there is no question `{name}`", f"可用：{known}", f"there are: {known}"
    )


def _options(key: str, question: Question) -> Iterator[Flaw]:
    offers = question.type not in ("number", "text")
    if offers and len(question.options) < 2:
        yield Flaw(("questions", key), "选择题至少两个选项", "a question to choose from needs two options or more",
                   "补上 options:", "add `options:`")  # fmt: skip
    if not offers and question.options:
        yield Flaw(("questions", key, "options"), "数字题、文字题没有选项", "a number or text has no options",
                   "删去 options:", "remove `options:`")  # fmt: skip
    fitting = {"shares": offers, "mean": question.type == "number"}
    if not fitting.get(question.published, True):
        yield Flaw(
            ("questions", key, "published"), "公布方式与题型不符", "this cannot be published of such a question",
            "选择题写 shares，数字题写 mean，其余写 nothing", "choices: shares; numbers: mean; texts: nothing",
        )  # fmt: skip
    if question.least > question.most:
        yield Flaw(("questions", key, "least"), "最小值大于最大值", "the least is above the most",
                   "改正 least: 或 most:", "mend `least:` or `most:`")  # fmt: skip


def _skips(asked: Questionnaire, key: str, question: Question) -> Iterator[Flaw]:
    keys = list(asked.questions)
    for answer, target in question.skip.items():
        path = ("questions", key, "skip", answer)
        if question.type not in CHOSEN or answer not in question.options:
            yield Flaw(path, f"没有可跳转的选项「{answer}」", f"there is no option `{answer}` to skip from",
                       "跳转只从单选的选项出发", "skip from an option of a choice of one")  # fmt: skip
        if target != END and target not in keys:
            yield _unknown(path, target, asked)
        elif target != END and keys.index(target) <= keys.index(key):
            yield Flaw(path, "不能跳回前面的题目：问卷到不了头", "a skip must lead on: going back, it may never end",
                       "改为后面的题目，或 end", "name a later question, or `end`")  # fmt: skip


def _persons(key: str, question: Question) -> Iterator[Flaw]:
    texts = [question.zh, question.en, *(text for o in question.options.values() for text in (o.zh, o.en))]
    if any(ASKS_WHO.search(text) for text in texts):
        yield Flaw(
            ("questions", key), "不得询问能认出答卷人的内容（姓名、证件号、电话、住址等）",
            "no question may ask what tells who the respondent is (name, ID, phone, address …)",
            "删去该题；地方由抽样所在乡镇得知", "remove it; the place is known from the sample's township",
        )  # fmt: skip
    if JUDGING_KEY.search(key) or any(POINTS_AT.search(text) for text in texts):
        yield Flaw(
            ("questions", key), "不得给个人打分、排名，也不得指认个人",
            "no question may score, rank or point at a person",
            "只问单位的工作、地方和服务", "ask about the work of units, about places and services",
        )  # fmt: skip


def _edges(asked: Questionnaire, key: str) -> set[str]:
    """Where a question leads: on, unless every option skips, and wherever its skip rules say."""
    question = asked.questions[key]
    skipped = question.skip.keys() >= question.options.keys() and bool(question.options) and question.required
    return set(question.skip.values()) | (set() if skipped else {asked.following(key)})


def _unreached(asked: Questionnaire) -> Iterator[Flaw]:
    reached, waiting = set(), {asked.first}
    while waiting:
        key = waiting.pop()
        reached.add(key)
        waiting |= {k for k in _edges(asked, key) if k in asked.questions} - reached
    for key in asked.questions.keys() - reached:
        yield Flaw(("questions", key), "这道题永远问不到", "this question is never asked",
                   "改正前面的 skip:", "mend the `skip:` before it")  # fmt: skip


def passable(asked: Questionnaire) -> set[str]:
    """The questions that some skip rule passes over."""
    keys = [*asked.questions, END]
    return {
        passed
        for key, question in asked.questions.items()
        for target in question.skip.values()
        if target in keys
        for passed in keys[keys.index(key) + 1 : keys.index(target)]
    }
