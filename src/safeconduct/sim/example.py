"""The example's papers from one seed: terms, sites, the parties' four lists and the reconciled candidates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.registry.candidate_list import write_candidates
from safeconduct.sim.candidates import reconciled
from safeconduct.sim.geography import CAMPS
from safeconduct.sim.lists import (
    HELD_COLUMNS,
    SOUGHT_COLUMNS,
    Language,
    ListRow,
    held_list,
    sought_list,
    write_csv,
    write_xlsx,
)
from safeconduct.sim.people import PARTIES, SimulatedPerson, draw_people
from safeconduct.sim.seeds import stream
from safeconduct.sim.sites_text import sites_text
from safeconduct.sim.terms_text import terms_text
from safeconduct.vocabulary.person import Person

PERSONS_A_SIDE = 1300

_LANGUAGES: dict[str, Language] = {"RU": "ru", "UA": "uk"}
_FILES = {
    ("RU", "held"): "lists/RU-held.csv",
    ("UA", "held"): "lists/UA-held.xlsx",
    ("RU", "sought"): "lists/RU-sought.csv",
    ("UA", "sought"): "lists/UA-sought.xlsx",
}
"""Whose list, of whom, and where it stands."""


@dataclass(frozen=True)
class Example:
    """An exchange on paper, and the truth behind it."""

    seed: int
    persons_a_side: int
    people: tuple[SimulatedPerson, ...]
    lists: Mapping[str, tuple[ListRow, ...]]
    """By file name."""
    candidates: tuple[Person, ...]
    files: Mapping[str, bytes]
    """By name: terms.toml, sites.toml, the four lists, candidates.csv."""

    def interviews(self) -> dict[str, tuple[str, bool]]:
        """What the intermediary hears and sees in the camps: by `ref` of each row of the held lists, the person's wish
        (willing, unwilling, unknown) and whether he or she is protected."""
        people = {person.id: person for person in self.people}
        return {
            row.ref: (people[row.person].consent, people[row.person].protected)
            for (_, purpose), name in _FILES.items()
            if purpose == "held"
            for row in self.lists[name]
        }

    def same_persons(self) -> Iterator[dict[str, Any]]:
        """The truth of the lists: each pair of rows of a held and a sought list that are one person, then each person
        who stands twice in one list. Both pairs of somebody listed twice are given."""
        for holder in PARTIES:
            seeker = PARTIES[1 - PARTIES.index(holder)]
            left, right = _FILES[holder, "held"], _FILES[seeker, "sought"]
            sought = {row.person: row.ref for row in self.lists[right]}
            held: dict[str, list[str]] = {}
            for row in self.lists[left]:
                held.setdefault(row.person, []).append(row.ref)
                if row.person in sought:
                    yield {
                        "truth": "same-person",
                        "left": left,
                        "left_ref": row.ref,
                        "right": right,
                        "right_ref": sought[row.person],
                        "person": row.person,
                    }
            for person, refs in held.items():
                if len(refs) > 1:
                    yield {"truth": "listed-twice", "list": left, "refs": refs, "person": person}


def make_example(seed: int, persons_a_side: int = PERSONS_A_SIDE) -> Example:
    """The papers of an exchange; the same bytes for the same seed and number."""
    people: list[SimulatedPerson] = []
    rows: dict[str, tuple[ListRow, ...]] = {}
    for home in PARTIES:
        holder = PARTIES[1 - PARTIES.index(home)]
        camps = [camp.id for camp in CAMPS[holder]]
        ours = draw_people(stream(seed, f"people/{home}"), home, persons_a_side, camps)
        people.extend(ours)
        held_random, sought_random = stream(seed, f"lists/{holder}-held"), stream(seed, f"lists/{home}-sought")
        rows[_FILES[holder, "held"]] = tuple(held_list(held_random, ours, _LANGUAGES[holder], f"{holder}-H"))
        rows[_FILES[home, "sought"]] = tuple(sought_list(sought_random, ours, _LANGUAGES[home], f"{home}-S"))
    candidates = reconciled(people, [row for each in rows.values() for row in each])
    files = {"terms.toml": terms_text(persons_a_side), "sites.toml": sites_text(people)}
    for (party, purpose), name in _FILES.items():
        columns, language = HELD_COLUMNS if purpose == "held" else SOUGHT_COLUMNS, _LANGUAGES[party]
        write_list = write_csv if name.endswith(".csv") else write_xlsx
        files[name] = write_list(rows[name], columns, language)
    files["candidates.csv"] = write_candidates(candidates)
    return Example(seed, persons_a_side, tuple(people), rows, candidates, files)
