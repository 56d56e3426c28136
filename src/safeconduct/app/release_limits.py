"""Within what limits a key of the intermediary releases sealed fields, by the terms that every party signed."""

from dataclasses import dataclass

from safeconduct.agreement.terms import RELEASE_LIMIT, REVIEW_US, read_terms_text
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import DAY_US

SPAN_US = DAY_US
"""The rolling span in which released fields are counted."""


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """What the terms say of releases."""

    review_us: int
    """Within how long a release under break-glass is reviewed."""
    limit: int
    """Fields that one key may release in SPAN_US."""


class LimitReached(Refused):
    """A key would have released more fields than it may in so short a time."""

    def __init__(self, public_key: str, asked: int, done: int, limit: int) -> None:
        super().__init__(
            f"the key {public_key[:16]}… has released {done} fields in the last 24 hours, and {limit} is the limit: "
            f"{asked} more must wait, or be released by the keys of two others"
        )
        self.public_key, self.asked, self.done, self.limit = public_key, asked, done, limit


def rules_of(state: Exchange) -> ReleaseRules:
    """By the terms in force; as by default until every party has signed."""
    recorded = state.agreement.terms
    if recorded is None or not state.agreement.in_force():
        return ReleaseRules(REVIEW_US, RELEASE_LIMIT)
    agreement = read_terms_text("terms", recorded.terms_text.encode()).agreement
    return ReleaseRules(agreement.release_review_us, agreement.release_limit)


def require_room(state: Exchange, public_key: str, fields: int, now_us: int) -> None:
    """Raises LimitReached where these fields are more than a key may release now."""
    done, limit = state.disclosure.releases.fields_by(public_key, now_us - SPAN_US), rules_of(state).limit
    if done + fields > limit:
        raise LimitReached(public_key, fields, done, limit)
