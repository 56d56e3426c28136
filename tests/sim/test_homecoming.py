"""Homecoming in a simulated exchange: flown home, taken in, cared for, and nobody but the facility reads of it."""

from pathlib import Path

import pytest
from tests.sim.test_exchange_run import whole_exchange

from safeconduct.app.workspace import open_workspace
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.times import HOUR_US
from safeconduct.reception.entries import CareNoted, CareTallied, FacilityEnrolled
from safeconduct.reception.pathway import STEP_IDS
from safeconduct.sim.day import Report
from safeconduct.sim.exchange_run import UNTIL_US, Outcome
from safeconduct.sim.faults import HEAVY_FAULTS, LIGHT_FAULTS, read_faults
from safeconduct.sim.simulated_day import simulate_day
from safeconduct.views.picture import picture_bytes
from safeconduct.views.reception_board import reception_board

FACILITIES = {"hospital-chernihiv": "UA", "reception-rostov": "RU"}
"""By facility, the home party."""


def lived(folder: Path) -> tuple[Outcome, list[Entry]]:
    """An exchange with light faults and the entries of its record."""
    outcome = whole_exchange(folder, 6, LIGHT_FAULTS)
    record = open_workspace(folder).open_record(DECODER)
    entries = [one.body.entry for one in record.read() if isinstance(one.body, Opened)]
    record.close()
    return outcome, entries


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, list[Entry]]:
    """Lived once for all tests here."""
    return lived(tmp_path_factory.mktemp("homecoming") / "desk")


def happened(outcome: Outcome, kind: str) -> list[Report]:
    """What really happened of one kind."""
    return [report for report in outcome.day.reports if report.event["type"] == kind]


def test_the_way_to_rostov_is_no_leg_and_takes_hours(exchange: tuple[Outcome, list[Entry]]) -> None:
    """The plan ends at the airfield; custody passes at the facility two and a half to three and a half hours later."""
    outcome, _ = exchange
    plan = outcome.prepared.plan
    assert {leg.destination for leg in plan.legs} >= {"airfield-gomel", "hospital-chernihiv"}
    assert not [leg for leg in plan.legs if "reception-rostov" in (leg.origin, leg.destination)]
    landed = {
        report.event["person"]: report.at_us
        for report in happened(outcome, "alighted")
        if report.event["place"] == "airfield-gomel"
    }
    accepted = {
        report.event["person"]: report
        for report in happened(outcome, "accepted")
        if report.event["to"] == "reception-rostov"
    }
    assert landed.keys() == accepted.keys()
    assert all(report.event["place"] == "reception-rostov" for report in accepted.values())
    hours = [(report.at_us - landed[person]) / HOUR_US for person, report in accepted.items()]
    assert min(hours) >= 2.5
    assert max(hours) <= 3.8


def test_every_arrival_is_counted_and_every_step_is_due(exchange: tuple[Outcome, list[Entry]]) -> None:
    """The last counts on record are those of the world; every examination that was reported is done."""
    outcome, entries = exchange
    for facility in FACILITIES:
        arrived = [one.event["person"] for one in happened(outcome, "accepted") if one.event["to"] == facility]
        last = [one for one in entries if isinstance(one, CareTallied) and one.facility == facility][-1]
        planned = [one for one in outcome.prepared.plan.persons if one.custody[-1] == facility]
        assert (last.expected, last.arrived) == (len(planned), len(arrived))
        assert last.due == dict.fromkeys(STEP_IDS, len(arrived))
        care = outcome.homecoming.desks[facility].care
        assert sorted(care.persons) == sorted(arrived)
        assert care.done()["decontamination"] == care.done()["medical-examination"] == len(arrived)
        assert len(arrived) // 2 < care.done()["psychological-support"] <= len(arrived)
        assert all(told <= care.done()[step] for step, told in last.done.items())


