"""The sites file (TOML): places, roads, vehicles and the hours of one exchange; the format stands in docs/sites.md."""

from dataclasses import dataclass

from safeconduct.kernel.documents import Faults, Table, parse_toml, suggest
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.logistics.plan import TRUST_SILENCE_US, Device
from safeconduct.vocabulary.place import PLACE_KINDS, Point, distance_m, parse_point

SPEED_MAX_KMH = 110
"""In a straight line; the built-in clause `plan` believes nothing faster."""

RECEIVING_KINDS = ("facility", "hospital")


@dataclass(frozen=True)
class Site:
    """A place, and when it is open; None: no limit."""

    id: str
    name: str
    kind: str
    position: Point
    side: str
    """The party that runs it; empty for neutral ground."""
    capacity: int | None
    """Of a receiving place: the most persons it takes in."""
    opens_us: int | None
    closes_us: int | None
    held_at: tuple[str, ...]
    """What lists of persons call it in `held_at`, its id and name aside."""


@dataclass(frozen=True)
class Road:
    """A drive from one place to another, as somebody who knows it stated it."""

    origin: str
    destination: str
    low_us: int
    likely_us: int
    high_us: int
    km: float | None
    route: tuple[Point, ...]
    """Waypoints between the two places."""
    source: str
    one_way: bool


@dataclass(frozen=True)
class Fleet:
    """Vehicles alike: one, or `count` of them named ID-01, ID-02, …"""

    vehicles: tuple[str, ...]
    kind: str
    operator: str
    seats: int
    stretchers: int
    at: str


@dataclass(frozen=True)
class Sites:
    """A sites file, read whole. Durations are microseconds."""

    file: str
    """Its name as shown to the user."""
    exchange: str
    start_us: int
    """Nobody moves before."""
    end_us: int | None
    """Everybody is received by then; None: no limit."""
    exchange_point: str
    custodian: str
    """Who holds custody between the sides; empty: nobody."""
    batch_size: int
    """The most persons of one side in one batch."""
    search_us: int
    """From arrival at the exchange point to the earliest handover: search, identification."""
    handover_per_person_us: int
    boarding_us: int
    """From a vehicle's or a batch's being ready to its departure."""
    estimate_kmh: float
    """Speed on roads that nobody has described."""
    trust_silence_us: int
    places: dict[str, Site]
    roads: tuple[Road, ...]
    fleets: tuple[Fleet, ...]
    receptions: dict[str, str]
    """Home party to the place that receives its persons."""
    legs_end: dict[str, str]
    """Home party to the place where the plan's legs end: the receiving place, or the stop from which the party carries
    its persons on by itself."""
    devices: tuple[Device, ...] | None
    """None: a device for each vehicle used, the exchange point and each receiving place."""


def read_sites(name: str, source: bytes, parties: tuple[str, ...], intermediaries: tuple[str, ...]) -> Sites:
    """Read a sites file against the parties of an agreement. Raises BadInput with all faults at line and column."""
    root = parse_toml(name, source).root()
    faults = Faults()
    places: dict[str, Site] = {}
    roads: list[Road] = []
    fleets: list[Fleet] = []
    receptions: dict[str, str] = {}
    legs_end: dict[str, str] = {}
    devices: list[Device] = []
    named: set[str] = set()
    for row in _rows(root, "place", faults):
        with faults.gather():
            site = _site(row, parties)
            if site.id in places:
                row.refuse("id", f"the place {site.id!r} stands twice", "give each its own id")
            places[site.id] = site
    faults.settle()  # else every line that names a faulty place would be told as a fault too
    for row in _rows(root, "road", faults):
        with faults.gather():
            roads.append(_road(row, places))
    for row in _rows(root, "vehicle", faults):
        with faults.gather():
            fleet = _fleet(row, parties, places)
            repeated = sorted(named.intersection(fleet.vehicles))
            if repeated:
                row.refuse("id", f"the vehicle {repeated[0]!r} stands twice", "give each its own id")
            shared = sorted(set(places).intersection(fleet.vehicles))
            if shared:
                row.refuse("id", f"{shared[0]!r} is the id of a place", "give the vehicle another")
            named.update(fleet.vehicles)
            fleets.append(fleet)
    for row in _rows(root, "reception", faults):
        with faults.gather():
            home, facility, end = _reception(row, parties, places)
            if home in receptions:
                row.refuse("home", f"{home!r} has two receptions", "keep one")
            receptions[home], legs_end[home] = facility, end
    for row in _rows(root, "device", faults):
        with faults.gather():
            devices.append(_device(row, named, places, {device.id for device in devices}))
    sites: Sites | None = None
    with faults.gather():
        exchange = root.table("exchange")
        sites = Sites(
            file=name,
            exchange=exchange.text("id"),
            start_us=exchange.instant_us("start"),
            end_us=exchange.instant_us("end") if exchange.has("end") else None,
            exchange_point=_place(exchange, "point", places, ("exchange-point",)),
            custodian=_custodian(exchange, intermediaries),
            batch_size=exchange.integer("batch_size", 1),
            search_us=exchange.duration_us("search"),
            handover_per_person_us=exchange.duration_us("handover_per_person"),
            boarding_us=exchange.duration_us("boarding") if exchange.has("boarding") else 0,
            estimate_kmh=_estimate_kmh(exchange) if exchange.has("estimate_kmh") else 50.0,
            trust_silence_us=(
                exchange.duration_us("trust_silence") if exchange.has("trust_silence") else TRUST_SILENCE_US
            ),
            places=places,
            roads=tuple(roads),
            fleets=tuple(fleets),
            receptions=receptions,
            legs_end=legs_end,
            devices=tuple(devices) if root.has("device") else None,
        )
        exchange.finish()
        if sites.end_us is not None and sites.end_us <= sites.start_us:
            exchange.refuse("end", "'end' is not after 'start'", "swap or mend the times")
    with faults.gather():
        root.finish()
    faults.settle()
    if sites is None:
        raise AssertionError("a sites file that cannot be read is a fault")
    return sites


