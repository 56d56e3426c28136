"""`listed` and `freeze`: who is on the list, and who changes it."""

from collections.abc import Iterator

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.freeze import Freeze
from safeconduct.clauses.listed import Listed
from safeconduct.clauses.traces.example import PERSON, VEHICLE, Pair, Trace, line, scene_of
from safeconduct.kernel.times import format_instant


def listed(_: Listed, agreement: Agreement) -> Iterator[Pair]:
    """Somebody boards who is on no list; the same once all parties have agreed to add them."""
    scene = scene_of(agreement)
    boarded = line("e2", "boarded", scene.at_us, person=PERSON, vehicle=VEHICLE)
    added = line(
        "e1",
        "added",
        scene.at_us,
        person=PERSON,
        agreed_by=list(agreement.parties),
        held_by=scene.giver,
        home=scene.taker,
    )
    breaks, keeps = (Trace(lines, scene.at_us) for lines in ((boarded,), (added, boarded)))
    yield Pair("unlisted", scene.plan(), breaks, keeps, "somebody on no list")


def freeze(clause: Freeze, agreement: Agreement) -> Iterator[Pair]:
    """Somebody withdrawn when the list is just fixed, by one party alone; by all of them."""
    scene = scene_of(agreement, before_us=clause.before_us)
    at_us = scene.at_us - clause.before_us
    one_sided, agreed = (
        line("e1", "withdrawn", at_us, person=PERSON, agreed_by=list(parties))
        for parties in ((scene.giver,), agreement.parties)
    )
    start = f"the plan starts at {format_instant(scene.at_us)}"
    yield Pair("one-sided", scene.plan(), Trace((one_sided,), at_us), Trace((agreed,), at_us), given=start)
