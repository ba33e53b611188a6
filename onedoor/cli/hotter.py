"""`onedoor triage groups`: the hot issues of the city now, and all filings grouped anew."""

from __future__ import annotations

import os

import click
from django.utils.timezone import localtime

from onedoor.cli.bilingual import both, command, print_json, say
from onedoor.cli.learning import AS_JSON, GENTLY
from onedoor.cli.tabular import table
from onedoor.intake import hot
from onedoor.intake.heat import heat
from onedoor.intake.models import HotGroup
from onedoor.kernel import time
from onedoor.matters.models import Matter

TREND = {
    "rising": ("上升", "rising"),
    "steady": ("持平", "steady"),
    "falling": ("下降", "falling"),
    "quiet": ("平息", "quiet"),
}


@command(
    "groups",
    help=both(
        "列出本市当前热点：多户反映的同一问题", "The hot issues of the city now: one thing, many households"
    ),
)
@click.option(
    "--anew", is_flag=True, help=both("先把近两月的反映全部重新归组", "First group all filings of late anew")
)
@click.option("--gently", is_flag=True, help=both("低优先级运行", "Run behind everything else"))
@click.option("--most", default=20, show_default=True, help=both("最多列出多少组", "How many groups at most"))
@AS_JSON
def groups(anew: bool, gently: bool, most: int, as_json: bool) -> None:
    """By index, the hottest first; new filings are put to their groups first."""
    if gently:
        os.nice(GENTLY)
    if anew:
        count = hot.rebuild()
        say(f"重新归组：{count} 组", f"grouped anew: {count} group(s)")
    rows = list(HotGroup.objects.filter(last_at__gte=time.now() - hot.KEPT).order_by("-index", "pk")[:most])
    told = hot.counted([row.pk for row in rows], Matter.objects.all())
    found = [(row, heat(told.get(row.pk, []), time.now())) for row in rows]
    if as_json:
        print_json([
            {
                "group": row.pk, "headline": row.headline, "first": row.first_at.isoformat(),
                "last": row.last_at.isoformat(), "matters": one.matters, "households": one.households,
                "trend": one.trend, "index": one.index, "why": one.why,
            }
            for row, one in found
        ])  # fmt: skip
        return
    lines = [
        (str(row.pk), str(one.index), str(one.matters), str(one.households), "/".join(TREND[one.trend]),
         f"{localtime(row.first_at):%m-%d}–{localtime(row.last_at):%m-%d}", row.headline)
        for row, one in found
    ]  # fmt: skip
    titles = (
        "组 Group",
        "热度 Index",
        "件 Matters",
        "户 Households",
        "走势 Trend",
        "时间 Span",
        "标题 Headline",
    )
    click.echo(table(titles, lines))
