"""`custody`, `simultaneity`, `parity` and `complete`: persons passing from hand to hand."""

from collections.abc import Iterator

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.complete import Complete
from safeconduct.clauses.custody import Custody
from safeconduct.clauses.parity import Parity
from safeconduct.clauses.simultaneity import Simultaneity
from safeconduct.clauses.traces.example import (
    BATCH,
    OTHER,
    PERSON,
    Line,
    Pair,
    Scene,
    Trace,
    line,
    passed,
    scene_of,
)
from safeconduct.kernel.times import MINUTE_US
from safeconduct.logistics.plan import PlannedPerson

PERSONS_AT_MOST = 1_000
"""Of an example; one with more says nothing that a smaller number in the same words would not."""


def custody(clause: Custody, agreement: Agreement) -> Iterator[Pair]:
    """An offer without an answer, an acceptance without an offer, one by the wrong giver, one beside the plan."""
    scene = scene_of(agreement, after_us=clause.within_us)
    at_us, giver, taker = scene.at_us, scene.giver, scene.taker
    late_us = at_us + clause.within_us
    nobody = scene.plan()

    def handed(line_id: str, kind: str, when_us: int, source: str, to: str) -> Line:
        return line(line_id, kind, when_us, person=PERSON, **{"from": source, "to": to})

    offer = handed("e1", "offered", at_us, giver, taker)
    accepted = handed("e2", "accepted", at_us, giver, taker)
    yield Pair(
        "unanswered",
        nobody,
        Trace((offer,), passed(late_us, at_us)),
        Trace((offer, handed("e2", "accepted", late_us, giver, taker)), passed(late_us, at_us)),
        "no answer",
    )
    yield Pair("no-offer", nobody, Trace((accepted,), at_us), Trace((offer, accepted), at_us), "no offer before")
    chain = (giver, scene.between, taker) if scene.between != giver else (giver, taker)
    planned = scene.plan(PlannedPerson(id=PERSON, held_by=giver, home=taker, custody=chain))
    stranger, planned_offer = handed("e1", "offered", at_us, taker, giver), handed("e1", "offered", at_us, *chain[:2])
    yield Pair("from", planned, Trace((stranger,), at_us), Trace((planned_offer,), at_us))
    detour = (giver, "somebody-else")
    yield Pair(
        "unplanned",
        planned,
        Trace((handed("e1", "offered", at_us, *detour), handed("e2", "accepted", at_us, *detour)), at_us),
        Trace((planned_offer, handed("e2", "accepted", at_us, *chain[:2])), at_us),
    )


def simultaneity(clause: Simultaneity, agreement: Agreement) -> Iterator[Pair]:
    """One person handed over to one side and nobody to the other; the other at the last moment."""
    scene = scene_of(agreement, after_us=clause.within_us)
    one = scene.person(PERSON, batch=BATCH)
    other = scene.person(OTHER, home=one.held_by, held_by=one.home, batch=BATCH)
    late_us = scene.at_us + clause.within_us
    first, second = scene.handover("e1", scene.at_us, one), scene.handover("e2", late_us, other)
    yield Pair(
        "one-sided",
        scene.plan(one, other),
        Trace((first,), passed(late_us, scene.at_us)),
        Trace((first, second), passed(late_us, scene.at_us)),
        f"nobody to {other.home}",
    )


def parity(clause: Parity, agreement: Agreement) -> Iterator[Pair]:
    """The fewest handovers of one side that lead too far; the same with one of the other side, or without the last."""
    (first, second), (a, b) = clause.between, clause.ratio
    scene = scene_of(agreement)
    ahead, behind, step = (first, second, b) if b >= a else (second, first, a)
    count = clause.max_lead // step + 1
    if count > PERSONS_AT_MOST:
        return
    home = {ahead: behind, behind: ahead}
    persons = [scene.person(f"p{number}", held_by=ahead, home=home[ahead]) for number in range(1, count + 1)]
    other = scene.person("p0", held_by=behind, home=home[behind])
    handed = [
        scene.handover(f"e{number}", scene.at_us + (number - count) * MINUTE_US, person)
        for number, person in enumerate(persons, 1)
    ]
    end_us = scene.at_us
    answer = scene.handover("e0", end_us, other)
    breaks = Trace(tuple(handed), end_us)
    yield Pair("lead", scene.plan(*persons, other), breaks, Trace((*handed[:-1], answer, handed[-1]), end_us))
    yield Pair("lead", scene.plan(*persons), breaks, Trace(tuple(handed[:-1]), end_us))


def complete(clause: Complete, agreement: Agreement) -> Iterator[Pair]:
    """One person on the list whom nobody hands over; the same handed over at the last moment."""
    scene = Scene(agreement, clause.by_us)
    person = scene.person()
    until_us = passed(clause.by_us, scene.at_us - MINUTE_US)
    yield Pair(
        "outstanding",
        scene.plan(person),
        Trace((), until_us),
        Trace((scene.handover("e1", clause.by_us, person),), until_us),
        "nobody handed over",
    )
