"""The live page's read model: a small exchange checked by hand, and the same picture for any order of arrival."""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.views.small_exchange import PLAN, built, moment, plan, prepared, recorded, report, shown

from safeconduct.agreement.entries import RoundClosed
from safeconduct.clauses.compose_kinds import COMPOSE_KINDS
from safeconduct.clauses.journeys import Journeys
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import MINUTE_US, format_instant
from safeconduct.tracking.entries import AlarmShown
from safeconduct.tracking.events import Event, read_event
from safeconduct.tracking.sifting import Received
from safeconduct.views import operations_clauses
from safeconduct.views.operations_model import Operations, SideCounts

RU, UA = Clearance("party", "RU"), Clearance("party", "UA")

ON_THE_ROAD = [
    report("boarded", "04:50", person="RU-1", vehicle="bus-RU", place="H-RU"),
    report("boarded", "04:51", person="RU-2", vehicle="bus-RU", place="H-RU"),
    report("departed", "05:00", vehicle="bus-RU", place="H-RU"),
    report("positioned", "06:00", vehicle="bus-RU", position=[32.0, 52.5]),
]
AT_THE_CROSSING = [
    report("arrived", "07:20", vehicle="bus-RU", place="X"),
    report("alighted", "07:21", person="RU-1", vehicle="bus-RU", place="X"),
    report("alighted", "07:22", person="RU-2", vehicle="bus-RU", place="X"),
]
HANDED_OVER = [
    report("accepted", "08:01", person="RU-1", from_="RU", to="NI", place="X"),
    report("accepted", "08:02", person="RU-1", from_="NI", to="UA", place="X"),
    report("accepted", "09:00", person="RU-1", from_="UA", to="F-UA", place="X"),
]


def alarm(status: str, own: tuple[str, ...] = ("RU",), number: int = 1, severity: str = "critical") -> Entry:
    """A deviation of the clause `in-step`, shown at eight."""
    return AlarmShown(
        occurred_at_us=moment("08:00"),
        own=own,
        number=number,
        clause="in-step",
        kind="simultaneity",
        rule="one-sided",
        subject="b1",
        at_us=moment("07:00") + number,
        severity=severity,
        status=status,
        message="Said to its own.",
        evidence=("e",),
        waiting_for=("d",),
    )


def test_a_small_exchange_checked_by_hand() -> None:
    """Positions, counts and due steps of one side's convoy, hour by hour."""
    entries = [*prepared(), *recorded([*ON_THE_ROAD, *AT_THE_CROSSING, *HANDED_OVER])]
    page = built(entries, INTERMEDIARY)
    before = shown(page, "04:00")
    assert (before.stage, before.title, before.exchange) == ("approved", "An agreement", "day")
    assert before.vehicles == ()
    assert [one.standing for one in before.convoys] == ["not begun", "not begun"]
    assert [one.what for one in before.due] == [
        "bus-RU leaves H-RU",
        "bus-UA leaves H-UA",
        "batch b1 is handed over",
    ]
    road = shown(page, "06:10")
    assert road.stage == "under way"
    (bus,) = road.vehicles
    assert (bus.position, bus.seen_at_us, bus.underway, bus.aboard, bus.place) == (
        (32_000_000, 52_500_000),
        moment("06:00"),
        True,
        2,
        "",
    )
    assert road.counts[0] == SideCounts("RU", 2, aboard=2, at_crossing=0, handed_over=0, received=0)
    assert [(one.what, one.overdue) for one in road.due] == [
        ("bus-UA leaves H-UA", True),
        ("bus-RU reaches Border road", False),
        ("batch b1 is handed over", False),
    ]
    crossing = shown(page, "07:30")
    (bus,) = crossing.vehicles
    assert (bus.position, bus.underway, bus.aboard, bus.place) == ((31_000_000, 52_000_000), False, 0, "X")
    assert crossing.counts[0] == SideCounts("RU", 2, aboard=0, at_crossing=2, handed_over=0, received=0)
    ru, ua = crossing.convoys
    assert (ru.legs, ru.departed, ru.arrived, ru.late, ru.standing) == (1, 1, 1, 1, "done")
    assert (ua.legs, ua.departed, ua.arrived, ua.late, ua.standing) == (1, 0, 0, 1, "late")
    evening = shown(page, "09:30")
    assert evening.counts[0] == SideCounts("RU", 2, aboard=0, at_crossing=1, handed_over=1, received=1)
    assert "batch b1 is handed over" in [one.what for one in evening.due]  # the other side has received nobody yet
    assert evening.timeline[0].text == "Custody of one person accepted from UA to F-UA"
    assert evening.timeline[-1].text == "Terms put on record: An agreement"


