"""The first steps of the README lead where it says: to a counted hit on each API."""

import re
import shlex
from pathlib import Path

import httpx

from tests.docs.documents import ROOT
from tests.support import RunningServer, eventually, running_server


def steps() -> list[list[str]]:
    """The words of each curl command in the section."""
    readme = (ROOT / "README.md").read_text()
    section = readme.partition("## First steps\n")[2].partition("\n## ")[0]
    blocks = "".join(re.findall(r"^```sh$(.*?)^```$", section, re.M | re.S)).replace("\\\n", " ")
    lines = [line for line in blocks.splitlines() if line.startswith("curl ")]
    return [shlex.split(line)[1:] for line in lines]


def run(words: list[str], server: RunningServer, token: str) -> httpx.Response:
    """What curl would do: of its options those that the README uses."""
    headers: dict[str, str] = {}
    data: list[str] = []
    url, in_query = "", False
    rest = [word.replace("$TOKEN", token) for word in words]
    while rest:
        match rest.pop(0):
            case "-H":
                name, _, value = rest.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                data.append(rest.pop(0))
            case "-G":
                in_query = True
            case "-o":
                rest.pop(0)
            case word:
                assert word.startswith("http://127.0.0.1:8000/"), word
                url = server.url + word.removeprefix("http://127.0.0.1:8000")
    body = "&".join(data)
    if in_query or not data:
        return httpx.get(f"{url}?{body}" if body else url, headers=headers)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return httpx.post(url, content=body, headers=form | headers)


def test_the_first_steps_lead_to_a_counted_hit(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        token = server.token("*")
        *before, first, second = steps()
        for words in before:
            answer = run(words, server, token)
            assert answer.is_success, (words, answer.text)

        def counted(words: list[str]) -> bool:
            data = run(words, server, token).json()["data"]
            return bool(data["installed"]) and data["total_hits"] == 1

        eventually(lambda: counted(first) and counted(second))
