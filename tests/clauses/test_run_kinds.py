"""The run-phase kinds as terms: their sentences, and every parameter that cannot be read told at line and column."""

import pytest
from tests.clauses.days import terms

from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.kernel.errors import BadInput

SENTENCES = {
    'kind = "response"\nafter = { type = "accepted", handover = true }\n'
    'expect = [{ type = "notified", who = "family" }, { type = "died" }]\n'
    'within = "1h30m"\ndischarged_by = { type = "refused" }': (
        "After accepted (handover true) there must be notified (who family) or died of the same person within 1h30m, "
        "unless refused lifts that."
    ),
    'kind = "response"\nafter = { type = "counted", count = { min = 1, max = 45 } }\n'
    'expect = { place = { not = "X" } }\nwithin = "5m"\nsame = []': (
        "After counted (count at least 1 and at most 45) there must be any event (place not X) within 5m."
    ),
    'kind = "precedence"\nbefore = { type = ["boarded", "departed"] }\n'
    'expect = { type = "examined", person = "Ivan" }\n'
    'within = "2d"\nsame = ["person", "vehicle"]\nvoided_by = { type = "incident" }': (
        "Before boarded or departed there must have been examined (person as named in the terms) of the same person "
        "and vehicle, at most 2d before, with no incident since."
    ),
    'kind = "embargo"\nhold = { type = "published" }\nuntil_all = [{ type = "accepted" }, { type = "notified" }]': (
        "No published until there has been accepted and notified for every person on the list."
    ),
    'kind = "embargo"\nhold = { type = "accepted" }\nuntil_all = { type = "accepted", handover = true }\n'
    'of = { batch = ["b1", "b2"], person = "Ivan", home = { not = "UA" } }': (
        "No accepted until there has been accepted (handover true) for every person on the list (batch b1 or b2, "
        "person as named in the terms, home not UA)."
    ),
    'kind = "claim"\nof = { type = "incident", what = "shots" }\nnear = { place = "X", radius_m = 5000 }': (
        "There must be no incident (what shots) within 5,000 m of X; whoever claims that there was is told of as a "
        "claim."
    ),
    'kind = "claim"\nof = { type = "incident" }\nsame = ["what"]\nsources = 2\nwithin = "15m"': (
        "There must be no incident; once 2 sources claim it of the same what within 15m, it is told as a claim."
    ),
    'kind = "speed"\nfastest_kmh = 90\ntolerance_m = 1500': (
        "No vehicle is reported farther from where it was last than 90 km/h can bring it, give or take 1,500 m."
    ),
    'kind = "convoy"\napart_m = 1500\ngrace = "3m"': (
        "Vehicles that set out together stay within 1,500 m of one another, each of the next, by reports at most 1m "
        "old; less than 3m apart is let pass."
    ),
    'kind = "custody"\nwithin = "30m"': (
        "Custody of each person passes by offer and acceptance from the present custodian along the planned chain; "
        "every offer is answered within 30m."
    ),
    'kind = "manifest"': "When a vehicle departs, exactly the persons planned for that leg are aboard.",
    'kind = "arrival"\nearly = "1h"\nlate = "20m"': (
        "Each vehicle arrives at most 1h earlier and at most 20m later than planned."
    ),
    'kind = "simultaneity"\nwithin = "15m"': (
        "In each batch the first handover to every side comes within 15m of the first handover to any."
    ),
    'kind = "reporting"\nevery = "10m"': "Every vehicle en route is reported at least every 10m.",
    'kind = "complete"\nby = 2025-07-04T18:00:00+03:00': (
        "Everyone on the list is handed over by 2025-07-04T15:00:00Z."
    ),
    'kind = "absence"\nnever = { type = "incident", what = ["shelling", "drone"] }\n'
    'between = ["2025-07-04T03:00:00Z", 2025-07-04T18:00:00+03:00]\nnear = { place = "X", radius_m = 10000 }': (
        "There must be no incident (what shelling or drone) between 2025-07-04T03:00:00Z and 2025-07-04T15:00:00Z "
        "within 10,000 m of X."
    ),
    'kind = "absence"\nnever = [{ type = "refused" }, { type = "died" }]\nsame = ["person"]': (
        "There must be no refused or died."
    ),
    'kind = "headcount"': "Every count of the prisoners in a vehicle equals the number reported aboard it.",
    'kind = "listed"': "Whatever is reported of a person is reported of one who is, or was, on the list.",
    'kind = "departure"\nearly = "0s"': "Each vehicle departs at most 0s earlier than planned.",
    'kind = "parity"\nbetween = ["UA", "RU"]\nmax_lead = 1500': (
        "At no moment is UA or RU more than 1,500 handed over ahead of the other."
    ),
    'kind = "parity"\nbetween = ["RU", "UA"]\nratio = "1:30"\nmax_lead = 60': (
        "RU releases 1 for every 30 that UA releases, in step: at no moment is 30 times the number of RU more than 60 "
        "off 1 times that of UA."
    ),
    'kind = "corridor"\nbuffer_m = 2500.5': (
        "Every vehicle en route keeps within 2,500.5 m of its planned route; less than 2m outside is let pass."
    ),
    'kind = "stop"\nlongest = "15m"\nradius_m = 200': (
        "No vehicle en route stays within 200 m for longer than 15m, except at a planned stop."
    ),
    'kind = "freeze"\nbefore = "12h"': (
        "From 12h before the start on, the list changes only by agreement of all parties, or where an intermediary "
        "withdraws somebody protected."
    ),
    'kind = "deadline"\nexpect = { type = "declared", what = "list" }\nbefore = "24h"\nper = "party"': (
        "By 1d before the start there must have been declared (what list) by each party."
    ),
    'kind = "deadline"\nexpect = { type = "accepted" }\nby = 2025-07-04T18:00:00+03:00\nper = "person"': (
        "By 2025-07-04T15:00:00Z there must have been accepted for every person on the list."
    ),
    'kind = "deadline"\nexpect = [{ type = "signed" }, { type = "aborted" }]\nby = 2025-07-04T18:00:00+03:00': (
        "By 2025-07-04T15:00:00Z there must have been signed or aborted."
    ),
    'kind = "deadline"\nexpect = { type = "declared" }\nbefore = "0s"\nper = "vehicle"': (
        "By 0s before the start there must have been declared for every vehicle of the plan."
    ),
    'kind = "reciprocity"\neach = [{ type = "signed", by = "RU" }, { type = "signed", by = "UA" }]\n'
    'within = "2h"\nsame = ["subject"]': (
        "Within 2h of the first of them there is each of: signed (by RU); signed (by UA) of the same subject."
    ),
    'kind = "concordance"\nof = [{ type = "sealed" }, { type = "inspected", what = "seal" }]\n'
    'same = ["vehicle", "place"]\nequal = ["seal", "colour"]': (
        "Reports of sealed or inspected (what seal) of the same vehicle and place agree in seal and colour."
    ),
}  # fmt: skip


