"""What the door has learned: the share sent to the right unit first time by week, its versions with their figures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from onedoor.appraisal import dispatch
from onedoor.appraisal.dispatch import Point
from onedoor.appraisal.rules import Week
from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.desk.shown import rows
from onedoor.intake import pairing, versions
from onedoor.intake.models import ASKED, IN_USE, REFUSED, RETIRED, TrainedModel
from onedoor.intake.queries import CATEGORY, SAME
from onedoor.intake.queries import door as indexes
from onedoor.kernel import paging, time
from onedoor.kernel.access import access
from onedoor.kernel.curves import drawn
from onedoor.matters import policies
from onedoor.matters.queries import listed

WEEKS = 14  # a quarter and the week that runs
VERSIONS = 12
PARTS = ("all", "yes", "no")
COLUMNS: tuple[dict[str, Any], ...] = (
    {"title": gettext_lazy("Week")},
    {"title": gettext_lazy("Right first time"), "kind": "number"},
    {"title": gettext_lazy("Out of"), "kind": "number"},
    {"title": gettext_lazy("Corrected"), "kind": "number"},
    {"title": gettext_lazy("Corrections made"), "kind": "number"},
)


@access("desk.learning")
def page(request: ActedRequest) -> HttpResponse:
    """The curve, the weeks in figures, and the versions."""
    points = dispatch.curve(Week.of(time.now()), WEEKS)
    held = indexes()
    shown = {
        "curve": drawn([_dot(point) for point in points]),
        "weeks": [_week(point) for point in reversed(points)],
        "week_columns": COLUMNS,
        "versions": [_version(version) for version in _newest(CATEGORY)],
        "number": held.version,
        "triage": tree().profile.triage,
        "asked": _is_asked(CATEGORY),
        "may_steer": request.actor.holds(*versions.STEERS),
        "pairs": [_paired(version) for version in _newest(SAME)],
        "pairs_number": held.same_version,
        "pairs_said": pairing.said(),
        "pairs_asked": _is_asked(SAME),
        "pairs_fewest": pairing.FEWEST + pairing.FEWEST_HELD_OUT,
    }
    return render(request, "desk/learning.html", shown)


def _newest(kind: str) -> QuerySet[TrainedModel]:
    return TrainedModel.objects.filter(kind=kind).defer("body").order_by("-number")[:VERSIONS]


def _is_asked(kind: str) -> bool:
    return TrainedModel.objects.filter(kind=kind, state=ASKED).exists()


def _dot(point: Point) -> dict[str, Any]:
    return {
        "label": f"W{point.week.number:02d}",
        "share": point.right.share,
        "title": _("%(right)s of %(of)s") % {"right": point.right.count, "of": point.right.of},
        "url": reverse("desk:learning_week", args=[str(point.week)]),
    }


def _week(point: Point) -> dict[str, Any]:
    url = reverse("desk:learning_week", args=[str(point.week)])
    return {
        "week": point.week,
        "right": point.right,
        "url": url,
        "wrong_url": f"{url}?part=no",
        "wrong": (point.right.of or 0) - point.right.count,
        "corrections": point.corrections,
    }


STATES = {
    IN_USE: ({"zh": "在用", "en": "in use"}, "good"),
    RETIRED: ({"zh": "已替换", "en": "retired"}, "plain"),
    REFUSED: ({"zh": "未采用", "en": "refused"}, "warn"),
    ASKED: ({"zh": "等待学习", "en": "waiting"}, "info"),
}


def _version(version: TrainedModel) -> dict[str, Any]:
    now, before = version.figures.get("now"), version.figures.get("before")
    return _card(version) | {
        "now": _figures(now) if now else None,
        "before": _figures(before) if before else None,
    }


def _paired(version: TrainedModel) -> dict[str, Any]:
    now, before = version.figures.get("now"), version.figures.get("before")
    return _card(version) | {
        "now": _compared(now) if now else None,
        "before": _compared(before) if before else None,
        "same": version.figures.get("same", 0),
        "moved": version.figures.get("moved", []),
    }


def _compared(found: dict[str, Any]) -> dict[str, Any]:
    return {"of": found["of"], "right": found["right"] / (found["of"] or 1), "loss": found["loss"]}


def _card(version: TrainedModel) -> dict[str, Any]:
    """What every version shows, whatever it learned."""
    title, tone = STATES[version.state]
    return {
        "number": version.number,
        "state": title,
        "tone": tone,
        "at": version.trained_at or version.asked_at,
        "examples": version.examples,
        "compared_with": version.figures.get("compared_with", 0),
        "why": version.why,
        "bytes": version.figures.get("bytes", 0),
        "seconds": version.figures.get("train_s"),
        "choosable": version.state in (RETIRED, REFUSED) and "now" in version.figures,
    }


def _figures(found: dict[str, Any]) -> dict[str, Any]:
    of = found["of"] or 1
    return {
        "of": found["of"],
        "right": found["right"] / of,
        "in_three": found["in_three"] / of,
        "automatic": found["automatic"] / of,
        "automatic_right": found["automatic_right"] / found["automatic"] if found["automatic"] else None,
        "micros": found["micros"],
    }


@require_POST
@access("desk.steer")
def now(request: ActedRequest, kind: str = CATEGORY) -> HttpResponse:
    """Asks for a version to be learned; whoever does the timed work learns it within a minute or so."""
    versions.ask(request.actor, kind)
    messages.success(request, _("The door learns within a minute or so, beside its work; look again then."))
    return redirect("desk:learning")


@require_POST
@access("desk.steer")
def use(request: ActedRequest, number: int, kind: str = CATEGORY) -> HttpResponse:
    """Goes back to another version, or to what needs no learning."""
    versions.use(request.actor, kind, number)
    by_hand = {
        CATEGORY: _("The catalogue's words alone are in use."),
        SAME: _("The weights set by hand are in use."),
    }
    told = _("Version %(number)s is in use.") if number else by_hand[kind]
    messages.success(request, told % {"number": number} if number else told)
    return redirect("desk:learning")


@access("desk.learning")
def behind(request: ActedRequest, week: str) -> HttpResponse:
    """The matters behind a point: those the reader may see, and the count of the rest. Raises BadInput."""
    asked = Week.parse(week)
    part = request.GET.get("part", "all")
    part = part if part in PARTS else "all"
    every = dispatch.behind(asked, part)
    seen = policies.visible(request.actor).filter(pk__in=every.order_by().values("pk"))
    count = seen.count()
    found = paging.page(listed(seen), "-opened_at", cursor=request.GET.get("cursor", ""))
    titles = {
        "all": _("All whose dispatch has shown itself"),
        "yes": _("Right first time"),
        "no": _("Corrected"),
    }
    shown = {
        "week": asked,
        "rows": rows.matters(found.rows),
        "columns": rows.COLUMNS,
        "more_url": f"{request.path}?{urlencode({'part': part, 'cursor': found.next})}" if found.next else "",
        "count": count,
        "unseen": every.count() - count,
        "tabs": [
            {"title": title, "url": f"{request.path}?part={key}", "current": key == part}
            for key, title in titles.items()
        ],
    }
    return render(request, "desk/learning_week.html", shown)
