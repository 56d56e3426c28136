"""The terms under watch, each clause over the reports that whoever is told of its alarms may know.

A clause that looks only at what both sides are told (movements, custody, changes to the list, public matters) is judged
over these reports alone: then neither its alarms nor their lack, moment or words can tell of an interview, an
examination, a claim. All other clauses are judged over all reports, and told as `app.alarms` says.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from safeconduct.app.alarms import is_open
from safeconduct.app.intake import is_told_openly
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.integrity import INTEGRITY
from safeconduct.clauses.library import Terms
from safeconduct.clauses.watching import Watch
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event

_HELD_BACK = " (held back)"
_OF_DEVICES = ("voided", "retired")
"""They take a report back, or a device out: what was told openly is told with that."""


class WatchedTerms:
    """One exchange under watch: as `Watch`, for whoever records what stands where the sides can see it."""

    def __init__(self, terms: Terms, plan: Plan, recall: Callable[[], Iterable[Event]] | None = None) -> None:
        """`recall` as for `Watch`."""
        openly = tuple(clause for clause in terms.running if is_open(clause))
        others = tuple(clause for clause in terms.running if clause not in openly)
        self._open = Watch(replace(terms, running=openly), plan, recall and (lambda: map(_as_told, recall())))
        self._all = Watch(replace(terms, running=others), plan, recall)

    def arrive(self, events: Iterable[Event]) -> None:
        """Take in what has arrived."""
        arrived = list(events)
        self._open.arrive(map(_as_told, arrived))
        self._all.arrive(arrived)

    def judge(self, end_us: int) -> bool:
        """Judge everything received, observed until `end_us`; whether anything changed."""
        changes = [*self._open.judge(end_us), *self._all.judge(end_us)]
        return bool(changes)

    def standing(self) -> list[Deviation]:
        """What stood at the last judgement, in the order of at, clause, rule, subject."""
        # What is wrong with reports themselves is told of all of them.
        openly = [one for one in self._open.standing() if one.clause != INTEGRITY]
        return sorted((*openly, *self._all.standing()), key=Deviation.breach)

    def handed_over(self) -> dict[str, Event]:
        """Of each person handed over the report of it, at the last judgement; what is only claimed does not count."""
        return self._open.handed_over()

    def released_by(self, person: str) -> str:
        """The party that held a person who is, or was, on the list."""
        return self._open.released_by(person)

    def next_us(self) -> int | None:
        """The first moment after the last judgement at which it may change though nothing more arrives."""
        moments = [at_us for at_us in (self._open.next_us(), self._all.next_us()) if at_us is not None]
        return min(moments, default=None)


def _as_told(event: Event) -> Event:
    """What of a report may be known to both sides: of a confidential one, only that its device was heard of."""
    if event.type in _OF_DEVICES or is_told_openly(event):
        return event
    fields = {key: event.fields[key] for key in ("at", "device", "device_seq") if key in event.fields}
    # Under an id of its own: it must not contend with a report under the same one that is told.
    name = f"{event.id}{_HELD_BACK}"
    return Event(name, "clock", event.at_us, fields | {"id": name, "type": "clock"}, event.received_us)
