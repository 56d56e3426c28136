"""For each clause on who is exchanged a smallest choice that breaks it and the nearest one that keeps it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations

import msgspec

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.balance import Balance
from safeconduct.clauses.compose_kinds import ComposeClause
from safeconduct.clauses.count import Count
from safeconduct.clauses.destination import Destination
from safeconduct.clauses.exclude import Exclude
from safeconduct.clauses.holders_choice import Choice as HoldersChoice
from safeconduct.clauses.include import Include
from safeconduct.clauses.like_for_like import LikeForLike
from safeconduct.clauses.prefer import FairShare, Prefer
from safeconduct.clauses.ratio import Ratio
from safeconduct.clauses.release_all import ReleaseAll
from safeconduct.clauses.requires import Requires
from safeconduct.clauses.together import Together
from safeconduct.clauses.traces.choosing import persons_matching
from safeconduct.clauses.tranche import Tranche
from safeconduct.clauses.values import VALUES_OF
from safeconduct.clauses.veto import Veto
from safeconduct.composition.constraint import ByTranche, Constraint, Judgement
from safeconduct.composition.shares import score_of, shares_of
from safeconduct.vocabulary.categories import CATEGORIES
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person
from safeconduct.vocabulary.selector import Selector, everyone

PERSONS_AT_MOST = 10_000
"""Of an example."""
_OTHER_RANK = "another rank"
_SHORT, _LONG = 30, 300
"""Days held."""
Persons = tuple[Person, ...]


@dataclass(frozen=True)
class ChoicePair:
    """Candidates, a choice of them that should break a clause and one that should keep it: still to be verified."""

    candidates: Persons
    breaks: Persons
    keeps: Persons


@dataclass(frozen=True)
class Choice:
    """A pair that the clause itself and its rows confirmed, with what was counted of each choice.

    Of a `prefer`, which nothing breaks, the first serves less and the second more.
    """

    pair: ChoicePair
    broken: str
    kept: str


def choices_of(clause: ComposeClause, agreement: Agreement) -> tuple[Choice, ...]:
    """Verified choices: too few and too many, where a clause bounds both ways. Empty where none was found."""
    return tuple(choice for pair in _proposals(clause, agreement) if (choice := _verified(clause, pair)) is not None)


def _proposals(clause: ComposeClause, agreement: Agreement) -> Iterator[ChoicePair]:
    match clause:
        case ReleaseAll() | Include():
            one = _Candidates(clause.of, agreement).some(1)
            if one is not None:
                yield ChoicePair(one, (), one)
        case Exclude():
            one = _Candidates(clause.of, agreement).some(1)
            if one is not None:
                yield ChoicePair(one, one, ())
        case Count():
            yield from _count(clause, agreement)
        case Ratio():
            yield from _ratio(clause, agreement)
        case Balance():
            yield from _balance(clause, agreement)
        case Together():
            everybody = tuple(_named(ref, agreement) for ref in clause.refs)
            yield ChoicePair(everybody, everybody[:1], everybody)
        case Requires():
            both = (_named(clause.first, agreement), _named(clause.second, agreement))
            yield ChoicePair(both, both[:1], both)
        case LikeForLike():
            yield from _like_for_like(clause, agreement)
        case Veto():
            everybody = tuple(_named(ref, agreement) for ref in clause.refs)
            yield ChoicePair(everybody, everybody[:1], ())
        case HoldersChoice():
            yield from _picked(clause, agreement)
        case Tranche():
            yield from _tranche(clause, agreement)
        case Destination():
            most = clause.maximum
            several = None if most is None else _Candidates(clause.of, agreement).some(most + 1)
            if several is not None:
                yield ChoicePair(several, several, several[:-1])
        case Prefer():
            yield from _prefer(clause, agreement)
        case FairShare():
            yield from _fair_share(clause, agreement)


def _verified(clause: ComposeClause, pair: ChoicePair) -> Choice | None:
    if isinstance(clause, FairShare):
        few, many = (shares_of(clause, pair.candidates, chosen) for chosen in (pair.breaks, pair.keeps))
        worse, better = (", ".join(f"{one.group} {one.chosen} of {one.of}" for one in shares) for shares in (few, many))
        scores = [score_of(clause, pair.candidates, chosen) for chosen in (pair.breaks, pair.keeps)]
        return Choice(pair, worse, better) if scores[0] < scores[1] else None
    if isinstance(clause, Prefer):
        less, more = (sum(clause.gain(person) for person in chosen) for chosen in (pair.breaks, pair.keeps))
        return Choice(pair, f"worth {less:,}", f"worth {more:,}") if less < more else None
    if keeps(clause, pair.candidates, pair.breaks) or not keeps(clause, pair.candidates, pair.keeps):
        return None
    broken, kept = (_judged(clause, pair.candidates, chosen).told for chosen in (pair.breaks, pair.keeps))
    return Choice(pair, broken, kept)


def keeps(clause: Constraint, candidates: Persons, chosen: Persons) -> bool:
    """Whether a choice keeps the clause, everybody chosen in the first tranche it speaks of. Raises AssertionError if
    its rows say otherwise than counting the persons."""
    refs = {person.ref for person in chosen}
    by_rows = True
    for row in clause.rows(candidates):
        apart = row.in_tranche.get(_tranche_of(clause), [0] * len(candidates))
        each = zip(row.coefficients, apart, candidates, strict=True)
        value = sum(one + more for one, more, person in each if person.ref in refs)
        by_rows &= (row.low is None or row.low <= value) and (row.high is None or value <= row.high)
    if by_rows != _judged(clause, candidates, chosen).kept:
        raise AssertionError(f"the rows of {clause.id!r} and its count differ")
    return by_rows


def _judged(clause: Constraint, candidates: Persons, chosen: Persons) -> Judgement:
    if isinstance(clause, ByTranche):
        return clause.judge_tranches(
            candidates, chosen, dict.fromkeys((one.ref for one in chosen), _tranche_of(clause))
        )
    return clause.judge(candidates, chosen)


def _tranche_of(clause: Constraint) -> str:
    match clause:
        case Tranche():
            return clause.order.name
        case Count():
            return clause.tranches[0] if clause.tranches else ""
        case _:
            return ""


class _Candidates:
    """Persons whom a selector matches, each with a ref of their own."""

    def __init__(self, of: Selector, agreement: Agreement) -> None:
        self._of = of
        self._parties = agreement.parties
        self._taken: set[str] = set()

    def some(
        self, number: int, held_by: str = "", home: str = "", ranks: tuple[str, ...] = ()
    ) -> tuple[Person, ...] | None:
        """So many of them; None if there are not so many, or too many for an example."""
        if number > PERSONS_AT_MOST:
            return None
        holders = (held_by,) if held_by else self._parties
        homes = (home,) if home else self._parties[::-1]
        found = persons_matching(self._of, number, holders, homes, ranks, self._taken)
        if len(found) < number:
            return None
        self._taken.update(person.ref for person in found)
        return found


def _count(clause: Count, agreement: Agreement) -> Iterator[ChoicePair]:
    """Nobody where some must be; one too many."""
    if clause.per not in ("total", "party"):
        yield from _count_each(clause, agreement)
        return
    groups = clause.parties or ("",)
    candidates = _Candidates(clause.of, agreement)
    least = {party: candidates.some(clause.minimum or 0, held_by=party) for party in groups}
    if None in least.values():
        return
    enough = {party: persons for party, persons in least.items() if persons is not None}
    everybody = _all(enough.values())
    if everybody:
        yield ChoicePair(everybody, (), everybody)
    if clause.maximum is None:
        return
    for party in groups:
        more = candidates.some(clause.maximum + 1 - len(enough[party]), held_by=party)
        if more is not None:
            yield ChoicePair((*everybody, *more), (*everybody, *more), (*everybody, *more[:-1]))
            return


def _count_each(clause: Count, agreement: Agreement) -> Iterator[ChoicePair]:
    """The same of one value, or in one tranche."""
    for persons, breaks, keeps_it in _too_few_and_too_many(clause.of, "", clause.minimum, clause.maximum, agreement):
        stated = _of_one_value(clause, persons)
        if stated:
            yield ChoicePair(stated, stated[:breaks], stated[:keeps_it])


def _too_few_and_too_many(
    of: Selector, held_by: str, minimum: int | None, maximum: int | None, agreement: Agreement
) -> Iterator[tuple[Persons, int, int]]:
    """Persons, how many of them break a bound, and how many keep it: nobody, and one too many."""
    if minimum:
        persons = _Candidates(of, agreement).some(minimum, held_by=held_by)
        if persons is not None:
            yield persons, 0, minimum
    if maximum is not None:
        persons = _Candidates(of, agreement).some(maximum + 1, held_by=held_by)
        if persons is not None:
            yield persons, maximum + 1, maximum


def _of_one_value(clause: Count, persons: Persons) -> Persons:
    """The same persons, with a value of what is counted if they have none; nobody if that cannot be."""
    if clause.per == "tranche" or VALUES_OF[clause.per](persons[0]):
        return persons
    values: dict[str, tuple[str | tuple[str, ...], ...]] = {
        "category": tuple((name,) for name in CATEGORIES),
        "rank": (_OTHER_RANK,),
        "unit": ("a unit",),
        "held_at": ("a camp",),
    }
    field = "categories" if clause.per == "category" else clause.per
    for value in values[clause.per]:
        stated = tuple(msgspec.structs.replace(person, **{field: value}) for person in persons)
        if all(clause.of.matches(person) for person in stated):
            return stated
    return ()


def _like_for_like(clause: LikeForLike, agreement: Agreement) -> Iterator[ChoicePair]:
    """One side's of one group, one too many; the same with one of the other side, or without the last."""
    for party, other in (clause.between, clause.between[::-1]):
        candidates = _Candidates(clause.of, agreement)
        persons = candidates.some(clause.tolerance + 1, held_by=party)
        if persons is None:
            continue
        pairs = [ChoicePair(persons, persons, persons[:-1])]
        answer = candidates.some(1, held_by=other, ranks=(persons[0].rank,))
        if answer is not None:
            pairs.insert(0, ChoicePair((*persons, *answer), persons, (*persons, *answer)))
        yield next(pair for pair in pairs if pair is pairs[-1] or _verified(clause, pair) is not None)
        return


