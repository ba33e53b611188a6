"""The procedure language: the shape of one YAML file. What the names mean is checked in `names.py`.

A procedure has states, actions between them, clocks that run in them and forms that actions ask for. `uses` pulls in
fragments (steps that many procedures share), whose `$names` are replaced by the procedure's own.

What every key means stands here, `中文 · English`, and goes from here into `docs/procedures.md` (see `reference`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from onedoor.kernel.packs import Mistake
from onedoor.kernel.spans import Span

PartyRole = Literal["reporter", "respondent", "representative", "other"]
LEVELS = (1, 2, 3)  # one unit, several units, a leader takes charge (the Heshan centre's three levels)
KEY = r"^[a-z][a-z0-9_]*$"
RESERVED = {  # names that mean something to the engine
    "open": "`open` stands for every state that is not an end",
    "same": "`same` stands for the state a matter is in",
    "joined": "`joined` is where the engine keeps a filing that lives on in another matter",
}


def not_reserved(name: str) -> str:
    """The name, if it is free to be given to a state."""
    if name in RESERVED:
        raise Mistake(f"状态不能叫「{name}」", f"a state cannot be called `{name}`", "换一个名称",
                      f"choose another name: {RESERVED[name]}")  # fmt: skip
    return name


Key = Annotated[str, Field(pattern=KEY, max_length=40)]
StateKey = Annotated[Key, AfterValidator(not_reserved)]


def as_list(value: Any) -> Any:
    """`x` may be written for `[x]`."""
    return value if isinstance(value, list) else [] if value is None else [value]


def as_calls(value: Any) -> Any:
    """`name`, `{name: argument}` and lists of them, all as [{name, argument}]."""
    calls: list[Any] = []
    for item in as_list(value):
        pairs = item.items() if isinstance(item, dict) and "name" not in item else None
        calls.extend({"name": n, "argument": a} for n, a in pairs) if pairs else calls.append(
            item if isinstance(item, dict) else {"name": item}
        )
    return calls


class Part(BaseModel):
    """Unknown keys are refused, so that a slip of the pen is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Part):
    """A text in both languages."""

    zh: str = Field(min_length=1, description="中文 · the Chinese text")
    en: str = Field(min_length=1, description="英文 · the English text")


class Titled(Part):
    """Anything that is shown."""

    zh: str = Field(min_length=1, description="中文名称 · its Chinese title")
    en: str = Field(min_length=1, description="英文名称 · its English title")

    @property
    def title(self) -> dict[str, str]:
        """As the faces take it."""
        return {"zh": self.zh, "en": self.en}


class Call(Part):
    """A guard or effect by name, with an argument where it takes one."""

    name: Key = Field(description="名称 · its name")
    argument: Any = Field(default=None, description="参数 · its argument")


Keys = Annotated[list[str], BeforeValidator(as_list)]
Calls = Annotated[list[Call], BeforeValidator(as_calls)]


class State(Titled):
    """Where a matter stands, and who must move it on."""

    answers: str | None = Field(
        default=None, description="由谁推进，未办结的状态必填 · who must move it on; every open state has one"
    )
    end: bool = Field(default=False, description="办结状态 · the matter ends here")
    stage: str | None = Field(default=None, description="属于哪个阶段 · the stage it belongs to")
    outcome: Literal["solved", "unresolved", "withdrawn", "referred", "joined"] | None = Field(
        default=None, description="办结的结果，用于统计 · what came of a matter that ends here, for figures"
    )
    resident: Title | None = Field(
        default=None,
        description="群众看到的说法 · what the resident reads, where the staff's title would not help her",
    )


