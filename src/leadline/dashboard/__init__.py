"""What a person sees in a browser, and what a machine asks to know that the server lives."""

from leadline.dashboard.pages import pages

__all__ = ["pages"]
