"""What every response tells the browser to refuse."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Responder = Callable[[HttpRequest], HttpResponse]


class ContentSecurityMiddleware:
    """Sets Content-Security-Policy from `settings.CONTENT_SECURITY`, and switches off device features.

    Scripts and styles come from this site's own files only: an inline script, an `onclick`, or a `style=`
    attribute in a template does not work, in tests as in a city. A view that must be looser sets the header
    itself and is left alone.
    """

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {value}" for name, value in settings.CONTENT_SECURITY.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and add the headers that are not there yet."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        return response
