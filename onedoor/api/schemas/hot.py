"""Hot issues: groups of filings about one thing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from onedoor.api.schemas.common import Asked, Title


class HotFilter(Asked):
    """How many."""

    most: int = Field(20, ge=1, le=80, description="How many groups at most.")


class HotOut(Schema):
    """A group of filings that seem to speak of one thing, counted over what the caller may see."""

    id: int = Field(description="Its id.", examples=[7])
    headline: str = Field(
        description="The title among its filings that stands for all.", examples=["阳光花园暖气不热"]
    )
    first: datetime = Field(description="When the first of its filings came in.")
    last: datetime = Field(description="When the last of them came in.")
    matters: int = Field(description="Filings.", examples=[12])
    households: int = Field(
        description="Reporters, each counted once; who they are is not kept.", examples=[9]
    )
    trend: Literal["rising", "steady", "falling", "quiet"] = Field(
        description="Households of the last seven days against the seven days before."
    )
    index: int = Field(
        description="Households + 2 × households of the last seven days + 3 × further townships.",
        examples=[21],
    )
    why: Title = Field(description="The index as it was reckoned.")
