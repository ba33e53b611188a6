"""A gate lets in whom it names, and nobody else."""

from __future__ import annotations

import inspect

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from ninja import NinjaAPI, Schema
from ninja.testing import TestClient

from onedoor.kernel import access as module
from onedoor.kernel.access import GATES, access, gate
from onedoor.kernel.problems import NotAllowed, NotSignedIn


class SignedIn:
    """What a request carries once somebody has signed in."""

    is_authenticated = True


class Sent(Schema):
    """A body, to see that a guarded call still reads one."""

    text: str


def request_of(user: object) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user  # type: ignore[assignment]
    return request


def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """A page."""
    return HttpResponse(f"hello {name}")


def test_the_public_gate_is_open() -> None:
    assert access("public")(page)(request_of(AnonymousUser()), name="Li").content == b"hello Li"


def test_the_staff_gate_asks_to_sign_in() -> None:
    guarded = access("staff")(page)
    assert guarded(request_of(SignedIn())).content == b"hello "
    with pytest.raises(NotSignedIn):
        guarded(request_of(AnonymousUser()))


def test_a_gate_of_a_package_refuses_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GATES", dict(GATES))
    gate("mayors", zh="市长", en="mayors")(lambda request: False)
    with pytest.raises(NotAllowed, match="市长 · mayors"):
        access("mayors")(page)(request_of(SignedIn()))


def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match="two gates are called public"):
        gate("public", zh="", en="")(lambda request: True)


def test_a_gate_nobody_registered_is_shut() -> None:
    with pytest.raises(KeyError):
        access("nobody's")(page)(request_of(SignedIn()))


def test_the_view_keeps_its_name_and_tells_its_gate() -> None:
    guarded = access("staff")(page)
    assert guarded.access == "staff"  # type: ignore[attr-defined]
    assert (guarded.__name__, guarded.__doc__) == ("page", "A page.")
    assert inspect.signature(guarded).parameters["name"].annotation is str


def test_a_guarded_call_keeps_its_parameters() -> None:
    api = NinjaAPI(urls_namespace="access test")

    @api.post("/{number}")
    @access("public")
    def receive(request: HttpRequest, number: int, sent: Sent, loud: bool = False) -> dict[str, object]:
        return {"number": number, "text": sent.text.upper() if loud else sent.text}

    answer = TestClient(api).post("/7?loud=1", json={"text": "road"})
    assert answer.json() == {"number": 7, "text": "ROAD"}
