"""The words by which a scheme would punish a place because its residents filed, or would appraise persons. Pure.

A filing never counts against anyone; only what a unit did about it does. “每发生一起上访扣1分” pays for silence: it is
refused. “升级督办事项到期未答复，每件扣1分” counts what the unit left undone: it is accepted. Words can be avoided, so
this is a fence beside the other one: whether an indicator counts filings (`counts_filings`).
"""

from __future__ import annotations

import re

FILED = (
    r"(?:越级|进京|赴京|赴省|到省|到市|集体|个人|重复|初次|非正常)?(?:上访|信访|访民|来访|来信|来电|投诉|举报|控告|申诉|诉求|求助|报警|警情|接警|"
    r"12345|110|热线|工单|民意反映|负面留言|网民留言|网络留言|差评)"
)
FILED_EN = (
    r"(?:petition|complaint|call|filing|report(?:s|ed)? (?:from|by) residents|hotline|grievance|letter)s?"
)
OWN = re.compile(  # what the unit itself did or left undone
    r"逾期|超期|到期|超时|未按|未在|未能|未及时|不及时|不按|未答复|未办|未受理|未登记|未告知|未签收|未回访|未反馈|未整改|未回应|未落实|未化解|"
    r"未解决|未录入|未处理|未响应|不答复|不受理|不回应|推诿|拖延|敷衍|瞒报|漏报|迟报|拦|堵|压|截|泄露|打击报复|失实|错误|不实|"
    r"(?:化解|办结|办理|答复|受理|签收|响应|解决|满意|回访|告知|登记|录入|反馈|处置|评价|见面)(?:率|情况|质量|及时|规范|到位|完成|效果)|"
    r"\b(?:overdue|unanswered|late|not (?:answered|signed|registered|told|handled|solved|accepted)|without (?:an )?"
    r"answer|failed to|left undone|turned away|withheld|disclosed|leaked|blocked)\b|"
    r"\b(?:answer|solution|settlement|satisfaction) rate",
    re.I,
)
_TIMES = r"(?:起|件|人次|批次|批|次|人|宗|例|个|条|通|封)"
_EACH = rf"每(?:发生|出现|受理|接到|收到|有|增加|登记|产生|通报)?\s*[一1]?\s*{_TIMES}"
_VOLUME = r"(?:总?量|总?数|件次|件数|起数|人次|批次|发生率|占比|万人比)"
_WORDS_EN = r"(?:\w+\s+){0,2}"
_TAKEN = r"(?:扣|减|倒扣|降|否决|不得分|零分|通报批评|追责|问责|取消)"
_LOWERS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_EACH}[^。；;]{{0,16}}{FILED}[^。；;]{{0,16}}{_TAKEN}",
        rf"{FILED}[^。；;]{{0,12}}{_EACH}[^。；;]{{0,6}}{_TAKEN}",
        rf"(?:发生|出现|引发|被|有|接到|收到)[^。；;]{{0,6}}{FILED}[^。；;]{{0,12}}{_TAKEN}",
        rf"{FILED}[^。；;]{{0,4}}{_VOLUME}[^。；;]{{0,10}}(?:下降|压降|降低|减少|控制|升高|上升|{_TAKEN})",
        rf"(?:降低|压降|减少|压减|控制|遏制|杜绝)[^。；;]{{0,6}}{FILED}",
        rf"(?:零|无|不发生|未发生|没有){FILED}",
        rf"{FILED}(?:下降率|压降率|发生率|减少率)",
        rf"(?:deduct|minus|lose|less|off|subtract)\w*[^.;]{{0,40}}(?:each|per|every|for any)\s+{_WORDS_EN}{FILED_EN}",
        rf"(?:each|every|per|any)\s+{_WORDS_EN}{FILED_EN}[^.;]{{0,30}}(?:deduct|cost|lose|lower|minus|subtract)",
        rf"(?:no|zero|fewer|less)\s+(?:\w+\s+)?{FILED_EN}\b",
        rf"(?:reduc|lower|cut|drop|fall|decreas)\w*\s+(?:in |of |the |number )*(?:\w+\s+)?{FILED_EN}",
    )
)
_FILED_ONLY = re.compile(rf"{FILED}|\b{FILED_EN}\b", re.I)
_WORKER = (
    r"(?:网格员|民警|辅警|警官|调解员|干部|工作人员|办事员|坐席|接线员|社工|法律顾问|志愿者|worker|officer|mediator|clerk|operator|"
    r"volunteer|adviser)s?"
)
PERSONS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:每名|每位|个人|最佳|最差|最优|末位|先进){_WORKER}",
        rf"{_WORKER}\s*(?:个人)?\s*(?:排名|排行|评分|打分|得分|积分|考核成绩|业绩|绩效|末位|score|rank|rating|performance)",
        rf"\b(?:score|rank|rate|best|worst)\w*\s+(?:each |every |the )?(?:individual )?{_WORKER}",
        r"(?:给|为|对)(?:个人|居民|群众|村民|当事人|上访人|信访人)(?:打分|评分|积分|评级|排名)",
        r"(?:信用|诚信|风险|危险)(?:积分|等级|分级)[^。；;]{0,6}(?:人员|个人|居民|村民|当事人)|个人(?:信用|诚信|风险|得分|积分)",
        r"(?:上访人|信访人|投诉人|上访户|重点信访)(?:员)?[^。；;]{0,8}(?:稳控|管控|盯防|劝返|教育|台账|名单)",
        r"重点人|特殊人群|稳控|劝返|黑名单|布控|轨迹",
        r"\b(?:key|special|suspicious|problem) (?:person|people|individual)s?|\bwatch-?list|\bblack-?list",
    )
)


def punishes(*texts: str) -> str:
    """The words by which one of the texts lowers marks because residents filed; empty where none does."""
    for text in texts:
        for sentence in re.split(r"[。；;\n]|\.\s", text):
            found = next((hit for pattern in _LOWERS if (hit := pattern.search(sentence))), None)
            if found and not OWN.search(sentence):
                return found.group()
    return ""


def filed(*texts: str) -> str:
    """The filings that a text names without saying what the unit did or left undone about them; else empty."""
    for text in texts:
        found = _FILED_ONLY.search(text)
        if found and not OWN.search(text):
            return found.group()
    return ""


def appraises_persons(*texts: str) -> str:
    """The words by which one of the texts scores, ranks or follows persons; empty where none does."""
    hits = (hit for text in texts for pattern in PERSONS if (hit := pattern.search(text)))
    return next((hit.group() for hit in hits), "")
