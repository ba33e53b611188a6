"""The open filings of the last weeks, as this process holds them: so that those alike are found in milliseconds.

Held are numbers, points, moments and buckets of pieces of words (`triage.candidates`): no text, and nothing of who
filed. Confidential filings never enter. Every change of a matter is an entry of the log, so each look first reads what
was written since the last one: what was opened or placed anew is taken in, what was closed, erased or made confidential
is forgotten. What is found is read from the database again, where rights are asked, so that nothing rests on this
memory being up to date.

At first all open filings are read, the newest first: a piece at each look, and the rest by a thread of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock, Thread

from django.db import connection
from django.db.models import Max

from onedoor.city.tree import tree
from onedoor.kernel import time
from onedoor.kernel.models import Entry
from onedoor.kernel.statements import Columns, ask
from onedoor.matters.models import Matter
from onedoor.triage.candidates import Index
from onedoor.triage.pairs import Filed

MOST = 120_000  # filings held
PIECE = 200  # filings read at one look, while there are more to be read
AT_ONCE = 500  # filings in one statement
MARGIN = 200  # entries looked at again: one that is committed late may have an earlier number
GAP = 20_000  # entries missed, from which on all is read anew
SWEPT_EVERY = timedelta(hours=1)
OF_LATE = "is_open AND NOT confidential AND erased_at IS NULL AND opened_at >= %s"
FIELDS = ("number", "title", "detail", "lon", "lat", "opened_at")
SINCE = "SELECT id, stream, hash FROM kernel_entry WHERE id > %s ORDER BY id"
OPEN_IDS = f"SELECT id FROM matters_matter WHERE {OF_LATE} ORDER BY id DESC LIMIT {MOST}"  # noqa: S608
MATTER = "matter/"
BY_ID = Columns(Matter, FIELDS, f"{OF_LATE} AND id IN ({', '.join(['%s'] * AT_ONCE)})")
BY_NUMBER = Columns(Matter, FIELDS, f"{OF_LATE} AND number IN ({', '.join(['%s'] * AT_ONCE)})")

Row = tuple[str, str, str, float | None, float | None, datetime]
Seen = tuple[str, str]  # the stream and the hash of an entry


class Held:
    """What one process holds. Safe to be used by several threads."""

    def __init__(self) -> None:
        self.index = Index()
        self.opened: dict[str, datetime] = {}
        self._turn = Lock()  # one thread at a time catches up; others search what is there
        self._reader: Thread | None = None
        self._empty()

    def whole(self) -> Index:
        """The index once everything is read, for who may wait."""
        index = self.catch_up()
        if self._reader is not None:
            self._reader.join()
        return index

    def _empty(self) -> None:
        self.index, self.opened = Index(), {}
        self._digests: dict[str, int] = {}  # of what was taken in: most entries of a matter change none of it
        self._to = -1  # the last entry that was read; -1 before the first look
        self._lately: dict[int, Seen] = {}  # the entries read that lie within the margin
        self._unread: list[int] = []  # open filings still to be read, the newest last
        self._swept = time.now()

    def catch_up(self) -> Index:
        """Reads what is new, and a piece of what was there before; the index."""
        if self._turn.acquire(blocking=False):
            try:
                self._follow()
                self._read(AT_ONCE * MOST if connection.in_atomic_block else PIECE)
                self._sweep()
            finally:
                self._turn.release()
            self._read_on()
        return self.index

    def _follow(self) -> None:
        """Takes in and forgets by the entries written since."""
        if self._to >= 0:
            rows = ask(SINCE + f" LIMIT {GAP + 1}", self._to - MARGIN)
            found = {pk: (stream, digest) for pk, stream, digest in rows}
            if len(rows) <= GAP and (not self._lately or self._lately.items() & found.items()):
                changed = found.items() ^ self._lately.items()
                self._look_at(
                    {stream[len(MATTER) :] for _, (stream, _) in changed if stream.startswith(MATTER)}
                )
                self._remember(found)
                return
            self._empty()
        newest = Entry.objects.aggregate(newest=Max("pk"))["newest"] or 0
        rows = ask(SINCE, newest - MARGIN)
        self._remember({pk: (stream, digest) for pk, stream, digest in rows})
        self._to = max(self._to, newest)
        self._unread = [pk for (pk,) in ask(OPEN_IDS, _since())][::-1]

    def _remember(self, found: dict[int, Seen]) -> None:
        self._to = max(found, default=0)
        self._lately = {pk: seen for pk, seen in found.items() if pk > self._to - MARGIN}

    def _look_at(self, numbers: set[str]) -> None:
        """Reads matters again of which something was written."""
        ordered = sorted(numbers)
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            rows = BY_NUMBER(_since(), *some, *[""] * (AT_ONCE - len(some)))
            for number in set(some) - {row[0] for row in rows}:
                self._forget(number)
            for row in rows:
                self._take(row)

    def _read(self, most: int) -> None:
        """Reads open filings that are still to be read."""
        while self._unread and most > 0:
            step = min(most, AT_ONCE)
            some, self._unread = self._unread[-step:], self._unread[:-step]
            for row in BY_ID(_since(), *some, *[0] * (AT_ONCE - len(some))):
                if row[0] not in self.opened:
                    self._take(row)
            most -= step

    def _read_on(self) -> None:
        """Has the rest read by a thread, so that no request waits for it."""
        if self._unread and (self._reader is None or not self._reader.is_alive()):
            self._reader = Thread(target=self._read_all, name="open filings", daemon=True)
            self._reader.start()

    def _read_all(self) -> None:
        try:
            while self._unread:
                with self._turn:
                    self._read(PIECE)
        finally:
            connection.close()

    def _take(self, row: Row) -> None:
        number, title, detail, lon, lat, opened_at = row
        if self._digests.get(number) == (digest := hash(row)):
            return
        self._digests[number] = digest
        self.index.add(number, Filed(title, detail, lon=lon, lat=lat))
        self.opened[number] = opened_at

    def _forget(self, number: str) -> None:
        self.index.remove(number)
        self.opened.pop(number, None)
        self._digests.pop(number, None)

    def _sweep(self) -> None:
        """Forgets what is too old to be looked for, now and then, and the oldest where there are too many."""
        if time.now() - self._swept < SWEPT_EVERY and len(self.opened) <= MOST * 1.1:
            return
        self._swept, since = time.now(), _since()
        for number in [number for number, at in self.opened.items() if at < since]:
            self._forget(number)
        if len(self.opened) > MOST:
            for number in sorted(self.opened, key=lambda one: self.opened[one], reverse=True)[MOST:]:
                self._forget(number)


def _since() -> datetime:
    return time.now() - timedelta(days=tree().profile.match_days)


_held: dict[str, Held] = {}


def held() -> Held:
    """What this process holds."""
    return _held.setdefault("held", Held())


def forget() -> None:
    """Forgets everything, for tests that build one city after another."""
    _held.clear()
