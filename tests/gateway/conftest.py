from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time

import psycopg
import pytest

from chekhov.gateway.limits import GatewayLimits
from chekhov.gateway.server import Gateway
from chekhov.gateway.settings import GatewaySettings

OPERATOR_INN = "9999999998"


class RunningGateway:
    """A gateway on its own thread and event loop."""

    def __init__(self, conninfo, *, port=0, reuse_port=False, **limits):
        self.settings = GatewaySettings(
            host="127.0.0.1",
            port=port,
            reuse_port=reuse_port,
            conninfo=conninfo,
            operator_inn=OPERATOR_INN,
            limits=GatewayLimits(**limits),
        )
        self.loop = asyncio.new_event_loop()
        self.started = threading.Event()
        self.thread = threading.Thread(target=self._main)
        self.thread.start()
        assert self.started.wait(30)

    def _main(self):
        asyncio.set_event_loop(self.loop)
        self.gateway = Gateway(self.settings)
        self.port = self.loop.run_until_complete(self.gateway.start())
        self.loop.call_soon(self.started.set)
        self.loop.run_forever()
        self.loop.close()

    def call(self, make, timeout=60):
        """Run a coroutine on the gateway's loop."""
        return asyncio.run_coroutine_threadsafe(make, self.loop).result(timeout)

    def stop(self):
        if self.thread.is_alive():
            self.call(self.gateway.stop(), 40)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(30)
            assert not self.thread.is_alive()

    def connect(self):
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return contextlib.closing(sock)


@pytest.fixture
def gateway(test_database_url):
    running = []

    def start(conninfo=test_database_url, **limits):
        one = RunningGateway(conninfo, **limits)
        running.append(one)
        return one

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def query(test_database_url):
    def query(sql, *parameters):
        with psycopg.connect(test_database_url, autocommit=True) as connection:
            cursor = connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else None

    return query


@pytest.fixture
def stored(query):
    return lambda: query("SELECT fn, fd, container, answer FROM fiscal_document ORDER BY fn, fd")


@pytest.fixture
def quarantine(query):
    """Reasons of quarantined messages, once so many are there."""

    def quarantine(expected):
        deadline = time.monotonic() + 30
        while True:
            rows = query("SELECT reason, alarm, fn, fd, raw FROM fiscal_quarantined ORDER BY id")
            if len(rows) >= expected or time.monotonic() > deadline:
                return rows
            time.sleep(0.05)

    return quarantine
