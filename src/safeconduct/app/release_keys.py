"""Which keys of the intermediary release sealed fields, within what limits, by the terms that every party signed.

A key is one person's. Whoever writes the record could enrol a second key of their own and agree with themselves: so, of
the keys that are enrolled for the intermediary, only the first counts at once, and each further one a day after its
enrolment, of which everybody is told meanwhile.
"""

from dataclasses import dataclass

from safeconduct.agreement.authors import PERSON, Author
from safeconduct.agreement.terms import RELEASE_LIMIT, REVIEW_US, read_terms_text
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import DAY_US, SECOND_US, format_instant

NEW_KEY_WAITS_US = DAY_US
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


def counts_from_us(state: Exchange) -> dict[str, int]:
    """The keys of persons of the intermediary that sign now, each with the moment from which it releases."""
    recorded = state.agreement.terms
    sides = recorded.intermediaries if recorded else ()
    officers = [one for one in state.agreement.authors.keys.values() if one.actor in sides and one.kind == PERSON]
    enrolled = [one for one in officers if not one.founding]
    # The first counts at once also after it was revoked: none takes its place.
    return {one.public_key: _counts_from_us(one, enrolled[:1]) for one in officers if one.signs}


def require_officer(state: Exchange, public_key: str, now_us: int) -> None:
    """Raises Refused for a key that may not release, or not yet."""
    from_us = counts_from_us(state).get(public_key)
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


def require_room(state: Exchange, public_key: str, fields: int, now_us: int) -> None:
    """Raises LimitReached where these fields are more than a key may release now."""
    done, limit = state.disclosure.releases.fields_by(public_key, now_us - SPAN_US), rules_of(state).limit
    if done + fields > limit:
        raise LimitReached(public_key, fields, done, limit)


def _counts_from_us(author: Author, first: list[Author]) -> int:
    return 0 if author.founding or author in first else author.enrolled_us + NEW_KEY_WAITS_US
