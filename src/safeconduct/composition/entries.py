"""What is recorded of the choice: that a round was composed, and who is in it."""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PARTIES = told_to(Audience.PARTIES)


class RoundComposed(Entry, frozen=True, kw_only=True, tag="composition.round-composed/1"):
    """The choice under the terms, or the proof that there is none."""

    existence: ClassVar[Audience] = Audience.PARTIES

    exchange: Annotated[str, _PARTIES]
    terms_sha256: Annotated[str, _PARTIES]
    status: Annotated[str, _PARTIES]
    """optimal, feasible or infeasible."""
    released: Annotated[dict[str, int], _PARTIES]
    """Persons chosen, by the party that releases them."""
    objectives: Annotated[dict[str, int], _PARTIES]
    """Value reached, by clause."""
    conflict: Annotated[tuple[str, ...], _PARTIES]
    """Clauses that cannot hold together, if the round is infeasible."""

    def sealed_under(self) -> str:
        return f"document:exchange/{self.exchange}"


class PersonChosen(Entry, frozen=True, kw_only=True, tag="composition.person-chosen/1"):
    """A person is in the round; both sides know whom they release and receive."""

    existence: ClassVar[Audience] = Audience.PARTIES

    exchange: Annotated[str, _PARTIES]
    person: Annotated[str, _PARTIES]
    held_by: Annotated[str, _PARTIES]
    home: Annotated[str, _PARTIES]

    def sealed_under(self) -> str:
        return f"person:{self.person}"
