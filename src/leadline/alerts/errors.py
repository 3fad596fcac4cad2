"""What can be wrong with a rule of alerts."""

from enum import StrEnum


class AlertError(Exception):
    """Any refusal about alerts; its text is for people."""


class AlertNotFound(AlertError):
    """There is no such rule, or no such alert."""

    def __init__(self) -> None:
        super().__init__("There is no such rule or alert")


class TooManyRules(AlertError):
    def __init__(self, most: int) -> None:
        super().__init__(f"A site has {most} rules of alerts at most")
        self.most = most


class RuleFault(StrEnum):
    NAME = "1 to 255 characters without control characters are needed"
    SILENT_HOURS = "The metric `custom` needs hours without a hit, 1 to 168, and no other has them"


class InvalidRule(AlertError):
    """`field` is named as in the struct."""

    def __init__(self, field: str, fault: RuleFault) -> None:
        super().__init__(fault.value)
        self.field = field
        self.fault = fault
