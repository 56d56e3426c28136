"""Independent streams of randomness from one seed, one for each purpose.

Each purpose draws from its own stream, so that changing how much one of them draws leaves the others as they were.
"""

import hashlib
import random


def stream(seed: int, purpose: str) -> random.Random:
    """The stream of a purpose (`people`, `lists/RU-held`, …); the same for the same seed on every machine."""
    # random.Random hashes a text seed with SHA-512, which no PYTHONHASHSEED changes. No secret is ever drawn here.
    return random.Random(f"{seed}/{purpose}")  # noqa: S311


def derived_seeds(text: str, count: int) -> tuple[int, ...]:
    """Seeds that nobody chose: `count` numbers derived from a text such as the id of a commit."""
    return tuple(
        int.from_bytes(hashlib.sha256(f"{text}/{number}".encode()).digest()[:6], "big") for number in range(count)
    )
