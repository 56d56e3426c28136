"""Plans as the ledger tells them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from safeconduct.logistics.entries import ConvoyPlanned, PlanApproved, PlanApprovedByParty, PlanProposed
from safeconduct.vocabulary.assents import Assents, KeySignature


class PlanInForce(NamedTuple):
    """The plan by which an exchange goes, and since when."""

    proposed: PlanProposed
    since_us: int
    """When the last of the parties approved it."""


@dataclass
class LogisticsState:
    """The plan put forward last for each exchange, those before it, and who approved what."""

    plans: dict[str, PlanProposed] = field(default_factory=dict)
    """By exchange."""
    convoys: dict[tuple[str, tuple[str, ...]], ConvoyPlanned] = field(default_factory=dict)
    """By plan and operator."""
    approvals: Assents = field(default_factory=Assents)
    """Of plans, by their hex digests."""
    proposals: list[PlanProposed] = field(default_factory=list)
    """All plans, in the order in which they were put forward."""

    def propose(self, entry: PlanProposed) -> None:
        """A plan was put forward; approvals name the plan that they approve, so old ones do not carry over."""
        self.plans[entry.exchange] = entry
        self.proposals.append(entry)

    def plan_convoy(self, entry: ConvoyPlanned) -> None:
        """One side's part of a plan."""
        self.convoys[entry.plan_sha256, entry.own] = entry

    def approve(self, entry: PlanApproved) -> None:
        """A party approved on paper."""
        self.approvals.attest(entry.plan_sha256, entry.party, entry.occurred_at_us)

    def approve_by_key(self, entry: PlanApprovedByParty) -> None:
        """A party approved with its own key."""
        signature = KeySignature(entry.public_key, entry.author_seq, entry.occurred_at_us)
        self.approvals.sign(entry.plan_sha256, entry.party, signature)

    def in_force(self, exchange: str, parties: Collection[str]) -> PlanInForce | None:
        """Of the plans that every party approved the one put forward last; None: there is none.

        One put forward after it, which a party has not approved yet, takes nothing away from it.
        """
        for one in reversed(self.proposals):
            if one.exchange == exchange and set(parties) <= self.approvals.given(one.plan_sha256):
                return PlanInForce(one, max(self.approvals.since_us(one.plan_sha256, party) for party in parties))
        return None
