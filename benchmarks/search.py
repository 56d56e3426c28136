"""Search in a large registry: `uv run python -m benchmarks.search [--records N] [--queries N] [--json]`.

Synthetic rows of both sides' lists, in both languages' Cyrillic and by the usual schemes in Latin letters; surnames as
unevenly frequent as Zipf's law has them. Each query is made from one row, by the rule of its stratum; the row must be
among the first 20 found. Times are of one search, warm, from the text to the reasons, without its entry in the record:
as the wall's clock has them, and the processor's, which says the same on a busy machine.
"""

import argparse
import gc
import json
import os
import platform
import resource
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from random import Random

from safeconduct.registry.entries import PersonListed
from safeconduct.registry.search_index import SearchIndex
from safeconduct.registry.search_query import parse_query
from safeconduct.sim.names import MEN, SURNAMES_RUSSIAN, SURNAMES_UKRAINIAN, draw_given
from safeconduct.sim.respelling import ukrainian_into_russian
from safeconduct.sim.romanisation import FROM_RUSSIAN, FROM_UKRAINIAN, as_typed

LIMIT = 20
_PREFIXES = "за пере під бі чор не три ку мо ла де са ві по ра при до бере сухо мало велико криво"
_SUFFIXES = "енко чук юк ак ик ко ець ів ин ський цький ич ейко аш ура ило ун ай ій ов ев ан"
_LETTERS = {False: "aeionrtslkmdpuyvgzbh", True: "аеиовнтрслкмдпуяьгзбйч"}

Spelling = tuple[str, str, str]
Asking = Callable[[Random, "Truth"], str]


class Truth:
    """One invented person: the name in Ukrainian and in Russian, the day of birth."""

    def __init__(self, random: Random, surname: str) -> None:
        given, father = draw_given(random, MEN), draw_given(random, MEN)
        self.ukrainian: Spelling = surname, given.ukrainian, father.patronymics_ukrainian[0]
        self.russian: Spelling = (
            ukrainian_into_russian(surname, by_the_book=True),
            given.russian,
            father.patronymics_russian[0],
        )
        self.born = f"{random.randint(1960, 2006)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"

    def latin(self, random: Random) -> Spelling:
        """By one of the schemes."""
        if random.random() < 0.5:
            scheme, name = random.choice(FROM_UKRAINIAN), self.ukrainian
        else:
            scheme, name = random.choice(FROM_RUSSIAN), self.russian
        family, given, patronymic = (as_typed(scheme(part), False) for part in name)
        return family, given, patronymic

    def listed(self, random: Random) -> Spelling:
        """As some list has it."""
        way = random.random()
        return self.ukrainian if way < 0.4 else self.russian if way < 0.7 else self.latin(random)


def surnames(random: Random, count: int) -> list[str]:
    """Distinct surnames: the common ones first, then what stems and endings make."""
    common = list(dict.fromkeys(SURNAMES_UKRAINIAN + SURNAMES_RUSSIAN))
    stems = sorted({name[:-cut].lower() for name in common for cut in (2, 3, 4) if len(name) - cut >= 3})
    prefixes, suffixes = ["", *_PREFIXES.split()], _SUFFIXES.split()
    found = dict.fromkeys(common)
    while len(found) < count:
        found[(random.choice(prefixes) + random.choice(stems) + random.choice(suffixes)).capitalize()] = None
    return list(found)[:count]


def records(random: Random, count: int) -> Iterator[tuple[Truth, PersonListed]]:
    """Rows of lists, each with the truth behind it."""
    names = surnames(random, max(1_000, count // 8))
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(names))))
    for number, surname in enumerate(random.choices(names, cum_weights=weights, k=count)):
        truth = Truth(random, surname)
        family, given, patronymic = truth.listed(random)
        slip = random.random()
        if slip < 0.02:
            family, given = given, family
        elif slip < 0.04:
            given = given[0] + "."
        if random.random() < 0.08:
            patronymic = ""
        drawn = random.random()
        born = "" if drawn < 0.02 else truth.born[:4] if drawn < 0.08 else truth.born
        yield (
            truth,
            PersonListed(
                occurred_at_us=1,
                own=("UA" if number % 2 else "RU",),
                list_id=f"list-{number // 50_000}",
                ref=f"R{number:07d}",
                family_name=family,
                given_name=given,
                patronymic=patronymic,
                birth_date=born,
            ),
        )


