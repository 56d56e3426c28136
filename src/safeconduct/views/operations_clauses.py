"""Alarms as they were shown last, and the clauses of the terms with how they stand."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from safeconduct.agreement.terms import SEVERITIES, ClauseHeader, read_terms_text
from safeconduct.kernel.errors import BadInput
from safeconduct.views.operations_model import AlarmSeen, ClauseSeen

COMPOSE_KINDS = frozenset(
    ("release-all", "exclude", "include", "count", "ratio", "balance", "together", "requires", "prefer")
)
"""The kinds that say who is exchanged (formats.md); all others judge the day."""

WITHDRAWN = "withdrawn"
OPEN = "open"
UNCONFIRMED = "unconfirmed"


class Clauses:
    """The terms that stand, every alarm by its number, and the verdict on a closed round."""

    def __init__(self) -> None:
        self._headers: tuple[ClauseHeader, ...] = ()
        self._texts: dict[str, str] = {}
        self._alarms: dict[int, AlarmSeen] = {}
        self._kinds: dict[str, str] = {}
        """Of each clause that an alarm named, its kind."""
        self._closed: tuple[Collection[str], Collection[str]] | None = None
        self._seen: tuple[tuple[AlarmSeen, ...], tuple[ClauseSeen, ...]] | None = None

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
        self._alarms[told["number"]] = AlarmSeen(
            number=told["number"],
            clause=told["clause"],
            rule=told["rule"],
            subject=told.get("subject", ""),
            at_us=told["at_us"],
            shown_at_us=told["occurred_at_us"],
            severity=told["severity"],
            status=told["status"],
            message=told.get("message", ""),
            evidence=told.get("evidence", ()),
            waiting_for=told.get("waiting_for", ()),
        )
        self._seen = None

    def begin_round(self) -> None:
        """A new exchange under the same terms: no verdict on it yet."""
        self._closed = None
        self._seen = None

    def close_round(self, kept: Collection[str], broken: Collection[str]) -> None:
        """The round is closed."""
        self._closed = (kept, broken)
        self._seen = None

    def alarms(self) -> tuple[AlarmSeen, ...]:
        """Standing ones by severity and moment, then the withdrawn ones, latest first."""
        return self._look()[0]

    def clauses(self) -> tuple[ClauseSeen, ...]:
        """In the order of the terms; after them those built in that an alarm named."""
        return self._look()[1]

    def wording(self, clause: str) -> str:
        """What a clause says; its id where the terms give no wording."""
        return self._texts.get(clause) or clause

    def _look(self) -> tuple[tuple[AlarmSeen, ...], tuple[ClauseSeen, ...]]:
        if self._seen is None:
            self._seen = (self._alarms_seen(), self._clauses_seen())
        return self._seen

    def _alarms_seen(self) -> tuple[AlarmSeen, ...]:
        worded = [self._worded(alarm) for alarm in self._alarms.values()]
        standing = [alarm for alarm in worded if alarm.status != WITHDRAWN]
        withdrawn = [alarm for alarm in worded if alarm.status == WITHDRAWN]
        standing.sort(key=lambda one: (-_weight(one.severity), one.at_us, one.number))
        withdrawn.sort(key=lambda one: (-one.shown_at_us, -one.at_us, one.number))
        return (*standing, *withdrawn)

    def _worded(self, alarm: AlarmSeen) -> AlarmSeen:
        return alarm if alarm.message else replace(alarm, message=self.wording(alarm.clause))

    def _clauses_seen(self) -> tuple[ClauseSeen, ...]:
        statuses = Counter((alarm.clause, alarm.status) for alarm in self._alarms.values())
        severest: dict[str, str] = {}
        for alarm in self._alarms.values():
            if _weight(alarm.severity) >= _weight(severest.get(alarm.clause, "")):
                severest[alarm.clause] = alarm.severity
        written = [(one.id, one.kind, one.text, one.severity) for one in self._headers]
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


def _weight(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1
