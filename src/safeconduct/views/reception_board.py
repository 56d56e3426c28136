"""The board of a facility's doctors: for each patient what is due, overdue, done. Only for that facility, with its key.

Built, like every view, from what may be told of each entry at the clearance `facility:ID`; the notes among that are
opened with the facility's private key, which nobody else has.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.reception.care import Care, StepCare
from safeconduct.reception.pathway import STEP_IDS
from safeconduct.reception.sealing import FacilityKey, NoteUnreadable

STANDINGS = ("overdue", "due", "declined", "done")
"""What needs somebody first."""


@dataclass(frozen=True, slots=True)
class StepOnBoard:
    """One step for one patient. Moments are microseconds since 1970 UTC."""

    step: str
    standing: str
    """Of `STANDINGS`."""
    due_us: int | None
    """By when; None if the note of the arrival cannot be read."""
    settled_us: int | None
    by: str
    outcome: str


@dataclass(frozen=True, slots=True)
class PatientOnBoard:
    """One patient."""

    person: str
    steps: tuple[StepOnBoard, ...]


@dataclass(frozen=True, slots=True)
class ReceptionBoard:
    """Everything on the board."""

    facility: str
    exchange: str
    patients: tuple[PatientOnBoard, ...]
    """Those with a step overdue first, then by the next moment at which one is due, then by id."""
    counts: dict[str, dict[str, int]]
    """By step, how many patients are at each of `STANDINGS`."""
    unreadable: int
    """Notes that do not open: sealed to another key, or changed. Look into it at once."""


def reception_board(
    entries: Iterable[Entry], clearance: Clearance, key: FacilityKey, exchange: str, now_us: int
) -> ReceptionBoard:
    """The board for one exchange at a moment.

    Raises Refused for any other clearance than that of the key's facility, NoteUnreadable if there are notes and none
    of them opens: then this is not the key that they were sealed to.
    """
    if clearance != Clearance("facility", facility=key.facility):
        raise Refused(f"the board of {key.facility} is not shown at clearance {clearance}")
    care, read, unreadable, error = Care(), 0, 0, NoteUnreadable("")
    for entry in entries:
        told = tell(entry, clearance)
        if told is None or told.type != "reception.care-noted/1":
            continue
        try:
            note = key.open(told.fields["handle"], told.fields["sealed"])
        except NoteUnreadable as found:
            unreadable, error = unreadable + 1, found
            continue
        read += 1
        if note.exchange == exchange:
            care.take(note)
    if unreadable and not read:
        raise error
    patients = sorted((_patient(person, steps, now_us) for person, steps in care.persons.items()), key=_urgency)
    counts = {
        step: Counter(one.standing for who in patients for one in who.steps if one.step == step) for step in STEP_IDS
    }
    return ReceptionBoard(
        facility=key.facility,
        exchange=exchange,
        patients=tuple(patients),
        counts={step: {standing: found[standing] for standing in STANDINGS} for step, found in counts.items()},
        unreadable=unreadable,
    )


def _patient(person: str, steps: dict[str, StepCare], now_us: int) -> PatientOnBoard:
    return PatientOnBoard(
        person,
        tuple(
            StepOnBoard(
                step=step,
                standing=care.standing(now_us),
                due_us=care.due_us,
                settled_us=care.settled.at_us if care.settled else None,
                by=care.settled.by if care.settled else "",
                outcome=care.settled.outcome if care.settled else "",
            )
            for step in STEP_IDS
            if (care := steps.get(step)) is not None
        ),
    )


def _urgency(patient: PatientOnBoard) -> tuple[bool, bool, int, str]:
    open_steps = [one for one in patient.steps if one.settled_us is None]
    overdue = any(one.standing == "overdue" for one in open_steps)
    return not overdue, not open_steps, min((one.due_us or 0 for one in open_steps), default=0), patient.person
