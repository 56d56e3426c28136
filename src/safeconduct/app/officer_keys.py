"""Which keys of the intermediary count where it takes two of them: releases, erasures, steps without a cosignature.

A key is one person's (`Authors.officers` says which count, and from when).
"""

from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import SECOND_US, format_instant


def counting(state: Exchange, now_us: int) -> frozenset[str]:
    """The keys that count now."""
    return frozenset(key for key, from_us in state.agreement.authors.officers().items() if from_us <= now_us)


def require_officer(state: Exchange, public_key: str, now_us: int) -> None:
    """Raises Refused for a key that does not count, or not yet."""
    from_us = state.agreement.authors.officers().get(public_key)
    if from_us is None:
        raise Refused(
            f"the key {public_key[:16]}… is of no person of the intermediary, or signs no more; "
            "see safeconduct author list"
        )
    if now_us < from_us:
        raise Refused(
            f"the key {public_key[:16]}… is new: it counts from {format_instant(from_us - from_us % SECOND_US)} on, so "
            "that everybody has seen its enrolment by then"
        )
