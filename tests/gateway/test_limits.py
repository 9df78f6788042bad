from __future__ import annotations

import pytest

from chekhov.gateway.limits import BadLimit, GatewayLimits


def test_named_limits_replace_defaults_and_others_stay():
    limits = GatewayLimits.from_mapping({"idle_seconds": " 42 ", "pending_bytes_max": "1_000_000"})
    assert (limits.idle_seconds, limits.pending_bytes_max) == (42, 1_000_000)
    assert limits.flushers == GatewayLimits().flushers


@pytest.mark.parametrize(
    ("name", "text"),
    [("idle_seconds", "0"), ("idle_seconds", "ten"), ("idle_seconds", "-5"), ("flushers", "17"), ("flushers", ""),
     ("container_bytes_max", "70000"), ("container_bytes_max", "100"), ("idle_second", "5"), ("idle_seconds", "٣")],
)  # fmt: skip
def test_nonsense_is_named(name, text):
    with pytest.raises(BadLimit, match=f"CHEKHOV_GATEWAY_{name.upper()}"):
        GatewayLimits.from_mapping({name: text})
