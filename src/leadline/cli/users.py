"""`leadline user …`."""

import getpass
import sys
from typing import Annotated

from cyclopts import App, Parameter

from leadline.access import Change, Role
from leadline.cli.options import Data, opened

users = App(name="user", help="The people who may sign in.")


PasswordFromStdin = Annotated[
    bool,
    Parameter(
        "--password-stdin",
        help="Read the password from standard input, not from the terminal.",
        negative=(),
    ),
]


@users.command
def create(
    email: str,
    *,
    role: Role = Role.OWNER,
    name: str = "",
    password_stdin: PasswordFromStdin = False,
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
    password = _password(password_stdin)
    with opened(data, Change("user.create", email, details={"role": role.value})) as metadata:
        user = metadata.organisations.add_user(
            metadata.organisation.id, email=email, password=password, role=role, name=name
        )
    print(f"{user.email} is {user.role.value} now", file=sys.stderr)


@users.command(name="list")
def list_users(*, data: Data = None) -> None:
    """List the people who may sign in: e-mail address, role, name."""
    with opened(data) as metadata:
        for user in metadata.organisations.people(metadata.organisation.id):
            print(f"{user.email}\t{user.role.value}\t{user.name}")


@users.command
def password(email: str, *, password_stdin: PasswordFromStdin = False, data: Data = None) -> None:
    """Set somebody's password, and sign them out everywhere.

    Parameters
    ----------
    email
        The address that the person signs in with.
    """
    new = _password(password_stdin)
    with opened(data, Change("user.password", email)) as metadata:
        metadata.organisations.set_password(metadata.organisation.id, email, new)
    print(f"{email} signs in with the new password now", file=sys.stderr)


@users.command
def reset_factor(email: str, *, data: Data = None) -> None:
    """Forget somebody's authenticator app, passkeys and recovery codes, and sign them out.

    For a person who has lost them: from then on the password alone signs in.

    Parameters
    ----------
    email
        The address that the person signs in with.
    """
    with opened(data, Change("second_factor.delete", email)) as metadata:
        user = metadata.organisations.find(metadata.organisation.id, email)
        metadata.second_factors.reset(user.id)
    print(f"{user.email} has no second factor any more", file=sys.stderr)


@users.command
def delete(email: str, *, data: Data = None) -> None:
    """Remove a person, at once. The last owner stays.

    Parameters
    ----------
    email
        The address that the person signs in with.
    """
    with opened(data, Change("user.delete", email)) as metadata:
        gone = metadata.organisations.remove_user(metadata.organisation.id, email)
    print(f"{gone.email} is gone", file=sys.stderr)


def _password(from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\n") if from_stdin else getpass.getpass()
