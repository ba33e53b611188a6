"""The outlines of the map, for everybody: they change with the city, not with what is asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from onedoor.board import layers, queries
from onedoor.city.queries import tree
from onedoor.kernel.access import access
from onedoor.kernel.problems import NotFound

A_YEAR = 365 * 24 * 3600


@access("public")
def shapes(request: HttpRequest, name: str) -> HttpResponse:
    """One level of places, or `outline`, as GeoJSON; packed for whoever takes it, and known again by its ETag.

    An address with `?r=` names a revision of the city and is kept for good; one without is asked again each time.
    """
    if name != layers.OUTLINE and name not in queries.LAYERS:
        raise NotFound(what=name)
    found = layers.layer(name)
    etag = f'"{found.digest}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _kept(request, HttpResponseNotModified(), etag)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.packed if packed else found.plain, content_type="application/geo+json")
    if packed:
        response["Content-Encoding"] = "gzip"
    return _kept(request, response, etag)


def _kept(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponse:
    named = request.GET.get("r") == str(tree().revision)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if named else "public, no-cache"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
