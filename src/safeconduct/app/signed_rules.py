"""Which entries signed elsewhere the present state allows: the rule of each type, as `deciding` has it for commands."""

from collections.abc import MutableMapping

from safeconduct.agreement.authors import DEVICE, Author
from safeconduct.agreement.entries import TermsSignedByParty, UncosignedStepAgreed
from safeconduct.app.author_chain import SignedEntry
from safeconduct.app.erasing import agreement, keys_to_destroy
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.list_changing import misfit_change
from safeconduct.app.office import Office
from safeconduct.app.quorum import agree_uncosigned
from safeconduct.app.release_rules import release_misfit
from safeconduct.app.reviewing import signed_opinion_misfit
from safeconduct.disclosure.entries import ErasureAgreed
from safeconduct.disclosure.release_entries import OnRelease
from safeconduct.exchange.authorship import may_sign, signed_in_time, signs_change_for_itself, signs_for_itself
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.encoding import MAX_INTEGER
from safeconduct.kernel.entry import Entry, type_tag
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.logistics.entries import PlanApprovedByParty
from safeconduct.logistics.plan import read_plan
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeDeclined, ListChangeProposed
from safeconduct.tracking.entries import Report
from safeconduct.tracking.lines import read_line


def misfit(office: Office, author: Author, signed: SignedEntry[Entry], concerns: MutableMapping[str, Concerns]) -> str:
    """Why an entry of this author cannot be taken as things stand; empty if it can.

    `concerns` keeps, by the digest of a plan, whom what it names concerns.
    """
    entry, tag = signed.entry, type_tag(type(signed.entry))
    if not may_sign(author, tag):
        return f"its author, a {author.kind} of {author.actor}, may not sign {tag}"
    match entry:
        case TermsSignedByParty():
            return _own(office, author, signed, entry) or _terms(office.state, entry)
        case PlanApprovedByParty():
            return _own(office, author, signed, entry) or _plan(office.state, entry)
        case ListChangeProposed() | ListChangeAgreed() | ListChangeDeclined():
            if not signs_change_for_itself(author, entry.side, entry.public_key, entry.own):
                return "it says of itself another side or key than its author's"
            return _misdated(office, entry.occurred_at_us, signed) or misfit_change(office.state, entry)
        case UncosignedStepAgreed():
            return _uncosigned(office, author, entry)
        case ErasureAgreed():
            return _erasure(office, author, signed, entry)
        case _ if isinstance(entry, OnRelease):
            return release_misfit(office, author, entry)
        case MatchOpinion():
            return _misdated(office, entry.occurred_at_us, signed) or signed_opinion_misfit(office.state, author, entry)
        case _ if isinstance(entry, Report):
            return _report(office.state, author, entry, concerns)
        case _:
            return f"{tag} is recorded at the intermediary's desk, not signed elsewhere"


def _uncosigned(office: Office, author: Author, entry: UncosignedStepAgreed) -> str:
    key, now_us = bytes.fromhex(author.public_key), office.clock.now_us()
    try:
        expected = agree_uncosigned(office.state, entry.step, entry.exchange, key, office.cosigned(), now_us)
    except Refused as error:
        return str(error)
    if (entry.lacking, entry.public_key) != (expected.lacking, expected.public_key):
        return f"it says that {' and '.join(entry.lacking)} lacks, for the key {entry.public_key[:16]}: not so now"
    return ""


def _erasure(office: Office, author: Author, signed: SignedEntry[Entry], entry: ErasureAgreed) -> str:
    try:
        expected = agreement(office.state, entry.subject, entry.reason, author.public_key, office.clock.now_us())
        keys_to_destroy(office, entry.subject)
    except Refused as error:
        return str(error)
    if expected is None:
        return "two keys agree to that already: nothing is lacking but to erase it"
    if entry.public_key != expected.public_key:
        return "it says of itself another key than its author's"
    if entry.reaches != expected.reaches:
        return "it does not name the handles that are of the same person now: sign it anew"
    return _misdated(office, entry.occurred_at_us, signed)


def _own(
    office: Office, author: Author, signed: SignedEntry[Entry], entry: TermsSignedByParty | PlanApprovedByParty
) -> str:
    number = signed.header.author_seq
    if not signs_for_itself(author, entry.party, entry.public_key, entry.author_seq, number):
        return "it says of itself another party, key or number than its author's"
    return _misdated(office, entry.occurred_at_us, signed)


def _misdated(office: Office, occurred_at_us: int, signed: SignedEntry[Entry]) -> str:
    header = signed.header
    seen_at_us = office.recorder.recorded_at_us(header.seen_size - 1) if header.seen_size else 0
    now_us = office.clock.now_us()
    if signed_in_time(occurred_at_us, seen_at_us, now_us):
        return ""
    if occurred_at_us > now_us:
        return "it is dated after now: take it in again when that time has come, and set the clock of who signed it"
    return "it is dated before the checkpoint that its author had seen: set the clock there, and enrol another key"


# What was agreed to and has been replaced since is taken as well: it has no effect, and its author's next entry
# continues from it.


def _terms(state: Exchange, entry: TermsSignedByParty) -> str:
    known = entry.terms_sha256 in state.agreement.recorded
    return "" if known else f"{entry.party} signed terms that were never put on record"


def _plan(state: Exchange, entry: PlanApprovedByParty) -> str:
    known = any(one.plan_sha256 == entry.plan_sha256 for one in state.logistics.proposals)
    return "" if known else f"{entry.party} approved a plan that was never put forward"


def _report(state: Exchange, author: Author, entry: Report, concerns: MutableMapping[str, Concerns]) -> str:
    try:
        event = read_line("report", 1, entry.report.encode())
    except BadInput as error:
        return f"it is no report: {error}"
    if event is None or abs(event.at_us) > MAX_INTEGER:
        return "it is no report"
    device = event.fields.get("device")
    if author.kind == DEVICE and device != author.label:
        return f"the key of the device {author.label} signs a report of {device!r}"
    if author.kind != DEVICE and device is not None:
        return f"a person signs a report of the device {device!r}: enrol a key of that device"
    plans = _approved(state)
    if not plans:
        return "no plan is on record that every party approved: whom a report concerns is not known"
    for sha256, text in plans:
        if sha256 not in concerns:
            concerns[sha256] = Concerns.of_plan(read_plan("plan", text.encode()))
        if report_entry(event.fields, concerns[sha256]) == entry:
            return ""
    return "it is not as such a report is recorded: its type or whom it concerns does not follow from the plan"


def _approved(state: Exchange) -> list[tuple[str, str]]:
    """Digest and text of the plans that every party approved, the latest first: a device may know an earlier one."""
    terms, logistics = state.agreement.terms, state.logistics
    parties = set(terms.parties) if terms is not None else set()
    return [
        (one.plan_sha256, one.plan_text)
        for one in reversed(logistics.proposals)
        if parties <= logistics.approvals.given(one.plan_sha256)
    ]
