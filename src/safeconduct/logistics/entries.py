"""What is recorded of the plan. Routes and loads go to the own side; the other side knows batches and handovers."""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PARTIES = told_to(Audience.PARTIES)
_OWN = told_to(Audience.OWN)
_INTERMEDIARY = told_to(Audience.INTERMEDIARY)


class PlanProposed(Entry, frozen=True, kw_only=True, tag="logistics.plan-proposed/1"):
    """A movement plan put to the parties."""

    existence: ClassVar[Audience] = Audience.PARTIES

    exchange: Annotated[str, _PARTIES]
    plan_sha256: Annotated[str, _PARTIES]
    """Hex digest of the plan file."""
    start_us: Annotated[int, _PARTIES]
    handovers_us: Annotated[dict[str, int], _PARTIES]
    """Moment of handover by batch."""
    batches: Annotated[dict[str, tuple[str, ...]], _PARTIES]
    """Who is handed over together, by batch: each side must know whom it gives and whom it receives then."""
    persons: Annotated[int, _PARTIES]
    plan_text: Annotated[str, _INTERMEDIARY]
    """The plan file, whole."""

    def sealed_under(self) -> str:
        return f"document:plan/{self.plan_sha256}"


class ConvoyPlanned(Entry, frozen=True, kw_only=True, tag="logistics.convoy-planned/1"):
    """One side's part of a plan: the legs of the vehicles that it operates."""

    existence: ClassVar[Audience] = Audience.PARTIES

    own: Annotated[tuple[str, ...], _PARTIES]
    plan_sha256: Annotated[str, _PARTIES]
    legs_text: Annotated[str, _OWN]
    """The legs as JSON, as in the plan file."""
    vehicles_text: Annotated[str, _OWN]
    """The vehicles as JSON, as in the plan file."""
    places_text: Annotated[str, _OWN]
    """The places that the legs touch as JSON, as in the plan file."""

    def sealed_under(self) -> str:
        return f"document:plan/{self.plan_sha256}"


class PlanApproved(Entry, frozen=True, kw_only=True, tag="logistics.plan-approved/1"):
    """The intermediary attests that a party approved a plan on paper. Never shown as the party's own signature."""

    existence: ClassVar[Audience] = Audience.PARTIES

    party: Annotated[str, _PARTIES]
    plan_sha256: Annotated[str, _PARTIES]
    paper_sha256: Annotated[str, _PARTIES]
    attested_by: Annotated[str, _PARTIES]

    def sealed_under(self) -> str:
        return f"document:plan/{self.plan_sha256}"


class PlanApprovedByParty(Entry, frozen=True, kw_only=True, tag="logistics.plan-approved-by-party/1"):
    """A party's delegate approves a plan on a device of their own. Only an enrolled key of that party may author it."""

    existence: ClassVar[Audience] = Audience.PARTIES

    party: Annotated[str, _PARTIES]
    plan_sha256: Annotated[str, _PARTIES]
    public_key: Annotated[str, _PARTIES]
    """The key of this entry's author, and its number, as they stand in its header."""
    author_seq: Annotated[int, _PARTIES]

    def sealed_under(self) -> str:
        return f"document:plan/{self.plan_sha256}"
