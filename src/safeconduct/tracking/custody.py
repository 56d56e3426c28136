"""Who answers for a person: the `to` of the last `accepted`, taken in the order that the contract gives (formats.md).

The clause `custody` judges each step of this; here is only where it leads. A test holds the two against each other.
"""

from collections.abc import Iterable
from itertools import groupby

from safeconduct.tracking.reports import Line

KINDS = frozenset(("offered", "accepted", "refused"))
_ORDER = {"offered": 2, "accepted": 3, "refused": 4}
_Passing = tuple[str, str]
"""From whom, to whom."""


def custodian_of(lines: Iterable[Line], first: str | None = None) -> str | None:
    """The custodian after these reports of KINDS on one person; before them `first`, by the plan, if that is known."""
    custodian = first
    open_offers: list[_Passing] = []
    confirmed: _Passing | None = None
    """From and to of the last `accepted`, while nothing has been offered since."""
    passings = (one for one in lines if isinstance(one.giver, str) and isinstance(one.taker, str))
    for _, instant in groupby(sorted(passings, key=lambda one: (one.at_us, one.id)), key=lambda one: one.at_us):
        waiting = list({(one.type, one.giver, one.taker): one for one in reversed(list(instant))}.values())
        while waiting:
            line = min(waiting, key=lambda one: _rank(one, custodian, open_offers))
            waiting.remove(line)
            passing = (line.giver, line.taker)
            if line.type == "offered":
                confirmed = None
                if passing not in open_offers:
                    open_offers.append(passing)
            elif line.type == "refused" or passing != confirmed:
                if passing in open_offers:
                    open_offers.remove(passing)
                if line.type == "accepted":
                    custodian, confirmed = line.taker, passing
    return custodian


def _rank(line: Line, custodian: str | None, open_offers: list[_Passing]) -> tuple[int, str]:
    if line.giver == custodian and line.type == "accepted" and (line.giver, line.taker) in open_offers:
        return 0, line.id
    if line.giver == custodian and line.type == "offered":
        return 1, line.id
    return _ORDER[line.type], line.id
