"""How each deviation that was shown is dealt with: a fold over what was shown and what people did, in their order.

An act holds for what its author was shown. So a deviation that comes back after it was withdrawn, or that becomes
certain after it was in doubt, asks for somebody anew; its owner stays. A waiver is of the deviation itself: it stands
when that becomes certain, and falls only if it was withdrawn and comes back.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

WITHDRAWN = "withdrawn"
UNCONFIRMED = "unconfirmed"
OPEN = "open"
"""How sure a deviation is: the statuses of a deviation line."""

UNACKNOWLEDGED = "unacknowledged"
ACKNOWLEDGED = "acknowledged"
RESOLVED = "resolved"
WAIVED = "waived"

ASKING = (UNACKNOWLEDGED, ACKNOWLEDGED)
"""The states in which an alarm stands and somebody has to do something about it."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One party's."""

    at_us: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Handling:
    """One deviation, as it was shown last and is dealt with now. Names and texts are empty where they are not told."""

    status: str
    """unconfirmed, open or withdrawn."""
    since_us: int
    """When it was shown; where it came back, when it was shown again."""
    asking_us: int
    """Since when somebody is asked to take it on; later than `since_us` where it has become certain meanwhile."""
    owner: str = ""
    acknowledged_us: int | None = None
    resolved_us: int | None = None
    resolved_by: str = ""
    note: str = ""
    """What was done."""
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    """By party."""
    escalated_us: int | None = None
    escalated_to: tuple[str, ...] = ()
    returned: bool = False
    """It was withdrawn once, and came back."""

    def state(self, parties: Collection[str]) -> str:
        """withdrawn, waived, resolved, acknowledged or unacknowledged; `parties` are all those of the agreement."""
        if self.status == WITHDRAWN:
            return WITHDRAWN
        if parties and self.waivers.keys() >= set(parties):
            return WAIVED
        if self.resolved_us is not None:
            return RESOLVED
        return UNACKNOWLEDGED if self.acknowledged_us is None else ACKNOWLEDGED


class Glance(NamedTuple):
    """What somebody sees of a deviation before they act on it."""

    number: int
    status: str
    state: str
    owner: str
    waived_by: tuple[str, ...]
    """In the order of the agreement's parties."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Deviations as the author of a command saw them."""

    numbers: tuple[int, ...]
    """From the lowest on."""
    fingerprint: str
    """Short text that is another, for all practical purposes, where anything of them is."""


def seen(glances: Iterable[Glance]) -> Seen:
    """What a command carries of what its author saw."""
    ordered = sorted(glances)
    written = json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return Seen(tuple(one.number for one in ordered), hashlib.sha256(written).hexdigest()[:16])


class AlarmBook(dict[int, Handling]):
    """Every deviation shown, by its number. What is said of one that was never shown has no effect."""

    def glance(self, number: int, parties: Collection[str]) -> Glance:
        """What there is to see of one. Raises KeyError if it was never shown."""
        known = self[number]
        waived_by = tuple(party for party in parties if party in known.waivers)
        return Glance(number, known.status, known.state(parties), known.owner, waived_by)

    def show(self, number: int, status: str, at_us: int) -> None:
        """It was shown, for the first time or with another status."""
        known = self.get(number)
        if known is None:
            self[number] = Handling(status, at_us, at_us)
        elif known.status == WITHDRAWN and status != WITHDRAWN:
            self[number] = Handling(status, at_us, at_us, owner=known.owner, returned=True)
        elif known.status == UNCONFIRMED and status == OPEN:
            self[number] = Handling(
                status,
                known.since_us,
                at_us,
                owner=known.owner,
                waivers=known.waivers,
                returned=known.returned,
            )
        else:
            self[number] = replace(known, status=status)

    def acknowledge(self, number: int, at_us: int, by: str) -> None:
        """Somebody took it on."""
        if number in self:
            self[number] = replace(self[number], acknowledged_us=at_us, owner=by)

    def assign(self, number: int, owner: str) -> None:
        """It was handed over."""
        if number in self:
            self[number] = replace(self[number], owner=owner)

    def resolve(self, number: int, at_us: int, by: str, note: str) -> None:
        """What had to be done is done."""
        known = self.get(number)
        if known is not None:
            self[number] = replace(known, resolved_us=at_us, resolved_by=by, note=note, owner=known.owner or by)

    def waive(self, number: int, party: str, waiver: Waiver) -> None:
        """A party makes nothing of it."""
        known = self.get(number)
        if known is not None:
            self[number] = replace(known, waivers={**known.waivers, party: waiver})

    def escalate(self, number: int, at_us: int, to: tuple[str, ...]) -> None:
        """Others were called."""
        if number in self:
            self[number] = replace(self[number], escalated_us=at_us, escalated_to=to)
