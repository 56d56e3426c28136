"""Of one way the positions of two sorts, inside and outside of something, and the runs of those outside."""

from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.tracking.events import Event


class Excursions:
    """A run of positions outside with none inside between them begins with the first and ends with the last of it."""

    __slots__ = ("inside", "outside")

    def __init__(self) -> None:
        self.inside = Timeline()
        self.outside = Timeline()

    def put(self, event: Event, outside: bool) -> None:
        """A position of this sort."""
        (self.outside if outside else self.inside).put(event)

    def discard(self, event: Event) -> None:
        """A position is gone."""
        self.inside.discard(event)
        self.outside.discard(event)

    def around(self, moment: Moment) -> set[Moment]:
        """Where runs may begin that a position, come or gone, concerns: itself, the run around it, the one after."""
        beginnings = {moment}
        after = self.outside.first_not_before((moment[0], moment[1] + "\0"))
        for index in (self._begins(moment), self.outside.first_not_before(moment), after):
            if index < len(self.outside):
                beginnings.add(self.outside[index][:2])
        return beginnings

    def run(self, start: Moment) -> list[Event]:
        """The positions of the run that begins there; none: no run does."""
        begins = self._begins(start)
        if begins >= len(self.outside) or self.outside[begins][:2] != start:
            return []
        inside = self.inside.first_not_before(start)
        end = self.outside.first_not_before(self.inside[inside][:2]) if inside < len(self.inside) else None
        return [event for _, _, event in self.outside[begins:end]]

    def _begins(self, moment: Moment) -> int:
        """Which position outside is the first after the last inside before a moment."""
        inside = self.inside.first_not_before(moment)
        return self.outside.first_not_before(self.inside[inside - 1][:2]) if inside else 0
