"""What is recorded of reception: that a facility is there, what it notes of its patients, and how far it is, in counts.

What is noted of a person is encrypted to the facility before it reaches the record (`reception.sealing`): no other
reader has the key, the intermediary's server included. That such a note was made is not told to others either; they
are told counts.
"""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PARTIES = told_to(Audience.PARTIES)
_FACILITY = told_to(Audience.FACILITY)


class FacilityEnrolled(Entry, frozen=True, kw_only=True, tag="reception.facility-enrolled/1"):
    """A facility that receives persons, and the key that is sealed to. Every party sees which key that is."""

    existence: ClassVar[Audience] = Audience.PARTIES

    facility: Annotated[str, _PARTIES]
    """Its id as a place of the plan and as a custodian."""
    name: Annotated[str, _PARTIES]
    home: Annotated[str, _PARTIES]
    """The party that runs it."""
    public_key: Annotated[str, _PARTIES]
    """X25519, 64 hexadecimal digits."""
    attested_by: Annotated[str, _PARTIES]

    def sealed_under(self) -> str:
        return f"document:facility/{self.facility}"


class CareNoted(Entry, frozen=True, kw_only=True, tag="reception.care-noted/1"):
    """Something noted of one patient, for the facility alone. `occurred_at_us` is the batch's, not that of the care."""

    existence: ClassVar[Audience] = Audience.FACILITY

    facility: Annotated[str, _FACILITY]
    handle: Annotated[str, _FACILITY]
    """The facility's own pseudonym of the person; without its key nobody can tell whose."""
    sealed: Annotated[str, _FACILITY]
    """The note (`reception.notes`) under HPKE to the facility's key, base64."""

    def sealed_under(self) -> str:
        return f"document:care/{self.facility}/{self.handle}"


class CareTallied(Entry, frozen=True, kw_only=True, tag="reception.care-tallied/1"):
    """How far a facility is with those of one exchange: counts, never persons."""

    existence: ClassVar[Audience] = Audience.PARTIES

    facility: Annotated[str, _PARTIES]
    exchange: Annotated[str, _PARTIES]
    expected: Annotated[int, _PARTIES]
    """Persons whom the facility expects in all, those who arrived among them."""
    arrived: Annotated[int, _PARTIES]
    due: Annotated[dict[str, int], _PARTIES]
    """By step of care: for how many it has become due, those among them for whom it is done."""
    done: Annotated[dict[str, int], _PARTIES]
    """By step: for how many it is done or declined, which is never told apart; coarse (`reception.tally`)."""

    def sealed_under(self) -> str:
        return f"document:facility/{self.facility}"
