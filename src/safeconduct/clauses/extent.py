"""When and where a clause looks: between two moments, near a place of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.clauses.page import Parameter
from safeconduct.kernel.documents import Table
from safeconduct.kernel.times import format_instant
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import is_within
from safeconduct.vocabulary.place import Point, parse_point

Positions = Mapping[str, Point | None]
"""Of the plan's places, by id."""


@dataclass(frozen=True)
class Near:
    """A circle around a place of the plan."""

    place: str
    radius_m: float


@dataclass(frozen=True)
class Extent:
    """A time and a circle.

    Near is judged by the event's `position`, else by the position of its `place`. What cannot be measured counts as
    inside: an event with neither; and, where the plan lacks the place of `near` or its position, every event. A person
    can look at an alarm too many and put it aside; one that is never raised for want of a position nobody misses. The
    message says that it was not measured.
    """

    between_us: tuple[int, int] | None
    """From when until when, inclusive; None: always."""
    near: Near | None
    """None: anywhere."""

    def words(self) -> str:
        """When and where, as the end of a sentence; empty: always and anywhere."""
        between = ""
        if self.between_us is not None:
            first, last = map(format_instant, self.between_us)
            between = f" between {first} and {last}"
        return between + (f" within {self.near.radius_m:,.10g} m of {self.near.place}" if self.near else "")

    def holds(self, event: Event, positions: Positions) -> bool:
        """Whether the event is inside."""
        if self.between_us is not None and not self.between_us[0] <= event.at_us <= self.between_us[1]:
            return False
        if self.near is None:
            return True
        where, centre = whereabouts(event, positions), positions.get(self.near.place)
        return where is None or centre is None or is_within(where, centre, self.near.radius_m)

    def unmeasured(self, event: Event, positions: Positions) -> str:
        """Words that say so, if it counts as inside only because it could not be measured."""
        if self.near is None or event.text("place") == self.near.place:
            return ""
        measured = whereabouts(event, positions) is not None and positions.get(self.near.place) is not None
        return "" if measured else ", how far away is not known"


def positions_of(plan: Plan) -> Positions:
    """Of each place of the plan where it is, if the plan says so."""
    return {place.id: place.position for place in plan.places}


def whereabouts(event: Event, positions: Positions) -> Point | None:
    """Where it happened; a position that is none counts as lacking."""
    try:
        return parse_point(event.fields.get("position"))
    except ValueError:
        return positions.get(event.text("place") or "")


def read_extent(table: Table) -> Extent:
    """The parameters `between` and `near`. Raises BadInput at line and column."""
    return Extent(
        between_us=_read_between(table) if table.has("between") else None,
        near=_read_near(table.table("near")) if table.has("near") else None,
    )


def _read_between(table: Table) -> tuple[int, int]:
    moments = table.instants_us("between")
    if len(moments) != 2:
        table.refuse("between", f"'between' names {len(moments)} times", "name two: start and end")
    if moments[0] > moments[1]:
        table.refuse("between", "'between' ends before it starts", "swap the times")
    return moments[0], moments[1]


def _read_near(table: Table) -> Near:
    near = Near(table.text("place"), table.positive("radius_m"))
    table.finish()
    return near


BETWEEN = Parameter(
    "between", "list of two times with offset", "From when until when, both included; without it, always."
)
NEAR = Parameter(
    "near",
    "table { place, radius_m }",
    "A place of the plan and metres around it, the bound included; without it, anywhere.",
)
