"""No answer is taken for another kind than it says: it may hold what visitors or others wrote."""

import pytest

from leadline.access import Role
from tests.dashboard.person import signed_in
from tests.support import RunningServer


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/sites", "/api/v1/sites", "/api/v1/sites/no-such-site", "/api/v1/nothing"),
        *("/v1/openapi.json", "/api/v1/openapi.json", "/v1/docs", "/api/v1/docs"),
        *("/script.js", "/t.js", "/sites", "/audit.csv", "/nothing"),
    ],
)
def test_an_answer_is_of_the_kind_that_it_says(server: RunningServer, path: str) -> None:
    owner = signed_in(server, Role.OWNER)
    if path.startswith(("/v1/", "/api/")):
        owner.client.headers["Authorization"] = f"Bearer {server.token('*')}"
    answer = owner.get(path)
    assert answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"
