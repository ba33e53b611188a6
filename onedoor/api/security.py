"""Who a call acts as: the account of a key, the account that signed in, or a resident.

A wrong key is refused rather than taken for a resident. A call that rides on a session must carry the CSRF token;
one without a session has nothing that another site could borrow.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from onedoor.city import keys
from onedoor.city.models import Account
from onedoor.city.queries import actor_for
from onedoor.kernel.access import gate
from onedoor.kernel.problems import NotAllowed, NotSignedIn


class Key(HttpBearer):
    """`Authorization: Bearer od1_…`: another system acts as the account that its key was given to."""

    openapi_description = "A key that an administrator of the city gave out."

    def authenticate(self, request: HttpRequest, token: str) -> Account:
        """The account of the key, as which the request then acts. Raises NotSignedIn."""
        return act_as(request, token)


class Session(APIKeyCookie):
    """The session of somebody who signed in on the site."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_description = "The session of a page; calls that change something also send `X-CSRFToken`."

    def __call__(self, request: HttpRequest) -> Any:
        """The account of the session, if there is one. Raises NotAllowed without the CSRF token."""
        if not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise NotAllowed(what="CSRF")
        return request.user

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Not asked: the session is read by Django."""
        return None


def anybody(request: HttpRequest) -> str:
    """Whoever comes without a key and without a session is a resident."""
    return "resident"


def act_as(request: HttpRequest, key: str) -> Account:
    """Lets the rest of the request act as the account of a key. Raises NotSignedIn."""
    account = keys.account_of(key)
    if account is None:
        raise NotSignedIn
    request.user = account
    request.actor = actor_for(account)  # type: ignore[attr-defined]
    return account


STAFF = [Key(), Session()]
OPEN = [*STAFF, anybody]


@gate("matter.read", zh="持查询码的群众或工作人员", en="whoever holds its query code, and staff")
def _holds_code_or_staff(request: HttpRequest) -> bool:
    return code_of(request) is not None or request.user.is_authenticated


def code_of(request: HttpRequest) -> str | None:
    """The query code that a reading call carries: in `X-Query-Code`, where no log keeps it, or in `?code=`."""
    return request.headers.get("X-Query-Code") or request.GET.get("code")
