"""The joint state of an exchange: what all rooms know, folded from the ledger's entries in their order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

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
from safeconduct.agreement.state import AgreementState
from safeconduct.composition.entries import PersonChosen, RoundComposed
from safeconduct.composition.state import CompositionState
from safeconduct.disclosure.entries import CommuniqueReleased, DataErased, ErasureAgreed, FactCleared
from safeconduct.disclosure.release_entries import GlassBroken, GlassReviewed, ReleaseAgreed, ReleaseProposed
from safeconduct.disclosure.state import DisclosureState
from safeconduct.kernel.entry import Entry, Erased, Opened, Sealed
from safeconduct.logistics.entries import ConvoyPlanned, PlanApproved, PlanApprovedByParty, PlanProposed
from safeconduct.logistics.state import LogisticsState
from safeconduct.reception.entries import CareNoted, CareTallied, FacilityEnrolled
from safeconduct.reception.state import ReceptionState
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
from safeconduct.registry.state import RegistryState
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
from safeconduct.tracking.state import TrackingState


@dataclass
class Exchange:
    """Everything that is known, a part a room. Rebuilt from the ledger at every start; never stored."""

    agreement: AgreementState = field(default_factory=AgreementState)
    registry: RegistryState = field(default_factory=RegistryState)
    composition: CompositionState = field(default_factory=CompositionState)
    logistics: LogisticsState = field(default_factory=LogisticsState)
    tracking: TrackingState = field(default_factory=TrackingState)
    reception: ReceptionState = field(default_factory=ReceptionState)
    disclosure: DisclosureState = field(default_factory=DisclosureState)
    sealed: int = 0
    """Bodies that were closed to this reader."""
    erased: int = 0
    """Bodies whose key was destroyed."""

    def __post_init__(self) -> None:
        self._folds: dict[type[Entry], Callable[[Any], None]] = {
            TermsRecorded: self.agreement.record_terms,
            TermsSigned: self.agreement.record_signature,
            TermsSignedByParty: self.agreement.record_own_signature,
            RoundClosed: self.agreement.record_closing,
            StepCosigned: self.agreement.record_step,
            UncosignedStepAgreed: self.agreement.agree_uncosigned,
            RecordRecovered: self.agreement.recover,
            AuthorEnrolled: self.agreement.authors.enrol,
            AuthorRevoked: self._revoke,
            AuthorCloned: self.agreement.authors.clone,
            ListReceived: self.registry.receive_list,
            PersonListed: self.registry.list_person,
            Searched: self.registry.search,
            ListReplaced: self.registry.replace_list,
            RowAsWritten: self.registry.keep_as_written,
            ListChangeProposed: self.registry.propose_change,
            ListChangeAgreed: self._agree_change,
            ListChangeDeclined: self.registry.decline_change,
            MatchReviewed: self.registry.review_match,
            MatchOpinion: self.registry.give_opinion,
            CandidateReconciled: self.registry.reconcile,
            CandidateWithdrawn: self.registry.withdraw_candidate,
            RoundComposed: self.composition.compose,
            PersonChosen: self.composition.choose,
            PlanProposed: self.logistics.propose,
            ConvoyPlanned: self.logistics.plan_convoy,
            PlanApproved: self.logistics.approve,
            PlanApprovedByParty: self.logistics.approve_by_key,
            MovementReported: self.tracking.take_report,
            CustodyReported: self.tracking.take_report,
            InterviewReported: self.tracking.take_report,
            CareReported: self.tracking.take_report,
            ListChangeReported: self.tracking.take_report,
            PublicMatterReported: self.tracking.take_report,
            TechnicalReported: self.tracking.take_report,
            AlarmShown: self.tracking.show_alarm,
            ConfidentialAlarmShown: self.tracking.show_alarm,
            AlarmAcknowledged: self.tracking.acknowledge,
            ConfidentialAlarmAcknowledged: self.tracking.acknowledge,
            AlarmAssigned: self.tracking.assign,
            ConfidentialAlarmAssigned: self.tracking.assign,
            AlarmResolved: self.tracking.resolve,
            ConfidentialAlarmResolved: self.tracking.resolve,
            AlarmWaived: self.tracking.waive,
            AlarmEscalated: self.tracking.escalate,
            ConfidentialAlarmEscalated: self.tracking.escalate,
            FacilityEnrolled: self.reception.enrol,
            CareNoted: self.reception.note_care,
            CareTallied: self.reception.tally,
            FactCleared: self.disclosure.clear,
            CommuniqueReleased: self.disclosure.release,
            ErasureAgreed: self.disclosure.agreements.agree,
            DataErased: self.disclosure.erase,
            ReleaseProposed: self.disclosure.releases.ask,
            ReleaseAgreed: self.disclosure.releases.agree,
            GlassBroken: self.disclosure.releases.ask,
            GlassReviewed: self.disclosure.releases.review,
        }

    def apply(self, entry: Entry) -> None:
        """Take one entry. Raises KeyError for a type that no room folds: such a type must not reach a ledger."""
        self._folds[type(entry)](entry)

    def _revoke(self, entry: AuthorRevoked) -> None:
        self.agreement.revoke(entry)
        self.logistics.approvals.void(entry.public_key, entry.last_seq)

    def _agree_change(self, entry: ListChangeAgreed) -> None:
        """With the second key a change takes effect, unless the first was revoked or found in two hands meanwhile."""
        change = self.registry.changes.by_digest.get(entry.proposal_sha256)
        proposer = None if change is None else self.agreement.authors.keys.get(change.proposed.public_key)
        self.registry.agree_change(entry, counts=proposer is None or proposer.signs)

    def take(self, body: Opened[Entry] | Sealed | Erased) -> None:
        """Take one stored body in whichever state it is."""
        if isinstance(body, Opened):  # nearly all of them, and a start takes hundreds of thousands
            self._folds[type(body.entry)](body.entry)
        elif isinstance(body, Sealed):
            self.sealed += 1
        else:
            self.erased += 1


def fold(bodies: Iterable[Opened[Entry] | Sealed | Erased]) -> Exchange:
    """The state after all these bodies."""
    state = Exchange()
    for body in bodies:
        state.take(body)
    return state
