"""What exact arithmetic alone shows of rows: how few and how many of each class any allowed choice has.

A row whose bounds leave a class no room narrows that class, which narrows other rows. It is cheap, and where it shows
that nothing is left no solver need be believed.
"""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_PASSES = 8
"""Narrowing goes on for long where rows tie classes closely; the solver does the rest."""


def narrow(
    matrix: Integers, low: NDArray[np.float64], high: NDArray[np.float64], sizes: Integers
) -> tuple[Integers, Integers] | None:
    """The least and the greatest number of each class with which every row can be kept; None if no numbers can.

    `matrix` has a row for each condition, `low` and `high` its bounds, whole or infinite and below 2^53.
    """
    fewest, most = np.zeros_like(sizes), sizes.copy()
    rising, falling = np.maximum(matrix, 0), np.maximum(-matrix, 0)
    for _ in range(_PASSES):
        before = int(most.sum() - fewest.sum())
        for plus, minus, bound in ((rising, falling, high), (falling, rising, -low)):
            bound_to = np.isfinite(bound)
            if not bound_to.any():
                continue
            plus, minus = plus[bound_to], minus[bound_to]
            room = bound[bound_to].astype(np.int64) - (plus @ fewest - minus @ most)
            if (room < 0).any():
                return None
            # By how many each class may lie above its least number, or below its greatest, in each row.
            up = np.where(plus > 0, room[:, None] // np.maximum(plus, 1), sizes).min(axis=0)
            down = np.where(minus > 0, room[:, None] // np.maximum(minus, 1), sizes).min(axis=0)
            fewest, most = np.maximum(fewest, most - down), np.minimum(most, fewest + up)
            if (fewest > most).any():
                return None
        if int(most.sum() - fewest.sum()) == before:
            break
    return fewest, most