class ClockRule(Titled):
    """A named time limit: how long, from which rule, and what happens when it passes."""

    span: str = Field(alias="for", description="多长，见下文“期限” · how long; see Time limits below")
    source: str = Field(min_length=1, description="依据哪条规定 · the rule it comes from")
    sure: Literal["V", "V-weak", "O"] = Field(
        default="O",
        description="依据的可靠程度：V 已核实原文，V-weak 仅见转述，O 本市自定 · "
        "how sure the rule is: V read at its source, V-weak only reported, O the city's own",
    )
    ladder: str | None = Field(default=None, description="督办梯次 · what happens as the time runs out")
    on_due: str | None = Field(
        default=None, description="到期由系统执行的动作 · the action that the system takes when it is due"
    )
    lapses: bool = Field(
        default=False,
        description="只是一项权利的期限，到期即止 · it limits a right: once over, nothing is owed and it ends",
    )
    binds: Literal["unit", "arbiter", "nobody"] = Field(
        default="unit",
        description="计入谁的时效：承办单位、裁定单位，或不计 · whose keeping of time it measures",
    )

    @model_validator(mode="after")
    def _something_happens(self) -> ClockRule:
        if self.lapses == bool(self.ladder or self.on_due):
            raise Mistake(
                "没有写明到期后怎样", "it does not say what happens when the time is over",
                "写 ladder:（督办）、on_due:（系统动作）或 lapses: true（仅是一项权利的期限），后者不与前两者同写",
                "write `ladder:`, `on_due:`, or `lapses: true` where it only limits a right; the last stands alone",
            )  # fmt: skip
        return self


FieldType = Literal[
    "text", "long_text", "choice", "yes_no", "date", "moment", "number", "money", "span",
    "unit", "units", "party", "category", "tasks", "rows", "rating", "filing",
]  # fmt: skip
ColumnType = Literal["text", "long_text", "choice", "yes_no", "date", "number", "money", "unit"]
TEXTS = ("text", "long_text")
WORDS = (*TEXTS, "rows")  # what a person wrote: erased on time, so never a fact
TYPES: dict[FieldType, str] = {
    "text": "一行文字 · a line of text",
    "long_text": "一段文字 · several lines of text",
    "choice": "单选，须写 choices · one of the `choices`",
    "yes_no": "是或否 · yes or no",
    "date": "日期 · a day",
    "moment": "日期和时间 · a day and time",
    "number": "数字 · a number from 0 on",
    "money": "金额，元 · an amount in yuan",
    "span": "期限，如“15日” · a span of time",
    "unit": "一个单位 · a unit",
    "units": "若干单位 · several units",
    "party": "本事项的一方当事人 · a party of the matter",
    "category": "事项分类 · a category",
    "tasks": "分办任务：单位、内容、期限 · tasks, each with a unit, what to do and a span",
    "rows": "逐条填写，每条各有几项，见下文“多条” · rows, each with the same few cells; see Rows below",
    "rating": "1 至 5 分 · 1 to 5",
    "filing": "本件或并入的一件反映 · the matter's own filing or one joined to it",
}


def choices_fit(kind: str, choices: dict[str, Title]) -> None:
    """Only a choice has choices, and it needs them. Raises Mistake."""
    if (kind == "choice") != bool(choices):
        raise Mistake(
            "选项与类型不符", "the choices do not go with the type",
            "type: choice 须写 choices:，其他类型不写", "a `choice` needs `choices:`, and only a choice has them",
        )  # fmt: skip


class Column(Titled):
    """One cell that every row of a field of rows has."""

    type: ColumnType = Field(default="text", description="类型，限所列几种 · its type, one of these")
    required: bool = Field(default=True, description="每条必填 · whether every row must have it")
    choices: dict[str, Title] = Field(default={}, description="选项 · what may be chosen, for `type: choice`")
    most: int | None = Field(
        default=None, description="最多字数或最大数值 · the longest text or the highest number"
    )

    @model_validator(mode="after")
    def _choices_only_for_choice(self) -> Column:
        choices_fit(self.type, self.choices)
        return self


