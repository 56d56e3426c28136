"""Planted bugs: an evaluator that is wrong must differ from the truth on fixed seeds; the right one never may."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import MINUTE_US, parse_instant
from safeconduct.logistics.plan import Plan
from safeconduct.sim.example import make_example
from safeconduct.sim.faults import HEAVY_FAULTS
from safeconduct.sim.seed_check import Batches, Evaluate, check_seed, evaluate_all
from safeconduct.sim.seeds import derived_seeds
from safeconduct.sim.settled import Settled, settle
from safeconduct.sim.terms_text import terms_text
from safeconduct.tracking.events import read_event
from safeconduct.vocabulary.breach import Breach

SEEDS = (1, 2, 3)


def commit_under_test() -> str:
    """The commit that is checked out; outside a repository a fixed word."""
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "no commit"


@pytest.fixture(scope="module")
def settled() -> Settled:
    """A small round, planned."""
    return settle(make_example(8, 30))


def drop_late(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: what arrives more than an hour late is forgotten."""
    kept = [
        [line for line in batch if parse_instant(line["received_at"]) - parse_instant(line["at"]) < 60 * MINUTE_US]
        for batch in batches
    ]
    return evaluate_all(terms, plan, kept)


def ignore_voids(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: mis-scans stay although withdrawn."""
    return evaluate_all(terms, plan, [[line for line in batch if line["type"] != "voided"] for batch in batches])


def count_repetitions(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: a report sent twice counts as two."""
    seen: dict[str, int] = {}

    def again(line: dict[str, Any]) -> dict[str, Any]:
        seen[line["id"]] = seen.get(line["id"], 0) + 1
        return line if seen[line["id"]] == 1 else line | {"id": f"{line['id']}#{seen[line['id']]}"}

    return evaluate_all(terms, plan, [[again(line) for line in batch] for batch in batches])


def believe_the_order_of_arrival(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: a report older than one already seen of the same person is taken as outdated."""
    latest: dict[str, int] = {}
    kept = []
    for batch in batches:
        for line in batch:
            person, at_us = str(line.get("person", line["id"])), parse_instant(line["at"])
            if at_us >= latest.get(person, 0):
                latest[person] = at_us
                kept.append(line)
    return evaluate_all(terms, plan, [kept])


def judge_batches_alone(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: each batch is judged by itself, and what was ever found stands."""
    found = {one.breach(): one for batch in batches[-40:] for one in evaluate_all(terms, plan, [batch])}
    return [found[breach] for breach in sorted(found)]


def never_withdraw(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: an alarm once shown stays."""
    watch = Watch(terms, plan)
    shown: dict[Breach, Deviation] = {}
    for index, batch in enumerate(batches):
        watch.arrive(read_event(line) for line in batch)
        if index % 12 == 0 or index == len(batches) - 1:
            watch.judge()
            shown.update({one.breach(): one for one in watch.standing()})
    return [shown[breach] for breach in sorted(shown)]


def deadline_off_by_one(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: a bound of the terms is a second short."""
    text = terms_text(30).replace(b'late = "45m"', b'late = "44m59s"')
    return evaluate_all(read_terms(terms.text.document.name, text), plan, batches)


def forget_a_clause(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: one kind is never judged."""
    return [one for one in evaluate_all(terms, plan, batches) if one.clause != "custody"]


def wrong_subject(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """Bug: the vehicle is told in place of the leg."""
    return [
        msgspec.structs.replace(one, subject=one.subject.rsplit("-", 1)[0]) if one.clause == "punctual" else one
        for one in evaluate_all(terms, plan, batches)
    ]


@pytest.mark.parametrize(
    "bug",
    [
        drop_late,
        ignore_voids,
        count_repetitions,
        believe_the_order_of_arrival,
        judge_batches_alone,
        never_withdraw,
        deadline_off_by_one,
        forget_a_clause,
        wrong_subject,
    ],
)
def test_a_planted_bug_is_caught(settled: Settled, bug: Evaluate) -> None:
    """On at least one of the fixed seeds, truth and verdict differ."""
    assert any(not check_seed(settled, seed, HEAVY_FAULTS, bug).agrees for seed in SEEDS)


def test_the_watch_comes_to_the_truth_step_by_step(settled: Settled) -> None:
    """Judged after every two hours of arrivals, what stands in the end is what is true."""

    def watch_in_steps(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
        watch = Watch(terms, plan)
        for index, batch in enumerate(batches):
            watch.arrive(read_event(line) for line in batch)
            if index % 12 == 0:
                watch.judge()
        watch.judge()
        return watch.standing()

    assert check_seed(settled, SEEDS[0], HEAVY_FAULTS, watch_in_steps).agrees


def test_seeds_nobody_chose(settled: Settled) -> None:
    """Seeds derived from the commit under test agree like the fixed ones, so that each commit looks at others."""
    for seed in derived_seeds(commit_under_test(), 4):
        verdict = check_seed(settled, seed, HEAVY_FAULTS)
        assert verdict.agrees, f"seed {seed}: {set(verdict.true) ^ set(verdict.found)}"
