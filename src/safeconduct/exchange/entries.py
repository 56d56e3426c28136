"""Every entry type of every room, and the strict reading of their bytes."""

from typing import get_args

import msgspec

from safeconduct.agreement.entries import (
    AuthorCloned,
    AuthorEnrolled,
    AuthorRevoked,
    RoundClosed,
    StepCosigned,
    TermsRecorded,
    TermsSigned,
    TermsSignedByParty,
    UncosignedStepAgreed,
)
from safeconduct.composition.entries import PersonChosen, RoundComposed
from safeconduct.disclosure.entries import CommuniqueReleased, DataErased, FactCleared
from safeconduct.kernel.entry import Entry
from safeconduct.logistics.entries import ConvoyPlanned, PlanApproved, PlanApprovedByParty, PlanProposed
from safeconduct.reception.entries import CareNoted, CareTallied, FacilityEnrolled
from safeconduct.registry.entries import CandidateReconciled, ListReceived, MatchReviewed, PersonListed
from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeProposed, ListReplaced, RowAsWritten
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
    | ListReceived
    | PersonListed
    | ListReplaced
    | RowAsWritten
    | ListChangeProposed
    | ListChangeAgreed
    | MatchReviewed
    | CandidateReconciled
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
    | DataErased
)

ENTRY_TYPES: tuple[type[Entry], ...] = get_args(AnyEntry)

DECODER: "msgspec.json.Decoder[Entry]" = msgspec.json.Decoder(AnyEntry)
"""Decodes a body that we stored ourselves; foreign bytes go through `kernel.encoding.decode` with it."""
