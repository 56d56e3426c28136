"""A breach: one clause not met, by one rule of its kind, for one subject, at one moment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """The identity of a deviation; sorted as the contract prints them: by moment, clause, rule, subject."""

    at_us: int
    """Microseconds since 1970 UTC."""
    clause: str
    """The clause's id; `plan`, `integrity`, … for built-in clauses."""
    rule: str
    """What of it was not met: `missing`, `late`, `unanswered`, …"""
    subject: str
    """A person, vehicle, leg, batch or event, as the rule says."""
