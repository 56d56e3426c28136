"""What the sides are told of alarms is the same, whatever was said in confidence, examined or only claimed."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import StandingClock
from tests.app.small_exchange import EXCHANGE, at, moment, office_of
from tests.app.test_alarm_audience import PLAN
from tests.clauses.test_against_oracle import MINUTE, NINE, TERMS, lines, plans

from safeconduct.app.alarms import AlarmAudience
from safeconduct.app.intake import Concerns, is_told_openly
from safeconduct.app.watched_day import WatchedDay
from safeconduct.app.watched_terms import WatchedTerms
from safeconduct.clauses.embargo import Embargo
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.tracking.entries import Alarm, AlarmShown
from safeconduct.tracking.events import Event, read_event

HEADER = """
[agreement]
id = "a"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

[[clause]]
id = "c"
"""
Lines = list[dict[str, Any]]


def alarms(terms: Terms, plan: Plan, events: list[Event], end_us: int) -> list[Alarm]:
    """What is recorded of all that stands."""
    watch, audience = WatchedTerms(terms, plan), AlarmAudience(terms, Concerns.of_plan(plan))
    audience.hear(events)
    watch.arrive(events)
    watch.judge(end_us)
    return [audience.entry(one, 0, 1) for one in watch.standing()]


def shown(clause: str, events: Lines, clock: str = "08:50", plan: bytes = PLAN) -> list[tuple[bool, tuple[str, ...]]]:
    """Of each alarm whether every party is told that there is one, and to which ones its words."""
    terms = read_terms("terms.toml", (HEADER + clause).encode())
    found = alarms(terms, read_plan("plan.json", plan), [read_event(one) for one in events], at(clock))
    return [(isinstance(one, AlarmShown), one.own) for one in found]


def event(ref: str, kind: str, clock: str, **fields: Any) -> dict[str, Any]:
    """A report of the day."""
    return {"id": ref, "type": kind, "at": moment(clock), **fields}


@settings(max_examples=150)
@given(st.sampled_from(["everything", "claiming", "convoying"]), st.data(), st.randoms(use_true_random=False))
def test_confidential_reports_change_nothing_that_both_sides_are_told(
    focus: str, data: st.DataObject, random: Any
) -> None:
    """With and without them: the same alarms, at the same moments, in the same words, to the same sides."""
    raw = data.draw(lines(focus))
    for line in raw:
        if random.random() < 0.2:
            line["source"] = "observer"
        if random.random() < 0.2:
            line["type"] = random.choice(["consented", "examined", "washed"])
            line.setdefault("person", "p1")
    plan = read_plan("plan", json.dumps(data.draw(plans(focus))).encode())
    # An embargo that waits for care of everybody is told by what was published, which is public.
    terms = Terms(TERMS.text, (), tuple(one for one in TERMS.running if not isinstance(one, Embargo)))
    end_us = NINE + data.draw(st.sampled_from([4, 8, 60])) * MINUTE
    # What was taken back, and that a device was heard of, is known whatever it was; and two people hardly make one id.
    known = [line["type"] in ("clock", "retired", "voided") or is_told_openly(read_event(line)) for line in raw]
    for line, is_known in zip(raw, known, strict=True):
        if not is_known:
            line.pop("device", None)
            line["id"] += "c"
    events = [read_event(line) for line in raw]
    openly = [one for one, is_known in zip(events, known, strict=True) if is_known]
    assert [one for one in alarms(terms, plan, events, end_us) if isinstance(one, AlarmShown)] == [
        one for one in alarms(terms, plan, openly, end_us) if isinstance(one, AlarmShown)
    ]


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
    (told,) = alarms(terms, read_plan("plan.json", PLAN), events, at("08:50"))
    assert isinstance(told, AlarmShown)
    assert (told.at_us, told.own, told.evidence) == (at("08:30"), ("UA",), ("q",))
    assert "consented" not in told.message


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
