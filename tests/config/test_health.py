import socket

import pytest
from django.db import connection, connections

from chekhov.db.heartbeat import STALE_SECONDS, beat, process_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def port(settings):
    """A gateway's port that takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.OFD_ADDRESS = listener.getsockname()
        yield listener


def hang(kind):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE db_heartbeat SET beaten_at = beaten_at - make_interval(secs => %s) WHERE process = %s",
            [STALE_SECONDS + 1, process_name(kind)],
        )


def test_all_work(client, port):
    beat("gateway", {"connections": 3})
    beat("worker")
    response = client.get("/healthz")
    body = response.json()
    assert response.status_code == 200
    assert body["state"] == "up"
    assert body["down"] == []
    assert set(body["parts"]) == {"web", "database", "gateway", "worker"}
    assert body["parts"]["gateway"]["processes"][0]["connections"] == 3
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("kind", ["gateway", "worker"])
def test_a_part_that_hangs_is_down(client, port, kind):
    beat("gateway")
    beat("worker")
    hang(kind)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["down"] == [kind]
    assert response.json()["parts"][kind]["age_seconds"] > STALE_SECONDS


def test_a_part_that_never_was_is_down(client, port):
    beat("gateway")
    response = client.get("/healthz")
    assert (response.status_code, response.json()["down"]) == (503, ["worker"])


def test_a_gateway_whose_port_is_deaf_is_down(client, port):
    beat("gateway")
    beat("worker")
    port.close()
    response = client.get("/healthz")
    assert (response.status_code, response.json()["down"]) == (503, ["gateway"])


def test_one_of_two_gateways_is_enough(client, port):
    beat("gateway")
    beat("worker")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO db_heartbeat VALUES ('gateway:other:1', 'gateway', now() - '1h'::interval, '{}')"
        )
    assert client.get("/healthz").status_code == 200


def test_no_database(client, port, monkeypatch):
    parameters = connection.get_connection_params() | {"host": "/nowhere", "password": "secret"}
    monkeypatch.setattr(connections["default"], "get_connection_params", lambda: parameters)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert set(response.json()["down"]) == {"database", "gateway", "worker"}
    assert b"secret" not in response.content


def test_only_asking_is_allowed(client, port):
    assert client.post("/healthz").status_code == 405
