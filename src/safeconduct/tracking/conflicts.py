"""Reports that cannot all be true: two different counts of one vehicle at one moment, two places for one person.

Which of them counts for an answer is settled by a rule, so that the answer depends on no order of arrival; that they
differ is kept and shown, whichever counts.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from safeconduct.tracking.reports import Line


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """One of the things that are said."""

    said: str
    reports: tuple[str, ...]
    """The ids of the reports that say it, sorted."""


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """Different things said of one matter at one moment."""

    at_us: int
    matter: str
    """count, place, position, vehicle, custody, examination, answer, identity or report."""
    subject: str
    """The vehicle or person; of a report, its id."""
    what: str
    """What was counted or examined, which fields of a report differ; else empty."""
    claims: tuple[Claim, ...]
    """At least two, sorted; of one report received with different contents, none."""


def conflicts_among(
    lines: Iterable[Line], matter: str, subject: str, said: Callable[[Line], str | None], what: str = ""
) -> list[Conflict]:
    """Where reports of one moment say different things; `said` gives what a report says, None if nothing."""
    moments: dict[int, dict[str, list[str]]] = {}
    for line in lines:
        told = said(line)
        if told is not None:
            moments.setdefault(line.at_us, {}).setdefault(told, []).append(line.id)
    return [
        Conflict(at_us, matter, subject, what, _claims(claims)) for at_us, claims in moments.items() if len(claims) > 1
    ]


def by_kind(lines: Iterable[Line], kind: Callable[[Line], Hashable]) -> dict[Hashable, list[Line]]:
    """The lines, put apart by what they speak of."""
    apart: dict[Hashable, list[Line]] = {}
    for line in lines:
        apart.setdefault(kind(line), []).append(line)
    return apart


def between_versions(versions: Sequence[Line]) -> Conflict:
    """One report that was received with different contents: which fields differ, but not what they say."""
    contents = [json.loads(line.text) for line in versions]
    keys = sorted({key for content in contents for key in content} - {"received_at"})
    differ = [key for key in keys if key[:1] != "_" and len({_text(content.get(key)) for content in contents}) > 1]
    return Conflict(max(line.at_us for line in versions), "report", versions[0].id, ", ".join(differ), ())


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _claims(claims: dict[str, list[str]]) -> tuple[Claim, ...]:
    return tuple(sorted(Claim(said, tuple(sorted(reports))) for said, reports in claims.items()))
