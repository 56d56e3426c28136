"""How far the record reaches: of how many entries each clearance may know at all."""

from collections.abc import Iterable, Sequence

from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.kernel.entry import Entry


def reach(entries: Iterable[Entry], clearances: Sequence[Clearance]) -> dict[str, int]:
    """The number of entries told at each clearance, in their order."""
    counts = {str(clearance): 0 for clearance in clearances}
    for entry in entries:
        for clearance in clearances:
            counts[str(clearance)] += tell(entry, clearance) is not None
    return counts
