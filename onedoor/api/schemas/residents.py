"""What residents send and read."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from onedoor.api.schemas.common import Named, PlaceRef, Sent, Title, UnitRef
from onedoor.intake.rules import LONGEST

CODE = Field(
    max_length=40,
    description="The query code of the receipt; case and spaces do not matter.",
    examples=["7K3MPQRS"],
)
Channel = Literal["web", "counter", "hotline", "grid", "api"]


class FilingIn(Sent):
    """What a resident says. Only `detail` or `title` is needed; the door finds the rest."""

    detail: str = Field(
        "", max_length=LONGEST["detail"], description="What happened, in the resident's words.",
        examples=["前村水厂旁的井盖不见了，孩子上学要路过。"],
    )  # fmt: skip
    title: str = Field(
        "", max_length=LONGEST["title"], description="In a few words; made from `detail` when left out."
    )
    address: str = Field("", max_length=200, description="Where, in words.", examples=["前村小学门口"])
    lon: float | None = Field(
        None, allow_inf_nan=False, description="Where: longitude, in `datum`.", examples=[114.005]
    )
    lat: float | None = Field(
        None, allow_inf_nan=False, description="Where: latitude, in `datum`.", examples=[35.505]
    )
    datum: str = Field(
        "wgs84", max_length=40, description="The datum of the point: wgs84, cgcs2000, gcj02 or bd09."
    )
    division_code: str = Field(
        "", max_length=32, description="Where, when the caller knows the grid or village."
    )
    category: str = Field(
        "", max_length=60, description="What it is about, when somebody chose; see /categories."
    )
    name: str = Field("", max_length=60, description="Who reports it. Sealed; shown to those who must call.")
    contact: str = Field(
        "", max_length=60, description="A telephone number. Sealed; every reading is logged."
    )
    confidential: bool = Field(False, description="Keep who reports it from the units that handle it.")
    about_unit: str = Field(
        "", max_length=40, description="The code of the unit complained of: it will not handle it."
    )
    about_person: str = Field("", max_length=60, description="Who else is complained of.")
    channel: Channel = Field("api", description="How it came; only staff may say anything but `api`.")
    staff_only: bool = Field(
        False, description="Staff found it on their round: no resident reports it. Staff only."
    )
    key: str = Field(
        "", max_length=64, description="Idempotency key, where the header `Idempotency-Key` cannot be set."
    )


class Guess(Schema):
    """A category that the text suggests."""

    category: Named = Field(description="The category.")
    share: float = Field(description="How sure, between 0 and 1.", examples=[0.62])
    why: Title = Field(description="The words that decided.")


class AlikeOut(Schema):
    """A filing of the last weeks that may be about the same."""

    number: str | None = Field(description="Its number; told to staff only.", examples=["4198012026000009"])
    score: float = Field(description="How alike, between 0 and 1.", examples=[0.71])
    metres: int | None = Field(description="How far away, where both have a point.", examples=[40])
    why: Title = Field(description="What is alike.")


class Receipt(Schema):
    """What the resident keeps."""

    number: str = Field(description="The matter's number.", examples=["4198012026000017"])
    code: str = Field(
        description="The query code: with the number it opens the matter. Kept nowhere.",
        examples=["7K3MPQRS"],
    )
    repeated: bool = Field(
        description="True when the idempotency key had been used before: nothing new was opened."
    )
    category: Named = Field(description="What it was taken for.")
    unit: UnitRef = Field(description="Who answers for it.")
    place: PlaceRef | None = Field(description="Where it lies; none while a clerk still finds out.")
    answer_due: datetime | None = Field(description="By when it should be answered.")
    suggestions: list[Guess] = Field(description="What else it might be about, the likeliest first.")
    alike: list[AlikeOut] = Field(description="Filings that may be about the same.")


class VerdictIn(Sent):
    """The resident's last word."""

    code: str = CODE
    solved: bool = Field(description="Whether it is solved. `false` opens it again and raises it a level.")
    satisfied: int | None = Field(None, ge=1, le=5, description="From 1 (not at all) to 5 (very).")
    reason: str = Field("", max_length=2000, description="In her words; needed when it is not solved.")


class WithdrawIn(Sent):
    """The resident takes her filing back."""

    code: str = CODE
    reason: str = Field("", max_length=2000, description="Why, if she likes to say.")


class SupplementIn(Sent):
    """The resident adds something."""

    code: str = CODE
    text: str = Field(
        min_length=1, max_length=4000, description="What she adds.", examples=["照片已上传，井盖仍未装回。"]
    )


class AppealIn(Sent):
    """The resident appeals to the level above."""

    code: str = CODE
    reason: str = Field(min_length=1, max_length=2000, description="Why.")


class ToldLine(Schema):
    """One step of the handling, as the resident may read it."""

    at: datetime = Field(description="When.")
    title: Title = Field(description="What was done.")
    unit: str = Field(
        description="Which unit did it; never which person.", examples=["东河区住房和城乡建设局"]
    )
    words: list[str] = Field(description="What she was told, in full.")


class NoticeOut(Schema):
    """A notice to the resident."""

    at: datetime = Field(description="When it was written.")
    text: Title = Field(description="What it says.")


class Progress(Schema):
    """A matter as its resident may see it."""

    number: str = Field(description="Her filing's number.", examples=["4198012026000017"])
    title: str = Field(description="What she reported, in a few words.")
    detail: str = Field(description="What she reported.")
    category: Named = Field(description="What it is about.")
    state: Title = Field(description="Where it stands.")
    open: bool = Field(description="Whether anything is still to be done.")
    joined: bool = Field(
        description="Others reported the same: it is handled as one matter, and she keeps her number."
    )
    unit: str = Field(description="Who answers for it.", examples=["东河区住房和城乡建设局"])
    phone: str = Field(description="That unit's public line.", examples=["0392-1234567"])
    opened_at: datetime = Field(description="When it came in.")
    answer_due: datetime | None = Field(description="By when it should be answered, while that time runs.")
    yours_until: datetime | None = Field(
        description="By when the resident is asked to speak, while that time runs."
    )
    can: list[Literal["verdict", "supplement", "withdraw", "appeal"]] = Field(
        description="What the resident may do now.", examples=[["supplement", "withdraw"]]
    )
    lines: list[ToldLine] = Field(description="What was done, in order.")
    notices: list[NoticeOut] = Field(description="What she was told, the newest first.")


class AttachedOut(Schema):
    """A file as it was kept."""

    id: int = Field(description="Its id.", examples=[5])
    name: str = Field(description="Its name, with the ending that its content has.", examples=["井盖.jpg"])
    media_type: str = Field(description="What it is, told by its bytes.", examples=["image/jpeg"])
    size: int = Field(
        description="In bytes, as kept; pictures are encoded anew, without their data of place."
    )
