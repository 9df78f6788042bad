import pytest
from django.http import HttpResponse
from django.test import RequestFactory

import factories
from chekhov.accounts.models import Session
from chekhov.config.middleware import ClientAddress, RequestNumber, SecurityHeaders


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


# ── from where a request comes ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("proxies", "near", "forwarded", "found"),
    [
        ((), "203.0.113.7", None, "203.0.113.7"),
        ((), "203.0.113.7", "10.9.9.9", "203.0.113.7"),  # nobody is believed
        (("10.0.0.0/8",), "203.0.113.7", "10.9.9.9", "203.0.113.7"),  # a stranger is not believed
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.2", "198.51.100.2"),
        (("10.0.0.0/8",), "10.0.0.1", "1.1.1.1, 198.51.100.2", "198.51.100.2"),  # the first was made up
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.2, 10.0.0.5", "198.51.100.2"),
        (("10.0.0.0/8",), "10.0.0.1", "nonsense", "10.0.0.1"),
        (("10.0.0.0/8",), "10.0.0.1", None, "10.0.0.1"),
        (("::1/128",), "::1", "2001:db8::5", "2001:db8::5"),
        (("10.0.0.0/8",), "::ffff:10.0.0.1", "198.51.100.2", "198.51.100.2"),
        ((), "", None, None),
    ],
)
def test_address_of_a_request(settings, proxies, near, forwarded, found):
    settings.PROXIES = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory(headers=headers).get("/", REMOTE_ADDR=near)
    ClientAddress(lambda _request: HttpResponse())(request)
    assert request.client_address == found


# ── the person's session, and the forced change of the password ──────────────────────────────────────


@pytest.mark.django_db
def test_a_strangers_answer_does_not_depend_on_cookies(client):
    response = client.get("/healthz")
    assert not response.cookies
    assert not Session.objects.exists()


@pytest.fixture
def newcomer(client):
    user = factories.user_make(must_change_password=True)
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_a_person_with_a_generated_password_is_sent_to_change_it(client, newcomer, settings):
    for path in ("/", "/staff/intake/", "/no/such/page/"):
        for ask in (client.get, client.post):
            response = ask(path)
            assert (response.status_code, response.get("Location")) == (302, settings.PASSWORD_CHANGE_URL)


@pytest.mark.django_db
def test_a_fragment_moves_the_whole_page(client, newcomer, settings):
    response = client.get("/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, settings.PASSWORD_CHANGE_URL)


@pytest.mark.django_db
def test_the_change_itself_and_the_way_out_are_open(client, newcomer, settings):
    for path in (settings.PASSWORD_CHANGE_URL, "/brand.css", "/logout/"):
        assert client.get(path).get("Location") != settings.PASSWORD_CHANGE_URL
    newcomer.must_change_password = False
    newcomer.save()
    assert client.get("/").get("Location") != settings.PASSWORD_CHANGE_URL
