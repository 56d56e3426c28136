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
    ('kind = "custody"', "8:1: 'within' is missing"),
    ('kind = "custody"\nwithin = 30', "11:10: 'within' must be a text"),
    ('kind = "manifest"\nwithin = "1m"', "11:1: unknown field 'within'"),
    ('kind = "simultaneity"', "8:1: 'within' is missing"),
    ('kind = "reporting"\nevery = "10"', "11:9: 'every': '10' is not a duration"),
    ('kind = "complete"\nby = 2025-07-04T18:00:00', "11:6: 'by' has no offset"),
    ('kind = "complete"\nby = "noon"', "11:6: 'by': 'noon' is not an RFC 3339 time"),
    ('kind = "custdy"', "10:8: unknown kind of clause 'custdy'; did you mean 'custody'?"),
    ('kind = "headcount"', "10:8: unknown kind of clause 'headcount'"),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "fault"), BROKEN)
def test_a_broken_parameter_is_told_at_its_place(clause: str, fault: str) -> None:
    """One line, at line and column."""
    with pytest.raises(BadInput) as caught:
        terms(clause)
    assert str(caught.value).startswith(f"terms.toml:{fault}")
    assert len(caught.value.faults) == 1
