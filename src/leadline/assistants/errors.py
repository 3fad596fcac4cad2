"""What keeps assistants from asking."""


class ProtocolMissing(Exception):
    """The Python package that speaks the protocol is not installed."""

    def __init__(self) -> None:
        super().__init__("assistants need the protocol: install leadline[mcp]")


class NotAnswered(Exception):
    """The server has refused a question, or is not there. Its text is for the assistant."""
