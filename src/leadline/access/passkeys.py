"""Passkeys (WebAuthn): a key in a device, which asks for a finger, a face or a PIN. It signs in
without a password, and counts as both factors.

What goes to a browser and comes back is JSON as in WebAuthn, level 3, sections 5.1.8 to 5.1.10.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import blake2b
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from leadline.access.errors import (
    InvalidPasskeyName,
    PasskeyNotFound,
    Stale,
    TooManyPasskeys,
    WrongPasskey,
)
from leadline.access.factors import (
    codes_left,
    forget_codes_of_nothing,
    hashed_codes,
    new_recovery_codes,
    store_codes,
)
from leadline.access.model import CONTROL_CHARACTER, Device, User, UserId
from leadline.access.seals import Seals
from leadline.access.sessions import open_session
from leadline.access.tables import passkeys
from leadline.access.throttle import MINUTE, Throttle
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.network import subscriber

MOST = 20
NAME_LENGTH = 100
CREDENTIAL_LENGTH = 1364
VALID = timedelta(minutes=10)
ALGORITHMS = (-8, -7, -257)
"""EdDSA, ES256 and RS256, as COSE numbers them."""
_NEW, _KNOWN = "new passkey", "passkey"


class Passkey(msgspec.Struct, frozen=True):
    """As it may be shown. Times are in UTC; `last_used_at` is None before the first use."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


class _Response(msgspec.Struct, frozen=True, rename="camel"):
    client_data_json: str = msgspec.field(name="clientDataJSON")
    user_handle: str | None = None


class _Answer(msgspec.Struct, frozen=True, rename="camel"):
    """What of a browser's answer has to be known before it is verified."""

    id: str
    response: _Response


class _ClientData(msgspec.Struct, frozen=True):
    challenge: str


class _Found(msgspec.Struct, frozen=True):
    """A passkey that was verified, and how often it has signed by now."""

    id: int
    user: UserId
    sign_count: int
    challenge: str


