"""Which rows of two lists may be the same person: candidates with a probability and reasons, never a decision.

Splink (Fellegi and Sunter's model, on DuckDB in memory) scores the pairs that share a key of `blocking.BLOCKING` by
`evidence.COMPARISONS`; of what is likely, each row keeps at most one partner. The bands say how many reviewers a pair
needs; nothing is ever confirmed without a person.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from safeconduct.registry.blocking import BLOCKING
from safeconduct.registry.columns import columns_of
from safeconduct.registry.evidence import COMPARISONS, Comparison, describe
from safeconduct.registry.frequencies import Frequencies, Key, frequencies, given_names_in_use
from safeconduct.registry.name_counts import NameCounts
from safeconduct.vocabulary.person import Person

Band = Literal["confirm", "review", "none"]
Later = Literal["", "left", "right"]
"""Which of two lists tells of the later time; empty where that is not known."""
Progress = Callable[[str], None]
_Row = dict[str, str | int]

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


@dataclass(frozen=True, slots=True)
class _Scored:
    left: str
    right: str
    probability: float
    bits: float
    levels: dict[str, int]
    """Per comparison the place on its ladder, from 0; -1 where nothing could be compared."""


def match_lists(
    left: Sequence[Person], right: Sequence[Person], progress: Progress = lambda _: None, *, later: Later = ""
) -> list[Pair]:
    """One pair for every left person, in the order of `left_ref`: one-to-one, the same for any order of the rows.

    `progress` is told each step in a few words. `later`: whose ranks may be higher.
    """
    return weigh_lists(left, right, progress, later=later).pairs


@dataclass(frozen=True, slots=True)
class Weighing:
    """What was proposed of two lists (or of one), and every pair that was weighed on the way."""

    pairs: list[Pair]
    scored: Sequence[_Scored]
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
    later: Later = ""
    index: dict[tuple[str, str], list[_Scored]] = field(default_factory=dict, repr=False)
    """The scores by side and ref, once somebody asked."""

    def found(self, left: str, right: str) -> _Scored | None:
        """The score of a pair; None if it shares no key or is not worth keeping."""
        return next((one for one in self._of("left", left) if one.right == right), None)

    def levels(self, left: str, right: str) -> Mapping[str, int]:
        """Its places on the ladders; empty if it has no score."""
        scored = self.found(left, right)
        return scored.levels if scored else {}

    def sharing(self, left: str, right: str) -> list[_Scored]:
        """Other pairs with one of the two rows, the weightiest first."""
        found = [one for one in self._of("left", left) if one.right != right]
        found += [one for one in self._of("right", right) if one.left != left]
        return sorted(found, key=lambda one: (-one.bits, one.left, one.right))

    def unproposed(self, left: str, right: str, band: Band = "none") -> Pair:
        """A pair that the matching does not propose (any more)."""
        scored = self.found(left, right)
        probability = _rounded(scored.probability) if scored else 0.0
        return Pair(left, right, probability, band, ("not proposed by the matching",))

    def _of(self, side: str, ref: str) -> list[_Scored]:
        if not self.index:
            for one in self.scored:
                self.index.setdefault(("left", one.left), []).append(one)
                self.index.setdefault(("right", one.right), []).append(one)
        return self.index.get((side, ref), [])


def weigh_lists(
    left: Sequence[Person],
    right: Sequence[Person],
    progress: Progress = lambda _: None,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    *,
    later: Later = "",
) -> Weighing:
    """What `match_lists` proposes, and on what it rests; `excluded`: pairs that people found to be two persons."""
    progress(f"comparing {len(left)} with {len(right)} persons")
    longer = max(len(left), len(right), _SMALLEST_SEARCH)
    prior = _LIKELY_SHARE / longer
    rows = [_rows(left, later == "left"), _rows(right, later == "right")]
    shares, in_use = counted(rows)
    scored = _score(rows, prior, shares, in_use) if left and right else []
    progress(f"{len(scored)} pairs share enough to be weighed")
    open_pairs = [pair for pair in scored if (pair.left, pair.right) not in excluded]
    chosen = _one_to_one(open_pairs)
    lefts, rights = {p.ref: p for p in left}, {p.ref: p for p in right}
    rivals, names = _rivals(open_pairs), NameCounts(left, right)
    pairs = [_described(pair, lefts[pair.left], rights[pair.right], rivals(pair), names) for pair in chosen.values()]
    best: dict[str, float] = {}
    for pair in open_pairs:
        best.setdefault(pair.left, pair.probability)
    for ref in lefts.keys() - chosen.keys():
        likely = best.get(ref, 0.0) >= REVIEW_AT
        reason = "the likely rows fit other persons better" if likely else "no row of the other list is likely"
        pairs.append(Pair(ref, "", 0.0 if likely else _rounded(best.get(ref, 0.0)), "none", (reason,)))
    pairs.sort(key=lambda pair: pair.left_ref)
    return Weighing(pairs, scored, lefts, rights, names, shares, in_use, prior, later)


def find_duplicates(persons: Sequence[Person]) -> list[Pair]:
    """Pairs of rows of one list that may be the same person twice, the likeliest first; a row may stand in several."""
    return weigh_duplicates(persons).pairs


def weigh_duplicates(persons: Sequence[Person]) -> Weighing:
    """What `find_duplicates` proposes, and on what it rests."""
    prior = 2 * _DUPLICATE_SHARE / max(len(persons), _SMALLEST_SEARCH)
    rows = _rows(persons)
    shares, in_use = counted([rows])
    scored = _score([rows], prior, shares, in_use) if len(persons) > 1 else []
    by_ref, names = {person.ref: person for person in persons}, NameCounts(persons)
    likely = (pair for pair in scored if pair.probability >= REVIEW_AT)
    pairs = [_described(pair, by_ref[pair.left], by_ref[pair.right], (), names) for pair in likely]
    return Weighing(pairs, scored, by_ref, by_ref, names, shares, in_use, prior)


def _rows(persons: Sequence[Person], is_later: bool = False) -> list[_Row]:
    """In an order that no input order touches."""
    rows = ({"ref": p.ref, "later": int(is_later), **columns_of(p)} for p in persons)
    return sorted(rows, key=lambda row: str(row["ref"]))


def counted(lists: Sequence[Sequence[_Row]]) -> tuple[Frequencies, frozenset[Key]]:
    """How often names and the like stand in these lists, and the given names that are no slips."""
    rows = [row for table in lists for row in table]
    return frequencies(rows), given_names_in_use(rows)


def _score(
    lists: Sequence[Sequence[_Row]],
    prior: float,
    shares: Frequencies,
    in_use: frozenset[Key],
    kept_at: float = _KEPT_AT,
) -> list[_Scored]:
    """Scores of the pairs worth keeping, the weightiest first, in an order that no input order touches."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule

    def ladder(comparison: Comparison) -> Any:
        rungs: list[Any] = [levels.CustomLevel(comparison.missing).configure(is_null_level=True)]
        for level in comparison.levels:
            rung = levels.CustomLevel(level.condition) if level.condition else levels.ElseLevel()
            rung.configure(m_probability=level.m, u_probability=level.u)
            if level.frequency_of:
                rung.configure(tf_adjustment_column=level.frequency_of, disable_tf_exact_match_detection=True)
            rungs.append(rung)
        return comparisons.CustomComparison(rungs, output_column_name=comparison.name)

    settings = SettingsCreator(
        link_type="link_only" if len(lists) == 2 else "dedupe_only",
        comparisons=[ladder(comparison) for comparison in COMPARISONS],
        blocking_rules_to_generate_predictions=[CustomRule(rule, sql_dialect="duckdb") for rule in BLOCKING],
        probability_two_random_records_match=prior,
        retain_matching_columns=True,  # with them the places on the ladders
        unique_id_column_name="ref",
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    records = [[{**row, "given_in_use": int(row["given"] in in_use)} for row in table] for table in lists]
    api = DuckDBAPI()
    try:
        tables = [
            api.register(_by_column(rows), table_name=name) for name, rows in zip(("a", "b"), records, strict=False)
        ]
        linker = Linker(tables if len(tables) == 2 else tables[0], settings, log_level=None, validate_settings=False)
        for column, found in shares.items():
            table = {column: list(found), f"tf_{column}": list(found.values())}
            linker.table_management.register_term_frequency_lookup(
                api.register(table, table_name=f"f_{column}"), column
            )
        predicted = linker.inference.predict(threshold_match_probability=kept_at, warning_mode="never")
        wanted = ("ref_l", "ref_r", "match_probability", "match_weight", *(f"gamma_{c.name}" for c in COMPARISONS))
        rows = predicted.as_duckdbpyrelation().select(*wanted).fetchall()
    finally:
        api.duckdb_con.close()
    scored = []
    for left, right, probability, bits, *gammas in rows:
        if len(lists) == 1 and left > right:
            left, right = right, left
        places = {c.name: _place(c, gamma) for c, gamma in zip(COMPARISONS, gammas, strict=True)}
        scored.append(_Scored(left, right, probability, round(bits, 6), places))
    return sorted(scored, key=lambda pair: (-pair.bits, pair.left, pair.right))


def score_pair(weighing: Weighing, left: Person, right: Person) -> _Scored | None:
    """The score of any pair of rows of lists that were weighed; None if the two share no key."""
    twice = weighing.right is weighing.left
    rows = (
        [_rows([left, right])]
        if twice
        else [_rows([left], weighing.later == "left"), _rows([right], weighing.later == "right")]
    )
    return next(iter(_score(rows, weighing.prior, weighing.shares, weighing.given_in_use, 0.0)), None)


def _place(comparison: Comparison, gamma: int) -> int:
    """Splink counts the rungs from the lowest, 0, and calls the missing one -1."""
    return -1 if gamma < 0 else len(comparison.levels) - 1 - gamma


def _by_column(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {column: [row[column] for row in rows] for column in rows[0]}


def _one_to_one(scored: Sequence[_Scored]) -> dict[str, _Scored]:
    """The weightiest pairs first, each row once."""
    chosen: dict[str, _Scored] = {}
    taken: set[str] = set()
    for pair in scored:
        if pair.probability >= REVIEW_AT and pair.left not in chosen and pair.right not in taken:
            chosen[pair.left] = pair
            taken.add(pair.right)
    return chosen


def _rivals(scored: Sequence[_Scored]) -> Callable[[_Scored], tuple[str, ...]]:
    by_left: dict[str, list[_Scored]] = defaultdict(list)
    by_right: dict[str, list[_Scored]] = defaultdict(list)
    for pair in scored:
        by_left[pair.left].append(pair)
        by_right[pair.right].append(pair)

    def of(pair: _Scored) -> tuple[str, ...]:
        close = pair.bits - _RIVAL_BITS
        others = [p.right for p in by_left[pair.left] if p.right != pair.right and p.bits >= close]
        others += [p.left for p in by_right[pair.right] if p.left != pair.left and p.bits >= close]
        return tuple(others)

    return of


def _described(pair: _Scored, left: Person, right: Person, rivals: Sequence[str], names: NameCounts) -> Pair:
    against, for_it = describe(pair.levels, left, right, names.borne(left))
    certain = pair.probability >= CONFIRM_AT and not against and not rivals and pair.levels["birth_date"] >= 0
    other = [f"fits about as well: {', '.join(rivals[:3])}"] if rivals else []
    band: Band = "confirm" if certain else "review"
    return Pair(pair.left, pair.right, _rounded(pair.probability), band, (*against, *other, *for_it))


def _rounded(probability: float) -> float:
    """To six places, and never up to a certainty that nothing can have."""
    return min(round(probability, 6), 0.999999)
