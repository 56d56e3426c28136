"""`manifest`: who is aboard at each departure is who must be."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import Awaited, Finding
from safeconduct.clauses.journeys import Departure
from safeconduct.clauses.page import PLAN, RUN, KindPage, Rule
from safeconduct.tracking.events import Event


@dataclass(frozen=True)
class Manifest:
    """At each departure the persons aboard are those of its leg due at that moment: (`missing`, person, at), (`extra`,
    person, at); on an unplanned leg only (`unplanned-leg`, vehicle, at)."""

    header: ClauseHeader

    def sentence(self) -> str:
        """What the clause asks."""
        return "When a vehicle departs, exactly the persons planned for that leg are aboard."

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Always: a plan says who is aboard what."""
        return True

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every person missing or too many, departure after departure."""
        reports: dict[str, list[Event]] = {}
        for event in day.of_types("boarded", "alighted"):
            reports.setdefault(event.fields["person"], []).append(event)
        for departure, aboard in day.departures_with_persons():
            yield from self.compare(day, departure, aboard, lambda person: reports.get(person, []))

    def compare(
        self, day: Planned, departure: Departure, aboard: Mapping[str, Event], reports: Callable[[str], list[Event]]
    ) -> Iterator[Finding]:
        """One departure against its manifest.

        `aboard`: who is, each with the `boarded` that brought them there; `reports`: the boardings and alightings of a
        person, in the order of `at`, then id.
        """
        departed = day.describe(departure.event)
        if departure.leg is None:
            yield Finding(
                "unplanned-leg",
                departure.vehicle,
                departure.at_us,
                expected=f"no further departure of vehicle {departure.vehicle} from {departure.place}",
                seen=departed,
                evidence=(departure.event.id,),
            )
            return
        leg = departure.leg.id
        passengers = day.roster.passengers.get(leg, ())
        due = [one.person for one in passengers if day.roster.due(one, departure.at_us)]
        for person in due:
            if person in aboard:
                continue
            nearest = _nearest(departure, reports(person))
            yield Finding(
                "missing",
                person,
                departure.at_us,
                expected=f"everyone planned for leg {leg} aboard when {departed}",
                seen="not reported aboard" + (f"; nearest: {day.describe(nearest)}" if nearest else ""),
                evidence=(departure.event.id, nearest.id) if nearest else (departure.event.id,),
                awaited=Awaited(frozenset((departure.vehicle,)), frozenset((departure.place,))),
            )
        for person in aboard.keys() - set(due):
            yield Finding(
                "extra",
                person,
                departure.at_us,
                expected=f"only those planned for leg {leg} aboard when {departed}",
                seen=f"somebody else is aboard: {day.describe(aboard[person])}",
                evidence=(departure.event.id, aboard[person].id),
            )


def _nearest(departure: Departure, reports: list[Event]) -> Event | None:
    """What was reported of somebody missing: their boarding soon after, else what was last before."""
    for one in reports:
        if one.at_us > departure.at_us and one.type == "boarded" and one.fields["vehicle"] == departure.vehicle:
            return one
    return next((one for one in reversed(reports) if one.at_us <= departure.at_us), None)


def read_manifest(header: ClauseHeader, _: Agreement) -> Manifest:
    """There are no parameters."""
    return Manifest(header)


MANIFEST_PAGE = KindPage(
    kind="manifest",
    summary="who is aboard at each departure is who must be",
    judges=(PLAN, RUN),
    meaning=(
        "At each departure the persons aboard, by what was reported of boarding and alighting up to that moment, are "
        "exactly those of the planned leg who are due: on the list then, neither withdrawn nor dead. A vehicle's "
        "departures from a place are its planned legs from there, in order; one more is an unplanned leg, of which "
        "only that is told."
    ),
    formula=(
        "ALWAYS FORALL v. departed(v) IMPLIES EXISTS l. leg(v, l) AND FORALL p. aboard(p, v) EQUIV due(p, l)\n"
        "with aboard(p, v) = (NOT (alighted(p, v) OR EXISTS w. boarded(p, w) AND NOT w = v)) SINCE boarded(p, v)"
    ),
    source=(
        "The Detaining Power draws up a complete list of all transferred prisoners before their departure (GC III, "
        "art. 46, third paragraph). That the count equals the manifest before a bus leaves is the practice of "
        "releases."
    ),
    duty=(
        "Every vehicle carries exactly the persons of its manifest: expected everyone planned for leg leg-1 aboard "
        "when departed vehicle bus-1 at camp, 09:00; not reported aboard."
    ),
    rules=(
        Rule("missing", "the person", "the departure", "due on the leg and not reported aboard"),
        Rule("extra", "the person", "the departure", "aboard and not due on the leg"),
        Rule("unplanned-leg", "the vehicle", "the departure", "a departure beyond the last one planned"),
    ),
    example="""
[[clause]]
id = "manifest"
kind = "manifest"
text = "Every vehicle carries exactly the persons of its manifest."
""",
)
"""What the kind says of itself."""
