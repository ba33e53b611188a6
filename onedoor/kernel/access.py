"""Who may enter a page or a call: every route names its gate, and a route without one fails a test.

A gate answers only "may this visitor come in here at all?". Which rows she then sees is the business of
`policies.py` of the package that owns them. Use it as the innermost decorator:

    @access("public")                       @router.get("/matters")
    def file_a_matter(request): ...         @access("staff")
                                            def matters(request, page: int = 1): ...

and around what comes ready made: `path("login/", access("public")(LoginView.as_view()))`. A package adds a
gate of its own beside its policies:

    @gate("desk.supervise", zh="督办岗位", en="supervisors")
    def _supervises(request): return request.actor.holds("supervisor")
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest

from onedoor.kernel.problems import NotAllowed, NotSignedIn

Opens = Callable[[HttpRequest], bool]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Gate:
    """A named gate: who it is for, in both languages, and the test that opens it."""

    name: str
    zh: str
    en: str
    opens: Opens


GATES: dict[str, Gate] = {}


def gate(name: str, *, zh: str, en: str) -> Callable[[Opens], Opens]:
    """Registers a gate under `name`; `zh` and `en` say who it lets in. ValueError if the name is taken."""

    def register(opens: Opens) -> Opens:
        if name in GATES:
            raise ValueError(f"two gates are called {name}")
        GATES[name] = Gate(name, zh, en, opens)
        return opens

    return register


@gate("public", zh="任何人", en="anybody")
def _anybody(request: HttpRequest) -> bool:
    return True


@gate("staff", zh="登录的工作人员", en="staff who have signed in")
def _staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def access(name: str) -> Callable[[View], View]:
    """Puts a view or API operation behind the gate `name`, and says so in its `access` attribute.

    When the gate stays shut it raises NotSignedIn (401) for a visitor who is not signed in and NotAllowed
    (403) for one who is; a name that nobody registered is shut for everybody (KeyError).
    """

    def guard(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            enter(request, name)
            return view(request, *args, **kwargs)

        # django-ninja resolves annotations in the wrapper's module, where the view's names are unknown.
        entered.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        entered.access = name  # type: ignore[attr-defined]
        return entered  # type: ignore[return-value]

    return guard


def enter(request: HttpRequest, name: str) -> None:
    """Passes in silence if the gate `name` opens for this request; else raises as `access` says."""
    entrance = GATES[name]
    if entrance.opens(request):
        return
    if not request.user.is_authenticated:
        raise NotSignedIn
    raise NotAllowed(what=f"{entrance.zh} · {entrance.en}")
