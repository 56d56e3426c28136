"""Of which entries an erasure may take what they say: those that stand under the key of one person,
or of one search, which goes with the person that it named."""

from collections.abc import Mapping
from typing import Any

from safeconduct.composition.entries import PersonChosen
from safeconduct.kernel.entry import Entry
from safeconduct.reception.entries import CareNoted
from safeconduct.registry.entries import (
    CandidateReconciled,
    CandidateWithdrawn,
    MatchOpinion,
    MatchReviewed,
    PersonListed,
    Searched,
)
from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeDeclined, ListChangeProposed, RowAsWritten
from safeconduct.tracking.entries import (
    CareReported,
    CustodyReported,
    InterviewReported,
    ListChangeReported,
    MovementReported,
)

ERASABLE: frozenset[type[Entry]] = frozenset(
    (
        PersonListed,
        RowAsWritten,
        ListChangeProposed,
        ListChangeAgreed,
        ListChangeDeclined,
        MatchReviewed,
        MatchOpinion,
        CandidateReconciled,
        CandidateWithdrawn,
        PersonChosen,
        MovementReported,
        CustodyReported,
        InterviewReported,
        CareReported,
        ListChangeReported,
        CareNoted,
        Searched,
    )
)


def is_erasable(entry_type: type[Entry], fields: Mapping[str, Any]) -> bool:
    """Whether an erasure may reach an entry of which these fields are told; one that names nobody stands elsewhere."""
    return entry_type in ERASABLE and fields.get("person") != ""
