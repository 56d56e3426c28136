"""A clearance: on whose behalf something is read. What is not granted here is denied."""

from dataclasses import dataclass
from typing import Literal

from safeconduct.kernel.audience import Audience
from safeconduct.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Clearance:
    """The intermediary, one party, or the public."""

    role: Literal["intermediary", "party", "public"]
    party: str = ""

    def __str__(self) -> str:
        return f"party:{self.party}" if self.role == "party" else self.role

    def may_know(self, audience: Audience, own: tuple[str, ...] = ()) -> bool:
        """Whether a fact for that audience, concerning the parties `own`, may be told at this clearance."""
        if self.role == "intermediary" or audience is Audience.PUBLIC:
            return True
        if self.role != "party":
            return False
        return audience is Audience.PARTIES or (audience is Audience.OWN and self.party in own)


INTERMEDIARY = Clearance("intermediary")
PUBLIC = Clearance("public")


def parse_clearance(text: str, parties: tuple[str, ...]) -> Clearance:
    """Read `intermediary`, `public` or `party:ID`. Raises Refused for anything else."""
    if text == "intermediary":
        return INTERMEDIARY
    if text == "public":
        return PUBLIC
    role, _, party = text.partition(":")
    if role == "party" and party in parties:
        return Clearance("party", party)
    allowed = ", ".join(["intermediary", *(f"party:{one}" for one in parties), "public"])
    raise Refused(f"unknown clearance {text!r}; allowed: {allowed}")
