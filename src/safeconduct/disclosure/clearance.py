"""A clearance: on whose behalf something is read. What is not granted here is denied."""

from dataclasses import dataclass
from typing import Literal

from safeconduct.kernel.audience import Audience
from safeconduct.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Clearance:
    """The intermediary, one party, one facility that receives persons, or the public."""

    role: Literal["intermediary", "party", "facility", "public"]
    party: str = ""
    facility: str = ""

    def __str__(self) -> str:
        if self.role == "facility":
            return f"facility:{self.facility}"
        return f"party:{self.party}" if self.role == "party" else self.role

    def may_know(self, audience: Audience, own: tuple[str, ...] = (), facility: str = "") -> bool:
        """Whether a fact for that audience, concerning the parties `own` or a `facility`, may be told here."""
        if audience is Audience.FACILITY:
            return self.role == "facility" and bool(facility) and self.facility == facility
        if self.role == "intermediary" or audience is Audience.PUBLIC:
            return True
        if self.role != "party":
            return False
        return audience is Audience.PARTIES or (audience is Audience.OWN and self.party in own)


INTERMEDIARY = Clearance("intermediary")
PUBLIC = Clearance("public")


def parse_clearance(text: str, parties: tuple[str, ...], facilities: tuple[str, ...] = ()) -> Clearance:
    """Read `intermediary`, `public`, `party:ID` or `facility:ID`. Raises Refused for anything else."""
    if text == "intermediary":
        return INTERMEDIARY
    if text == "public":
        return PUBLIC
    role, _, name = text.partition(":")
    if role == "party" and name in parties:
        return Clearance("party", party=name)
    if role == "facility" and name in facilities:
        return Clearance("facility", facility=name)
    known = [*(f"party:{one}" for one in parties), *(f"facility:{one}" for one in facilities)]
    allowed = ", ".join(["intermediary", *known, "public"])
    raise Refused(f"unknown clearance {text!r}; allowed: {allowed}")
