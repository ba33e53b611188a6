"""`onedoor serve`: the web server, and beside it the work that happens by itself; `onedoor manage`."""

from __future__ import annotations

import multiprocessing
import os

import click
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection
from granian import Granian
from granian.constants import Interfaces

from onedoor.cli import preparing, scheduler
from onedoor.cli.bilingual import both, command, say

MOST_WORKERS = 8
APPLICATION = "config.wsgi:application"


@command("serve", help=both("启动网站（含定时任务）", "Serve the site, timers included"))
@click.option("--host", default="127.0.0.1", show_default=True, help=both("监听地址", "Address to listen on"))
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=both("端口", "Port")
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help=both("工作进程数，默认按处理器", "Processes; by cores if left out"),
)
def serve(host: str, port: int, workers: int | None) -> None:
    """Migrates, starts the timers, and serves until interrupted."""
    preparing.tables()
    run(host, port, workers or suitable_workers())


def run(host: str, port: int, workers: int) -> None:
    """Serves until interrupted. Views are synchronous: under ASGI a peer was six times slower than under WSGI."""
    shown = host if host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104  (only compared)
    say(
        f"一门已启动：http://{shown}:{port}（按 Ctrl+C 停止）",
        f"OneDoor is at http://{shown}:{port} (Ctrl+C stops it)",
    )
    os.environ["ONEDOOR_HOME"] = str(settings.ONEDOOR_HOME)  # the workers read it anew, wherever they stand
    # A forked worker would inherit which locks SQLite held in this process just then, and could never write again.
    multiprocessing.set_start_method("spawn", force=True)
    with scheduler.running():
        connection.close()
        Granian(
            APPLICATION,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads_per_worker(),
            respawn_failed_workers=True,
            log_level="warning",  # type: ignore[arg-type]
        ).serve()


def suitable_workers() -> int:
    """As many processes as the database can feed: SQLite has one writer at a time."""
    cores = os.cpu_count() or 1
    return min(2, cores) if connection.vendor == "sqlite" else min(MOST_WORKERS, cores)


def threads_per_worker() -> int:
    """Threads of a process, each with a connection of its own that it keeps."""
    return 4 if connection.vendor == "sqlite" else 8


@command(
    "manage",
    help=both("Django 管理命令，如 migrate、shell", "Django's own commands, e.g. migrate, shell"),
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Hands everything on to Django."""
    execute_from_command_line(["onedoor manage", *arguments])
