"""`onedoor bulletin`: what a period came to, as a document that somebody edits and signs."""

from __future__ import annotations

from pathlib import Path

import click

from onedoor.appraisal.bulletins import content, paper
from onedoor.appraisal.schemes import published
from onedoor.cli import preparing
from onedoor.cli.appraising import SCHEME
from onedoor.cli.bilingual import Group, both, say
from onedoor.cli.indicators import PERIOD
from onedoor.kernel.problems import BadInput


@click.group(cls=Group, help=both("通报：起草", "Bulletins: drafted"))
def bulletin() -> None:
    """Commands about bulletins."""


@bulletin.command(
    "draft",
    help=both("按已冻结的得分起草通报（.docx 和 PDF）", "Draft one out of frozen scores, as .docx and PDF"),
)
@SCHEME
@PERIOD
@click.option("--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
              help=both("写入此目录", "Folder to write to"))  # fmt: skip
def draft(key: str, period: str, folder: Path) -> None:
    """Of a period whose scores are frozen. Never overwrites a draft that somebody may have edited."""
    preparing.tables()
    made = content.draft(published.version(key), period)
    target = folder / f"{made.title}.docx"
    if target.exists():
        raise BadInput.of(
            "out", f"{target} 已存在，请换一个目录", f"{target} exists already; choose another folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    paper.write(made, str(target))
    target.with_suffix(".pdf").write_bytes(paper.pdf(made))
    say(f"已写入 {target} 和同名 PDF", f"written to {target}, and a PDF beside it")
