"""Events in the order of `at`, then id, wherever they are put in."""

from bisect import bisect_left

from safeconduct.tracking.events import Event

Moment = tuple[int, str]
"""When, and the id of the event."""


class Timeline(list[tuple[int, str, Event]]):
    """A sorted list of moments with their events. To be changed by `put` and `discard` alone."""

    __slots__ = ()

    def put(self, event: Event) -> int:
        """Put an event in; where it stands."""
        item = (event.at_us, event.id, event)
        if not self or self[-1] < item:
            self.append(item)
            return len(self) - 1
        index = bisect_left(self, item)
        self.insert(index, item)
        return index

    def discard(self, event: Event) -> int:
        """Take an event out, if it is there; where it stood or would have."""
        index = self._index((event.at_us, event.id))
        if self._is_at(index, event.at_us, event.id):
            del self[index]
        return index

    def holds(self, event: Event) -> bool:
        """Whether an event is there."""
        return bool(self) and self._is_at(self._index((event.at_us, event.id)), event.at_us, event.id)

    def get(self, moment: Moment) -> Event | None:
        """The event of that moment and id, if it is there."""
        index = self._index(moment)
        return self[index][2] if self._is_at(index, *moment) else None

    def following(self, event: Event) -> Event | None:
        """The event after one that is there."""
        index = self._index((event.at_us, event.id)) + 1
        return self[index][2] if index < len(self) else None

    def first_at(self, at_us: int) -> int:
        """The index of the first event at or after a moment."""
        return self._index((at_us,))

    def first_after(self, at_us: int) -> int:
        """The index of the first event after a moment."""
        return self._index((at_us + 1,))

    def first_not_before(self, moment: Moment) -> int:
        """The index of the first event not before another one."""
        return self._index(moment)

    def events(self) -> list[Event]:
        """The events, in order."""
        return [event for _, _, event in self]

    def between(self, first_us: int, last_us: int) -> list[Event]:
        """The events from one moment to another, both inclusive."""
        return [event for _, _, event in self[self.first_at(first_us) : self.first_after(last_us)]]

    def moments(self, first_us: int, last_us: int) -> list[Moment]:
        """The moments and ids from one moment to another, both inclusive."""
        return [(at_us, event_id) for at_us, event_id, _ in self[self.first_at(first_us) : self.first_after(last_us)]]

    def _index(self, beginning: tuple[int] | Moment) -> int:
        """Where what begins so stands, or would: less is what is shorter."""
        return bisect_left(self, beginning)

    def _is_at(self, index: int, at_us: int, event_id: str) -> bool:
        return index < len(self) and self[index][1] == event_id and self[index][0] == at_us
