"""Changes of rows of a list at the intermediary's desk and by a delegate's key: who may propose and agree, and when."""

from dataclasses import dataclass

from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.registry.list_changes import WantedChange, agreement, malformed, proposal, refusal
from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeDeclined, ListChangeProposed
from safeconduct.registry.state import RegistryState


@dataclass(frozen=True, slots=True)
class Proposing:
    """Proposing a change, as an act of whoever signs it."""

    wanted: WantedChange

    def entry(self, registry: RegistryState, side: str, public_key: str, now_us: int) -> Entry:
        """The entry to sign. Raises Refused."""
        return proposal(registry.lists, registry.persons, self.wanted, side, public_key, now_us)

    def is_done_by(self, _: Entry) -> bool:
        """The same may be proposed again: what was proposed before may have lapsed."""
        return False


@dataclass(frozen=True, slots=True)
class Agreeing:
    """Agreeing to a change, by the beginning of its digest."""

    digest: str

    def entry(self, registry: RegistryState, side: str, public_key: str, now_us: int) -> Entry:
        """The entry to sign. Raises Refused."""
        return agreement(registry.changes.named(self.digest), registry.persons, side, public_key, now_us)

    def is_done_by(self, entry: Entry) -> bool:
        """Whether an entry signed before agrees to that change."""
        return isinstance(entry, ListChangeAgreed) and entry.proposal_sha256.startswith(self.digest)


@dataclass(frozen=True, slots=True)
class Declining:
    """Declining a change of the other side, or taking back one of one's own, by the beginning of its digest."""

    digest: str
    reason: str

    def entry(self, registry: RegistryState, side: str, public_key: str, now_us: int) -> Entry:
        """The entry to sign. Raises Refused."""
        return refusal(registry.changes.named(self.digest), self.reason, side, public_key, now_us)

    def is_done_by(self, entry: Entry) -> bool:
        """Whether an entry signed before ends that change."""
        return isinstance(entry, ListChangeDeclined) and entry.proposal_sha256.startswith(self.digest)


def own_at_desk(state: Exchange, public_key: str) -> str:
    """For which intermediary a key at the desk signs. Raises Refused if the terms name none such, or it may not."""
    terms = state.agreement.terms
    author = state.agreement.authors.keys.get(public_key)
    if terms is None:
        raise Refused("no terms are on record yet: record them first")
    if author is None or author.actor not in terms.intermediaries or not author.signs:
        raise Refused(f"the key {public_key[:16]}… is of no person of an intermediary; see safeconduct author list")
    return author.actor


def agree_at_desk(state: Exchange, digest: str, public_key: str, now_us: int) -> ListChangeAgreed:
    """The entry by which the intermediary's key agrees. Raises Refused, also where the proposer's key signs no more."""
    change = state.registry.changes.named(digest)
    proposer = state.agreement.authors.keys.get(change.proposed.public_key)
    if proposer is None or not proposer.signs:
        raise Refused(f"the key that proposed {change.short} signs no more: have it proposed anew with another")
    return agreement(change, state.registry.persons, own_at_desk(state, public_key), public_key, now_us)


def misfit_change(state: Exchange, entry: ListChangeProposed | ListChangeAgreed | ListChangeDeclined) -> str:
    """Why an entry on a change, signed elsewhere, cannot be taken; empty if it can.

    One that comes too late, when the row has changed or another key agreed or declined, is taken, and has no effect.
    """
    if isinstance(entry, ListChangeProposed):
        received = state.registry.lists.get(entry.list_id)
        if received is None or received.own != entry.own:
            return f"it is on a list {entry.list_id!r} that is not on record, or of another party"
        return malformed(entry)
    change = state.registry.changes.by_digest.get(entry.proposal_sha256)
    if change is None:
        return "it is on a change that is not on record: take that one in first"
    proposed = change.proposed
    if (entry.own, entry.list_id, entry.ref) != (proposed.own, proposed.list_id, proposed.ref):
        return "it names another row than the change that it is on"
    if isinstance(entry, ListChangeDeclined):
        return "" if entry.reason.strip() else "it declines without a reason"
    if (entry.side in proposed.own) == (proposed.side in proposed.own):
        return f"{proposed.side} proposed the change: the second key is of the other side"
    return ""