def _rows(root: Table, key: str, faults: Faults) -> list[Table]:
    """The tables of a list; none, with a fault gathered, if it is no list."""
    with faults.gather():
        return list(root.tables(key)) if root.has(key) else []
    return []


def _site(row: Table, parties: tuple[str, ...]) -> Site:
    kind = row.choice("kind", PLACE_KINDS)
    if kind == "holding" and not row.has("side"):
        row.refuse("kind", "a holding place needs its 'side', the party that runs it", f"one of: {', '.join(parties)}")
    if row.has("capacity") and kind not in RECEIVING_KINDS:
        row.refuse("capacity", f"'capacity' is heeded at {' and '.join(RECEIVING_KINDS)}, not at {kind}", "remove it")
    if row.has("held_at") and kind != "holding":
        row.refuse("held_at", f"nobody is held at a place of kind {kind}", "write kind = 'holding' or remove it")
    site = Site(
        id=row.text("id"),
        name=row.text("name") if row.has("name") else row.text("id"),
        kind=kind,
        position=_point(row, "position"),
        side=row.choice("side", parties) if row.has("side") else "",
        capacity=row.integer("capacity", 0) if row.has("capacity") else None,
        opens_us=row.instant_us("opens") if row.has("opens") else None,
        closes_us=row.instant_us("closes") if row.has("closes") else None,
        held_at=row.texts("held_at") if row.has("held_at") else (),
    )
    if site.opens_us is not None and site.closes_us is not None and site.closes_us <= site.opens_us:
        row.refuse("closes", "'closes' is not after 'opens'", "swap or mend the times")
    row.finish()
    return site


def _road(row: Table, places: dict[str, Site]) -> Road:
    origin, destination = _place(row, "from", places), _place(row, "to", places)
    if origin == destination:
        row.refuse("to", "a road leads from a place to itself", "name another place")
    low_us, likely_us, high_us = _minutes(row)
    km = row.number("km", 0) if row.has("km") else None
    route = row.items("route") if row.has("route") else []
    road = Road(
        origin=origin,
        destination=destination,
        low_us=low_us,
        likely_us=likely_us,
        high_us=high_us,
        km=km,
        route=tuple(_parsed_point(row, "route", point) for point in route),
        source=row.text("source"),
        one_way=row.flag("one_way") if row.has("one_way") else False,
    )
    row.finish()
    straight_km = distance_m(places[origin].position, places[destination].position) / 1000
    if straight_km * HOUR_US > SPEED_MAX_KMH * low_us:
        row.refuse(
            "minutes",
            f"{straight_km:.1f} km in a straight line in {low_us / MINUTE_US:g} minutes is over {SPEED_MAX_KMH} km/h",
            "mend the minutes or the positions",
        )
    if km is not None and km < straight_km * 0.99:
        row.refuse("km", f"{km:g} km is shorter than the straight line, {straight_km:.1f} km", "mend the length")
    return road


