"""Pages that belong to no door: log-out, the brand's sheet, the gallery of components."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout as session_end
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from chekhov.face.brand import brand_of
from chekhov.face.gallery import gallery_context
from chekhov.face.pages import page

BRAND_CACHE_SECONDS = 365 * 24 * 3600


@never_cache
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """End the session; by GET only ask, because a link or a picture elsewhere must not log anybody out."""
    if request.method == "POST":
        session_end(request)
        return redirect("start")
    return page(request, "face/logout.html")


@require_GET
def brand_sheet(request: HttpRequest) -> HttpResponse:
    """The operator's colours as a sheet; its address changes with them."""
    brand = brand_of(settings.OPERATOR_BRAND_COLOR)
    response = HttpResponse(brand.stylesheet, content_type="text/css; charset=utf-8")
    fresh = request.GET.get("v") == brand.digest
    response["Cache-Control"] = f"public, max-age={BRAND_CACHE_SECONDS}, immutable" if fresh else "no-cache"
    return response


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """All components with their states; in a sandbox and in debug only."""
    _gallery_open()
    return page(request, "face/gallery.html", gallery_context(request))


@require_GET
def gallery_window(request: HttpRequest) -> HttpResponse:
    """A window of the gallery: what the chosen rows of its table lead to."""
    _gallery_open()
    return page(request, "face/gallery_window.html", {"chosen": request.GET.getlist("document")})


def _gallery_open() -> None:
    """Raises: Http404 where the gallery is not shown."""
    if not (settings.DEBUG or getattr(settings, "SANDBOX", False)):
        raise Http404
