"""The facility's own desk: who is expected, who came, what was done; and what of it goes into the record, and how."""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Randomness
from safeconduct.reception.care import Care
from safeconduct.reception.entries import CareNoted, CareTallied
from safeconduct.reception.notes import CareLine, CareNote, Standing
from safeconduct.reception.pathway import STEP_IDS, due_by
from safeconduct.reception.sealing import FacilityKey
from safeconduct.reception.tally import TOGETHER, told


@dataclass(frozen=True, slots=True)
class CareBatch:
    """What goes into the record together: sealed notes, in no order that tells anything, and the new counts."""

    notes: tuple[CareNoted, ...]
    tally: CareTallied


class FacilityDesk:
    """One facility during one exchange, with its private key. Whom it expects, its home party has told it.

    What is not yet in the record is in memory only: `batch` gives it, `recorded` says that it is there. After a
    restart `take` reads back what the record holds.
    """

    def __init__(self, key: FacilityKey, exchange: str, expected: Iterable[str], randomness: Randomness) -> None:
        self.key = key
        self.exchange = exchange
        self.expected = frozenset(expected)
        self.care = Care()
        self._randomness = randomness
        self._waiting: dict[str, list[CareLine]] = {}

    def take(self, entry: CareNoted) -> None:
        """Read a note of the record; those of other facilities and exchanges are passed over. Raises NoteUnreadable."""
        if entry.facility == self.key.facility:
            note = self.key.open(entry.handle, entry.sealed)
            if note.exchange == self.exchange:
                self.care.take(note)

    def arrive(self, person: str, at_us: int) -> None:
        """Custody of somebody was accepted: all steps are due from now. Raises Refused."""
        if person not in self.expected:
            raise Refused(f"{self.key.facility} does not expect this person: ask the home party who it is")
        if person in self.care.persons:
            raise Refused(f"this person has arrived at {self.key.facility} already")
        self._note(person, [CareLine(step=step, standing="due", at_us=by_us) for step, by_us in due_by(at_us).items()])

    def settle(self, person: str, step: str, at_us: int, *, by: str, outcome: str = "", declined: bool = False) -> None:
        """A step of care was done, or the person declined it. Raises Refused."""
        steps = self.care.persons.get(person)
        if steps is None:
            raise Refused(f"this person has not arrived at {self.key.facility}: record the arrival first")
        if step not in steps:
            raise Refused(f"{step!r} is no step of care here; steps: {', '.join(STEP_IDS)}")
        if steps[step].settled is not None:
            raise Refused(f"{step} is on record for this person already")
        standing: Standing = "declined" if declined else "done"
        self._note(person, [CareLine(step=step, standing=standing, at_us=at_us, by=by, outcome=outcome)])

    def tally(self, now_us: int) -> CareTallied:
        """The counts as they may be told now."""
        expected = len(self.expected)
        return CareTallied(
            occurred_at_us=now_us,
            facility=self.key.facility,
            exchange=self.exchange,
            expected=expected,
            arrived=len(self.care.persons),
            due=self.care.due(),
            done={step: told(count, expected) for step, count in self.care.done().items()},
        )

    def batch(self, now_us: int, *, closing: bool = False) -> CareBatch | None:
        """What is to be recorded now; None while it concerns too few persons to hide one among the others.

        At the end of a shift (`closing`) also the rest is given, as it must not be lost.
        """
        if not self._waiting or (len(self._waiting) < TOGETHER and not closing):
            return None
        notes = [
            CareNoted(
                occurred_at_us=now_us,
                facility=self.key.facility,
                handle=self.key.handle(person),
                sealed=self.key.seal(
                    CareNote(exchange=self.exchange, person=person, lines=tuple(lines)), self._randomness
                ),
            )
            for person, lines in sorted(self._waiting.items())
        ]
        return CareBatch(tuple(sorted(notes, key=lambda note: note.handle)), self.tally(now_us))

    def recorded(self, batch: CareBatch) -> None:
        """That batch is in the record, with all that was noted of its persons."""
        there = {note.handle for note in batch.notes}
        self._waiting = {who: lines for who, lines in self._waiting.items() if self.key.handle(who) not in there}

    def _note(self, person: str, lines: list[CareLine]) -> None:
        self._waiting.setdefault(person, []).extend(lines)
        self.care.take(CareNote(exchange=self.exchange, person=person, lines=tuple(lines)))