def test_a_party_sees_its_own_and_of_the_other_side_how_far_it_is() -> None:
    """The other side's bus, places and persons aboard are not there; its convoy's progress and the handovers are."""
    page = shown(built([*prepared(), *recorded([*ON_THE_ROAD, *HANDED_OVER])], UA), "08:30")
    assert page.vehicles == ()
    assert {one.id for one in page.places} == {"X", "H-UA"}
    assert {one.operator for one in page.routes} == {"UA"}
    assert [(one.operator, one.departed) for one in page.convoys] == [("RU", 1), ("UA", 0)]
    assert page.counts[0] == SideCounts("RU", 2, aboard=None, at_crossing=None, handed_over=1, received=0)
    assert {one.operator for one in page.due} == {"UA", ""}
    assert not any("bus-RU" in one.text for one in page.timeline)


def test_the_public_sees_nothing() -> None:
    """At the public's clearance the page is empty."""
    page = shown(built([*prepared(), *recorded(ON_THE_ROAD), alarm("open")], PUBLIC), "06:10")
    assert (page.title, page.parties, page.convoys, page.alarms, page.timeline) == ("", (), (), (), ())
    assert page.ledger.known == 0


def test_an_alarm_is_told_whole_to_its_own_and_as_the_clause_to_others() -> None:
    """The other side learns that the clause is in question, not whom it concerns."""
    entries = [*prepared(), alarm("open")]
    (own,) = shown(built(entries, RU), "08:10").alarms[0].deviations
    (other,) = shown(built(entries, UA), "08:10").alarms[0].deviations
    assert (own.subject, own.message, own.evidence) == ("b1", "Said to its own.", ("e",))
    assert (other.subject, other.message, other.evidence) == ("", "Both sides begin together.", ())
    assert (other.clause, other.rule, other.status) == ("in-step", "one-sided", "open")


def test_alarms_are_as_grave_as_the_gravest_and_the_withdrawn_come_last() -> None:
    """Each alarm as it was shown last; the clause is only in question while nothing is certain."""
    entries = [
        *prepared(),
        alarm("unconfirmed", number=1, severity="serious"),
        alarm("unconfirmed", number=2),
        alarm("open", number=3),
        alarm("withdrawn", number=3),
    ]
    page = shown(built(entries, INTERMEDIARY), "08:10")
    assert [(one.number, one.status) for one in page.alarms] == [(1, "unconfirmed"), (3, "withdrawn")]
    assert [one.number for one in page.alarms[0].deviations] == [1, 2]
    assert (page.alarms[0].severity, page.alarms[0].gravest.number) == ("critical", 2)
    equal, in_step = page.clauses
    assert (equal.phase, equal.standing) == ("compose", "held to")
    assert (in_step.phase, in_step.standing, in_step.open, in_step.unconfirmed) == ("run", "in question", 0, 2)
    broken = shown(built([*entries, alarm("open", number=2)], INTERMEDIARY), "08:10")
    assert broken.clauses[1].standing == "broken"


def test_a_closed_round_tells_what_was_released_kept_and_broken() -> None:
    """What was recorded at the closing stands, whatever the reports said; nothing is due any more."""
    closed = RoundClosed(
        occurred_at_us=moment("21:00"),
        exchange="day",
        released={"RU": 2, "UA": 1},
        clauses_kept=("equal",),
        clauses_broken=("in-step",),
    )
    page = shown(built([*prepared(), *recorded(HANDED_OVER), closed], UA), "21:10")
    assert (page.stage, page.due) == ("closed", ())
    assert [one.handed_over for one in page.counts] == [2, 1]
    assert [one.standing for one in page.clauses] == ["kept", "broken"]


@pytest.mark.parametrize("clearance", [INTERMEDIARY, RU], ids=str)
def test_what_was_taken_back_is_not_shown(clearance: Clearance) -> None:
    """A mis-scan leaves the page, also that of a party that never sees the report which takes it back."""
    wrong = report("boarded", "05:10", "wrong", person="RU-1", vehicle="bus-RU", place="H-RU")
    void = {"id": "void", "type": "voided", "at": format_instant(moment("05:20")), "event": "wrong"}
    page = built([*prepared(), *recorded([wrong, void])], clearance)
    assert shown(page, "05:15").counts[0].aboard == 1
    later = shown(page, "05:30")
    assert (later.counts[0].aboard, later.vehicles) == (0, ())
    assert not any("board" in one.text for one in later.timeline)
    again = {"id": "again", "type": "voided", "at": format_instant(moment("05:40")), "event": "void"}
    page = built([*prepared(), *recorded([wrong, void, again])], clearance)
    assert shown(page, "05:50").counts[0].aboard == 1


