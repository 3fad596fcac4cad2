from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import Visit
from tests.support import RunningServer


@pytest.fixture
def visit(browser: Browser, server: RunningServer) -> Iterator[Visit]:
    context = browser.new_context()
    yield Visit(context, server.url)
    context.close()
