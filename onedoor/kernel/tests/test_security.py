"""What every response tells the browser to refuse."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from onedoor.kernel.security import ContentSecurityMiddleware


def answer(**headers: str) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("", headers=headers)

    return ContentSecurityMiddleware(view)(RequestFactory().get("/"))


def test_scripts_and_styles_come_from_this_site_only() -> None:
    policy = answer()["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_device_features_are_off_but_for_the_resident_own_place() -> None:
    assert answer()["Permissions-Policy"] == "camera=(), microphone=(), geolocation=(self)"


def test_a_view_that_set_its_own_policy_keeps_it() -> None:
    assert answer(**{"Content-Security-Policy": "sandbox"})["Content-Security-Policy"] == "sandbox"
