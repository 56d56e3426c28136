"""docs/sites.md is true: its example is read and planned with."""

import re
from pathlib import Path

import pytest

from safeconduct.clauses.plan import deviations
from safeconduct.logistics.passengers import Passenger
from safeconduct.logistics.scheduling import MadePlan, make_plan
from safeconduct.logistics.sites import Sites, read_sites

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "sites.md"

HELD = {
    ("RU", "UA", "camp-north", False): 520,
    ("RU", "UA", "camp-east", False): 450,
    ("RU", "UA", "military-hospital", True): 85,
    ("UA", "RU", "camp-west", False): 640,
    ("UA", "RU", "camp-south", False): 470,
    ("UA", "RU", "camp-south", True): 60,
}
"""Persons by held by, home, place, lying: 1,055 for 1,170, as in the exchange of the example."""


@pytest.fixture(scope="module")
def sites() -> Sites:
    """The example, read."""
    match = re.search(r"```toml\n(.*?)```", DOCUMENTATION.read_text(), re.DOTALL)
    assert match is not None
    return read_sites("sites.toml", match[1].encode(), ("RU", "UA"), ("NI",))


def test_example_is_planned_whole(sites: Sites) -> None:
    """About 1,100 persons a side are moved, and the drives that rest on no road are told as estimates."""
    persons = [
        Passenger(f"{held_by}-{place}-{lying}-{number:04d}", held_by, home, place, lying)
        for (held_by, home, place, lying), count in HELD.items()
        for number in range(count)
    ]
    made = make_plan(sites, persons, "a1")
    assert isinstance(made, MadePlan)
    assert deviations(made.plan) == []
    assert len(made.plan.persons) == 1_055 + 1_170
    assert len(made.plan.batches) == 10, "1,170 persons by 120"
    assert made.levels[0].proven
    assert ("military-hospital", "border-road") in made.estimated
    assert ("camp-north", "border-road") not in made.estimated
    assert {person.custody for person in made.plan.persons} == {
        ("RU", "NI", "UA", "chernihiv-hospital"),
        ("UA", "NI", "RU", "rostov-reception"),
    }
    homeward = {leg.destination for leg in made.plan.legs if leg.origin == "border-road"}
    assert homeward == {"airfield-gomel", "chernihiv-hospital"}
    reporting = {place for device in made.plan.devices or () for place in device.places}
    assert reporting == {"border-road", "rostov-reception", "chernihiv-hospital"}


def test_example_names_everything_that_the_reader_knows(sites: Sites) -> None:
    """No optional field is left out of the example's own defaults."""
    assert sites.places["camp-north"].held_at == ("Лагерь Северный", "ЛС-1")
    assert sum(len(fleet.vehicles) for fleet in sites.fleets) == 28 + 6 + 28 + 7 + 1
    assert sites.roads[0].low_us < sites.roads[0].likely_us < sites.roads[0].high_us
