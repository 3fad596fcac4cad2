"""Draws docs/images: a site's report on a real server, light and dark, its hits made up.

`make screenshots` runs it; the pictures are committed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, ViewportSize

from leadline.access import Role
from tests.browser_support import running_browser
from tests.dashboard.reported import Demo, demo_server

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SIZE: ViewportSize = {"width": 1100, "height": 1180}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main() -> None:
    with (
        TemporaryDirectory() as directory,
        running_browser() as browser,
        demo_server(Path(directory)) as demo,
    ):
        for scheme in SCHEMES:
            picture(browser, demo, scheme)


def picture(browser: Browser, demo: Demo, scheme: Scheme) -> None:
    context = browser.new_context(
        viewport=SIZE, color_scheme=scheme, base_url=demo.server.url, reduced_motion="reduce"
    )
    leadline = demo.server.leadline
    user = leadline.organisations.add_user(
        leadline.organisations.first().id,
        email=f"{scheme}@books.example",
        password="x" * 12,
        role=Role.OWNER,
        name="Ada",
    )
    secret = leadline.sessions.open(user.id)
    context.add_cookies([{"name": "leadline_session", "value": secret, "url": demo.server.url}])
    page = context.new_page()
    page.goto(f"/sites/{demo.shop.slug}")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"site-{scheme}.png")
    context.close()


if __name__ == "__main__":
    main()
