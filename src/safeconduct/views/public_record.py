"""What anybody may know: the communiqués as released, the numbers that they tell, and the checkpoint of the record.

Built at the clearance of the public, from what may be told of each entry. Numbers stand here only because a released
communiqué tells them; before the first one there is nothing but the checkpoint.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from safeconduct.disclosure.clearance import PUBLIC
from safeconduct.disclosure.facts import AGREEMENT, DATE, TOTAL, side_of
from safeconduct.disclosure.telling import tell
from safeconduct.kernel.entry import Entry, Erased, Opened, Sealed
from safeconduct.views.operations_model import LedgerSeen

_COMMUNIQUE = "disclosure.communique-released/1"


@dataclass(frozen=True, slots=True)
class SideTotals:
    """One side's numbers as told; empty where the communiqué does not tell them."""

    party: str
    released: str
    """How many it released."""
    returned: str
    """How many returned to it."""


@dataclass(frozen=True, slots=True)
class PublicSentence:
    """A communiqué and what it tells; a text is empty where it does not tell that."""

    exchange: str
    text: str
    agreement: str
    """The agreement's title."""
    date: str
    total: str
    sides: tuple[SideTotals, ...]
    """By party; only those of whom something is told."""
    index: int
    """Of its entry."""
    released_at_us: int
    recorded_at_us: int
    """When the ledger took it."""
    released_by: str
    size: int
    root: str
    """The checkpoint that the facts were computed at; the root in base64."""


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """The public page."""

    sentences: tuple[PublicSentence, ...]
    """The latest release first; none is ever taken away."""
    ledger: LedgerSeen


class PublicRecordBuilder:
    """The public page kept up to date: `take` in the order of the ledger, `record` whenever it is shown."""

    def __init__(self) -> None:
        self._sentences: list[PublicSentence] = []
        self._known = 0

    def take(self, index: int, recorded_at_us: int, body: Opened[Entry] | Sealed | Erased) -> None:
        """Take the next entry of the ledger."""
        told = tell(body.entry, PUBLIC) if isinstance(body, Opened) else None
        if told is None:
            return
        self._known += 1
        if told.type == _COMMUNIQUE:
            self._sentences.append(_sentence(index, recorded_at_us, told.fields))

    def record(self, ledger: LedgerSeen) -> PublicRecord:
        """The page with the ledger as it stands."""
        return PublicRecord(tuple(reversed(self._sentences)), replace(ledger, known=self._known))


def _sentence(index: int, recorded_at_us: int, told: Mapping[str, Any]) -> PublicSentence:
    facts: Mapping[str, str] = told["facts"]
    sides: dict[str, SideTotals] = {}
    for fact, value in facts.items():
        side = side_of(fact)
        if side is not None:
            party, way = side
            known = sides.get(party, SideTotals(party, "", ""))
            sides[party] = replace(known, **{way: value})
    return PublicSentence(
        exchange=told["exchange"],
        text=told["text"],
        agreement=facts.get(AGREEMENT, ""),
        date=facts.get(DATE, ""),
        total=facts.get(TOTAL, ""),
        sides=tuple(sides[party] for party in sorted(sides)),
        index=index,
        released_at_us=told["occurred_at_us"],
        recorded_at_us=recorded_at_us,
        released_by=told["released_by"],
        size=told["size"],
        root=told["root"],
    )
