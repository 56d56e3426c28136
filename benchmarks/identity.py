"""The identity rows of the goals: `uv run python -m benchmarks.identity [--rows N] [--seeds N] [--profiles P …]
[--ablations N] [--json]`.

Lists are drawn by `sim.list_pairs` with known truth, half of each list standing in the other; every profile of clerks
is measured on every seed, and never one number alone: the bands, what blocking keeps, every stratum, and what each part
adds (`identity_ablation`; its first steps are the baselines that the goals name). Quality is exact for a seed; seconds
and memory are of this machine, busy or not. `--examples N` prints rows of pairs that were missed or wrongly proposed.
"""

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import msgspec
from benchmarks.identity_ablation import ablation
from benchmarks.identity_measures import (
    Quality,
    Stratum,
    Sweep,
    blocking,
    by_stratum,
    one_to_one,
    score,
    sweep,
)
from benchmarks.monitoring import peak_kilobytes

from safeconduct.registry.evidence import columns_of
from safeconduct.registry.linkage import Pair, match_lists
from safeconduct.sim.hands import PROFILES
from safeconduct.sim.list_pairs import ListPair, PairRow, as_person, draw_list_pair


@dataclass(frozen=True)
class Measured:
    """One profile on one seed."""

    profile: str
    seed: int
    rows: int
    true_pairs: int
    registry: Sweep
    proposed: Quality
    confirmed: Quality
    surviving_blocking: float
    share_compared: float
    seconds: float
    strata: list[Stratum]
    ablation: list[tuple[str, Sweep]]


@dataclass(frozen=True)
class Weighed:
    """What matching made of one pair of lists: its pairs, what each weighed pair was worth, and what blocking kept."""

    pairs: list[Pair]
    probabilities: dict[tuple[str, str], float]
    kept: frozenset[tuple[str, str]]


def main() -> None:
    """Print the tables, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="of each list")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=101)
    parser.add_argument("--profiles", nargs="*", default=list(PROFILES), choices=list(PROFILES))
    parser.add_argument("--ablations", type=int, default=1, help="seeds of each profile on which parts are turned off")
    parser.add_argument("--examples", type=int, default=0, help="missed and wrong pairs to print of each cause")
    parser.add_argument("--arabic", action="store_true", help="a quarter of the names Arab")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    measured: list[Measured] = []
    for profile in arguments.profiles:
        for index in range(arguments.seeds):
            seed = arguments.first_seed + index
            lists = draw_list_pair(seed, arguments.rows, profile, arabic=arguments.arabic)
            one, weighed = measure(lists, seed, with_ablation=index < arguments.ablations, progress=_tell)
            measured.append(one)
            if not arguments.json and arguments.examples and index == 0:
                print("\n".join(examples(lists, weighed, arguments.examples)))
    if arguments.json:
        document = {"machine": machine(), "measured": [asdict(one) for one in measured], "peak_kB": peak_kilobytes()}
        print(msgspec.json.format(msgspec.json.encode(document), indent=1).decode())
        return
    print(machine())
    for profile in arguments.profiles:
        print("\n".join(report([one for one in measured if one.profile == profile])))
    print(f"\npeak memory of the whole run: {peak_kilobytes() / 1024:,.0f} MB")


def machine() -> str:
    """What it ran on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def measure(
    lists: ListPair, seed: int, *, with_ablation: bool, progress: Callable[[str], None]
) -> tuple[Measured, Weighed]:
    """Match once as a user does, on the clock; then look at the scores and the keys."""
    name = lists.profile.name
    left, right = [as_person(row) for row in lists.left], [as_person(row) for row in lists.right]
    truth = {pair.left: pair.right for pair in lists.pairs}
    progress(f"{name}, seed {seed}: matching {len(left):,} with {len(right):,}")
    started = time.perf_counter()
    pairs = match_lists(left, right)
    seconds = time.perf_counter() - started
    progress("scores and keys")
    kept = blocking(left, right, truth, columns_of)
    scored = score(left, right)
    one = Measured(
        profile=name,
        seed=seed,
        rows=len(left),
        true_pairs=len(truth),
        registry=sweep(one_to_one(scored), truth),
        proposed=quality(pairs, truth, ("confirm", "review")),
        confirmed=quality(pairs, truth, ("confirm",)),
        surviving_blocking=kept.surviving,
        share_compared=kept.compared,
        seconds=seconds,
        strata=by_stratum(lists, pairs, kept.kept),
        ablation=list(ablation(left, right, truth, progress)) if with_ablation else [],
    )
    return one, Weighed(pairs, {(a, b): probability for a, b, probability in scored}, kept.kept)


