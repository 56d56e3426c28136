"""Who is on the list at a moment: the plan's persons as the changes agreed during the day made them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event

BEGINNING_US = -(2**62)
FOREVER_US = 2**62


@dataclass(frozen=True, slots=True)
class Member:
    """A person who is, at some moment, on the list. Empty text: neither plan nor report says."""

    person: str
    held_by: str
    home: str
    batch: str
    custody: tuple[str, ...]
    """The planned order of custodians."""
    legs: tuple[str, ...]
    """Ids of the planned legs on which the person rides."""
    since_us: int = BEGINNING_US
    """From when, inclusive, on the list."""
    until_us: int = FOREVER_US
    """Until when, exclusive."""


class Roster:
    """The list over the day. `members` holds everyone who is ever on it."""

    def __init__(self, plan: Plan, parties: Iterable[str], changes: Iterable[Event]) -> None:
        """`changes` are the events `added`, `substituted`, `withdrawn` and `died`, in the order of `at`, then id."""
        self._parties = frozenset(parties)
        legs: dict[str, list[str]] = defaultdict(list)
        for leg in plan.legs:
            for person in leg.persons:
                legs[person].append(leg.id)
        self.members: dict[str, Member] = {
            one.id: Member(one.id, one.held_by, one.home, one.batch, one.custody, tuple(legs.get(one.id, ())))
            for one in plan.persons
        }
        self.withdrawn_us: dict[str, int] = {}
        """When each withdrawn person was first withdrawn."""
        self.gone_us: dict[str, int] = {}
        for event in changes:
            person = event.fields["person"]
            if event.type == "substituted":
                self._substitute(event, person)
            elif event.type == "added":
                self._add(event, person)
            else:
                self.gone_us.setdefault(person, event.at_us)
                if event.type == "withdrawn":
                    self.withdrawn_us.setdefault(person, event.at_us)
        self.passengers: dict[str, tuple[Member, ...]] = self._passengers()
        """Of each leg everyone who is ever planned on it."""

    def on_list(self, member: Member, at_us: int) -> bool:
        """Whether the person is on the list at that moment."""
        return member.since_us <= at_us < member.until_us

    def due(self, member: Member, at_us: int) -> bool:
        """Whether the person is on the list at that moment, neither withdrawn nor dead by then."""
        return member.since_us <= at_us < member.until_us and self.gone_us.get(member.person, FOREVER_US) > at_us

    def agreed_by_all(self, event: Event) -> bool:
        """Whether every party of the agreement stands in `agreed_by`."""
        return self._parties <= set(event.texts("agreed_by"))

    def _substitute(self, event: Event, person: str) -> None:
        replaced = self.members.get(event.text("replaces") or "")
        if (
            not self.agreed_by_all(event)
            or person in self.members
            or replaced is None
            or replaced.until_us != FOREVER_US
        ):
            return
        self.members[person] = replace(replaced, person=person, since_us=event.at_us)
        self.members[replaced.person] = replace(replaced, until_us=event.at_us)

    def _add(self, event: Event, person: str) -> None:
        if not self.agreed_by_all(event) or person in self.members:
            return
        self.members[person] = Member(
            person,
            held_by=event.text("held_by") or "",
            home=event.text("home") or "",
            batch=event.text("batch") or "",
            custody=event.texts("custody"),
            legs=event.texts("legs"),
            since_us=event.at_us,
        )

    def _passengers(self) -> dict[str, tuple[Member, ...]]:
        passengers: dict[str, dict[str, Member]] = defaultdict(dict)
        for member in self.members.values():
            for leg in member.legs:
                passengers[leg][member.person] = member
        return {leg: tuple(members.values()) for leg, members in passengers.items()}
