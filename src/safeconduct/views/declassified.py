"""What a clearance is told beyond the labels of the fields: counts and states that the parties agreed to share.

Every item has a line in docs/declassified.md that says what it tells, from what, and who authorised it; a test compares
the two, and the test of non-interference admits a difference in a listed item only.
"""

from collections.abc import Collection
from typing import Any

from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.audience import Audience
from safeconduct.kernel.entry import Entry
from safeconduct.logistics.entries import ConvoyPlanned, PlanProposed
from safeconduct.tracking.entries import MovementReported, TechnicalReported
from safeconduct.tracking.taken_back import TakenBack
from safeconduct.views.convoys import Convoys

DECLASSIFIED: dict[str, Audience] = {
    "convoy_status": Audience.PARTIES,
    "taken_back": Audience.PARTIES,
}
"""Each item by name, and the audience that it is told to."""

_NOTHING: frozenset[str] = frozenset()


class Declassified:
    """The items that may be told at a clearance, kept up to date entry by entry, whatever their labels."""

    def __init__(self, clearance: Clearance) -> None:
        self._told = {name for name, audience in DECLASSIFIED.items() if clearance.may_know(audience)}
        self._taken_back = TakenBack()
        self._convoys = Convoys(self._taken_back)

    def take(self, entry: Entry) -> None:
        """One entry, in the order of the ledger."""
        if not self._told:
            return
        if isinstance(entry, MovementReported):
            self._convoys.report(entry.report, entry.occurred_at_us, entry.received_at_us)
        elif isinstance(entry, TechnicalReported):
            self._taken_back.add(entry.report, entry.occurred_at_us, entry.received_at_us)
        elif isinstance(entry, PlanProposed):
            self._convoys.propose(entry.exchange, entry.plan_sha256)
        elif isinstance(entry, ConvoyPlanned):
            self._convoys.plan_convoy(entry.plan_sha256, entry.own, entry.legs_text)

    def convoy_status(self, now_us: int | None = None) -> dict[str, Any]:
        """Per exchange and operator how many legs are planned, departed, arrived, arrived late, overdue (`Convoys`).

        This is the "on time", "late", "held" that the other side is told in place of positions and routes.
        """
        return self._convoys.status(now_us) if "convoy_status" in self._told else {}

    def taken_back(self, now_us: int | None = None) -> frozenset[str]:
        """The ids of the reports that were taken back by that moment: to be told to whoever was told the report."""
        return self._taken_back.ids(now_us) if "taken_back" in self._told else _NOTHING

    def items(self, reports: Collection[str]) -> dict[str, Any]:
        """All items by name, to a clearance that was told these reports (by id)."""
        computed = {
            "convoy_status": self.convoy_status(),
            "taken_back": sorted(self.taken_back().intersection(reports)),
        }
        return {name: computed[name] for name in DECLASSIFIED if name in self._told}
