"""What every answer of the web gets: a request number and strict headers."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

# No inline script or style, nothing from elsewhere. Images may be `data:`, because the styles of form
# controls carry small drawings that way.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
PERMISSIONS_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


class RequestNumber:
    """Gives each request a short number, shown on error pages and kept in logs: `request.number`."""

    def __init__(self, handler: Handler) -> None:
        """Wrap the next handler."""
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number the request and repeat the number in the answer."""
        number = secrets.token_hex(6)
        request.number = number  # type: ignore[attr-defined]
        response = self.handler(request)
        response["X-Request-Number"] = number
        return response


class SecurityHeaders:
    """Sets the content security policy and the permissions policy where a view has set none."""

    def __init__(self, handler: Handler) -> None:
        """Wrap the next handler."""
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers set."""
        response = self.handler(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response
