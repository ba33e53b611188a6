"""Commands whose help, headings and errors are in Chinese and English.

    @root.command("clock", help=both("到期时间及理由", "When a period ends, and why"))

A problem of the catalogue, or a faulty data file, is printed in both languages and ends the program with status 1;
wrong use of the command line with status 2. Nobody sees a traceback for what she typed or loaded.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError, ProgrammingError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from onedoor.kernel.packs import FaultyFile
from onedoor.kernel.problems import Problem

HEADINGS = {"Options": "选项 · Options", "Commands": "命令 · Commands"}
FAILED, MISUSED, INTERRUPTED = 1, 2, 130


def command(name: str, **facts: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with a bilingual `--help`, outside any group."""
    return click.command(name, cls=Command, **facts)


def both(zh: str, en: str) -> str:
    """A text in both languages."""
    return f"{zh} · {en}"


class Formatter(click.HelpFormatter):
    """Writes the headings of a help page in both languages."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that says how a command is called."""
        super().write_usage(prog, args, prefix or f"{both('用法', 'Usage')}: ")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        super().write_heading(HEADINGS.get(heading, heading))


class Context(click.Context):
    """A context whose help pages are bilingual."""

    formatter_class = Formatter


class Command(click.Command):
    """A command with a bilingual `--help`."""

    context_class = Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option `--help`, described in both languages."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = both("显示本说明", "Show this message and exit")
        return option

    def get_short_help_str(self, limit: int = 45) -> str:
        """What a command is for, whole: half of a bilingual line says nothing."""
        return (self.help or "").strip()


class Group(Command, click.Group):
    """A group of bilingual commands; as the outermost one it also prints every error and ends the program."""

    command_class = Command

    def main(self, args: Sequence[str] | None = None, **rest: Any) -> NoReturn:  # type: ignore[override]
        """Runs the command line. Always raises SystemExit."""
        rest.pop("standalone_mode", None)
        try:
            status = super().main(args, standalone_mode=False, **rest)
        except click.exceptions.Exit as ended:
            status = ended.exit_code
        except (click.Abort, KeyboardInterrupt):
            complain("已中断", "interrupted")
            status = INTERRUPTED
        except click.ClickException as error:
            complain(*_misuse(error))
            status = error.exit_code
        except BrokenPipeError:
            sys.stderr.close()  # whoever read the output has gone: nobody is left to tell
            status = FAILED
        except (
            Problem,
            FaultyFile,
            OSError,
            OperationalError,
            ProgrammingError,
            ImproperlyConfigured,
        ) as error:
            tell(error)
            status = FAILED
        sys.exit(status if isinstance(status, int) else 0)


Group.group_class = Group


LONGEST = 2000  # letters of one message: what a file holds must not flood the screen


def complain(zh: str, en: str) -> None:
    """Prints an error in both languages."""
    click.echo(f"错误：{_cut(zh)}", err=True)
    click.echo(f"Error: {_cut(en)}", err=True)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def remark(zh: str, en: str) -> None:
    """Prints a warning in both languages."""
    click.echo(click.style(f"注意：{zh}", fg="yellow"), err=True)
    click.echo(click.style(f"Note: {en}", fg="yellow"), err=True)


def say(zh: str, en: str) -> None:
    """Prints one line in both languages to where messages go, so that output stays clean."""
    click.echo(both(zh, en), err=True)


def tell(error: Exception) -> None:
    """Prints whatever went wrong as a person can understand it."""
    if isinstance(error, Problem):
        complain(error.text("zh"), error.text("en"))
    elif isinstance(error, FaultyFile):
        for fault in error.faults:
            click.echo(str(fault), err=True)
    elif isinstance(error, OperationalError | ProgrammingError):
        complain(*_database(error))
    else:
        complain(str(error), str(error))


def _database(error: Exception) -> tuple[str, str]:
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if "no such table" in said or "does not exist" in said:
        return (
            "数据库还没有建表，请先运行 onedoor load city 文件（或 onedoor manage migrate）",
            "the database has no tables yet; run `onedoor load city FILE` first (or `onedoor manage migrate`)",
        )
    return f"数据库无法使用：{said}", f"the database cannot be used: {said}"


def _misuse(error: click.ClickException) -> tuple[str, str]:
    english = error.format_message()
    name = getattr(error, "option_name", None) or getattr(
        getattr(error, "param", None), "human_readable_name", ""
    )
    said = {
        click.exceptions.NoSuchOption: f"没有选项 {name}",
        click.MissingParameter: f"缺少参数 {name}",
        click.BadParameter: f"参数 {name} 写法有误",
        click.FileError: "文件无法打开",
    }
    chinese = next((text for kind, text in said.items() if isinstance(error, kind)), "命令写法有误")
    return f"{chinese}（{english}）；加 --help 查看说明", f"{english} Add --help for help."


def print_json(value: Any) -> None:
    """Prints a value as JSON that people can read as well."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress(zh: str, en: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on the standard error, where that is a terminal; gives `advance(count)`."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(both(zh, en), total=total)
        yield lambda count: bar.update(task, advance=count)
