"""The sites file and its roads: what is read, and what is malformed, at its line and column."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.logistics.roads import RoadNetwork
from safeconduct.logistics.sites import Sites, read_sites
from safeconduct.vocabulary.place import Point, distance_m

HEAD = """[exchange]
id = "x"
start = 2025-07-04T02:00:00Z
point = "X"
batch_size = 100
search = "20m"
handover_per_person = "10s"
"""
PLACES = """[[place]]
id = "X"
kind = "exchange-point"
position = [30.97, 52.08]
[[place]]
id = "H"
kind = "holding"
side = "RU"
position = [31.97, 52.08]
[[place]]
id = "S"
kind = "stop"
position = [31.50, 52.08]
[[place]]
id = "F"
kind = "facility"
position = [30.50, 52.08]
"""
VEHICLE = """[[vehicle]]
fleet = "bus"
count = 2
kind = "bus"
operator = "RU"
seats = 45
at = "H"
"""
ROAD = '[[road]]\nfrom = "H"\nto = "S"\nminutes = 60\nsource = "driver"\n'
RECEPTION = '[[reception]]\nhome = "UA"\nfacility = "F"\n'


def read(text: str) -> Sites:
    """The sites of an agreement of RU and UA, with NI between them."""
    return read_sites("sites.toml", text.encode(), ("RU", "UA"), ("NI",))


def test_defaults() -> None:
    """What may be left out, and what it then is."""
    sites = read(HEAD + PLACES + VEHICLE + RECEPTION)
    assert (sites.end_us, sites.custodian, sites.boarding_us, sites.estimate_kmh) == (None, "NI", 0, 50.0)
    assert sites.trust_silence_us == 2 * HOUR_US
    assert sites.devices is None
    assert sites.fleets[0].vehicles == ("bus-01", "bus-02")
    assert sites.fleets[0].stretchers == 0
    assert sites.places["H"].name == "H"
    assert sites.receptions == sites.legs_end == {"UA": "F"}


def test_a_reception_that_is_reached_from_a_stop() -> None:
    """The plan's legs end there; the facility stays the one that receives."""
    sites = read(HEAD + PLACES + VEHICLE + RECEPTION + 'reached_from = "S"\n')
    assert sites.receptions == {"UA": "F"}
    assert sites.legs_end == {"UA": "S"}


def test_no_intermediary_holds_custody_where_there_is_none() -> None:
    """An agreement without one: custody passes from side to side."""
    assert read_sites("s", (HEAD + PLACES).encode(), ("RU", "UA"), ()).custodian == ""


def test_minutes_as_a_number_or_a_range() -> None:
    """A number is low, likely and high at once."""
    text = ROAD.replace("60", "{ low = 50.5, likely = 60, high = 90 }")
    road = read(HEAD + PLACES + text).roads[0]
    assert [road.low_us, road.likely_us, road.high_us] == [50.5 * MINUTE_US, 60 * MINUTE_US, 90 * MINUTE_US]
    road = read(HEAD + PLACES + ROAD).roads[0]
    assert road.low_us == road.likely_us == road.high_us == 60 * MINUTE_US


def test_devices_that_the_file_names() -> None:
    """They may name vehicles of a fleet."""
    text = '[[device]]\nid = "d1"\nvehicles = ["bus-02"]\nplaces = ["X"]\n'
    (device,) = read(HEAD + PLACES + VEHICLE + text).devices or ()
    assert (device.id, device.vehicles, device.places) == ("d1", ("bus-02",), ("X",))


