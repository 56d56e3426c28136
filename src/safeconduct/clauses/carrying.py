"""What was left over in earlier rounds and counts in this one: `carried = { PARTY = n }`."""

from collections.abc import Mapping

from safeconduct.clauses.page import Parameter
from safeconduct.clauses.selection import counted
from safeconduct.kernel.documents import Table, suggest
from safeconduct.kernel.errors import BadInput

Carried = tuple[tuple[str, int], ...]
"""By party, in the order of the terms."""
CARRIED = "table of party to whole number"


def read_carried(table: Table, parties: tuple[str, ...], minimum: int | None = None) -> Carried:
    """The parameter `carried`; nothing where it is lacking. Raises BadInput at line and column."""
    if not table.has("carried"):
        return ()
    inner = table.table("carried")
    for name in inner.values:
        if name not in parties:
            what = f"{name!r} has nothing to carry in this clause"
            raise BadInput(inner.fault(name, what, suggest(name, parties), of="key"))
    return tuple((name, inner.integer(name, minimum=minimum)) for name in inner.values)


def in_words(left: Mapping[str, int]) -> str:
    """`2 of RU and 1 of UA`: what is carried, for people; empty if nothing is."""
    return " and ".join(f"{counted(number)} of {party}" for party, number in left.items() if number)


CARRIED_PARAMETER = Parameter(
    "carried", CARRIED, "What earlier rounds left over (`carried` of their composition); it counts as released now."
)
"""As the kinds have it that count one side against the other."""
