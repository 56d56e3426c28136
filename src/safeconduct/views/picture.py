"""The picture of an exchange at a clearance: built from what may be told of each entry, and from nothing else.

Default deny holds by construction: a field that a clearance may not know never reaches this module. The one exception
is the section `declassified`, whose items are listed with who authorised them (docs/declassified.md).
"""

from collections.abc import Iterable
from typing import Any

from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import Told, tell
from safeconduct.kernel.encoding import encode
from safeconduct.kernel.entry import Entry
from safeconduct.tracking.field import Field
from safeconduct.tracking.reports import Reports
from safeconduct.views.declassified import Declassified

Picture = dict[str, Any]

_SECTIONS = {
    "agreement.terms-recorded/1": "agreement",
    "agreement.terms-signed/1": "signatures",
    "agreement.terms-signed-by-party/1": "own_signatures",
    "agreement.round-closed/1": "closed",
    "agreement.author-enrolled/1": "authors",
    "agreement.author-revoked/1": "authors_revoked",
    "agreement.author-cloned/1": "authors_cloned",
    "agreement.step-cosigned/1": "steps_cosigned",
    "agreement.uncosigned-step-agreed/1": "uncosigned_steps_agreed",
    "agreement.record-recovered/1": "recoveries",
    "registry.list-received/1": "lists",
    "registry.person-listed/1": "listed",
    "registry.searched/1": "searches",
    "registry.list-replaced/1": "lists_replaced",
    "registry.row-as-written/1": "listed_as_written",
    "registry.list-change-proposed/1": "list_rows_proposed",
    "registry.list-change-agreed/1": "list_rows_agreed",
    "registry.list-change-declined/1": "list_rows_declined",
    "registry.match-reviewed/1": "reviews",
    "registry.match-opinion/1": "opinions",
    "registry.candidate-reconciled/1": "candidates",
    "registry.candidate-withdrawn/1": "candidates_withdrawn",
    "composition.round-composed/1": "rounds",
    "composition.person-chosen/1": "chosen",
    "logistics.plan-proposed/1": "plans",
    "logistics.convoy-planned/1": "convoys",
    "logistics.plan-approved/1": "approvals",
    "logistics.plan-approved-by-party/1": "own_approvals",
    "tracking.list-change-reported/1": "list_changes",
    "tracking.public-matter-reported/1": "public_matters",
    "tracking.alarm-shown/1": "alarms",
    "tracking.confidential-alarm-shown/1": "confidential_alarms",
    "tracking.alarm-acknowledged/1": "alarms_acknowledged",
    "tracking.confidential-alarm-acknowledged/1": "confidential_alarms_acknowledged",
    "tracking.alarm-assigned/1": "alarms_assigned",
    "tracking.confidential-alarm-assigned/1": "confidential_alarms_assigned",
    "tracking.alarm-resolved/1": "alarms_resolved",
    "tracking.confidential-alarm-resolved/1": "confidential_alarms_resolved",
    "tracking.alarm-waived/1": "alarms_waived",
    "tracking.alarm-escalated/1": "alarms_escalated",
    "tracking.confidential-alarm-escalated/1": "confidential_alarms_escalated",
    "reception.facility-enrolled/1": "facilities",
    "reception.care-noted/1": "care_notes",
    "reception.care-tallied/1": "care_tallies",
    "disclosure.fact-cleared/1": "cleared_facts",
    "disclosure.communique-released/1": "communiques",
    "disclosure.erasure-agreed/1": "erasures_agreed",
    "disclosure.data-erased/1": "erasures",
    "disclosure.release-proposed/1": "releases_proposed",
    "disclosure.release-agreed/1": "releases_agreed",
    "disclosure.glass-broken/1": "glass_broken",
    "disclosure.glass-reviewed/1": "glass_reviewed",
}
"""Entries shown as they are, by the section of the picture that they stand in."""

_REPORTS = {
    "tracking.movement-reported/1": "movements",
    "tracking.custody-reported/1": "custody",
    "tracking.interview-reported/1": "interviews",
    "tracking.care-reported/1": "care",
    "tracking.technical-reported/1": "technical",
}
"""Reports, which come in any order and are shown by when they happened."""


def picture(entries: Iterable[Entry], clearance: Clearance) -> Picture:
    """What may be known at a clearance, of all entries in the order of the ledger."""
    told: list[Told] = []
    shared = Declassified(clearance)
    for entry in entries:
        shared.take(entry)
        one = tell(entry, clearance)
        if one is not None:
            told.append(one)
    sections: Picture = {"clearance": str(clearance)}
    for name in (*_SECTIONS.values(), *_REPORTS.values()):
        sections[name] = []
    for one in told:
        if one.type in _SECTIONS:
            sections[_SECTIONS[one.type]].append(one.fields)
        else:
            sections[_REPORTS[one.type]].append(one.fields)
    for name in _REPORTS.values():
        sections[name] = _distinct_by_moment(sections[name])
    sections["custodians"] = _custodians(sections["custody"])
    for name in ("alarms", "confidential_alarms"):
        sections[name] = _last_shown(sections[name])
    sections["declassified"] = shared.items({one.fields["event"] for one in told if "event" in one.fields})
    return sections


def picture_bytes(entries: Iterable[Entry], clearance: Clearance) -> bytes:
    """The picture as canonical JSON."""
    return encode(picture(entries, clearance))


def _distinct_by_moment(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each report once, however often it came, by the moment it speaks of."""
    distinct: dict[tuple[int, str, str], dict[str, Any]] = {}
    for report in reports:
        distinct.setdefault((report["occurred_at_us"], report["event"], report["report"]), report)
    return [distinct[key] for key in sorted(distinct)]


def _custodians(custody: list[dict[str, Any]]) -> dict[str, str]:
    """Who answers for each person, by the reports on custody that may be known."""
    reports, field = Reports(), Field()
    for report in custody:
        reports.add(report["report"], report["occurred_at_us"], report["received_at_us"])
    for line in reports.look(None, frozenset()):
        field.take(line)
    holders = {person: field.person(person).custodian for person in field.settle().persons}
    return {person: holder for person, holder in sorted(holders.items()) if holder is not None}


def _last_shown(alarms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The latest word on each alarm, by its number."""
    latest = {alarm["number"]: alarm for alarm in alarms}
    return [latest[number] for number in sorted(latest)]
