"""The evaluator against the plainest reading of the contract, and against itself under any delivery."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clauses import oracle, oracle_list, oracle_road, oracle_said
from tests.clauses.days import leg, moment, person, plan_json, terms

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
    'kind = "departure"\nearly = "1m"\nlate = "1m"',
    'kind = "headcount"',
    'kind = "listed"',
    'kind = "freeze"\nbefore = "2m"',
    'kind = "parity"\nbetween = ["UA", "RU"]\nratio = "2:1"\nmax_lead = 1',
    'kind = "corridor"\nbuffer_m = 1000',
    'kind = "corridor"\nbuffer_m = 3000\ngrace = "0s"',
    'kind = "stop"\nlongest = "2m"\nradius_m = 200',
    'kind = "absence"\nnever = [{ type = "refused" }, { type = "died" }]\nsame = ["person", "batch"]',
    'kind = "absence"\nnever = { type = "incident" }\nnear = { place = "X", radius_m = 3000 }\n'
    "between = [2025-07-04T09:01:00Z, 2025-07-04T09:05:00Z]",
    'kind = "absence"\nnever = { type = "incident", what = "drone" }\nnear = { place = "Q", radius_m = 1 }',
    'kind = "concordance"\nof = { type = "counted" }\nsame = ["vehicle"]\nequal = ["count", "what"]',
    'kind = "concordance"\nof = [{ type = "boarded" }, { type = "alighted" }]\nsame = ["vehicle", "batch"]\n'
    'equal = ["home", "person"]',
    'kind = "deadline"\nexpect = { type = "incident", what = "shots" }\nby = 2025-07-04T09:05:00Z',
    'kind = "deadline"\nexpect = { type = "withdrawn" }\nbefore = "1m"\nper = "party"',
    'kind = "deadline"\nexpect = [{ type = "accepted", handover = true }, { type = "examined" }]\nbefore = "0s"\n'
    'per = "person"',
    'kind = "deadline"\nexpect = [{ type = "departed" }, { type = "counted" }]\nby = 2025-07-04T09:03:00Z\n'
    'per = "vehicle"',
    'kind = "reciprocity"\neach = [{ type = "arrived", place = "X" }, { type = "departed" }]\nwithin = "2m"',
    'kind = "reciprocity"\neach = [{ type = "accepted" }, { type = "boarded", batch = "b1" }, { type = "examined" }]\n'
    'within = "3m"\nsame = ["batch", "held_by"]',
    'kind = "embargo"\nhold = { type = "accepted", batch = "b1" }\nuntil_all = { type = "accepted", handover = true }\n'
    'of = { batch = ["b2", "b3"], home = "UA" }',
    'kind = "embargo"\nhold = { type = "departed" }\nuntil_all = { type = "boarded" }\nof = { person = "n1" }',
    'kind = "claim"\nof = { type = "incident" }\nsame = ["what"]\nsources = 2\nwithin = "2m"',
    'kind = "claim"\nof = [{ type = "incident", confidence = "high" }, { type = "published" }]\n'
    'near = { place = "X", radius_m = 3000 }\nbetween = [2025-07-04T09:01:00Z, 2025-07-04T09:05:00Z]',
    'kind = "claim"\nof = [{ type = "published" }, { type = "incident" }]\nsame = ["person", "batch"]\nsources = 3',
    'kind = "speed"\nfastest_kmh = 60\ntolerance_m = 0',
    'kind = "speed"\nfastest_kmh = 150',
    'kind = "convoy"\napart_m = 200\ngrace = "1m"',
    'kind = "convoy"\napart_m = 4000\nfresh = "3m"\ngrace = "0s"',
)


def literally(day: oracle.Day) -> dict[str, oracle.Breaches]:
    """What the oracle says of the same terms, by clause."""
    two, examined = 2 * MINUTE, {"type": "examined"}
    accepted, boarded, incident = {"type": "accepted"}, {"type": "boarded"}, {"type": "incident"}
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
        "c12": oracle_road.departure(day, MINUTE, MINUTE),
        "c13": oracle_road.headcount(day),
        "c14": oracle_list.listed(day),
        "c15": oracle_list.freeze(day, two, ["NI"]),
        "c16": oracle_list.parity(day, "UA", "RU", 2, 1, 1),
        "c17": oracle_road.corridor(day, 1000, two),
        "c18": oracle_road.corridor(day, 3000, 0),
        "c19": oracle_road.stop(day, two, 200),
        "c20": oracle_list.absence(day, [{"type": "refused"}, {"type": "died"}], None, None, ["person", "batch"]),
        "c21": oracle_list.absence(day, [incident], (NINE + MINUTE, NINE + 5 * MINUTE), ("X", 3000), []),
        "c22": oracle_list.absence(day, [{**incident, "what": "drone"}], None, ("Q", 1), []),
        "c23": oracle_said.concordance(day, [{"type": "counted"}], ["vehicle"], ["count", "what"]),
        "c24": oracle_said.concordance(day, [boarded, {"type": "alighted"}], ["vehicle", "batch"], ["home", "person"]),
        "c25": oracle_said.deadline(day, [{**incident, "what": "shots"}], NINE + 5 * MINUTE, "total"),
        "c26": oracle_said.deadline(day, [{"type": "withdrawn"}], NINE + 3 * MINUTE, "party"),
        "c27": oracle_said.deadline(day, [{**accepted, "handover": True}, examined], NINE + 4 * MINUTE, "person"),
        "c28": oracle_said.deadline(day, [{"type": "departed"}, {"type": "counted"}], NINE + 3 * MINUTE, "vehicle"),
        "c29": oracle_said.reciprocity(day, [{"type": "arrived", "place": "X"}, {"type": "departed"}], two, []),
        "c30": oracle_said.reciprocity(
            day, [accepted, {**boarded, "batch": "b1"}, examined], 3 * MINUTE, ["batch", "held_by"]
        ),
        "c31": oracle.embargo(
            day, {**accepted, "batch": "b1"}, [{**accepted, "handover": True}], {"batch": ["b2", "b3"], "home": ["UA"]}
        ),
        "c32": oracle.embargo(day, {"type": "departed"}, [boarded], {"person": ["n1"]}),
        "c33": oracle_list.claim(day, [incident], None, None, ["what"], 2, two),
        "c34": oracle_list.claim(
            day,
            [{**incident, "confidence": "high"}, {"type": "published"}],
            (NINE + MINUTE, NINE + 5 * MINUTE),
            ("X", 3000),
            [],
            1,
            60 * MINUTE,
        ),
        "c35": oracle_list.claim(
            day, [{"type": "published"}, incident], None, None, ["person", "batch"], 3, 60 * MINUTE
        ),
        "c36": oracle_road.speed(day, 60, 0),
        "c37": oracle_road.speed(day, 150, 500),
        "c38": oracle_road.convoy(day, 200, MINUTE, MINUTE),
        "c39": oracle_road.convoy(day, 4000, 3 * MINUTE, 0),
    }


crowded = st.sampled_from([0, 0, 0, 1, 1, 1, 2, 4])
minutes = st.sampled_from([0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8])
persons = st.sampled_from([*("p1",) * 9, "p2", "p2", "p3", "n1", "n1", "n2"])
vehicles = st.sampled_from(["v1", "v1", "v1", "v1", "v2"])
places = st.sampled_from(["H", "H", "X"])
sides = st.sampled_from(PARTIES)
ON_ROAD = [[31.0, 52.0], [31.001, 52.0], [31.05, 52.0], [31.05, 52.001], [31.1, 52.0], [31.1, 52.001]]
"""At H and X, on the road between and a little beside it."""
OFF_ROAD = [[31.05, 52.02], [31.06, 52.02], [31.05, 52.045], [31.052, 52.045], [31.13, 52.0], [30.98, 51.99]]
"""2 km and 5 km beside it, and beyond both ends."""
positions = st.sampled_from(ON_ROAD + OFF_ROAD)
agreed = st.sampled_from([PARTIES, PARTIES, ["RU"], ["UA", "NI", "RU"]])


def happening(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An event of a type without id and time."""
    return st.fixed_dictionaries({"type": st.just(kind), **fields})


