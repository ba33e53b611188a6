"""The one catalogue of problems. Domain code raises them; `kernel.edge` alone turns them into HTTP.

Each says in Chinese and English what is wrong and what to do instead; `{fields}` are filled from the facts given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

CATALOGUE: dict[str, type[Problem]] = {}


class Problem(Exception):
    """Something a person can understand and mend. Subclasses are the catalogue."""

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        if cls.code in CATALOGUE:
            raise TypeError(f"two problems are called {cls.code}")
        CATALOGUE[cls.code] = cls

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """The message in `zh` or `en` (any other language code reads English)."""
        template = self.zh if language.startswith("zh") else self.en
        return template.format_map(self.facts)

    def as_dict(self) -> dict[str, Any]:
        """What the API and commands print."""
        return {"problem": self.code, "zh": self.text("zh"), "en": self.text("en")}


@dataclass(frozen=True)
class FieldError:
    """One field that cannot be taken, and what to write instead."""

    field: str
    zh: str
    en: str

    def text(self, language: str) -> str:
        """The message in `zh` or `en`."""
        return self.zh if language.startswith("zh") else self.en


class BadInput(Problem):
    """One or more fields cannot be taken; nothing was changed."""

    code, status = "bad_input", 400
    zh, en = "有 {count} 处需要更正:{zh}", "{count} field(s) to correct: {en}"

    def __init__(self, errors: list[FieldError]) -> None:
        self.errors = errors
        super().__init__(
            count=len(errors),
            zh=";".join(f"{e.field}:{e.zh}" for e in errors),
            en="; ".join(f"{e.field}: {e.en}" for e in errors),
        )

    @classmethod
    def of(cls, field: str, zh: str, en: str) -> BadInput:
        """The common case: one field."""
        return cls([FieldError(field, zh, en)])

    def as_dict(self) -> dict[str, Any]:
        """With every field apart."""
        fields = [{"field": e.field, "zh": e.zh, "en": e.en} for e in self.errors]
        return super().as_dict() | {"fields": fields}


class NotSignedIn(Problem):
    """The page or call needs an account."""

    code, status = "not_signed_in", 401
    zh, en = "请先登录。", "Please sign in first."


class NotAllowed(Problem):
    """The actor sees the thing but may not do this to it."""

    code, status = "not_allowed", 403
    zh, en = "您的岗位不能进行此操作:{what}。", "Your post may not do this: {what}."


class NotFound(Problem):
    """It does not exist, or lies outside what the actor may see: the two read alike on purpose."""

    code, status = "not_found", 404
    zh, en = "没有找到:{what}。请核对后再试。", "Not found: {what}. Please check and try again."


class WrongCode(Problem):
    """Number and query code do not belong together."""

    code, status = "wrong_code", 404
    zh, en = (
        "编号与查询码不符，请核对回执。",
        "Number and query code do not match; please check your receipt.",
    )


class Conflict(Problem):
    """The thing has moved on meanwhile."""

    code, status = "conflict", 409
    zh, en = "情况已变化:{zh}", "Things have changed meanwhile: {en}"


class NotNow(Problem):
    """A guard refused: the rule that stands in the way is told."""

    code, status = "not_now", 409
    zh, en = "现在还不能这样做:{zh}", "This cannot be done yet: {en}"


class KeyReused(Problem):
    """An idempotency key came back with other content."""

    code, status = "key_reused", 409
    zh, en = (
        "同一幂等键已用于不同内容，请换一个新键。",
        "This idempotency key was used with other content; use a new key.",
    )


class TooLarge(Problem):
    """An upload is over its limit."""

    code, status = "too_large", 413
    zh, en = "文件过大({size}),上限为 {limit}。", "The file is too large ({size}); the limit is {limit}."


class TooMany(Problem):
    """Too many tries in too short a time."""

    code, status = "too_many", 429
    zh, en = "尝试过于频繁，请 {minutes} 分钟后再试。", "Too many attempts; try again in {minutes} minutes."


class WrongMethod(Problem):
    """The address exists, but is not called this way."""

    code, status = "wrong_method", 405
    zh, en = (
        "此地址不支持该请求方法，请查看接口说明。",
        "This address is not called with this method; see the API's description.",
    )


class Broken(Problem):
    """Our own fault. What exactly stands in the server's log and is told to nobody."""

    code, status = "broken", 500
    zh, en = "系统出错，已记录，请稍后再试。", "Something broke here and was written down; try again later."
