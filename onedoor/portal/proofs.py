"""What a visitor's session remembers: the matters that she has proved to be hers, and for how long.

She proves a matter by filing it or with its number and query code. Only numbers are kept; the code is kept nowhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from onedoor.kernel import proof, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.limits import visitor
from onedoor.kernel.problems import Problem

HELD = "onedoor.matters"  # in the session: number → the moment of its last use
FRESH = "onedoor.filed"  # numbers filed in this session, whose receipt may be shown again
LASTS = timedelta(hours=2)  # since it was last used: people share telephones and counters lend them
MOST = 20


class NotProved(Problem):
    """The session does not know this matter, or not any more: number and code are asked for again."""

    code, status = "not_proved", 401
    zh = "请用编号和查询码打开这件事。"
    en = "Please open this matter with its number and query code."


def prove(request: HttpRequest, number: str, code: str) -> Actor:
    """Checks number and code and remembers the matter. Raises WrongCode, TooMany."""
    actor = proof.prove(number, code, visitor(request))
    remember(request, actor.number or "")
    return actor


def remember(request: HttpRequest, number: str, *, fresh: bool = False) -> None:
    """Keeps a proved matter, under a new session key, so that nobody who knew the old one comes in with it."""
    known = _known(request)
    if number not in known:
        request.session.cycle_key()
    known[number] = time.now().isoformat()
    newest = sorted(known, key=lambda held: known[held])[-MOST:]
    request.session[HELD] = {held: known[held] for held in newest}
    if fresh:
        request.session[FRESH] = [*request.session.get(FRESH, []), number][-MOST:]


def actor(request: HttpRequest, number: str) -> Actor:
    """The resident of a matter that this session has proved; its time begins anew. Raises NotProved."""
    known = _known(request)
    if number not in known:
        raise NotProved
    request.session[HELD] = known | {number: time.now().isoformat()}
    return Actor.resident(number)


def numbers(request: HttpRequest) -> list[str]:
    """The matters that are remembered, the last used first."""
    known = _known(request)
    return sorted(known, key=lambda number: known[number], reverse=True)


def filed_here(request: HttpRequest, number: str) -> bool:
    """Whether the matter was filed in this session and is still remembered."""
    return number in request.session.get(FRESH, ()) and number in _known(request)


def forget(request: HttpRequest) -> None:
    """Remembers no matter any more."""
    for kept in (HELD, FRESH):
        request.session.pop(kept, None)
    request.session.cycle_key()


def _known(request: HttpRequest) -> dict[str, str]:
    since = time.now() - LASTS
    held = request.session.get(HELD, {})
    return {number: at for number, at in held.items() if datetime.fromisoformat(at) > since}
