"""One way to answer with a page: whole, or the fragment that the page asks for by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragments: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`; or, when htmx asks for one of `fragments` (element id → template), only that one.

    Pages of people are never stored by caches: what they show needs a log-in.
    """
    wanted = request.headers.get("HX-Target", "") if request.headers.get("HX-Request") == "true" else ""
    chosen = (fragments or {}).get(wanted, template)
    response = render(request, chosen, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def sent_of(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: whatever was posted, be it nothing at all; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None
