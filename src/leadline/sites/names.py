"""The two names of a site: a tracking code and a slug, unique for ever, compared case-blind."""

import re
import secrets
from string import ascii_lowercase, ascii_uppercase, digits

from slugify import slugify

from leadline.sites.errors import InvalidName, InvalidParameter
from leadline.sites.model import NAME_LENGTH, PARAMETER_LENGTH
from leadline.text import CONTROL_CHARACTERS

CODE_LENGTH = 8
SLUG_LENGTH = 64
_CODE = re.compile(r"[A-Z]{5,8}")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]{1,62})[a-z0-9_]")
_NAME = re.compile(r"[A-Za-z0-9_-]{3,64}")

RESERVED = frozenset(
    """
    account admin aggregate all api assets batch config current dashboard demo docs event export
    health import login logout me new none null search settings setup share sites static stats true
    undefined users
    """.split()  # noqa: SIM905  (a list of words reads best as a text)
)


def new_code() -> str:
    """A random code, which may be taken or a reserved word."""
    return "".join(secrets.choice(ascii_uppercase) for _ in range(CODE_LENGTH))


def slug_of(name: str, kind: str = "site") -> str:
    """The slug that `name` suggests, 3 to 64 characters; a random one if it has no letters.

    `kind` is what makes one of too few characters longer.
    """
    slug = slugify(name, max_length=SLUG_LENGTH).strip("-")
    if not slug:
        alphabet = ascii_lowercase + digits
        return f"{kind}-" + "".join(secrets.choice(alphabet) for _ in range(8))
    return slug if len(slug) >= 3 else f"{slug}-{kind}"


def numbered(slug: str, number: int) -> str:
    """`slug` for the `number`-th that is called so, within the length of a slug."""
    suffix = f"-{number}"
    return slug[: SLUG_LENGTH - len(suffix)].rstrip("-") + suffix


def could_name_a_site(text: str) -> bool:
    """Whether a code or a slug, in any case, can look like this. What cannot is not asked for."""
    return _NAME.fullmatch(text) is not None


def could_be_a_code(text: str) -> bool:
    """As `could_name_a_site`, of a tracking code."""
    return text.isascii() and _CODE.fullmatch(text.upper()) is not None


def is_parameter(name: str) -> bool:
    """Whether a mapping can have it; `.` and `..` would not survive in an address."""
    return (
        1 <= len(name) <= PARAMETER_LENGTH
        and not CONTROL_CHARACTERS.search(name)
        and name not in (".", "..")
    )


def check_name(name: str) -> str:
    if not 1 <= len(name) <= NAME_LENGTH or not name.strip():
        raise InvalidName(f"A name has 1 to {NAME_LENGTH} characters")
    if CONTROL_CHARACTERS.search(name):
        raise InvalidName("A name has no control characters")
    return name


def check_code(code: str) -> str:
    if not _CODE.fullmatch(code) or code.lower() in RESERVED:
        raise InvalidName(f"Not a tracking code of 5 to 8 capital letters: {code[:64]}")
    return code


def check_slug(slug: str) -> str:
    if not _SLUG.fullmatch(slug) or slug in RESERVED:
        raise InvalidName(
            "Not a slug of 3 to 64 lower-case letters, digits, hyphens or underscores"
            f" (and no reserved word): {slug[:SLUG_LENGTH]}"
        )
    return slug


def check_parameter(name: str) -> str:
    if not is_parameter(name):
        raise InvalidParameter(name)
    return name
