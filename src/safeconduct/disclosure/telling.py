"""What of an entry may be told at a clearance. Views are built from this and from nothing else."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.audience import Audience, audiences_of
from safeconduct.kernel.entry import Entry, type_tag


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of one entry that may be known; what may not is not there."""

    type: str
    fields: dict[str, Any]


def tell(entry: Entry, clearance: Clearance) -> Told | None:
    """The entry at a clearance; None if that clearance may not know that there is one of its type."""
    own: tuple[str, ...] = getattr(entry, "own", ())
    tag, existence, labels = _labels(type(entry))
    if not clearance.may_know(existence, own):
        return None
    return Told(tag, {name: getattr(entry, name) for name, label in labels if clearance.may_know(label, own)})


@cache
def _labels(entry_type: type[Entry]) -> tuple[str, Audience, tuple[tuple[str, Audience], ...]]:
    return type_tag(entry_type), entry_type.existence, tuple(audiences_of(entry_type).items())
