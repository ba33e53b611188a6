"""What a bulletin says: every group's ranking, who is commended and who has to mend what, and what was corrected.

Units are named, never persons. It rests on frozen scores alone, so that it can be drafted again and says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Max

from onedoor.appraisal import periods
from onedoor.appraisal.models import SchemeVersion, ScoreObjection, Snapshot
from onedoor.appraisal.schemes import published
from onedoor.appraisal.schemes.language import Scheme
from onedoor.appraisal.schemes.marking import fixed, percent
from onedoor.appraisal.scores import appraising
from onedoor.appraisal.scores.gathering import cadence_of
from onedoor.appraisal.scores.rules import UnitScore
from onedoor.kernel.problems import NotFound
from onedoor.kernel.time import CITY_ZONE

NAMED = 3  # units commended, and as many that are to mend their work; items of which most was lost
QUARTERS = "一二三四"
APART = {"little_due": "本期应办太少", "veto": "一票否决"}


@dataclass(frozen=True)
class Line:
    """One unit in a ranking."""

    place: str
    name: str
    marks: str
    moved: str  # since the period before


@dataclass(frozen=True)
class Apart:
    """Units that are not ranked, and why."""

    why: str
    names: Sequence[str]


@dataclass(frozen=True)
class Part:
    """One peer group."""

    title: str
    marks: str
    lines: Sequence[Line]
    apart: Sequence[Apart]
    commended: Sequence[str]
    behind: Sequence[str]
    lost: Sequence[str]  # items of which the group lost most, with the share that was earned


@dataclass(frozen=True)
class Bulletin:
    """A whole draft."""

    title: str
    period: str
    basis: str
    parts: Sequence[Part]
    corrections: Sequence[str]
    day: date  # on which the scores were frozen


def words_of(period: str) -> str:
    """A period as an official writes it. Raises BadInput."""
    cadence, year = cadence_of(period), period[:4]
    tail = {
        "week": lambda: f"年第{int(period[6:])}周",
        "month": lambda: f"年{int(period[5:])}月",
        "quarter": lambda: f"年第{QUARTERS[int(period[-1]) - 1]}季度",
        "year": lambda: "年度",
    }[cadence]()
    return f"{year}{tail}"


def draft(version: SchemeVersion, period: str) -> Bulletin:
    """The draft for a period. Raises BadInput, and NotFound where its scores are not frozen yet."""
    words, scheme = words_of(period), published.of(version.pk)
    snapshots = _newest(version, period)
    if not snapshots:
        raise NotFound(
            what=f"{period} 的得分快照（先运行 onedoor appraise … --freeze · freeze its scores first）"
        )
    earlier = _newest(version, periods.before(period))
    frozen_at = max(one.frozen_at for one in snapshots.values())
    first = Snapshot.objects.filter(scheme=version, period=periods.before(period), revision=1)
    since = first.aggregate(at=Max("frozen_at"))["at"]  # as they were frozen: a correction of them is news
    return Bulletin(
        title=f"关于{words}考核情况的通报",
        period=words,
        basis=f"{scheme.title.zh}（第{version.version}版）",
        parts=[_part(scheme, snapshots[key], earlier.get(key)) for key in scheme.groups if key in snapshots],
        corrections=list(_corrections(version, since, frozen_at)),
        day=frozen_at.astimezone(CITY_ZONE).date(),
    )


def _newest(version: SchemeVersion, period: str) -> dict[str, Snapshot]:
    """The last revision of every group of a period."""
    rows = Snapshot.objects.filter(scheme=version, period=period, corrected_by=None)
    return {one.group: one for one in rows.order_by("group")}


def _part(scheme: Scheme, now: Snapshot, then: Snapshot | None) -> Part:
    group = scheme.groups[now.group]
    names = {code: name["zh"] for code, name in appraising.names(group).items()}
    scores = list(appraising.scores_frozen(now).values())
    before = appraising.scores_frozen(then) if then else {}
    ranked = [one for one in scores if one.place is not None]
    some = min(NAMED, len(ranked) // 2)  # nobody is both
    return Part(
        title=group.zh,
        marks=str(group.marks),
        lines=[_line(one, before.get(one.unit), names) for one in ranked],
        apart=list(_apart([one for one in scores if one.place is None], names)),
        commended=[names.get(one.unit, one.unit) for one in ranked[:some]],
        behind=[names.get(one.unit, one.unit) for one in ranked[len(ranked) - some :]],
        lost=_lost(scheme, now.group, scores),
    )  # fmt: skip


def _apart(scores: Sequence[UnitScore], names: Mapping[str, str]) -> Iterator[Apart]:
    """Those listed apart, by why."""
    for key, why in APART.items():
        found = [names.get(one.unit, one.unit) for one in scores if one.apart == key]
        if found:
            yield Apart(why, found)


def _line(one: UnitScore, before: UnitScore | None, names: Mapping[str, str]) -> Line:
    total, was = one.total or Fraction(0), before.total if before and before.place is not None else None
    moved = "—" if was is None else f"{'+' if total > was else ''}{fixed(total - was)}"
    return Line(str(one.place), names.get(one.unit, one.unit), fixed(total), moved)


def _lost(scheme: Scheme, group: str, scores: Sequence[UnitScore]) -> list[str]:
    """The items of which the group as a whole earned the least."""
    titles = {item.code: item.zh for item in scheme.items if item.group == group}
    shares = []
    for code, title in titles.items():
        due = [item for one in scores for item in one.items if item.code == code and item.marks is not None]
        weight = sum((item.weight for item in due), Fraction(0))
        if weight:
            earned = sum((item.marks for item in due if item.marks is not None), Fraction(0)) / weight
            shares.append((earned, code, title))
    return [f"{title}（得分率 {percent(share)}）" for share, _, title in sorted(shares)[:NAMED] if share < 1]


def _corrections(version: SchemeVersion, since: datetime | None, until: datetime) -> Iterator[str]:
    """What was corrected after objections since the bulletin before and up to this one; never silently.

    Each with its unit, its sub-item, what the total was and what it is.
    """
    rows = ScoreObjection.objects.filter(snapshot__scheme=version, upheld=True, decided_at__lte=until)
    rows = rows if since is None else rows.filter(decided_at__gt=since)
    scheme = published.of(version.pk)
    for one in rows.select_related("snapshot", "corrected__corrects", "unit", "arbiter").order_by(
        "decided_at", "pk"
    ):
        if one.corrected is not None:
            yield _correction(scheme, one, one.corrected)


def _correction(scheme: Scheme, one: ScoreObjection, corrected: Snapshot) -> str:
    title = next(p.part.zh for p in scheme.places(one.snapshot.group) if p.code == one.code)
    assert corrected.corrects is not None
    was, now = (appraising.scores_frozen(some)[one.subject].total for some in (corrected.corrects, corrected))
    marks = f"总分由 {fixed(was or Fraction(0))} 更正为 {fixed(now or Fraction(0))}"
    return f"{words_of(one.snapshot.period)}{one.unit.name}“{title}”：经{one.arbiter.name}裁定异议成立，{marks}。"
