"""Error pages of the house, and the one table from families of errors to HTTP.

Named in the root URL configuration as `handler400` … `handler500`, and as CSRF_FAILURE_VIEW.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from chekhov.errors import AccessDenied, ChekhovError, Conflict, Malformed, NotFound, RuleBroken, Unavailable

FAMILY_STATUS: dict[type[ChekhovError], int] = {
    Malformed: 400,
    AccessDenied: 403,
    NotFound: 404,
    Conflict: 409,
    RuleBroken: 422,
    Unavailable: 503,
}


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """What an error page says: the head, what happened, what to do."""

    title: str
    text: str
    advice: str


WORDS: dict[int, ErrorWords] = {
    400: ErrorWords(
        "Запрос не понят",
        "Адрес или данные формы повреждены по дороге.",
        "Вернитесь назад и повторите действие.",
    ),
    403: ErrorWords(
        "Нет доступа",
        "Эта страница не открыта для вашей учётной записи.",
        "Если доступ нужен, попросите его у администратора организации или у оператора.",
    ),
    404: ErrorWords(
        "Страница не найдена",
        "Её нет, она перенесена или открыта не вам.",
        "Проверьте адрес или начните с главной.",
    ),
    409: ErrorWords(
        "Уже изменено",
        "Пока страница была открыта, кто-то изменил то же самое.",
        "Откройте страницу заново и посмотрите, что изменилось.",
    ),
    422: ErrorWords("Так нельзя", "Действие нарушает правило.", "Вернитесь назад и измените данные."),
    500: ErrorWords(
        "Ошибка на нашей стороне",
        "Запрос не выполнен, мы уже записали, что случилось.",
        "Повторите через минуту. Если не поможет, назовите поддержке номер обращения.",
    ),
    503: ErrorWords(
        "Временно не работает",
        "Одна из частей системы сейчас не отвечает.",
        "Повторите через минуту. Принятые документы не теряются.",
    ),
}

CSRF_WORDS = ErrorWords(
    "Форма устарела",
    "Страница была открыта слишком долго или сессия закончилась, поэтому форма не принята.",
    "Вернитесь назад, обновите страницу и отправьте форму ещё раз.",
)


def status_of(error: ChekhovError) -> int:
    """The HTTP status of the error's family."""
    return next((status for family, status in FAMILY_STATUS.items() if isinstance(error, family)), 500)


def error_response(
    request: HttpRequest, status: int, *, message: str = "", words: ErrorWords | None = None
) -> HttpResponse:
    """The error page with the request's number; `message` replaces the general words of what happened."""
    context = {
        "status": status,
        "words": words or WORDS.get(status, WORDS[500]),
        "message": message,
        "request_number": getattr(request, "number", ""),
    }
    return HttpResponse(render_to_string("errors/error.html", context, request=request), status=status)


def error_answer(request: HttpRequest, error: ChekhovError) -> HttpResponse:
    """The page for one of our own errors."""
    return error_response(request, status_of(error), message=error.message)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400."""
    return error_response(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403."""
    return error_response(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404."""
    return error_response(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Must work when the database does not: then the page is made without the person and the sections."""
    try:
        return error_response(request, 500)
    except Exception:  # noqa: BLE001  # whatever broke the page must not break the page about it
        context = {
            "status": 500,
            "words": WORDS[500],
            "message": "",
            "request_number": getattr(request, "number", ""),
        }
        return HttpResponse(render_to_string("errors/error.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 of a form whose token is missing or old."""
    return error_response(request, 403, words=CSRF_WORDS)
