"""The frame around every page: which navigation it shows, which base it extends, what the city is called.

Each surface says once, when it is loaded, what its navigation is:

    register_nav("desk", [NavItem("work", _("My work"), "desk:home", icon="work", needs=("staff",))])

and pages extend `{{ desk_base }}` or `{{ portal_base }}`: the whole page for a browser, only its content for
an htmx request, so that one template serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, SimpleLazyObject
from django_htmx.middleware import HtmxDetails

FRAGMENT = "onedoor/fragment.html"
PORTAL = "onedoor/portal_base.html"
DESK = "onedoor/desk_base.html"


@dataclass(frozen=True)
class NavItem:
    """One entry of a surface's navigation. `needs` names roles, any of which will do; "staff" is anybody signed
    in; empty is everybody. `keys` are the letters that lead there by keyboard ("g w"); `post` makes it a button
    (to sign out, say) instead of a link."""

    key: str
    title: str | Promise
    url: str
    icon: str = "arrow"
    needs: tuple[str, ...] = ()
    keys: str = ""
    post: bool = False

    def shown_to(self, actor: Any) -> bool:
        """May this actor see the entry? (Whether the page opens is the page's own policy.)"""
        if not self.needs:
            return True
        signed_in = getattr(actor, "kind", "") == "staff"
        return signed_in and ("staff" in self.needs or actor.holds(*self.needs))


_navigation: dict[str, tuple[NavItem, ...]] = {}
_city: dict[str, Callable[[], Mapping[str, str]]] = {}


def register_nav(surface: str, items: Iterable[NavItem]) -> None:
    """Say what the navigation of a surface is; the last word counts.

    "portal", "desk" and "board" are surfaces; "account" is the menu under one's name on the desk, and the one
    item of "search" is where its search box leads (it sends `q`).
    """
    _navigation[surface] = tuple(items)


def register_city(title: Callable[[], Mapping[str, str]]) -> None:
    """Say how to learn the city's name as {zh, en}; asked once a page, so the answer should be at hand."""
    _city["title"] = title


def navigation(surface: str, actor: Any, path: str) -> list[dict[str, Any]]:
    """The entries of a surface that `actor` may see, as dicts; the one that `path` lies in is `current`."""
    items = [item for item in _navigation.get(surface, ()) if item.shown_to(actor)]
    urls = [reverse(item.url) for item in items]
    holding = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    nearest = max(holding, key=len, default=None)
    return [
        {
            "key": item.key,
            "title": item.title,
            "url": url,
            "icon": item.icon,
            "keys": item.keys,
            "post": item.post,
            "current": url == nearest,
        }
        for item, url in zip(items, urls, strict=True)
    ]


def wants_fragment(request: HttpRequest) -> bool:
    """True for an htmx request that replaces a part of a page (not a boosted link, not a restored history)."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `desk_base`, `portal_base`, `nav` (by surface), `city_title`, `actor`."""
    actor = getattr(request, "actor", None)
    fragment = wants_fragment(request)
    surfaces = {
        name: SimpleLazyObject(partial(navigation, name, actor, request.path)) for name in _navigation
    }
    return {
        "desk_base": FRAGMENT if fragment else DESK,
        "portal_base": FRAGMENT if fragment else PORTAL,
        "nav": surfaces,
        "city_title": SimpleLazyObject(_city["title"]) if "title" in _city else "",
        "actor": actor,
    }


class VaryOnHtmx:
    """Middleware: a page and its fragment share an address, so caches must tell them apart by header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and name HX-Request among the headers the answer depends on."""
        response = self.get_response(request)
        patch_vary_headers(response, ("HX-Request",))
        return response
