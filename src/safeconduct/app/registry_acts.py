"""What persons of the intermediary do with the registry, as it is sent to the ledger's one writer."""

import msgspec

from safeconduct.app.commands import ReceiveList, RecordCandidates
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.list_changes import WantedChange
from safeconduct.registry.pair_seen import PairSeen


class RecordFindings(msgspec.Struct, frozen=True, tag="record-findings", tag_field="act", forbid_unknown_fields=True):
    """Record what one reviewer finds on pairs, all of it or nothing."""

    opinions: tuple[MatchOpinion, ...]
    seen: tuple[PairSeen, ...]
    """Each pair as the reviewer saw it."""


class RecordSearch(msgspec.Struct, frozen=True, tag="record-search", tag_field="act", forbid_unknown_fields=True):
    """Record that somebody looks for a person; whoever asks is told only after that."""

    clearance: str
    text: str
    born: str
    unit: str
    rows: int
    """How many rows are to be told."""
    size: int
    """The entries of the ledger from which these come."""


class ProposeChange(msgspec.Struct, frozen=True, tag="propose-change", tag_field="act", forbid_unknown_fields=True):
    """Propose to change a row of a list, for the intermediary."""

    wanted: WantedChange


class AgreeToChange(msgspec.Struct, frozen=True, tag="agree-to-change", tag_field="act", forbid_unknown_fields=True):
    """Agree to such a proposal of a list's party, for the intermediary."""

    digest: str


class DeclineChange(msgspec.Struct, frozen=True, tag="decline-change", tag_field="act", forbid_unknown_fields=True):
    """Decline such a proposal, or take back one of the intermediary's own."""

    digest: str
    reason: str


class TakeList(msgspec.Struct, frozen=True, tag="take-list", tag_field="act", forbid_unknown_fields=True):
    """Record a list that a party handed over."""

    command: ReceiveList


class Reconcile(msgspec.Struct, frozen=True, tag="reconcile", tag_field="act", forbid_unknown_fields=True):
    """Record who may be exchanged, by lists and findings."""

    command: RecordCandidates
    size: int
    """The entries of the ledger from which this follows."""


OnRegistry = RecordFindings | RecordSearch | ProposeChange | AgreeToChange | DeclineChange | TakeList | Reconcile


class OnRecord(msgspec.Struct, frozen=True, kw_only=True, tag="on-record"):
    """An act stands in the record."""

    first: int
    """Index of the first entry that it made."""
    size: int
    """Entries of the ledger from then on."""


class Outdated(msgspec.Struct, frozen=True, kw_only=True, tag="outdated"):
    """Nothing was recorded: what the act rests on has changed meanwhile, and may simply be looked up again."""
