"""The evaluator against the plainest reading of the contract, and against itself under any delivery."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clauses import oracle
from tests.clauses.days import leg, person, plan_json, terms

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import format_instant, parse_instant
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.tracking.events import read_event

PARTIES = ["RU", "UA"]
NINE = 1751619600 * 1_000_000
MINUTE = 60_000_000

TERMS = terms(
    'kind = "custody"\nwithin = "2m"',
    'kind = "manifest"',
    'kind = "arrival"\nearly = "1m"\nlate = "1m"',
    'kind = "simultaneity"\nwithin = "2m"',
    'kind = "reporting"\nevery = "2m"',
    'kind = "complete"\nby = 2025-07-04T09:06:00Z',
    'kind = "response"\nafter = { type = "accepted" }\nexpect = { type = "examined" }\nwithin = "2m"\n'
    'discharged_by = { type = "offered", to = "NI" }',
    'kind = "response"\nafter = { type = "examined" }\nexpect = { type = "examined" }\nwithin = "3m"\n'
    'same = ["batch", "home"]',
    'kind = "precedence"\nbefore = { type = "boarded" }\nexpect = { type = "examined" }\nwithin = "3m"\n'
    'voided_by = { type = "alighted" }',
    'kind = "precedence"\nbefore = { type = "accepted", handover = true }\nexpect = { type = "accepted" }\nsame = []\n'
    'voided_by = { type = "accepted", to = "NI" }',
    'kind = "embargo"\nhold = { type = "arrived" }\nuntil_all = [{ type = "examined" }, { type = "boarded" }]',
)


def literally(day: oracle.Day) -> dict[str, oracle.Breaches]:
    """What the oracle says of the same terms, by clause."""
    two, examined = 2 * MINUTE, {"type": "examined"}
    accepted, boarded = {"type": "accepted"}, {"type": "boarded"}
    return {
        "c1": oracle.custody(day, two),
        "c2": oracle.manifest(day),
        "c3": oracle.arrival(day, MINUTE, MINUTE),
        "c4": oracle.simultaneity(day, two),
        "c5": oracle.reporting(day, two),
        "c6": oracle.complete(day, NINE + 6 * MINUTE),
        "c7": oracle.response(day, accepted, examined, two, ["person"], {"type": "offered", "to": "NI"}),
        "c8": oracle.response(day, examined, examined, 3 * MINUTE, ["batch", "home"], None),
        "c9": oracle.precedence(day, boarded, examined, 3 * MINUTE, ["person"], {"type": "alighted"}),
        "c10": oracle.precedence(day, {**accepted, "handover": True}, accepted, None, [], {**accepted, "to": "NI"}),
        "c11": oracle.embargo(day, {"type": "arrived"}, [examined, boarded]),
    }


crowded = st.sampled_from([0, 0, 0, 1, 1, 1, 2, 4])
minutes = st.sampled_from([0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8])
persons = st.sampled_from([*("p1",) * 9, "p2", "p2", "p3", "n1", "n1", "n2"])
vehicles = st.sampled_from(["v1", "v1", "v1", "v1", "v2"])
places = st.sampled_from(["H", "H", "X"])
sides = st.sampled_from(PARTIES)
agreed = st.sampled_from([PARTIES, PARTIES, ["RU"], ["UA", "NI", "RU"]])


def happening(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An event of a type without id and time."""
    return st.fixed_dictionaries({"type": st.just(kind), **fields})


passing = [
    happening(kind, person=persons, **{"from": st.just(giver), "to": st.just(taker)})
    for kind, giver, taker in (
        ("offered", "RU", "NI"), ("accepted", "RU", "NI"), ("offered", "NI", "UA"), ("accepted", "NI", "UA"),
        ("refused", "RU", "NI"), ("accepted", "UA", "RU"), ("accepted", "NI", "RU"), ("offered", "RU", "UA"),
    )
]  # fmt: skip
riding = [happening(kind, person=persons, vehicle=vehicles) for kind in ("boarded", "alighted")]
moving = [happening(kind, vehicle=vehicles, place=places) for kind in ("departed", "arrived")]
listing = [
    happening("substituted", person=persons, replaces=persons, agreed_by=agreed),
    happening("added", person=persons, agreed_by=agreed, home=sides, held_by=sides, batch=st.just("b1"),
              legs=st.sampled_from([[], ["l1"], ["l2", "l3"]]), custody=st.sampled_from([[], ["RU", "NI", "UA"]])),
    happening("withdrawn", person=persons),
    happening("died", person=persons),
]  # fmt: skip
others = [
    happening("examined", person=persons),
    happening("positioned", vehicle=vehicles, position=st.just([31.0, 52.0])),
    happening("clock"),
    happening("voided", event=st.sampled_from(["e1", "e2", "e17", "e18", "e19", "e20"])),
]


FOCUS = {
    "passing": passing,
    "riding": riding * 3 + moving,
    "answering": passing[:4] + others + riding,
    "everything": passing + riding + moving + others,
}


