"""Every kind of clause on who is exchanged, counted literally from the persons chosen.

Beside its verdict a clause tells what it sees of a person: two of whom no clause sees different things can stand in for
each other, and then only the published rule may choose between them.
"""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from safeconduct.composition.independent.reading import Candidate, Terms, day, parameters
from safeconduct.composition.independent.selecting import matches

Sees = Callable[[Candidate], Hashable]


@dataclass(frozen=True)
class Round:
    """What is to be judged."""

    terms: Terms
    candidates: Sequence[Candidate]
    chosen: Sequence[Candidate]
    tranches: Mapping[str, str]
    """By ref, in which tranche somebody goes; empty if the composition does not say."""

    @property
    def names(self) -> list[str]:
        """Of the tranches of the terms."""
        return [clause["name"] for clause in self.terms.clauses if clause["kind"] == "tranche"]


@dataclass(frozen=True)
class Judged:
    """What was counted of one clause."""

    kept: bool
    told: str
    sees: Sees
    left: Mapping[str, int] = field(default_factory=dict)
    """What the next terms take over."""
    carried: bool = False
    """Whether it took something over itself."""
    proposed: tuple[str, ...] = ()
    """Refs of those in whose place a party may name others."""


@dataclass(frozen=True)
class Valued:
    """What one objective reaches."""

    clause: str
    value: int
    gain: Callable[[Candidate], int]


class _Clause:
    """A clause in a round: its parameters, who matches its `of`."""

    def __init__(self, clause: dict[str, Any], a_round: Round) -> None:
        self.round = a_round
        self.given = parameters(clause)
        self.parties = a_round.terms.parties
        self.concluded = a_round.terms.concluded
        self._matching = {
            one.ref for one in a_round.candidates if matches(self.given.get("of", {}), one, self.concluded)
        }

    def of(self, person: Candidate) -> bool:
        return person.ref in self._matching

    def chosen(self) -> list[Candidate]:
        return [one for one in self.round.chosen if self.of(one)]

    def within(self, numbers: Iterable[int]) -> bool:
        low, high = self.given.get("min", 0), self.given.get("max")
        return all(low <= number and (high is None or number <= high) for number in numbers)


def judge(clause: dict[str, Any], a_round: Round) -> Judged:
    """The verdict on a clause. Raises ValueError, KeyError or TypeError if it cannot be read."""
    known, count = KINDS[clause["kind"]]
    unknown = parameters(clause).keys() - known.split()
    if unknown:
        raise ValueError(f"the parameter {min(unknown)!r} is not known")
    return count(_Clause(clause, a_round))


def values(a_round: Round) -> list[Valued]:
    """What each objective reaches, in the order of the file; the size of the round where the terms name none."""
    objectives = [clause for clause in a_round.terms.clauses if clause["kind"] == OBJECTIVE]
    if not objectives:
        return [Valued("largest", len(a_round.chosen), lambda _: 1)]
    return [_valued(clause, a_round) for clause in objectives]


def protected(a_round: Round) -> Judged:
    """The clause that stands in every agreement."""
    number = sum(one.barred for one in a_round.chosen)
    return Judged(not number, f"{number} chosen who may not be exchanged", lambda one: one.barred)


def days_held(person: Candidate, until: date) -> int:
    """Days from the latest day on which the person may have been captured; 0 if that is not known, or later."""
    return max(0, (until - person.captured[1]).days) if person.captured else 0


def _valued(clause: dict[str, Any], a_round: Round) -> Valued:
    own = parameters(clause)
    (way,) = own
    until = a_round.terms.concluded
    if way == "fair":
        return _fair(clause["id"], own["fair"], a_round)
    gains: dict[str, Callable[[Candidate], int]] = {
        "of": lambda one: int(matches(own["of"], one, until)),
        "longest_captivity": lambda one: days_held(one, until),
        "longest_wait": lambda one: one.waited,
        "largest": lambda _: 1,
    }
    return Valued(clause["id"], sum(map(gains[way], a_round.chosen)), gains[way])