def test_the_record_gives_each_facility_its_board(exchange: tuple[Outcome, list[Entry]]) -> None:
    """With its key a facility reads back what it knows; with the other's key, or none, nobody does."""
    outcome, entries = exchange
    for facility, desk in outcome.homecoming.desks.items():
        ours = Clearance("facility", facility=facility)
        board = reception_board(entries, ours, desk.key, desk.exchange, UNTIL_US)
        assert {patient.person for patient in board.patients} == set(desk.care.persons)
        assert board.unreadable == 0
        done = {step: counts["done"] + counts["declined"] for step, counts in board.counts.items()}
        assert done == desk.care.done()
        shown = picture_bytes(entries, ours)
        assert all(patient.person.encode() not in shown for patient in board.patients), "without the key no names"


def test_others_are_told_counts_only(exchange: tuple[Outcome, list[Entry]]) -> None:
    """No note, no handle and no ciphertext in the picture of anybody else."""
    _, entries = exchange
    notes = [one for one in entries if isinstance(one, CareNoted)]
    assert {note.facility for note in notes} == set(FACILITIES)
    for clearance in (INTERMEDIARY, *(Clearance("party", party) for party in FACILITIES.values()), PUBLIC):
        shown = picture_bytes(entries, clearance)
        assert not any(note.handle.encode() in shown or note.sealed.encode() in shown for note in notes)


def test_each_facility_is_enrolled_before_the_day(exchange: tuple[Outcome, list[Entry]]) -> None:
    """With its name, its home party and a key of its own, and at once the number it expects."""
    outcome, entries = exchange
    found = {one.facility: one for one in entries if isinstance(one, FacilityEnrolled)}
    assert {facility: one.home for facility, one in found.items()} == FACILITIES
    assert found["reception-rostov"].name == "Reception facility at Rostov-on-Don"
    assert len({one.public_key for one in found.values()}) == 2
    first = [one for one in entries if isinstance(one, CareTallied)][:2]
    assert all(one.arrived == 0 < one.expected for one in first)
    assert all(one.occurred_at_us < outcome.prepared.plan.start_us for one in first)


def test_notes_come_of_several_persons_at_once(exchange: tuple[Outcome, list[Entry]]) -> None:
    """Until the shift ends, no batch is of fewer than five persons."""
    _, entries = exchange
    batches: dict[tuple[str, int], set[str]] = {}
    for one in entries:
        if isinstance(one, CareNoted):
            batches.setdefault((one.facility, one.occurred_at_us), set()).add(one.handle)
    assert len(batches) > 6
    assert all(len(handles) >= 5 for (_, at_us), handles in batches.items() if at_us < UNTIL_US)


def test_a_late_doctor_is_overdue_on_the_board(tmp_path: Path) -> None:
    """Three wait longer than three hours: the facility sees it before the examination, the terms notice it too."""
    outcome = whole_exchange(tmp_path / "desk", 2, read_faults("late-examination"))
    trouble = outcome.day.troubles[0]
    assert trouble.place in FACILITIES
    assert {one.subject for one in outcome.standing if one.clause == "examined"} == set(trouble.persons)
    care = outcome.homecoming.desks[trouble.place].care
    for person in trouble.persons:
        step = care.persons[person]["medical-examination"]
        assert step.settled is not None
        assert step.due_us is not None
        assert step.settled.at_us > step.due_us
        examined = [
            one.at_us for one in happened(outcome, "examined") if one.event["id"] == f"examined/{person}/medical"
        ]
        assert examined == [step.settled.at_us]


@pytest.mark.parametrize("seed", range(4))
def test_the_day_is_watched_until_everyone_is_examined(exchange: tuple[Outcome, list[Entry]], seed: int) -> None:
    """Also who is flown home last, and waits longest, is taken in and examined hours before observation ends."""
    outcome, _ = exchange
    day = simulate_day(outcome.prepared.plan, seed, HEAVY_FAULTS)
    medical = [report for report in day.reports if report.event["id"].endswith("/medical")]
    assert len(medical) >= len(outcome.prepared.plan.persons) - 4, "all but those who stay behind"
    assert max(report.at_us for report in medical) < UNTIL_US - 2 * HOUR_US
