import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from chekhov.config.middleware import RequestNumber, SecurityHeaders


@pytest.fixture
def request_():
    return RequestFactory().get("/")


def test_each_request_has_its_own_number(request_):
    seen = []
    handler = RequestNumber(lambda request: HttpResponse(request.number))
    for _ in range(2):
        response = handler(request_)
        assert response["X-Request-Number"] == response.content.decode()
        seen.append(response["X-Request-Number"])
    assert len(set(seen)) == 2


def test_policy_lets_nothing_inline_and_nothing_from_elsewhere(request_):
    policy = SecurityHeaders(lambda _request: HttpResponse())(request_)["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_a_view_may_set_a_policy_of_its_own(request_):
    handler = SecurityHeaders(lambda _request: HttpResponse(headers={"Content-Security-Policy": "sandbox"}))
    assert handler(request_)["Content-Security-Policy"] == "sandbox"


@pytest.mark.django_db
def test_headers_of_a_real_answer(client):
    response = client.get("/healthz")
    for name in ("Content-Security-Policy", "Permissions-Policy", "X-Request-Number"):
        assert response[name]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