def perhaps(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Fields, each of which may be absent."""
    return st.fixed_dictionaries({}, optional=fields)


def with_fields(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of all parts."""
    return st.tuples(*parts).map(lambda drawn: {key: value for part in drawn for key, value in part.items()})


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
    with_fields(happening("withdrawn", person=persons),
                perhaps(agreed_by=agreed, by=st.sampled_from(["NI", "NI", "RU", ["RU", "UA"], ["UA", 1, "UA"]]),
                        ground=st.sampled_from(["protected", "other"]))),
    happening("died", person=persons),
]  # fmt: skip
counting = [
    with_fields(happening("counted", vehicle=vehicles, count=st.integers(0, 3)),
                perhaps(what=st.sampled_from(["prisoners", "escorts"]))),
]  # fmt: skip
one, at_h = st.just("v1"), st.just("H")
driving = [
    *[happening("positioned", vehicle=one, position=st.sampled_from(near)) for near in (ON_ROAD, ON_ROAD[:4], OFF_ROAD)]
    * 3,
    happening("departed", vehicle=one, place=at_h),
    happening("positioned", vehicle=vehicles, position=positions),
    happening("arrived", vehicle=one, place=places),
]
happened = [
    with_fields(happening("incident"),
                perhaps(what=st.sampled_from(["drone", "shots"]), position=positions,
                        place=st.sampled_from(["X", "H", "Q", "elsewhere"]))),
]  # fmt: skip
said = perhaps(source=st.sampled_from(["observer", "observer", "radar", "radio"]),
               confidence=st.sampled_from(["low", "high", "high", 0.5]))  # fmt: skip
