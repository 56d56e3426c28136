"""What of an entry may be told at a clearance. Views are built from this and from nothing else."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.audience import audiences_of
from safeconduct.kernel.entry import Entry, type_tag


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of one entry that may be known; what may not is not there."""

    type: str
    fields: dict[str, Any]


def tell(entry: Entry, clearance: Clearance) -> Told | None:
    """The entry at a clearance; None if that clearance may not know that there is one of its type."""
    names = told_fields(type(entry), getattr(entry, "own", ()), clearance, getattr(entry, "facility", ""))
    if names is None:
        return None
    return Told(_tag_of(type(entry)), {name: getattr(entry, name) for name in names})


@lru_cache(maxsize=4096)
def told_fields(
    entry_type: type[Entry], own: tuple[str, ...], clearance: Clearance, facility: str = ""
) -> tuple[str, ...] | None:
    """The fields of an entry of that type that a clearance may know, in schema order.

    The entry concerns the parties `own` and, if it names one, a `facility`. None if it may not know that there is one.
    """
    if not clearance.may_know(entry_type.existence, own, facility):
        return None
    labels = audiences_of(entry_type).items()
    return tuple(name for name, label in labels if clearance.may_know(label, own, facility))


_tag_of = cache(type_tag)
