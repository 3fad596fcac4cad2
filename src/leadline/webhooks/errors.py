"""What can be wrong with a webhook."""

from enum import StrEnum


class WebhookError(Exception):
    """Any refusal about webhooks; its text is for people, and `about` is what it speaks of."""

    about: str | int = ""


class WebhookNotFound(WebhookError):
    """There is no such endpoint, or no such delivery of it."""

    def __init__(self) -> None:
        super().__init__("There is no such webhook or delivery")


class TooManyWebhooks(WebhookError):
    """`about` is how many a site may have."""

    def __init__(self, about: int) -> None:
        super().__init__(f"A site has {about} webhooks at most")
        self.about = about


class NotReplayable(WebhookError):
    """Whoever wants it all the same has to say so."""

    def __init__(self) -> None:
        super().__init__("The delivery succeeded or is not over yet")


class Fault(StrEnum):
    URL = "An https address of the public Internet is needed, without a password in it"
    HEADERS = "Not a header that can be sent: its name is taken, or it has odd characters"
    EVENTS = "At least one event is needed"
    NAME = "1 to 255 characters without control characters are needed"


class InvalidWebhook(WebhookError):
    """`field` is named as in the struct."""

    def __init__(self, field: str, fault: Fault) -> None:
        super().__init__(fault.value)
        self.field = field
        self.fault = fault
