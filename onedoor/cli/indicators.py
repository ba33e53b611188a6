"""`onedoor indicator`: what is measured, what it means, and figures with everything that made them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import click

from onedoor.appraisal.indicators import computing, wording
from onedoor.appraisal.indicators.catalogue import catalogue
from onedoor.appraisal.indicators.computing import Asked, LeftOut, Trace
from onedoor.appraisal.schemes.marking import fixed
from onedoor.appraisal.scores.gathering import Measured
from onedoor.cli.bilingual import Group, both, print_json
from onedoor.cli.lake import folder
from onedoor.cli.loading import as_json
from onedoor.cli.tabular import table
from onedoor.kernel.problems import BadInput
from onedoor.lake.columns import tables

PERIOD = click.option(
    "--period", required=True, help=both("时期：2026-W46、2026-11、2026-Q4、2026", "Period")
)
LEVEL = click.option(
    "--level", default="county", show_default=True, type=click.Choice(computing.LEVELS),
    help=both("统计到哪一级", "Level"),
)  # fmt: skip
WITH = click.option(
    "--with", "given", multiple=True, help=both("参数，如 procedure=petition", "Parameter name=value")
)
UNIT = click.option("--unit", "subject", help=both("只看这个区划或单位", "This place or unit alone"))
MOST = 1000  # rows listed
REASONS = {
    "left_out": both("未计入分母", "Left out"), "not_in_numerator": both("分母中未计入分子", "Not in the numerator"),
}  # fmt: skip


@click.group(cls=Group, help=both("指标：清单、说明、计算", "Indicators: list, explain, compute"))
def indicator() -> None:
    """Commands about indicators."""


@indicator.command("list", help=both("有哪些指标", "What is measured"))
@as_json
def list_all(as_json: bool) -> None:
    """Every indicator of every pack."""
    found = {key: one.title for key, one in sorted(catalogue().items())}
    if as_json:
        print_json(found)
        return
    click.echo(
        table(("指标 Key", "名称", "Name"), [(key, title["zh"], title["en"]) for key, title in found.items()])
    )


@indicator.command("explain", help=both("一项指标怎样统计", "What an indicator counts"))
@click.argument("key")
@as_json
def explain(key: str, as_json: bool) -> None:
    """Numerator, denominator, filters, and where the definition comes from."""
    told = wording.explained(key, computing.indicator(key, {}), tables())
    if as_json:
        print_json(told)
        return
    click.echo(f"{key}  {_both(told['title'])}\n{_both(told['how'])}；{_both(told['direction'])}")
    for name, part in (
        (both("分子", "Numerator"), "numerator"),
        (both("分母", "Denominator"), "denominator"),
    ):
        _show_measure(name, told[part])
    click.echo(f"\n{both('少于此数不评', 'Too few to judge below')}: {told['minimum_n']}")
    click.echo(f"{both('依据', 'Source')} ({told['sure']}): {told['source']}")


def _show_measure(name: str, part: dict[str, Any] | None) -> None:
    if part:
        click.echo(f"\n{name}: {_both(part)}\n  {part['table']}  {_both(part['when'])}")
        for one in part["where"]:
            click.echo(f"  {_both(one)}")


def _both(pair: dict[str, str]) -> str:
    return both(pair["zh"], pair["en"])


@indicator.command(
    "compute", help=both("计算一项指标，并说明剔除了什么", "Compute one, with what was left out and why")
)
@click.argument("key")
@PERIOD
@LEVEL
@WITH
@UNIT
@click.option("--rows", is_flag=True, help=both("列出背后的每一行", "List the rows behind it"))
@folder
@as_json
def compute(
    key: str,
    period: str,
    level: str,
    given: tuple[str, ...],
    subject: str | None,
    rows: bool,
    root: Any,
    as_json: bool,
) -> None:
    """Out of the lake as it was exported last."""
    asked = Asked(key, parameters(given), period, level, subject)
    with computing.opened(root) as lake:
        found = [
            one for one in lake.measure([asked.request], period, level) if subject in (None, one.subject)
        ]
        trace = lake.trace(asked)
        behind = lake.behind(asked, most=MOST) if rows else None
        as_of = lake.manifest.as_of
    told = told_of(asked, found, trace, as_of) | ({"behind": behind} if rows else {})
    if as_json:
        print_json(told)
    else:
        _show(told)


def parameters(given: Sequence[str]) -> dict[str, str]:
    """`name=value` pairs. Raises BadInput."""
    pairs = [text.partition("=") for text in given]
    if wrong := next((text for text, (name, sign, value) in zip(given, pairs, strict=True)
                      if not (name and sign and value)), None):  # fmt: skip
        raise BadInput.of("with", f"“{wrong}”应写成 名称=值", f"{wrong!r}: write name=value")
    return {name: value for name, _, value in pairs}


def told_of(asked: Asked, found: Sequence[Measured], trace: Trace, as_of: str) -> dict[str, Any]:
    """JSON-ready: the figures of all subjects, and what was left out of them."""
    one = catalogue()[asked.indicator]
    return {
        "indicator": asked.indicator, "with": dict(asked.parameters), "period": asked.period, "level": asked.level,
        "as_of": as_of,
        "figures": [
            {"subject": row.subject, "numerator": row.numerator, "denominator": row.denominator,
             "value": shown(row, one.factor), "few": row.denominator is not None and row.denominator < one.minimum_n}
            for row in found
        ],
        "left_out": [_line(row) for row in trace.outside],
        "not_in_numerator": [_line(row) for row in trace.against],
        "not_due_yet": trace.not_due, "in_no_subject": trace.nowhere,
    }  # fmt: skip


def shown(row: Measured, factor: int) -> str | None:
    """A figure as it is shown, with two digits; None where there was nothing to count."""
    if row.denominator is None:
        return str(row.numerator)
    return fixed(Fraction(row.numerator * factor, row.denominator)) if row.denominator else None


def _line(row: LeftOut) -> dict[str, Any]:
    return {"column": row.column, "value": row.value, "rows": row.rows}


def _show(told: dict[str, Any]) -> None:
    figures = [
        (one["subject"], one["numerator"], "" if one["denominator"] is None else one["denominator"],
         one["value"] or "", both("件数少", "few") if one["few"] else "")
        for one in told["figures"]
    ]  # fmt: skip
    click.echo(table(("单位 Subject", "分子 Num.", "分母 Den.", "值 Value", ""), figures))
    for name, words in REASONS.items():
        for line in told[name]:
            click.echo(f"{words}: {line['column']} = {line['value']}: {line['rows']}")
    if told["not_due_yet"]:
        click.echo(f"{both('尚未到期', 'Not due yet')}: {told['not_due_yet']}")
    if told["in_no_subject"]:
        click.echo(f"{both('不属于本级任何单位', 'In no subject of the level')}: {told['in_no_subject']}")
    for row in told.get("behind", ()):
        mark = "+" if row.pop("counted") else "-"
        click.echo(f"{mark} {'  '.join(map(str, row.values()))}")
