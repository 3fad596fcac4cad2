"""What can be wrong with a rule of alerts."""

from enum import StrEnum


class AlertError(Exception):
    """Any refusal about alerts; its text is for people, and `about` is what it speaks of."""

    about: str | int = ""


class AlertNotFound(AlertError):
    """There is no such rule, or no such alert."""

    def __init__(self) -> None:
        super().__init__("There is no such rule or alert")


class TooManyRules(AlertError):
    """`about` is how many a site may have."""

    def __init__(self, about: int) -> None:
        super().__init__(f"A site has {about} rules of alerts at most")
        self.about = about


class RuleFault(StrEnum):
    NAME = "1 to 255 characters without control characters are needed"
    THRESHOLD = "A number from 0 to 10000 is needed, with two decimals at most"
    SILENT_HOURS = "The metric `custom` needs hours without a hit, 1 to 168, and no other has them"
    EMAILS = "10 e-mail addresses at most are needed, of 255 characters at most"
    URL = "An https address of the public Internet is needed, without a password in it"
    COOLDOWN = "5 to 1440 minutes are needed"


class InvalidRule(AlertError):
    """`field` is named as in the struct."""

    def __init__(self, field: str, fault: RuleFault) -> None:
        super().__init__(fault.value)
        self.field = field
        self.fault = fault
