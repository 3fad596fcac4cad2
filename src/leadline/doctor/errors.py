"""Why a page cannot be had."""


class PageUnavailable(Exception):
    """`about` is what of it could not be had: a host or an address."""

    def __init__(self, about: str = "", reason: str = "") -> None:
        super().__init__(about)
        self.about = about
        self.reason = reason


class InvalidAddress(PageUnavailable):
    """Not the address of a page: not http or https, no host, or a port that no page has."""


class ForbiddenAddress(PageUnavailable):
    """The host is, among others, at an address that is nobody's on the Internet."""


class UnknownHost(PageUnavailable):
    """There is no such host."""


class NoConnection(PageUnavailable):
    """Nobody answers there; `reason` is what the system says."""


class InsecureConnection(PageUnavailable):
    """TLS does not come about, or its certificate is not the host's; `reason` says why."""


class TimedOut(PageUnavailable):
    """It takes too long."""


class BrokenAnswer(PageUnavailable):
    """What comes is not HTTP, ends too soon, or is larger than allowed."""


class TooManyRedirects(PageUnavailable):
    """It leads on and on."""