@pytest.mark.parametrize("clearance", [INTERMEDIARY, RU], ids=str)
def test_what_somebody_only_claims_takes_nothing_back(clearance: Clearance) -> None:
    """No report, and no taking back, whatever else the claim has to do with it."""
    wrong = report("boarded", "05:10", "wrong", person="RU-1", vehicle="bus-RU", place="H-RU")
    void = {"id": "void", "type": "voided", "at": format_instant(moment("05:20")), "event": "wrong"}
    claimed = {**void, "source": "channel-7"}
    again = {**claimed, "id": "again", "event": "void"}
    aboard = [
        shown(built([*prepared(), *recorded(events)], clearance), "05:30").counts[0].aboard
        for events in ([wrong, claimed], [wrong, void, claimed], [wrong, void, again])
    ]
    assert aboard == [1, 0, 0]


def test_the_operation_is_held_resumed_and_aborted() -> None:
    """The last word by its own time stands, also where it arrives first."""
    events = [
        report("resumed", "06:00", by="NI"),
        report("held", "05:30", by="NI"),
        *ON_THE_ROAD,
        report("aborted", "08:00", by="NI"),
    ]
    page = built([*prepared(), *recorded(events)], UA)
    assert (shown(page, "05:40").stage, shown(page, "05:40").convoys[0].standing) == ("held", "held")
    assert shown(page, "06:10").stage == "under way"
    assert (shown(page, "08:10").stage, shown(page, "08:10").due) == ("aborted", ())


def test_somebody_who_takes_the_place_of_another_counts_for_the_same_side() -> None:
    """A substitution that both sides agreed is on the list from its moment on; one that only one agreed is not."""
    handed = report("accepted", "08:30", person="RU-9", from_="NI", to="UA")
    agreed = report("substituted", "07:00", person="RU-9", replaces="RU-2", agreed_by=["RU", "UA"])
    page = built([*prepared(), *recorded([agreed, handed])], INTERMEDIARY)
    assert shown(page, "08:40").counts[0].handed_over == 1
    one_sided = agreed | {"agreed_by": ["RU"]}
    assert shown(built([*prepared(), *recorded([one_sided, handed])], INTERMEDIARY), "08:40").counts[0].handed_over == 0


def test_a_run_of_like_entries_is_one_item() -> None:
    """As many as the ledger took within five minutes; a report that came twice is one."""
    events = [report("boarded", "04:50", person=f"RU-{number}", vehicle="bus-RU", place="H-RU") for number in (1, 2)]
    page = built([*prepared(), *recorded([*events, events[0]])], RU)
    item = shown(page, "05:00").timeline[0]
    assert (item.count, item.text) == (3, "2 persons board at H-RU")


def test_the_timeline_has_an_end() -> None:
    """At most sixty items, the latest."""
    events = [report("incident", "05:00", f"i{number}", what=f"w{number}") for number in range(400)]
    page = built([*prepared(), *recorded(events)], RU)
    timeline = shown(page, "06:00").timeline
    assert len(timeline) == 60
    assert timeline[0].text == "Incident reported: w399"


def test_every_kind_of_clause_has_its_phase() -> None:
    """The view's list of kinds on who is exchanged is the library's."""
    assert set(COMPOSE_KINDS) <= operations_clauses.COMPOSE_KINDS
    assert not operations_clauses.COMPOSE_KINDS & set(RUN_KINDS)


clocks = st.integers(0, 11).map(lambda step: f"{5 + step // 6:02d}:{step % 6}0")


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """A report of the day that may contradict, repeat, take back or precede any other."""
    kind = draw(st.sampled_from(("departed", "arrived", "boarded", "alighted", "accepted", "positioned", "voided")))
    side = draw(st.sampled_from(("RU", "UA")))
    fields: dict[str, Any] = {
        "vehicle": f"bus-{side}",
        "place": draw(st.sampled_from(("X", f"H-{side}"))),
        "position": draw(st.sampled_from(([31.5, 52.1], [32.5, 52.9]))),
        "person": draw(st.sampled_from([one["id"] for one in PLAN["persons"]])),
        "from": "NI",
        "to": draw(st.sampled_from(("NI", "RU", "UA", "F-UA"))),
        "event": draw(st.sampled_from("mev")) + str(draw(st.integers(0, 9))),
    }
    at_us = moment(draw(clocks))
    received_us = at_us + draw(st.sampled_from((-20, -5, 0, 90))) * MINUTE_US
    at = {"at": format_instant(at_us), "received_at": format_instant(received_us)}
    name = {"voided": "v", "departed": "m", "arrived": "m"}.get(kind, "e") + str(draw(st.integers(0, 9)))
    return {"id": name, "type": kind, **at, **fields}


