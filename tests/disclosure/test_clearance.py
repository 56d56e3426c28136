"""Clearances: what is not granted is denied, and a facility is granted next to nothing."""

import pytest

from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance, parse_clearance
from safeconduct.kernel.audience import Audience
from safeconduct.kernel.errors import Refused

PARTY = Clearance("party", party="RU")
FACILITY = Clearance("facility", facility="F1")


@pytest.mark.parametrize("clearance", [INTERMEDIARY, PUBLIC, PARTY, FACILITY], ids=str)
def test_a_clearance_reads_back_from_its_text(clearance: Clearance) -> None:
    """What is shown is what is typed."""
    assert parse_clearance(str(clearance), ("RU", "UA"), ("F1",)) == clearance


@pytest.mark.parametrize("text", ["", "RU", "party:", "party:F1", "facility:", "facility:F2", "facility:RU", "Public"])
def test_an_unknown_clearance_is_refused_with_those_that_there_are(text: str) -> None:
    """One line that names them."""
    allowed = "intermediary, party:RU, party:UA, facility:F1, public"
    with pytest.raises(Refused, match=f"unknown clearance '{text}'; allowed: {allowed}"):
        parse_clearance(text, ("RU", "UA"), ("F1",))


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        (Audience.PUBLIC, {INTERMEDIARY, PARTY, FACILITY, PUBLIC}),
        (Audience.PARTIES, {INTERMEDIARY, PARTY}),
        (Audience.OWN, {INTERMEDIARY, PARTY}),
        (Audience.INTERMEDIARY, {INTERMEDIARY}),
        (Audience.FACILITY, {FACILITY}),
    ],
)
def test_who_is_told_what(audience: Audience, told: set[Clearance]) -> None:
    """A fact of RU and F1, for each audience: the table of who knows it."""
    assert {one for one in (INTERMEDIARY, PARTY, FACILITY, PUBLIC) if one.may_know(audience, ("RU",), "F1")} == told


def test_another_facilitys_facts_are_nobodys() -> None:
    """Nor is a fact of no facility that of a clearance without one."""
    assert not FACILITY.may_know(Audience.FACILITY, (), "F2")
    assert not FACILITY.may_know(Audience.FACILITY)
    assert not Clearance("facility").may_know(Audience.FACILITY)
    assert not PARTY.may_know(Audience.OWN, ("UA",))
