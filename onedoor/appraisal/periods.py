"""The days of a period, and the period before it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from onedoor.appraisal.scores.gathering import cadence_of
from onedoor.kernel.problems import BadInput
from onedoor.kernel.time import CITY_ZONE

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """A period as far as it is known: what falls due after `until` is not due yet."""

    first: date
    after: date  # the first day after it
    until: datetime  # its end, or the moment up to which the figures reach, whichever is earlier

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return midnight(self.after)

    @property
    def known(self) -> date:
        """The first day that is not wholly known: a thing due on a day is due when the day is over."""
        return self.until.astimezone(CITY_ZONE).date()

    @property
    def last(self) -> date:
        """The last day of it of which anything is known."""
        return max(self.first, min(self.after - ONE_DAY, self.known))


def midnight(day: date) -> datetime:
    """The first moment of a day in the city."""
    return datetime.combine(day, time(), CITY_ZONE)


def window(period: str, as_of: datetime) -> Window:
    """The window of `2026-W46`, `2026-11`, `2026-Q4` or `2026`. Raises BadInput for no period, or one still to come."""
    first, after = days(period)
    if as_of <= midnight(first):
        raise BadInput.of(
            "period", f"{period} 还没有开始（数据到 {as_of.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}）",
            f"{period} has not begun (the data reach to {as_of.astimezone(CITY_ZONE):%Y-%m-%d %H:%M})",
        )  # fmt: skip
    return Window(first, after, min(midnight(after), as_of))


def days(period: str) -> tuple[date, date]:
    """(first day, first day after) of a period. Raises BadInput."""
    cadence, year = cadence_of(period), int(period[:4])
    try:
        if cadence == "week":
            first = date.fromisocalendar(year, int(period[6:]), 1)
            return first, first + timedelta(weeks=1)
        month, months = {"month": (int(period[5:] or 1) if cadence == "month" else 1, 1),
                         "quarter": (3 * int(period[-1]) - 2, 3), "year": (1, 12)}[cadence]  # fmt: skip
        first = date(year, month, 1)
        return first, _months_after(first, months)
    except ValueError:
        raise BadInput.of("period", f"没有这个时期“{period}”", f"there is no period {period!r}") from None


def before(period: str) -> str:
    """The period of the same kind before it. Raises BadInput."""
    cadence, last = cadence_of(period), days(period)[0] - ONE_DAY
    if cadence == "week":
        year, week, _ = last.isocalendar()
        return f"{year}-W{week:02d}"
    if cadence == "quarter":
        return f"{last.year}-Q{(last.month + 2) // 3}"
    return f"{last:%Y-%m}" if cadence == "month" else str(last.year)


def _months_after(first: date, months: int) -> date:
    index = first.month - 1 + months
    return date(first.year + index // 12, index % 12 + 1, 1)
