"""The register language: the shape of one file `registers/*.yaml`. What the names mean is checked in `names.py`.

A register declares one kind of record: its fields and who sees them, how a record is placed and which unit owns it,
how long it is valid and by which rule, and how it is visited: by which cycle, with which checklist, and which answer
is a finding that opens a matter. What every key means stands here, `中文 · English`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from onedoor.kernel.packs import Mistake
from onedoor.matters.language import Key, Keys, Part, Title, Titled

FieldType = Literal[
    "text", "long_text", "number", "money", "date", "yes_no", "choice", "unit", "division", "contact", "attachment",
]  # fmt: skip
Sure = Literal["V", "V-weak", "O"]
SOURCE = "依据哪条规定 · the rule it comes from"
SURE = "依据的可靠程度，同流程时限 · how sure the rule is, as for clocks"
ATTACHMENT = "attachment"
YES, NO, NOT_HERE = "yes", "no", "none"
USUAL_ANSWERS = {
    YES: Title(zh="是", en="Yes"),
    NO: Title(zh="否", en="No"),
    NOT_HERE: Title(zh="不涉及", en="Does not apply"),
}


class Lasting(Part):
    """For how long something holds, and by which rule."""

    span: str = Field(alias="for", description="多长 · how long")
    source: str = Field(min_length=1, description=SOURCE)
    sure: Sure = Field(default="O", description=SURE)


class RecordField(Titled):
    """One field of a record."""

    type: FieldType = Field(default="text", description="类型 · its type")
    required: bool = Field(default=True, description="必填 · whether it must be filled in")
    choices: dict[Key, Title] = Field(default={}, description="选项 · what may be chosen, for `type: choice`")
    most: int | None = Field(
        default=None,
        description="最多字数、最大数值或最多几个文件 · the longest text, the highest number, or how many files",
    )
    help: Title | None = Field(default=None, description="填写说明 · what to write")
    seen_by: Keys = Field(
        default=[],
        description="哪些岗位可见，其他人看不到内容；不写则看到记录的人都可见 · the roles that see it, hidden from all "
        "others; left out, whoever sees the record. A `contact` needs it",
    )
    lasts: Lasting | None = Field(
        default=None,
        description="自此日起管多久，到期则整条记录到期 · for how long what happened on this day holds; the record "
        "lapses with it",
    )

    @model_validator(mode="after")
    def _parts_fit_the_type(self) -> RecordField:
        if (self.type == "choice") != bool(self.choices):
            raise Mistake(
                "选项与类型不符", "the choices do not go with the type",
                "type: choice 须写 choices:，其他类型不写", "a `choice` needs `choices:`, and only a choice has them",
            )  # fmt: skip
        if self.lasts and self.type != "date":
            raise Mistake(
                "只有日期才有有效期", "only a date can last",
                "改为 type: date，或去掉 lasts:", "make it `type: date`, or remove `lasts:`",
            )  # fmt: skip
        if self.type == "contact" and not self.seen_by:
            raise Mistake(
                "个人联系信息没有写明谁可以查看", "it does not say who may read this contact",
                "补上 seen_by:（岗位）", "add `seen_by:` with roles",
            )  # fmt: skip
        return self


class Validity(Lasting):
    """How long a record is valid from the day it is entered or renewed."""

    renews: Keys = Field(
        default=[], description="续期时须重新填写的项目 · the fields that must be given anew to renew it"
    )


class Transfer(Lasting):
    """A record passes to another holder; `for` is how soon it has to be said."""

    asks: Keys = Field(description="变更时须重新填写的项目 · the fields that must be given anew")


class Withdrawal(Part):
    """A record is taken off the register."""

    reasons: dict[Key, Title] = Field(min_length=1, description="可选的原因 · the reasons there can be")
    within: Lasting | None = Field(default=None, description="须在多久内申报 · how soon it has to be said")


class Item(Titled):
    """One item of a checklist."""

    answers: dict[Key, Title] = Field(
        default=USUAL_ANSWERS,
        description="可选的回答，不写则为是、否、不涉及 · the answers; yes, no, none if left out",
    )
    finding: Keys = Field(default=[], description="哪些回答算发现问题 · the answers that are a finding")
    opens: str | dict[Key, str] | None = Field(
        default=None,
        description="发现问题后登记为哪类事项；分等级的，按回答分别写，时限随之不同 · the category in which a "
        "finding opens a matter, or one for each answer that is a finding: so a grade sets its time limit",
    )
    says: Title | None = Field(
        default=None, description="所开事项的标题 · the title of that matter; the item's own if left out"
    )

    @model_validator(mode="after")
    def _findings_lead_somewhere(self) -> Item:
        if bool(self.finding) != bool(self.opens):
            raise Mistake(
                "发现问题与登记事项须成对写明", "a finding and the matter that it opens go together",
                "finding: 与 opens: 同写或同不写", "write both `finding:` and `opens:`, or neither",
            )  # fmt: skip
        if isinstance(self.opens, dict) and self.opens.keys() != set(self.finding):
            raise Mistake(
                "opens: 与 finding: 的回答不一致", "`opens:` and `finding:` do not name the same answers",
                "opens: 下逐一写明每个算问题的回答", "under `opens:` name each answer that is a finding",
            )  # fmt: skip
        if unknown := [answer for answer in self.finding if answer not in self.answers]:
            raise Mistake(
                f"没有回答「{unknown[0]}」", f"there is no answer `{unknown[0]}`",
                "可用：" + "、".join(self.answers), "there are: " + ", ".join(self.answers),
            )  # fmt: skip
        return self

    @property
    def categories(self) -> dict[str, str]:
        """In which category each answer that is a finding opens a matter."""
        return self.opens if isinstance(self.opens, dict) else dict.fromkeys(self.finding, self.opens or "")


class Visits(Titled):
    """How records are visited: how often, by whom, and what is looked at."""

    every: str = Field(description="多久一次 · how often")
    source: str = Field(min_length=1, description=SOURCE)
    sure: Sure = Field(default="O", description=SURE)
    by: Keys = Field(min_length=1, description="哪些岗位去 · the roles that go")
    checklist: dict[Key, Item] = Field(min_length=1, description="检查清单 · what is looked at")


class Register(Part):
    """台账: one kind of record."""

    register_: Key = Field(alias="register", description="名称，与文件名相同 · its name, which is the file's")
    title: Title = Field(description="标题 · its title")
    says: Title = Field(description="一句话说明 · what it is for, in a sentence")
    about: Literal["places", "things", "animals", "units"] = Field(
        description="登记什么：地点、物品、动物或单位；从不登记人 · what is registered; never persons"
    )
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")] = Field(
        description="编号开头的大写字母 · the capitals that its numbers begin with"
    )
    placed: Literal["point", "division"] = Field(
        default="point", description="定位到点，或只到区划 · placed on a point, or in a division only"
    )
    owner: Keys = Field(
        min_length=1,
        description="由哪类单位管理，先写的优先 · the kinds of units that keep it, the first one first",
    )
    kept_by: Keys = Field(
        min_length=1, description="哪些岗位可登记和变更 · the roles that may enter and change records"
    )
    seen_by: Keys = Field(
        default=[],
        description="哪些岗位可见，不写则管辖此地的岗位都可见 · the roles that see records; left out, all whose "
        "posts reach the place",
    )
    called: Key = Field(description="以哪一项作为记录的标题 · the field that is the title of a record")
    fields: dict[Key, RecordField] = Field(min_length=1, description="项目 · its fields")
    validity: Validity | None = Field(default=None, description="有效期 · how long a record is valid")
    transfer: Transfer | None = Field(
        default=None, description="变更持有人 · how it passes to another holder"
    )
    withdrawal: Withdrawal = Field(description="注销 · how it is taken off the register")
    visits: Visits | None = Field(default=None, description="走访检查 · how records are visited")

    @property
    def key(self) -> str:
        """Its name."""
        return self.register_

    @property
    def asked(self) -> dict[str, RecordField]:
        """The fields that forms and tables ask for: all but files, which are added on the record's page."""
        return {name: field for name, field in self.fields.items() if field.type != ATTACHMENT}

    @property
    def papers(self) -> dict[str, RecordField]:
        """The fields that hold files."""
        return {name: field for name, field in self.fields.items() if field.type == ATTACHMENT}

    @property
    def contacts(self) -> list[str]:
        """The fields that are sealed."""
        return [name for name, field in self.fields.items() if field.type == "contact"]
