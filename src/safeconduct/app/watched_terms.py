"""The terms under watch, each clause over the reports that whoever is told of its alarms may know.

A clause that looks only at what both sides are told (movements, custody, changes to the list, public matters) is judged
over these reports alone: then neither its alarms nor their lack, moment or words can tell of an interview, an
examination, a claim. So is what is wrong with these reports themselves. A text that is held back until care was
reported of everybody is judged over the reports of care besides. All else, and whether a claim is of such a text, is
judged over all reports, and told as `app.alarms` says.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from safeconduct.app.grounds import Basis, basis_of, takes_back
from safeconduct.app.intake import is_claim
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.integrity import INTEGRITY
from safeconduct.clauses.library import Terms
from safeconduct.clauses.watching import Watch
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.breach import Breach

_HELD_BACK = "\ud800"
"""What ends the id of a stand-in: half of a surrogate pair, which no report can hold."""
_OF_DEVICES = ("clock", "retired")
"""What a device, or somebody of it, says of the device alone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at a judgement, each breach once."""

    openly: tuple[Deviation, ...]
    """What is judged over less than all reports."""
    others: tuple[Deviation, ...]

    def all(self) -> list[Deviation]:
        """In the order of at, clause, rule, subject."""
        return sorted((*self.openly, *self.others), key=Deviation.breach)

    def openly_breached(self) -> frozenset[Breach]:
        """What identifies the first ones."""
        return frozenset(map(Deviation.breach, self.openly))


class WatchedTerms:
    """One exchange under watch: as `Watch`, for whoever records what stands where the sides can see it."""

    def __init__(self, terms: Terms, plan: Plan, recall: Callable[[], Iterable[Event]] | None = None) -> None:
        """`recall` as for `Watch`."""
        judged: dict[Basis, list[RunClause]] = {Basis.OPENLY: [], Basis.EVERYTHING: []}
        for clause in terms.running:
            judged.setdefault(basis_of(clause), []).append(clause)
        # Who publishes too early by a claim is told to the intermediary, by a judgement over that too.
        judged[Basis.EVERYTHING] += judged.get(Basis.WITH_CARE, ())
        self._parts = {
            basis: _Part(replace(terms, running=tuple(clauses)), plan, basis, recall)
            for basis, clauses in judged.items()
        }
        self._reports = Watch(
            replace(terms, running=()), plan, recall and (lambda: filter(None, map(_of_reports, recall())))
        )
        """What is wrong with what both sides are told, whatever else came."""
        self._voids: set[str] = set()
        """The ids of the reports that take others back: of these themselves no side is told."""

    def arrive(self, events: Iterable[Event]) -> None:
        """Take in what has arrived."""
        arrived = list(events)
        self._voids.update(event.id for event in arrived if event.type == "voided")
        self._reports.arrive(filter(None, map(_of_reports, arrived)))
        for part in self._parts.values():
            part.arrive(arrived)

    def judge(self, end_us: int) -> bool:
        """Judge everything received, observed until `end_us`; whether anything changed."""
        changes = [change for watch in self._watches() for change in watch.judge(end_us)]
        return bool(changes)

    def standing(self) -> Standing:
        """What stood at the last judgement."""
        openly = [one for one in self._reports.standing() if self._voids.isdisjoint(one.evidence)]
        for basis, part in self._parts.items():
            if basis is not Basis.EVERYTHING:
                openly += [one for one in part.watch.standing() if one.clause != INTEGRITY]
        told = {one.breach() for one in openly}
        others = self._parts[Basis.EVERYTHING].watch.standing()
        return Standing(tuple(openly), tuple(one for one in others if one.breach() not in told))

    def handed_over(self) -> dict[str, Event]:
        """Of each person handed over the report of it, at the last judgement; what is only claimed does not count."""
        return self._parts[Basis.OPENLY].watch.handed_over()

    def released_by(self, person: str) -> str:
        """The party that held a person who is, or was, on the list."""
        return self._parts[Basis.OPENLY].watch.released_by(person)

    def next_us(self) -> int | None:
        """The first moment after the last judgement at which it may change though nothing more arrives."""
        return min((at_us for watch in self._watches() if (at_us := watch.next_us()) is not None), default=None)

    def _watches(self) -> Iterator[Watch]:
        yield self._reports
        for part in self._parts.values():
            yield part.watch


class _Part:
    """The clauses that are judged over some of the reports."""

    def __init__(
        self, terms: Terms, plan: Plan, basis: Basis, recall: Callable[[], Iterable[Event]] | None = None
    ) -> None:
        self._told = _Told(basis, plan)
        self.watch = Watch(terms, plan, recall and (lambda: _Told(basis, plan).of(recall())))

    def arrive(self, events: Iterable[Event]) -> None:
        """Take in what has arrived."""
        self.watch.arrive(self._told.of(events))


class _Told:
    """The reports on one basis, and of every other one only that its device was heard of.

    Where the plan names no devices, any that speaks is waited for, by name. Then one that is only heard of by what is
    not told stays unheard of until it reports something else.
    """

    def __init__(self, basis: Basis, plan: Plan) -> None:
        self._basis = basis
        self._unheard: dict[str, list[Event]] | None = {} if plan.devices is None else None
        """Of devices that reported nothing else, what stands for it."""
        self._heard: set[str] = set()

    def of(self, events: Iterable[Event]) -> Iterator[Event]:
        """Those of some reports, in the order in which they may be known."""
        for event in events:
            device = event.text("device")
            told = event if self._basis.holds(event) or takes_back(event) else _stand_in(event)
            if self._unheard is not None and device is not None and device not in self._heard:
                if told is not event and (event.type not in _OF_DEVICES or is_claim(event.fields)):
                    self._unheard.setdefault(device, []).append(told)
                    continue
                self._heard.add(device)
                yield from self._unheard.pop(device, ())
            yield told


def _stand_in(event: Event) -> Event:
    """That its device was heard of."""
    kind = event.type if event.type in _OF_DEVICES and not is_claim(event.fields) else "held-back"
    fields = {key: event.fields[key] for key in ("at", "device", "device_seq") if key in event.fields}
    # Under an id of its own: it must not contend with a report under the same one that is told.
    name = f"{event.id}{_HELD_BACK}"
    return Event(name, kind, event.at_us, fields | {"id": name, "type": kind}, event.received_us)


def _of_reports(event: Event) -> Event | None:
    """What there is to be told of a report itself; of one that takes another back only that it does."""
    if Basis.OPENLY.holds(event):
        return event
    if not takes_back(event):
        return None
    fields = {key: value for key, value in event.fields.items() if key not in ("device", "device_seq")}
    return Event(event.id, event.type, event.at_us, fields, event.received_us)
