"""What one thing brought about is one alarm: the rule by examples, and whatever the deviations, each stands in one."""

import random
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.tracking.alarm_causes import AlarmGroup, by_cause


@dataclass(frozen=True)
class One:
    """A deviation, as much of it as the rule looks at."""

    number: int
    clause: str = "custody"
    rule: str = "no-offer"
    subject: str = ""
    at_us: int = 0
    severity: str = "serious"
    status: str = "open"
    waiting_for: tuple[str, ...] = ()


LEGS = {"bus-1": "bus-1", "bus-1-a": "bus-1", "bus-1-b": "bus-1", "bus-2-a": "bus-2"}


def alarms(*deviations: One) -> list[AlarmGroup[One]]:
    """By cause, with two buses."""
    return by_cause(deviations, lambda subject: LEGS.get(subject, ""))


def told(*deviations: One) -> list[tuple[str, tuple[str, ...], list[int]]]:
    """Cause, what is shared, and the numbers."""
    return [(one.cause, one.of, [each.number for each in one.deviations]) for one in alarms(*deviations)]


def test_forty_things_that_one_silent_device_leaves_unreported_are_one_alarm() -> None:
    """Whatever clauses they are of, and however far apart."""
    silent = [
        One(number, f"c{number % 4}", at_us=number * 20 * MINUTE_US, status="unconfirmed", waiting_for=("d7",))
        for number in range(1, 41)
    ]
    assert told(*silent) == [("devices", ("d7",), list(range(1, 41)))]


def test_devices_in_any_order_are_the_same_devices() -> None:
    """Two that are waited for together are another cause than one of them."""
    both = [
        One(1, status="unconfirmed", waiting_for=("a", "b")),
        One(2, "x", status="unconfirmed", waiting_for=("b", "a")),
    ]
    one = One(3, "y", status="unconfirmed", waiting_for=("a",))
    assert told(*both, one) == [("devices", ("a", "b"), [1, 2]), ("alone", (), [3])]


def test_waiting_for_anybody_is_no_cause() -> None:
    """Four devices that happen to be waited for by two clauses do not make one alarm of them."""
    many = ("a", "b", "c", "d")
    found = told(One(1, status="unconfirmed", waiting_for=many), One(2, "x", status="unconfirmed", waiting_for=many))
    assert [cause for cause, _, _ in found] == ["alone", "alone"]


def test_what_is_certain_waits_for_nobody() -> None:
    """Devices named by a deviation that has become certain say nothing of its cause."""
    assert len(told(One(1, waiting_for=("d",)), One(2, "x", waiting_for=("d",)))) == 2


def test_a_shortfall_and_a_convoys_delay_are_one_alarm_each() -> None:
    """The same clause and rule at one moment, and on within five minutes; after that it is another."""
    home = [One(number, "all-home", "outstanding", f"p{number:02}", HOUR_US) for number in range(1, 41)]
    late = [One(50 + step, "punctual", "late", f"v{step}", 5 * MINUTE_US * step) for step in range(3)]
    later = One(60, "punctual", "late", "v9", 15 * MINUTE_US + 1)
    assert told(*home, *late, later) == [
        ("series", (), [50, 51, 52]),
        ("alone", (), [60]),
        ("series", (), list(range(1, 41))),
    ]


def test_a_broken_down_bus_is_one_alarm() -> None:
    """Silent, and late on every leg; another bus's lateness hours later is its own."""
    bus = [
        One(1, "tracked", "silent", "bus-1", HOUR_US),
        One(2, "punctual", "late", "bus-1-a", 2 * HOUR_US),
        One(3, "punctual", "late", "bus-1-b", 4 * HOUR_US),
    ]
    other = One(4, "punctual", "late", "bus-2-a", 6 * HOUR_US)
    assert told(*bus, other) == [("vehicle", ("bus-1",), [1, 2, 3]), ("alone", (), [4])]


def test_what_is_not_told_brings_nothing_together() -> None:
    """Deviations without a subject, as another side sees them, are no alarm of one vehicle."""
    assert len(told(One(1, "tracked", "silent"), One(2, "punctual", "late"))) == 2


def test_an_alarm_is_as_grave_and_as_sure_as_its_gravest_and_surest() -> None:
    """And goes by its lowest number."""
    (alarm,) = alarms(
        One(9, severity="notice", status="unconfirmed"),
        One(4, at_us=1, severity="critical"),
        One(7, severity="serious"),
    )
    assert (alarm.number, alarm.severity, alarm.status) == (4, "critical", "open")
    (doubtful,) = alarms(One(1, status="unconfirmed"), One(2, status="unconfirmed"))
    assert doubtful.status == "unconfirmed"


deviations = st.lists(
    st.builds(
        One,
        st.integers(1, 10**7),
        st.sampled_from("ab"),
        st.sampled_from("rs"),
        st.sampled_from(("", "p", *LEGS)),
        st.integers(0, 40).map(lambda step: step * MINUTE_US),
        st.sampled_from(("notice", "serious", "critical", "?")),
        st.sampled_from(("open", "unconfirmed", "withdrawn")),
        st.lists(st.sampled_from("wxyz"), unique=True).map(tuple),
    ),
    max_size=20,
    unique_by=lambda one: one.number,
)


@given(deviations, st.randoms(use_true_random=False))
def test_the_same_deviations_make_the_same_alarms_in_any_order(found: list[One], chance: random.Random) -> None:
    """Nothing is lost, nothing stands twice."""
    straight = alarms(*found)
    assert sorted(one.number for alarm in straight for one in alarm.deviations) == sorted(one.number for one in found)
    shuffled = found.copy()
    chance.shuffle(shuffled)
    assert alarms(*shuffled) == straight


@given(deviations)
def test_every_alarm_of_several_has_the_cause_that_it_names(found: list[One]) -> None:
    """Read off its deviations."""
    for alarm in alarms(*found):
        several = alarm.deviations
        match alarm.cause:
            case "devices":
                assert {tuple(sorted(one.waiting_for)) for one in several} == {alarm.of}
                assert {one.status for one in several} == {"unconfirmed"}
            case "series":
                assert len({(one.clause, one.rule) for one in several}) == 1
                assert all(b.at_us - a.at_us <= 5 * MINUTE_US for a, b in pairwise(several))
            case "vehicle":
                assert {LEGS[one.subject] for one in several} == set(alarm.of)
            case "alone":
                assert len(several) == 1
            case _:
                pytest.fail(alarm.cause)
