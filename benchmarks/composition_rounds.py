"""The rounds that composing is measured on: synthetic candidates, and terms with their numbers in proportion."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from safeconduct.clauses.library import Terms, read_terms
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

_NAMED = (17, 42, 55)
_CATEGORIES = ("prisoner-of-war", "civilian", "medical-personnel", "seriously-wounded-or-sick")
_RANKS = ("private", "sergeant", "lieutenant", "captain", "major", "colonel", "general")

_TWO_SIDES = """
agreement = { id = "benchmark", concluded = 2025-06-02, parties = ["RU", "UA"] }
clause = [
  { id = "wounded", kind = "release-all", of = { category = "seriously-wounded-or-sick", not = { rank = "general" } } },
  { id = "young", kind = "release-all", of = { age = "18..20", not = { rank = "general" } } },
  { id = "held-back", kind = "exclude", of = { rank = "general" } },
  { id = "named", kind = "include", of = { ref = ["RU-00017", "UA-00042", "UA-00055"] } },
  { id = "floor", kind = "count", per = "party", min = FLOOR },
  { id = "ceiling", kind = "count", max = CEILING },
  { id = "women", kind = "count", of = { sex = "F" }, max = CEILING },
  { id = "civilians", kind = "count", of = { category = "civilian" }, per = "party", max = FEW },
  { id = "officers", kind = "ratio", of = { category = "prisoner-of-war", not = { age = "18..20" } },
    between = ["RU", "UA"], ratio = "1:1", tolerance = 5,
    weights = { colonel = 15, major = 8, captain = 6, lieutenant = 4, sergeant = 2 } },
  { id = "medics", kind = "ratio", of = { category = "medical-personnel" }, between = ["UA", "RU"], ratio = "3:2",
    tolerance = 3 },
  { id = "heads", kind = "balance", tolerance = FLOOR },
  { id = "first-year", kind = "count", of = { captured_before = 2022-06-01 }, per = "party", min = FEW },
  { id = "o1", kind = "prefer", of = { category = "medical-personnel" } },
  { id = "o2", kind = "prefer", of = { age = "18..25" } },
  { id = "o3", kind = "prefer", of = { captured_before = 2022-12-31 } },
  { id = "o4", kind = "prefer", largest = true },
  { id = "o5", kind = "prefer", longest_captivity = true },
]
"""
_CLASHING = """
agreement = { id = "benchmark", concluded = 2025-06-02, parties = ["RU", "UA"] }
clause = [
  { id = "wounded", kind = "release-all", of = { category = "seriously-wounded-or-sick", not = { rank = "general" } } },
  { id = "young", kind = "release-all", of = { age = "18..20" } },
  { id = "held-back", kind = "exclude", of = { rank = "general" } },
  { id = "veto-RU", kind = "exclude", of = { held_by = "RU", rank = ["colonel", "major"] } },
  { id = "named", kind = "include", of = { ref = ["RU-00017", "UA-00042", "UA-00055"] } },
  { id = "floor", kind = "count", per = "party", min = FLOOR },
  { id = "ceiling", kind = "count", max = CEILING },
  { id = "women", kind = "count", of = { sex = "F" }, max = FEW },
  { id = "civilians", kind = "count", of = { category = "civilian" }, per = "party", max = FEW },
  { id = "officers", kind = "ratio", of = { rank = ["colonel", "major"] }, between = ["RU", "UA"], ratio = "1:1" },
  { id = "senior", kind = "count", of = { held_by = "UA", rank = ["colonel", "major"] }, min = FEW },
  { id = "heads", kind = "balance", tolerance = 5 },
  { id = "first-year", kind = "count", of = { captured_before = 2022-06-01 }, per = "party", min = EARLY },
]
"""
_MANY_PARTIES = """
agreement = { id = "benchmark", concluded = 2025-06-02, parties = PARTIES }
clause = [
  { id = "even", kind = "balance", tolerance = TOLERANCE },
  { id = "room", kind = "count", per = "party", max = ROOM },
  { id = "o1", kind = "prefer", of = { category = "seriously-wounded-or-sick" } },
  { id = "o2", kind = "prefer", of = { age = "18..25" } },
  { id = "o3", kind = "prefer", largest = true },
  { id = "o4", kind = "prefer", longest_captivity = true },
]
"""


def two_sides(each: int) -> Terms:
    """Twelve clauses and five objectives for so many persons held by each side."""
    return _terms(_TWO_SIDES, FLOOR=each // 6, CEILING=each * 4 // 5 + 1, FEW=each // 40)


def clashing(each: int) -> Terms:
    """Thirteen clauses that cannot hold together, for many reasons."""
    return _terms(_CLASHING, FLOOR=each // 6, CEILING=each // 4, FEW=each // 600, EARLY=each // 15)


def circulation(parties: Sequence[str], persons: int, tolerance: int) -> Terms:
    """Each party releases as many as it receives, give or take `tolerance`, and no more than there is room for."""
    names = ", ".join(f'"{party}"' for party in parties)
    return _terms(_MANY_PARTIES, PARTIES=f"[{names}]", TOLERANCE=tolerance, ROOM=persons * 7 // (10 * len(parties)))


def persons_of_two(seed: int, each: int) -> list[Person]:
    """Candidates held by the two sides."""
    drawn = random.Random(seed)
    return [
        _person(drawn, f"{held_by}-{number:05}", held_by, home, named=number in _NAMED)
        for held_by, home in (("RU", "UA"), ("UA", "RU"))
        for number in range(each)
    ]


def persons_of_many(seed: int, parties: Sequence[str], count: int) -> list[Person]:
    """Candidates of many parties, of which some hold many more than others."""
    drawn = random.Random(seed)
    shares = [0.2 + drawn.random() for _ in parties]
    people = []
    for number in range(count):
        held_by = drawn.choices(parties, shares)[0]
        home = drawn.choice([party for party in parties if party != held_by])
        people.append(_person(drawn, f"{held_by}-{number:05}", held_by, home, named=False))
    return people


def _person(drawn: random.Random, ref: str, held_by: str, home: str, *, named: bool) -> Person:
    born = date(1965, 1, 1) + timedelta(days=drawn.randrange(15_500))
    captured = date(2022, 3, 1) + timedelta(days=drawn.randrange(1150))
    return Person(
        ref=ref,
        sex=drawn.choices("MF", (95, 5))[0],
        birth_date=ImpreciseDate(born, born),
        rank="private" if named else drawn.choices(_RANKS, (700, 180, 60, 30, 20, 9, 1))[0],
        categories=(drawn.choices(_CATEGORIES, (85, 6, 3, 6))[0],),
        captured_on=ImpreciseDate(captured, captured),
        held_by=held_by,
        home=home,
        consent="unwilling" if not named and drawn.random() < 0.03 else "unknown",
        protected=not named and drawn.random() < 0.01,
    )


def _terms(text: str, **numbers: object) -> Terms:
    for name, number in numbers.items():
        text = text.replace(name, str(number))
    # Arrays may break over lines in TOML 1.0, inline tables may not.
    return read_terms("terms.toml", text.replace(",\n    ", ", ").encode())
