"""What can keep a question about hits from being answered."""


class HitsUnavailable(Exception):
    """The warehouse cannot be asked now; hits are taken all the same, and counted later."""

    retry_after = 30

    def __init__(self) -> None:
        super().__init__("Hits cannot be counted now; none is lost")
