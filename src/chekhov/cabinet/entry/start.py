"""The operator's start page, and «Вход в личный кабинет»."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from chekhov.cabinet.access import landing_url, public_page
from chekhov.cabinet.entry.receipt_check import ReceiptForm
from chekhov.cabinet.shop.cards import price_cards
from chekhov.face.forms import LoginForm
from chekhov.face.pages import page


@public_page()
def start(request: HttpRequest) -> HttpResponse:
    """What the operator does, how to connect, and the way in."""
    host, port = settings.OFD_PUBLIC
    context = {
        "ofd_host": host,
        "ofd_port": port,
        "operator_inn": settings.OPERATOR_INN,
        "cards": price_cards(),
        "receipt_form": ReceiptForm(),
        "landing": landing_url(request.user) if request.user.is_authenticated else "",
    }
    return page(request, "cabinet/entry/start.html", context)


class GuardedLoginForm(LoginForm):
    """The form of the log-in, which says why the guard refuses when it does."""

    def get_invalid_login_error(self) -> Any:
        """The guard's words, if it gave any; they are the same for known and unknown e-mails."""
        error = super().get_invalid_login_error()
        trouble = getattr(self.request, "log_in_trouble", "")
        if trouble:
            error.message = trouble
        return error


@method_decorator(never_cache, name="dispatch")
class LogIn(LoginView):
    """E-mail and password; afterwards the page that was asked for, or where the person's work begins."""

    template_name = "cabinet/entry/login.html"
    authentication_form = GuardedLoginForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Where his work begins."""
        return landing_url(self.request.user)
