"""What a delegate must know before signing, from their copy of the ledger: the terms, the plans, the keys, and their
party's own lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

import msgspec

from safeconduct.agreement.authors import Authors
from safeconduct.agreement.entries import AuthorCloned, AuthorEnrolled, AuthorRevoked, RoundClosed, TermsRecorded
from safeconduct.app.author_chain import Chain
from safeconduct.app.author_check import entry_on_keys
from safeconduct.app.exported_copy import ExportedCopy
from safeconduct.kernel.entry import type_tag
from safeconduct.ledger.header import AUTHOR, parse_leaf, recorded_at_us_of
from safeconduct.logistics.entries import PlanProposed
from safeconduct.registry.entries import ListReceived, PersonListed
from safeconduct.registry.list_entries import (
    ListChangeAgreed,
    ListChangeDeclined,
    ListChangeProposed,
    ListReplaced,
    RowAsWritten,
)
from safeconduct.registry.state import RegistryState

_TERMS, _PLAN, _CLOSED = (type_tag(TermsRecorded), type_tag(PlanProposed), type_tag(RoundClosed))
_OF_LISTS = (
    ListReceived
    | ListReplaced
    | PersonListed
    | RowAsWritten
    | ListChangeProposed
    | ListChangeAgreed
    | ListChangeDeclined
)
_LISTS = msgspec.json.Decoder(_OF_LISTS)
_ON_LISTS = {type_tag(one): one.__struct_fields__ for one in get_args(_OF_LISTS)}


@dataclass
class ToldState:
    """As a copy tells it."""

    terms_sha256: str = ""
    plans: dict[str, str] = field(default_factory=dict)
    """Of each round that is not closed, the digest of the plan put forward last."""
    authors: Authors = field(default_factory=Authors)
    registry: RegistryState = field(default_factory=RegistryState)
    """The lists of which the copy tells everything: the party's own."""
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
        elif one.told.type in _ON_LISTS:
            _take_list(state.registry, one.told.type, fields)
    for leaf in copy.leaves():
        state.recorded_at_us = recorded_at_us_of(leaf)
        if leaf[AUTHOR] == public_key:
            state.chain = Chain.after(parse_leaf(leaf))
    return state


def _take_list(registry: RegistryState, tag: str, fields: Mapping[str, Any]) -> None:
    if not set(_ON_LISTS[tag]) <= fields.keys():
        return  # another party's
    match _LISTS.decode(msgspec.json.encode(dict(fields) | {"type": tag})):
        case ListReceived() as received:
            registry.receive_list(received)
        case ListReplaced() as replaced:
            registry.replace_list(replaced)
        case PersonListed() as listed:
            registry.list_person(listed)
        case RowAsWritten() as written:
            registry.keep_as_written(written)
        case ListChangeProposed() as proposed:
            registry.propose_change(proposed)
        case ListChangeAgreed() as agreed:
            registry.agree_change(agreed)
        case ListChangeDeclined() as declined:
            registry.decline_change(declined)