claiming = [
    with_fields(happened[0], said),
    with_fields(happening("published"), perhaps(person=persons, place=places), said),
]
others = [
    happening("examined", person=persons),
    happening("positioned", vehicle=vehicles, position=positions),
    happening("clock"),
    happening("voided", event=st.sampled_from(["e1", "e2", "e17", "e18", "e19", "e20"])),
]


three = st.sampled_from(["v1", "v2", "v3"])
convoying = [
    *[
        happening("positioned", vehicle=three, position=st.sampled_from(near))
        for near in (ON_ROAD[:4], ON_ROAD, OFF_ROAD)
    ]
    * 3,
    happening("departed", vehicle=three, place=at_h),
    happening("arrived", vehicle=three, place=places),
]


FOCUS = {
    "passing": passing,
    "riding": riding * 3 + moving + counting * 3,
    "answering": passing[:4] + others + riding + happened * 2,
    "driving": driving,
    "convoying": convoying,
    "claiming": claiming * 3 + others,
    "everything": passing + riding + moving + counting + driving + claiming + others,
}


@st.composite
def lines(draw: st.DrawFn, focus: str) -> list[dict[str, Any]]:
    """Up to sixteen lines with many ties, some conflicts, voids, repeated numbers and times from the future."""
    found = []
    if focus == "driving":
        found.append({"id": "e0", "type": "departed", "vehicle": "v1", "place": "H", "at": format_instant(NINE)})
    if focus == "convoying":
        off = {"type": "departed", "place": "H", "at": format_instant(NINE)}
        found += [off | {"id": f"d{vehicle}", "vehicle": vehicle} for vehicle in ("v1", "v2", "v3")]
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


ROUTES = [
    [[31.0, 52.0], [31.1, 52.0]],
    [[31.0, 52.0], [31.04, 52.02], [31.06, 52.02], [31.1, 52.0]],
    [[31.05, 52.0]],
    [],
]


@st.composite
def plans(draw: st.DrawFn, focus: str = "everything") -> dict[str, Any]:
    """Three persons, a few legs of two vehicles between two places."""
    legs = []
    for index in range(1, draw(st.integers(0, 3)) + 1):
        depart = draw(minutes)
        aboard = draw(st.lists(st.sampled_from(["p1", "p2", "p3"]), unique=True, max_size=3))
        origin, to = draw(st.sampled_from([("H", "X"), ("H", "X"), ("X", "H"), ("H", "H")]))
        vehicle = "v1" if focus == "driving" else draw(vehicles)
        arrive = depart + draw(st.integers(0, 3))
        planned = leg(f"l{index}", vehicle, origin, to, f"09:0{depart}", f"09:{arrive:02}", *aboard)
        legs.append(planned | draw(st.sampled_from([{}, *({"route": route} for route in ROUTES)])))
    if focus == "convoying":
        convoy = draw(st.sampled_from([("v1", "v2"), *[("v1", "v2", "v3")] * 3]))
        legs += [leg(f"c{vehicle}", vehicle, "H", "X", "09:00", "09:03") for vehicle in convoy]
    return plan_json(
        start=moment("09:04"),
        places=[
            {"id": "H", "kind": "holding", "position": [31.0, 52.0]},
            {"id": "X", "kind": "exchange-point", "position": [31.1, 52.0]},
            {"id": "Q", "kind": "stop"},
            *draw(st.sampled_from([[], [{"id": "S", "kind": "stop", "position": [31.05, 52.0]}]])),
        ],
        persons=[
            person("p1"),
            person("p2", held_by="UA", home="RU"),
            person("p3", custody=draw(st.sampled_from([[], ["RU", "UA"]])), batch=draw(st.sampled_from(["b1", "b2"]))),
        ],
        legs=legs,
    )


ends = st.one_of(st.none(), minutes.map(lambda one: NINE + one * MINUTE), st.just(NINE + 60 * MINUTE))


@pytest.mark.parametrize("focus", FOCUS)
@settings(max_examples=200)
@given(st.data())
def test_every_kind_as_the_oracle_reads_it(focus: str, data: st.DataObject) -> None:
    """All kinds and `integrity` under ties, conflicts, voids, changes to the list and any end of observation."""
    raw_plan, raw, until = data.draw(plans(focus)), data.draw(lines(focus)), data.draw(ends)
    end, events, flaws = oracle.sift(raw, until)
    expected = {("integrity", rule, subject, at) for _, rule, subject, at in flaws}
    for clause, found in literally(oracle.Day(raw_plan, PARTIES, events)).items():
        expected |= {(clause, rule, subject, at) for _, rule, subject, at in oracle.standing(found, end)}
    judged = judge_day(TERMS, read(raw_plan), [read_event(line) for line in raw], until)
    assert {(one.clause, one.rule, one.subject, parse_instant(one.at)) for one in judged} == expected
    assert [one.breach() for one in judged] == sorted(one.breach() for one in judged)


@settings(max_examples=100)
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
