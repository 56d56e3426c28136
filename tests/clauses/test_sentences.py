"""Every clause on the day says what it asks in one plain sentence, its optional parts only where they are given."""

import pytest
from tests.clauses.days import terms

SENTENCES = [
    (
        'kind = "response"\n'
        'after = { type = "accepted" }\n'
        'expect = { type = "examined", what = "medical" }\n'
        'within = "3h"',
        "After accepted there must be examined (what medical) of the same person within 3h.",
    ),
    (
        'kind = "response"\n'
        'after = { type = "accepted" }\n'
        'expect = { type = "examined" }\n'
        'within = "3h"\n'
        'same = ["person", "place"]\n'
        'discharged_by = { type = "died" }',
        "After accepted there must be examined of the same person and place within 3h, unless died lifts that.",
    ),
    (
        'kind = "precedence"\nbefore = { type = "boarded" }\nexpect = { type = "examined" }\nsame = []',
        "Before boarded there must have been examined.",
    ),
    (
        'kind = "precedence"\n'
        'before = { type = "boarded" }\n'
        'expect = [{ type = "examined" }, { type = "identified" }]\n'
        'within = "1d"\n'
        'voided_by = { type = "refused" }',
        "Before boarded there must have been examined or identified of the same person, at most 1d before, "
        "with no refused since.",
    ),
    (
        'kind = "absence"\nnever = { type = "incident" }',
        "There must be no incident.",
    ),
    (
        'kind = "absence"\n'
        'never = { type = "incident", what = { not = "crowd" } }\n'
        'near = { place = "X", radius_m = 2500 }\n'
        "between = [2025-07-04T09:00:00Z, 2025-07-04T10:00:00Z]",
        "There must be no incident (what not crowd) between 2025-07-04T09:00:00Z and 2025-07-04T10:00:00Z "
        "within 2,500 m of X.",
    ),
    (
        'kind = "embargo"\n'
        'hold = { type = "published" }\n'
        'until_all = [{ type = "notified", who = "family" }, { type = "examined" }]',
        "No published until there has been notified (who family) and examined for every person on the list.",
    ),
    (
        'kind = "custody"\nwithin = "90m"',
        "Custody of each person passes by offer and acceptance from the present custodian along the planned "
        "chain; every offer is answered within 1h30m.",
    ),
    (
        'kind = "manifest"',
        "When a vehicle departs, exactly the persons planned for that leg are aboard.",
    ),
    (
        'kind = "headcount"',
        "Every count of the prisoners in a vehicle equals the number reported aboard it.",
    ),
    (
        'kind = "listed"',
        "Whatever is reported of a person is reported of one who is, or was, on the list.",
    ),
    (
        'kind = "departure"\nlate = "10m"',
        "Each vehicle departs at most 10m later than planned.",
    ),
    (
        'kind = "arrival"\nearly = "1m"\nlate = "10m"',
        "Each vehicle arrives at most 1m earlier and at most 10m later than planned.",
    ),
    (
        'kind = "simultaneity"\nwithin = "10m"',
        "In each batch the first handover to every side comes within 10m of the first handover to any.",
    ),
    (
        'kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = 1200',
        "At no moment is RU or UA more than 1,200 handed over ahead of the other.",
    ),
    (
        'kind = "parity"\nbetween = ["UA", "RU"]\nratio = "1:30"\nmax_lead = 0',
        "UA releases 1 for every 30 that RU releases, in step: at no moment is 30 times the number of UA more"
        " than 0 off 1 times that of RU.",
    ),
    (
        'kind = "corridor"\nbuffer_m = 1500',
        "Every vehicle en route keeps within 1,500 m of its planned route; less than 2m outside is let pass.",
    ),
    (
        'kind = "corridor"\nbuffer_m = 1500\ngrace = "0s"',
        "Every vehicle en route keeps within 1,500 m of its planned route; less than 0s outside is let pass.",
    ),
    (
        'kind = "reporting"\nevery = "45s"',
        "Every vehicle en route is reported at least every 45s.",
    ),
    (
        'kind = "stop"\nlongest = "5m"\nradius_m = 200.5',
        "No vehicle en route stays within 200.5 m for longer than 5m, except at a planned stop.",
    ),
    (
        'kind = "complete"\nby = 2025-07-04T18:30:00+03:00',
        "Everyone on the list is handed over by 2025-07-04T15:30:00Z.",
    ),
    (
        'kind = "freeze"\nbefore = "2d"',
        "From 2d before the start on, the list changes only by agreement of all parties, or where an "
        "intermediary withdraws somebody protected.",
    ),
    (
        'kind = "deadline"\nexpect = [{ type = "declared" }, { type = "signed" }]\nby = 2025-07-04T09:00:00+03:00',
        "By 2025-07-04T06:00:00Z there must have been declared or signed.",
    ),
    (
        'kind = "deadline"\nexpect = { type = "declared", what = "list" }\nbefore = "1d"\nper = "party"',
        "By 1d before the start there must have been declared (what list) by each party.",
    ),
    (
        'kind = "deadline"\nexpect = { type = "notified" }\nbefore = "0s"\nper = "person"',
        "By 0s before the start there must have been notified for every person on the list.",
    ),
    (
        'kind = "deadline"\nexpect = { type = "inspected" }\nbefore = "2h"\nper = "vehicle"',
        "By 2h before the start there must have been inspected for every vehicle of the plan.",
    ),
    (
        'kind = "reciprocity"\neach = [{ type = "signed", by = "RU" }, { type = "signed", by = "UA" }]\nwithin = "90m"',
        "Within 1h30m of the first of them there is each of: signed (by RU); signed (by UA).",
    ),
    (
        'kind = "reciprocity"\neach = [{ type = "departed" }, { type = "arrived" }]\nwithin = "1h"\nsame = ["place"]',
        "Within 1h of the first of them there is each of: departed; arrived of the same place.",
    ),
    (
        'kind = "concordance"\nof = [{ type = "sealed" }, { type = "opened" }]\nsame = ["vehicle", "seal"]\n'
        'equal = ["number", "digest"]',
        "Reports of sealed or opened of the same vehicle and seal agree in number and digest.",
    ),
    (
        'kind = "claim"\nof = { type = "incident" }\nnear = { place = "X", radius_m = 2500 }',
        "There must be no incident within 2,500 m of X; whoever claims that there was is told of as a claim.",
    ),
    (
        'kind = "claim"\nof = { type = "incident" }\nsources = 2\nsame = ["what"]\nwithin = "10m"',
        "There must be no incident; once 2 sources claim it of the same what within 10m, it is told as a claim.",
    ),
    (
        'kind = "speed"\nfastest_kmh = 1200.5',
        "No vehicle is reported farther from where it was last than 1,200.5 km/h can bring it, give or take 500 m.",
    ),
    (
        'kind = "speed"\nfastest_kmh = 90\ntolerance_m = 1500',
        "No vehicle is reported farther from where it was last than 90 km/h can bring it, give or take 1,500 m.",
    ),
]


@pytest.mark.parametrize(("clause", "sentence"), SENTENCES)
def test_the_sentence(clause: str, sentence: str) -> None:
    """Read by parties before they sign, and by the duty officer where the terms have no wording."""
    (read,) = terms(clause).running
    assert read.sentence() == sentence
