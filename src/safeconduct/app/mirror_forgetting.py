"""What a mirror must forget after an erasure: what the ledger told it and tells no more.

The ledger tells a party that there was an erasure, and not whose data it took. So the mirror asks again for all that it
was told before. What is lacking now must be such as an erasure can reach, else nothing is forgotten and it is said.
What the ledger's keeper says to have lost is told no more either: of that the mirror keeps all that it has.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.entries import RecordRecovered
from safeconduct.app.told_again import ToldAs, told_of
from safeconduct.disclosure.entries import DataErased
from safeconduct.exchange.erasable import is_erasable
from safeconduct.ledger.disclosed_lines import decode_line


@dataclass(frozen=True, slots=True)
class Erased:
    """What the ledger erased."""

    erasures: frozenset[int]
    """The entries that say so."""
    gone: frozenset[int]
    """Those of which it told something before and tells nothing now."""


def is_erasure(told: ToldAs) -> bool:
    """Whether an entry says that data were erased."""
    return told.entry_type is DataErased


def said_lost(position: int, told: ToldAs) -> range:
    """The entries before it that an entry says to be lost to the ledger's keeper; none if it says nothing of it."""
    if told.entry_type is not RecordRecovered:
        return range(0)
    fields = told.told.fields
    return range(max(0, fields.get("first", 0)), min(fields.get("size", 0), position))


def beyond_erasure(held: Iterable[tuple[int, bytes]], gone: Collection[int]) -> list[str]:
    """What is wrong with telling nothing more of these entries: each of which no erasure could take what it says."""
    problems = []
    for index, line in held:
        if index in gone:
            told = told_of(decode_line(line))
            if not is_erasable(told.entry_type, told.told.fields):
                problems.append(f"entry {index}: {told.told.type} is told no more, which no erasure can reach")
    return problems
