"""What can be wrong with a mail, or with the server that it is given to."""


class MailError(Exception):
    """Its text is one sentence that names no address."""


class NotSetUp(MailError):
    def __init__(self) -> None:
        super().__init__("no mail server is set: see LEADLINE_SMTP_URL")


class InvalidMailServer(MailError):
    def __init__(self) -> None:
        super().__init__(
            "the URL of the mail server is none such as smtp://user:password@mail.example.com:587"
        )


class InvalidAddress(MailError):
    def __init__(self) -> None:
        super().__init__("this is no mail address")


class InvalidMail(MailError):
    def __init__(self) -> None:
        super().__init__("a subject or an address of a mail has a control character")


class MailNotSent(MailError):
    """`is_final` if the server has refused the mail, so that trying again would change nothing."""

    def __init__(self, why: str, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final