def edited(old: str, new: str) -> str:
    """A whole sites file with one thing wrong."""
    whole = HEAD + PLACES + VEHICLE + ROAD + RECEPTION
    assert old in whole
    return whole.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "sites.toml:1:1: 'exchange' is missing; add exchange = …"),
        ("[exchange\n", "sites.toml:1:10: not TOML: "),
        (PLACES, "sites.toml:1:1: 'exchange' is missing"),
        (edited("batch_size = 100\n", ""), "sites.toml:1:1: 'batch_size' is missing"),
        (edited("batch_size = 100", "batch_size = 0"), "sites.toml:5:14: 'batch_size' is 0, outside 1.."),
        (edited("batch_size", "batchsize"), "sites.toml:5:1: 'batch_size' is missing; is it this 'batchsize'?"),
        (edited('"20m"', '"20 min"'), "sites.toml:6:10: 'search': '20 min' is not a duration"),
        (edited("02:00:00Z", "02:00:00"), "sites.toml:3:9: 'start' has no offset"),
        (edited('point = "X"', 'point = "Y"'), "sites.toml:4:9: 'Y' is not a value of 'point'; allowed: X, H, S, F"),
        (
            edited('point = "X"', 'point = "S"'),
            "sites.toml:4:9: 'S' is of kind stop; name a place of kind exchange-poi",
        ),
        (
            edited("[exchange]", '[exchange]\ncustodian = "ICRC"'),
            "sites.toml:2:13: 'ICRC' is not a value of 'custodian'",
        ),
        (edited("[exchange]", "[exchange]\nend = 2025-07-04T02:00:00Z"), "sites.toml:2:7: 'end' is not after 'start'"),
        (edited("[exchange]", "[exchange]\nestimate_kmh = 111"), "sites.toml:2:16: 111 km/h is over 110 km/h"),
        (edited("[exchange]", "[exchange]\nspeed = 50"), "sites.toml:2:1: unknown field 'speed'; allowed: "),
        (edited("[[vehicle]]", "[[vehicles]]"), "sites.toml:25:3: unknown field 'vehicles'; did you mean 'vehicle'?"),
        (edited('kind = "stop"', 'kind = "depot"'), "sites.toml:19:8: 'depot' is not a value of 'kind'; allowed: "),
        (edited('id = "S"', 'id = "H"'), "sites.toml:18:6: the place 'H' stands twice; give each its own id"),
        (edited('side = "RU"\n', ""), "sites.toml:14:8: a holding place needs its 'side'"),
        (edited('side = "RU"', 'side = "ru"'), "sites.toml:15:8: 'ru' is not a value of 'side'; "),
        (edited('kind = "stop"', 'kind = "stop"\ncapacity = 9'), "sites.toml:20:12: 'capacity' is heeded at facility"),
        (
            edited('kind = "stop"', 'kind = "stop"\nheld_at = ["a"]'),
            "sites.toml:20:11: nobody is held at a place of kin",
        ),
        (edited("[31.50, 52.08]", '"52.08, 31.50"'), "sites.toml:20:12: a position is [longitude, latitude]"),
        (edited("position = [31.50, 52.08]\n", ""), "sites.toml:17:1: 'position' is missing"),
        (
            edited('kind = "stop"', "kind = 'stop'\nopens = 2025-07-04T05:00:00Z\ncloses = 2025-07-04T04:00:00Z"),
            "sites.toml:21:10: 'closes' is not after 'opens'; swap or mend the times",
        ),
        (edited('to = "S"', 'to = "Z"'), "sites.toml:34:6: 'Z' is not a value of 'to'; allowed: X, H, S, F"),
        (edited('to = "S"', 'to = "H"'), "sites.toml:34:6: a road leads from a place to itself"),
        (edited("minutes = 60", "minutes = 0"), "sites.toml:35:11: 'minutes' is 0, below 1"),
        # Half a degree of longitude at 52° north is about 32 km: at 110 km/h more than 17 minutes.
        (edited("minutes = 60", "minutes = 17"), "sites.toml:35:11: 32.2 km in a straight line in 17 minutes is over"),
        (
            edited("minutes = 60", "minutes = { low = 50, likely = 45, high = 60 }"),
            "sites.toml:35:11: 'low', 'likely' and 'high' do not rise; order them",
        ),
        (edited("minutes = 60", "minutes = { likely = 45 }"), "sites.toml:35:11: 'low' is missing"),
        (
            edited("minutes = 60", "minutes = 60\nkm = 20"),
            "sites.toml:36:6: 20 km is shorter than the straight line, 3",
        ),
        (edited("minutes = 60", "minutes = 60\nroute = [[31.7, 52.0], [31]]"), "sites.toml:36:9: a position is [long"),
        (edited('source = "driver"\n', ""), "sites.toml:32:1: 'source' is missing"),
        (edited("count = 2", "count = 0"), "sites.toml:27:9: 'count' is 0, outside 1..999"),
        (edited('fleet = "bus"', 'id = "bus"'), "sites.toml:27:9: 'count' goes with 'fleet'"),
        (
            edited('fleet = "bus"', 'fleet = "bus"\nid = "b"'),
            "sites.toml:25:1: a vehicle needs either 'id', or 'fleet'",
        ),
        (edited('operator = "RU"', 'operator = "NI"'), "sites.toml:29:12: 'NI' is not a value of 'operator'"),
        (edited("seats = 45", "seats = 0"), "sites.toml:30:9: the vehicle carries nobody"),
        (edited('at = "H"', 'at = "depot"'), "sites.toml:31:6: 'depot' is not a value of 'at'"),
        (edited("[[road]]", VEHICLE + "[[road]]"), "sites.toml:32:1: the vehicle 'bus-01' stands twice"),
        (
            edited('fleet = "bus"\ncount = 2', 'id = "H"'),
            "sites.toml:26:6: 'H' is the id of a place; give the vehicle ",
        ),
        (edited('home = "UA"', 'home = "UK"'), "sites.toml:38:8: 'UK' is not a value of 'home'; allowed: RU, UA"),
        (edited('facility = "F"', 'facility = "H"'), "sites.toml:39:12: 'H' is of kind holding; name a place of kind"),
        (edited(RECEPTION, RECEPTION * 2), "sites.toml:41:8: 'UA' has two receptions; keep one"),
        (
            edited(RECEPTION, RECEPTION + 'reached_from = "H"\n'),
            "sites.toml:40:16: 'H' is of kind holding; name a place of kind stop",
        ),
        (
            edited(RECEPTION, RECEPTION + 'reached_from = "Z"\n'),
            "sites.toml:40:16: 'Z' is not a value of 'reached_from'",
        ),
        (
            edited(RECEPTION, RECEPTION + 'reached_from = "S"\n').replace(
                'kind = "facility"\n', 'kind = "facility"\ncloses = 2025-07-04T20:00:00Z\n'
            ),
            "sites.toml:41:16: nobody plans the way from 'S' on",
        ),
        (
            edited(RECEPTION, '[[device]]\nid = "d"\nvehicles = ["bus-3"]'),
            "sites.toml:39:13: 'bus-3' is not in this fi",
        ),
        (edited(RECEPTION, '[[device]]\nid = "d"\n' * 2), "sites.toml:40:6: the device 'd' stands twice"),
    ],
)
def test_broken_sites_are_told_in_one_line(text: str, fault: str) -> None:
    """Where it is, what is wrong, how to mend it."""
    with pytest.raises(BadInput) as raised:
        read(text)
    told = str(raised.value)
    assert told.startswith(fault)
    assert "; " in told
    assert "\n" not in told


