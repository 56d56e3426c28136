"""Plans as the ledger tells them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from safeconduct.logistics.entries import ConvoyPlanned, PlanApproved, PlanProposed


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
    approved_by: dict[str, set[str]] = field(default_factory=dict)
    """Hex digest of a plan to the parties that approved it."""
    approved_us: dict[tuple[str, str], int] = field(default_factory=dict)
    """When a plan (its hex digest) was first approved by a party."""
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
        """A party approved."""
        self.approved_by.setdefault(entry.plan_sha256, set()).add(entry.party)
        self.approved_us.setdefault((entry.plan_sha256, entry.party), entry.occurred_at_us)

    def in_force(self, exchange: str, parties: Collection[str]) -> PlanInForce | None:
        """Of the plans that every party approved the one put forward last; None: there is none.

        One put forward after it, which a party has not approved yet, takes nothing away from it.
        """
        for one in reversed(self.proposals):
            if one.exchange == exchange and set(parties) <= self.approved_by.get(one.plan_sha256, set()):
                return PlanInForce(one, max(self.approved_us[one.plan_sha256, party] for party in parties))
        return None
