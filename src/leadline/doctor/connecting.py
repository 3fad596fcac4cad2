"""A connection to the very address that was checked."""

import socket
import ssl
from contextlib import suppress

from leadline.doctor.addresses import Guard
from leadline.doctor.deadline import Deadline
from leadline.doctor.errors import InsecureConnection, NoConnection, TimedOut

_ONE_ATTEMPT = 4.0
"""Seconds for one address of several."""


def connect(guard: Guard, host: str, port: int, deadline: Deadline) -> socket.socket:
    """TCP to the first address of the host that answers; the name is looked up once.

    Raises `PageUnavailable`.
    """
    reason = ""
    for address in guard.addresses(host, deadline):
        try:
            attempt = deadline.at_most(_ONE_ATTEMPT).left()
            return socket.create_connection((address, port), attempt)
        except OSError as error:
            reason = error.strerror or str(error)
    deadline.left()
    raise NoConnection(host, reason)


def secured(
    plain: socket.socket, host: str, context: ssl.SSLContext, deadline: Deadline
) -> ssl.SSLSocket:
    """TLS on a connection, for a host that has to prove its name. Closes what fails.

    Raises `InsecureConnection`, `TimedOut`.
    """
    try:
        plain.settimeout(deadline.left())
        return context.wrap_socket(plain, server_hostname=host.strip("[]"))
    except TimeoutError:
        plain.close()
        raise TimedOut(host) from None
    except ssl.SSLCertVerificationError as error:
        plain.close()
        raise InsecureConnection(host, error.verify_message) from error
    except (OSError, ValueError) as error:
        plain.close()
        reason = getattr(error, "reason", None) or str(error)
        raise InsecureConnection(host, reason) from error


def close(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
