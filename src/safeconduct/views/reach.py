"""How far the record reaches: of how many entries each clearance may know at all."""

from collections.abc import Iterable, Sequence

from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import told_fields
from safeconduct.kernel.entry import Entry


def reach(entries: Iterable[Entry], clearances: Sequence[Clearance]) -> dict[str, int]:
    """The number of entries told at each clearance, in their order."""
    named = [(str(clearance), clearance) for clearance in clearances]
    counts = dict.fromkeys((name for name, _ in named), 0)
    for entry in entries:
        own, facility = getattr(entry, "own", ()), getattr(entry, "facility", "")
        for name, clearance in named:
            counts[name] += told_fields(type(entry), own, clearance, facility) is not None
    return counts