@pytest.mark.parametrize("clause", SENTENCES)
def test_each_kind_says_what_it_asks(clause: str) -> None:
    """One plain sentence with its parameters; a person named in a pattern is not repeated."""
    (read,) = terms(clause).running
    assert read.sentence() == SENTENCES[clause]


def test_the_library_has_these_kinds() -> None:
    """Each with a sentence above."""
    assert {line.split('"')[1] for line in SENTENCES} == set(RUN_KINDS)


# The header takes lines 1 to 6; a clause begins on line 8 and its first parameter stands on line 11.
BROKEN = [
    ('kind = "response"', "8:1: 'after' is missing"),
    ('kind = "response"\nafter = "accepted"', "11:9: 'after' must be a table"),
    ('kind = "response"\nafter = []', "11:9: 'after' lists no pattern"),
    ('kind = "response"\nafter = { type = [] }', "11:18: 'type' is an empty list"),
    ('kind = "response"\nafter = { type = { nut = "x" } }', "11:18: 'type' holds a table that is no condition"),
    ('kind = "response"\nafter = {}\nexpect = {}\nwithin = "half an hour"', "13:10: 'within': 'half an hour' is not"),
    ('kind = "response"\nafter = {}\nexpect = {}\nwithin = "1m"\nsame = "person"', "14:8: 'same' must be a list"),
    ('kind = "response"\nafter = {}\nexpect = {}\nwithin = "1m"\nwithout = 1', "14:1: unknown field 'without'"),
    ('kind = "precedence"\nbefore = {}', "8:1: 'expect' is missing"),
    ('kind = "embargo"\nhold = {}\nuntil_all = "x"', "12:13: 'until_all' must be a table"),
    ('kind = "embargo"\nhold = {}\nuntil_all = {}\nof = "b1"', "13:6: 'of' must be a table"),
    ('kind = "embargo"\nhold = {}\nuntil_all = {}\nof = { bach = "b" }', "13:8: unknown field 'bach'; did you mean"),
    ('kind = "embargo"\nhold = {}\nuntil_all = {}\nof = { batch = { min = 1 } }', "13:16: 'batch' of a person of the"),
    ('kind = "custody"', "8:1: 'within' is missing"),
    ('kind = "custody"\nwithin = 30', "11:10: 'within' must be a text"),
    ('kind = "manifest"\nwithin = "1m"', "11:1: unknown field 'within'"),
    ('kind = "simultaneity"', "8:1: 'within' is missing"),
    ('kind = "reporting"\nevery = "10"', "11:9: 'every': '10' is not a duration"),
    ('kind = "complete"\nby = 2025-07-04T18:00:00', "11:6: 'by' has no offset"),
    ('kind = "complete"\nby = "noon"', "11:6: 'by': 'noon' is not an RFC 3339 time"),
    ('kind = "custdy"', "10:8: unknown kind of clause 'custdy'; did you mean 'custody'?"),
    ('kind = "absence"', "8:1: 'never' is missing"),
    ('kind = "absence"\nnever = {}\nbetween = "morning"', "12:11: 'between' must be a list"),
    (
        'kind = "absence"\nnever = {}\nbetween = ["2025-07-04T03:00:00Z"]',
        "12:11: 'between' names 1 times; name two: start and end",
    ),
    (
        'kind = "absence"\nnever = {}\nbetween = ["2025-07-04T03:00:00Z", "noon"]',
        "12:36: 'between': 'noon' is not an RFC 3339 time",
    ),
    ('kind = "absence"\nnever = {}\nbetween = [1, 2]', "12:12: 'between' must be a time, found the number 1"),
    (
        'kind = "absence"\nnever = {}\nbetween = [2025-07-04T03:00:00, 2025-07-04T04:00:00Z]',
        "12:12: 'between' has no offset",
    ),
    (
        'kind = "absence"\nnever = {}\nbetween = ["2025-07-04T03:00:01Z", "2025-07-04T03:00:00Z"]',
        "12:11: 'between' ends before it starts; swap the times",
    ),
    ('kind = "absence"\nnever = {}\nnear = "X"', "12:8: 'near' must be a table"),
    ('kind = "absence"\nnever = {}\nnear = { radius_m = 5 }', "12:8: 'place' is missing"),
    ('kind = "absence"\nnever = {}\nnear = { place = 7, radius_m = 5 }', "12:18: 'place' must be a text"),
    ('kind = "absence"\nnever = {}\nnear = { place = "X" }', "12:8: 'radius_m' is missing"),
    ('kind = "absence"\nnever = {}\nnear = { place = "X", radius_m = 0 }', "12:34: 'radius_m' is 0, not above 0"),
    (
        'kind = "absence"\nnever = {}\nnear = { place = "X", radius_m = 5, radius_km = 5 }',
        "12:37: unknown field 'radius_km'; did you mean 'radius_m'?",
    ),
    ('kind = "headcount"\nof = {}', "11:1: unknown field 'of'"),
    ('kind = "listed"\nof = {}', "11:1: unknown field 'of'"),
    ('kind = "departure"', "8:1: neither 'early' nor 'late'"),
    ('kind = "departure"\nlate = "soon"', "11:8: 'late': 'soon' is not a duration"),
    ('kind = "parity"\nmax_lead = 1', "8:1: 'between' is missing"),
    ('kind = "parity"\nbetween = ["RU", "BY"]\nmax_lead = 1', "11:18: 'BY' is no party of the agreement"),
    ('kind = "parity"\nbetween = ["RU", "RU"]\nmax_lead = 1', "11:18: 'between' names 'RU' twice"),
    ('kind = "parity"\nbetween = ["RU"]\nmax_lead = 1', "11:11: 'between' names 1 parties; name two"),
    ('kind = "parity"\nbetween = ["RU", "UA"]\nratio = "1/1"\nmax_lead = 1', "12:9: '1/1' is not a ratio"),
    ('kind = "parity"\nbetween = ["RU", "UA"]\nratio = "0:1"\nmax_lead = 1', "12:9: '0:1' is not a ratio"),
    ('kind = "parity"\nbetween = ["RU", "UA"]', "8:1: 'max_lead' is missing"),
    ('kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = -1', "12:12: 'max_lead' is -1, outside 0.."),
    ('kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = 1.5', "12:12: 'max_lead' must be a whole number"),
    ('kind = "corridor"', "8:1: 'buffer_m' is missing"),
    ('kind = "corridor"\nbuffer_m = -1', "11:12: 'buffer_m' is -1, not above 0"),
    ('kind = "corridor"\nbuffer_m = "2km"', "11:12: 'buffer_m' must be a number"),
    ('kind = "corridor"\nbuffer_m = 1\ngrace = 2', "12:9: 'grace' must be a text"),
    ('kind = "stop"\nradius_m = 5', "8:1: 'longest' is missing"),
    ('kind = "stop"\nlongest = "5m"\nradius_m = 0.0', "12:12: 'radius_m' is 0, not above 0"),
    ('kind = "freeze"', "8:1: 'before' is missing"),
    ('kind = "freeze"\nbefore = 2025-07-04', "11:10: 'before' must be a text"),
    ('kind = "deadline"\nby = 2025-07-04T18:00:00Z', "8:1: 'expect' is missing"),
    ('kind = "deadline"\nexpect = {}', "8:1: a 'deadline' needs exactly one of by, before; it names none"),
    (
        'kind = "deadline"\nexpect = {}\nby = 2025-07-04T18:00:00Z\nbefore = "1h"',
        "13:10: a 'deadline' needs exactly one of by, before; it names both; remove one of them",
    ),
    ('kind = "deadline"\nexpect = {}\nby = "noon"', "12:6: 'by': 'noon' is not an RFC 3339 time"),
    ('kind = "deadline"\nexpect = {}\nbefore = "1h"\nper = "bus"', "13:7: 'bus' is not a value of 'per'"),
    ('kind = "reciprocity"\nwithin = "1h"', "8:1: 'each' is missing"),
    (
        'kind = "reciprocity"\neach = [{ type = "signed" }]\nwithin = "1h"',
        "11:8: 'each' names one step alone; list at least two patterns",
    ),
    ('kind = "reciprocity"\neach = [{}, {}]', "8:1: 'within' is missing"),
    (
        'kind = "reciprocity"\nwithin = "1h"\neach = [\n  { type = "signed", count = [1, 2] },\n'
        '  { type = "signed" },\n'
        '  { count = [2, 1.0], type = ["signed"] },\n]',
        "15:3: 'each' gives one pattern twice, which one step meets; remove it, or say in it what sets",
    ),
    ('kind = "claim"', "8:1: 'of' is missing"),
    ('kind = "claim"\nof = {}\nsources = 0', "12:11: 'sources' is 0, outside 1.."),
    ('kind = "claim"\nof = {}\nwithin = 15', "12:10: 'within' must be a text"),
    ('kind = "claim"\nof = {}\nnear = { place = "X" }', "12:8: 'radius_m' is missing"),
    ('kind = "convoy"', "8:1: 'apart_m' is missing"),
    ('kind = "convoy"\napart_m = 0', "11:11: 'apart_m' is 0, not above 0"),
    ('kind = "convoy"\napart_m = 1500\nfresh = "new"', "12:9: 'fresh': 'new' is not a duration"),
    ('kind = "speed"', "8:1: 'fastest_kmh' is missing"),
    ('kind = "speed"\nfastest_kmh = 0', "11:15: 'fastest_kmh' is 0, not above 0"),
    ('kind = "speed"\nfastest_kmh = 90\ntolerance_m = -1', "12:15: 'tolerance_m' is -1, below 0"),
    ('kind = "concordance"\nsame = ["a"]\nequal = ["b"]', "8:1: 'of' is missing"),
    ('kind = "concordance"\nof = {}\nequal = ["b"]', "8:1: 'same' is missing"),
    ('kind = "concordance"\nof = {}\nsame = []\nequal = ["b"]', "12:8: 'same' needs at least 1 item"),
    (
        'kind = "concordance"\nof = {}\nsame = ["a", "b"]\nequal = ["c", "b"]',
        "13:15: 'b' stands in 'same' as well: reports that are equal in it cannot differ in it; remove it from one of",
    ),
    ('kind = "concordance"\nof = {}\nsame = ["a"]\nequal = "b"', "13:9: 'equal' must be a list"),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "fault"), BROKEN)
def test_a_broken_parameter_is_told_at_its_place(clause: str, fault: str) -> None:
    """One line, at line and column."""
    with pytest.raises(BadInput) as caught:
        terms(clause)
    assert str(caught.value).startswith(f"terms.toml:{fault}")
    assert len(caught.value.faults) == 1
