"""What every request of the web passes: its number, its true address, strict headers, the person's session."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chekhov import clock
from chekhov.accounts.models import User
from chekhov.accounts.sessions import SessionStore

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


class ClientAddress:
    """Finds from where a request came, as `request.client_address`, or None.

    X-Forwarded-For is believed from the right as long as networks of PROXIES speak; what a stranger wrote into
    it is not.
    """

    def __init__(self, handler: Handler) -> None:
        """Wrap the next handler; read the networks of our balancers."""
        self.handler = handler
        self.proxies = [ipaddress.ip_network(network) for network in settings.PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the address."""
        forwarded = request.headers.get("X-Forwarded-For", "").split(",") if self.proxies else []
        chain = [*forwarded, request.META.get("REMOTE_ADDR", "")]
        request.client_address = self._nearest_stranger(chain)  # type: ignore[attr-defined]
        return self.handler(request)

    def _nearest_stranger(self, chain: list[str]) -> str | None:
        nearest = None
        for text in reversed(chain):
            try:
                far = ipaddress.ip_address(text.strip())
            except ValueError:
                return nearest
            if far.version == 6 and far.ipv4_mapped is not None:
                far = far.ipv4_mapped
            nearest = str(far)
            if not any(far in network for network in self.proxies):
                return nearest
        return nearest


class SessionSeen:
    """Notes at a logged-in person's session from where and when he came, for the list of his sessions."""

    def __init__(self, handler: Handler) -> None:
        """Wrap the next handler."""
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note: so the answer to the log-in itself opens the session whole."""
        response = self.handler(request)
        if _has_session(request) and isinstance(request.session, SessionStore):
            request.session.seen(
                address=getattr(request, "client_address", None),
                device=request.headers.get("User-Agent", ""),
                now=clock.now(),
            )
        return response


class PasswordChangeDemanded:
    """Sends a person with a generated password to the page where he sets his own, whatever he asked for."""

    def __init__(self, handler: Handler) -> None:
        """Wrap the next handler."""
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or redirect; a fragment is told to move the whole page."""
        if self._demanded(request):
            if request.headers.get("HX-Request") == "true":
                return HttpResponse(status=204, headers={"HX-Redirect": settings.PASSWORD_CHANGE_URL})
            return HttpResponseRedirect(settings.PASSWORD_CHANGE_URL)
        return self.handler(request)

    def _demanded(self, request: HttpRequest) -> bool:
        if request.path in {settings.PASSWORD_CHANGE_URL, *settings.PASSWORD_CHANGE_SPARED}:
            return False
        if not _has_session(request) or SESSION_KEY not in request.session:
            return False
        return isinstance(request.user, User) and request.user.must_change_password


def _has_session(request: HttpRequest) -> bool:
    """Whether there is a session to look into: asking an absent one would make answers depend on cookies."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or bool(request.session.modified)
