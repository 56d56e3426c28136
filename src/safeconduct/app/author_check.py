"""Whether the authors of a ledger's entries were enrolled for what they signed, by the bodies before each entry.

For `ledger.fsck`, which knows bytes only. Where a reader may not know who is enrolled (no keys at hand, a copy for the
public), nothing is judged.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from safeconduct.agreement.authors import Author, Authors
from safeconduct.agreement.entries import (
    AuthorCloned,
    AuthorEnrolled,
    AuthorRevoked,
    TermsSignedByParty,
    UncosignedStepAgreed,
)
from safeconduct.disclosure.entries import ErasureAgreed
from safeconduct.disclosure.release_entries import OnRelease
from safeconduct.exchange.authorship import (
    BY_OFFICER,
    BY_PARTY,
    CLOCKS_APART_US,
    LIST_CHANGES,
    ON_RELEASES,
    OPINION,
    may_sign,
    signed_in_time,
    signs_change_for_itself,
    signs_for_itself,
)
from safeconduct.kernel.entry import type_tag
from safeconduct.kernel.times import SECOND_US, format_instant
from safeconduct.ledger.author_chains import NotCounting
from safeconduct.ledger.fsck import StoredEntry
from safeconduct.ledger.header import Leaf
from safeconduct.logistics.entries import PlanApprovedByParty
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeDeclined, ListChangeProposed

_TYPES: dict[str, type[AuthorEnrolled | AuthorRevoked | AuthorCloned]] = {
    type_tag(one): one for one in (AuthorEnrolled, AuthorRevoked, AuthorCloned)
}


class _Typed(msgspec.Struct):
    type: str


_TYPE = msgspec.json.Decoder(_Typed)
_OF_KEYS = AuthorEnrolled | AuthorRevoked | AuthorCloned
_LOOKED_INTO = msgspec.json.Decoder(
    _OF_KEYS
    | TermsSignedByParty
    | PlanApprovedByParty
    | UncosignedStepAgreed
    | ErasureAgreed
    | OnRelease
    | MatchOpinion
    | ListChangeProposed
    | ListChangeAgreed
    | ListChangeDeclined
)
_WITH_FIELDS = frozenset({*_TYPES, *BY_PARTY, *BY_OFFICER, *ON_RELEASES, *LIST_CHANGES, OPINION})


class AuthorCheck:
    """Takes the entries of a ledger in their order: of each its leaf, then its body where that is open."""

    def __init__(self, judging: bool, lost: Sequence[int] = ()) -> None:
        """`judging`: whether this reader may know of every key that is enrolled.

        `lost`: the entries whose bodies are nowhere any more. One of them may have enrolled whoever signed another; but
        nothing is taken since under a key whose enrolment is lost.
        """
        self._judging = judging
        self._lost = frozenset(lost)
        self._authors = Authors()
        self._recorded_us = array("Q")
        self._last_seq: dict[str, int] = {}
        self._not_counting: dict[str, NotCounting] = {}
        self._sealed = False
        self.not_known: set[bytes] = set()
        """Keys that signed after an entry that this reader cannot read, and that no other enrolled."""

    def check_leaf(self, entry: StoredEntry, leaf: Leaf) -> list[str]:
        """What is wrong with this author's signing now (`fsck.AuthorCheck`)."""
        header = leaf.header
        key = header.author.hex()
        if entry.index == 0:
            self._authors.found(header.author, "")
        self._recorded_us.append(leaf.recorded_at_us)
        self._last_seq[key] = max(header.author_seq, self._last_seq.get(key, 0))
        if not self._judging:
            return []
        author = self._authors.keys.get(key)
        who = f"author {key[:16]}"
        if author is None:
            if entry.index in self._lost:
                return []
            if self._sealed:
                self.not_known.add(header.author)
                return []
            return [f"{who} was enrolled by no entry before it"]
        if not author.counts(header.author_seq):
            return [f"{who} was revoked after its number {author.last_seq}; this is its number {header.author_seq}"]
        if author.cloned and not author.founding:
            return [f"{who} was known to be cloned: nothing signed with that key may be taken any more"]
        return []

    def pass_sealed(self) -> None:
        """An entry is sealed though its reader may know all: its key is not at hand. It may have enrolled anybody."""
        self._sealed = True

    def check_body(self, leaf: Leaf, body: bytes) -> list[str]:
        """The same for a sound body, whole."""
        tag = _TYPE.decode(body).type
        if tag not in _WITH_FIELDS:
            return self.check_fields(leaf, tag, {})
        try:
            return self.check_fields(leaf, tag, msgspec.structs.asdict(_LOOKED_INTO.decode(body)))
        except msgspec.DecodeError as error:
            return [f"its body is not as {tag} has it: {error}"]

    def check_fields(self, leaf: Leaf, tag: str, fields: Mapping[str, Any]) -> list[str]:
        """What is wrong with this author's signing an entry of this type, of which these fields may be known."""
        header = leaf.header
        author = self._authors.keys.get(header.author.hex())
        seen = header.seen_size
        # A checkpoint that would hold the entry itself is told by `fsck`.
        seen_at_us = self._recorded_us[seen - 1] if 0 < seen <= len(self._recorded_us) else 0
        problems = [] if author is None else _misfits(author, leaf, seen_at_us, tag, fields)
        if author is not None and not problems and tag in (*BY_OFFICER, *ON_RELEASES):
            problems = _too_new(author, self._authors.counts_from_us(author), leaf)
        if not problems:
            self._take(tag, fields, leaf.recorded_at_us)
        return problems if self._judging else []

    def not_counting(self) -> list[NotCounting]:
        """What stands in the record and was cut off by a later revocation."""
        return list(self._not_counting.values())

    def _take(self, tag: str, fields: Mapping[str, Any], recorded_at_us: int) -> None:
        match entry_on_keys(tag, fields):
            case AuthorEnrolled() as enrolled:
                # One that is dated back would let a key count too early.
                at_us = max(enrolled.occurred_at_us, recorded_at_us - CLOCKS_APART_US)
                self._authors.enrol(msgspec.structs.replace(enrolled, occurred_at_us=at_us))
            case AuthorCloned() as cloned:
                self._authors.clone(cloned)
            case AuthorRevoked() as revoked:
                self._authors.revoke(revoked)
                key, last = revoked.public_key, self._last_seq.get(revoked.public_key, 0)
                if last > revoked.last_seq:
                    self._not_counting[key] = NotCounting(bytes.fromhex(key), revoked.last_seq + 1, last)


