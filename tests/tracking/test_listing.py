"""Who is on the list: as the clauses see it, for any order in which the changes are told."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clauses.days import event, person, plan

from safeconduct.clauses.roster import Roster
from safeconduct.kernel.times import MINUTE_US, format_instant, parse_instant
from safeconduct.tracking.events import read_event
from safeconduct.tracking.listing import ListChange, Listed, listed_now

START_US = parse_instant("2025-07-04T05:00:00Z")
CHOSEN = {"p1": Listed("RU", "UA", "b1"), "p2": Listed("RU", "UA", "b2"), "p3": Listed("UA", "RU", "b1")}


def change(kind: str, who: str, clock: str = "06:00", replaces: str = "", agreed: bool = True) -> ListChange:
    """One change."""
    comes_with = Listed("UA", "RU", "b2") if kind == "added" else None
    at_us = parse_instant(f"2025-07-04T{clock}:00Z")
    return ListChange(at_us, f"{kind}/{who}", kind, who, replaces, agreed, comes_with)


def test_who_comes_in_stands_in_the_place_of_who_goes_out() -> None:
    """With side, home and batch; also of somebody who came in the same way."""
    listed = listed_now(CHOSEN, [change("substituted", "q", "07:00", "p"), change("substituted", "p", "06:00", "p1")])
    assert listed["q"] == Listed("RU", "UA", "b1", joined=True)
    assert (listed["p1"].due, listed["p"].due, listed["q"].due) == (False, False, True)


def test_what_not_every_party_agreed_to_changes_nothing() -> None:
    """Nor naming somebody who is on it already, nor replacing somebody who is not."""
    changes = [
        change("substituted", "p", replaces="p1", agreed=False),
        change("added", "q", agreed=False),
        change("added", "p2"),
        change("substituted", "p3", replaces="p1"),
        change("substituted", "r", replaces="nobody"),
    ]
    assert listed_now(CHOSEN, changes) == CHOSEN


def test_who_is_withdrawn_or_dead_is_waited_for_no_more() -> None:
    """Whoever agreed; they are on the list all the same."""
    listed = listed_now(CHOSEN, [change("withdrawn", "p1", agreed=False), change("died", "p3")])
    assert {who for who, one in listed.items() if one.due} == {"p2"}
    assert not any(one.left for one in listed.values())


def test_who_is_added_is_on_it_where_it_is_told_what_is_said_of_them() -> None:
    """A party is not told."""
    added = change("added", "q")
    assert listed_now(CHOSEN, [added])["q"] == Listed("UA", "RU", "b2", joined=True)
    untold = ListChange(added.at_us, "e", "added", "q", agreed=True)
    assert "q" not in listed_now(CHOSEN, [untold])


names = st.sampled_from(("p1", "p2", "p3", "q1", "q2", "q3"))


@st.composite
def changes(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Reports of changes, some agreed by one party only."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        at = format_instant(START_US + draw(st.integers(0, 3)) * MINUTE_US)
        fields: dict[str, Any] = {
            "person": draw(names),
            "replaces": draw(names),
            "agreed_by": draw(st.sampled_from((["RU"], ["RU", "UA"], ["UA", "RU", "NI"]))),
            "held_by": "UA",
            "home": "RU",
            "batch": "b2",
        }
        kind = draw(st.sampled_from(("added", "substituted", "withdrawn", "died")))
        found.append({**event(f"e{number}", kind, "05:00", **fields), "at": at})
    return found


@settings(max_examples=300)
@given(changes(), st.randoms(use_true_random=False))
def test_the_list_is_as_the_clauses_see_it(reports: list[dict[str, Any]], chance: random.Random) -> None:
    """Who is on it, for whom it is waited, and what is known of each, once all of the changes have come."""
    persons = [person(who, one.held_by, one.home, one.batch) for who, one in CHOSEN.items()]
    events = sorted(map(read_event, reports), key=lambda one: (one.at_us, one.id))
    roster = Roster(plan(persons=persons), ("RU", "UA"), events)
    told = [
        ListChange(
            one.at_us,
            one.id,
            one.type,
            str(one.fields["person"]),
            str(one.fields["replaces"]),
            {"RU", "UA"} <= set(one.texts("agreed_by")),
            Listed("UA", "RU", "b2"),
        )
        for one in events
    ]
    chance.shuffle(told)
    listed = listed_now(CHOSEN, told)
    now_us = START_US + 9 * MINUTE_US
    assert listed.keys() == roster.members.keys()
    for who, member in roster.members.items():
        one = listed[who]
        assert (one.held_by, one.home, one.batch) == (member.held_by, member.home, member.batch)
        assert (not one.left, one.due) == (roster.on_list(member, now_us), roster.due(member, now_us))
