"""Cookies that more than one room knows."""

NOT_ME = "leadline_not_me"
"""Has the value 1 in the browser of somebody whose own visits are not to count."""
