"""Who may enter the board's pages for staff. What the public may read of counts stands in `rules`."""

from __future__ import annotations

from django.http import HttpRequest

from onedoor.kernel.access import gate

LEADING = ("supervisor", "coordinator", "leader", "auditor", "admin")
OFFICE = ("supervisor", "auditor")


@gate("board.lead", zh="督办员、协调员、领导、审计员、信息管理员",
      en="supervisors, coordinators, leaders, auditors and administrators")  # fmt: skip
def _leads(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*LEADING))  # type: ignore[attr-defined]


@gate("board.supervise", zh="督办员、审计员", en="supervisors and auditors")
def _supervises(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*OFFICE))  # type: ignore[attr-defined]
