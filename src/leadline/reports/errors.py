"""What can keep a question about hits from being answered, or from being saved."""

from enum import StrEnum


class HitsUnavailable(Exception):
    """The warehouse cannot be asked now; hits are taken all the same, and counted later."""

    retry_after = 30

    def __init__(self) -> None:
        super().__init__("Hits cannot be counted now; none is lost")


class SavedError(Exception):
    """Any refusal about segments, goals and funnels; its text is for people.

    `{}` in it stands for what it is `about`.
    """

    def __init__(self, text: str, about: object = "") -> None:
        super().__init__(text.format(about))
        self.about = str(about)


class SavedNotFound(SavedError):
    def __init__(self, key: object) -> None:
        super().__init__("Not found: {}", str(key)[:100])


class SavedNameTaken(SavedError):
    def __init__(self, name: str) -> None:
        super().__init__("The name is taken: {}", name)


class TooManySaved(SavedError):
    def __init__(self, most: int) -> None:
        super().__init__("There are too many: at most {} are possible", most)


class SiteGone(SavedError):
    """The site was deleted meanwhile, or the account of whoever saves something there."""

    def __init__(self) -> None:
        super().__init__("The site, or your account, is there no more")


class SavedFault(StrEnum):
    """What can be wrong with what is to be saved."""

    LENGTH = "{} characters are needed"
    CONTROL = "Control characters are not possible"
    SLUG = "1 to {} letters from a to z, digits and hyphens are needed"
    COLOR = "A colour is written as in #09AFAF"
    PATTERN = "Not a regular expression of up to {} characters"
    OPERATOR = "A goal or a step compares with one text"
    STEPS = "A funnel has {} steps"


class InvalidSaved(SavedError):
    """What is wrong is in `field`, which is named as in the struct, or in one of a funnel's steps,
    whose number, from 1 on, is `step`."""

    def __init__(
        self, field: str, fault: SavedFault, about: object = "", *, step: int | None = None
    ) -> None:
        super().__init__(fault.value if step is None else f"Step {step}: {fault.value}", about)
        self.field = field
        self.fault = fault
        self.step = step
