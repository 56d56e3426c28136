"""The facilities of a simulated exchange, each with its own program and key: who arrives, and what care they get.

A facility sees with its own eyes: it goes by what happened there, not by how reports of it travel. The moments of care
are drawn for each person from the seed, the medical examination is the one that the world reports; not all of it is
done when observation ends.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from safeconduct.app.commands import EnrolFacility, RecordCare
from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.logistics.plan import Plan
from safeconduct.logistics.sites import Sites
from safeconduct.reception.desk import CareBatch, FacilityDesk
from safeconduct.reception.pathway import STEP_IDS
from safeconduct.reception.sealing import FacilityKey
from safeconduct.sim.day import INTERMEDIARY, Report
from safeconduct.sim.desk import Desk, SeededRandomness
from safeconduct.sim.seeds import stream

DECONTAMINATION, MEDICAL, PSYCHOLOGICAL = STEP_IDS

_OUTCOMES = {
    DECONTAMINATION: ("washed, clothed",),
    MEDICAL: ("no treatment needed", "treatment begun", "admitted to a ward"),
    PSYCHOLOGICAL: ("first talk held", "first talk held, follow-up agreed"),
}
_STAFF = {DECONTAMINATION: "orderly", MEDICAL: "doctor", PSYCHOLOGICAL: "psychologist"}
_STAFF_EACH = 6


@dataclass(frozen=True, slots=True, order=True)
class _Happening:
    """Something that happens to a person at a facility."""

    at_us: int
    person: str
    step: str
    """Empty: the arrival."""
    by: str = ""
    outcome: str = ""
    declined: bool = False


class Homecoming:
    """All facilities to which the plan of one exchange brings anybody."""

    def __init__(self, plan: Plan, sites: Sites, reports: Iterable[Report], seed: int) -> None:
        self._names = {facility: sites.places[facility].name for facility in sites.receptions.values()}
        self._homes = {facility: home for home, facility in sites.receptions.items()}
        expected: dict[str, list[str]] = {facility: [] for facility in sorted(self._homes)}
        for person in plan.persons:
            if person.custody and person.custody[-1] in expected:
                expected[person.custody[-1]].append(person.id)
        self.desks: dict[str, FacilityDesk] = {}
        """By facility."""
        for facility, persons in expected.items():
            randomness = SeededRandomness(stream(seed, f"reception/{facility}"))
            key = FacilityKey(facility, randomness.token_bytes(32))
            self.desks[facility] = FacilityDesk(key, plan.exchange, persons, randomness)
        self._ahead = {
            facility: sorted(found, reverse=True) for facility, found in _happenings(reports, expected, seed)
        }

    def enrol(self, desk: Desk) -> None:
        """Before the day: each facility's public key goes on record, and how many it expects."""
        for facility, ours in self.desks.items():
            home, public_key = self._homes[facility], ours.key.public_key
            desk.office.perform(EnrolFacility(facility, self._names[facility], home, public_key, INTERMEDIARY))
            desk.office.perform(RecordCare(CareBatch((), ours.tally(desk.clock.now_us()))))

    def report(self, desk: Desk, now_us: int, *, closing: bool) -> None:
        """Each facility notes what has happened there by now and hands its notes in, a batch at a time."""
        for facility, ours in self.desks.items():
            ahead = self._ahead[facility]
            while ahead and ahead[-1].at_us <= now_us:
                one = ahead.pop()
                if one.step:
                    ours.settle(one.person, one.step, one.at_us, by=one.by, outcome=one.outcome, declined=one.declined)
                else:
                    ours.arrive(one.person, one.at_us)
            batch = ours.batch(now_us, closing=closing)
            if batch is not None:
                desk.office.perform(RecordCare(batch))
                ours.recorded(batch)

    def sentences(self) -> Iterator[str]:
        """How far each facility is, in the counts that everybody is told."""
        for facility, ours in self.desks.items():
            tally = ours.tally(0)
            done = ", ".join(f"{step.replace('-', ' ')} {tally.done[step]:,}" for step in STEP_IDS)
            yield f"{self._names[facility]}: {tally.arrived:,} of {tally.expected:,} arrived; done for at least: {done}"


def _happenings(
    reports: Iterable[Report], facilities: Iterable[str], seed: int
) -> Iterator[tuple[str, list[_Happening]]]:
    """Per facility all that happens there, in no order."""
    arrived: dict[str, dict[str, int]] = {facility: {} for facility in facilities}
    examined: dict[str, int] = {}
    for report in reports:
        event = report.event
        if event["type"] == "accepted" and event["to"] in arrived:
            arrived[event["to"]].setdefault(event["person"], report.at_us)
        elif event["type"] == "examined" and event["what"] == "medical":
            examined[event["person"]] = report.at_us
    for facility, persons in arrived.items():
        found = []
        for person, at_us in persons.items():
            found.append(_Happening(at_us, person, ""))
            found.extend(_care(facility, person, at_us, examined.get(person), seed))
        yield facility, found


def _care(facility: str, person: str, arrived_us: int, examined_us: int | None, seed: int) -> Iterator[_Happening]:
    """What is done for one person, and when; a few get their first talk on the next day, a few decline it."""
    random = stream(seed, f"care/{facility}/{person}")
    washed_us = arrived_us + random.randint(10, 120) * MINUTE_US
    soon_us, later_us = random.randint(60, 330) * MINUTE_US, random.randint(14, 22) * HOUR_US
    talked_us = arrived_us + (later_us if random.random() < 0.06 else soon_us)
    declined = random.random() < 0.03
    moments = {DECONTAMINATION: washed_us, PSYCHOLOGICAL: talked_us}
    if examined_us is not None:
        moments[MEDICAL] = max(examined_us, arrived_us)
    for step in STEP_IDS:
        by = f"{_STAFF[step]} {random.randint(1, _STAFF_EACH)}"
        outcome = random.choice(_OUTCOMES[step])
        if step in moments:
            refused = declined and step == PSYCHOLOGICAL
            yield _Happening(moments[step], person, step, by, "" if refused else outcome, refused)