@st.composite
def lines(draw: st.DrawFn, focus: str) -> list[dict[str, Any]]:
    """Up to sixteen lines with many ties, some conflicts, voids, repeated numbers and times from the future."""
    found = []
    kinds = FOCUS[focus] + draw(st.sampled_from([[], listing, listing + others]))
    clashing = draw(st.booleans())
    for index in range(draw(st.integers(0, 4)) + draw(st.integers(0, 12))):
        line = dict(draw(st.sampled_from(kinds).flatmap(lambda one: one)))
        # Ids fall while times tend to rise, so that ties are not always in the order of ids.
        line["id"] = draw(st.sampled_from(["e1", "e2", *(f"e{20 - index}",) * 8])) if clashing else f"e{20 - index}"
        line["at"] = format_instant(NINE + draw(crowded if focus == "passing" else minutes) * MINUTE)
        if draw(st.integers(0, 9)) == 0:
            line["received_at"] = format_instant(NINE + draw(minutes) * MINUTE - 3 * MINUTE)
        if draw(st.integers(0, 3)) == 0:
            line["device"], line["device_seq"] = "d", draw(st.integers(1, 4))
        found.append(line)
    return found


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Three persons, a few legs of two vehicles between two places."""
    legs = []
    for index in range(1, draw(st.integers(0, 3)) + 1):
        depart = draw(minutes)
        aboard = draw(st.lists(st.sampled_from(["p1", "p2", "p3"]), unique=True, max_size=3))
        origin, to = draw(st.sampled_from([("H", "X"), ("H", "X"), ("X", "H"), ("H", "H")]))
        arrive = depart + draw(st.integers(0, 3))
        legs.append(leg(f"l{index}", draw(vehicles), origin, to, f"09:0{depart}", f"09:{arrive:02}", *aboard))
    return plan_json(
        persons=[
            person("p1"),
            person("p2", held_by="UA", home="RU"),
            person("p3", custody=draw(st.sampled_from([[], ["RU", "UA"]])), batch=draw(st.sampled_from(["b1", "b2"]))),
        ],
        legs=legs,
    )


ends = st.one_of(st.none(), minutes.map(lambda one: NINE + one * MINUTE), st.just(NINE + 60 * MINUTE))


@pytest.mark.parametrize("focus", FOCUS)
@settings(max_examples=350)
@given(st.data())
def test_every_kind_as_the_oracle_reads_it(focus: str, data: st.DataObject) -> None:
    """All nine kinds and `integrity` under ties, conflicts, voids, changes to the list and any end of observation."""
    raw_plan, raw, until = data.draw(plans()), data.draw(lines(focus)), data.draw(ends)
    end, events, flaws = oracle.sift(raw, until)
    expected = {("integrity", rule, subject, at) for _, rule, subject, at in flaws}
    for clause, found in literally(oracle.Day(raw_plan, PARTIES, events)).items():
        expected |= {(clause, rule, subject, at) for _, rule, subject, at in oracle.standing(found, end)}
    judged = judge_day(TERMS, read(raw_plan), [read_event(line) for line in raw], until)
    assert {(one.clause, one.rule, one.subject, parse_instant(one.at)) for one in judged} == expected
    assert [one.breach() for one in judged] == sorted(one.breach() for one in judged)


@settings(max_examples=150)
@given(plans(), lines("everything"), ends, st.randoms(use_true_random=False), st.booleans())
def test_what_stands_is_the_same_under_any_delivery(
    raw_plan: dict[str, Any], raw: list[dict[str, Any]], until: int | None, random: Any, devices: bool
) -> None:
    """Permuted, repeated, in any batches: the same deviations to the last letter; the lines told add up to them."""
    if devices:
        raw_plan["devices"] = [{"id": "d", "vehicles": ["v1"], "places": ["X"]}, {"id": "e", "vehicles": ["v2"]}]
    plan = read(raw_plan)
    expected = judge_day(TERMS, plan, [read_event(line) for line in raw], until)
    shuffled = raw + [line for line in raw if random.random() < 0.3]
    random.shuffle(shuffled)
    watch = Watch(TERMS, plan)
    told: dict[Any, Deviation] = {}
    while shuffled:
        size = random.randint(1, 4)
        watch.arrive([read_event(line) for line in shuffled[:size]])
        del shuffled[:size]
        add_up(told, watch.judge())
    add_up(told, watch.judge(until))
    assert watch.standing() == expected
    assert told.keys() == {one.breach() for one in expected}
    assert all(told[one.breach()].status == "open" for one in expected if one.status == "open")


def add_up(told: dict[Any, Deviation], changes: list[Deviation]) -> None:
    """Follow the lines as a reader of the stream would."""
    for one in changes:
        if one.status == "withdrawn":
            del told[one.breach()]
        else:
            assert one.breach() not in told or (told[one.breach()].status, one.status) == ("unconfirmed", "open")
            told[one.breach()] = one


def read(raw: dict[str, Any]) -> Plan:
    """The plan as the product reads it."""
    return read_plan("plan.json", json.dumps(raw).encode())
