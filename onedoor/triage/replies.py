"""What an answer to a resident says and what it leaves out: a checklist for its author, with what decided.

    asked      takes up what was asked        rule      names the rule it rests on (《…条例》, 第…条, 〔2024〕6号)
    date       names a date or a period       done      says what was done or will be, and by whom
    substance  says more than that it was     contact   says whom to ask further
               received and passed on

Every check has an `amount` (share, count or characters) and a level at which it counts as there. Nothing is added up:
there is no mark for an answer, let alone for whoever writes. What a check finds is a passage, not a judgement; a right
answer may well name no rule.

`asked`: of the character pairs of the title and of the sentences that ask, weighed by how rare they are where the
counts of a city's messages are given (`Rarity`), the share that the answer says too. Its own date of signature and
"you wrote about …" in its first words are no date and no answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

LONGEST = 8_000  # characters that are read
ENOUGH = 20  # characters beside courtesy and passing on
TAKEN_UP = 0.08  # share of what was asked
SHOWN = 6  # words shown as taken up or left out

_EMPTY = frozenset(
    "的了吗呢吧啊是我你您他她们在有和就都也不要这那个为与及等上下中对于到以之其被把给让得着过又很还但而或所此该会"
)
_FILLER = frozenset(
    re.findall(
        r"\S+",
        "请问 希望 能否 是否 反映 问题 投诉 举报 咨询 建议 请求 要求 领导 书记 市长 政府 部门 有关 相关 尊敬 情况 处理 "
        "解决 谢谢 感谢 回复 答复 留言 怎么 什么 为何 如何 何时 时候 时间 多少 没有 可以 需要 现在 目前 已经 一直 一下 "
        "进行 工作 大家 市民 居民 群众 百姓 网友 关于 严重 影响 the and for you please what when how",
    )
)
_RUN = re.compile(r"[\u3400-\u9fff]+|[A-Za-z0-9]+")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_ASKS = re.compile(
    r"[？?]|请|希望|能否|是否|何时|什么|为何|怎么|怎样|如何|多少|哪|要求|建议|咨询|投诉|反映|盼"
    r"|\b(?:please|when|why|how|can)\b",
    re.I,
)
_CLAUSE = re.compile(r"[^，,。；;！!？?：:\n]+")
_NUMBERS = re.compile(r"[\d\-—－–()（）.\s]+")
_LEAD = re.compile(
    r"^.{0,60}?(?:回复|答复|情况|汇报|解释|说明|反馈)如下|https?://\S+|^网[友民]|“[^”]{0,40}”(?=[您你，]|$)"
)
_COURTESY = re.compile(
    r"^(?:尊敬的|亲爱的)?.{0,6}[您你]们?好|感谢|谢谢|谢意|欢迎|^祝|敬请|特此|高度重视|非常重视|歉意"
    r"|对我.{0,12}(?:支持|监督|理解|关注)|(?:来信|留言|来帖|帖文|反映的?)(?:的?问题)?$"
)
_SIGNED = re.compile(
    r"[（(]?(?:\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?|[二〇○零一]{4}年.{1,3}月.{1,3}日)[）)]?\s*$"
)
_RECEIVED = r"收悉|收到|已阅|获悉|知悉"
_HANDED_ON = (
    r"转[交至到给由送办达]|转[^，。]{0,12}(?:处理|处置|调查|核实|核处|办理|答复|办复)|移交|交由|交办"
    r"|已[^，。]{0,4}转[\u3400-\u9fffA-Z\d]{1,14}$|交.{0,4}相关"
)
_BEING_LOOKED_INTO = (
    r"(?:进行|正在|将|已|再|予以|迅速|立即|认真|充分)?(?:调查|核实|核查|研究)[并和]?"
    r"(?:了解|核实|核查|处理|处置|办理|核处|办复|论证)?中?$|核处$|办复$"
    r"|(?:及时|另行|第一时间|尽快)[^，。]{0,6}(?:反馈|回复|答复)|耐心等待|后续回复|结果后"
)
_ASK_ELSEWHERE = (
    r"(?:建议|请|可|欢迎)[^，。]{0,12}(?:咨询|拨打|致电|联系|查询)|(?:咨询|联系)?电话|已.{0,6}(?:回复|答复)$"
)
_PASSED_ON = re.compile(f"{_RECEIVED}|{_HANDED_ON}|{_BEING_LOOKED_INTO}|{_ASK_ELSEWHERE}")
_KIND = (
    "(?:法|法典|条例|办法|规定|细则|规范|规程|标准|通知|意见|方案|规划|决定|公告|解释|准则|制度|规则|目录|政策"
    "|章程|批复|纪要)"
)
_NUMERAL = r"(?<![\d一二三四五六七八九十百])[一二三四五六七八九十百零〇两\d]{1,8}"
_RULE = re.compile(
    rf"《[^《》]{{1,80}}{_KIND}[^《》]{{0,12}}》(?:第{_NUMERAL}条)?|第{_NUMERAL}条"
    r"|[\u3400-\u9fff]{1,8}[〔\[［﹝（(【]\s*\d{4}\s*[〕\]］﹞）)】]\s*第?\s*\d+\s*号"
    r"|\b(?:Article|Section|Regulations?|Act|Measures)\b[^.;]{0,30}"
)
_DATE = re.compile(
    r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*(?:\d{1,2}\s*日?)?"
    r"|\d{4}年(?:年?[底初内末]|[上下]半年|第?[一二三四]季度)?"
    r"|\d{1,2}月(?:\d{1,2}日|[底初末]|[上中下]旬|份)"
    r"|(?:今|明|本|次|当)[年月周日天](?:[底初内末]|\d{1,2}月)?|[年月周]底|年[内初末]|[上下]周|下个?月"
    rf"|(?:{_NUMERAL}|[半几数])\s*个?(?:工作日|小时|日|天|周|星期|月|年)(?:之?以?内|左右|[前后])"
    r"|[上下]半年|第?[一二三四]季度"
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:by|before|within|on) (?:the end of|next|this|\d+|Monday|Tuesday|Wednesday|Thursday|Friday)[^,.;]{0,24}",
)
_VAGUE = re.compile(r"尽快|尽早|及时|适时|择机|近期|早日|逐步|as soon as possible|shortly")
_BY = re.compile(
    r"[我本该此][们局委办镇乡区县市院校所处队中街社公司单]"
    r"|局|委|办|街道|社区|镇|乡|村|公司|中心|支队|大队|中队|所|站|队|集团|学校|医院|物业|政府|厅|处|科|院|部|方|人员|单位|商"
    r"|\b[Ww]e\b|\bThe\b"
)
_DEED = re.compile(
    r"(?:已|均已|将|拟|正|再次|立即|多次|会同|联合|责令|责成|督促|督办|约谈|安排|组织|召集|协调|启动|下发|要求|派)[^，。；]{0,24}?"
    r"(?:完成|完工|竣工|修好|修复|修缮|维修|换上|更换|拆除|清理|清运|清除|整改|整治|取缔|查处|处罚|处分|批评|立案|罚款|退还|退款|支付"
    r"|发放|补偿|赔偿|安装|增设|增开|开工|建设|施工|改造|投入|开通|开放|恢复|公示|公布|出台|制定|编制|纳入|列入|检查|检测"
    r"|巡查|巡逻|走访|勘查|踏勘|实地|现场|到场|核查|核实|调查|协商|调解|沟通|召开|签订|办理|登记|审批|批准|同意|解决|落实"
    r"|告知|承诺|到位|加强|加大|优化|调整|停|关闭|搬迁|征收|采纳|论证|推进|实施)"
    r"|\b(?:has|have|will|are|is) (?:been |be )?[a-z]+(?:ed|ing|ir|ce|an)\b"
)
_CONTACT = re.compile(
    r"\d{3,4}\s*[-—－–]\s*[\d-]{7,16}|1[3-9]\d{9}|\b1[029]\d{3}\b"
    r"|(?:电话|热线|拨打|致电|邮箱|地址)[^，。；]{0,20}?\d{3,16}|\b\d{7,8}\b|[\w.]{1,64}@\w{1,64}\.\w+"
)


class Rarity:
    """How rare a pair of characters is among the messages counted: ln((1 + messages) / (1 + those with it))."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Without messages everything weighs the same."""
        self.messages = 0
        self.with_it: Counter[str] = Counter()
        for text in texts:
            self.messages += 1
            self.with_it.update({term for term, _, _ in terms(text)})

    def __call__(self, term: str) -> float:
        """The weight of a term."""
        return log((1 + self.messages) / (1 + self.with_it[term])) if self.messages else 1.0


