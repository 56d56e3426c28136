"""Two lists of invented persons with the truth of who stands in both: what matching is measured on.

Nothing here knows how the registry matches. Names, families and namesakes are drawn by `sim.population`, written by
the hands of `sim.hands`; each true pair carries the strata it belongs to, so that what is lost can be told apart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.sim.hands import PROFILES, Hand, Profile
from safeconduct.sim.handwriting import Written, write_row
from safeconduct.sim.lists import ListRow, as_iso
from safeconduct.sim.lists import write_csv as write_csv_with_headings
from safeconduct.sim.population import KINDS, WITH_ARABIC, Bearer, draw_population
from safeconduct.sim.schemes import ARABIC, OWN_ALPHABET, SCHEMES
from safeconduct.sim.seeds import stream
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

COLUMNS = ("ref", "family_name", "given_name", "patronymic", "sex", "birth_date", "rank", "service_number", "unit")


@dataclass(frozen=True)
class PairRow:
    """One row: whose it is in truth, its cells, how the name is written, and what is amiss."""

    person: str
    cells: Mapping[str, str]
    way: str
    flags: frozenset[str]

    @property
    def ref(self) -> str:
        """The list's own identifier of the row."""
        return self.cells["ref"]

    @property
    def script(self) -> str:
        """`uk`, `ru` or `be` Cyrillic, `Latin` or `Arabic`."""
        if self.way in SCHEMES or self.way == OWN_ALPHABET:
            return "Latin"
        return "Arabic" if self.way == ARABIC else self.way


@dataclass(frozen=True)
class TruePair:
    """The two rows of one person, and the strata of the pair."""

    left: str
    right: str
    strata: frozenset[str]


@dataclass(frozen=True)
class ListPair:
    """Both lists in the order of their files, who is who, and the persons themselves by id."""

    profile: Profile
    left: tuple[PairRow, ...]
    right: tuple[PairRow, ...]
    pairs: tuple[TruePair, ...]
    people: Mapping[str, Bearer]


def draw_list_pair(
    seed: int, rows: int, profile: str = "bureaus", *, common: float = 0.5, arabic: bool = False
) -> ListPair:
    """Two lists of `rows` rows each, `common` of them of the same persons. `profile` is of `hands.PROFILES`."""
    hands = PROFILES[profile]
    both = round(rows * common)
    kinds = WITH_ARABIC if arabic else KINDS
    people = draw_population(stream(seed, f"list-pairs/{profile}/people"), 2 * rows - both, kinds)
    left = _list(seed, profile, "A", people[:rows], hands.left)
    right = _list(seed, profile, "B", people[rows - both :], hands.right)
    by_id = {person.id: person for person in people}
    return ListPair(hands, left, right, tuple(_true_pairs(left, right, by_id)), by_id)


def strata_of(left: PairRow, right: PairRow) -> frozenset[str]:
    """What can be said of two rows, of one person or not: scripts, schemes, and what is amiss on either side."""
    strata = {"script: " + " and ".join(sorted((left.script, right.script), key=_ORDER.index))}
    strata |= {f"scheme: {row.way}" for row in (left, right) if row.script == "Latin"}
    if {_language(left), _language(right)} == {"uk", "ru"}:
        strata.add("translated")
    flags = left.flags | right.flags
    return frozenset(strata | flags | (set() if flags else {"nothing amiss"}))


def as_person(row: PairRow) -> Person:
    """The row as `read_list` reads it."""
    born = as_iso(row.cells["birth_date"])
    return Person(
        ref=row.ref,
        family_name=row.cells["family_name"],
        given_name=row.cells["given_name"],
        patronymic=row.cells["patronymic"],
        sex="F" if row.cells["sex"] in ("ж", "F") else "M",
        birth_date=ImpreciseDate.parse(born) if born else None,
        rank=row.cells["rank"],
        service_number=row.cells["service_number"],
        unit=row.cells["unit"],
    )


def write_csv(rows: Iterable[PairRow], hand: Hand) -> bytes:
    """The list as its bureau would send it."""
    listed = [ListRow(row.person, dict(row.cells)) for row in rows]
    if hand.heading is not None:
        return write_csv_with_headings(listed, COLUMNS, hand.heading)
    lines = [",".join(COLUMNS), *(",".join(row.cells[column] for column in COLUMNS) for row in listed)]
    return "".join(line + "\n" for line in lines).encode()


_ORDER = ("uk", "ru", "be", "Latin", "Arabic")


def _language(row: PairRow) -> str:
    return SCHEMES[row.way].language if row.way in SCHEMES else row.way


def _list(seed: int, profile: str, prefix: str, people: Iterable[Bearer], hand: Hand) -> tuple[PairRow, ...]:
    random = stream(seed, f"list-pairs/{profile}/{prefix}")
    written: list[tuple[Bearer, Written]] = [(person, write_row(random, person, hand)) for person in people]
    random.shuffle(written)
    return tuple(
        PairRow(person.id, {"ref": f"{prefix}{number:06d}", **row.cells}, row.way, row.flags)
        for number, (person, row) in enumerate(written, start=1)
    )


def _true_pairs(left: Iterable[PairRow], right: Iterable[PairRow], people: Mapping[str, Bearer]) -> Iterable[TruePair]:
    rights = {row.person: row for row in right}
    near = _Near(people[person] for person in rights)
    for row in left:
        other = rights.get(row.person)
        if other is not None:
            person = people[row.person]
            strata = strata_of(row, other) | near.of(person) | {f"names: {person.kind}"}
            yield TruePair(row.ref, other.ref, strata)


class _Near:
    """Who of a list could be taken for a person: namesakes, brothers, fathers and sons."""

    def __init__(self, people: Iterable[Bearer]) -> None:
        self._namesakes: Counter[object] = Counter()
        self._siblings: Counter[object] = Counter()
        for person in people:
            self._namesakes[person.full_name] += 1
            self._siblings[person.family, person.patronymic] += 1

    def of(self, person: Bearer) -> set[str]:
        namesakes = self._namesakes[person.full_name]
        strata = {"namesake in the other list"} if namesakes > 1 else set()
        if self._siblings[person.family, person.patronymic] > namesakes:
            strata.add("same surname and patronymic in the other list")
        return strata
