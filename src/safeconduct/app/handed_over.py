"""Who was handed over, in any exchange on record."""

from safeconduct.app.recorded_day import papers, recorded_day
from safeconduct.exchange.state import Exchange


def handed_over(state: Exchange, now_us: int) -> frozenset[str]:
    """The persons whom a side handed over by `now_us`, by their id in the exchange."""
    found: set[str] = set()
    for exchange in state.logistics.plans:
        found |= recorded_day(state.tracking, papers(state, exchange), now_us).handed_over.keys()
    return frozenset(found)
