"""Which rows of two lists may be the same person: candidates with a probability and reasons, never a decision.

Pairs that share a key of `blocking.BLOCKING` are scored by `evidence.COMPARISONS` (`scoring`); of what is likely, each
row keeps at most one partner. The bands say how many reviewers a pair needs; nothing is ever confirmed without a
person.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal

from safeconduct.registry.columns import Table, table_of
from safeconduct.registry.evidence import describe
from safeconduct.registry.frequencies import Frequencies, Key, frequencies, given_names_in_use
from safeconduct.registry.name_counts import NameCounts
from safeconduct.registry.scoring import Scored, Tell, score
from safeconduct.registry.shared_keys import CROWDED, NO_CROWDING, Crowding
from safeconduct.vocabulary.person import Person

Band = Literal["confirm", "review", "none"]
Later = Literal["", "left", "right"]
"""Which of two lists tells of the later time; empty where that is not known."""

CONFIRM_AT: Final = 0.99
"""From this probability one reviewer is enough, unless something contradicts."""
REVIEW_AT: Final = 0.5
"""From this probability a pair is shown, to two reviewers."""

_LIKELY_SHARE = 0.5
"""Before anything is compared: the share of the shorter list that is taken to stand in the longer one, too."""
_DUPLICATE_SHARE = 0.02
"""Before anything is compared: the share of a list's persons who are taken to stand in it twice."""
_SMALLEST_SEARCH = 50
"""However short the lists, a person is sought among at least so many."""
_KEPT_AT = 0.001
"""Pairs below are forgotten at once; those between it and REVIEW_AT only matter as rivals."""
_ALIKE = "compared with nobody: too many rows share what this one says"
_RIVAL_BITS = 5.0
"""A rival within so many bits of weight keeps a pair from the one-reviewer band."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one person; or a left row without a partner (`right_ref` empty, band none)."""

    left_ref: str
    right_ref: str
    probability: float
    band: Band
    reasons: tuple[str, ...]
    """In plain words, what contradicts first."""


def match_lists(left: Sequence[Person], right: Sequence[Person], *, later: Later = "") -> list[Pair]:
    """One pair for every left person, in the order of `left_ref`: one-to-one, the same for any order of the rows.

    `later`: whose ranks may be higher.
    """
    return weigh_lists(left, right, later=later).pairs


@dataclass(frozen=True, slots=True)
class Weighing:
    """What was proposed of two lists (or of one), and every pair that was weighed on the way."""

    pairs: list[Pair]
    scored: Sequence[Scored]
    """The weightiest first."""
    left: Mapping[str, Person]
    right: Mapping[str, Person]
    names: NameCounts
    shares: Frequencies
    """How often names, ranks and units stand in the lists, as the comparisons weigh them."""
    given_in_use: frozenset[Key]
    """The keys of given names that are no slips."""
    prior: float
    """The probability before anything is compared."""
    crowding: Crowding
    """What was not compared because too many rows are alike."""
    later: Later = ""
    index: dict[tuple[str, str], list[Scored]] = field(default_factory=dict, repr=False)
    """The scores by side and ref, once somebody asked."""

    def found(self, left: str, right: str) -> Scored | None:
        """The score of a pair; None if it shares no key or is not worth keeping."""
        return next((one for one in self._of("left", left) if one.right == right), None)

    def levels(self, left: str, right: str) -> Mapping[str, int]:
        """Its places on the ladders; empty if it has no score."""
        scored = self.found(left, right)
        return scored.levels if scored else {}

    def sharing(self, left: str, right: str) -> list[Scored]:
        """Other pairs with one of the two rows, the weightiest first."""
        found = [one for one in self._of("left", left) if one.right != right]
        found += [one for one in self._of("right", right) if one.left != left]
        return sorted(found, key=lambda one: (-one.bits, one.left, one.right))

    def unproposed(self, left: str, right: str, band: Band = "none") -> Pair:
        """A pair that the matching does not propose (any more)."""
        scored = self.found(left, right)
        probability = _rounded(scored.probability) if scored else 0.0
        return Pair(left, right, probability, band, ("not proposed by the matching",))

    def _of(self, side: str, ref: str) -> list[Scored]:
        if not self.index:
            for one in self.scored:
                self.index.setdefault(("left", one.left), []).append(one)
                self.index.setdefault(("right", one.right), []).append(one)
        return self.index.get((side, ref), [])


def weigh_lists(
    left: Sequence[Person],
    right: Sequence[Person],
    tell: Tell = lambda *_: None,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    *,
    later: Later = "",
    crowded: int = CROWDED,
) -> Weighing:
    """What `match_lists` proposes, and on what it rests; `excluded`: pairs that people found to be two persons.

    `crowded`: the most pairs that one value of a key may give. Raises Refused where memory does not do.
    """
    prior = _LIKELY_SHARE / max(len(left), len(right), _SMALLEST_SEARCH)
    tables = _tables((left, right), tell, later)
    shares, in_use = counted(tables)
    names, refs = NameCounts(*tables), tables[0]["ref"]
    both = bool(left and right)
    scored, crowding = score(tables, prior, shares, in_use, _KEPT_AT, crowded=crowded, tell=tell) if both else _NOTHING
    del tables
    alike = {refs[row] for row in crowding.left}
    open_pairs = [pair for pair in scored if (pair.left, pair.right) not in excluded] if excluded else scored
    chosen = _one_to_one(open_pairs)
    lefts, rights = {p.ref: p for p in left}, {p.ref: p for p in right}
    rivals = _rivals(open_pairs, chosen)
    pairs = []
    for done, pair in enumerate(chosen.values()):
        if done % 1000 == 0:
            tell("putting it in words", done, len(chosen))
        pairs.append(_described(pair, lefts[pair.left], rights[pair.right], rivals(pair), names))
    best: dict[str, float] = {}
    for pair in open_pairs:
        best.setdefault(pair.left, pair.probability)
    for ref in lefts.keys() - chosen.keys():
        likely = best.get(ref, 0.0) >= REVIEW_AT
        unlikely = _ALIKE if ref in alike else "no row of the other list is likely"
        reason = "the likely rows fit other persons better" if likely else unlikely
        pairs.append(Pair(ref, "", 0.0 if likely else _rounded(best.get(ref, 0.0)), "none", (reason,)))
    pairs.sort(key=lambda pair: pair.left_ref)
    return Weighing(pairs, scored, lefts, rights, names, shares, in_use, prior, crowding, later)


