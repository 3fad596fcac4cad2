"""Weighted choices that cost no more than a look into a list."""

from collections.abc import Sequence
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

SIZE = 4096


class Wheel(Generic[T]):
    """Gives things about as often as their weights say; rare ones may be on it not at all."""

    def __init__(
        self, chance: Random, things: Sequence[T], weights: Sequence[float], size: int = SIZE
    ) -> None:
        self._fields = chance.choices(things, weights, k=size)
        self._size = size
        self._random = chance.random

    def turn(self) -> T:
        return self._fields[int(self._random() * self._size)]


def ranked(count: int, steepness: float) -> list[float]:
    """Weights of a few that are large, and a long tail."""
    return [1 / (rank + 2) ** steepness for rank in range(count)]
