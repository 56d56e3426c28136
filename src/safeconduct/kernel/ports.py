"""Clock and randomness as ports: passed in, so that a whole exchange can be replayed from one seed."""

from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now_us(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...


class Randomness(Protocol):
    """Gives unpredictable bytes; a seeded one in simulations only."""

    def token_bytes(self, count: int) -> bytes:
        """`count` bytes nobody could have guessed."""
        ...
