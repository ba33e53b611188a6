"""`onedoor triage`: a city measures on its own closed matters how well triage works."""

from __future__ import annotations

import click

from onedoor.cli.answering import replies
from onedoor.cli.bilingual import Group, both
from onedoor.cli.classifying import evaluate
from onedoor.cli.nearby import near
from onedoor.cli.sameness import hot, same


@click.group("triage", cls=Group, help=both("分诊：自测准确率", "Triage: measure how well it works"))
def triage() -> None:
    """Commands about triage: each reads CSV files, writes predictions as CSV and prints figures."""


triage.add_command(evaluate)
triage.add_command(near)
triage.add_command(replies)
triage.add_command(same)
triage.add_command(hot)