def test_quickest_chain_of_roads() -> None:
    """By way of S it takes 60 + 45 minutes, straight 110; one_way roads are not driven back."""
    roads = (
        ROAD
        + ROAD.replace('from = "H"\nto = "S"\nminutes = 60', 'from = "S"\nto = "X"\nminutes = 44.5')
        + ROAD.replace('"S"\nminutes = 60', '"X"\nminutes = 110')
        + ROAD.replace('from = "H"\nto = "S"\nminutes = 60', 'from = "X"\nto = "F"\nminutes = 40\none_way = true')
    )
    network = RoadNetwork(read(HEAD + PLACES + roads))
    assert (network.way("H", "X").minutes, network.way("X", "H").minutes) == (105, 105)
    assert not network.way("H", "X").estimated
    assert network.way("H", "H").minutes == 0
    assert network.way("X", "F").minutes == 40
    assert network.way("F", "X").estimated


def test_route_is_that_of_every_road_or_none() -> None:
    """From place to place, in the direction of the drive; unknown as soon as one road has none."""
    with_route = ROAD + "route = [[31.8, 52.0], [31.6, 52.1]]\n"
    onward = ROAD.replace('from = "H"\nto = "S"', 'from = "X"\nto = "S"') + "route = [[31.2, 52.0]]\n"
    degrees = [(31.97, 52.08), (31.8, 52.0), (31.6, 52.1), (31.5, 52.08), (31.2, 52.0), (30.97, 52.08)]
    points = tuple(Point(round(east * 1e6), round(north * 1e6)) for east, north in degrees)
    network = RoadNetwork(read(HEAD + PLACES + with_route + onward))
    assert network.way("H", "X").route == points
    assert network.way("X", "H").route == points[::-1]
    network = RoadNetwork(read(HEAD + PLACES + ROAD + onward))
    assert network.way("H", "X").route == ()
    assert network.way("H", "X").minutes == 120


@given(st.floats(0.001, 5), st.floats(-1, 1), st.integers(20, 110))
def test_estimate_is_the_great_circle_by_its_detour(east: float, north: float, kmh: int) -> None:
    """1.3 times the straight line at the stated speed, rounded up to a minute, and never too fast to be believed."""
    text = HEAD.replace("[exchange]", f"[exchange]\nestimate_kmh = {kmh}")
    places = PLACES.replace("[31.97, 52.08]", f"[{30.97 + east:.6f}, {52.08 + north:.6f}]")
    sites = read(text + places)
    way = RoadNetwork(sites).way("H", "X")
    straight_km = distance_m(sites.places["H"].position, sites.places["X"].position) / 1000
    assert way.estimated
    assert way.minutes - 1 < straight_km * 1.3 / kmh * 60 <= way.minutes
    assert straight_km * 60 <= 110 * way.minutes


def test_documentation_names_every_field() -> None:
    """Nothing that the reader asks for is left out of docs/sites.md."""
    text = (Path(__file__).parents[2] / "docs" / "sites.md").read_text()
    source = (Path(__file__).parents[2] / "src/safeconduct/logistics/sites.py").read_text()
    fields = {word for line in source.splitlines() for word in line.split('"')[1::2] if word.isidentifier()}
    words = {"from", "to", "minutes", "km", "route", "one_way", "opens", "closes", "held_at", "trust_silence"}
    assert words <= fields
    assert sorted(field for field in fields if field not in text) == []
