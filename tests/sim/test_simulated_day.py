"""The simulated day: clean ones break nothing, each trouble changes the world so that the right clause notices."""

from collections import defaultdict

import pytest

from safeconduct.clauses.judging import judge_plan
from safeconduct.clauses.plan import breaches
from safeconduct.kernel.times import HOUR_US, MINUTE_US, parse_instant
from safeconduct.logistics.nominal_trace import nominal_trace
from safeconduct.sim.example import make_example
from safeconduct.sim.faults import HEAVY_FAULTS, LIGHT_FAULTS, NO_FAULTS, FaultPlan, read_faults
from safeconduct.sim.seed_check import check_seed
from safeconduct.sim.settled import Settled, settle
from safeconduct.sim.simulated_day import simulate_day
from safeconduct.sim.troubles import TROUBLES


@pytest.fixture(scope="module")
def settled() -> Settled:
    """A small round, planned."""
    return settle(make_example(5, 40))


def test_the_plan_keeps_its_own_terms(settled: Settled) -> None:
    """Nothing is wrong with the example before the day begins."""
    assert not breaches(settled.plan)
    assert not judge_plan(settled.terms, settled.plan, nominal_trace(settled.plan))


@pytest.mark.parametrize("seed", range(8))
def test_a_clean_day_breaks_nothing(settled: Settled, seed: int) -> None:
    """Natural variation stays within what the terms allow."""
    verdict = check_seed(settled, seed, NO_FAULTS)
    assert verdict.true == ()
    assert verdict.found == ()


@pytest.mark.parametrize(
    ("kind", "noticed"),
    [
        ("delayed-side", {("punctual", "late"), ("in-step", "one-sided")}),
        ("late-bus", {("punctual", "late")}),
        ("absent-person", {("manifest", "missing"), ("all-home", "outstanding")}),
        ("wrong-bus", {("manifest", "missing"), ("manifest", "extra")}),
        ("custody-gap", {("custody", "no-offer")}),
        ("unanswered-offer", {("custody", "unanswered")}),
        ("silent-tracker", {("tracked", "silent")}),
        ("late-report", set()),
        ("early-publication", {("families-first", "early")}),
        ("late-examination", {("examined", "missing")}),
        ("missed-interview", {("private-interview", "missing")}),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_each_trouble_is_noticed_by_the_clause_that_is_for_it(
    settled: Settled, kind: str, noticed: set[tuple[str, str]], seed: int
) -> None:
    """One trouble of a kind, on an otherwise clean day; a late bus may also hold up its whole side."""
    verdict = check_seed(settled, seed, FaultPlan(kind, {kind: 1}, NO_FAULTS.disorder))
    assert [trouble.kind for trouble in verdict.day.troubles] == [kind]
    seen = {(breach.clause, breach.rule) for breach in verdict.true}
    assert noticed <= seen
    assert seen <= noticed | ({("in-step", "one-sided")} if kind == "late-bus" else set())
    assert {breach.subject for breach in verdict.true} <= verdict.day.troubles[0].touches(settled.plan)


def test_every_kind_of_trouble_is_tried_above() -> None:
    """The table of the test before is complete."""
    marks = test_each_trouble_is_noticed_by_the_clause_that_is_for_it.pytestmark  # type: ignore[attr-defined]
    table = next(mark.args[1] for mark in marks if mark.args[0] == ("kind", "noticed"))
    assert {kind for kind, _ in table} == set(TROUBLES)


@pytest.mark.parametrize("faults", [LIGHT_FAULTS, HEAVY_FAULTS], ids=lambda one: one.name)
@pytest.mark.parametrize("seed", range(6))
def test_disorder_of_delivery_changes_no_verdict(settled: Settled, faults: FaultPlan, seed: int) -> None:
    """Late, doubled and reordered reports and withdrawn mis-scans come to the same as undelayed ones."""
    verdict = check_seed(settled, seed, faults)
    assert verdict.agrees
    assert len(verdict.true) >= 5


def test_a_day_is_physically_possible(settled: Settled) -> None:
    """Devices count without gaps; who boards is where the vehicle is; positions come often enough on the road."""
    day = simulate_day(settled.plan, 3, NO_FAULTS)
    numbers: dict[str, list[int]] = defaultdict(list)
    for event in day.true_events():
        if "device" in event:
            numbers[event["device"]].append(event["device_seq"])
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert set(numbers) == {device.id for device in settled.plan.devices or ()}
    aboard: dict[str, str] = {}
    for event in day.true_events():
        if event["type"] == "boarded":
            assert event["person"] not in aboard
            aboard[event["person"]] = event["vehicle"]
        elif event["type"] == "alighted":
            assert aboard.pop(event["person"]) == event["vehicle"]
    assert not aboard


def test_a_trouble_leaves_the_rest_of_the_world_as_it_was(settled: Settled) -> None:
    """An absent person changes only what that person and the count of the vehicle have to say."""
    clean = {event["id"]: event["at"] for event in simulate_day(settled.plan, 4, NO_FAULTS).true_events()}
    day = simulate_day(settled.plan, 4, FaultPlan("one", {"absent-person": 1}, NO_FAULTS.disorder))
    person = day.troubles[0].persons[0]
    changed = {event["id"]: event["at"] for event in day.true_events()}
    missing = {event_id for event_id in clean if event_id not in changed}
    assert missing
    assert all(person in event_id for event_id in missing)


def test_the_two_parties_of_the_light_demo_day(settled: Settled) -> None:
    """The five troubles of the demo are drawn, each once."""
    day = simulate_day(settled.plan, 1, LIGHT_FAULTS)
    assert sorted(trouble.kind for trouble in day.troubles) == [
        "absent-person",
        "custody-gap",
        "delayed-side",
        "late-report",
        "silent-tracker",
    ]


def test_a_device_without_network_tells_everything_afterwards(settled: Settled) -> None:
    """Its reports arrive hours late, together, and none is lost."""
    day = simulate_day(settled.plan, 2, read_faults("late-report"))
    trouble = day.troubles[0]
    late = [
        line
        for line in day.lines
        if line.event.get("device") == trouble.device
        and line.received_us - parse_instant(line.event["at"]) > HOUR_US
        and line.event["type"] == "positioned"
    ]
    assert late
    assert all(line.received_us >= trouble.at_us + trouble.lasting_us for line in late)


def test_every_report_is_delivered_and_lines_stand_in_order(settled: Settled) -> None:
    """All ids arrive, in the order of receipt, none before it was made; batches hold every line once."""
    day = simulate_day(settled.plan, 6, HEAVY_FAULTS)
    sent = {report.event["id"] for report in day.reports}
    arrived = {line.event["id"] for line in day.lines}
    assert arrived - sent == {event_id for event_id in arrived if "misscan/" in event_id}
    assert sent <= arrived
    received = [parse_instant(line.event["received_at"]) for line in day.lines]
    assert received == sorted(received) == [line.received_us for line in day.lines]
    assert all(line.received_us >= parse_instant(line.event["at"]) for line in day.lines)
    steps = list(day.arrivals(30 * MINUTE_US))
    assert [event for _, events in steps for event in events] == [line.event for line in day.lines]
    assert [now_us for now_us, _ in steps] == sorted({now_us for now_us, _ in steps})
    for now_us, events in steps:
        assert all(now_us - 30 * MINUTE_US < parse_instant(event["received_at"]) <= now_us for event in events)
