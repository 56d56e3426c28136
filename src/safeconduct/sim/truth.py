"""What is true of an example, a JSON object a line: who is who, what was drawn, and what should be raised.

What should be raised is what the literal evaluator finds over the events as if each had arrived at once; the generator
has no say in it. It only tells which drawn trouble a deviation's subject belongs to.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.library import Terms
from safeconduct.kernel.times import format_duration, format_instant
from safeconduct.sim.example import Example
from safeconduct.sim.simulated_day import SimulatedDay
from safeconduct.sim.troubles import Trouble
from safeconduct.tracking.events import read_event


def expected_deviations(terms: Terms, day: SimulatedDay) -> list[Deviation]:
    """What stands at the end of the day, judged over the undelayed events."""
    return judge_day(terms, day.plan, [read_event(event) for event in day.true_events()])


def truth_lines(
    example: Example, day: SimulatedDay, expected: list[Deviation], heading: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The lines of truth.jsonl: `heading`, then troubles with their deviations, deviations, and persons."""
    yield {"truth": "example", **heading}
    ids = [f"t{number}" for number in range(1, len(day.troubles) + 1)]
    touched = [trouble.touches(day.plan) for trouble in day.troubles]
    for number, trouble, touches in zip(ids, day.troubles, touched, strict=True):
        due = [_identity(one) for one in expected if one.subject in touches]
        yield {"truth": "trouble", "id": number, **_told(trouble), "deviations": due}
    for one in expected:
        due_to = [number for number, touches in zip(ids, touched, strict=True) if one.subject in touches]
        yield {"truth": "deviation", **_identity(one), "troubles": due_to}
    yield from example.same_persons()


def _identity(deviation: Deviation) -> dict[str, Any]:
    return {
        "clause": deviation.clause,
        "rule": deviation.rule,
        "subject": deviation.subject,
        "at": deviation.at,
    }


def _told(trouble: Trouble) -> dict[str, Any]:
    """The trouble's fields that say something."""
    fields: dict[str, Any] = {
        "kind": trouble.kind,
        "what": trouble.what,
        "place": trouble.place,
        "at": format_instant(trouble.at_us),
        "lasting": format_duration(trouble.lasting_us) if trouble.lasting_us else "",
        "persons": list(trouble.persons),
        "legs": list(trouble.legs),
        "vehicle": trouble.vehicle,
        "batch": trouble.batch,
        "party": trouble.party,
        "device": trouble.device,
    }
    return {key: value for key, value in fields.items() if value}
