"""`leadline mail …`."""

import sys

from cyclopts import App

from leadline.cli.options import Data, settings_with

mail = App(name="mail", help="The mail server that takes what is sent.")


@mail.command(name="test")
def send_test(address: str, *, data: Data = None) -> None:
    """Send a mail, at once, and say whether the mail server has taken it.

    Parameters
    ----------
    address
        Where the mail goes.
    """
    from leadline.mail import Mail, NotSetUp, mail_server, send_now

    server = mail_server(settings_with(data=data))
    if server is None:
        raise NotSetUp
    said = "Leadline can send mails."
    send_now(server, Mail(address, said, f"{said}\n", f"<p>{said}</p>\n"))
    print(f"{server.host} has taken a mail to {address}", file=sys.stderr)
