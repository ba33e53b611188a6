"""Who asks: every request carries an `actor`, found when it is first needed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from onedoor.city.queries import actor_for
from onedoor.kernel.actor import Actor


class ActedRequest(HttpRequest):
    """A request as views receive it behind `ActorMiddleware`."""

    actor: Actor


class ActorMiddleware:
    """Sets `request.actor`: the account that signed in with its posts and grants of today, else a resident."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; nothing is read before somebody asks who acts."""
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request's session."""
    return actor_for(request.user) if request.user.is_authenticated else Actor.resident()
