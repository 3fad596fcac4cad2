"""What can keep a question about hits from being answered, or from being saved."""


class HitsUnavailable(Exception):
    """The warehouse cannot be asked now; hits are taken all the same, and counted later."""

    retry_after = 30

    def __init__(self) -> None:
        super().__init__("Hits cannot be counted now; none is lost")


class SavedError(Exception):
    """Any refusal about segments, goals and funnels; its text is for people, and `about` what it is
    about."""

    def __init__(self, text: str, about: str = "") -> None:
        super().__init__(text)
        self.about = about


class SavedNotFound(SavedError):
    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"{what.capitalize()} not found: {str(key)[:100]}", str(key)[:100])


class SavedNameTaken(SavedError):
    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"A {what} of this name already exists: {name}", name)


class InvalidSaved(SavedError):
    """What is wrong is in `field`, which is named as in the struct."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason, reason)
        self.field = field


class TooManySaved(SavedError):
    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"A site has at most {most} {what}s", str(most))


class SiteGone(SavedError):
    """The site was deleted meanwhile, or the account of whoever saves something there."""

    def __init__(self) -> None:
        super().__init__("The site, or your account, is there no more")
