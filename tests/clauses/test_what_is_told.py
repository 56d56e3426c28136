"""What a duty officer reads of each rule: what was expected, what was seen, the nearest miss, and the reports shown."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.clauses import told, told_road, told_said
from tests.clauses.days import deviations, event, moment, plan, terms
from tests.clauses.told import SILENT

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import parse_instant
from safeconduct.tracking.events import read_event
from safeconduct.vocabulary.breach import Breach

DAYS = told.DAYS | told_road.ROAD_DAYS | told_said.SAID_DAYS


@pytest.mark.parametrize("name", DAYS)
def test_what_is_told(name: str) -> None:
    """Never a person; of the reports exactly those that it rests on, and of the devices those able to undo it."""
    day = DAYS[name]
    clause = f'text = "As agreed."\n{day.clause}'
    found = deviations(clause, plan(**day.plan), day.events)
    waiting = deviations(clause, plan(**day.plan, **SILENT), day.events)
    found_told = [
        (one.rule, one.message.removeprefix("As agreed: expected "), one.evidence, same.waiting_for)
        for one, same in zip(found, waiting, strict=True)
    ]
    assert found_told == day.found


def live(name: str, *more: dict[str, Any]) -> tuple[Watch, Callable[[int], list[Deviation]]]:
    """A watch that has received all reports of a day, and what the plain reading says of them at a moment."""
    day = DAYS[name]
    read, day_plan = terms(day.clause), plan(**day.plan, **SILENT | {"trust_silence": "10m"})
    received = [read_event(one) for one in (*day.events, *more)]
    watch = Watch(read, day_plan)
    watch.arrive(received)
    return watch, lambda now_us: judge_day(read, day_plan, received, now_us)


@pytest.mark.parametrize("name", DAYS)
def test_a_live_watch_wakes_to_the_microsecond(name: str) -> None:
    """Asked only when it foresees a change, it misses nothing: a microsecond before, all is as it last was."""
    watch, literally = live(name)
    now_us: int | None = parse_instant(moment("01:00"))
    stands: dict[Breach, str] = {}
    while now_us is not None:
        before = literally(now_us - 1)
        assert {one.breach() for one in before} == stands.keys()
        assert all(stands[one.breach()] == "open" for one in before if one.status == "open")
        for one in watch.judge(now_us):
            stands[one.breach()] = one.status
        assert watch.standing() == literally(now_us)
        now_us = watch.next_us()
    assert set(stands.values()) <= {"open"}


@pytest.mark.parametrize("name", DAYS)
def test_a_report_taken_back_is_as_if_it_never_was(name: str) -> None:
    """Each in turn; and when that is taken back too, all is as before."""
    end_us = parse_instant(moment("21:00"))
    for one in DAYS[name].events:
        watch, _ = live(name)
        watch.judge(end_us)
        taken_back = event("taken back", "voided", "20:30", event=one["id"])
        after_all = event("after all", "voided", "20:31", event="taken back")
        for more in ([taken_back], [taken_back, after_all]):
            watch.arrive([read_event(more[-1])])
            watch.judge(end_us)
            _, literally = live(name, *more)
            assert watch.standing() == literally(end_us)
