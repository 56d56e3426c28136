"""The incremental monitor against the literal evaluator: the same to the last letter after every batch, any order."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clauses.test_against_oracle import FOCUS, MINUTE, TERMS, add_up, ends, lines, plans, read

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.judging import judge_day, judge_plan
from safeconduct.clauses.watching import Watch, follow_plan
from safeconduct.kernel.times import format_instant, parse_instant
from safeconduct.logistics.nominal_trace import nominal_trace
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event, read_event
from safeconduct.tracking.sifting import Received

DEVICES = [{"id": "d", "vehicles": ["v1"], "places": ["X"]}, {"id": "e", "vehicles": ["v2"]}]


@pytest.mark.parametrize("focus", FOCUS)
@settings(max_examples=120)
@given(st.data(), st.randoms(use_true_random=False))
def test_after_every_batch_as_the_literal_evaluator(focus: str, data: st.DataObject, random: Any) -> None:
    """Whatever came so far, in whatever order, observed until whenever: what stands is what the plain reading says."""
    raw_plan, raw = data.draw(plans(focus)), data.draw(lines(focus))
    if data.draw(st.booleans()):
        raw_plan["devices"] = DEVICES
    if data.draw(st.booleans()):
        raw_plan["trust_silence"] = "2m"
    plan = read(raw_plan)
    shuffled = raw + [sent_again(line, random) for line in raw if random.random() < 0.3]
    random.shuffle(shuffled)
    told: dict[Any, Deviation] = {}
    arrived: list[dict[str, Any]] = []
    keep_us = data.draw(st.sampled_from([0, 1, 3])) * MINUTE
    recall = (lambda: [read_event(line) for line in arrived]) if keep_us else None
    watch = Watch(TERMS, plan, recall, keep_us)
    batches = data.draw(st.lists(st.tuples(st.integers(0, 5), ends, st.booleans()), max_size=6))
    for size, until, looks in [*batches, (len(shuffled), data.draw(ends), True)]:
        arrived += shuffled[:size]
        watch.arrive([read_event(line) for line in shuffled[:size]])
        del shuffled[:size]
        if not looks:
            watch.follow(until)
            continue
        add_up(told, watch.judge(until))
        expected = judge_day(TERMS, plan, [read_event(line) for line in arrived], until)
        assert told_of(watch.standing(), keep_us) == told_of(expected, keep_us)
        assert told.keys() == {one.breach() for one in expected}
        assert all(told[one.breach()].status == "open" for one in expected if one.status == "open")
    if until is not None:
        assert_nothing_to_tell_before(watch.next_us(), plan, arrived, until, told)


def told_of(deviations: list[Deviation], keep_us: int) -> list[Any]:
    """All that is told; if not all is kept without words and evidence, settled when reports were let go."""
    return [(one.breach(), one.status, one.waiting_for) for one in deviations] if keep_us else deviations


def sent_again(line: dict[str, Any], random: Any) -> dict[str, Any]:
    """The same report, taken in at another time: also so early that it turns out to be of the future."""
    received_us = parse_instant(line["at"]) + random.choice([-10, 0, 0, 1, 2]) * MINUTE
    return {**line, "received_at": format_instant(received_us)}


@settings(max_examples=100)
@given(plans(), lines("everything"), ends, st.integers(0, 2), st.randoms(use_true_random=False))
def test_following_a_file_as_the_literal_evaluator(
    raw_plan: dict[str, Any], raw: list[dict[str, Any]], until: int | None, keep: int, random: Any
) -> None:
    """Line by line, the end of observation being the latest moment told so far, never later than `--until`."""
    plan, received, watch_told = read(raw_plan), Received(), dict[Any, Deviation]()
    arrived: list[Event] = []
    watch = Watch(TERMS, plan, (lambda: arrived) if keep else None, keep * MINUTE)
    random.shuffle(raw)
    for line in raw:
        event = read_event(line)
        arrived.append(event)
        received.add(event)
        watch.arrive([event])
        add_up(watch_told, watch.judge(until_us=until))
        ends_us = [one for one in (received.sift().end_us, until) if one is not None]
        if received.sift().end_us is not None:
            assert told_of(watch.standing(), keep) == told_of(judge_day(TERMS, plan, arrived, min(ends_us)), keep)
            assert watch_told.keys() == {one.breach() for one in watch.standing()}


def assert_nothing_to_tell_before(
    next_us: int | None, plan: Plan, arrived: list[dict[str, Any]], until: int, told: dict[Any, Deviation]
) -> None:
    """A minute, five minutes, ten hours on, but not beyond the moment foreseen, nothing new opens or is withdrawn."""
    for minutes in (1, 5, 600):
        later_us = until + minutes * MINUTE if next_us is None else min(until + minutes * MINUTE, next_us - 1)
        later = judge_day(TERMS, plan, [read_event(line) for line in arrived], later_us)
        assert {one.breach() for one in later} == told.keys()
        assert all(told[one.breach()].status == "open" for one in later if one.status == "open")


@settings(max_examples=120)
@given(plans())
def test_a_plan_is_judged_by_the_same_monitors(raw_plan: dict[str, Any]) -> None:
    """Over its nominal trace, as by the plain reading."""
    plan = read(raw_plan)
    trace = list(nominal_trace(plan))
    assert follow_plan(TERMS, plan, trace) == judge_plan(TERMS, plan, trace)