def _minutes(row: Table) -> tuple[int, int, int]:
    """`minutes = 95`, or `{ low = 80, likely = 95, high = 140 }`, in microseconds."""
    if not isinstance(row.raw("minutes"), dict):
        likely = round(row.number("minutes", 1) * MINUTE_US)
        return likely, likely, likely
    table = row.table("minutes")
    low, likely, high = (round(table.number(key, 1) * MINUTE_US) for key in ("low", "likely", "high"))
    table.finish()
    if not low <= likely <= high:
        row.refuse("minutes", "'low', 'likely' and 'high' do not rise", "order them")
    return low, likely, high


def _fleet(row: Table, parties: tuple[str, ...], places: dict[str, Site]) -> Fleet:
    if row.has("id") == row.has("fleet"):
        row.refuse(None, "a vehicle needs either 'id', or 'fleet' with 'count'", "write one of the two")
    if row.has("id"):
        vehicles: tuple[str, ...] = (row.text("id"),)
        if row.has("count"):
            row.refuse("count", "'count' goes with 'fleet'", "write fleet = … in place of id = …")
    else:
        fleet, count = row.text("fleet"), row.integer("count", 1, 999)
        vehicles = tuple(f"{fleet}-{number:02d}" for number in range(1, count + 1))
    made = Fleet(
        vehicles=vehicles,
        kind=row.text("kind"),
        operator=row.choice("operator", parties),
        seats=row.integer("seats", 0, 10_000),
        stretchers=row.integer("stretchers", 0, 10_000) if row.has("stretchers") else 0,
        at=_place(row, "at", places),
    )
    row.finish()
    if made.seats + made.stretchers == 0:
        row.refuse("seats", "the vehicle carries nobody", "give it seats or stretchers, or remove it")
    return made


def _reception(row: Table, parties: tuple[str, ...], places: dict[str, Site]) -> tuple[str, str, str]:
    """The home party, the place that receives its persons, and the place where the plan's legs end."""
    home, facility = row.choice("home", parties), _place(row, "facility", places, RECEIVING_KINDS)
    end = _place(row, "reached_from", places, ("stop",)) if row.has("reached_from") else facility
    row.finish()
    site = places[facility]
    if end != facility and (site.opens_us is not None or site.closes_us is not None):
        row.refuse(
            "reached_from",
            f"nobody plans the way from {end!r} on, so the opening hours of {facility!r} cannot be kept to",
            f"give opening hours to {end!r} in its place",
        )
    return home, facility, end


def _device(row: Table, vehicles: set[str], places: dict[str, Site], taken: set[str]) -> Device:
    device = Device(
        id=row.text("id"),
        vehicles=row.texts("vehicles") if row.has("vehicles") else (),
        places=row.texts("places") if row.has("places") else (),
    )
    row.finish()
    if device.id in taken:
        row.refuse("id", f"the device {device.id!r} stands twice", "give each its own id")
    for key, known in (("vehicles", vehicles), ("places", set(places))):
        for index, one in enumerate(getattr(device, key)):
            if one not in known:
                path = (*row.path, key, index)
                raise BadInput(row.document.fault(path, f"{one!r} is not in this file", suggest(one, sorted(known))))
    return device


def _custodian(exchange: Table, intermediaries: tuple[str, ...]) -> str:
    if exchange.has("custodian"):
        return exchange.choice("custodian", intermediaries)
    return intermediaries[0] if intermediaries else ""


def _estimate_kmh(exchange: Table) -> float:
    speed = exchange.number("estimate_kmh", 1)
    if speed > SPEED_MAX_KMH:
        exchange.refuse(
            "estimate_kmh", f"{speed:g} km/h is over {SPEED_MAX_KMH} km/h", "write a speed that buses drive"
        )
    return speed


def _place(row: Table, key: str, places: dict[str, Site], kinds: tuple[str, ...] = PLACE_KINDS) -> str:
    place = row.choice(key, [site.id for site in places.values()])
    if places[place].kind not in kinds:
        row.refuse(key, f"{place!r} is of kind {places[place].kind}", f"name a place of kind {' or '.join(kinds)}")
    return place


def _point(row: Table, key: str) -> Point:
    return _parsed_point(row, key, row.raw(key))


def _parsed_point(row: Table, key: str, value: object) -> Point:
    try:
        return parse_point(value)
    except ValueError as error:
        row.refuse(key, str(error), "write it as [30.97, 52.08]")