def _picked(clause: HoldersChoice, agreement: Agreement) -> Iterator[ChoicePair]:
    """One fewer than the party picks, whom it named missing first."""
    found = _Candidates(clause.of, agreement).some(clause.count, held_by=clause.by)
    if found is None:
        return
    others = [person for person in found if person.ref not in clause.refs]
    named = tuple(msgspec.structs.replace(found[0], ref=ref) for ref in clause.refs)
    if all(clause.of.matches(person) for person in named):
        persons = (*named, *others)[: clause.count]
        yield ChoicePair(persons, persons[1:], persons)


def _tranche(clause: Tranche, agreement: Agreement) -> Iterator[ChoicePair]:
    """Nobody where some must be; one too many; or one who may not go in it."""
    by = clause.order.by
    for persons, breaks, keeps_it in _too_few_and_too_many(clause.of, by, clause.minimum, clause.maximum, agreement):
        yield ChoicePair(persons, persons[:breaks], persons[:keeps_it])
    if clause.minimum is None and clause.maximum is None:
        anybody = Selector(as_of=clause.of.as_of, excluding=clause.of)
        parties = agreement.parties
        other = persons_matching(anybody, 1, parties, parties)
        if not other and by:
            rest = tuple(party for party in parties if party != by)
            other = persons_matching(everyone(clause.of.as_of), 1, rest, parties)
        if other:
            yield ChoicePair(other, other, ())


