"""A facility with a few persons, for tests."""

from tests.app.recording import Seeded

from safeconduct.reception.desk import FacilityDesk
from safeconduct.reception.sealing import FacilityKey

NOON_US = 1_751_630_400_000_000  # 2025-07-04T12:00:00Z
EXCHANGE = "2025-07-04"
PERSONS = tuple(f"p{number}" for number in range(1, 9))


def key(facility: str = "F1", seed: int = 1) -> FacilityKey:
    """A facility's key."""
    return FacilityKey(facility, Seeded(seed).token_bytes(32))


def desk(facility: str = "F1", persons: tuple[str, ...] = PERSONS, seed: int = 1) -> FacilityDesk:
    """A facility that expects these persons."""
    return FacilityDesk(key(facility, seed), EXCHANGE, persons, Seeded(seed + 50))