def quality(pairs: Sequence[Pair], truth: Mapping[str, str], bands: Sequence[str]) -> Quality:
    """Of the pairs in these bands."""
    proposed = [pair for pair in pairs if pair.right_ref and pair.band in bands]
    right = sum(truth.get(pair.left_ref) == pair.right_ref for pair in proposed)
    return Quality.of(right, len(proposed), len(truth))


def report(measured: Sequence[Measured]) -> Iterator[str]:
    """A profile's tables."""
    first = measured[0]
    yield f"\n== {first.profile}: {first.rows:,} x {first.rows:,}, {first.true_pairs:,} true pairs, seeds " + ", ".join(
        str(one.seed) for one in measured
    )
    yield from (
        f"seed {one.seed}: best F1 {one.registry.best_f1:.4f} (at {one.registry.threshold:.3f}); shown to reviewers P "
        f"{one.proposed.precision:.4f} R {one.proposed.recall:.4f} F1 {one.proposed.f1:.4f}; one reviewer P "
        f"{one.confirmed.precision:.5f} ({one.confirmed.wrong} of {one.confirmed.pairs:,} wrong) R "
        f"{one.confirmed.recall:.4f}; blocking keeps {one.surviving_blocking:.4f} of true pairs and compares "
        f"{one.share_compared:.4%}; {one.seconds:.1f} s end to end"
        for one in measured
    )
    yield "\n| stratum | pairs a seed | recall | one reviewer | blocking keeps | precision |\n|---|---|---|---|---|---|"
    by_name: dict[str, list[Stratum]] = {}
    for one in measured:
        for stratum in one.strata:
            by_name.setdefault(stratum.name, []).append(stratum)
    for name, strata in by_name.items():
        count = sum(stratum.pairs for stratum in strata)
        shares = " | ".join(
            "–" if None in column else f"{sum(v * s.pairs for v, s in zip(column, strata, strict=True)) / count:.3f}"
            for column in zip(*((s.recall, s.confirmed, s.surviving, s.precision) for s in strata), strict=True)
        )
        yield f"| {name} | {count / len(measured):,.0f} | {shares} |"
    steps = [one.ablation for one in measured if one.ablation]
    if steps:
        yield f"\n| part (seeds: {len(steps)}) | best F1 | P at 0.5 | R at 0.5 | F1 at 0.5 |\n|---|---|---|---|---|"
    for rows in zip(*steps, strict=True):
        sweeps = [row[1] for row in rows]
        values = [
            statistics.mean(column)
            for column in zip(
                *((s.best_f1, s.at_half.precision, s.at_half.recall, s.at_half.f1) for s in sweeps), strict=True
            )
        ]
        yield f"| {rows[0][0]} | " + " | ".join(f"{value:.3f}" for value in values) + " |"


def examples(lists: ListPair, weighed: Weighed, count: int) -> Iterator[str]:
    """True pairs that were not proposed, by cause, and proposed pairs that are not true, with what is known of them."""
    left, right = ({row.ref: row for row in rows} for rows in (lists.left, lists.right))
    truth = {pair.left: pair for pair in lists.pairs}
    chosen = {pair.left_ref: pair for pair in weighed.pairs if pair.right_ref}
    taken = {pair.right_ref for pair in chosen.values()}
    causes: dict[str, list[str]] = {}
    for one in lists.pairs:
        refs = one.left, one.right
        if one.left in chosen and chosen[one.left].right_ref == one.right:
            continue
        lost = one.left in chosen or one.right in taken
        cause = "another row was chosen" if lost else "weighs too little"
        told = f"{_row(left[one.left])} / {_row(right[one.right])}: p {weighed.probabilities.get(refs, 0):.3f}; "
        causes.setdefault(cause if refs in weighed.kept else "shares no key", []).append(
            told + ", ".join(sorted(stratum for stratum in one.strata if "scheme" not in stratum))
        )
    for found in chosen.values():
        if found.left_ref in truth and truth[found.left_ref].right == found.right_ref:
            continue
        told = f"{_row(left[found.left_ref])} / {_row(right[found.right_ref])}: p {found.probability:.3f}; "
        causes.setdefault(f"wrong, {found.band}", []).append(told + "; ".join(found.reasons[:3]))
    for cause, lines in sorted(causes.items()):
        yield f"\n{lists.profile.name}: {cause}: {len(lines)}"
        yield from lines[:: max(len(lines) // count, 1)][:count]


def _row(row: PairRow) -> str:
    cells = row.cells
    return " ".join(cells[key] or "_" for key in ("family_name", "given_name", "patronymic", "birth_date", "unit"))


def _tell(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