def with_errors(random: Random, word: str, count: int) -> str:
    """A word with so many typing errors."""
    cyrillic = any("Ѐ" <= letter <= "ӿ" for letter in word)
    for _ in range(count):
        at = random.randrange(len(word))
        letter = random.choice(_LETTERS[cyrillic])
        match random.randrange(4):
            case 0:
                word = word[:at] + letter + word[at:]
            case 1 if len(word) > 3:
                word = word[:at] + word[at + 1 :]
            case 2 if at + 1 < len(word):
                word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            case _:
                word = word[:at] + letter + word[at + 1 :]
    return word


def _year(truth: Truth) -> str:
    return truth.born[:4]


def _other_script(random: Random, truth: Truth) -> str:
    family, given, _ = random.choice((truth.ukrainian, truth.russian, truth.latin(random)))
    return f"{family} {given} {_year(truth)}"


def _errors(count: int, *, year: bool = True) -> Asking:
    def ask(random: Random, truth: Truth) -> str:
        family, given, _ = random.choice((truth.ukrainian, truth.russian, truth.latin(random)))
        in_given = sum(random.random() < 0.3 for _ in range(count)) if len(given) > 4 else 0
        name = f"{with_errors(random, family, count - in_given)} {with_errors(random, given, in_given)}"
        return f"{name} {_year(truth)}" if year else name

    return ask


def _swapped(random: Random, truth: Truth) -> str:
    family, given, _ = truth.latin(random)
    return f"{given} {family} {_year(truth)}"


def _swapped_with_errors(random: Random, truth: Truth) -> str:
    family, given, patronymic = truth.listed(random)
    return f"{given} {patronymic} {with_errors(random, family, 2)}"


def _initial(random: Random, truth: Truth) -> str:
    family, given, _ = random.choice((truth.ukrainian, truth.russian))
    return f"{family} {given[0]}. {_year(truth)}"


def _full(random: Random, truth: Truth) -> str:
    return f"{' '.join(truth.listed(random))} {truth.born}"


def _surname(random: Random, truth: Truth) -> str:
    return f"{truth.listed(random)[0]} {truth.born}"


STRATA: dict[str, Asking] = {
    "full name and date, any script": _full,
    "any script, year": _other_script,
    "one error, year": _errors(1),
    "two errors, year": _errors(2),
    "two errors, unknown year": _errors(2, year=False),
    "swapped, Latin, year": _swapped,
    "swapped, two errors, patronymic, no year": _swapped_with_errors,
    "initial, year": _initial,
    "surname and date alone": _surname,
}


def main() -> None:
    """Print a line a stratum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    random = Random(arguments.seed)
    listed = list(records(random, arguments.records))
    gc.freeze()
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, begun_processor = time.perf_counter(), time.process_time()
    index = SearchIndex(row for _, row in listed)
    index.search(parse_query("Шевченко Тарас"), LIMIT)
    build_s, build_processor_s = time.perf_counter() - begun, time.process_time() - begun_processor
    index_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
    told: dict[str, object] = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "records": len(index),
        "distinct_spellings": index.distinct(),
        "build_s": round(build_s, 1),
        "build_processor_s": round(build_processor_s, 1),
        "index_mb": round(index_mb),
    }
    if not arguments.json:
        print(", ".join(f"{name} {value}" for name, value in told.items()))
    strata = {}
    every: list[tuple[float, float]] = []
    for name, ask in STRATA.items():
        taken, hits, count = [], 0, max(1, arguments.queries // len(STRATA))
        for truth, row in random.choices(listed, k=count):
            text = ask(random, truth)
            wall, processor = time.perf_counter(), time.process_time()
            found = index.search(parse_query(text), LIMIT)
            taken.append((time.perf_counter() - wall, time.process_time() - processor))
            hits += any(one.row is row for one in found)
        every += taken
        strata[name] = {"queries": count, "recall_at_20": round(hits / count, 4), **_percentiles(taken)}
        if not arguments.json:
            print(f"{name}: {strata[name]}", flush=True)
    told |= {"strata": strata, "all": _percentiles(every)}
    if arguments.json:
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        print(f"all: {told['all']} (goal p50 ≤ 10, p95 ≤ 60 ms)")


def _percentiles(taken: list[tuple[float, float]]) -> dict[str, float]:
    """In milliseconds: of the wall's clock, then of the processor's."""
    found = {}
    for clock, seconds in zip(("", "_processor"), zip(*taken, strict=True), strict=True):
        ordered = sorted(seconds)
        for part in (50, 95, 99):
            found[f"p{part}{clock}_ms"] = round(ordered[len(ordered) * part // 100] * 1e3, 2)
    return found


if __name__ == "__main__":
    main()
