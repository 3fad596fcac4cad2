"""SSRF: whoever may name an address that the server asks reaches nothing that is not public.

The check of an installation, webhooks with the addresses of alerts, and the OpenID provider ask by
one client, whose rules tests/doctor holds; here is that they do, however an address is written.
"""

import pytest

from leadline.access import Role
from leadline.openid import Provider, ProviderUnavailable
from leadline.webhooks import Sender
from tests.dashboard.person import signed_in, text_of
from tests.openid.provider import CLIENT, running_provider
from tests.support import RunningServer

PRIVATE = [
    *("127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0"),
    *("10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "2852039166", "100.64.0.1"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1]", "[fd00::1]"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "localhost.", "LOCALHOST"),
]


@pytest.mark.parametrize("host", PRIVATE)
def test_a_webhook_asks_no_private_address(host: str) -> None:
    outcome = Sender().send(f"https://{host}/", {}, b"{}", 5)
    assert (outcome.error_type, outcome.is_final) == ("forbidden_address", True)


def test_a_check_asks_no_private_address(server: RunningServer) -> None:
    owner, site = signed_in(server, Role.OWNER), server.site("Nosy")
    for host in PRIVATE:
        page = owner.send(f"/sites/{site.slug}/check", page=f"http://{host}/")
        assert "is in a private network" in text_of(page), host


def test_a_provider_leads_to_no_private_address() -> None:
    with running_provider() as local:
        for host in PRIVATE:
            if host.lower().strip(".") in ("localhost", "127.0.0.1"):
                continue  # where this provider is
            local.metadata["token_endpoint"] = f"http://{host}/token"
            provider = Provider(local.issuer, CLIENT)
            _, journey = provider.begin("http://localhost/back")
            answer = {"code": "x", "state": journey.state}
            with pytest.raises(ProviderUnavailable):
                provider.finish(journey, "http://localhost/back", answer)
