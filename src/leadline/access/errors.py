"""Why somebody is turned away."""

from leadline.access.model import Allowance


class AccessError(Exception):
    """Any refusal of this room; its text is for people."""


class Unauthenticated(AccessError):
    """No token, or one that is unknown, revoked or expired: the answer does not say which."""

    def __init__(self) -> None:
        super().__init__("A valid API token is needed")


class InvalidAbility(AccessError):
    def __init__(self, ability: str) -> None:
        super().__init__(
            f"Not an ability: {ability!r} (*, all-sites-readonly, read:SITE or manage:SITE)"
        )


class InvalidTokenName(AccessError):
    def __init__(self) -> None:
        super().__init__("A token's name has 1 to 100 characters, none of them a control character")


class TokenNotFound(AccessError):
    def __init__(self, token: str) -> None:
        super().__init__(f"No token has the number or prefix {token}")


class InvalidUser(AccessError):
    pass


class EmailTaken(AccessError):
    def __init__(self, email: str) -> None:
        super().__init__(f"There is a user with this address already: {email}")


class RateLimited(AccessError):
    """Too many requests; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int, allowance: Allowance) -> None:
        super().__init__("Too many requests")
        self.retry_after = retry_after
        self.allowance = allowance
