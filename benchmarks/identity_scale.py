"""How long and how large matching gets on long lists: `uv run python -m benchmarks.identity_scale [--rows N] [--seed N]
[--profile P] [--alike none|surname|all] [--json]`.

Two lists of N rows are drawn by another process (its memory does not count), then matched once as a user does, with
seconds of the clock and of the processors by step, and the most memory that the program held. Lists of `sim.list_pairs`
have known truth, so quality is told too. `--alike surname`: all rows have one surname and one year of birth; `all`:
they say the same but for the ref. Seconds are of this machine, busy or not; the processors' seconds tell more.
"""

import argparse
import itertools
import multiprocessing
import pickle
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
from benchmarks.identity import machine, quality
from benchmarks.identity_measures import Quality
from benchmarks.monitoring import peak_kilobytes

from safeconduct.registry.blocking import BLOCKING
from safeconduct.registry.linkage import weigh_lists
from safeconduct.registry.unproposed import in_words
from safeconduct.sim.hands import PROFILES
from safeconduct.sim.list_pairs import as_person, draw_list_pair
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Step:
    """One step, with the seconds of the clock and of the processors that it took."""

    name: str
    seconds: float
    processor_seconds: float


@dataclass(frozen=True)
class Matched:
    """One pair of lists."""

    rows: int
    seconds: float
    processor_seconds: float
    steps: list[Step]
    peak_kilobytes: int
    weighed: int
    """Pairs that were worth keeping."""
    bands: dict[str, int]
    proposed: Quality | None
    """None where there is no truth to find."""
    confirmed: Quality | None
    crowded: list[tuple[str, int, int]]
    """Keys that too many rows share, how many values of each, and how many pairs of rows share one."""


def main() -> None:
    """Print one pair of lists' figures, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="of each list")
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--profile", default="mixed", choices=list(PROFILES))
    parser.add_argument("--alike", default="none", choices=["none", "surname", "all"])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lists")
        drawn = arguments.rows, arguments.seed, arguments.profile, arguments.alike, path
        drawing = multiprocessing.get_context("spawn").Process(target=draw, args=drawn)
        drawing.start()
        drawing.join()
        left, right, truth = pickle.loads(path.read_bytes())  # noqa: S301 - written by ourselves a moment ago
    matched = match(left, right, truth)
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode({"machine": machine(), **asdict(matched)}), indent=1).decode())
    else:
        print(f"{machine()}\n{report(matched)}")


def draw(rows: int, seed: int, profile: str, alike: str, path: Path) -> None:
    """Write two lists, and by left ref who is who."""
    if alike == "none":
        lists = draw_list_pair(seed, rows, profile)
        persons = [[as_person(row) for row in side] for side in (lists.left, lists.right)]
        truth = {pair.left: pair.right for pair in lists.pairs}
    else:
        persons = [list(_alike(rows, f"{side}{seed}", everything=alike == "all")) for side in "AB"]
        truth = {}
    path.write_bytes(pickle.dumps((*persons, truth)))


def _alike(rows: int, seed: str, *, everything: bool) -> list[Person]:
    drawn = random.Random(seed)
    given = [
        "Іван",
        "Петро",
        "Микола",
        "Сергій",
        "Андрій",
        "Василь",
        "Юрій",
        "Ігор",
        "Олег",
        "Дмитро",
        "Максим",
        "Роман",
        "Тарас",
        "Богдан",
        "Віктор",
        "Павло",
    ]
    fathers = [
        "Іванович",
        "Петрович",
        "Миколайович",
        "Сергійович",
        "Андрійович",
        "Васильович",
        "Юрійович",
        "Ігорович",
        "Олегович",
    ]
    return [
        Person(
            ref=f"{seed[0]}{number:06}",
            family_name="Іваненко",
            given_name=given[0] if everything else drawn.choice(given),
            patronymic=fathers[0] if everything else drawn.choice(fathers),
            birth_date=ImpreciseDate.parse(
                "1990-05-04" if everything else f"1990-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}"
            ),
        )
        for number in range(rows)
    ]


def match(left: list[Person], right: list[Person], truth: dict[str, str]) -> Matched:
    """Match once, on the clock."""
    marks: list[tuple[str, float, float]] = []

    def tell(step: str, _done: int, _total: int) -> None:
        if not marks or marks[-1][0] != step:
            marks.append((step, time.perf_counter(), _processors()))
            print(step, file=sys.stderr, flush=True)

    tell("beginning", 0, 0)
    weighing = weigh_lists(left, right, tell)
    tell("end", 0, 0)
    steps = [
        Step(step, after[1] - seconds, after[2] - processors)
        for (step, seconds, processors), after in itertools.pairwise(marks)
    ]
    return Matched(
        rows=len(left),
        seconds=marks[-1][1] - marks[0][1],
        processor_seconds=marks[-1][2] - marks[0][2],
        steps=steps,
        peak_kilobytes=peak_kilobytes(),
        weighed=len(weighing.scored),
        bands=dict(sorted(Counter[str](pair.band for pair in weighing.pairs).items())),
        proposed=quality(weighing.pairs, truth, ("confirm", "review")) if truth else None,
        confirmed=quality(weighing.pairs, truth, ("confirm",)) if truth else None,
        crowded=[(in_words(BLOCKING[one.rule]), one.values, one.pairs) for one in weighing.crowding.rules],
    )


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def report(matched: Matched) -> str:
    """In lines."""
    lines = [
        f"{matched.rows:,} x {matched.rows:,}: {matched.seconds:,.0f} s, {matched.processor_seconds:,.0f} s of the "
        f"processors, peak memory {matched.peak_kilobytes / 1024:,.0f} MB (the two lists in memory included)"
    ]
    lines += [f"  {one.name}: {one.seconds:,.1f} s, processors {one.processor_seconds:,.1f} s" for one in matched.steps]
    lines += [f"{matched.weighed:,} pairs weighed; " + ", ".join(f"{n:,} {band}" for band, n in matched.bands.items())]
    for name, one in (("shown to reviewers", matched.proposed), ("one reviewer", matched.confirmed)):
        if one is not None:
            lines.append(f"{name}: P {one.precision:.5f} ({one.wrong:,} of {one.pairs:,} wrong), R {one.recall:.4f}")
    lines += [f"crowded: {words}: {values:,} values, {pairs:,} pairs" for words, values, pairs in matched.crowded]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
