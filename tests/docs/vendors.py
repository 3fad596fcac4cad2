"""The two vendors' APIs, as far as somebody who leaves asks them: their documented lists."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

FATHOM_TOKEN = "1234|fathoms-own"
SEALMETRICS_KEY = "sm_sealmetrics-own"

Json = dict[str, Any]


class Vendor:
    """Answers `GET` with JSON; what it does not know is 404, who shows no token gets 401."""

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Json | int:
        raise NotImplementedError


class Fathom(Vendor):
    """`GET /v1/sites`, in pages of `limit` that begin after `starting_after`."""

    def __init__(self, sites: list[Json]) -> None:
        self.sites = sites
        self.asked = 0

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Json | int:
        if headers.get("authorization") != f"Bearer {FATHOM_TOKEN}":
            return 401
        if path != "/v1/sites":
            return 404
        self.asked += 1
        ids = [site["id"] for site in self.sites]
        start = ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
        end = start + int(query.get("limit", "10"))
        return {
            "object": "list",
            "url": "/v1/sites",
            "has_more": end < len(ids),
            "data": self.sites[start:end],
        }


class SealMetrics(Vendor):
    """`GET /api/v1/sites`, active ones unless asked for all, and their mappings."""

    def __init__(self, sites: list[Json], mappings: dict[str, list[Json]]) -> None:
        self.sites = sites
        self.mappings = mappings

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Json | int:
        if headers.get("x-api-key") != SEALMETRICS_KEY:
            return 401
        if path == "/api/v1/sites":
            every = query.get("include_inactive") == "true"
            return _listed("sites", [site for site in self.sites if every or site["is_active"]])
        for site in self.sites:
            if path == f"/api/v1/sites/{site['id']}/utm-mappings":
                return _listed("mappings", self.mappings.get(site["id"], []))
        return 404


def _listed(name: str, rows: list[Json]) -> Json:
    return {"success": True, "data": {name: rows, "total": len(rows)}}


@contextmanager
def answering(vendor: Vendor) -> Iterator[str]:
    """The origin at which the vendor answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            found = vendor.answer(asked.path, query, headers)
            body = b"{}" if isinstance(found, int) else json.dumps(found).encode()
            self.send_response(found if isinstance(found, int) else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, name="vendor", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
