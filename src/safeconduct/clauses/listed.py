"""`listed`: nobody is dealt with who is not on the agreed list."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import ANYTHING, Finding
from safeconduct.tracking.events import Event

_CHANGES = ("added", "substituted")
_OF_NOBODY = ("clock", "retired", "voided", "held", "resumed", "aborted")
"""They speak of a device, of a report or of the operation as a whole."""
_NOT_JUDGED = frozenset(_CHANGES + _OF_NOBODY)


@dataclass(frozen=True)
class Listed:
    """An event naming a `person` who was not on the list at that moment or before: (`unlisted`, person, at).

    `added` and `substituted` themselves are not judged.
    """

    header: ClauseHeader

    def sentence(self) -> str:
        """What the clause asks."""
        return "Whatever is reported of a person is reported of one who is, or was, on the list."

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether anything that names a person is known."""
        return not {"boarded", "alighted", "offered", "accepted"}.isdisjoint(types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every report of somebody who had not come onto the list."""
        for event in day.events:
            yield from self.judge_event(day, event)

    def judge_event(self, day: Planned, event: Event) -> Iterator[Finding]:
        """One event, if it names somebody who had not come onto the list."""
        person = event.text("person")
        if person is None or event.type in _NOT_JUDGED:
            return
        member = day.roster.members.get(person)
        if member is None or member.since_us > event.at_us:
            yield Finding(
                "unlisted",
                person,
                event.at_us,
                expected=f"somebody on the list: {day.describe(event)}",
                seen=f"on it only from {day.clock(member.since_us)}" if member else "never on it",
                evidence=(event.id,),
                awaited=ANYTHING,
            )


def read_listed(header: ClauseHeader, _: Agreement) -> Listed:
    """There are no parameters."""
    return Listed(header)
