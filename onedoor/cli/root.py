"""The outermost command, and what every command shares."""

from __future__ import annotations

import click

from onedoor import __version__
from onedoor.cli import (
    accounts,
    appraising,
    asking,
    bulletins,
    demo,
    describing,
    filling,
    hotter,
    indicators,
    integrity,
    keys,
    lake,
    learning,
    loading,
    packs,
    scaffolding,
    schemes,
    serving,
    standing,
    surveys,
    triage,
    warning,
)
from onedoor.cli.bilingual import Group, both


@click.group(
    cls=Group,
    help=both(
        "一门：一个门进，一事一办结。各命令加 --help 看说明。",
        "OneDoor. Add --help to any command for its help.",
    ),
)
@click.version_option(
    __version__, message="OneDoor %(version)s", help=both("显示版本", "Show the version and exit")
)
def main() -> None:
    """The console script `onedoor`."""


for command in (
    demo.demo,
    serving.serve,
    loading.load,
    packs.packs,
    standing.registers,
    asking.clock,
    asking.locate,
    asking.audit,
    asking.sheet,
    asking.roster,
    triage.triage,
    surveys.surveys,
    schemes.scheme,
    lake.lake,
    indicators.indicator,
    appraising.appraise,
    appraising.explain,
    bulletins.bulletin,
    filling.table,
    warning.warn,
    integrity.integrity,
    accounts.account,
    keys.key,
    serving.manage,
):
    main.add_command(command)

for command in (learning.learn, learning.versions, learning.use, hotter.groups):
    triage.triage.add_command(command)

for command in (describing.list_all, describing.write_pages, scaffolding.new):
    packs.packs.add_command(command)
