"""A watch that is lost in the middle of a day and begun anew goes on as one that never stopped."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clauses.test_against_oracle import FOCUS, MINUTE, TERMS, ends, lines, plans, read
from tests.clauses.test_monitor import DEVICES

from safeconduct.clauses.deviation import OPEN, UNCONFIRMED, Deviation
from safeconduct.clauses.watching import Watch
from safeconduct.tracking.events import read_event
from safeconduct.vocabulary.breach import Breach


class Reader:
    """Somebody who keeps what a stream told, and hears of it again when the watch is begun anew."""

    def __init__(self) -> None:
        self.told: dict[Breach, str] = {}

    def news(self, changes: list[Deviation]) -> list[tuple[Breach, str]]:
        """Those lines of the stream that tell what was not known: opened, become open, withdrawn."""
        news = []
        for one in changes:
            breach, before = one.breach(), self.told.get(one.breach())
            if one.status not in (OPEN, UNCONFIRMED):
                del self.told[breach]
            elif before is None or (before, one.status) == (UNCONFIRMED, OPEN):
                self.told[breach] = one.status
            else:
                continue
            news.append((breach, one.status))
        return news

    def begin_anew(self, changes: list[Deviation]) -> list[tuple[Breach, str]]:
        """The same from all that a new watch tells first: what it does not tell of stands no more."""
        known = {one.breach() for one in changes}
        gone = [breach for breach in self.told if breach not in known]
        for breach in gone:
            del self.told[breach]
        return sorted([*self.news(changes), *((breach, "withdrawn") for breach in gone)])


def handed_over(watch: Watch) -> dict[str, str]:
    """Of each person handed over the id of the report of it."""
    return {person: event.id for person, event in watch.handed_over().items()}


def by_the_clock(watch: Watch, reader: Reader) -> list[tuple[int, Breach, str]]:
    """What is told, and when, if nothing more arrives and the watch is asked whenever it foresees a change."""
    told = []
    while (now_us := watch.next_us()) is not None:
        told += [(now_us, *one) for one in reader.news(watch.judge(now_us))]
    return told


@pytest.mark.parametrize("focus", FOCUS)
@settings(max_examples=48)
@given(st.data(), st.randoms(use_true_random=False))
def test_a_watch_begun_anew_goes_on_as_one_that_never_stopped(focus: str, data: st.DataObject, random: Any) -> None:
    """Lost after any batch, given all lines in whatever order: the same stands, is told, and is foreseen."""
    raw_plan, raw = data.draw(plans(focus)), data.draw(lines(focus))
    if data.draw(st.booleans()):
        raw_plan["devices"] = DEVICES
    if data.draw(st.booleans()):
        raw_plan["trust_silence"] = "2m"
    plan = read(raw_plan)
    to_come = raw + [line for line in raw if random.random() < 0.3]
    random.shuffle(to_come)
    arrived: list[dict[str, Any]] = []
    keep_us = data.draw(st.sampled_from([0, 1, 3])) * MINUTE

    def begin() -> Watch:
        recall = (lambda: [read_event(line) for line in arrived]) if keep_us else None
        return Watch(TERMS, plan, recall, keep_us)

    uninterrupted, lost = begin(), begin()
    reader, same_reader = Reader(), Reader()
    steps = data.draw(st.lists(st.tuples(st.integers(0, 5), ends, st.booleans()), max_size=6))
    for size, end_us, is_lost in [*steps, (len(to_come), data.draw(ends), data.draw(st.booleans()))]:
        came = to_come[:size]
        del to_come[:size]
        arrived += came
        uninterrupted.arrive([read_event(line) for line in came])
        told = reader.news(uninterrupted.judge(end_us))
        if is_lost:
            lost = begin()
            lost.arrive([read_event(line) for line in random.sample(arrived, len(arrived))])
            told_again = same_reader.begin_anew(lost.judge(end_us))
        else:
            lost.arrive([read_event(line) for line in came])
            told_again = same_reader.news(lost.judge(end_us))
        assert told_again == told
        assert lost.standing() == uninterrupted.standing()
        assert handed_over(lost) == handed_over(uninterrupted)
    assert by_the_clock(lost, same_reader) == by_the_clock(uninterrupted, reader)
