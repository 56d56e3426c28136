"""The built-in clause `integrity`: reports that cannot all be true as they stand. The sift finds them."""

from collections.abc import Iterable

from safeconduct.clauses.finding import Finding
from safeconduct.tracking.sifting import Flaw

INTEGRITY = "integrity"
"""The id and the kind of the clause."""
WORDING = "What is reported can be relied on."
SEVERITY = "serious"

_EXPECTED_SEEN = {
    "future": (
        "no report from the future",
        "a report is dated more than 5 minutes after its receipt and stands aside: that device's clock is wrong",
    ),
    "clone": (
        "each device to number its reports once",
        "two different reports carry the same number of the same device: its key may be copied",
    ),
    "conflict": (
        "a repeated report to say the same",
        "one report was received with different contents; the earliest, else the smallest, stands",
    ),
}


def integrity_findings(flaws: Iterable[Flaw]) -> Iterable[Finding]:
    """The breaches (`future`, id, at), (`clone`, device/number, at), (`conflict`, id, at)."""
    for flaw in flaws:
        expected, seen = _EXPECTED_SEEN[flaw.rule]
        yield Finding(flaw.rule, flaw.subject, flaw.at_us, expected, seen, flaw.evidence)
