"""Secrets that people choose, kept as argon2id hashes."""

from hashlib import sha256
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

STRENGTH = RFC_9106_LOW_MEMORY
_hasher = PasswordHasher.from_parameters(STRENGTH)
_at_once = BoundedSemaphore(2)  # each hash takes 64 MiB while it is made


def hash_password(password: str) -> str:
    """The argon2id hash of `password` in PHC format. Takes about a tenth of a second."""
    with _at_once:
        return _hasher.hash(password)


def verify_password(hashed: str, password: str) -> bool:
    with _at_once:
        try:
            return _hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(hashed: str) -> bool:
    """Whether `hash_password` would work harder by now."""
    return _hasher.check_needs_rehash(hashed)


def is_text(password: str) -> bool:
    """Whether UTF-8 can hold it; what a terminal of another encoding sent, it cannot."""
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True


def share_secret(password: str) -> str:
    """What a share link carries for `password`: its SHA-256 in lower-case hex.

    Published plug-ins send `?password=` in this form, so the stored hash is made of it.
    """
    return sha256(password.encode()).hexdigest()
