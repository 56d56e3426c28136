"""Where a vehicle cannot be, worked by hand."""

from typing import Any

from tests.clauses.days import breaches, deviations, event, moved, plan

FAST = 'kind = "speed"\nfastest_kmh = 60\ntolerance_m = 100'
PLACES = [
    {"id": "X", "kind": "exchange-point", "position": [31.1, 52.0]},
    {"id": "H", "kind": "holding", "position": [31.0, 52.0]},
    {"id": "Q", "kind": "stop"},
]
"""X lies 6,868 m from H; nobody knows where Q is."""


def at(ref: str, clock: str, longitude: float, vehicle: str = "v1", **fields: Any) -> dict[str, Any]:
    """A position: a hundredth of a degree is 687 m."""
    return event(ref, "positioned", clock, vehicle=vehicle, position=[longitude, 52.0], **fields)


def test_a_stray_position_is_told_on_the_way_out_and_back() -> None:
    """3.4 km in a minute and back; another vehicle is another matter."""
    reports = [at("a", "09:00", 31.0), at("b", "09:01", 31.05), at("c", "09:02", 31.0), at("d", "09:01", 31.05, "v2")]
    assert breaches(FAST, plan(), reports) == [("too-fast", "v1", "09:01"), ("too-fast", "v1", "09:02")]


def test_places_count_where_the_plan_says_where_they_are() -> None:
    """A tracker that was left behind: the bus arrives, its last position is far away."""
    left = [moved("off", "departed", "09:00", "v1", "H"), at("a", "09:05", 31.0)]
    here = plan(places=PLACES)
    (found,) = deviations(FAST, here, [*left, moved("on", "arrived", "09:08", "v1", "X")])
    assert (found.rule, found.subject, found.at, found.evidence) == (
        "too-fast", "v1", "2025-07-04T09:08:00Z", ("on", "a"),
    )  # fmt: skip
    assert "at most 3,100 m from positioned vehicle v1, 09:05; arrived vehicle v1 at X, 09:08, 6,868 m away" in (
        found.message
    )
    assert breaches(FAST, here, [*left, moved("on", "arrived", "09:12", "v1", "X")]) == []
    assert breaches(FAST, here, [*left, moved("on", "arrived", "09:08", "v1", "Q")]) == []


def test_two_places_at_one_moment() -> None:
    """One tracker on two buses, or two on one: told once, whichever came first."""
    reports = [at("a", "09:00", 31.0), at("b", "09:00", 31.01)]
    (found,) = deviations(FAST, plan(), reports)
    assert (found.at, set(found.evidence)) == ("2025-07-04T09:00:00Z", {"a", "b"})
    assert breaches(FAST, plan(), [at("a", "09:00", 31.0), at("b", "09:00", 31.001)]) == []


def test_a_late_report_between_two_can_show_that_it_was_possible() -> None:
    """Each within the tolerance of the one before."""
    far = [at("a", "09:00", 31.0), at("c", "09:01", 31.0165)]
    assert breaches(FAST, plan(), far) == [("too-fast", "v1", "09:01")]
    assert breaches(FAST, plan(), [*far, at("b", "09:00:30", 31.0085)]) == []
