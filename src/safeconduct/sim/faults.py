"""The word after `--faults`: which troubles are drawn, and how badly reports travel."""

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.kernel.documents import suggest
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.sim.delivery import HEAVY_DISORDER, LIGHT_DISORDER, NO_DISORDER, Disorder
from safeconduct.sim.troubles import TROUBLES


@dataclass(frozen=True)
class FaultPlan:
    """How many troubles of each kind, and the disorder of the delivery."""

    name: str
    counts: Mapping[str, int]
    disorder: Disorder


NO_FAULTS = FaultPlan("none", {}, NO_DISORDER)
LIGHT_FAULTS = FaultPlan(
    "light",
    dict.fromkeys(("delayed-side", "absent-person", "custody-gap", "silent-tracker", "late-report"), 1),
    LIGHT_DISORDER,
)
HEAVY_FAULTS = FaultPlan("heavy", dict.fromkeys(TROUBLES, 2) | {"delayed-side": 1}, HEAVY_DISORDER)

_NAMED = {one.name: one for one in (NO_FAULTS, LIGHT_FAULTS, HEAVY_FAULTS)}


def read_faults(text: str) -> FaultPlan:
    """`none`, `light`, `heavy`, or kinds of trouble separated by commas, each with an optional number (`late-bus=3`).

    A list of troubles goes with the light disorder of delivery. Raises BadInput with what is allowed.
    """
    if text in _NAMED:
        return _NAMED[text]
    counts: dict[str, int] = {}
    for part in text.split(","):
        kind, _, number = part.strip().partition("=")
        if kind not in TROUBLES:
            raise BadInput(Fault("--faults", 1, 1, f"{kind!r} is no trouble", suggest(kind, (*_NAMED, *TROUBLES))))
        if number and not (number.isascii() and number.isdigit() and 0 < int(number) <= 99):
            raise BadInput(Fault("--faults", 1, 1, f"{number!r} is no number of troubles", "write 1 to 99"))
        counts[kind] = counts.get(kind, 0) + int(number or 1)
    return FaultPlan(text, counts, LIGHT_DISORDER)
