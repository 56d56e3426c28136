"""What matching is measured by: precision and recall at every threshold and by stratum, what blocking keeps.

Truth maps a row of the left list to the row of the right list of the same person.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from splink import DuckDBAPI

from safeconduct.registry import linkage
from safeconduct.registry.blocking import BLOCKING
from safeconduct.registry.columns import Columns, columns_of, table_of
from safeconduct.registry.evidence import COMPARISONS, Comparison
from safeconduct.registry.linkage import Pair
from safeconduct.registry.scoring import score as scored_pairs
from safeconduct.sim.list_pairs import ListPair, strata_of
from safeconduct.vocabulary.person import Person

Scored = tuple[str, str, float]
"""Left ref, right ref, probability."""


@dataclass(frozen=True)
class Quality:
    """Precision, recall and F1 of a set of pairs."""

    precision: float
    recall: float
    f1: float
    pairs: int
    wrong: int

    @classmethod
    def of(cls, right: int, proposed: int, true: int) -> "Quality":
        """From the number of right pairs among those proposed, and of true pairs."""
        precision, recall = right / max(proposed, 1), right / max(true, 1)
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        return cls(precision, recall, f1, proposed, proposed - right)


@dataclass(frozen=True)
class Sweep:
    """The best F1 that any threshold reaches, that threshold, and the quality at 0.5."""

    best_f1: float
    threshold: float
    at_half: Quality


def sweep(scored: Iterable[Scored], truth: Mapping[str, str]) -> Sweep:
    """Every threshold over the pairs."""
    right = 0
    best, threshold, half = 0.0, 1.0, Quality.of(0, 0, len(truth))
    ordered = sorted(scored, key=lambda pair: -pair[2])
    for proposed, (left, other, probability) in enumerate(ordered, start=1):
        right += truth.get(left) == other
        quality = Quality.of(right, proposed, len(truth))
        if quality.f1 > best:
            best, threshold = quality.f1, probability
        if probability >= linkage.REVIEW_AT:
            half = quality
    return Sweep(best, threshold, half)


def one_to_one(scored: Iterable[Scored]) -> list[Scored]:
    """The likeliest pairs first, each row once, down to the least that is scored."""
    taken: set[str] = set()
    chosen = []
    for pair in scored:
        if taken.isdisjoint(pair[:2]):
            taken.update(pair[:2])
            chosen.append(pair)
    return chosen


def score(
    left: Sequence[Person],
    right: Sequence[Person],
    columns: Columns = columns_of,
    comparisons: Sequence[Comparison] = COMPARISONS,
) -> list[Scored]:
    """Every pair that the registry keeps, the weightiest first; of other columns, or compared otherwise."""
    prior = linkage._LIKELY_SHARE / max(len(left), len(right))
    tables = [table_of(persons, columns=columns) for persons in (left, right)]
    scored, _ = scored_pairs(tables, prior, *linkage.counted(tables), linkage._KEPT_AT, comparisons=comparisons)
    return [(pair.left, pair.right, pair.probability) for pair in scored]


@dataclass(frozen=True)
class Blocking:
    """What the exact keys keep: the share of true pairs, the share of all pairs compared, and the pairs kept."""

    surviving: float
    compared: float
    kept: frozenset[tuple[str, str]]


def blocking(
    left: Sequence[Person],
    right: Sequence[Person],
    truth: Mapping[str, str],
    columns: Columns,
) -> Blocking:
    """Run the registry's keys as they are, in DuckDB, over its own columns."""
    api = DuckDBAPI()
    base = api.duckdb_con
    for name, persons in (("l", left), ("r", right)):
        rows = [{"ref": person.ref, **columns(person)} for person in persons]
        api.register({key: [row[key] for row in rows] for key in rows[0]}, table_name=name)
    api.register({"a": list(truth), "b": list(truth.values())}, table_name="truth")
    keys = [f"coalesce({rule.condition}, false)" for rule in BLOCKING]
    compared = 0
    for index, rule in enumerate(BLOCKING):
        # Each pair once, by the first key that it shares: so does Splink count.
        earlier = " and ".join(f"not {key}" for key in keys[:index]) or "true"
        query = f"select count(*) from l join r on {rule.condition} where {earlier}"  # noqa: S608
        compared += base.execute(query).fetchall()[0][0]
    query = f"select a, b from truth join l on l.ref = a join r on r.ref = b where {' or '.join(keys)}"  # noqa: S608
    kept = frozenset((one, other) for one, other in base.execute(query).fetchall())
    base.close()
    return Blocking(len(kept) / len(truth), compared / (len(left) * len(right)), kept)


@dataclass(frozen=True)
class Stratum:
    """Of the true pairs of a stratum: how many there are, the shares found at 0.5 or better, in the one-reviewer band
    and by blocking; and the share of right pairs among those proposed whose rows look so."""

    name: str
    pairs: int
    recall: float
    confirmed: float
    surviving: float
    precision: float | None
    """None where a stratum is one of true pairs only, of which no wrong pair can be."""


_OF_TRUE_PAIRS = re.compile("^names: |in the other list$")


def by_stratum(lists: ListPair, proposed: Sequence[Pair], kept: frozenset[tuple[str, str]]) -> list[Stratum]:
    """The strata of the lists, the most frequent first."""
    band = {(pair.left_ref, pair.right_ref): pair.band for pair in proposed if pair.right_ref}
    true, found, confirmed, surviving = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for pair in lists.pairs:
        refs = pair.left, pair.right
        true.update(pair.strata)
        found.update(pair.strata if refs in band else ())
        confirmed.update(pair.strata if band.get(refs) == "confirm" else ())
        surviving.update(pair.strata if refs in kept else ())
    strata_of_pair = {(pair.left, pair.right): pair.strata for pair in lists.pairs}
    left, right = ({row.ref: row for row in rows} for rows in (lists.left, lists.right))
    looks, good = Counter[str](), Counter[str]()
    for refs in band:
        strata = strata_of_pair.get(refs) or strata_of(left[refs[0]], right[refs[1]])
        looks.update(strata)
        good.update(strata if refs in strata_of_pair else ())
    return [
        Stratum(
            name,
            count,
            found[name] / count,
            confirmed[name] / count,
            surviving[name] / count,
            None if _OF_TRUE_PAIRS.search(name) else good[name] / max(looks[name], 1),
        )
        for name, count in true.most_common()
    ]