def _fair(name: str, fair: dict[str, Any], a_round: Round) -> Valued:
    """Its value is the smallest share of any group in millionths, rounded down."""

    def group(one: Candidate) -> str:
        asked = matches(fair.get("of", {}), one, a_round.terms.concluded)
        return str(getattr(one, fair["by"])) if asked else ""

    free = [group(one) for one in a_round.candidates if not one.barred]
    names = sorted({*free} - {""})
    gone = [group(one) for one in a_round.chosen]
    smallest = min((gone.count(one) * 1_000_000 // free.count(one) for one in names), default=1_000_000)
    return Valued(name, smallest, lambda one: [*names, group(one)].index(group(one)))


def _release_all(clause: _Clause) -> Judged:
    covered = [one for one in clause.round.candidates if clause.of(one) and not one.barred]
    left = len(covered) - sum(not one.barred for one in clause.chosen())
    return Judged(not left, f"{left} of {len(covered)} left behind", lambda one: clause.of(one) and not one.barred)


def _exclude(clause: _Clause) -> Judged:
    number = len(clause.chosen())
    return Judged(not number, f"{number} chosen of those it excludes", clause.of)


def _include(clause: _Clause) -> Judged:
    left = sum(map(clause.of, clause.round.candidates)) - len(clause.chosen())
    return Judged(not left, f"{left} left behind of those it includes", clause.of)


def _count(clause: _Clause) -> Judged:
    per = clause.given.get("per", "total")
    if per == "tranche":
        went = Counter(clause.round.tranches.get(one.ref) for one in clause.chosen())
        numbers = {name: went[name] for name in clause.round.names}
        return Judged(clause.within(numbers.values()), _listed(numbers), clause.of)
    groups_of: Callable[[Candidate], frozenset[str]] = {
        "total": lambda _: frozenset(["all"]),
        "party": lambda one: frozenset([one.held_by]),
    }.get(per, lambda one: _values(one, per))
    fixed = {"total": ("all",), "party": clause.parties}.get(per)
    groups = fixed or sorted({group for one in clause.round.candidates if clause.of(one) for group in groups_of(one)})
    went = Counter(group for one in clause.chosen() for group in groups_of(one))
    numbers = {group: went[group] for group in groups}
    return Judged(clause.within(numbers.values()), _listed(numbers), lambda one: clause.of(one) and groups_of(one))


def _ratio(clause: _Clause) -> Judged:
    first, second = clause.given["between"]
    a, b = (int(part) for part in clause.given["ratio"].split(":"))
    table = clause.given.get("weights", {})
    before = clause.given.get("carried", {})

    def weight(one: Candidate) -> int:
        counts = clause.of(one) and one.held_by in (first, second)
        return int(table.get(one.rank, table.get("default", 1))) if counts else 0

    sums = {party: before.get(party, 0) for party in (first, second)}
    for one in clause.chosen():
        if one.held_by in sums:
            sums[one.held_by] += weight(one)
    off = abs(sums[first] * b - sums[second] * a)
    kept = off <= Fraction(str(clause.given.get("tolerance", 0))) * b
    a, b = a // math.gcd(a, b), b // math.gcd(a, b)
    times = min(sums[first] // a, sums[second] // b)
    left = {first: sums[first] - times * a, second: sums[second] - times * b}
    return Judged(kept, _listed(sums), lambda one: weight(one) and (weight(one), one.held_by), left, bool(before))


def _like_for_like(clause: _Clause) -> Judged:
    between = clause.given["between"]
    group_of = {value: name for name, group in clause.given.get("groups", {}).items() for value in group}

    def groups(one: Candidate) -> frozenset[str]:
        own = _values(one, clause.given["by"]) or {""}
        return frozenset(group_of.get(value, value) for value in own)

    apart: Counter[str] = Counter()
    for one in clause.chosen():
        if one.held_by in between:
            for group in groups(one):
                apart[group] += 1 if one.held_by == between[0] else -1
    furthest = max(map(abs, apart.values()), default=0)
    kept = furthest <= clause.given.get("tolerance", 0)
    told = f"at most {furthest} apart in any of {len(apart)} groups"
    return Judged(kept, told, lambda one: clause.of(one) and one.held_by in between and (one.held_by, groups(one)))


def _balance(clause: _Clause) -> Judged:
    before = clause.given.get("carried", {})
    left = {party: before.get(party, 0) for party in clause.parties}
    unnamed = [party for party in clause.parties if party not in before]
    if before and len(unnamed) == 1:
        left[unnamed[0]] = -sum(before.values())
    for one in clause.chosen():
        left[one.held_by] += 1
        left[one.home] -= 1
    kept = all(abs(number) <= clause.given.get("tolerance", 0) for number in left.values())
    told = "released beyond what comes home: " + _listed(left)
    return Judged(kept, told, lambda one: clause.of(one) and (one.held_by, one.home), left, bool(before))


def _together(clause: _Clause) -> Judged:
    refs = set(clause.given["refs"])
    number = len(refs & {one.ref for one in clause.round.chosen})
    return Judged(number in (0, len(refs)), f"{number} chosen of {len(refs)}", lambda one: one.ref in refs and one.ref)


def _requires(clause: _Clause) -> Judged:
    first, then = clause.given["if"], clause.given["then"]
    refs = {one.ref for one in clause.round.chosen}
    kept = first not in refs or then in refs
    told = f"the first {'' if first in refs else 'not '}chosen, the second {'' if then in refs else 'not '}chosen"
    return Judged(kept, told, lambda one: one.ref in (first, then) and one.ref)


def _veto(clause: _Clause) -> Judged:
    refs = clause.given["refs"]
    number = sum(one.ref in refs for one in clause.round.chosen)
    if "until" in clause.given and day(clause.given["until"]) <= clause.concluded:
        return Judged(True, f"lapsed; {number} chosen of {len(refs)}", lambda _: None)
    return Judged(not number, f"{number} chosen of {len(refs)} vetoed", lambda one: one.ref in refs)


def _choice(clause: _Clause) -> Judged:
    by, refs = clause.given["by"], clause.given.get("refs", [])
    picked = [one.ref for one in clause.chosen() if one.held_by == by]
    named = sum(one.ref in refs for one in clause.round.chosen)
    kept = len(picked) == clause.given["count"] and named == len(refs)
    told = f"{len(picked)} chosen of {clause.given['count']}, {named} of {len(refs)} named"
    return Judged(
        kept,
        told,
        lambda one: (clause.of(one) and one.held_by == by, one.ref in refs),
        proposed=tuple(ref for ref in picked if ref not in refs),
    )


def _tranche(clause: _Clause) -> Judged:
    by = clause.given.get("by")

    def takes(one: Candidate) -> bool:
        return clause.of(one) and by in (None, one.held_by)

    going = [one for one in clause.round.chosen if clause.round.tranches.get(one.ref) == clause.given["name"]]
    wrong = sum(not takes(one) for one in going)
    return Judged(not wrong and clause.within([len(going)]), f"{len(going)} go in it, {wrong} who may not", takes)


def _destination(clause: _Clause) -> Judged:
    number = len(clause.chosen())
    limited = "max" in clause.given
    return Judged(
        clause.within([number]), f"{number} go to {clause.given['to']}", lambda one: limited and clause.of(one)
    )


OBJECTIVE = "prefer"
KINDS: dict[str, tuple[str, Callable[[_Clause], Judged]]] = {
    "release-all": ("of", _release_all),
    "exclude": ("of", _exclude),
    "include": ("of", _include),
    "count": ("of per min max", _count),
    "ratio": ("of between ratio tolerance weights carried", _ratio),
    "like-for-like": ("of between by groups tolerance", _like_for_like),
    "balance": ("of tolerance carried", _balance),
    "together": ("refs", _together),
    "requires": ("if then", _requires),
    "veto": ("by refs until limit", _veto),
    "choice": ("by of count refs", _choice),
    "tranche": ("name after of by min max", _tranche),
    "destination": ("of to max", _destination),
}
"""By kind, the parameters it knows, and how it counts."""


def _values(one: Candidate, field_name: str) -> frozenset[str]:
    if field_name == "category":
        return one.categories
    own = {"home": one.home, "rank": one.rank, "sex": one.sex, "unit": one.unit, "held_at": one.held_at}[field_name]
    return frozenset([own] if own else [])


def _listed(numbers: Mapping[str, int]) -> str:
    if len(numbers) > 12:
        return f"{min(numbers.values())} to {max(numbers.values())} in {len(numbers)} groups"
    return ", ".join(f"{name} {number}" for name, number in numbers.items()) or "nobody to count"
