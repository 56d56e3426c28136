"""Who is aboard which vehicle, followed through the day."""

from collections import defaultdict
from collections.abc import Iterable

from safeconduct.tracking.events import Event


class Aboard:
    """The last `boarded` or `alighted` of a person says where they are. Boarding another vehicle moves them, alighting
    from one that they are not aboard changes nothing; of one instant, alighting comes first."""

    def __init__(self, rides: Iterable[Event]) -> None:
        """`rides` are the events `boarded` and `alighted`."""
        self._rides = sorted(rides, key=lambda one: (one.at_us, one.type != "alighted", one.id))
        self._next = 0
        self._aboard: dict[str, dict[str, Event]] = defaultdict(dict)
        self._vehicle_of: dict[str, str] = {}

    def follow_until(self, at_us: int) -> None:
        """Go on to a moment, all that happened at it included; never back."""
        while self._next < len(self._rides) and self._rides[self._next].at_us <= at_us:
            self._move(self._rides[self._next])
            self._next += 1

    def on(self, vehicle: str) -> dict[str, Event]:
        """Who is aboard now, each with the `boarded` that brought them there. The running table: do not keep it."""
        return self._aboard[vehicle]

    def _move(self, event: Event) -> None:
        person, vehicle = event.fields["person"], event.fields["vehicle"]
        known = self._vehicle_of.get(person)
        if event.type == "boarded":
            if known is not None and known != vehicle:
                del self._aboard[known][person]
            self._vehicle_of[person] = vehicle
            self._aboard[vehicle][person] = event
        elif known == vehicle:
            del self._aboard[vehicle][person]
            del self._vehicle_of[person]
