"""What the sides are told of alarms is the same, whatever was said in confidence, examined or only claimed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import StandingClock
from tests.app.small_exchange import EXCHANGE, at, moment, office_of
from tests.app.test_alarm_audience import PLAN
from tests.clauses.test_against_oracle import MINUTE, NINE, TERMS, lines, plans

from safeconduct.app.alarms import AlarmAudience, alarm_entries, news
from safeconduct.app.grounds import Basis, basis_of
from safeconduct.app.intake import Concerns, is_claim
from safeconduct.app.watched_day import WatchedDay
from safeconduct.app.watched_terms import WatchedTerms
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.times import format_instant
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.tracking.entries import Alarm, AlarmShown, ConfidentialAlarmShown
from safeconduct.tracking.events import Event, read_event
from safeconduct.tracking.state import TrackingState

HEADER = """
[agreement]
id = "a"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

[[clause]]
id = "c"
"""
COUNTED = 'kind = "headcount"'
Lines = list[dict[str, Any]]


def alarms(terms: Terms, plan: Plan, *batches: list[Event], ends_us: list[int]) -> list[Alarm]:
    """What is recorded, where the reports of each batch come before one end of observation."""
    watch, audience, state = WatchedTerms(terms, plan), AlarmAudience(terms, Concerns.of_plan(plan)), TrackingState()
    recorded: list[Alarm] = []
    for events, end_us in zip(batches, ends_us, strict=True):
        audience.hear(events)
        watch.arrive(events)
        watch.judge(end_us)
        stands = watch.standing()
        for entry in alarm_entries(news(stands, state, audience, 0), state, audience, end_us, stands.openly_breached()):
            state.show_alarm(entry)
            recorded.append(entry)
    return recorded


def told(terms: Terms, plan: Plan, *batches: list[Event], ends_us: list[int]) -> list[AlarmShown]:
    """The same, as much of it as every party is told of."""
    return [one for one in alarms(terms, plan, *batches, ends_us=ends_us) if isinstance(one, AlarmShown)]


def shown(clause: str, events: Lines, clock: str = "08:50", plan: bytes = PLAN) -> list[tuple[bool, tuple[str, ...]]]:
    """Of each alarm whether every party is told that there is one, and to which ones its words."""
    terms = read_terms("terms.toml", (HEADER + clause).encode())
    found = alarms(terms, read_plan("plan.json", plan), [read_event(one) for one in events], ends_us=[at(clock)])
    return [(isinstance(one, AlarmShown), one.own) for one in found]


def event(ref: str, kind: str, clock: str, **fields: Any) -> dict[str, Any]:
    """A report of the day."""
    return {"id": ref, "type": kind, "at": moment(clock), **fields}


CONFIDENCES = ("consented", "examined", "washed")
DEVICES = [{"id": "d", "vehicles": ["v1"], "places": ["X"]}, {"id": "e", "vehicles": ["v2"]}]


class Drawn(NamedTuple):
    """A day of which some reports are confidential."""

    plan: Plan
    batches: list[list[Event]]
    ends_us: list[int]

    def told(self, terms: Terms, also: Callable[[Event], Event | None]) -> list[AlarmShown]:
        """What every party is told of, with each report made into another, or left out."""
        batches = [[one for one in map(also, batch) if one is not None] for batch in self.batches]
        return told(terms, self.plan, *batches, ends_us=self.ends_us)


@st.composite
def days(draw: st.DrawFn) -> Drawn:
    """Plans with and without devices; reports in up to three batches, each judged at an end of its own."""
    focus = draw(st.sampled_from(["everything", "claiming", "convoying"]))
    raw, random = draw(lines(focus)), draw(st.randoms(use_true_random=False))
    for line in raw:
        if random.random() < 0.2:
            line["source"] = "observer"
        if random.random() < 0.2:
            line["type"] = random.choice(CONFIDENCES)
            line.setdefault("person", "p1")
    random.shuffle(raw)
    document = draw(plans(focus))
    if draw(st.booleans()):
        document["devices"] = DEVICES
    minutes = sorted(draw(st.lists(st.sampled_from([2, 4, 8, 60]), min_size=1, max_size=3)))
    events = [read_event(line) for line in raw]
    batches = [events[index :: len(minutes)] for index in range(len(minutes))]
    return Drawn(read_plan("plan", json.dumps(document).encode()), batches, [NINE + one * MINUTE for one in minutes])


def is_known(event: Event) -> bool:
    """Whether it is no confidence; what a device says of itself is not told, but none."""
    of_device = event.type in ("clock", "retired", "voided") and not is_claim(event.fields)
    return of_device or Basis.OPENLY.holds(event)


def other(event: Event, **fields: Any) -> Event:
    """The same report with other fields."""
    return Event(fields.get("id", event.id), event.type, event.at_us, {**event.fields, **fields}, event.received_us)


def judged_over(*bases: Basis) -> Terms:
    """The clauses that are judged over some of the reports."""
    return Terms(TERMS.text, (), tuple(one for one in TERMS.running if basis_of(one) in bases))


OPEN_TERMS = judged_over(Basis.OPENLY, Basis.EVERYTHING)
"""All but embargoes that wait for care of everybody: these are told by what was published, which is public."""


@settings(max_examples=60)
@given(days())
def test_confidential_reports_change_nothing_that_both_sides_are_told(day: Drawn) -> None:
    """With and without them: the same alarms, numbers, moments and words, in the same order, to the same sides.

    They may share their id with other reports, in the same batch or another one; their device is none that reports
    anything else.
    """
    apart = {"device": "tablet"}
    assert day.told(
        OPEN_TERMS, lambda one: one if is_known(one) or "device" not in one.fields else other(one, **apart)
    ) == day.told(OPEN_TERMS, lambda one: one if is_known(one) else None)


@settings(max_examples=60)
@given(days(), st.booleans())
def test_of_a_device_the_sides_can_learn_from_confidential_reports_no_more_than_from_its_clock(
    day: Drawn, speaks: bool
) -> None:
    """Of one that reports other things too: that it was heard of, at that moment, under that number."""
    if speaks:
        day.batches[0].append(read_event({"id": "k", "type": "clock", "at": format_instant(NINE), "device": "d"}))
    elif day.plan.devices is None:
        return

    def clock(one: Event) -> Event:
        kept = {key: one.fields[key] for key in ("id", "at", "device", "device_seq") if key in one.fields}
        return one if is_known(one) else Event(one.id, "clock", one.at_us, kept | {"type": "clock"}, one.received_us)

    assert day.told(OPEN_TERMS, lambda one: one) == day.told(OPEN_TERMS, clock)


@settings(max_examples=30)
@given(days())
def test_what_is_held_back_until_care_was_reported_tells_of_no_interview_and_no_claim(day: Drawn) -> None:
    """Only of the care itself, once it was reported of everybody."""
    terms = judged_over(Basis.WITH_CARE)
    assert terms.running

    def apart(one: Event) -> Event:
        fields = {"device": "tablet"} if "device" in one.fields else {}
        return one if is_known(one) or Basis.WITH_CARE.holds(one) else other(one, id=f"{one.id}c", **fields)

    assert day.told(terms, apart) == day.told(
        terms, lambda one: one if is_known(one) or Basis.WITH_CARE.holds(one) else None
    )


RIDE = [
    event("d", "departed", "08:00", vehicle="bus-ua", place="h"),
    event("q", "positioned", "08:10", vehicle="bus-ua", position=[31, 52]),
]
BOTH = ("RU", "UA")


@pytest.mark.parametrize(
    ("clause", "events", "expected"),
    [
        # What contradicts itself is told to no side if it was said in confidence.
        (
            'kind = "freeze"\nbefore = "1h"',
            [event("c", "consented", "08:20", person="p1", result=one) for one in ("willing", "unwilling")],
            [(False, ())],
        ),
        # Where somebody is held is told to nobody by what was examined there.
        (
            'kind = "concordance"\nof = { type = "examined" }\nsame = ["person"]\nequal = ["result"]',
            [
                event("e1", "examined", "08:00", person="p1", what="fitness", result="fit", place="h"),
                event("e2", "examined", "08:10", person="p1", what="fitness", result="unfit", place="x"),
            ],
            [(False, ())],
        ),
        # A boarding that is only claimed makes no count wrong.
        (
            'kind = "headcount"',
            [
                event("b", "boarded", "08:00", person="p1", vehicle="bus-ua", source="channel-7"),
                event("n", "counted", "08:10", vehicle="bus-ua", count=0),
            ],
            [],
        ),
        # A text is public, a notice to a family is not.
        (
            'kind = "embargo"\nhold = { type = "notified" }\nuntil_all = [{ type = "accepted" }]',
            [event("f", "notified", "08:10", who="family", person="p1")],
            [(False, ())],
        ),
        (
            'kind = "embargo"\nhold = { type = "published" }\nuntil_all = [{ type = "notified", who = "family" }]',
            [event("f", "published", "08:10", by="a channel", subject="x")],
            [(True, ())],
        ),
    ],
)
def test_by_hand(clause: str, events: Lines, expected: list[tuple[bool, tuple[str, ...]]]) -> None:
    """Ways in which a side could have learnt of it."""
    assert shown(clause, events) == expected


def test_an_interview_aboard_is_no_sign_of_life_that_the_drivers_side_could_see() -> None:
    """The silence is counted from the last position, and its sentence names nothing else."""
    interview = event("c", "consented", "08:23", person="p1", result="unwilling", vehicle="bus-ua")
    terms = read_terms("terms.toml", (HEADER + 'kind = "reporting"\nevery = "20m"').encode())
    events = [read_event(one) for one in [*RIDE, interview]]
    (silent,) = told(terms, read_plan("plan.json", PLAN), events, ends_us=[at("08:50")])
    assert (silent.at_us, silent.own, silent.evidence) == (at("08:30"), ("UA",), ("q",))
    assert "consented" not in silent.message


def test_how_far_the_other_sides_vehicle_is_stands_in_no_alarm_that_a_side_reads() -> None:
    """Two vehicles of two sides set out together, and one stays behind."""
    document = json.loads(PLAN)
    ends = {"from": "h", "to": "x", "depart": moment("08:00"), "arrive": moment("09:00"), "persons": []}
    document["legs"] = [{"id": f"l-{bus}", "vehicle": bus, **ends} for bus in ("bus-ua", "bus-ru")]
    away = {"bus-ua": 31.0, "bus-ru": 31.2}
    events = [event(f"d-{bus}", "departed", "08:00", vehicle=bus, place="h") for bus in away]
    for minute in range(1, 6):
        events += [
            event(f"q{minute}-{bus}", "positioned", f"08:0{minute}", vehicle=bus, position=[lon, 52.0])
            for bus, lon in away.items()
        ]
    clause = 'kind = "convoy"\napart_m = 1000'
    assert set(shown(clause, events, plan=json.dumps(document).encode())) == {(True, ())}


def test_who_is_only_claimed_to_be_home_is_not_counted(tmp_path: Path) -> None:
    """Neither by the round nor by what may be told to the public."""
    office = office_of(tmp_path, StandingClock(at("10:30")))
    watched = WatchedDay(office, EXCHANGE)
    watched.judge(at("10:30"))
    before = watched.released()
    hands = {"person": "n9", "from": "NI", "to": "UA", "source": "channel-7"}
    added = {"person": "n9", "agreed_by": list(BOTH), "held_by": "RU", "home": "UA"}
    watched.take([event("n", "added", "09:00", **added), event("a", "accepted", "09:20", **hands)])
    watched.judge(at("10:40"))
    assert watched.released() == before


def conflict(*versions: dict[str, Any]) -> list[Alarm]:
    """What is told of reports under one id."""
    terms = read_terms("terms.toml", (HEADER + COUNTED).encode())
    return alarms(terms, read_plan("plan.json", PLAN), [read_event(one) for one in versions], ends_us=[at("08:50")])


SAID = event("r", "departed", "08:00", vehicle="bus-ua", place="h")
ALSO_SAID = event("r", "departed", "08:05", vehicle="bus-ua", place="x")
ASKED = event("r", "consented", "08:20", person="p1", result="unwilling")


def test_one_id_of_an_open_and_a_confidential_report_is_told_to_the_intermediary_alone() -> None:
    """Without the confidential one there is nothing to tell."""
    assert conflict(SAID) == []
    (told_of,) = conflict(SAID, ASKED)
    assert isinstance(told_of, ConfidentialAlarmShown)
    assert (told_of.rule, told_of.subject, told_of.own) == ("conflict", "r", ())


@pytest.mark.parametrize("clock", ["08:01", "08:05", "08:20"])
def test_that_two_open_reports_have_one_id_is_told_whatever_else_came_under_it(clock: str) -> None:
    """The same alarm as without it, be it earlier, of the same moment or later."""
    without, also = conflict(SAID, ALSO_SAID), conflict(SAID, ALSO_SAID, ASKED | {"at": moment(clock)})
    assert [type(one) for one in without] == [AlarmShown]
    assert [one for one in also if isinstance(one, AlarmShown)] == without


def test_that_two_open_reports_have_one_number_is_told_whatever_else_has_it() -> None:
    """The sides read of no third report."""
    number = {"device": "phone-7", "device_seq": 1}
    open_ones = [SAID | number, ALSO_SAID | number | {"id": "s"}]
    without, also = conflict(*open_ones), conflict(*open_ones, ASKED | number | {"id": "t"})
    assert [(type(one), one.evidence) for one in without] == [(AlarmShown, ("r", "s"))]
    assert [one for one in also if isinstance(one, AlarmShown)] == without
    assert [one.evidence for one in also if not isinstance(one, AlarmShown)] == [("r", "s", "t")]


WRONG = event("n", "counted", "08:10", vehicle="bus-ua", count=1)
VOID = event("v", "voided", "08:20", event="n")


def test_what_somebody_only_claims_takes_no_report_back_where_the_sides_see_it() -> None:
    """Neither a report nor what takes one back; the sides see the same as without the claim."""
    claimed = {"source": "channel-7"}
    assert shown(COUNTED, [WRONG]) == shown(COUNTED, [WRONG, VOID | claimed]) == [(True, ("UA",))]
    assert shown(COUNTED, [WRONG, VOID]) == []
    assert shown(COUNTED, [WRONG, VOID, event("w", "voided", "08:30", event="v", **claimed)]) == []


def test_whoever_claims_that_a_device_is_lost_makes_nothing_certain() -> None:
    """It is waited for as before."""
    clause = 'kind = "complete"\nby = 2025-07-04T08:15:00Z'
    lost = event("l", "retired", "08:40", device="gate")
    waiting = [
        [
            one.waiting_for
            for one in told(
                read_terms("terms.toml", (HEADER + clause).encode()),
                read_plan("plan.json", PLAN),
                [read_event(line) for line in lines],
                ends_us=[at("08:50")],
            )
        ]
        for lines in ([], [lost], [lost | {"source": "channel-7"}])
    ]
    assert waiting[1] != waiting[0]
    assert "gate" in waiting[0][0]
    assert "gate" not in waiting[1][0]


def late_without_devices_in_the_plan(*events: dict[str, Any]) -> tuple[str, tuple[str, ...], bool]:
    """How certain it is that nobody was handed over, for whom the sides wait, and whether a tablet is named."""
    terms = read_terms("terms.toml", (HEADER + 'kind = "complete"\nby = 2025-07-04T08:15:00Z').encode())
    document = json.loads(PLAN)
    del document["devices"]
    plan = read_plan("plan.json", json.dumps(document).encode())
    (late,) = told(terms, plan, [read_event(one) for one in events], ends_us=[at("08:50")])
    return late.status, late.waiting_for, "tablet" in late.message


ON_TABLET = event("c", "consented", "08:10", person="p1", result="unwilling", device="tablet", device_seq=1)


def test_a_device_that_reported_nothing_but_confidences_is_not_named_to_the_sides() -> None:
    """Nor waited for where they see it, unless the plan names it, or it reported something else."""
    nothing = late_without_devices_in_the_plan(RIDE[0])
    assert nothing == ("open", (), False)
    assert late_without_devices_in_the_plan(RIDE[0], ON_TABLET) == nothing
    open_one = RIDE[1] | {"device": "tablet", "device_seq": 2}
    assert late_without_devices_in_the_plan(ON_TABLET, open_one) == ("unconfirmed", ("tablet",), True)
    assert late_without_devices_in_the_plan(open_one, ON_TABLET) == ("unconfirmed", ("tablet",), True)


def test_a_confidence_without_a_number_proves_nothing_of_what_its_device_reported_before() -> None:
    """As with any report that has none; only a clock does."""
    clock = event("k", "clock", "08:05", device="tablet")
    later = ON_TABLET | {"at": moment("08:30")}
    del later["device_seq"]
    assert late_without_devices_in_the_plan(clock, later)[0] == "unconfirmed"
    assert late_without_devices_in_the_plan(clock, clock | {"at": moment("08:30"), "id": "k2"})[0] == "open"


def test_an_alarm_that_an_earlier_judgement_made_public_ends_for_those_who_were_told_of_it(tmp_path: Path) -> None:
    """It is then no more told to the sides what becomes of it; the intermediary has it under another number."""
    office = office_of(tmp_path, StandingClock(at("10:30")))
    asked = [event("c", "consented", clock, person="u1", result="willing") for clock in ("09:00", "09:30")]
    WatchedDay(office, EXCHANGE).take(asked)
    before = office.recorder.size()
    public = AlarmShown(
        occurred_at_us=at("10:00"),
        own=(),
        number=1,
        clause="integrity",
        kind="integrity",
        rule="conflict",
        subject="c",
        at_us=at("09:30"),
        severity="serious",
        status="open",
        message="One report was received with different contents.",
        evidence=("c",),
        waiting_for=(),
    )
    office.record([public])
    WatchedDay(office, EXCHANGE).judge(at("10:30"))
    WatchedDay(office, EXCHANGE).judge(at("10:31"))  # once is enough
    watched = WatchedDay(office, EXCHANGE)
    watched.take([event("v", "voided", "10:32", event="c")])
    watched.judge(at("10:40"))
    recorded = [one.body.entry for one in office.recorder.read(before) if isinstance(one.body, Opened)]
    assert [(type(one), one.number, one.status, one.own) for one in recorded if isinstance(one, Alarm)] == [
        (AlarmShown, 1, "open", ()),
        (AlarmShown, 1, "withdrawn", ()),
        (ConfidentialAlarmShown, 1_000_001, "open", ()),
        (ConfidentialAlarmShown, 1_000_001, "withdrawn", ()),
    ]


def test_a_public_alarm_that_only_a_confidence_still_shows_ends_as_it_would_without_it() -> None:
    """A third report under the id is confidential; the second open one turns out to be from the future."""
    terms = read_terms("terms.toml", (HEADER + COUNTED).encode())
    plan, ends = read_plan("plan.json", PLAN), [at("08:50"), at("08:51")]
    early = ALSO_SAID | {"received_at": moment("07:00")}
    batches = [[read_event(SAID), read_event(ALSO_SAID)], [read_event(early)]]
    confided = read_event(ASKED | {"at": moment("08:05")})
    without = alarms(terms, plan, *batches, ends_us=ends)
    also = alarms(terms, plan, [*batches[0], confided], batches[1], ends_us=ends)
    assert [one for one in also if isinstance(one, AlarmShown)] == [
        one for one in without if isinstance(one, AlarmShown)
    ]
    assert [(one.rule, one.status) for one in also if isinstance(one, ConfidentialAlarmShown)] == [("conflict", "open")]
