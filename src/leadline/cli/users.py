"""`leadline user …`."""

import getpass
import sys
from typing import Annotated

from cyclopts import App, Parameter

from leadline.access import Role
from leadline.cli.options import Data, opened

users = App(name="user", help="The people who may sign in.")


@users.command
def create(
    email: str,
    *,
    role: Role = Role.OWNER,
    name: str = "",
    password_stdin: Annotated[
        bool,
        Parameter(
            help="Read the password from standard input, not from the terminal.", negative=()
        ),
    ] = False,
    data: Data = None,
) -> None:
    """Add a person. The password has 12 to 128 characters.

    Parameters
    ----------
    email
        The address that the person signs in with.
    role
        owner, admin or member.
    name
        The person's name; without one, the address up to the @.
    """
    password = sys.stdin.readline().rstrip("\n") if password_stdin else getpass.getpass()
    with opened(data) as metadata:
        user = metadata.organisations.add_user(
            metadata.organisation.id, email=email, password=password, role=role, name=name
        )
    print(f"{user.email} is {user.role.value} now", file=sys.stderr)