days = st.lists(events(), max_size=16)


_OF_THE_RECORD = ("timeline", "recorded_at_us", "ledger")


def picture(page: Operations) -> bytes:
    """The page without what tells of the order of the record."""
    shown_page = {name: getattr(page, name) for name in page.__slots__ if name not in _OF_THE_RECORD}
    return msgspec.json.encode(shown_page)


@settings(max_examples=200)
@given(days, st.randoms(use_true_random=False), st.sampled_from((INTERMEDIARY, RU, UA)))
def test_the_order_of_arrival_does_not_show(day: list[dict[str, Any]], chance: random.Random, who: Clearance) -> None:
    """Late, twice, out of order: the same page."""
    again = [*day, *chance.sample(day, len(day) // 2)]
    chance.shuffle(again)
    for clock in ("05:45", "07:30"):
        straight, shuffled = (shown(built([*prepared(), *recorded(one)], who), clock) for one in (day, again))
        assert picture(straight) == picture(shuffled)


@settings(max_examples=200)
@given(days, st.lists(clocks, min_size=17, max_size=17), st.sampled_from((INTERMEDIARY, RU)))
def test_looked_at_again_and_again_it_is_the_same_as_from_scratch(
    day: list[dict[str, Any]], looks: list[str], who: Clearance
) -> None:
    """A snapshot after every report, the clock going back and forth, changes nothing in any later one."""
    entries = prepared()
    page = built(entries, who)
    for entry, clock in zip(recorded(day), looks, strict=False):
        entries.append(entry)
        page.take(len(entries) - 1, entry.occurred_at_us, entry)
        assert shown(page, clock) == shown(built(entries, who), clock)


@settings(max_examples=200)
@given(days, clocks)
def test_what_is_shown_is_what_the_sifted_reports_say(day: list[dict[str, Any]], clock: str) -> None:
    """Against the sift of the watch and its journeys: who is aboard what, how far the convoys are, who is home."""
    page = shown(built([*prepared(), *recorded(day)], INTERMEDIARY), clock)
    received = Received()
    for line in day:
        received.add(read_event(line))
    sifted = received.sift(moment(clock)).events
    aboard = aboard_by_reports(sifted)
    for vehicle in page.vehicles:
        assert vehicle.aboard == sum(one == vehicle.id for one in aboard.values())
    planned = plan()
    journeys = Journeys(planned, [one for one in sifted if one.type in ("departed", "arrived")])
    for convoy, leg in zip(page.convoys, planned.legs, strict=True):
        departed = any(one.leg is leg for one in journeys.departures)
        arrived = journeys.arrivals.get((leg.vehicle, leg.destination))
        begun = departed or bool(arrived)
        due_us = leg.arrive_us if begun else leg.depart_us
        late = (arrived[0].at_us if arrived else moment(clock)) > due_us + 15 * MINUTE_US
        assert (convoy.departed, convoy.arrived, convoy.late) == (departed, bool(arrived), late)
    for side, home in (("RU", "UA"), ("UA", "RU")):
        home_now = {one.fields["person"] for one in sifted if one.type == "accepted" and one.fields["to"] == home} & {
            one["id"] for one in PLAN["persons"] if one["held_by"] == side
        }
        counts = page.counts[("RU", "UA").index(side)]
        assert counts.handed_over == len(home_now)
        persons = {one["id"] for one in PLAN["persons"] if one["held_by"] == side} - home_now
        assert counts.aboard == sum(person in aboard for person in persons)


def aboard_by_reports(sifted: tuple[Event, ...]) -> dict[str, str]:
    """Who is on which vehicle after these events, literally."""
    aboard: dict[str, str] = {}
    for event in sorted(sifted, key=lambda one: (one.at_us, one.type != "alighted", one.id)):
        person, vehicle = event.fields["person"], event.fields["vehicle"]
        if event.type == "boarded":
            aboard[person] = vehicle
        elif event.type == "alighted" and aboard.get(person) == vehicle:
            del aboard[person]
    return aboard
