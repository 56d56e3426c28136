"""What is reported of one person: aboard what, where, in whose custody, and how interviews and examinations ended."""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.tracking import custody
from safeconduct.tracking.conflicts import Conflict, by_kind, conflicts_among
from safeconduct.tracking.custody import custodian_of
from safeconduct.tracking.reports import Line

_RIDES = frozenset(("boarded", "alighted"))
_FOUND = {"examined": "examination", "consented": "answer", "identified": "identity"}
"""Reports with a result, and what differing results are called."""
KINDS = _RIDES | custody.KINDS | _FOUND.keys() | {"died"}
"""The reports that are looked at."""
_WITH_A_PLACE = KINDS - {"consented"}
"""Those whose place tells where the person is; that of an interview is told to nobody."""


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """How an examination, an interview or an identification ended last."""

    at_us: int
    results: tuple[str, ...]
    """One; several, sorted, where the reports of that moment differ."""


@dataclass(frozen=True, slots=True)
class PersonReported:
    """Where one person is, by the reports that count."""

    vehicle: str = ""
    """Aboard which; empty if aboard none."""
    place: str = ""
    """Where they got off last, if they are aboard none."""
    custodian: str | None = None
    """Who answers for them; None: no report says."""
    accepted_by: frozenset[str] = frozenset()
    """Everybody who ever accepted custody of them."""
    died_us: int | None = None
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonFound:
    """What was found of one person, by the reports that count."""

    examined: tuple[tuple[str, Result], ...]
    """By what was examined, sorted."""
    answer: Result | None
    """What they said in private, willing or unwilling: for the intermediary's eyes alone."""
    identified: Result | None


def person_reported(person: str, lines: Iterable[Line]) -> PersonReported:
    """Where the reports of KINDS on one person leave them, in whatever order they are given."""
    ordered = sorted(lines, key=lambda one: (one.at_us, one.type != "alighted", one.id))
    vehicle, place, died_us = "", "", None
    hands: list[Line] = []
    accepted: set[str] = set()
    for line in ordered:
        kind = line.type
        if kind in custody.KINDS:
            hands.append(line)
            if kind == "accepted" and isinstance(line.taker, str):
                accepted.add(line.taker)
        elif kind in _RIDES:
            if kind == "boarded" and isinstance(line.vehicle, str):
                vehicle, place = line.vehicle, ""
            elif vehicle and vehicle == line.vehicle:
                vehicle, place = "", line.place if isinstance(line.place, str) else ""
        elif kind == "died" and died_us is None:
            died_us = line.at_us
    conflicts = tuple(sorted(_conflicts(person, ordered)))
    return PersonReported(vehicle, place, custodian_of(hands), frozenset(accepted), died_us, conflicts)


def person_found(lines: Iterable[Line]) -> PersonFound:
    """What the reports of KINDS on one person found, in whatever order they are given."""
    of_type = by_kind(lines, lambda one: one.type)
    examined = by_kind(of_type.get("examined", ()), lambda one: one.what if isinstance(one.what, str) else "")
    results = [(str(what), _result(found)) for what, found in examined.items()]
    return PersonFound(
        examined=tuple(sorted((what, result) for what, result in results if result is not None)),
        answer=_result(of_type.get("consented", ())),
        identified=_result(of_type.get("identified", ())),
    )


def _result(lines: Iterable[Line]) -> Result | None:
    told = [(line.at_us, line.result) for line in lines if isinstance(line.result, str)]
    if not told:
        return None
    last_us = max(at_us for at_us, _ in told)
    return Result(last_us, tuple(sorted({result for at_us, result in told if at_us == last_us})))


def _conflicts(person: str, lines: list[Line]) -> list[Conflict]:
    if len({line.at_us for line in lines}) == len(lines):
        return []  # nothing was said of one moment twice, as of nearly everybody
    found = conflicts_among(
        (one for one in lines if one.type in _WITH_A_PLACE), "place", person, lambda one: _text(one.place)
    )
    found += conflicts_among(
        (one for one in lines if one.type == "boarded"), "vehicle", person, lambda one: _text(one.vehicle)
    )
    accepted = [one for one in lines if one.type == "accepted" and isinstance(one.giver, str)]
    for giver, passed_on in by_kind(accepted, lambda one: one.giver).items():
        found += conflicts_among(passed_on, "custody", person, lambda one: _text(one.taker), str(giver))
    for kind, matter in _FOUND.items():
        told = [one for one in lines if one.type == kind]
        for what, same in by_kind(told, lambda one: one.what if isinstance(one.what, str) else "").items():
            found += conflicts_among(same, matter, person, lambda one: _text(one.result), str(what))
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
