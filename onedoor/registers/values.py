"""Cleans what was filled into a record's form: facts, words and sealed contacts apart; and says values in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onedoor.city.queries import directory, tree
from onedoor.kernel.texts import one_line
from onedoor.matters.forms import WORDS, Refused, clean
from onedoor.registers.language import RecordField, Register

LONGEST_CONTACT = 60
YES_NO = {True: {"zh": "是", "en": "Yes"}, False: {"zh": "否", "en": "No"}}


@dataclass(frozen=True)
class Filled:
    """Clean values of a form: facts go into the log, words beside it, contacts are sealed."""

    values: dict[str, Any]  # facts and words, as the record keeps them
    contacts: dict[str, str] = field(default_factory=dict)

    def news(self, old: Mapping[str, Any]) -> Filled:
        """Only what is another now than it was; what is no longer said is None."""
        gone = dict.fromkeys(name for name in old if name not in self.values)
        new = {name: value for name, value in self.values.items() if old.get(name) != value}
        return Filled(gone | new, self.contacts)

    def facts(self, register: Register) -> dict[str, Any]:
        """What may stand in the hashed body of an entry."""
        return {
            n: v
            for n, v in self.values.items()
            if n in register.fields and register.fields[n].type not in WORDS
        }

    def words(self, register: Register) -> dict[str, str]:
        """What is erased on time."""
        return {
            n: v for n, v in self.values.items() if n in register.fields and register.fields[n].type in WORDS
        }


def filled(
    register: Register,
    sent: Mapping[str, Any],
    *,
    names: Iterable[str] | None = None,
    kept: Iterable[str] = (),
) -> Filled:
    """The clean values of the fields `names` (all of them where left out). Raises BadInput with every error.

    Contacts that stand on the record already (`kept`) may be left blank, and stay.
    """
    asked = register.asked if names is None else {name: register.fields[name] for name in names}
    fields = {
        name: one.model_copy(update={"required": False}) if name in kept else one
        for name, one in asked.items()
    }
    cleaned = clean(fields, sent, more={"division": _division, "contact": _contact})
    contacts = {name: cleaned.pop(name) for name in list(cleaned) if fields[name].type == "contact"}
    return Filled(cleaned, contacts)


def _division(_: RecordField, value: Any, __: Any) -> str:
    if str(value) not in tree().by_code:
        raise Refused("没有这个区划代码", "there is no division with this code")
    return str(value)


def _contact(_: RecordField, value: Any, __: Any) -> str:
    text = one_line(str(value))
    if len(text) > LONGEST_CONTACT:
        raise Refused(f"最多 {LONGEST_CONTACT} 字", f"at most {LONGEST_CONTACT} characters")
    return text


def said(declared: RecordField, value: Any) -> Any:
    """A value as people read it: bilingual where it is a choice, the name of a unit or a place; else as it is."""
    if declared.type == "choice" and value in declared.choices:
        return declared.choices[value].model_dump()
    if declared.type == "yes_no":
        return YES_NO.get(value, value)
    if declared.type == "unit":
        unit = directory().units.get(value)
        return unit.title if unit else value
    if declared.type == "division":
        node = tree().by_code.get(value)
        return tree().full_name(node.id) if node else value
    return "" if value is None else value
