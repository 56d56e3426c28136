"""The audit, over columns by code of its own, against the evaluator of the watch: the same verdicts, to the status."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clauses.days import event, leg, passed, person, plan_json, terms
from tests.clauses.test_against_oracle import FOCUS, TERMS, ends, lines, plans, read

from safeconduct.clauses.batch.audit import KINDS, Audit, keys_of
from safeconduct.clauses.batch.reading import Reader
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.library import Terms
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.kernel.errors import BadInput
from safeconduct.tracking.events import read_event

ODD = terms(
    'kind = "response"\nafter = { type = "examined", what = { not = ["fit", 2] } }\n'
    'expect = { type = ["examined", "boarded"], what = { min = 1, max = 2 } }\nwithin = "2m"\nsame = ["what"]',
    'kind = "response"\nafter = [{ type = "boarded" }, { what = true }]\nexpect = { vehicle = ["v1", "v2"] }\n'
    'within = "0s"\nsame = ["vehicle", "place"]',
    'kind = "response"\nafter = { type = "accepted", handover = false }\n'
    'expect = [{ type = "accepted", handover = true, home = ["UA", "RU"] }, { type = "departed", place = "X" }]\n'
    'within = "3m"\nsame = ["person", "what", "grade"]\ndischarged_by = { type = "arrived", vehicle = "v2" }',
    'kind = "precedence"\nbefore = { type = "arrived" }\nexpect = { type = "departed" }\nwithin = "1m"\n'
    'same = ["vehicle"]',
    'kind = "precedence"\nbefore = { what = ["fit", 1, true] }\nexpect = { what = { not = "fit" } }\nsame = ["grade"]\n'
    'voided_by = { type = { not = "examined" } }',
    'kind = "precedence"\nbefore = { type = "boarded" }\nexpect = { grade = { min = 0 } }\n'
    'same = ["type", "at", "batch"]',
    'kind = "absence"\nnever = { what = { min = 1 } }\nsame = ["what", "grade", "held_by", "handover"]',
    'kind = "absence"\nnever = { at = "2025-07-04T09:01:00Z", id = { not = ["e20", "e19"] } }\n'
    'same = ["position", "type"]',
    'kind = "embargo"\nhold = { type = "departed" }\nuntil_all = [{ type = "boarded", vehicle = "v1" }]',
    'kind = "embargo"\nhold = { grade = "a" }\nuntil_all = [{ type = "examined", place = ["X", "H"] }]',
    'kind = "claim"\nof = { what = { not = "fit" } }\nsame = ["grade"]\nsources = 2\nwithin = "2m"',
    'kind = "claim"\nof = [{ source = { min = 0 } }, { type = ["published", "examined"] }]\n'
    'same = ["what", "source", "type"]',
    'kind = "reporting"\nevery = "1m"',
    'kind = "arrival"\nlate = "0s"',
    'kind = "manifest"',
    'kind = "custody"\nwithin = "1m"',
    'kind = "deadline"\nexpect = { what = { not = "fit" } }\nby = 2025-07-04T09:04:00Z\nper = "person"',
    'kind = "deadline"\nexpect = [{ place = "X" }, { grade = { max = 0 }, vehicle = "v1" }]\nbefore = "2m"\n'
    'per = "vehicle"',
    'kind = "deadline"\nexpect = { place = "H", vehicle = "v2" }\nbefore = "3m"',
    'kind = "deadline"\nexpect = {}\nby = 2025-07-04T09:02:00Z\nper = "party"',
    'kind = "reciprocity"\neach = [{ what = ["fit", 1] }, { what = { min = 1 } }, { vehicle = "v1" }]\nwithin = "1m"\n'
    'same = ["grade", "place"]',
    'kind = "reciprocity"\neach = [{ type = "boarded" }, { type = "boarded", grade = { not = "a" } }]\nwithin = "2m"\n'
    'same = ["at", "vehicle"]',
    'kind = "reciprocity"\neach = [{ handover = true }, { type = "accepted", handover = false }]\nwithin = "0s"',
    'kind = "concordance"\nof = {}\nsame = ["what"]\nequal = ["grade", "place", "id"]',
    'kind = "concordance"\nof = { type = { not = "clock" } }\nsame = ["person", "grade"]\n'
    'equal = ["type", "at", "what", "batch"]',
    'kind = "concordance"\nof = [{ type = "positioned" }, { type = "incident" }]\nsame = ["position"]\n'
    'equal = ["vehicle", "what", "place"]',
    'kind = "concordance"\nof = {}\nsame = ["type", "home", "handover"]\nequal = ["person", "to", "held_by"]',
)  # fmt: skip

values = st.sampled_from(
    ["fit", "1", 1, 1.0, 2, True, False, None, 1.5, [], ["fit", 1], ["1", [1]], {"a": 1}, "", "a/b"]
)
grades = st.sampled_from(["a", "b", 0, 0.0, -0.0, -1, None, {"b": [], "a": 2}, "é"])
numbers = st.sampled_from([1, 1, 2, 2, 3, 4, 5, 7, 0, -1, "2", 2.0, 1e300, True, 10**30, None])
DEVICES = ["d", "d", "e", "f"]


@st.composite
def odd_lines(draw: st.DrawFn, focus: str) -> list[dict[str, Any]]:
    """Lines with devices that number well and badly, clocks, retirements, and fields of every JSON type."""
    found = draw(lines(focus))
    next_number = dict.fromkeys(DEVICES, 1)
    well = draw(st.booleans())
    for line in found:
        if draw(st.integers(0, 2)):
            line["device"] = device = draw(st.sampled_from(DEVICES))
            line["device_seq"] = next_number[device] if well else draw(numbers)
            next_number[device] += 1
        for key, strategy in (
            ("what", values),
            ("grade", grades),
            ("source", grades),
            ("place", st.sampled_from(["X", "H"])),
        ):
            if key not in line and draw(st.integers(0, 3)) == 0:
                line[key] = draw(strategy)
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["clock", "clock", "retired"]))
        told = {"id": f"t{number}", "type": kind, "at": f"2025-07-04T09:0{draw(st.integers(0, 9))}:00Z"}
        if kind == "retired" or draw(st.booleans()):
            told["device"] = draw(st.sampled_from(DEVICES))
        found.append(told)
    return found


device_tables = st.sampled_from(
    [
        None,
        [],
        [
            {"id": "d", "vehicles": ["v1"], "places": ["X"]},
            {"id": "e", "vehicles": ["v2"]},
            {"id": "f", "places": ["H"]},
        ],
        [{"id": "d", "vehicles": ["v1"]}, {"id": "e"}, {"id": "g", "places": ["X"]}],
        [{"id": "f", "vehicles": ["v1", "v2"]}, {"id": "never", "vehicles": ["v1"], "places": ["X", "H"]}],
    ]
)


def audited(clauses: Terms, raw_plan: dict[str, Any], raw: list[dict[str, Any]], until: int | None) -> list[Deviation]:
    """What the audit says of lines written as JSON."""
    reader = Reader(keys_of(clauses))
    bad: list[BadInput] = []
    block = "\n".join(json.dumps(line) for line in raw).encode()
    reader.read("events.jsonl", [block], lambda _, error: bad.append(error))
    assert bad == []
    return Audit(clauses, read(raw_plan), reader.columns(), until).deviations()


def verdicts(deviations: list[Deviation]) -> list[tuple[Any, ...]]:
    """All but the words and the evidence."""
    return [
        (one.at, one.clause, one.rule, one.subject, one.kind, one.severity, one.status, one.waiting_for)
        for one in deviations
    ]


def test_every_kind_of_the_day_is_audited() -> None:
    """None is left out."""
    assert len(KINDS) == len(RUN_KINDS)


@pytest.mark.parametrize("focus", FOCUS)
@settings(max_examples=36)
@given(st.data())
def test_audit_and_watch_agree(focus: str, data: st.DataObject) -> None:
    """Every kind, under ties, conflicts, voids, changes to the list and any end of observation."""
    raw_plan, raw, until = data.draw(plans(focus)), data.draw(lines(focus)), data.draw(ends)
    judged = judge_day(TERMS, read(raw_plan), [read_event(line) for line in raw], until)
    assert verdicts(audited(TERMS, raw_plan, raw, until)) == verdicts(judged)


@pytest.mark.parametrize("clauses", [ODD, TERMS], ids=["odd", "plain"])
@pytest.mark.parametrize("focus", FOCUS)
@settings(max_examples=27)
@given(st.data())
def test_audit_and_watch_agree_on_odd_fields_and_devices(clauses: Terms, focus: str, data: st.DataObject) -> None:
    """Values of every JSON type in patterns and `same`; gaps, clones, retired and silent devices."""
    raw_plan, raw, until = data.draw(plans(focus)), data.draw(odd_lines(focus)), data.draw(ends)
    devices = data.draw(device_tables)
    raw_plan["trust_silence"] = data.draw(st.sampled_from(["1m", "3m", "2h"]))
    if devices is not None:
        raw_plan["devices"] = devices
    judged = judge_day(clauses, read(raw_plan), [read_event(line) for line in raw], until)
    assert verdicts(audited(clauses, raw_plan, raw, until)) == verdicts(judged)


def test_whether_an_acceptance_is_a_handover_says_the_list_and_not_the_report() -> None:
    """Of persons on the list; what is reported of others stands as it is reported."""
    clauses = terms(
        'kind = "absence"\nnever = { handover = ["yes", "no"] }', 'kind = "absence"\nnever = { handover = true }'
    )
    raw = [
        passed("own", "accepted", "09:00", "u", "NI", "UA", handover="no"),
        passed("other", "accepted", "09:01", "u", "RU", "NI", handover=True),
        passed("unknown", "accepted", "09:02", "x", "NI", "UA", handover="yes"),
        passed("offer", "offered", "09:03", "u", "NI", "UA", handover="no"),
    ]
    found = audited(clauses, plan_json(persons=[person("u")]), raw, None)
    assert [(one.clause, one.subject) for one in found] == [("c2", "own"), ("c1", "unknown"), ("c1", "offer")]
    judged = judge_day(clauses, read(plan_json(persons=[person("u")])), [read_event(line) for line in raw])
    assert verdicts(found) == verdicts(judged)


def test_a_silence_that_is_trusted_is_told() -> None:
    """Once every device that could have reported it has been silent for so long."""
    devices = [{"id": "d", "vehicles": ["v1"]}, {"id": "e", "places": ["X"]}, {"id": "f", "vehicles": ["v2"]}]
    driving = plan_json(legs=[leg("l1", "v1", "H", "X", "08:00", "09:00")], devices=devices, trust_silence="90m")
    (found,) = audited(terms('kind = "arrival"\nlate = "0s"'), driving, [event("t", "clock", "10:30")], None)
    assert (found.status, found.waiting_for) == ("open", ())
    assert found.message.endswith(
        "it was not reported. Taken as certain although d and e never said so: silent for 1h30m."
    )


def test_a_report_taken_back_after_the_end_leaves_no_gap() -> None:
    """Its number is not missing and not there: a clock without one still says how far the device is."""
    driving = plan_json(legs=[leg("l1", "v1", "H", "X", "08:00", "09:00")])
    raw = [
        event("one", "sealed", "08:00", device="d", device_seq=1),
        event("tick", "clock", "09:05", device="d"),
        event("five", "sealed", "09:30", device="d", device_seq=5),
        event("back", "voided", "09:06", event="five"),
    ]
    clauses = terms('kind = "arrival"\nlate = "0s"')
    (found,) = audited(clauses, driving, raw, None)
    assert (found.status, found.waiting_for) == ("open", ())
    assert verdicts([found]) == verdicts(judge_day(clauses, read(driving), [read_event(line) for line in raw]))
