"""What the page about webhooks says of a genuine request, tried on one that was signed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from leadline.webhooks.model import Secrets
from leadline.webhooks.sending import PREVIOUS_SIGNATURE, SIGNATURE, signed_headers
from tests.docs.shell import blocks, section


def test_the_example_knows_what_is_genuine() -> None:
    (code,) = blocks(section("docs/webhooks.md", "Know"), "python")
    known: dict[str, Any] = {}
    exec(code, known)
    is_genuine = known["is_genuine"]
    now, body = datetime.now(UTC), b'{"event": "alert.triggered"}'
    headers = signed_headers(Secrets("whsec_new", "whsec_old"), now, body)
    assert is_genuine("whsec_new", headers, body)
    assert not is_genuine("whsec_old", headers, body)
    assert not is_genuine("whsec_new", headers, body + b" ")
    before = headers | {SIGNATURE: headers[PREVIOUS_SIGNATURE]}
    assert is_genuine("whsec_old", before, body)
    old = signed_headers(Secrets("whsec_new", None), now - timedelta(minutes=6), body)
    assert not is_genuine("whsec_new", old, body)
