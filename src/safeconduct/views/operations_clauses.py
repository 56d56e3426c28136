"""The clauses of the terms with how they stand, by the alarms as they were shown last."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from safeconduct.agreement.terms import ClauseHeader, read_terms_text
from safeconduct.kernel.errors import BadInput
from safeconduct.tracking.alarm_book import OPEN, UNCONFIRMED
from safeconduct.views.operations_model import ClauseSeen
from safeconduct.vocabulary.severity import weight

COMPOSE_KINDS = frozenset(
    (
        "release-all",
        "exclude",
        "include",
        "count",
        "ratio",
        "like-for-like",
        "balance",
        "together",
        "requires",
        "veto",
        "choice",
        "tranche",
        "destination",
        "prefer",
    )
)
"""The kinds that say who is exchanged; all others judge the day."""


class _Shown(NamedTuple):
    """Of a deviation that was shown, what tells how its clause stands."""

    clause: str
    status: str
    severity: str


class Clauses:
    """The terms that stand, what was shown of each deviation last, and the verdict on a closed round."""

    def __init__(self) -> None:
        self._headers: tuple[ClauseHeader, ...] = ()
        self._texts: dict[str, str] = {}
        self._shown: dict[int, _Shown] = {}
        """By number."""
        self._kinds: dict[str, str] = {}
        """Of each clause that an alarm named, its kind."""
        self._closed: tuple[Collection[str], Collection[str]] | None = None
        self._seen: tuple[ClauseSeen, ...] | None = None

    def record_terms(self, terms_text: str) -> None:
        """New terms; those that cannot be read have no clauses."""
        try:
            self._headers = read_terms_text("terms", terms_text.encode()).clauses
        except BadInput:
            self._headers = ()
        self._texts = {header.id: header.text for header in self._headers}
        self._seen = None

    def show_alarm(self, told: Mapping[str, Any]) -> None:
        """An alarm, with what of it may be told."""
        self._kinds[told["clause"]] = told["kind"]
        self._shown[told["number"]] = _Shown(told["clause"], told["status"], told["severity"])
        self._seen = None

    def begin_round(self) -> None:
        """A new exchange under the same terms: no verdict on it yet."""
        self._closed = None
        self._seen = None

    def close_round(self, kept: Collection[str], broken: Collection[str]) -> None:
        """The round is closed."""
        self._closed = (kept, broken)
        self._seen = None

    def clauses(self) -> tuple[ClauseSeen, ...]:
        """In the order of the terms; after them those built in that an alarm named."""
        if self._seen is None:
            self._seen = self._look()
        return self._seen

    def wording(self, clause: str) -> str:
        """What a clause says; its id where the terms give no wording."""
        return self._texts.get(clause) or clause

    def _look(self) -> tuple[ClauseSeen, ...]:
        statuses = Counter((one.clause, one.status) for one in self._shown.values())
        severest: dict[str, str] = {}
        for one in self._shown.values():
            if weight(one.severity) >= weight(severest.get(one.clause, "")):
                severest[one.clause] = one.severity
        written = [(header.id, header.kind, header.text, header.severity) for header in self._headers]
        built_in = [
            (clause, kind, "", severest.get(clause, ""))
            for clause, kind in sorted(self._kinds.items())
            if clause not in self._texts
        ]
        return tuple(
            ClauseSeen(
                id=clause,
                kind=kind,
                text=text or clause,
                phase="compose" if kind in COMPOSE_KINDS else "run",
                severity=severity,
                standing=self._standing(clause, statuses),
                open=statuses[clause, OPEN],
                unconfirmed=statuses[clause, UNCONFIRMED],
            )
            for clause, kind, text, severity in (*written, *built_in)
        )

    def _standing(self, clause: str, statuses: Counter[tuple[str, str]]) -> str:
        if self._closed is not None:
            kept, broken = self._closed
            if clause in broken:
                return "broken"
            if clause in kept:
                return "kept"
        if statuses[clause, OPEN]:
            return "broken"
        if statuses[clause, UNCONFIRMED]:
            return "in question"
        return "held to"
