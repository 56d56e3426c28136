"""`custody`: who answers for a person passes by offer and acceptance, without a gap, along the plan."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import ANYTHING, Finding
from safeconduct.clauses.page import DURATION, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.kernel.times import format_duration
from safeconduct.tracking.events import Event

_ORDER = {"offered": 2, "accepted": 3, "refused": 4}
_Passing = tuple[str, str]
"""From whom, to whom."""


@dataclass(frozen=True)
class Custody:
    """The custodian of a person is `to` of the last `accepted`, at first the first of the planned custody."""

    header: ClauseHeader
    within_us: int

    def sentence(self) -> str:
        """What the clause asks."""
        return (
            "Custody of each person passes by offer and acceptance from the present custodian along the planned chain; "
            f"every offer is answered within {format_duration(self.within_us)}."
        )

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Always: a plan says what is offered and accepted."""
        return True

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every gap in the chain of each person who was offered, accepted or refused."""
        by_person: dict[str, list[Event]] = defaultdict(list)
        for event in day.of_types("offered", "accepted", "refused"):
            by_person[event.fields["person"]].append(event)
        for person, events in by_person.items():
            member = day.roster.members.get(person)
            chain = Chain(day, person, member.custody if member else (), self.within_us)
            for _, instant in groupby(events, key=lambda one: one.at_us):
                yield from chain.take(instant)
            yield from chain.rest()


def read_custody(header: ClauseHeader, _: Agreement) -> Custody:
    """Read the parameters. Raises BadInput at line and column."""
    return Custody(header, within_us=header.table.duration_us("within"))


@dataclass
class Chain:
    """The passing of one person from hand to hand, event after event."""

    day: Phrasing
    person: str
    planned: tuple[str, ...]
    within_us: int
    custodian: str | None = field(init=False)
    """None: nobody knows yet (no planned custody)."""
    received: Event | None = None
    """The `accepted` that made the custodian."""
    open: list[Event] = field(default_factory=list)
    """Offers not yet answered, earliest first."""
    confirmed: _Passing | None = None
    """From and to of the last `accepted`, while nothing has been offered since."""

    def __post_init__(self) -> None:
        self.custodian = self.planned[0] if self.planned else None

    def copy(self) -> "Chain":
        """The same, to be followed on its own."""
        other = Chain(self.day, self.person, self.planned, self.within_us)
        other.custodian, other.received, other.confirmed = self.custodian, self.received, self.confirmed
        other.open = self.open.copy()
        return other

    def is_like(self, other: "Chain") -> bool:
        """Whether everything that follows is judged, and told, alike from both."""
        return (
            (self.custodian, self.confirmed) == (other.custodian, other.confirmed)
            and self.open == other.open
            and self.received is other.received
        )

    def take(self, instant: Iterable[Event]) -> Iterator[Finding]:
        """Judge the events of one instant, in the order of ids, after all earlier ones."""
        waiting = _different(instant)
        while waiting:
            event = min(waiting, key=self._rank)
            waiting.remove(event)
            yield from self._take(event)

    def rest(self) -> Iterator[Finding]:
        """What is still open after the last event."""
        return (self.unanswered(offer, None) for offer in self.open)

    def _rank(self, event: Event) -> tuple[int, str]:
        from_custodian = event.fields["from"] == self.custodian
        if from_custodian and event.type == "accepted" and self._offer_of(_passing(event)) is not None:
            return 0, event.id
        if from_custodian and event.type == "offered":
            return 1, event.id
        return _ORDER[event.type], event.id

    def _take(self, event: Event) -> Iterator[Finding]:
        if event.type == "offered":
            return self._offered(event)
        if event.type == "accepted":
            return self._accepted(event)
        return self._close(event)

    def _offered(self, event: Event) -> Iterator[Finding]:
        self.confirmed = None
        if self._offer_of(_passing(event)) is None:
            yield from self._check_giver(event)
            self.open.append(event)

    def _accepted(self, event: Event) -> Iterator[Finding]:
        giver, taker = passing = _passing(event)
        if passing == self.confirmed:
            return
        yield from self._check_giver(event)
        if self._offer_of(passing) is None:
            yield Finding(
                "no-offer",
                self.person,
                event.at_us,
                expected=f"an offer from {giver} to {taker} before {self.day.describe(event)}",
                seen=self._open_offers(),
                evidence=(event.id, *(offer.id for offer in self.open)),
                awaited=ANYTHING,
            )
        yield from self._close(event)
        if self.planned and passing not in zip(self.planned, self.planned[1:], strict=False):
            yield Finding(
                "unplanned",
                self.person,
                event.at_us,
                expected=f"custody to pass {' - '.join(self.planned)}",
                seen=self.day.describe(event),
                evidence=(event.id,),
            )
        self.custodian, self.received, self.confirmed = taker, event, passing

    def _check_giver(self, event: Event) -> Iterator[Finding]:
        if self.custodian is None or event.fields["from"] == self.custodian:
            return
        since = f", since {self.day.describe(self.received)}" if self.received else ", as planned at first"
        yield Finding(
            "from",
            self.person,
            event.at_us,
            expected=f"{self.custodian} to pass custody on",
            seen=f"{self.day.describe(event)}, though {self.custodian} held custody{since}",
            evidence=(event.id, self.received.id) if self.received else (event.id,),
            awaited=ANYTHING,
        )

    def _close(self, answer: Event) -> Iterator[Finding]:
        offer = self._offer_of(_passing(answer))
        if offer is not None:
            self.open.remove(offer)
            if answer.at_us > offer.at_us + self.within_us:
                yield self.unanswered(offer, answer)

    def _offer_of(self, passing: _Passing) -> Event | None:
        return next((offer for offer in self.open if _passing(offer) == passing), None)

    def unanswered(self, offer: Event, answer: Event | None) -> Finding:
        """An offer not answered in time."""
        deadline_us = offer.at_us + self.within_us
        return Finding(
            "unanswered",
            self.person,
            deadline_us,
            expected=f"{self.day.describe(offer)}; answer due {self.day.clock(deadline_us)}",
            seen=f"answered late: {self.day.describe(answer)}" if answer else "",
            evidence=(offer.id, answer.id) if answer else (offer.id,),
            deadline=True,
            awaited=ANYTHING,
        )

    def _open_offers(self) -> str:
        if not self.open:
            return "no offer was open"
        return "open were only: " + "; ".join(self.day.describe(offer) for offer in self.open)


def _different(events: Iterable[Event]) -> list[Event]:
    """Of events of one instant, in the order of ids, the first of each type, from and to."""
    first: dict[tuple[str, _Passing], Event] = {}
    for event in events:
        first.setdefault((event.type, _passing(event)), event)
    return list(first.values())


def _passing(event: Event) -> _Passing:
    return event.fields["from"], event.fields["to"]


CUSTODY_PAGE = KindPage(
    kind="custody",
    summary="who answers for a person passes by offer and acceptance, without a gap",
    judges=(PLAN, RUN),
    meaning=(
        "The custodian of a person is the one who accepted last, at first the first of the planned custody. Only the "
        "custodian offers or hands on; an acceptance answers an open offer of the same two; every offer is accepted "
        "or refused within `within`, the bound included; and custody goes along the plan without leaving anybody "
        "out. A repeated offer or acceptance only confirms the first; of reports of one instant, those that make a "
        "chain are taken first. Of somebody without planned custody nothing is asked of the first giver, nor of the "
        "way."
    ),
    formula=(
        "ALWAYS FORALL p, a, b.\n"
        "  (offered(p, a, b) IMPLIES EVENTUALLY[0,within] (accepted(p, a, b) OR refused(p, a, b))) AND\n"
        "  (accepted(p, a, b) IMPLIES open_offer(p, a, b) AND next_by_plan(p, a, b)) AND\n"
        "  ((offered(p, a, b) OR accepted(p, a, b)) IMPLIES custodian(p, a))\n"
        "with open_offer(p, a, b): offered, and neither accepted nor refused since, just before now,\n"
        "  custodian(p, a): a accepted p last before now, or nobody did and a is first by the plan;\n"
        "  reports that only confirm are left out"
    ),
    source=(
        "Prisoners are in the hands of the Power, not of those who hold them, and on a transfer the responsibility "
        "rests on the Power that accepts them (GC III, art. 12). That releaser, intermediary and receiver each sign "
        "for each person is the practice of handovers."
    ),
    duty=(
        "Somebody answers for everyone at every moment: what is offered is answered within thirty minutes: "
        "expected offered RU to UA, 09:00; answer due 09:30; none by 09:31."
    ),
    parameters=(Parameter("within", DURATION, "How soon an offer is answered, the bound included.", required=True),),
    rules=(
        Rule("unanswered", "the person", "the deadline", "an offer was neither accepted nor refused in time"),
        Rule("no-offer", "the person", "the acceptance", "accepted, though nobody had offered"),
        Rule("from", "the person", "the report", "offered or handed on by somebody who did not hold custody"),
        Rule("unplanned", "the person", "the acceptance", "accepted by somebody who was not next by the plan"),
    ),
    example="""
[[clause]]
id = "custody"
kind = "custody"
within = "30m"
text = "Somebody answers for everyone at every moment: what is offered is answered within thirty minutes."
""",
)
"""What the kind says of itself."""
