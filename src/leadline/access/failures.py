"""What was wrong with a sign-in, and who is told of it."""

from collections.abc import Callable
from enum import StrEnum

from leadline.access.model import UserId


class Reason(StrEnum):
    """`THROTTLED` stands for the attempt with which it began."""

    PASSWORD = "password"
    SECOND_FACTOR = "second factor"
    THROTTLED = "too many attempts"


Failed = Callable[[str | UserId, str, Reason], None]
"""Takes whose account it was about, by e-mail address or number, and the client's address."""
