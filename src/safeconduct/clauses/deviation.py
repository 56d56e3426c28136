"""A deviation as it is told: one line of JSON, one sentence for the duty officer."""

import msgspec

from safeconduct.kernel.times import parse_instant
from safeconduct.vocabulary.breach import Breach

UNCONFIRMED = "unconfirmed"
OPEN = "open"
WITHDRAWN = "withdrawn"

UNCERTAIN = "Unconfirmed: "
"""How the end of a message begins that names the devices still awaited."""


class Deviation(msgspec.Struct, frozen=True, kw_only=True):
    """A breach with what a person needs to act on it. The fields are those of a deviation line, in its order."""

    clause: str
    kind: str
    rule: str
    subject: str
    at: str
    """RFC 3339, UTC."""
    severity: str
    """notice, serious or critical."""
    status: str
    """unconfirmed (something may still be reported), open, or withdrawn (a late report showed that it was not so)."""
    message: str
    """The clause's wording, what was expected, what was seen; never a person's name. Times in UTC."""
    evidence: tuple[str, ...]
    """Ids of the events that it rests on."""
    waiting_for: tuple[str, ...] = ()
    """Devices that may still report what is lacking."""

    def breach(self) -> Breach:
        """What identifies it; sorts as deviations are printed."""
        return Breach(parse_instant(self.at), self.clause, self.rule, self.subject)

    def withdrawn(self, by_another_plan: bool = False) -> "Deviation":
        """The same, taken back: what was said of the devices still awaited is said no more.

        `by_another_plan`: it was told by a plan that is in force no more.
        """
        told = self.message.partition(f". {UNCERTAIN}")[0].removesuffix(".")
        why = "it was told by an earlier plan" if by_another_plan else "a late report showed that it was not so"
        message = f"Withdrawn, {why}: {told}."
        return msgspec.structs.replace(self, status=WITHDRAWN, message=message, waiting_for=())

    def line(self) -> bytes:
        """The deviation line, without its line break."""
        return msgspec.json.encode(self)