class Passkeys:
    """A challenge is a seal, good for ten minutes and one answer; it is kept nowhere before.

    `origin` is that of the server as the browser sees it: its host is the relying party.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._seals = Seals(database, clock)
        self._by_address = Throttle(30, 15 * MINUTE)

    @staticmethod
    def work_at(origin: str) -> bool:
        """Whether browsers have passkeys for it: for a name with TLS, or for this machine."""
        url = urlsplit(origin)
        try:
            ip_address(url.hostname or "")
        except ValueError:
            return url.scheme == "https" or url.hostname == "localhost"
        return False

    def all_of(self, user: UserId) -> tuple[Passkey, ...]:
        """The oldest first."""
        query = select(passkeys).where(passkeys.c.user_id == user).order_by(passkeys.c.id)
        with self._database.reading() as connection:
            return tuple(
                Passkey(row.id, row.name, row.created_at, row.last_used_at)
                for row in connection.execute(query)
            )

    def offer(self, user: User, origin: str) -> str:
        """The options with which a browser makes a passkey for this user, in JSON."""
        known = select(passkeys.c.credential_id).where(passkeys.c.user_id == user.id)
        with self._database.reading() as connection:
            ids = connection.execute(known).scalars().all()
        host = _host(origin)
        options = {
            "rp": {"id": host, "name": f"Leadline {host}"},
            "user": {"id": _handle(user), "name": user.email, "displayName": user.name},
            "challenge": self._challenge(_NEW, user.id),
            "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
            "excludeCredentials": [{"type": "public-key", "id": each} for each in ids],
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": True,
                "userVerification": "required",
            },
            "attestation": "none",
        }
        return msgspec.json.encode(options).decode()

    def add(self, user: User, name: str, answer: str, origin: str) -> tuple[str, ...]:
        """Keep the passkey that a browser made after `offer`.

        Answers recovery codes, which are shown this once, unless the user has some already. Raises
        `InvalidPasskeyName`, `TooManyPasskeys`, `WrongPasskey`, `Stale`.
        """
        if not 1 <= len(name) <= NAME_LENGTH or CONTROL_CHARACTER.search(name):
            raise InvalidPasskeyName
        _, challenge = _parsed(answer)
        if self._seals.open(_NEW, challenge, int) != user.id:
            raise Stale
        values = _verified_new(answer, challenge, origin)
        fresh = new_recovery_codes()
        hashes = hashed_codes(fresh)
        with self._database.writing() as connection:
            self._seals.spend(connection, challenge, VALID)
            self._check_room(connection, user.id, str(values["credential_id"]))
            has_codes = codes_left(connection, user.id) > 0
            row = {"user_id": user.id, "name": name, "created_at": self._clock()}
            connection.execute(insert(passkeys).values(**row, **values))
            if not has_codes:
                store_codes(connection, user.id, hashes)
        return () if has_codes else fresh

    def remove(self, user: UserId, passkey: int) -> None:
        """Raises `PasskeyNotFound`, also for one of somebody else."""
        mine = (passkeys.c.user_id == user) & (passkeys.c.id == passkey)
        with self._database.writing() as connection:
            if not connection.execute(delete(passkeys).where(mine)).rowcount:
                raise PasskeyNotFound(passkey)
            forget_codes_of_nothing(connection, user)

    def ask(self, origin: str) -> str:
        """The options with which a browser asks for any passkey of this server, in JSON."""
        options = {
            "rpId": _host(origin),
            "challenge": self._challenge(_KNOWN, None),
            "userVerification": "required",
        }
        return msgspec.json.encode(options).decode()

    def verify(self, answer: str, origin: str, *, address: str) -> UserId:
        """Whose passkey a browser has used after `ask`.

        Raises `WrongPasskey`, `Stale`, `RateLimited`.
        """
        found = self._find(answer, origin, address)
        with self._database.writing() as connection:
            self._use(connection, found)
        return found.user

    def sign_in(
        self, answer: str, origin: str, *, address: str, device: Device | None = None
    ) -> str:
        """The secret of a new session of whoever has the passkey. Raises as `verify` does."""
        found = self._find(answer, origin, address)
        with self._database.writing() as connection:
            self._use(connection, found)
            return open_session(connection, found.user, self._clock(), device)

    def _challenge(self, purpose: str, claims: object) -> str:
        return _encoded(self._seals.seal(purpose, claims, VALID).encode())

    def _check_room(self, connection: Connection, user: UserId, credential: str) -> None:
        count = select(func.count()).where(passkeys.c.user_id == user)
        if connection.execute(count).scalar_one() >= MOST:
            raise TooManyPasskeys(MOST)
        taken = select(passkeys.c.id).where(passkeys.c.credential_id == credential)
        if connection.execute(taken).first():
            raise WrongPasskey

    def _find(self, answer: str, origin: str, address: str) -> _Found:
        self._by_address.spend(subscriber(address))
        parsed, challenge = _parsed(answer)
        self._seals.open(_KNOWN, challenge, type(None))
        query = select(passkeys).where(passkeys.c.credential_id == parsed.id[:CREDENTIAL_LENGTH])
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise WrongPasskey
        count = _verified_known(answer, challenge, origin, row.public_key, row.sign_count)
        return _Found(row.id, UserId(row.user_id), count, challenge)

    def _use(self, connection: Connection, found: _Found) -> None:
        self._seals.spend(connection, found.challenge, VALID)
        used = {"sign_count": found.sign_count, "last_used_at": self._clock()}
        mine = passkeys.c.id == found.id
        if not connection.execute(update(passkeys).where(mine).values(used)).rowcount:
            raise WrongPasskey


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _handle(user: User) -> str:
    """What a passkey calls its user: the same for all of theirs, and nothing of the person."""
    who = f"{user.id} {user.created_at.isoformat()}".encode()
    return _encoded(blake2b(who, digest_size=32, person=b"passkey").digest())


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _parsed(answer: str) -> tuple[_Answer, str]:
    """The answer of a browser and the seal that was its challenge. Raises `WrongPasskey`."""
    try:
        parsed = msgspec.json.decode(answer.encode(), type=_Answer)
        said = msgspec.json.decode(_decoded(parsed.response.client_data_json), type=_ClientData)
        return parsed, _decoded(said.challenge).decode()
    except (msgspec.MsgspecError, ValueError):
        raise WrongPasskey from None


def _verified_new(answer: str, challenge: str, origin: str) -> dict[str, str | int]:
    import webauthn  # noqa: PLC0415  (25 MB that most servers need not have)

    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=_host(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    except Exception:  # what is made up can break anywhere in it
        raise WrongPasskey from None
    if len(made.credential_id) > CREDENTIAL_LENGTH * 3 // 4:
        raise WrongPasskey
    return {
        "credential_id": _encoded(made.credential_id),
        "public_key": _encoded(made.credential_public_key),
        "sign_count": made.sign_count,
    }


def _verified_known(
    answer: str, challenge: str, origin: str, public_key: str, sign_count: int
) -> int:
    """How often the passkey says that it has signed by now."""
    import webauthn  # noqa: PLC0415

    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=_host(origin),
            expected_origin=origin,
            credential_public_key=_decoded(public_key),
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception:  # what is made up can break anywhere in it
        raise WrongPasskey from None
    return found.new_sign_count
