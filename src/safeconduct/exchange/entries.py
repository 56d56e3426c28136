"""Every entry type of every room, and the strict reading of their bytes."""

from typing import get_args

import msgspec

from safeconduct.agreement.entries import (
    AuthorCloned,
    AuthorEnrolled,
    AuthorRevoked,
    RecordRecovered,
    RoundClosed,
    StepCosigned,
    TermsRecorded,
    TermsSigned,
    TermsSignedByParty,
    UncosignedStepAgreed,
)
from safeconduct.composition.entries import PersonChosen, RoundComposed
from safeconduct.disclosure.entries import CommuniqueReleased, DataErased, ErasureAgreed, FactCleared
from safeconduct.disclosure.release_entries import GlassBroken, GlassReviewed, ReleaseAgreed, ReleaseProposed
from safeconduct.kernel.entry import Entry
from safeconduct.logistics.entries import ConvoyPlanned, PlanApproved, PlanApprovedByParty, PlanProposed
from safeconduct.reception.entries import CareNoted, CareTallied, FacilityEnrolled
from safeconduct.registry.entries import (
    CandidateReconciled,
    CandidateWithdrawn,
    ListReceived,
    MatchOpinion,
    MatchReviewed,
    PersonListed,
    Searched,
)
from safeconduct.registry.list_entries import (
    ListChangeAgreed,
    ListChangeDeclined,
    ListChangeProposed,
    ListReplaced,
    RowAsWritten,
)
from safeconduct.tracking.alarm_entries import (
    AlarmAcknowledged,
    AlarmAssigned,
    AlarmEscalated,
    AlarmResolved,
    AlarmWaived,
    ConfidentialAlarmAcknowledged,
    ConfidentialAlarmAssigned,
    ConfidentialAlarmEscalated,
    ConfidentialAlarmResolved,
)
from safeconduct.tracking.entries import (
    AlarmShown,
    CareReported,
    ConfidentialAlarmShown,
    CustodyReported,
    InterviewReported,
    ListChangeReported,
    MovementReported,
    PublicMatterReported,
    TechnicalReported,
)

AnyEntry = (
    TermsRecorded
    | TermsSigned
    | TermsSignedByParty
    | RoundClosed
    | AuthorEnrolled
    | AuthorRevoked
    | AuthorCloned
    | StepCosigned
    | UncosignedStepAgreed
    | RecordRecovered
    | ListReceived
    | PersonListed
    | Searched
    | ListReplaced
    | RowAsWritten
    | ListChangeProposed
    | ListChangeAgreed
    | ListChangeDeclined
    | MatchReviewed
    | MatchOpinion
    | CandidateReconciled
    | CandidateWithdrawn
    | RoundComposed
    | PersonChosen
    | PlanProposed
    | ConvoyPlanned
    | PlanApproved
    | PlanApprovedByParty
    | MovementReported
    | CustodyReported
    | InterviewReported
    | CareReported
    | ListChangeReported
    | PublicMatterReported
    | TechnicalReported
    | AlarmShown
    | ConfidentialAlarmShown
    | AlarmAcknowledged
    | ConfidentialAlarmAcknowledged
    | AlarmAssigned
    | ConfidentialAlarmAssigned
    | AlarmResolved
    | ConfidentialAlarmResolved
    | AlarmWaived
    | AlarmEscalated
    | ConfidentialAlarmEscalated
    | FacilityEnrolled
    | CareNoted
    | CareTallied
    | FactCleared
    | CommuniqueReleased
    | ErasureAgreed
    | DataErased
    | ReleaseProposed
    | ReleaseAgreed
    | GlassBroken
    | GlassReviewed
)

ENTRY_TYPES: tuple[type[Entry], ...] = get_args(AnyEntry)

DECODER: "msgspec.json.Decoder[Entry]" = msgspec.json.Decoder(AnyEntry)
"""Decodes a body that we stored ourselves; foreign bytes go through `kernel.encoding.decode` with it."""