@dataclass(frozen=True)
class Check:
    """One point of the list: whether it is there, how much of it, which passages decided, and what is left out."""

    key: str
    there: bool
    amount: float
    passages: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())


EVEN = Rarity()


def checklist(title: str, detail: str, reply: str, rarity: Rarity = EVEN) -> list[Check]:
    """The six checks of an answer, in the order in which they are shown. Takes milliseconds for 20,000 characters."""
    title, detail, reply = (joined(text[:LONGEST]) for text in (title, detail, reply))
    body = _SIGNED.sub("", reply)
    clauses = [clause for found in _CLAUSE.findall(body) if (clause := _LEAD.sub("", found.strip()))]
    told = [clause for clause in clauses if not _COURTESY.search(clause) and not _PASSED_ON.search(clause)]
    return [
        _asked(title, detail, body, rarity),
        _substance(clauses, told),
        _done(body),
        _found("date", _DATE, _unquoted(body), _VAGUE),
        _found("rule", _RULE, body),
        _found("contact", _CONTACT, body),
    ]


def joined(text: str) -> str:
    """The text without white space between Han characters, other white space single."""
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef]) | (?=[\u3000-\u9fff\uff00-\uffef])", "", text)


def terms(text: str) -> list[tuple[str, int, int]]:
    """Pairs of Han characters, words of Latin letters, with where they begin and end; none that say nothing."""
    found = []
    for run in _RUN.finditer(text.lower()):
        word, start = run.group(), run.start()
        if word[0] < "\u3400":
            found.append((word, start, run.end()))
        else:
            found += [(a + b, start + i, start + i + 2) for i, (a, b) in enumerate(pairwise(word))]
    return [it for it in found if it[0] not in _FILLER and not _EMPTY.intersection(it[0])]


