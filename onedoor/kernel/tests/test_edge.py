"""One shape of error for programs, a page for people, the way to sign in for strangers."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.test import RequestFactory, override_settings
from django.utils import translation

from onedoor.kernel import edge
from onedoor.kernel.problems import (
    CATALOGUE,
    BadInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    TooLarge,
    TooMany,
)

pytestmark = pytest.mark.django_db  # a page names the city

PAGE, CALL = "/desk/matters/1", "/api/v1/matters/1"
REQUESTS = RequestFactory()


@pytest.fixture(autouse=True)
def _sign_in_page(settings: Any) -> None:
    settings.LOGIN_URL = "/sign-in/"


def said(request: HttpRequest, error: Exception) -> HttpResponse:
    response = edge.ProblemMiddleware(lambda _: HttpResponse()).process_exception(request, error)
    assert response is not None
    return response


@pytest.mark.parametrize("code", ["not_found", "not_allowed", "not_signed_in"])
def test_a_call_is_answered_in_json(code: str) -> None:
    problem = CATALOGUE[code](what="road")
    response = said(REQUESTS.get(CALL), problem)
    assert response.status_code == problem.status
    assert json.loads(response.content) == {
        "problem": code,
        "zh": problem.text("zh"),
        "en": problem.text("en"),
    }


def test_a_call_learns_every_field_that_is_wrong() -> None:
    response = said(REQUESTS.post(CALL), BadInput.of("title", "太长", "too long"))
    assert json.loads(response.content)["fields"] == [{"field": "title", "zh": "太长", "en": "too long"}]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有找到:road。"), ("en", "Not found: road.")])
def test_a_person_gets_a_page_in_her_language(language: str, words: str) -> None:
    with translation.override(language):
        response = said(REQUESTS.get(PAGE), NotFound(what="road"))
    assert response.status_code == 404
    assert words in response.content.decode()
    assert "<html" in response.content.decode()


def test_a_part_of_a_page_is_answered_with_a_part() -> None:
    request = REQUESTS.get(PAGE)
    request.htmx = SimpleNamespace(boosted=False, history_restore_request=False)  # type: ignore[attr-defined]
    response = said(request, NotAllowed(what="close"))
    assert response.status_code == 403
    assert "<html" not in response.content.decode()


def test_a_problem_without_a_page_of_its_own_has_one_all_the_same() -> None:
    assert said(REQUESTS.get(PAGE), CATALOGUE["wrong_method"]()).status_code == 405


def test_a_stranger_is_led_to_sign_in_and_back() -> None:
    assert (
        said(REQUESTS.get(PAGE + "?tab=2"), NotSignedIn())["Location"]
        == "/sign-in/?next=/desk/matters/1%3Ftab%3D2"
    )
    assert said(REQUESTS.post(PAGE), NotSignedIn())["Location"] == "/sign-in/?next=/"


def test_a_part_of_a_page_leads_the_whole_page_to_sign_in() -> None:
    request = REQUESTS.post(PAGE + "/act")
    request.htmx = SimpleNamespace(current_url_abs_path=PAGE)  # type: ignore[attr-defined]
    assert said(request, NotSignedIn())["HX-Redirect"] == "/sign-in/?next=/desk/matters/1"


def test_whoever_tried_too_often_learns_when_to_come_back() -> None:
    for where in (PAGE, CALL):
        assert said(REQUESTS.get(where), TooMany(minutes=7))["Retry-After"] == "420"


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (Http404(), NotFound),
        (PermissionDenied(), NotAllowed),
        (RequestDataTooBig(), TooLarge),
        (SuspiciousOperation(), BadInput),
    ],
)
def test_what_the_framework_raises_is_said_by_the_catalogue(error: Exception, problem: type[Problem]) -> None:
    assert type(edge.problem_of(REQUESTS.get(CALL), error)) is problem


def test_a_fault_of_our_own_is_left_to_the_log() -> None:
    middleware = edge.ProblemMiddleware(lambda _: HttpResponse())
    assert middleware.process_exception(REQUESTS.get(CALL), KeyError("x")) is None


def test_what_is_too_large_is_refused_unread() -> None:
    def unread(request: HttpRequest) -> HttpResponse:
        raise AssertionError("the view was asked")

    request = REQUESTS.post(CALL)
    request.META["CONTENT_LENGTH"] = str(edge.MOST_SENT + 1)
    response = edge.ProblemMiddleware(unread)(request)
    assert response.status_code == 413
    assert json.loads(response.content)["problem"] == "too_large"


@pytest.mark.parametrize("length", ["", "many", "-1", "²"])
def test_a_length_that_is_none_counts_as_none(length: str) -> None:
    request = REQUESTS.get(CALL)
    request.META["CONTENT_LENGTH"] = length
    assert edge.sent(request) == 0


def test_a_wrong_method_is_said_to_a_program_in_json() -> None:
    middleware = edge.ProblemMiddleware(lambda _: HttpResponseNotAllowed(["GET"]))
    response = middleware(REQUESTS.delete(CALL))
    assert (response.status_code, response["Allow"]) == (405, "GET")
    assert json.loads(response.content)["problem"] == "wrong_method"
    assert middleware(REQUESTS.delete(PAGE)).content == b""


def test_the_handlers_answer_what_happens_before_a_view() -> None:
    assert json.loads(edge.not_found(REQUESTS.get(CALL), Http404()).content)["problem"] == "not_found"
    assert (
        json.loads(edge.forbidden(REQUESTS.get(CALL), PermissionDenied()).content)["problem"] == "not_allowed"
    )
    assert json.loads(edge.bad_request(REQUESTS.get(CALL), ValueError()).content)["problem"] == "bad_input"
    assert json.loads(edge.broken(REQUESTS.get(CALL)).content)["problem"] == "broken"


@override_settings(DEBUG=False)
def test_a_broken_page_is_a_page() -> None:
    response = edge.broken(REQUESTS.get(PAGE))
    assert response.status_code == 500
    assert "<html" in response.content.decode()
