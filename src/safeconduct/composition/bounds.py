"""What exact arithmetic alone shows of rows: the least and the most of every number that any allowed choice has.

A row that leaves a number no room narrows that number, which narrows other rows. It is cheap, and where it shows
that nothing is left no solver need be believed.
"""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_PASSES = 8
"""Narrowing goes on for long where rows tie numbers closely; the solver does the rest."""


def narrow(
    matrix: Integers, low: NDArray[np.float64], high: NDArray[np.float64], fewest: Integers, most: Integers
) -> tuple[Integers, Integers] | None:
    """The least and the greatest value of each variable, within those given, with which every row can be kept; None if
    no values can.

    `matrix` has a row for each condition, `low` and `high` its bounds, whole or infinite and below 2^53.
    """
    rising, falling = np.maximum(matrix, 0), np.maximum(-matrix, 0)
    for _ in range(_PASSES):
        before = int(most.sum() - fewest.sum())
        for plus, minus, bound in ((rising, falling, high), (falling, rising, -low)):
            bound_to = np.isfinite(bound)
            if not bound_to.any():
                continue
            plus, minus = plus[bound_to], minus[bound_to]
            span = most - fewest
            room = bound[bound_to].astype(np.int64) - (plus @ fewest - minus @ most)
            if (room < 0).any():
                return None
            # By how many each number may lie above its least, or below its greatest, in each row.
            up = np.where(plus > 0, room[:, None] // np.maximum(plus, 1), span).min(axis=0)
            down = np.where(minus > 0, room[:, None] // np.maximum(minus, 1), span).min(axis=0)
            fewest, most = np.maximum(fewest, most - down), np.minimum(most, fewest + up)
            if (fewest > most).any():
                return None
        if int(most.sum() - fewest.sum()) == before:
            break
    return fewest, most
