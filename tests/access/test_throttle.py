"""How many requests somebody may make in a window of time."""

import time

import pytest

from leadline.access import Allowance, RateLimited, Throttle
from tests.support import eventually


def spent(throttle: Throttle, key: str) -> Allowance | None:
    """What is left after one more request; None if it was one too many."""
    try:
        return throttle.spend(key)
    except RateLimited:
        return None


def test_without_a_limit_everything_passes() -> None:
    for throttle in (Throttle.per_minute(0), Throttle.per_hour(0)):
        assert [throttle.spend("a") for _ in range(100)] == [None] * 100


@pytest.mark.parametrize(
    ("throttle", "window"), [(Throttle.per_minute(3), 60), (Throttle.per_hour(3), 3600)]
)
def test_the_limit_is_counted_down(throttle: Throttle, window: int) -> None:
    before = time.time()
    allowances = [throttle.spend("a") for _ in range(3)]
    assert [allowance and allowance.remaining for allowance in allowances] == [2, 1, 0]
    for allowance in allowances:
        assert allowance is not None
        assert allowance.limit == 3
        assert before < allowance.reset <= time.time() + window + 1


def test_over_the_limit_it_says_when_to_come_back() -> None:
    throttle = Throttle.per_minute(1)
    throttle.spend("a")
    with pytest.raises(RateLimited) as refused:
        throttle.spend("a")
    assert 1 <= refused.value.retry_after <= 61
    assert refused.value.allowance.remaining == 0


def test_each_key_has_a_window_of_its_own() -> None:
    throttle = Throttle.per_minute(1)
    throttle.spend("a")
    throttle.spend("b")
    with pytest.raises(RateLimited):
        throttle.spend("a")


def test_a_new_window_begins_afresh() -> None:
    throttle = Throttle(2, seconds=1)
    while spent(throttle, "a"):
        pass
    allowance = eventually(lambda: spent(throttle, "a"))
    assert allowance is not None
    assert allowance.remaining == 1


def test_a_window_of_a_clock_that_was_ahead_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    right = time.time
    throttle = Throttle.per_minute(1)
    monkeypatch.setattr(time, "time", lambda: right() + 86_400)
    assert spent(throttle, "a")
    assert not spent(throttle, "a")
    monkeypatch.setattr(time, "time", right)
    assert spent(throttle, "a")
    assert not spent(throttle, "a")