def find_duplicates(persons: Sequence[Person]) -> list[Pair]:
    """Pairs of rows of one list that may be the same person twice, the likeliest first; a row may stand in several."""
    return weigh_duplicates(persons).pairs


def weigh_duplicates(persons: Sequence[Person], tell: Tell = lambda *_: None, *, crowded: int = CROWDED) -> Weighing:
    """What `find_duplicates` proposes, and on what it rests. Raises Refused where memory does not do."""
    prior = 2 * _DUPLICATE_SHARE / max(len(persons), _SMALLEST_SEARCH)
    tables = _tables((persons,), tell)
    shares, in_use = counted(tables)
    several = len(persons) > 1
    scored, crowding = (
        score(tables, prior, shares, in_use, _KEPT_AT, crowded=crowded, tell=tell) if several else _NOTHING
    )
    by_ref, names = {person.ref: person for person in persons}, NameCounts(*tables)
    likely = (pair for pair in scored if pair.probability >= REVIEW_AT)
    pairs = [_described(pair, by_ref[pair.left], by_ref[pair.right], (), names) for pair in likely]
    return Weighing(pairs, scored, by_ref, by_ref, names, shares, in_use, prior, crowding)


_NOTHING: Final[tuple[list[Scored], Crowding]] = ([], NO_CROWDING)


def _tables(lists: Sequence[Sequence[Person]], tell: Tell, later: Later = "") -> list[Table]:
    total, tables = sum(map(len, lists)), list[Table]()
    for side, persons in zip(("left", "right"), lists, strict=False):
        before = sum(len(table["ref"]) for table in tables)
        tables.append(table_of(persons, partial(_tell_names, tell, before, total), later=side == later))
    return tables


def _tell_names(tell: Tell, before: int, total: int, done: int) -> None:
    tell("reading the names", before + done, total)


def counted(tables: Sequence[Table]) -> tuple[Frequencies, frozenset[Key]]:
    """How often names and the like stand in these lists, and the given names that are no slips."""
    return frequencies(tables), given_names_in_use(tables)


def score_pair(weighing: Weighing, left: Person, right: Person) -> Scored | None:
    """The score of any pair of rows of lists that were weighed; None if the two share no key."""
    lists = [[left, right]] if weighing.right is weighing.left else [[left], [right]]
    tables = _tables(lists, lambda *_: None, weighing.later)
    return next(iter(score(tables, weighing.prior, weighing.shares, weighing.given_in_use, 0.0)[0]), None)


def _one_to_one(scored: Sequence[Scored]) -> dict[str, Scored]:
    """The weightiest pairs first, each row once."""
    chosen: dict[str, Scored] = {}
    taken: set[str] = set()
    for pair in scored:
        if pair.probability >= REVIEW_AT and pair.left not in chosen and pair.right not in taken:
            chosen[pair.left] = pair
            taken.add(pair.right)
    return chosen


def _rivals(scored: Sequence[Scored], chosen: Mapping[str, Scored]) -> Callable[[Scored], tuple[str, ...]]:
    """Who fits either row of a chosen pair about as well, the weightiest first."""
    by_left: dict[str, list[Scored]] = {pair.left: [] for pair in chosen.values()}
    by_right: dict[str, list[Scored]] = {pair.right: [] for pair in chosen.values()}
    for pair in scored:
        if pair.left in by_left:
            by_left[pair.left].append(pair)
        if pair.right in by_right:
            by_right[pair.right].append(pair)

    def of(pair: Scored) -> tuple[str, ...]:
        close = pair.bits - _RIVAL_BITS
        others = [p.right for p in by_left[pair.left] if p.right != pair.right and p.bits >= close]
        others += [p.left for p in by_right[pair.right] if p.left != pair.left and p.bits >= close]
        return tuple(others)

    return of


def _described(pair: Scored, left: Person, right: Person, rivals: Sequence[str], names: NameCounts) -> Pair:
    against, for_it = describe(pair.levels, left, right, names.borne(left))
    certain = pair.probability >= CONFIRM_AT and not against and not rivals and pair.levels["birth_date"] >= 0
    other = [f"fits about as well: {', '.join(rivals[:3])}"] if rivals else []
    band: Band = "confirm" if certain else "review"
    return Pair(pair.left, pair.right, _rounded(pair.probability), band, (*against, *other, *for_it))


def _rounded(probability: float) -> float:
    """To six places, and never up to a certainty that nothing can have."""
    return min(round(probability, 6), 0.999999)
