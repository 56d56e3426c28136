"""The candidates of a round: what each must say to be placed, who may be exchanged, how long they have been held."""

from collections.abc import Sequence, Set
from datetime import date

import msgspec

from safeconduct.kernel.documents import suggest
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.vocabulary.person import Person


def may_be_exchanged(person: Person) -> bool:
    """Whether the built-in clause `protected` lets the person be chosen.

    Nobody is sent back who is protected or does not want to go (GC III, art. 109; ICRC commentary of 2020 on art. 118).
    What is told of it is one word for both, which the unfit and those judicially held share.
    """
    return not person.protected and person.consent != "unwilling"


def captivity_days(person: Person, until: date) -> int:
    """Days from capture, at its latest possible date, to `until`; never below 0, and 0 if the capture is unknown."""
    if person.captured_on is None:
        return 0
    return max(0, (until - person.captured_on.latest).days)


def hold_back(persons: Sequence[Person], unreadable: Sequence[Set[str]]) -> tuple[Person, ...]:
    """The persons, those protected whose `consent` or `protected` stands in a cell that could not be read.

    What may say that a person must not go is never taken to say that they may. `unreadable` names each person's fields
    that are empty for that reason.
    """
    return tuple(
        msgspec.structs.replace(person, protected=True) if lost & {"consent", "protected"} else person
        for person, lost in zip(persons, unreadable, strict=True)
    )


def check_candidates(name: str, persons: Sequence[Person], lines: Sequence[int], parties: tuple[str, ...]) -> None:
    """Refuse candidates who cannot be placed: a chosen person is released by `held_by` to `home`, two parties.

    `lines` are the rows' line numbers in the file `name`. Raises BadInput with a fault for every such row.
    """
    faults: list[Fault] = []
    for person, line in zip(persons, lines, strict=True):
        for field, value in (("held_by", person.held_by), ("home", person.home)):
            if value not in parties:
                faults.append(Fault(name, line, 1, *_misplaced(person.ref, field, value, parties)))
        if person.held_by == person.home in parties:
            what = f"the candidate {person.ref!r} is held by {person.home!r}, their own home party"
            faults.append(Fault(name, line, 1, what, "write who holds them, or leave them out"))
    if faults:
        raise BadInput(faults)


def check_captures(name: str, persons: Sequence[Person], lines: Sequence[int], today: date) -> None:
    """Refuse candidates captured after `today`: such a date is a slip, and would count as no day of captivity.

    `lines` are the rows' line numbers in the file `name`. Raises BadInput with a fault for every such row.
    """
    faults: list[Fault] = []
    for person, line in zip(persons, lines, strict=True):
        if person.captured_on is not None and person.captured_on.earliest > today:
            what = f"the candidate {person.ref!r} was captured on {person.captured_on}, which is yet to come"
            faults.append(Fault(name, line, 1, what, "mend the date"))
    if faults:
        raise BadInput(faults)


def _misplaced(ref: str, field: str, value: str, parties: tuple[str, ...]) -> tuple[str, str]:
    if value:
        return f"the candidate {ref!r} has {field} {value!r}, no party of the agreement", suggest(value, parties)
    who = "who releases them" if field == "held_by" else "where they go home to"
    return f"the candidate {ref!r} has no {field}", f"write the party {who} ({', '.join(parties)})"