class FormField(Titled):
    """One field of a form."""

    type: FieldType = Field(default="text", description="类型 · its type")
    required: bool = Field(default=True, description="必填 · whether it must be filled in")
    choices: dict[str, Title] = Field(default={}, description="选项 · what may be chosen, for `type: choice`")
    fact: bool = Field(
        default=False,
        description="作为事实保留，供条件和文书使用；文字不能 · kept as a fact, for guards and documents; never "
        "text, which is erased on time",
    )
    most: int | None = Field(
        default=None, description="最多字数或最大数值 · the longest text or the highest number"
    )
    longest: str | None = Field(
        default=None,
        description="最长期限，用于 type: span · the longest span that may be given, for `type: span`",
    )
    help: Title | None = Field(default=None, description="填写说明 · what to write")
    columns: dict[Key, Column] = Field(
        default={}, description="每条有哪几项，用于 type: rows · the cells of every row, for `type: rows`"
    )
    answers: Key | None = Field(
        default=None,
        description="逐条对应此前填写的哪一项，用于 type: rows · the earlier rows that these answer one to one, "
        "for `type: rows`",
    )

    @model_validator(mode="after")
    def _columns_only_for_rows(self) -> FormField:
        if (self.type == "rows") != bool(self.columns) or (self.answers and self.type != "rows"):
            raise Mistake(
                "各条的项与类型不符", "the columns do not go with the type",
                "type: rows 须写 columns:，其他类型不写 columns: 和 answers:",
                "`rows` need `columns:`; nothing else has `columns:` or `answers:`",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _longest_only_for_spans(self) -> FormField:
        if self.longest is not None:
            if self.type != "span":
                raise Mistake("只有期限才有 longest:", "only a span has a `longest:`", "去掉，或改为 type: span",
                              "leave it out, or write `type: span`")  # fmt: skip
            Span.parse(self.longest)
        return self

    @model_validator(mode="after")
    def _choices_only_for_choice(self) -> FormField:
        choices_fit(self.type, self.choices)
        return self

    @model_validator(mode="after")
    def _facts_are_no_text(self) -> FormField:
        if self.fact and self.type in (*WORDS, "tasks"):
            raise Mistake(
                "文字不能作为事实保留", "text cannot be kept as a fact",
                "去掉 fact: true，或改用选项、日期、金额等类型：文字到期要清除",
                "remove `fact: true`, or ask for a choice, a date, an amount: text is erased on time",
            )  # fmt: skip
        return self


class Action(Titled):
    """One step that somebody may take."""

    from_: Keys = Field(
        alias="from",
        description="从哪些状态，`open` 指所有未办结的状态 · the states it leaves; `open`: all that are no ends",
    )
    to: str = Field(
        default="same",
        description="到哪个状态，`same` 指不变 · the state it leads to; `same` leaves it where it is",
    )
    by: Keys = Field(description="谁可以做 · who may take it")
    form: str | None = Field(default=None, description="要填的表单 · the form it asks for")
    guard: Calls = Field(default=[], description="条件，全部满足才能做 · conditions; all must hold")
    effect: Calls = Field(default=[], description="效果，依次执行 · what it does besides, in this order")
    starts: Keys = Field(default=[], description="启动的时限 · clocks it starts")
    stops: Keys = Field(
        default=[],
        description="停止的时限：要等的事已办成；又在 starts 中的重新计时 · clocks it stops: what they waited "
        "for is done; one that it also starts begins anew",
    )
    pauses: Keys = Field(default=[], description="暂停的时限 · clocks it pauses")
    resumes: Keys = Field(default=[], description="恢复的时限 · clocks it resumes")
    reopens: bool = Field(
        default=False, description="可从办结状态重新打开 · it may lead from an end back into an open state"
    )
    help: Title | None = Field(default=None, description="说明 · what to mind")


class Opening(Part):
    """How a matter begins."""

    state: str = Field(description="起始状态 · the state it begins in")
    starts: Keys = Field(default=[], description="同时启动的时限 · the clocks that then run")
    by: Keys = Field(
        default=[],
        description="由单位自行立项的事项：哪些岗位可以立项；分类的 competent 即可立项的单位种类 · for matters that a "
        "unit opens itself, with no resident: the roles that may; the category's `competent` kinds of units are those "
        "that may",
    )


class Use(Part):
    """A fragment, and what its `$names` stand for here."""

    fragment: Key = Field(description="片段名称 · the fragment")
    with_: dict[str, Any] = Field(
        default={},
        alias="with",
        description="片段中各 `$名称` 在此指什么 · what each of its `$names` stands for here",
    )


class Uses(Part):
    """All that a procedure takes over."""

    uses: list[Use] = Field(description="取用的片段 · the fragments it takes over")


class Fragment(Part):
    """A file of shared steps; its parts are checked in the procedures that use it."""

    fragment: Key = Field(description="名称，与文件名相同 · its name, which is the file's")
    parameters: list[Key] = Field(
        default=[], description="使用时须给出的名称 · the names that whoever uses it must give"
    )
    states: dict[str, Any] = Field(default={}, description="状态 · states")
    clocks: dict[str, Any] = Field(default={}, description="时限 · clocks")
    forms: dict[str, Any] = Field(default={}, description="表单 · forms")
    actions: dict[str, Any] = Field(default={}, description="动作 · actions")


def as_opening(value: Any) -> Any:
    """`opens: seen` may be written for `opens: {state: seen}`."""
    return {"state": value} if isinstance(value, str) else value


class PartyRule(Part):
    """How many of one kind of party a matter may have."""

    most: int = Field(ge=1, description="最多几人 · how many at most")
    source: str = Field(min_length=1, description="依据哪条规定 · the rule it comes from")
    sure: Literal["V", "V-weak", "O"] = Field(
        default="O", description="依据的可靠程度 · how sure the rule is, as for clocks"
    )


class Procedure(Part):
    """流程: the standard process of one kind of matter, with its fragments already in it."""

    procedure: Key = Field(description="名称，与文件名相同 · its name, which is the file's")
    title: Title = Field(description="标题 · its title")
    says: Title | None = Field(
        default=None, description="一句话说明，公开展示 · what it is in a sentence, shown to everybody"
    )
    opens: Annotated[Opening, BeforeValidator(as_opening)] = Field(
        description="如何开始，可只写状态 · how a matter begins; the state alone may be written"
    )
    parties: dict[PartyRole, PartyRule] = Field(
        default={},
        description="各类当事人的人数上限：reporter 反映人、respondent 被反映方、representative 代表人、other 其他 · "
        "how many of each kind of party it may have",
    )
    stages: dict[str, Title] = Field(
        default={}, description="阶段 · stages that states are grouped in, in their order"
    )
    states: dict[StateKey, State] = Field(description="状态 · its states")
    clocks: dict[Key, ClockRule] = Field(description="时限 · its time limits")
    forms: dict[Key, dict[Key, FormField]] = Field(
        default={}, description="表单，逐项写明 · its forms, field by field"
    )
    actions: dict[Key, Action] = Field(description="动作 · what may be done")

    def fields(self) -> dict[str, FormField]:
        """Every field of every form, by name; one that several forms ask for has the choices of all of them."""
        found: dict[str, FormField] = {}
        for form in self.forms.values():
            for name, field in form.items():
                held = found.get(name)
                more = {**held.choices, **field.choices} if held else field.choices
                found[name] = field.model_copy(update={"choices": more})
        return found

    def sources(self, action: Action) -> list[str]:
        """The states from which an action may be taken, `open` spelled out."""
        if "open" not in action.from_:
            return action.from_
        return [key for key, state in self.states.items() if not state.end or key in action.from_]

    def target(self, action: Action, state: str) -> str:
        """The state in which `action` leaves a matter that was in `state`."""
        return state if action.to == "same" else action.to

    def actions_from(self, state: str) -> list[str]:
        """The keys of all actions that leave `state`, in their written order."""
        return [key for key, action in self.actions.items() if state in self.sources(action)]
