"""The built-in clause `integrity`: reports that cannot all be true as they stand. The sift finds them."""

from collections.abc import Iterable

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.page import RUN, KindPage, Rule
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


INTEGRITY_PAGE = KindPage(
    kind="integrity",
    summary="what is reported can be relied on",
    judges=(RUN,),
    meaning=(
        "It stands in every agreement, unwritten, and looks at the lines themselves before any clause looks at what "
        "they say. A line dated more than 5 minutes after its receipt stands aside from all else; two different "
        "lines with one number of one device, or with one id, are told, and of one id a single one counts: the "
        "earliest, else the smallest. What happened is then judged on the lines that remain."
    ),
    formula=(
        "for all lines: at(e) <= received_at(e) + 5m; device(e) = device(f) AND device_seq(e) = device_seq(f) IMPLIES\n"
        "  id(e) = id(f); id(e) = id(f) IMPLIES content(e) = content(f)"
    ),
    source=(
        "None in law: a wrong clock, a copied key or a report that was changed afterwards would otherwise decide who "
        "broke the agreement."
    ),
    duty=(
        "What is reported can be relied on: expected each device to number its reports once; two different reports "
        "carry the same number of the same device: its key may be copied."
    ),
    rules=(
        Rule("future", "the event's id", "its `at`", "dated more than 5 minutes after its receipt"),
        Rule("clone", "device/device_seq", "the largest `at`", "two ids with one number of one device"),
        Rule("conflict", "the event's id", "the largest `at`", "lines with one id and different content"),
    ),
)
"""What the clause says of itself."""
