"""A record's history as people read it: fields that the reader may not see are not told there either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from onedoor.city.queries import directory
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.registers import kinds, policies
from onedoor.registers.language import Register
from onedoor.registers.models import Record
from onedoor.registers.values import YES_NO, said

Both = Mapping[str, str]
MOST = 200
TITLES: dict[str, tuple[Both, str, str]] = {  # kind → (title, icon, tone)
    "record_entered": ({"zh": "登记", "en": "Entered"}, "plus", "teal"),
    "record_corrected": ({"zh": "更正", "en": "Corrected"}, "pen", "plain"),
    "record_renewed": ({"zh": "续期", "en": "Renewed"}, "again", "good"),
    "record_transferred": ({"zh": "变更持有人", "en": "Transferred"}, "people", "info"),
    "record_withdrawn": ({"zh": "注销", "en": "Withdrawn"}, "cross", "plain"),
    "visit_planned": ({"zh": "排定走访检查", "en": "Visit planned"}, "calendar", "plain"),
    "visit_done": ({"zh": "走访检查", "en": "Visited"}, "check", "good"),
    "finding_closed": ({"zh": "发现的问题已销号", "en": "Finding closed"}, "check", "good"),
    "record_contact_read": ({"zh": "查看联系方式", "en": "Contact read"}, "eye", "secret"),
    "record_file_added": ({"zh": "添加材料", "en": "File added"}, "clip", "plain"),
    "record_erased": ({"zh": "个人信息到期清除", "en": "Personal data erased"}, "lock", "plain"),
}
LABELS: dict[str, Both] = {
    "planned_for": {"zh": "最迟日期", "en": "By"},
    "happened_on": {"zh": "发生日期", "en": "Happened on"},
    "late": {"zh": "晚于申报期限", "en": "Said after its time"},
    "number": {"zh": "事项", "en": "Matter"},
    "reason": {"zh": "理由", "en": "Reason"},
    "note": {"zh": "备注", "en": "Note"},
    "purpose": {"zh": "用途", "en": "Purpose"},
    "again": {"zh": "上次发现、尚未整改", "en": "Found before, not mended yet"},
}
Pair = tuple[Both, Any]


def lines(actor: Actor, record: Record) -> list[dict[str, Any]]:
    """The entries, the newest first, as the timeline component takes them."""
    register, seen = kinds.of(record), policies.fields_seen(actor, record)
    entries = Entry.objects.filter(stream=record.stream).order_by("-seq")[:MOST]
    return [_line(entry, register, seen) for entry in entries]


def _line(entry: Entry, register: Register, seen: frozenset[str]) -> dict[str, Any]:
    title, icon, tone = TITLES.get(entry.kind, ({"zh": entry.kind, "en": entry.kind}, "check", "plain"))
    unit = directory().units.get(entry.by_unit or 0)
    found = bool(entry.body.get("opened") or entry.body.get("again"))
    return {
        "seq": entry.seq,
        "at": entry.at,
        "title": title,
        "icon": "alert" if found else icon,
        "tone": "warn" if found else tone,
        "unit": unit.title if unit else "",
        "facts": [*_facts(entry, register, seen), *_answers(entry.body, register), *_said(entry)],
        "words": (entry.words or {}).get("note") or (entry.words or {}).get("reason") or "",
    }


def _facts(entry: Entry, register: Register, seen: frozenset[str]) -> Iterator[Pair]:
    """The fields that the entry tells, of those that the reader sees."""
    told = entry.body.get("facts", {}) | ((entry.words or {}).get("text") or {})
    for name, declared in register.fields.items():
        if name in told and name in seen:
            yield declared.title, said(declared, told[name])
    if (
        entry.kind == "record_file_added"
        and (name := entry.body.get("field", "")) in register.fields
        and name in seen
    ):
        yield register.fields[name].title, {"zh": "一个文件", "en": "a file"}
    contacts = entry.body.get("contacts", ())
    for name in contacts if isinstance(contacts, list) else ():
        if name in register.fields and name in seen:
            yield register.fields[name].title, {"zh": "已加密保存", "en": "kept sealed"}


def _answers(body: Mapping[str, Any], register: Register) -> Iterator[Pair]:
    checklist = register.visits.checklist if register.visits else {}
    opened, answers = body.get("opened", {}), body.get("answers", {})
    for name, item in checklist.items():
        answer = str(answers.get(name, ""))
        if answer in item.answers:
            shown = item.answers[answer].model_dump()
            yield (
                item.title,
                {k: f"{v} → {opened[name]}" for k, v in shown.items()} if name in opened else shown,
            )
    closed = checklist.get(body.get("item", ""))
    if closed:
        yield {"zh": "项目", "en": "Item"}, closed.title


def _said(entry: Entry) -> Iterator[Pair]:
    for name in ("planned_for", "happened_on", "number"):
        if entry.body.get(name) and entry.kind != "record_entered":
            yield LABELS[name], entry.body[name]
    if entry.body.get("late"):
        yield LABELS["late"], YES_NO[True]
    if purpose := (entry.words or {}).get("purpose"):
        yield LABELS["purpose"], purpose
