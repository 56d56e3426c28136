"""The system's clock and randomness: the only place where they are read."""

import secrets
import time


class SystemClock:
    """The time of this machine."""

    def now_us(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        return time.time_ns() // 1000


class SystemRandomness:
    """The randomness of the operating system."""

    def token_bytes(self, count: int) -> bytes:
        """`count` bytes nobody could have guessed."""
        return secrets.token_bytes(count)
