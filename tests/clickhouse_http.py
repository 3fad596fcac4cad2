"""ClickHouse's HTTP interface before the engine in this process, as far as the server uses it.

The driver, its settings and its parameters travel as they do to a ClickHouse server, and the line
can be cut where it hurts. While it is not `answering` it says nothing.
"""

import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import chdb

TRANSPORT = {
    "client_protocol_version",
    "compress",
    "database",
    "enable_http_compression",
    "http_headers_progress_interval_ms",
    "query",
    "query_id",
    "send_progress_in_http_headers",
    "session_id",
    "wait_end_of_query",
}
PASSWORD = "s3cr@t/"


class Line:
    """The server and what is to go wrong there; `seen` are the statements that it got, and
    `killed` the ids of queries that are not to be answered any more."""

    def __init__(self, directory: str, database: str, port: int = 0) -> None:
        self.directory, self.database = directory, database
        self.cut_after: list[str] = []
        self.seen: list[str] = []
        self.killed: set[str] = set()
        self.answering = Event()
        self.answering.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())

    def url(self, password: str = PASSWORD) -> str:
        port = self.server.server_address[1]
        return f"http://stats:{quote(password, safe='')}@127.0.0.1:{port}/{self.database}"

    def answer(self, fields: dict[str, str], body: bytes) -> bytes:
        """What ClickHouse says to a request. Raises RuntimeError with its message."""
        statement = fields.pop("query", "")
        if body.startswith(b"INSERT"):
            first, _, body = body.partition(b"\n")
            statement = first.decode()
        statement = statement or body.decode()
        self.seen.append(statement)
        if statement.startswith("KILL QUERY"):
            self.killed.add(fields["param_name"])
        connection: Any = chdb.connect(self.directory)  # type: ignore[no-untyped-call]
        try:
            connection.query(f"USE {fields.get('database', self.database)}")
            values = {}
            for name, value in fields.items():
                if name.startswith("param_"):
                    values[name.removeprefix("param_")] = value
                elif name not in TRANSPORT:
                    connection.query(f"SET {name} = '{value}'")
            with tempfile.NamedTemporaryFile() as file:
                if statement.startswith("INSERT"):
                    file.write(body)
                    file.flush()
                    into, _, form = statement.partition(" FORMAT ")
                    statement = f"{into} FROM INFILE '{file.name}' FORMAT {form}"
                answer: bytes = connection.query(statement, "TabSeparated", params=values).bytes()
            return answer or b""
        finally:
            connection.close()

    def cuts(self, statement: str) -> bool:
        """Whether the line breaks when this was done and before it is said."""
        if self.cut_after and statement.startswith(self.cut_after[0]):
            self.cut_after.pop(0)
            return True
        return False

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                fields = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.headers.get_content_type() == "multipart/form-data":
                    fields |= _form(self.headers["Content-Type"], body)
                    body = b""
                status, answer = self._done(fields, body)
                line.answering.wait()
                if fields.get("query_id") in line.killed:
                    status, answer = 500, b"Code: 394. DB::Exception: Query was cancelled"
                self._say(status, answer)

            do_GET = do_POST

            def _done(self, fields: dict[str, str], body: bytes) -> tuple[int, bytes]:
                kind, _, secret = self.headers.get("Authorization", "").partition(" ")
                if kind != "Basic" or b64decode(secret).decode() != f"stats:{PASSWORD}":
                    return 403, b"Code: 516. DB::Exception: stats: Authentication failed"
                try:
                    return 200, line.answer(fields, body)
                except RuntimeError as error:
                    return 500, str(error).encode()

            def _say(self, status: int, answer: bytes) -> None:
                if status == 200 and line.cuts(line.seen[-1].lstrip()):
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("X-ClickHouse-Timezone", "UTC")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


def _form(content_type: str, body: bytes) -> dict[str, str]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = message_from_bytes(head + body, policy=policy.HTTP)
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(name)] = content.decode()
    return found


@contextmanager
def listening(url: str) -> Iterator[Line]:
    """`url` is that of a database in this process."""
    parts = urlsplit(url)
    line = Line(str(Path(parts.path).resolve()), parts.query.rpartition("=")[2])
    thread = Thread(target=line.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        line.answering.set()
        line.server.shutdown()
        line.server.server_close()
        thread.join()
