"""Incidents, and reports that contradict each other, in sentences. No person's name stands in them, nor a finding.

What an examination found and what somebody said in private is not for a screen that many look at: of those it is told
that the reports differ, and which they are.
"""

from collections.abc import Callable, Iterable, Sequence

from safeconduct.tracking.conflicts import Conflict, between_versions
from safeconduct.tracking.field import Incident
from safeconduct.tracking.reports import Line
from safeconduct.views.operations_model import FieldNote

Name = Callable[[object], str]
"""From the id of a place to what people call it."""


def incidents_seen(incidents: Iterable[Incident], name: Name) -> tuple[FieldNote, ...]:
    """The latest first."""
    notes = [
        FieldNote(one.at_us, _incident(one, name) + (", a claim" if one.claimed else ""), (one.event,))
        for one in incidents
    ]
    return tuple(reversed(notes))


def conflicts_seen(
    conflicts: Iterable[Conflict], contradicting: Iterable[Sequence[Line]], name: Name
) -> tuple[FieldNote, ...]:
    """The latest first; `contradicting` are the versions of reports that came with several contents."""
    every = sorted([*conflicts, *map(between_versions, contradicting)], reverse=True)
    return tuple(_note(one, name) for one in every)


def _incident(one: Incident, name: Name) -> str:
    what = one.what or "unspecified"
    return f"{what} at {name(one.place)}" if one.place else what


def _note(one: Conflict, name: Name) -> FieldNote:
    reports = tuple(sorted({report for claim in one.claims for report in claim.reports})) or (one.subject,)
    return FieldNote(one.at_us, _sentence(one, name), reports)


def _sentence(one: Conflict, name: Name) -> str:
    subject, said = one.subject, [claim.said for claim in one.claims]
    match one.matter:
        case "count":
            return f"{subject}: {' or '.join(said)} {one.what} counted"
        case "place":
            return f"{subject}: at {' or at '.join(map(name, said))}"
        case "position":
            return f"{subject}: at {' or at '.join(said)}"
        case "vehicle":
            return f"{subject}: aboard {' or aboard '.join(said)}"
        case "custody":
            return f"{subject}: passed from {name(one.what)} to {' or to '.join(map(name, said))}"
        case "identity":
            return f"{subject}: identity {' or '.join(said)}"
        case "examination":
            return f"{subject}: {len(said)} different results of one examination ({one.what or 'health'})"
        case "answer":
            return f"{subject}: {len(said)} different answers in private"
        case _:
            differ = f" ({one.what})" if one.what else ""
            return f"Report {subject} came with different contents{differ}"
