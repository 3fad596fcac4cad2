"""Secrets that people choose."""

from hashlib import sha256

import pytest

from leadline.passwords import (
    STRENGTH,
    hash_password,
    is_text,
    share_secret,
    verify_password,
)


@pytest.mark.parametrize("password", ["correct horse", "", "ключ 🗝", "x" * 255])
def test_a_hash_opens_for_its_password_alone(password: str) -> None:
    hashed = hash_password(password)
    assert hashed.startswith("$argon2id$")
    assert verify_password(hashed, password)
    assert not verify_password(hashed, password + " ")


def test_a_guess_takes_64_mib_and_some_time() -> None:
    assert (STRENGTH.memory_cost, STRENGTH.time_cost, STRENGTH.parallelism) == (64 * 1024, 3, 4)


def test_the_same_password_has_another_hash_each_time() -> None:
    assert hash_password("correct horse") != hash_password("correct horse")


@pytest.mark.parametrize("hashed", ["", "correct horse", "$argon2id$v=19$broken"])
def test_what_is_no_hash_opens_for_nobody(hashed: str) -> None:
    assert not verify_password(hashed, "correct horse")


def test_a_share_link_carries_the_digest_of_its_password() -> None:
    assert share_secret("geheim") == sha256(b"geheim").hexdigest()


def test_what_a_terminal_could_not_decode_is_no_text() -> None:
    assert is_text("ключ 🗝")
    assert not is_text(b"\xff".decode("utf-8", "surrogateescape"))