def entry_on_keys(tag: str, fields: Mapping[str, Any]) -> _OF_KEYS | None:
    """The entry again from what of it may be known; None for another type, or if too little is shown."""
    entry_type = _TYPES.get(tag)
    known = {"label": "", "reason": "", **fields}
    if entry_type is None or not set(entry_type.__struct_fields__) <= known.keys():
        return None
    return entry_type(**{name: known[name] for name in entry_type.__struct_fields__})


def _too_new(author: Author, from_us: int, leaf: Leaf) -> list[str]:
    if leaf.recorded_at_us >= from_us:
        return []
    at = format_instant(from_us - from_us % SECOND_US)
    return [f"author {author.public_key[:16]} was new: it counts from {at} on where two keys are needed"]


def _misfits(author: Author, leaf: Leaf, seen_at_us: int, tag: str, fields: Mapping[str, Any]) -> list[str]:
    who = f"author {author.public_key[:16]}"
    if not may_sign(author, tag):
        return [f"{who}, a {author.kind} of {author.actor or 'the intermediary'}, may not sign {tag}"]
    untold = author.public_key if tag in ON_RELEASES else None
    named = fields.get("public_key", untold)
    attested = tag == OPINION and named == ""
    if tag in (*BY_OFFICER, *ON_RELEASES, OPINION) and named != author.public_key and not attested:
        return [f"{who} signed in it for another key than its own"]
    if tag in LIST_CHANGES and not signs_change_for_itself(
        author, fields.get("side"), fields.get("public_key"), fields.get("own", ())
    ):
        return [f"{who} signed in it for another side or key than its own"]
    if tag not in BY_PARTY:
        return []
    party, key, number = (fields.get(name) for name in ("party", "public_key", "author_seq"))
    if not signs_for_itself(author, party, key, number, leaf.header.author_seq):
        return [f"{who} signed in it for another party, key or number than its own"]
    if not signed_in_time(fields.get("occurred_at_us", 0), seen_at_us, leaf.recorded_at_us):
        return [f"{who} dated it before the checkpoint that it had seen, or after it was recorded"]
    return []
