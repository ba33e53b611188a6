"""What must stand before a command can work: tables, published procedures."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from onedoor.cli.bilingual import say
from onedoor.kernel import installed
from onedoor.kernel.actor import Actor
from onedoor.kernel.packs import FaultyFile
from onedoor.matters import actions as matters
from onedoor.registers import actions as registers
from onedoor.surveys import actions as surveys

OPERATOR = Actor.system("command line")


def tables() -> None:
    """Brings the database to the tables of this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("正在建表或升级数据库", "preparing the database")
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def published() -> tuple[int, int]:
    """Publishes what packs declare and has changed, takes in the categories: (new versions, categories).

    Raises FaultyFile where the packs do not go together, before anything is taken in.
    """
    if found := installed.faults():
        raise FaultyFile(found)
    versions = [*matters.publish(OPERATOR), *registers.publish(OPERATOR), *surveys.publish(OPERATOR)]
    return len(versions), matters.load_categories(OPERATOR)
