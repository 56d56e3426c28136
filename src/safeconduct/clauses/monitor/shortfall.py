"""What a monitor has found so far, before anybody needs its words."""

from collections.abc import Callable

import msgspec

from safeconduct.clauses.finding import Finding


class Shortfall(msgspec.Struct, frozen=True, eq=False):
    """One breach of one clause as far as the events so far tell it."""

    at_us: int
    rule: str
    subject: str
    finding: Callable[[], Finding]
    """Its words and evidence, as of the moment at which it is asked."""
    kept: bool = False
    """The words are always these."""
    deadline: bool = False
    """It stands only once the end of observation is later than `at_us`."""


def known(finding: Finding) -> Shortfall:
    """A finding that is there already."""
    return Shortfall(finding.at_us, finding.rule, finding.subject, lambda: finding, True, finding.deadline)
