"""The procedure language: the shape of one YAML file. What the names mean is checked in `names.py`.

A procedure has states, actions between them, clocks that run in them and forms that actions ask for. `uses` pulls in
fragments (steps that many procedures share), whose `$names` are replaced by the procedure's own.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from onedoor.kernel.packs import Mistake

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

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Titled(Part):
    """Anything that is shown."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def title(self) -> dict[str, str]:
        """As the faces take it."""
        return {"zh": self.zh, "en": self.en}


class Call(Part):
    """A guard or effect by name, with an argument where it takes one."""

    name: Key
    argument: Any = None


Keys = Annotated[list[str], BeforeValidator(as_list)]
Calls = Annotated[list[Call], BeforeValidator(as_calls)]


class State(Titled):
    """Where a matter stands, and who must move it on."""

    answers: str | None = None
    end: bool = False
    stage: str | None = None
    outcome: Literal["solved", "unresolved", "withdrawn", "referred", "joined"] | None = None
    resident: Title | None = None  # what the resident reads, where the staff's title would not help her


class ClockRule(Titled):
    """A named time limit: how long, from which rule, and what happens when it passes."""

    span: str = Field(alias="for")  # "5 working days"; category.act, fact.term, city.silence: set elsewhere
    source: str = Field(min_length=1)
    sure: Literal["V", "V-weak", "O"] = "O"
    ladder: str | None = None
    on_due: str | None = None  # an action that the system then takes
    lapses: bool = (
        False  # a right that one may use in time; when the time is over, nothing is owed and the clock ends
    )
    binds: Literal["unit", "arbiter", "nobody"] = "unit"  # whose keeping of time it measures

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
    "unit", "units", "party", "category", "tasks", "rating", "filing",
]  # fmt: skip
TEXTS = ("text", "long_text")  # what a person wrote: erased on time, so never a fact


class FormField(Titled):
    """One field of a form."""

    type: FieldType = "text"
    required: bool = True
    choices: dict[str, Title] = {}
    fact: bool = False  # kept among the matter's facts, for guards and documents
    most: int | None = None  # longest text, or highest number
    help: Title | None = None

    @model_validator(mode="after")
    def _choices_only_for_choice(self) -> FormField:
        if (self.type == "choice") != bool(self.choices):
            raise Mistake(
                "选项与类型不符", "the choices do not go with the type",
                "type: choice 须写 choices:，其他类型不写", "a `choice` needs `choices:`, and only a choice has them",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _facts_are_no_text(self) -> FormField:
        if self.fact and self.type in (*TEXTS, "tasks"):
            raise Mistake(
                "文字不能作为事实保留", "text cannot be kept as a fact",
                "去掉 fact: true，或改用选项、日期、金额等类型：文字到期要清除",
                "remove `fact: true`, or ask for a choice, a date, an amount: text is erased on time",
            )  # fmt: skip
        return self


class Action(Titled):
    """One step that somebody may take."""

    from_: Keys = Field(alias="from")  # states, or `open` for every state that is not an end
    to: str = "same"
    by: Keys
    form: str | None = None
    guard: Calls = []
    effect: Calls = []
    starts: Keys = []
    stops: Keys = []  # what the clock waited for has been done; where the action starts it anew, it has not
    pauses: Keys = []
    resumes: Keys = []
    reopens: bool = False  # may lead from an end back into an open state
    help: Title | None = None


class Opening(Part):
    """How a matter begins."""

    state: str
    starts: Keys = []


class Use(Part):
    """A fragment, and what its `$names` stand for here."""

    fragment: Key
    with_: dict[str, Any] = Field(default={}, alias="with")


class Uses(Part):
    """All that a procedure takes over."""

    uses: list[Use]


class Fragment(Part):
    """A file of shared steps; its parts are checked in the procedures that use it."""

    fragment: Key
    parameters: list[Key] = []
    states: dict[str, Any] = {}
    clocks: dict[str, Any] = {}
    forms: dict[str, Any] = {}
    actions: dict[str, Any] = {}


def as_opening(value: Any) -> Any:
    """`opens: seen` may be written for `opens: {state: seen}`."""
    return {"state": value} if isinstance(value, str) else value


class Procedure(Part):
    """流程: the standard process of one kind of matter, with its fragments already in it."""

    procedure: Key
    title: Title
    says: Title | None = None
    opens: Annotated[Opening, BeforeValidator(as_opening)]
    stages: dict[str, Title] = {}
    states: dict[StateKey, State]
    clocks: dict[Key, ClockRule]
    forms: dict[Key, dict[Key, FormField]] = {}
    actions: dict[Key, Action]

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
