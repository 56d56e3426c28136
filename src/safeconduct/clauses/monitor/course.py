"""The course of the day as clauses see it, kept as events come and go: who is on the list, who is handed over.

Followers are told of what changes; whatever a clause computes from here is a function of the events that count.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.monitor.timeline import Timeline
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.roster import Member, Roster
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event

CHANGES = frozenset(("added", "substituted", "withdrawn", "died"))
"""The types of event that change the list."""

ENTERED = CHANGES | {"accepted"}
"""The types of event that change the list or hand somebody over."""

PersonChanged = Callable[[str], None]


class Course(Phrasing):
    """One day over one plan."""

    def __init__(self, agreement: Agreement, plan: Plan, counting: Callable[[], Iterable[Event]]) -> None:
        """`counting` gives the events that count, as reported: they are read again when the list changes."""
        super().__init__(plan.start_us)
        self.agreement = agreement
        self.plan = plan
        self.roster = Roster(plan, agreement.parties, ())
        self.handed_over: dict[str, Event] = {}
        """Of each person who is ever on the list the first `accepted` by the home party."""
        self._counting = counting
        self._changes: list[tuple[int, str, Event]] = []
        self._list_changed = False
        self._accepted: dict[str, Timeline] = defaultdict(Timeline)
        """Of each person the handovers: `accepted` by the home party."""
        self._forgets = False
        self.must_begin_anew = False
        """The list says something else of events that are not kept."""
        self._listed_anew: set[str] = set()
        self._handed_anew: set[str] = set()
        self.list_followers: list[PersonChanged] = []
        """Called with each person whose place on the list is another than before."""
        self.handover_followers: list[PersonChanged] = []
        """Called with each person whose handover is another than before."""

    def enter(self, event: Event) -> None:
        """An event that names a person counts from now on."""
        if event.type == "accepted":
            self._hand_over(event, self.roster, True)
        elif event.type in CHANGES:
            insort(self._changes, (event.at_us, event.id, event))
            self._list_changed = True

    def leave(self, event: Event) -> None:
        """An event that names a person counts no more."""
        if event.type == "accepted":
            self._hand_over(event, self.roster, False)
        elif event.type in CHANGES:
            self._changes.remove((event.at_us, event.id, event))
            self._list_changed = True

    def read_list(self) -> Iterator[tuple[Event, Member | None, Member | None]]:
        """Read the list anew if it changed.

        Yields each event naming a person of whom it now says something else, as reported, with what it said and says.
        """
        if not self._list_changed:
            return
        self._list_changed = False
        old = self.roster
        new = self.roster = Roster(self.plan, self.agreement.parties, (event for _, _, event in self._changes))
        told_anew: set[str] = set()
        for person in old.members.keys() | new.members.keys():
            before, after = old.members.get(person), new.members.get(person)
            if before != after or _left_us(old, person) != _left_us(new, person):
                self._listed_anew.add(person)
            if _said(before) != _said(after):
                told_anew.add(person)
        self.must_begin_anew |= self._forgets and bool(told_anew)
        for event in self._counting() if told_anew else ():
            named = event.text("person")
            if named is not None and named in told_anew:
                if event.type == "accepted":
                    self._hand_over(event, old, False)
                    self._hand_over(event, new, True)
                yield event, old.members.get(named), new.members.get(named)

    def forget(self, before_us: int) -> None:
        """Of each person the first handover is enough. From now on it is said if the list changes what is forgotten."""
        self._forgets = True
        for accepted in self._accepted.values():
            del accepted[1 : max(1, accepted.first_at(before_us))]

    def tell_followers(self) -> None:
        """Tell of each person whose place on the list or handover changed."""
        if not self._listed_anew and not self._handed_anew:
            return
        listed, self._listed_anew = self._listed_anew, set()
        handed, self._handed_anew = self._handed_anew, set()
        for person in handed:
            accepted = self._accepted[person]
            if accepted:
                self.handed_over[person] = accepted[0][2]
            else:
                self.handed_over.pop(person, None)
            for follower in self.handover_followers:
                follower(person)
        for person in listed:
            for follower in self.list_followers:
                follower(person)

    def _hand_over(self, event: Event, roster: Roster, counts: bool) -> None:
        person = event.fields["person"]
        member = roster.members.get(person)
        if member is None or event.fields["to"] != member.home:
            return
        if counts:
            self._accepted[person].put(event)
        else:
            self._accepted[person].discard(event)
        self._handed_anew.add(person)


def told_by_list(event: Event, member: Member | None) -> Event:
    """The event with `home`, `held_by`, `batch` and, on `accepted`, `handover` as the list has them."""
    if member is None:
        return event
    fields = dict(event.fields)
    for key, value in (("home", member.home), ("held_by", member.held_by), ("batch", member.batch)):
        if value:
            fields[key] = value
        else:
            fields.pop(key, None)
    if event.type == "accepted":
        fields["handover"] = fields["to"] == member.home
    return Event(event.id, event.type, event.at_us, fields, event.received_us)


def _said(member: Member | None) -> tuple[str, str, str] | None:
    return None if member is None else (member.home, member.held_by, member.batch)


def _left_us(roster: Roster, person: str) -> tuple[int | None, int | None]:
    return roster.withdrawn_us.get(person), roster.gone_us.get(person)
