"""Who is to be moved, from where, sitting or lying: the chosen persons of a round, placed on the sites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from safeconduct.kernel.documents import Table, parse_json, suggest
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.logistics.sites import Sites

LYING_CATEGORY = "seriously-wounded-or-sick"
"""Who is of this category travels on a stretcher."""


@dataclass(frozen=True)
class Chosen:
    """A person of composition.json."""

    ref: str
    held_by: str
    home: str
    held_at: str | None = None
    """Where the list says that the person is held; None if the file does not say."""
    categories: tuple[str, ...] | None = None
    """None if the file does not say."""


@dataclass(frozen=True, order=True)
class Passenger:
    """A person to be moved."""

    ref: str
    held_by: str
    home: str
    place: str
    """The holding place, an id of the sites."""
    lying: bool


@dataclass(frozen=True)
class Passengers:
    """All of them, by ref, and what had to be assumed."""

    persons: tuple[Passenger, ...]
    place_assumed: Mapping[str, str]
    """Side to its first holding place, where persons of whom nothing is said were put."""
    places_unsaid: int
    """For how many that was done."""
    categories_unsaid: int
    """How many are taken to need no stretcher because nothing says whether they do."""


def read_chosen(name: str, source: bytes, parties: tuple[str, ...]) -> tuple[Chosen, ...]:
    """Read the chosen persons of a composition. Raises BadInput; one that chose nobody is none to plan for."""
    root = parse_json(name, source).root()
    if root.choice("status", ("optimal", "feasible", "infeasible")) == "infeasible":
        root.refuse("status", "the round is infeasible: nobody was chosen", "mend the terms and compose again")
    chosen: list[Chosen] = []
    seen: set[str] = set()
    for row in root.tables("chosen"):
        one = Chosen(
            ref=row.text("ref"),
            held_by=row.choice("held_by", parties),
            home=row.choice("home", parties),
            held_at=row.text("held_at").strip() if row.has("held_at") and row.values["held_at"] != "" else None,
            categories=_categories(row) if row.has("category") else None,
        )
        if one.ref in seen:
            row.refuse("ref", f"the ref {one.ref!r} is chosen twice", "remove one")
        if one.held_by == one.home:
            row.refuse("home", f"held by and returning to {one.home!r}", "mend the candidates and compose again")
        seen.add(one.ref)
        chosen.append(one)
    if not chosen:
        root.refuse("chosen", "nobody is chosen", "compose a round with somebody in it")
    return tuple(chosen)


def describe(chosen: Sequence[Chosen], told: Mapping[str, tuple[str, tuple[str, ...]]], name: str) -> list[Chosen]:
    """The chosen with `held_at` and categories as a list of candidates, called `name`, tells them by ref.

    Raises BadInput if somebody chosen is not on it.
    """
    lacking = [one.ref for one in chosen if one.ref not in told]
    if lacking:
        what = f"{len(lacking)} of the {len(chosen)} chosen are not on this list, {lacking[0]!r} for one"
        raise BadInput(Fault(name, 1, 1, what, "give the list that the round was composed from"))
    return [replace(one, held_at=told[one.ref][0].strip() or None, categories=told[one.ref][1]) for one in chosen]


def seat(chosen: Sequence[Chosen], sites: Sites, name: str) -> Passengers:
    """Place everybody at a holding place of the side that holds them.

    `held_at` is looked up among the ids, names and `held_at` of that side's holding places, capitals and spaces aside;
    who has none is put at the side's first. Raises BadInput, naming `name` (whence `held_at`) or the sites, if a
    place is not there or a home party has no reception.
    """
    holding: dict[str, list[str]] = {}
    called: dict[tuple[str, str], str] = {}
    for site in sites.places.values():
        if site.kind == "holding":
            holding.setdefault(site.side, []).append(site.id)
            for word in (site.id, site.name, *site.held_at):
                called.setdefault((site.side, _fold(word)), site.id)
    persons, assumed, places_unsaid = [], {}, 0
    for one in chosen:
        if one.home not in sites.receptions:
            what = f"no [[reception]] for {one.home!r}, to which {_homes(chosen, one.home)} of the chosen return"
            raise BadInput(Fault(sites.file, 1, 1, what, f'add one with home = "{one.home}"'))
        if one.held_by not in holding:
            what = f"no place of kind 'holding' with side = {one.held_by!r}, which holds some of the chosen"
            raise BadInput(Fault(sites.file, 1, 1, what, "add it"))
        if one.held_at is None:
            places_unsaid += 1
            place = assumed[one.held_by] = holding[one.held_by][0]
        else:
            found = called.get((one.held_by, _fold(one.held_at)))
            if found is None:
                what = (
                    f"persons are held at {one.held_at!r}, which is no holding place of {one.held_by} in {sites.file}"
                )
                mend = f"add it there as 'held_at' of a place; {suggest(one.held_at, holding[one.held_by])}"
                raise BadInput(Fault(name, 1, 1, what, mend))
            place = found
        persons.append(Passenger(one.ref, one.held_by, one.home, place, LYING_CATEGORY in (one.categories or ())))
    return Passengers(tuple(sorted(persons)), assumed, places_unsaid, sum(one.categories is None for one in chosen))


def _categories(row: Table) -> tuple[str, ...]:
    """A list of categories, or one text that separates them by `;`."""
    value: Any = row.raw("category")
    if value == "":
        return ()
    return (
        row.texts("category")
        if isinstance(value, list)
        else tuple(word.strip() for word in row.text("category").split(";"))
    )


def _homes(chosen: Sequence[Chosen], home: str) -> int:
    return sum(one.home == home for one in chosen)


def _fold(word: str) -> str:
    return " ".join(word.casefold().split())
