"""What a delegate must know before signing, from their copy of the ledger: the terms, the plans, the keys."""

from dataclasses import dataclass, field

from safeconduct.agreement.authors import Authors
from safeconduct.agreement.entries import AuthorCloned, AuthorEnrolled, AuthorRevoked, RoundClosed, TermsRecorded
from safeconduct.app.author_chain import Chain
from safeconduct.app.author_check import entry_on_keys
from safeconduct.app.exported_copy import ExportedCopy
from safeconduct.kernel.entry import type_tag
from safeconduct.ledger.header import AUTHOR, parse_leaf, recorded_at_us_of
from safeconduct.logistics.entries import PlanProposed

_TERMS, _PLAN, _CLOSED = (type_tag(TermsRecorded), type_tag(PlanProposed), type_tag(RoundClosed))


@dataclass
class ToldState:
    """As a copy tells it."""

    terms_sha256: str = ""
    plans: dict[str, str] = field(default_factory=dict)
    """Of each round that is not closed, the digest of the plan put forward last."""
    authors: Authors = field(default_factory=Authors)
    chain: Chain = field(default_factory=Chain)
    """Of the key that is to sign."""
    recorded_at_us: int = 0
    """When the last entry was recorded."""


def told_state(copy: ExportedCopy, public_key: bytes) -> ToldState:
    """Read a copy that was checked, for whoever signs with this key. Raises SafeconductError if it cannot be read."""
    state = ToldState()
    for one in copy.told():
        fields = one.told.fields
        match entry_on_keys(one.told.type, fields):
            case AuthorEnrolled() as enrolled:
                state.authors.enrol(enrolled)
            case AuthorRevoked() as revoked:
                state.authors.revoke(revoked)
            case AuthorCloned() as cloned:
                state.authors.clone(cloned)
        if one.told.type == _TERMS:
            state.terms_sha256 = fields["terms_sha256"]
        elif one.told.type == _PLAN:
            state.plans[fields["exchange"]] = fields["plan_sha256"]
        elif one.told.type == _CLOSED:
            state.plans.pop(fields["exchange"], None)
    for leaf in copy.leaves():
        state.recorded_at_us = recorded_at_us_of(leaf)
        if leaf[AUTHOR] == public_key:
            state.chain = Chain.after(parse_leaf(leaf))
    return state
