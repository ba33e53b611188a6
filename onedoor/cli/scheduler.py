"""What happens by itself, every minute: clocks that have come due, notices that wait, personal data whose time is over,
the seal over the log, the lake, what the door learns, what is getting hot, and the day's early warning.

Several servers of one city may run; only one of them does the work of a minute. The lock is a file in ONEDOOR_HOME
for SQLite, and PostgreSQL's own for a city whose servers stand on several machines.
"""

from __future__ import annotations

import fcntl
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections, connection

from onedoor.appraisal.warning import kept
from onedoor.city.tree import NoCity, tree
from onedoor.intake import hot, learning, pairing
from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.turns import let_others
from onedoor.lake import changed, exporting
from onedoor.matters import actions as matters
from onedoor.notices.actions import send_waiting
from onedoor.registers import actions as registers

EVERY = 60.0  # seconds
TURN = 20  # clocks woken before others may write
LEARN = "from onedoor.cli import main; main(['triage', 'learn', '--gently'])"
COMPARE = "from onedoor.cli import main; main(['triage', 'learn', '--what', 'same', '--gently'])"
REGROUP = "from onedoor.cli import main; main(['triage', 'groups', '--anew', '--gently'])"
EXPORT = "from onedoor.cli import main; main(['lake', 'export'])"
WARN = "from onedoor.cli import main; main(['warn', '--keep'])"
AT_ONCE = (
    2000  # changed matters and records that are exported within the minute; more have a process of their own
)
LEARN_EVERY = 600.0  # seconds at least between two beginnings, so that what fails is not tried every minute
LOCK = 71_010_002  # PostgreSQL's key of the lock: any number that nobody else uses

T = TypeVar("T")
logger = logging.getLogger(__name__)


def _tick() -> None:
    while matters.tick(TURN) >= TURN:
        let_others()


def _erase() -> None:
    """As the city tells its residents: so many days after a matter's end its personal data goes."""
    try:
        days = tree().profile.keeps_days
    except NoCity:
        return
    rule = f"办结后 {days} 天 · {days} days after its end (个人信息保护法 art. 19)"
    keeper, after = Actor.system("scheduler"), timedelta(days=days)
    matters.erase_due(keeper, after=after, rule=rule, limit=TURN)
    registers.erase_due(keeper, after=after, rule=rule, limit=TURN)


def _plan() -> None:
    """The visits of registers that have come within sight of their day."""
    registers.plan_visits(Actor.system("scheduler"))


class Student:
    """Does long work in a process of its own, behind everything else, so that nothing else waits for it."""

    def __init__(self, command: str = LEARN, is_due: Callable[[], bool] = learning.is_due) -> None:
        self.command, self.is_due = command, is_due
        self.process: subprocess.Popen[bytes] | None = None
        self.begun = -LEARN_EVERY

    @property
    def running(self) -> bool:
        """Whether it is at it."""
        return self.process is not None and self.process.poll() is None

    def __call__(self) -> None:
        """Begins where it is time, unless one is at it or has only just been."""
        if self.running:
            return
        if monotonic() - self.begun < LEARN_EVERY or not _in_a_city(self.is_due):
            return
        self.begun = monotonic()
        self.process = subprocess.Popen([sys.executable, "-c", self.command], stdin=subprocess.DEVNULL)  # noqa: S603


def _in_a_city(ask: Callable[[], T]) -> T | bool:
    """What is asked; False while there is no city."""
    try:
        return ask()
    except NoCity:
        return False


class Lake:
    """Keeps the lake up to date: a minute's changes at once, a whole city's in a process of its own."""

    def __init__(self) -> None:
        self.whole = Student(EXPORT, lambda: True)

    def __call__(self) -> None:
        """Exports, unless a process is at it."""
        if self.whole.running:
            return
        if changed.waiting(AT_ONCE) < AT_ONCE:
            exporting.export()
        else:
            self.whole()


JOBS: dict[str, Callable[[], object]] = {
    "clocks": _tick,
    "notices": send_waiting,
    "erasing": _erase,
    "visits": _plan,
    "anchor": log.anchor,
    "lake": partial(_in_a_city, Lake()),
    "hot": partial(_in_a_city, hot.Watch()),
    "grouping": Student(REGROUP, hot.is_due),
    "learning": Student(),
    "warning": Student(WARN, kept.is_due),
    "comparing": Student(COMPARE, pairing.is_due),
}


def one_round() -> dict[str, bool]:
    """Does all jobs once, unless another process is at it; which of them went well. A fault stops no other job."""
    with alone() as mine:
        return {name: _done(name, job) for name, job in JOBS.items()} if mine else {}


def _done(name: str, job: Callable[[], object]) -> bool:
    try:
        job()
    except Exception:
        logger.exception("the job %s failed; it is tried again in a minute", name)
        return False
    return True


@contextmanager
def alone() -> Iterator[bool]:
    """True while no other process of this city is inside."""
    if connection.vendor == "postgresql":
        with _advisory() as mine:
            yield mine
    else:
        with _file() as mine:
            yield mine


@contextmanager
def _file() -> Iterator[bool]:
    with (settings.ONEDOOR_HOME / "scheduler.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _advisory() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def running(every: float = EVERY) -> Iterator[threading.Event]:
    """Runs the jobs in the background while the block lasts; setting the event given stops them."""
    stop = threading.Event()
    worker = threading.Thread(target=_rounds, args=(stop, every), name="scheduler", daemon=True)
    worker.start()
    try:
        yield stop
    finally:
        stop.set()
        worker.join(timeout=10)


def _rounds(stop: threading.Event, every: float) -> None:
    while not stop.is_set():
        close_old_connections()
        try:
            one_round()
        except Exception:
            logger.exception("the minute's work failed")
        stop.wait(every)
    connection.close()
