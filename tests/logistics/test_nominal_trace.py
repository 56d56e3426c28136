"""The nominal trace of plans written by hand."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.clauses.days import leg, moment, person, plan

from safeconduct.kernel.times import parse_instant
from safeconduct.logistics.nominal_trace import nominal_trace
from safeconduct.tracking.events import read_event


def told(**parts: Any) -> list[str]:
    """The trace as `clock id place`."""
    return [f"{one['at'][11:16]} {one['id']} {one['place']}" for one in nominal_trace(plan(**parts))]


BATCH = {"id": "b1", "handover": moment("09:00")}


def test_one_person_from_camp_to_facility() -> None:
    """Boarded and departed, arrived and alighted; custody to the home party at the handover, the rest on arrival."""
    p1 = person("p1", custody=["RU", "NI", "UA", "facility-1"])
    legs = [leg("l1", "v1", "H1", "X", "06:00", "08:30", "p1"), leg("l2", "v2", "X", "F", "09:20", "11:00", "p1")]
    assert told(persons=[p1], batches=[BATCH], legs=legs) == [
        "06:00 boarded/l1/p1 H1",
        "06:00 departed/l1 H1",
        "08:30 arrived/l1 X",
        "08:30 alighted/l1/p1 X",
        "09:00 offered/p1/0 X",
        "09:00 offered/p1/1 X",
        "09:00 accepted/p1/0 X",
        "09:00 accepted/p1/1 X",
        "09:20 boarded/l2/p1 X",
        "09:20 departed/l2 X",
        "11:00 arrived/l2 F",
        "11:00 alighted/l2/p1 F",
        "11:00 offered/p1/2 F",
        "11:00 accepted/p1/2 F",
    ]


def test_fields_of_each_type() -> None:
    """What an event of each type names, and no device."""
    trace = nominal_trace(
        plan(persons=[person("p1")], batches=[BATCH], legs=[leg("l1", "v1", "H", "X", "06:00", "08:00", "p1")])
    )
    by_id = {one["id"]: one for one in trace}
    at = moment("06:00")
    assert by_id["departed/l1"] == {"id": "departed/l1", "type": "departed", "at": at, "vehicle": "v1", "place": "H"}
    assert by_id["boarded/l1/p1"] == {
        "id": "boarded/l1/p1",
        "type": "boarded",
        "at": at,
        "person": "p1",
        "vehicle": "v1",
        "place": "H",
    }
    assert by_id["accepted/p1/1"] == {
        "id": "accepted/p1/1",
        "type": "accepted",
        "at": moment("09:00"),
        "person": "p1",
        "from": "NI",
        "to": "UA",
        "place": "X",
    }


def test_without_a_later_leg_all_custody_passes_at_the_handover() -> None:
    """The last leg ends before the handover, or there is none: the rest follows at the exchange point."""
    p1 = person("p1", custody=["RU", "NI", "UA", "F"])
    expected = [f"09:00 {kind}/p1/{step} X" for kind in ("offered", "accepted") for step in range(3)]
    assert told(persons=[p1], batches=[BATCH]) == expected
    legs = [leg("l1", "v1", "H", "X", "06:00", "09:00", "p1")]
    assert told(persons=[p1], batches=[BATCH], legs=legs)[-6:] == expected


def test_last_leg_is_the_last_to_depart_whatever_the_order_of_the_file() -> None:
    """Legs stand in any order."""
    p1 = person("p1", custody=["RU", "UA", "F"])
    legs = [leg("l2", "v1", "X", "F", "10:00", "12:00", "p1"), leg("l1", "v1", "H", "X", "06:00", "08:00", "p1")]
    assert told(persons=[p1], batches=[BATCH], legs=legs)[-2:] == ["12:00 offered/p1/1 F", "12:00 accepted/p1/1 F"]


def test_home_party_first_in_custody() -> None:
    """Nothing comes before it: all of the custody is the rest."""
    p1 = person("p1", custody=["UA", "F"])
    legs = [leg("l1", "v1", "X", "F", "09:30", "10:00", "p1")]
    assert told(persons=[p1], batches=[BATCH], legs=legs)[-2:] == ["10:00 offered/p1/0 F", "10:00 accepted/p1/0 F"]


def test_custody_without_the_home_party_passes_at_the_handover() -> None:
    """It never comes home, which the clause `plan` says; until then it is what is planned for the handover."""
    assert told(persons=[person("p1", custody=["RU", "NI"])], batches=[BATCH]) == [
        "09:00 offered/p1/0 X",
        "09:00 accepted/p1/0 X",
    ]


def test_the_last_leg_is_the_one_that_departs_last_whichever_arrives_last() -> None:
    """In any order of the file; of two that depart at one moment, the one that stands last in it."""
    p1 = person("p1", custody=["RU", "NI", "UA", "facility-1"])
    slow, quick = (
        leg("slow", "v1", "X", "F", "09:20", "12:00", "p1"),
        leg("quick", "v2", "X", "G", "09:30", "11:00", "p1"),
    )
    for legs in ([slow, quick], [quick, slow]):
        assert "11:00 accepted/p1/2 G" in told(persons=[p1], batches=[BATCH], legs=legs)
    together = quick | {"depart": moment("09:20")}
    assert "11:00 accepted/p1/2 G" in told(persons=[p1], batches=[BATCH], legs=[slow, together])
    assert "12:00 accepted/p1/2 F" in told(persons=[p1], batches=[BATCH], legs=[together, slow])
    before = leg("before", "v1", "H", "X", "06:00", "11:00", "p1"), leg("after", "v2", "X", "F", "07:00", "08:30", "p1")
    assert "09:00 accepted/p1/2 X" in told(persons=[p1], batches=[BATCH], legs=list(before))


def test_who_has_no_batch_of_the_plan_passes_into_nobodys_custody() -> None:
    """No moment of handover is known; the rides are still told."""
    legs = [leg("l1", "v1", "H", "X", "06:00", "08:00", "p1")]
    trace = told(persons=[person("p1", batch="nowhere")], batches=[BATCH], legs=legs)
    assert [line.split()[1] for line in trace] == ["boarded/l1/p1", "departed/l1", "arrived/l1", "alighted/l1/p1"]


def test_empty_legs_and_custody() -> None:
    """A vehicle that drives empty departs and arrives; a person without planned custody is only moved."""
    legs = [leg("l1", "v1", "H", "X", "06:00", "08:00")]
    assert told(persons=[person("p1", custody=[])], batches=[BATCH], legs=legs) == [
        "06:00 departed/l1 H",
        "08:00 arrived/l1 X",
    ]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9), st.sets(st.sampled_from("pqr"))), max_size=6))
def test_trace_is_a_stream_of_good_events(rides: list[tuple[int, int, set[str]]]) -> None:
    """In order of `at`, ids never repeated, every line an event that the watch takes; two for each leg and ride."""
    legs = [
        leg(f"l{number}", "v1", "H", "X", f"06:{start:02d}", f"06:{start + length:02d}", *sorted(aboard))
        for number, (start, length, aboard) in enumerate(rides)
    ]
    trace = nominal_trace(plan(persons=[person(ref) for ref in "pqr"], batches=[BATCH], legs=legs))
    moments = [parse_instant(one["at"]) for one in trace]
    assert moments == sorted(moments)
    assert len({one["id"] for one in trace}) == len(trace)
    assert [read_event(one).id for one in trace] == [one["id"] for one in trace]
    assert len(trace) == 2 * len(rides) + 2 * sum(len(aboard) for _, _, aboard in rides) + 3 * 2 * 2
