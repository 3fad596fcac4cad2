"""A program sends hits until they are answered, while the server is killed: each is there once."""

from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import httpx

from leadline.sites import Site
from tests.crash.support import Owner, ServerProcess, counted, owner_of
from tests.support import BROWSER

ROUNDS = 2
AT_ONCE = 40


class Program:
    """Sends numbered hits in arrays, an array again until it gets its answer."""

    def __init__(self, site: Site, owner: Owner) -> None:
        self._site = site
        self._headers = {"X-API-Key": owner.secret}
        self._numbers = count()
        self._unanswered: list[dict[str, Any]] = []
        self.answered: list[str] = []
        self.sent: list[str] = []

    def send_until_killed(self, url: str) -> None:
        try:
            with httpx.Client(base_url=url, headers=self._headers, verify=False) as client:
                while True:
                    self.send(client)
        except httpx.TransportError:
            return

    def send(self, client: httpx.Client) -> None:
        if not self._unanswered:
            self._unanswered = [self._hit(next(self._numbers)) for _ in range(AT_ONCE)]
            self.sent += [each["id"] for each in self._unanswered]
        assert client.post("/api/v1/hits", json=self._unanswered).status_code == 202
        self.answered += [each["id"] for each in self._unanswered]
        self._unanswered = []

    def finish(self, url: str) -> None:
        with httpx.Client(base_url=url, headers=self._headers, verify=False) as client:
            self.send(client)

    def _hit(self, number: int) -> dict[str, Any]:
        return {
            "site_id": self._site.slug,
            "url": f"https://example.com/{number}",
            "ip": "203.0.113.7",
            "user_agent": BROWSER,
            "id": f"/{number}",
        }


def test_killed_after_the_disk_has_them_and_before_the_answer(tmp_path: Path) -> None:
    """The worst moment: nobody but the disk knows. Each time the array comes again."""
    random = Random()
    with owner_of(tmp_path) as owner:
        program = Program(owner.site("Shop"), owner)
        for _ in range(ROUNDS):
            for point in ("write", "fdatasync", "load"):
                server = ServerProcess(tmp_path, (point, random.randint(1, 12)))
                program.send_until_killed(server.url)
                server.wait_for_death()
        _check(tmp_path, program)


def _check(data: Path, program: Program) -> None:
    server = ServerProcess(data)
    program.finish(server.url)
    server.stop()
    found = counted(data)
    assert set(found.values()) == {1}
    assert {path for _, path in found} == set(program.answered) == set(program.sent)
