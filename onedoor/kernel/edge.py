"""Where problems become HTTP, and the only place: JSON below `/api/`, a page in the shell everywhere else.

`ProblemMiddleware` answers what views raise; `not_found`, `bad_request`, `forbidden` and `broken` are the handlers
that `config.urls` names for what happens before or beside a view. An exception of the framework is first said as
one of the catalogue, so that whoever calls meets one shape of error only: `{problem, zh, en, fields?}`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import select_template
from django.views import defaults
from django_htmx.http import HttpResponseClientRedirect

from onedoor.kernel import shell
from onedoor.kernel.files import readable
from onedoor.kernel.problems import (
    BadInput,
    Broken,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    TooLarge,
    TooMany,
    WrongMethod,
)

CALLS = "/api/"  # what lies below is called by programs and answered in JSON
MOST_SENT = 64 * 1024 * 1024  # bytes of one request, files and all


class ProblemMiddleware:
    """Answers every problem that a view raises, and refuses what is too large before anybody reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if sent(request) > MOST_SENT:
            return answer(request, TooLarge(size=readable(sent(request)), limit=readable(MOST_SENT)))
        response = self.get_response(request)
        if response.status_code == 405 and is_call(request):
            return _keeping_allow(response, as_json(WrongMethod()))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what a view raised into its answer; None leaves it to Django, which logs it."""
        problem = problem_of(request, error)
        return answer(request, problem) if problem else None


def is_call(request: HttpRequest) -> bool:
    """True for what programs call, false for pages."""
    return request.path_info.startswith(CALLS)


def sent(request: HttpRequest) -> int:
    """The length of the request's body in bytes, as it says itself; 0 where it says nothing sensible."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def problem_of(request: HttpRequest, error: Exception) -> Problem | None:
    """The problem that an exception stands for; None for a fault of our own."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return NotFound(what=request.path)
    if isinstance(error, PermissionDenied):
        return NotAllowed(what=request.path)
    if isinstance(error, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or MOST_SENT
        return TooLarge(size=readable(sent(request)), limit=readable(limit))
    if isinstance(error, SuspiciousOperation):
        return unreadable()
    return None


def unreadable() -> BadInput:
    """The request itself cannot be read."""
    return BadInput.of(
        "request",
        "请求无法读取，请检查格式和字段数量",
        "the request cannot be read; check its form and size",
    )


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer that says a problem: JSON to a program, a page to a person, the way to sign in to a stranger."""
    if is_call(request):
        return as_json(problem)
    if isinstance(problem, NotSignedIn):
        return _to_sign_in(request)
    return _with_wait(_page(request, problem), problem)


def as_json(problem: Problem) -> HttpResponse:
    """`{problem, zh, en, fields?}` with the problem's status."""
    body = JsonResponse(problem.as_dict(), status=problem.status, json_dumps_params={"ensure_ascii": False})
    return _with_wait(body, problem)


def _with_wait(response: HttpResponse, problem: Problem) -> HttpResponse:
    if isinstance(problem, TooMany):
        response["Retry-After"] = str(int(problem.facts.get("minutes", 1)) * 60)
    return response


def _keeping_allow(old: HttpResponse, new: HttpResponse) -> HttpResponse:
    if "Allow" in old:
        new["Allow"] = old["Allow"]
    return new


def _page(request: HttpRequest, problem: Problem) -> HttpResponse:
    template = select_template([f"onedoor/errors/{problem.status}.html", "onedoor/errors/problem.html"])
    facts = {"problem": problem, "error_base": shell.FRAGMENT if shell.wants_fragment(request) else None}
    return HttpResponse(template.render(facts, request), status=problem.status)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back: to the page that was asked for, or on which something was sent."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        where = htmx.current_url_abs_path or "/"
    else:
        where = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    found = redirect_to_login(where)
    return HttpResponseClientRedirect(found.url) if htmx else found


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for an address that leads nowhere."""
    return answer(request, NotFound(what=request.path))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for a request that cannot be read."""
    return answer(request, problem_of(request, exception) or unreadable())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for what it refuses itself."""
    return answer(request, NotAllowed(what=request.path))


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler for a fault of our own; it stands in the log already."""
    return as_json(Broken()) if is_call(request) else defaults.server_error(request)
