"""Texts that come back as they were given out: signed, over after a while, some of them after one
use."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import blake2b
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, delete, insert, select

from leadline.access.errors import Stale
from leadline.access.tables import signing_keys, spent_seals
from leadline.clock import Clock, utc_now
from leadline.database import Database

Claims = TypeVar("Claims")

KEY = "seals"
MAC_SIZE = 32
LONGEST = 4096


class Seals:
    """What a seal says can be read by whoever has it."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._key = SigningKey(database, KEY)

    def seal(self, purpose: str, claims: object, valid: timedelta) -> str:
        """In letters, digits, `-` and `_`; no two are the same."""
        until = (self._clock() + valid).timestamp()
        said = msgspec.json.encode((until, secrets.token_hex(16), claims))
        return _written(self._mac(purpose, said) + said)

    def open(self, purpose: str, seal: str, kind: type[Claims]) -> Claims:
        """What it was made with. Raises `Stale`: not for this purpose, over, or not ours."""
        if len(seal) > LONGEST or not seal.isascii():
            raise Stale
        try:
            both = urlsafe_b64decode(seal + "=" * (-len(seal) % 4))
        except ValueError:
            raise Stale from None
        if _written(both) != seal:  # one seal has one spelling, or it could be spent twice
            raise Stale
        mac, said = both[:MAC_SIZE], both[MAC_SIZE:]
        if not hmac.compare_digest(mac, self._mac(purpose, said)):
            raise Stale
        until, _, claims = msgspec.json.decode(said, type=tuple[float, str, kind])  # type: ignore[valid-type]
        if until <= self._clock().timestamp():
            raise Stale
        opened: Claims = claims
        return opened

    def spend(self, connection: Connection, seal: str, valid: timedelta) -> None:
        """Note, in the caller's transaction, that it was used; `valid` is for how long it was made.

        Raises `Stale` if it was used before.
        """
        now = self._clock()
        hashed = blake2b(seal.encode(), digest_size=32).hexdigest()
        connection.execute(delete(spent_seals).where(spent_seals.c.expires_at <= now))
        if connection.execute(select(spent_seals).where(spent_seals.c.seal == hashed)).first():
            raise Stale
        connection.execute(insert(spent_seals).values(seal=hashed, expires_at=now + valid))

    def _mac(self, purpose: str, said: bytes) -> bytes:
        text = f"{purpose}|".encode() + said
        return blake2b(text, key=self._key(), digest_size=MAC_SIZE, person=b"seal").digest()


class SigningKey:
    """A key that is made at the first use, one for all that share the metadata."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._known: bytes | None = None

    def __call__(self) -> bytes:
        if self._known is None:
            ours = select(signing_keys.c.key).where(signing_keys.c.name == self._name)
            with self._database.reading() as connection:
                key = connection.execute(ours).scalar()
            if key is None:
                with self._database.writing() as connection:
                    key = connection.execute(ours).scalar()  # somebody may have been quicker
                    if key is None:
                        key = secrets.token_hex(32)
                        connection.execute(insert(signing_keys).values(name=self._name, key=key))
            self._known = bytes.fromhex(key)
        return self._known


def _written(seal: bytes) -> str:
    return urlsafe_b64encode(seal).decode().rstrip("=")
