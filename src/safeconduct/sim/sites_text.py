"""The example's sites file: places, roads and as many vehicles as the lists ask for."""

import math
from collections.abc import Sequence

from safeconduct.sim.geography import AIRFIELD, CAMPS, EXCHANGE_POINT, FACILITIES, JUNCTIONS, Camp
from safeconduct.sim.people import PARTIES, SimulatedPerson

BUS_SEATS = 45
STRETCHERS = 12

_HEADER = """\
# Sites of a synthetic example. Towns and the exchange point are public places; the camps are invented.

[exchange]
id = "2025-07-04"
start = 2025-07-04T02:00:00Z
end = 2025-07-04T20:00:00Z
point = "novaya-guta"
custodian = "NI"
batch_size = {batch_size}
search = "30m"
handover_per_person = "8s"
boarding = "20m"
trust_silence = "2h"

[[place]]
id = "novaya-guta"
name = "Border road near the checkpoint Novaya Guta"
kind = "exchange-point"
position = [30.97, 52.08]

[[place]]
id = "airfield-gomel"
name = "Airfield near Gomel"
kind = "stop"
position = [31.02, 52.52]

# Its side flies its persons there from the airfield; that flight is no leg of the plan.
[[place]]
id = "reception-rostov"
name = "Reception facility at Rostov-on-Don"
kind = "facility"
position = [39.71, 47.22]

[[place]]
id = "hospital-chernihiv"
name = "Hospital in the Chernihiv region"
kind = "hospital"
position = [31.28, 51.49]

[[reception]]
home = "RU"
facility = "reception-rostov"
reached_from = "airfield-gomel"

[[reception]]
home = "UA"
facility = "hospital-chernihiv"

[[road]]
from = "gomel"
to = "novaya-guta"
minutes = { low = 40, likely = 45, high = 60 }
km = 45
route = [[30.99, 52.31], [30.98, 52.19]]
source = "estimate for the example: highway M8"

[[road]]
from = "gomel"
to = "airfield-gomel"
minutes = { low = 15, likely = 20, high = 30 }
km = 17
route = [[31.05, 52.46]]
source = "estimate for the example"

[[road]]
from = "chernihiv"
to = "novaya-guta"
minutes = { low = 65, likely = 75, high = 100 }
km = 72
route = [[31.20, 51.72], [31.05, 51.93]]
source = "estimate for the example: highway M01"

[[road]]
from = "chernihiv"
to = "hospital-chernihiv"
minutes = { low = 8, likely = 10, high = 15 }
km = 6
route = [[31.285, 51.51]]
source = "estimate for the example"
"""


def sites_text(people: Sequence[SimulatedPerson]) -> bytes:
    """The sites file for these persons: at each camp enough seats and stretchers, and a bus to spare."""
    held = [person for person in people if person.held]
    batch_size = max(20, min(240, math.ceil(len(held) / 2 / 2 / 10) * 10))
    # The text holds braces of TOML tables, so it is filled in without str.format.
    parts = [_HEADER.replace("{batch_size}", str(batch_size))]
    for side in PARTIES:
        junction, name, position = JUNCTIONS[side]
        parts.append(_place(junction, name, "stop", position))
        for camp in CAMPS[side]:
            held_here = [person for person in held if person.held_at == camp.id]
            parts.append(_camp(camp, junction, held_here))
    if {EXCHANGE_POINT, AIRFIELD, *FACILITIES.values()} - set(_HEADER.split('"')):
        raise AssertionError("the header of the sites and the geography name the same places")
    return "\n".join(parts).encode()


def _place(place: str, name: str, kind: str, position: tuple[float, float], *more: str) -> str:
    lines = [
        "[[place]]",
        f'id = "{place}"',
        f'name = "{name}"',
        f'kind = "{kind}"',
        f"position = [{position[0]}, {position[1]}]",
        *more,
    ]
    return "\n".join(lines) + "\n"


def _camp(camp: Camp, junction: str, held_here: Sequence[SimulatedPerson]) -> str:
    lying = sum("seriously-wounded-or-sick" in person.categories for person in held_here)
    buses = math.ceil((len(held_here) - lying) / BUS_SEATS) + 1
    ambulances = math.ceil(lying / STRETCHERS) + 1
    low, likely, high = camp.minutes
    halfway = [round((a + b) / 2, 2) for a, b in zip(camp.position, JUNCTIONS[camp.side][2], strict=True)]
    place = _place(
        camp.id,
        f"{camp.name} (invented)",
        "holding",
        camp.position,
        f'side = "{camp.side}"',
        f'held_at = ["{camp.local_name}"]',
    )
    return f"""{place}
[[road]]
from = "{camp.id}"
to = "{junction}"
minutes = {{ low = {low}, likely = {likely}, high = {high} }}
km = {camp.km}
route = [{halfway}]
source = "estimate for the example"

[[vehicle]]
fleet = "{camp.id}-bus"
count = {buses}
kind = "bus"
operator = "{camp.side}"
seats = {BUS_SEATS}
at = "{camp.id}"

[[vehicle]]
fleet = "{camp.id}-ambulance"
count = {ambulances}
kind = "ambulance-bus"
operator = "{camp.side}"
seats = 4
stretchers = {STRETCHERS}
at = "{camp.id}"
"""
