"""Plans as the ledger tells them."""

from dataclasses import dataclass, field

from safeconduct.logistics.entries import ConvoyPlanned, PlanApproved, PlanProposed


@dataclass
class LogisticsState:
    """The plan put forward last for each exchange, and who approved what."""

    plans: dict[str, PlanProposed] = field(default_factory=dict)
    """By exchange."""
    convoys: dict[tuple[str, tuple[str, ...]], ConvoyPlanned] = field(default_factory=dict)
    """By plan and operator."""
    approved_by: dict[str, set[str]] = field(default_factory=dict)
    """Hex digest of a plan to the parties that approved it."""

    def propose(self, entry: PlanProposed) -> None:
        """A plan was put forward; approvals name the plan that they approve, so old ones do not carry over."""
        self.plans[entry.exchange] = entry

    def plan_convoy(self, entry: ConvoyPlanned) -> None:
        """One side's part of a plan."""
        self.convoys[entry.plan_sha256, entry.own] = entry

    def approve(self, entry: PlanApproved) -> None:
        """A party approved."""
        self.approved_by.setdefault(entry.plan_sha256, set()).add(entry.party)