def _ratio(clause: Ratio, agreement: Agreement) -> Iterator[ChoicePair]:
    """The fewest of one side that are too many; the same with one of the other, or without the last."""
    (first, second), (a, b) = clause.between, clause.parts
    weights: list[tuple[tuple[str, ...], int]] = [((rank,), weight) for rank, weight in clause.weights]
    weights.append(((_OTHER_RANK,) if weights else (), clause.default_weight))
    weights.sort(key=lambda one: -one[1])
    proposals: list[tuple[int, ChoicePair]] = []
    for party, other, step in ((first, second, b), (second, first, a)):
        for ranks, weight in weights:
            number = int(clause.tolerance * b // (weight * step)) + 1 if weight else PERSONS_AT_MOST + 1
            candidates = _Candidates(clause.of, agreement)
            persons = candidates.some(number, held_by=party, ranks=ranks)
            if persons is None:
                continue
            for other_ranks, _ in weights:
                answer = candidates.some(1, held_by=other, ranks=other_ranks)
                if answer is not None:
                    proposals.append((number, ChoicePair((*persons, *answer), persons, (*persons, *answer))))
            proposals.append((number, ChoicePair(persons, persons, persons[:-1])))
    fewest = min((number for number, _ in proposals), default=0)
    for number, pair in proposals:
        if number == fewest and _verified(clause, pair) is not None:
            yield pair
            return


def _balance(clause: Balance, agreement: Agreement) -> Iterator[ChoicePair]:
    """Released one way, one too many; the same with one the other way, or without the last."""
    for giver, taker in permutations(agreement.parties, 2):
        candidates = _Candidates(clause.of, agreement)
        few = max(0, clause.tolerance - dict(clause.carried).get(giver, 0))
        persons = candidates.some(few + 1, held_by=giver, home=taker)
        if persons is None:
            continue
        back = candidates.some(1, held_by=taker, home=giver)
        if back is not None:
            yield ChoicePair((*persons, *back), persons, (*persons, *back))
        else:
            yield ChoicePair(persons, persons, persons[:-1])
        return


def _prefer(clause: Prefer, agreement: Agreement) -> Iterator[ChoicePair]:
    """Nobody, and one whom it wants; of two held for a different time, the one held longer."""
    candidates = _Candidates(clause.of, agreement)
    found = candidates.some(2 if clause.counting_days else 1)
    if found is None:
        return
    if clause.counting_rounds:
        found = tuple(msgspec.structs.replace(person, rounds_waited=1) for person in found)
    if not clause.counting_days:
        yield ChoicePair(found, (), found)
    elif clause.concluded - date.min > timedelta(days=_LONG):
        persons = tuple(
            msgspec.structs.replace(person, captured_on=_day(clause.concluded - timedelta(days=days)))
            for person, days in zip(found, (_SHORT, _LONG), strict=True)
        )
        yield ChoicePair(persons, persons[:1], persons[1:])


def _fair_share(clause: FairShare, agreement: Agreement) -> Iterator[ChoicePair]:
    """Of two groups of two, both of the one or one of each."""
    one, other = agreement.parties[:2]
    candidates = _Candidates(clause.of, agreement)
    groups: list[Persons] = []
    for name, giver, taker in (("first", one, other), ("second", other, one)):
        found = candidates.some(2, held_by=giver, home=taker)
        if found is None:
            return
        if clause.by in ("unit", "held_at"):
            found = tuple(msgspec.structs.replace(person, **{clause.by: name}) for person in found)
        groups.append(found)
    first, second = groups
    yield ChoicePair((*first, *second), first, (first[0], second[0]))


def _named(ref: str, agreement: Agreement) -> Person:
    return Person(ref=ref, held_by=agreement.parties[0], home=agreement.parties[1])


def _all(groups: Iterable[Persons]) -> Persons:
    return tuple(person for persons in groups for person in persons)


def _day(day: date) -> ImpreciseDate:
    return ImpreciseDate(day, day)