def _asked(title: str, detail: str, body: str, rarity: Rarity) -> Check:
    asking = "。".join([title, *(found for found in _SENTENCE.findall(detail) if _ASKS.search(found))])
    said = {term for term, _, _ in terms(_without_restating(title, body))}
    wanted = terms(asking)
    weights = {term: rarity(term) for term, _, _ in wanted}
    total = sum(weights.values())
    share = sum(weight for term, weight in weights.items() if term in said) / total if total else 0.0
    taken = _runs(asking, [it for it in wanted if it[0] in said], weights)
    left = _runs(asking, [it for it in wanted if it[0] not in said], weights)
    return Check("asked", share >= TAKEN_UP, round(share, 4), taken, tuple(w for w in left if len(w) > 2))


def _without_restating(title: str, body: str) -> str:
    """The body without the title, which answers repeat: to repeat is not to answer."""
    return body.replace(title, "") if len(title) > 5 else body


def _runs(text: str, found: list[tuple[str, int, int]], weights: dict[str, float]) -> tuple[str, ...]:
    """The stretches of text that the terms cover together, the weightiest first."""
    stretches: list[list[float]] = []
    for term, start, end in found:
        if stretches and start <= stretches[-1][1] and start >= stretches[-1][0]:
            stretches[-1][1:] = [end, stretches[-1][2] + weights[term]]
        else:
            stretches.append([start, end, weights[term]])
    ranked = sorted(stretches, key=lambda it: -it[2])
    return tuple(dict.fromkeys(text[int(start) : int(end)] for start, end, _ in ranked))[:SHOWN]


def _substance(clauses: list[str], told: list[str]) -> Check:
    said = sum(len(_NUMBERS.sub("", clause)) for clause in told)
    empty = tuple(clause for clause in clauses if _PASSED_ON.search(clause))
    shown = sorted(told, key=len, reverse=True) if said >= ENOUGH else empty
    return Check("substance", said >= ENOUGH, said, tuple(shown[:2]))


def _done(body: str) -> Check:
    found = []
    for clause in re.findall(r"[^。；;！!\n]+", body):
        parts = "，".join(part for part in re.split("[，,]", clause) if not _PASSED_ON.search(part))
        deed = _DEED.search(parts)
        if deed and _BY.search(parts[: deed.end()]):
            found.append(clause.strip())
    return Check("done", bool(found), len(found), tuple(text[:80] for text in found[:2]))


def _unquoted(body: str) -> str:
    """What was answered, without what the first words quote of the question."""
    start = re.match(r".{0,200}?(?:如下[：:]?|收悉[。，,]?)", body)
    return body[start.end() :] if start else body


def _found(key: str, pattern: re.Pattern[str], body: str, instead: re.Pattern[str] | None = None) -> Check:
    passages = tuple(dict.fromkeys(match.group().strip() for match in pattern.finditer(body)))
    vague = tuple(dict.fromkeys(instead.findall(body))) if instead and not passages else ()
    return Check(key, bool(passages), len(passages), (passages or vague)[:SHOWN])
