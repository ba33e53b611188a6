"""What a form says when an action refused."""

from __future__ import annotations

from onedoor.kernel.problems import BadInput, FieldError, Problem


def said(problem: Problem) -> list[FieldError]:
    """The errors for the head of a form: field by field, or the one thing that stands in the way."""
    if isinstance(problem, BadInput):
        return problem.errors
    return [FieldError("", problem.text("zh"), problem.text("en"))]
