"""Pages as the dashboard serves them, with its files and its policy, but any content."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from leadline.dashboard.rendering import _environment
from leadline.dashboard.static import PREFIX, asset
from leadline.dashboard.texts import Texts
from leadline.dashboard.visit import HEADERS
from tests.browser_support import PageServer

_POLICY = {name.replace("-", "_"): value for name, value in HEADERS.items()}
_PAGE = """{% set visit = {"session": none} %}{% extends "base.html" %}
{% block title %}{{ title }}{% endblock %}
{% block scripts %}
<script src="{{ asset("htmx.js") }}" defer></script>
<script src="{{ asset("leadline.js") }}" defer></script>
{% endblock %}
{% block main %}<h1>{{ title }}</h1>{{ content | safe }}{% endblock %}"""


class Dressed:
    """A page in a browser of its own, and what its console said."""

    def __init__(self, page: Page, pages: PageServer) -> None:
        self.page = page
        self.console: list[str] = []
        self._pages = pages
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        for name in ("leadline.css", "leadline.js", "htmx.js", "icon.svg", "world.svg"):
            file = asset(name)
            pages.put(PREFIX + name, file.body.decode(), file.type)

    @classmethod
    @contextmanager
    def open(cls, browser: Browser, pages: PageServer, **options: Any) -> Iterator["Dressed"]:
        """`options` are those of the browser's context."""
        context = browser.new_context(base_url=pages.url, **options)
        yield cls(context.new_page(), pages)
        context.close()

    def put(self, path: str, content: str, title: str = "Report", status: int = 200) -> None:
        """Serve a whole page with this content."""
        template = _environment(Texts("en")).from_string(_PAGE)
        self.put_part(path, template.render(content=content, title=title), status)

    def put_part(self, path: str, html: str, status: int = 200) -> None:
        """Serve nothing but this."""
        self._pages.put(path, html, status=status, **_POLICY)
