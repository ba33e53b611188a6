"""The ways out of the house: what carries a notice to somebody's telephone.

A sender is a function `send(message, timeout)` named by the setting `NOTICE_SENDER`. It returns when the message has
been taken over, and raises otherwise: `Undeliverable` when another try is of no use. The same message may come twice
(when a process died between sending and noting it), always with the same `key`; a gateway tells repeats by it.
"""

from __future__ import annotations

import contextvars
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from django.conf import settings
from django.utils.module_loading import import_string

from onedoor.kernel import time
from onedoor.kernel.sealing import seal

TIMEOUT = 10.0  # seconds for one message


class Undeliverable(Exception):
    """This message can never be delivered as it is; says why."""


@dataclass(frozen=True)
class Message:
    """One notice on its way: the text in both languages and the contacts that the reporter left."""

    key: str
    number: str
    channel: str
    to: tuple[str, ...]
    zh: str
    en: str


Send = Callable[[Message, float], None]


def configured() -> Send:
    """The sender that the site has chosen (`NOTICE_SENDER`, a dotted path)."""
    return import_string(settings.NOTICE_SENDER)


def to_outbox(message: Message, timeout: float) -> None:
    """Appends the message to a file of the day in `ONEDOOR_HOME/outbox`, for another program to carry on.

    One JSON object a line. Contacts are sealed as in the database (`kernel.sealing.unseal` opens them).
    """
    folder = settings.ONEDOOR_HOME / "outbox"
    folder.mkdir(mode=0o750, exist_ok=True)
    at = time.now()
    line = json.dumps(
        {
            "key": message.key, "at": at.isoformat(), "number": message.number, "channel": message.channel,
            "to": [seal(contact) for contact in message.to], "zh": message.zh, "en": message.en,
        },
        ensure_ascii=False,
    )  # fmt: skip
    file = os.open(folder / f"{at:%Y-%m-%d}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(file, line.encode() + b"\n")
    finally:
        os.close(file)


class Carrier:
    """Runs a sender on a thread of its own, so that one that hangs costs its time limit and no more."""

    def __init__(self, send: Send, timeout: float = TIMEOUT) -> None:
        self.send, self.timeout = send, timeout
        self._engage()

    def carry(self, message: Message) -> Exception | None:
        """Sends one message; returns what went wrong, or None."""
        self._work.put(message)
        try:
            return self._outcome.get(timeout=self.timeout)
        except Empty:
            self._work.put(None)  # the one that hangs ends when it wakes; another takes over
            self._engage()
            return TimeoutError(f"no answer within {self.timeout:g} s")

    def stop(self) -> None:
        """Ends the thread."""
        self._work.put(None)

    def _engage(self) -> None:
        self._work: SimpleQueue[Message | None] = SimpleQueue()
        self._outcome: SimpleQueue[Exception | None] = SimpleQueue()
        context = contextvars.copy_context()  # a pretended moment holds on the thread too
        Thread(target=context.run, args=(self._loop, self._work, self._outcome), daemon=True).start()

    def _loop(self, work: SimpleQueue[Message | None], outcome: SimpleQueue[Exception | None]) -> None:
        while (message := work.get()) is not None:
            try:
                self.send(message, self.timeout)
                outcome.put(None)
            except Exception as error:
                outcome.put(error)
