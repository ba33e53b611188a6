"""Figures as pages show them, on the desk and for everybody: made from the data, none of them knows a questionnaire."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from onedoor.surveys import queries
from onedoor.surveys.models import Round

Shown = dict[str, Any]


def whole(held: Round, *, public: bool) -> Shown:
    """Everything that the figures of a closed round show."""
    asked, figures = queries.asked_in(held), held.figures
    return {
        "held": held,
        "asked": asked,
        "headline": _estimate(figures["questions"][asked.headline]["counted"]),
        "headline_title": asked.questions[asked.headline].title,
        "figures": figures,
        "response": figures["response"],
        "questions": [_question(asked.questions[key], found) for key, found in figures["questions"].items()],
        "places": [
            place | {"counted": _estimate(place["counted"])}
            for place in figures["places"]
            if place["counted"]
        ],
        "withheld": sum(place["counted"] is None for place in figures["places"]),
        "place_columns": [
            {"title": _("Place")},
            {"title": _("Share"), "kind": "number"},
            {"title": _("Margin ±"), "kind": "number"},
            {"title": _("Answers"), "kind": "number"},
        ],
        "steps": [_step(step) for step in reversed(queries.comparison(held, public=public))],
        "step_columns": [
            {"title": _("Survey round")},
            {"title": _("Share"), "kind": "number"},
            {"title": _("Interval"), "kind": "number"},
            {"title": _("Since the round before")},
        ],
    }


def _estimate(found: dict[str, float] | None) -> Shown | None:
    """An estimate with its margin, None as it is."""
    if found is None:
        return None
    margin = (found["high"] - found["low"]) / 2
    return found | {
        "margin": margin,
        "margin_text": f"± {margin:.2%}",
        "range": f"{found['low']:.1%} – {found['high']:.1%}",
    }


def _question(question: Any, found: dict[str, Any]) -> Shown:
    if "mean" in found:
        return {"title": question.title, "mean": _estimate(found["mean"]), "bars": []}
    return {
        "title": question.title,
        "counted": _estimate(found["counted"]),
        "answers": next((one["n"] for one in found["options"].values() if one), 0),
        "bars": [
            {
                "label": question.options[key].title,
                "value": f"{one['value']:.1%}" if one else "—",
                "share": round(100 * one["value"]) if one else 0,
                "tone": "good" if question.options[key].counts else "plain",
                "note": f"± {(one['high'] - one['low']) / 2:.1%}" if one else "",
            }
            for key, one in found["options"].items()
        ],
    }


def _step(step: queries.Step) -> Shown:
    since = step.since
    return {
        "held": step.held,
        "headline": step.headline,
        "changed": step.changed,
        "points": None if since is None else f"{100 * since.value:+.1f}",
        "significant": since is not None and since.significant,
    }
