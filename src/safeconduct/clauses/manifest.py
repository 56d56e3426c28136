"""`manifest`: who is aboard at each departure is who must be."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
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

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether departures and boardings are known."""
        return {"departed", "boarded", "alighted"} <= set(types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every person missing or too many, departure after departure."""
        last: dict[str, list[Event]] = {}
        for event in day.of_types("boarded", "alighted"):
            last.setdefault(event.fields["person"], []).append(event)
        for departure, aboard in day.departures_with_persons():
            if departure.leg is None:
                yield Finding(
                    "unplanned-leg",
                    departure.vehicle,
                    departure.at_us,
                    expected=f"no further departure of vehicle {departure.vehicle} from {departure.place}",
                    seen=day.describe(departure.event),
                    evidence=(departure.event.id,),
                )
                continue
            yield from self._compare(day, departure, departure.leg.id, aboard, last)

    def _compare(
        self, day: Day, departure: Departure, leg: str, aboard: dict[str, Event], reports: dict[str, list[Event]]
    ) -> Iterable[Finding]:
        due = [one.person for one in day.roster.passengers.get(leg, ()) if day.roster.due(one, departure.at_us)]
        awaited = Awaited(frozenset((departure.vehicle,)), frozenset((departure.place,)))
        departed = day.describe(departure.event)
        for person in due:
            if person in aboard:
                continue
            known = reports.get(person, [])
            later = next(
                (
                    one
                    for one in known
                    if one.at_us > departure.at_us
                    and one.type == "boarded"
                    and one.fields["vehicle"] == departure.vehicle
                ),
                None,
            )
            nearest = later or next((one for one in reversed(known) if one.at_us <= departure.at_us), None)
            yield Finding(
                "missing",
                person,
                departure.at_us,
                expected=f"everyone planned for leg {leg} aboard when {departed}",
                seen="not reported aboard" + (f"; nearest: {day.describe(nearest)}" if nearest else ""),
                evidence=(departure.event.id, nearest.id) if nearest else (departure.event.id,),
                awaited=awaited,
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
