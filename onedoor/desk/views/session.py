"""Signing in and out, the password, and the language."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from onedoor.city.actions import set_language as set_account_language
from onedoor.city.actions import set_password
from onedoor.city.middleware import ActedRequest
from onedoor.city.models import Account
from onedoor.desk import forms
from onedoor.kernel import limits
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, FieldError

WRONG = FieldError(
    "password", "账号或密码不对，请核对后再试", "login and password do not match; check and try again"
)
WRONG_OLD = FieldError("old", "原密码不对", "this is not your present password")
UNLIKE = FieldError("again", "两次输入的新密码不一致", "the two new passwords differ")


@never_cache
@sensitive_post_parameters("password")
@access("public")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form; a right password leads on to where one wanted to go, in the language of the account."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return redirect(onward)
    errors: list[FieldError] = []
    if request.method == "POST":
        account = _proved(request)
        if account is not None:
            login(request, account)
            return _in_language(redirect(onward), account.language)
        errors = [WRONG]
    shown = {
        "form": forms.SIGN_IN,
        "values": {"login": request.POST.get("login", "")},
        "errors": errors,
        "next": onward,
    }
    return render(request, "desk/sign_in.html", shown, status=422 if errors else 200)


def _proved(request: HttpRequest) -> Account | None:
    """The account whose password was sent. Raises TooMany after too many wrong ones."""
    name = request.POST.get("login", "").strip()[:60]
    spots = (
        (limits.SIGN_IN_BY_VISITOR, limits.visitor(request)),
        (limits.SIGN_IN_BY_LOGIN, name.lower()),
    )
    limits.check(*spots)
    found = authenticate(request, username=name, password=request.POST.get("password", ""))
    if not isinstance(found, Account):
        limits.count(*spots)
        return None
    return found


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url("desk:home")


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    if translation.check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax"
        )
    return response


@require_POST
@access("public")
def choose_language(request: ActedRequest) -> HttpResponse:
    """The switch of every page: for this browser, and where somebody signed in, for her next time as well."""
    chosen = request.POST.get("language", "")
    if isinstance(request.user, Account) and chosen in dict(settings.LANGUAGES):
        set_account_language(request.actor, request.user.login, chosen)
    return set_language(request)


@require_POST
@access("public")
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect("desk:login")


@never_cache
@sensitive_post_parameters()
@access("staff")
def password(request: ActedRequest) -> HttpResponse:
    """One's own password: the old one, and twice the new."""
    errors: list[FieldError] = []
    if request.method == "POST":
        errors = _change(request)
        if not errors:
            messages.success(request, _("Your password has been changed."))
            return redirect("desk:home")
    shown = {"form": forms.PASSWORD, "errors": errors}
    return render(request, "desk/password.html", shown, status=422 if errors else 200)


def _change(request: ActedRequest) -> list[FieldError]:
    """Sets the new password, or says what stands in the way. Raises TooMany after too many wrong old ones."""
    account, sent = request.user, request.POST
    assert isinstance(account, Account)
    spot = (limits.SIGN_IN_BY_LOGIN, account.login.lower())
    limits.check(spot)
    if not account.check_password(sent.get("old", "")):
        limits.count(spot)
        return [WRONG_OLD]
    if sent.get("new", "") != sent.get("again", ""):
        return [UNLIKE]
    try:
        changed = set_password(request.actor, account.login, sent.get("new", ""))
    except BadInput as problem:
        return [FieldError("new", error.zh, error.en) for error in problem.errors]
    update_session_auth_hash(request, changed)
    return []
