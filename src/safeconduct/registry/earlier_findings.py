"""What was found on an earlier version of a pair whose rows say something else now: shown to whoever decides anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from safeconduct.registry.carrying import TELLS_WHO, Row
from safeconduct.registry.comparing import RowChange, differences
from safeconduct.registry.reconciliation import earlier_rows
from safeconduct.registry.reviewing import PairKey
from safeconduct.registry.rows import person_of
from safeconduct.registry.state import RegistryState


@dataclass(frozen=True, slots=True)
class EarlierFinding:
    """What the reviewers of an earlier version found together."""

    outcome: str
    """Of OUTCOMES."""
    since: tuple[str, ...]
    """What either row says otherwise now, each with its list."""

    def __str__(self) -> str:
        """`found on an earlier version: identification; since then: UA-held-2, UA-0123: birth date 1985 → …`."""
        return f"found on an earlier version: {self.outcome}; since then: {' | '.join(self.since)}"


class EarlierFindings:
    """Of one record as it stands."""

    def __init__(self, registry: RegistryState) -> None:
        self._registry = registry
        self._rows: Mapping[Row, Sequence[Row]] = earlier_rows(registry) if registry.replaced else {}

    def on(self, pair: PairKey) -> EarlierFinding | None:
        """The latest that was settled, of rows that are plainly of the same persons; None if there is nothing to tell.

        Nor is anything told of a pair with a finding, or where a single opinion still holds: a second reviewer decides
        without knowing it.
        """
        left, right = self._rows.get(pair[:2], ()), self._rows.get(pair[2:], ())
        if not left and not right:
            return None
        registry = self._registry
        own = registry.opinions.get(pair, {})
        if registry.opinions_on(pair).keys() - own.keys() or not registry.finding(pair).lacking:
            return None
        for rows in _earlier(pair, left, right):
            finding = registry.finding(self._looked_at(rows))
            since = tuple(self._since(rows, pair))
            if since and finding.outcome and not finding.lacking:
                return EarlierFinding(finding.outcome, since)
        return None

    def _looked_at(self, rows: tuple[Row, Row]) -> PairKey:
        """The pair that two rows were looked at as: two rows of one list in either order."""
        one, other = rows
        turned = (*other, *one)
        return turned if one[0] == other[0] and self._registry.opinions.get(turned) else (*one, *other)

    def _since(self, before: tuple[Row, Row], now: PairKey) -> Iterator[str]:
        persons = self._registry.persons
        for old, new in zip(before, (now[:2], now[2:]), strict=True):
            told = differences(person_of(persons[old]), person_of(persons[new])) if new in persons else ()
            fields = tuple(one for one in told if one.field in TELLS_WHO)
            if fields or old[1] != new[1]:
                yield f"{new[0]}, {RowChange(old[1], new[1], fields)}"


def _earlier(pair: PairKey, left: Sequence[Row], right: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """The rows of the same persons in other versions, the nearest first."""
    steps = sorted(
        (i + j, i, one, other) for i, one in enumerate((pair[:2], *left)) for j, other in enumerate((pair[2:], *right))
    )
    for distance, _, one, other in steps:
        if distance and (one[0] == other[0]) == (pair[0] == pair[2]):
            yield one, other
