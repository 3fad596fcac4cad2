"""What a person sees in a browser, and what a machine asks to know that the server lives."""

from leadline.dashboard.pages import PAGES, pages
from leadline.dashboard.texts import LANGUAGES, Texts
from leadline.dashboard.visit import Rooms

__all__ = ["LANGUAGES", "PAGES", "Rooms", "Texts", "pages"]
