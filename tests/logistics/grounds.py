"""Small grounds for plans: a sites file from a few numbers, and persons to be moved on it."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from safeconduct.kernel.times import MINUTE_US
from safeconduct.logistics.passengers import Passenger
from safeconduct.logistics.sites import Sites, read_sites

START = "2025-07-04T02:00:00Z"
SIDES = ("RU", "UA")
OTHER = {"RU": "UA", "UA": "RU"}


@dataclass
class Ground:
    """Holding places, vehicles and persons; every road goes by way of a junction of the side."""

    camps: dict[str, tuple[str, int]]
    """Holding place to its side and the minutes to the exchange point."""
    fleets: list[tuple[str, int, int, int, str]]
    """Operator, count, seats, stretchers, place."""
    held: dict[tuple[str, bool], int]
    """Holding place and lying to persons."""
    batch_size: int = 5
    search: int = 20
    seconds_a_person: int = 60
    boarding: int = 10
    home_minutes: dict[str, int] = field(default_factory=lambda: {"RU": 60, "UA": 45})
    exchange: str = ""
    """More lines of [exchange]."""
    hours: dict[str, str] = field(default_factory=dict)
    """Place to its lines `opens` and `closes`."""

    def text(self) -> str:
        """The sites file."""
        lines = [
            "[exchange]",
            'id = "x"',
            f"start = {START}",
            'point = "X"',
            f"batch_size = {self.batch_size}",
            f'search = "{self.search}m"',
            f'handover_per_person = "{self.seconds_a_person}s"',
            f'boarding = "{self.boarding}m"',
            self.exchange,
            *self._place("X", "exchange-point", 0),
        ]
        for side, minutes in self.home_minutes.items():
            lines += self._place(f"home-{side}", "facility", minutes)
            lines += ["[[reception]]", f'home = "{side}"', f'facility = "home-{side}"']
            lines += self._road("X", f"home-{side}", minutes)
        for camp, (side, minutes) in self.camps.items():
            lines += [*self._place(camp, "holding", minutes), f'side = "{side}"']
            lines += self._road(camp, "X", minutes)
        for number, (operator, count, seats, stretchers, place) in enumerate(self.fleets):
            lines += ["[[vehicle]]", f'fleet = "v{number}"', f"count = {count}", 'kind = "bus"']
            lines += [f'operator = "{operator}"', f"seats = {seats}", f"stretchers = {stretchers}", f'at = "{place}"']
        return "\n".join(lines) + "\n"

    def sites(self) -> Sites:
        """The sites file, read."""
        return read_sites("sites.toml", self.text().encode(), SIDES, ("NI",))

    def persons(self) -> list[Passenger]:
        """Everybody held."""
        return [
            Passenger(
                f"{place}-{'lying' if lying else 'sitting'}-{number}",
                self.camps[place][0],
                OTHER[self.camps[place][0]],
                place,
                lying,
            )
            for (place, lying), count in self.held.items()
            for number in range(count)
        ]

    def _place(self, place: str, kind: str, east: int) -> list[str]:
        position = f"position = [{30 + east / 1000}, 52.0]"
        return ["[[place]]", f'id = "{place}"', f'kind = "{kind}"', position, self.hours.get(place, "")]

    def _road(self, origin: str, destination: str, minutes: int) -> list[str]:
        return ["[[road]]", f'from = "{origin}"', f'to = "{destination}"', f"minutes = {minutes}", 'source = "test"']


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    """Two sides, one or two holding places each, a few vehicles, a few persons; some have no plan."""
    camps: dict[str, tuple[str, int]] = {}
    fleets: list[tuple[str, int, int, int, str]] = []
    held: dict[tuple[str, bool], int] = {}
    for side in SIDES:
        names = [f"{side}{number}" for number in range(draw(st.integers(1, 2)))]
        for name in names:
            camps[name] = side, draw(st.integers(5, 200))
            held[name, False] = draw(st.integers(0, 8))
            held[name, True] = draw(st.integers(0, 2))
        fleets += [
            (side, draw(st.integers(1, 2)), draw(st.integers(2, 9)), draw(st.integers(0, 3)), place)
            for place in [*names, "X"]
        ]
    if not any(held.values()):
        held[next(iter(camps)), False] = 1
    return Ground(
        camps,
        fleets,
        {key: count for key, count in held.items() if count},
        batch_size=draw(st.integers(2, 8)),
        search=draw(st.integers(0, 30)),
        seconds_a_person=draw(st.integers(0, 150)),
        boarding=draw(st.integers(0, 15)),
    )


def minute(sites: Sites, at_us: int) -> int:
    """Whole minutes after the start."""
    minutes, rest = divmod(at_us - sites.start_us, MINUTE_US)
    assert rest == 0
    return minutes
