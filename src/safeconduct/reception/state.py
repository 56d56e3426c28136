"""Reception as the ledger tells it to those who run it: facilities, counts, and under how many handles notes stand."""

from dataclasses import dataclass, field

from safeconduct.kernel.encoding import encode
from safeconduct.reception.entries import CareNoted, CareTallied, FacilityEnrolled


@dataclass
class ReceptionState:
    """What is known without a facility's key."""

    enrolled: dict[str, FacilityEnrolled] = field(default_factory=dict)
    """By facility; the first enrolment stands."""
    tallies: dict[tuple[str, str], CareTallied] = field(default_factory=dict)
    """By facility and exchange, the latest counts."""
    handles: dict[str, set[str]] = field(default_factory=dict)
    """By facility, the pseudonyms of those of whom something is noted."""

    def enrol(self, entry: FacilityEnrolled) -> None:
        """A facility is there."""
        self.enrolled.setdefault(entry.facility, entry)

    def note_care(self, entry: CareNoted) -> None:
        """Something was noted of somebody."""
        self.handles.setdefault(entry.facility, set()).add(entry.handle)

    def tally(self, entry: CareTallied) -> None:
        """New counts; the latest by their own moment stand, in whatever order they are read."""
        key = entry.facility, entry.exchange
        known = self.tallies.get(key)
        if known is None or _order(known) < _order(entry):
            self.tallies[key] = entry


def _order(tally: CareTallied) -> tuple[int, bytes]:
    return tally.occurred_at_us, encode(tally)
