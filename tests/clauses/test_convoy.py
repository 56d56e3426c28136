"""Vehicles that set out together, worked by hand."""

from typing import Any

from tests.clauses.days import breaches, deviations, event, leg, moved, plan, terms

TOGETHER = 'kind = "convoy"\napart_m = 1000\nfresh = "1m"\ngrace = "2m"'
NAMES = ("v1", "v2", "v3", "v4")
FOUR = plan(legs=[leg(f"l{name}", name, "H", "X", "09:00", "10:00") for name in NAMES])
OFF = [moved(f"off-{name}", "departed", "09:00", name, "H") for name in NAMES]


def row(clock: str, **kilometres: float) -> list[dict[str, Any]]:
    """Where each vehicle is reported at a moment, in kilometres along the road from somewhere (about)."""
    return [
        event(f"{name}/{clock}", "positioned", clock, vehicle=name, position=[31.0, round(52.0 + far / 111.26, 6)])
        for name, far in kilometres.items()
    ]


def test_one_that_stays_behind_is_told_alone() -> None:
    """Each within a kilometre of the next is together, however long the convoy; the excursion ends when it has closed
    up."""
    near = row("09:10", v1=3, v2=2.1, v3=1.2, v4=0.3)
    behind = [*row("09:12", v1=6, v2=5.1, v3=4.2, v4=1), *row("09:14", v1=8, v2=7.1, v3=6.2, v4=3)]
    (found,) = deviations(TOGETHER, FOUR, [*OFF, *near, *behind])
    assert (found.rule, found.subject, found.at) == ("apart", "v4", "2025-07-04T09:14:00Z")
    assert found.evidence == ("v4/09:12", "v4/09:14")
    assert "apart from 09:12 to 09:14, at 09:14 3,200 m from the nearest of the others" in found.message
    closed_up = [*near, *behind[:4], *row("09:13", v3=5.2, v4=4.5), *behind[4:]]
    assert breaches(TOGETHER, FOUR, [*OFF, *closed_up]) == []


def test_of_a_convoy_that_breaks_in_two_the_smaller_part_is_told() -> None:
    """Of equal parts the one without the first id."""
    split = [*row("09:10", v1=9, v2=2, v3=1.5, v4=1), *row("09:13", v1=12, v2=2, v3=1.5, v4=1)]
    assert breaches(TOGETHER, FOUR, [*OFF, *split]) == [("apart", "v1", "09:12")]
    halves = [*row("09:10", v1=9, v2=8.5, v3=1.5, v4=1), *row("09:13", v1=12, v2=11.5, v3=1.5, v4=1)]
    assert breaches(TOGETHER, FOUR, [*OFF, *halves]) == [("apart", "v3", "09:12"), ("apart", "v4", "09:12")]


def test_who_is_not_heard_of_is_not_apart() -> None:
    """What is old counts no more, nor does who has not set out, or arrived before; nothing is said of the only one."""
    alone = [*row("09:10", v1=9), *row("09:13", v1=12)]
    old = row("09:08:59", v2=1)
    assert breaches(TOGETHER, FOUR, [*OFF, *old, *alone]) == []
    assert breaches(TOGETHER, FOUR, [*OFF[:1], *row("09:10", v1=1, v2=9), *row("09:13", v1=1, v2=9)]) == []
    both = [*row("09:10", v1=1, v2=9), *row("09:13", v1=1, v2=9)]
    assert breaches(TOGETHER, FOUR, [*OFF, *both]) == [("apart", "v2", "09:12")]
    here = moved("here", "arrived", "09:09", "v1", "X")
    assert breaches(TOGETHER, FOUR, [*OFF, here, *both]) == []


def test_a_position_of_the_only_one_known_does_not_end_an_excursion() -> None:
    """Where trackers report more seldom than `fresh`, who is apart and then apart again was so all the while. A
    position together ends it, as ever."""
    begun = row("09:10", v1=3, v2=2.5, v3=2, v4=0)
    alone = row("09:11:30", v4=1)
    again = row("09:13", v1=6, v2=5.5, v3=5, v4=1.5)
    assert breaches(TOGETHER, FOUR, [*OFF, *begun, *alone, *again]) == [("apart", "v4", "09:12")]
    closed_up = [*row("09:11:30", v4=1.5), *row("09:11:20", v3=2)]
    assert breaches(TOGETHER, FOUR, [*OFF, *begun, *closed_up, *again]) == []


def test_a_position_of_the_only_one_known_neither_begins_nor_fulfils_an_excursion() -> None:
    """Where the others are when they are silent nobody can say: that they are silent is for `reporting`."""
    apart_once = row("09:10", v1=3, v4=0)
    only = [*row("09:12", v4=1), *row("09:14", v4=2)]
    assert breaches(TOGETHER, FOUR, [*OFF, *apart_once, *only]) == []
    assert breaches(TOGETHER, FOUR, [*OFF, *only, *row("09:15:30", v1=6, v4=3)]) == []
    lasting = [*row("09:15:30", v1=6, v4=3), *row("09:17:30", v1=8, v4=4)]
    assert breaches(TOGETHER, FOUR, [*OFF, *only, *lasting]) == [("apart", "v4", "09:17:30")]
    reporting = f'{TOGETHER}\ntext = "Together."', 'kind = "reporting"\nevery = "3m"'
    found = deviations(terms(*reporting), FOUR, [*OFF, *apart_once, *only])
    assert {(one.clause, one.subject) for one in found} == {("c2", name) for name in NAMES}


def test_a_late_position_of_another_tells_what_the_only_one_left_open() -> None:
    """It ends the excursion if it was near, and goes on with it if it was not."""
    so_far = [*row("09:10", v1=3, v4=0), *row("09:11:30", v4=2), *row("09:12:45", v1=6, v4=2)]
    assert breaches(TOGETHER, FOUR, [*OFF, *so_far]) == [("apart", "v4", "09:12")]
    assert breaches(TOGETHER, FOUR, [*OFF, *so_far, *row("09:11:15", v1=2.5)]) == []
    assert breaches(TOGETHER, FOUR, [*OFF, *so_far, *row("09:11:15", v1=4)]) == [("apart", "v4", "09:12")]


def test_legs_of_other_times_and_places_are_no_convoy() -> None:
    """Nor is one vehicle."""
    for second in (leg("l2", "v2", "H", "X", "09:01", "10:00"), leg("l2", "v2", "H", "Y", "09:00", "10:00")):
        two = plan(legs=[leg("l1", "v1", "H", "X", "09:00", "10:00"), second])
        both = [*row("09:10", v1=1, v2=9), *row("09:13", v1=1, v2=9)]
        assert breaches(TOGETHER, two, [*OFF, *both]) == []


def test_a_late_position_of_another_can_take_it_back() -> None:
    """Until all devices that hear of the convoy have passed that moment it is not certain."""
    devices = [{"id": "d1", "vehicles": ["v1"]}, {"id": "d2", "vehicles": ["v2"]}, {"id": "d3", "vehicles": ["v9"]}]
    two = plan(legs=[leg(f"l{name}", name, "H", "X", "09:00", "10:00") for name in ("v1", "v2")], devices=devices)
    both = [*row("09:10", v1=1, v2=9), *row("09:13", v1=1, v2=9)]
    (found,) = deviations(TOGETHER, two, [*OFF, *both])
    assert (found.status, found.waiting_for) == ("unconfirmed", ("d1", "d2"))
    assert breaches(TOGETHER, two, [*OFF, *both, *row("09:12:30", v1=8.5, v2=9)]) == []
