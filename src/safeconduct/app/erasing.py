"""Erasing a person's data: two keys of the intermediary agree, then the data's keys are destroyed, what was sealed
under them is overwritten, and an entry says so.
"""

from safeconduct.app.office import Office
from safeconduct.app.officer_keys import counting, require_officer
from safeconduct.app.searches_about import searches_for
from safeconduct.disclosure.entries import ERASURE_KEYS, ERASURE_REASONS, DataErased, ErasureAgreed
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import SECOND_US, format_instant
from safeconduct.registry.reviewing import IDENTIFICATION

_PERSON, _NOTES, _SEARCH = "person:", "document:care/", "document:search/"


def subjects_of(state: Exchange, subject: str) -> list[str]:
    """Everything under whose keys the data of a person stand, as far as the record knows.

    One person has a key by its id in the exchange (reports), and one for each row of a list that was found to be of the
    same person, whichever of these is asked for; searches go with them that can only mean this person. A search alone
    is `document:search/NUMBER`. What a facility noted stands under handles that only the facility can make
    (`document:care/FACILITY/HANDLE`), and is erased by them. Raises Refused for anything else.
    """
    if subject.startswith((_NOTES, _SEARCH)):
        return [subject]
    if not subject.startswith(_PERSON) or subject == _PERSON:
        raise Refused(
            f"{subject!r} is no person: name person:ID, document:care/FACILITY/HANDLE for notes of care, or "
            "document:search/NUMBER for a search"
        )
    rows = _same_rows(state)
    found, new = {subject}, [subject]
    while new:
        of_the_same = rows.get(new.pop(), set()) - found
        found |= of_the_same
        new += of_the_same
    listed = [row for row in state.registry.rows_ever() if _row(row.list_id, row.ref) in found]
    return sorted(found | searches_for(listed, state.registry.searches.values()))


def _same_rows(state: Exchange) -> dict[str, set[str]]:
    """For each id and row, those that were found to be the same person."""
    registry = state.registry
    pairs: list[tuple[str, str]] = []
    for pair in registry.pairs_found():
        if registry.finding(pair).outcome == IDENTIFICATION:
            pairs.append((_row(*pair[:2]), _row(*pair[2:])))
        # What holds from an earlier version of a list was found on a row of the same person there.
        pairs += [(_row(*row), _row(*one)) for row in (pair[:2], pair[2:]) for one in registry.unchanged_before(row)]
    sought = [one.list_id for one in registry.lists.values() if one.purpose == "sought"]
    for candidate in registry.candidates_ever().values():
        held = _row(candidate.held_list, candidate.held_ref)
        pairs.append((_PERSON + candidate.person, held))
        for ref in candidate.sought_refs:
            lists = [one for one in sought if candidate.home in registry.lists[one].own]
            pairs += [(held, _row(one, ref)) for one in lists if registry.knows(one, ref)]
    same: dict[str, set[str]] = {}
    for one, other in pairs:
        same.setdefault(one, set()).add(other)
        same.setdefault(other, set()).add(one)
    return same


def _row(list_id: str, ref: str) -> str:
    return f"{_PERSON}{list_id}/{ref}"


def agreement(state: Exchange, subject: str, reason: str, public_key: str, now_us: int) -> ErasureAgreed | None:
    """The entry by which a key agrees to an erasure, to be signed with it; None where enough keys agree already.

    Raises Refused for what is nobody or no reason, where the key does not count, and where it has agreed: it takes
    another person.
    """
    if reason not in ERASURE_REASONS:
        raise Refused(f"unknown reason {reason!r}; allowed: {', '.join(ERASURE_REASONS)}")
    reaches = tuple(subjects_of(state, subject))
    require_officer(state, public_key, now_us)
    agreed = agreed_by(state, subject, reason, now_us)
    if len(agreed) >= ERASURE_KEYS:
        return None
    if public_key in agreed:
        at = format_instant(agreed[public_key] // SECOND_US * SECOND_US)
        raise Refused(f"the key {public_key[:16]}… agreed to this at {at}: now another person must, with --key FILE")
    return ErasureAgreed(occurred_at_us=now_us, subject=subject, reason=reason, reaches=reaches, public_key=public_key)


def agreed_by(state: Exchange, subject: str, reason: str, now_us: int) -> dict[str, int]:
    """The keys that agree to an erasure and may, each with the moment at which it agreed.

    Whoever agreed before more was found to be of the same person has not agreed to erase that.
    """
    officers = counting(state, now_us)
    holding = state.disclosure.agreements.holding(subject, reason, now_us)
    reaching = state.disclosure.agreements.reaching(subject, reason, subjects_of(state, subject))
    return {key: at_us for key, at_us in holding.items() if key in officers and key in reaching}


def keys_to_destroy(office: Office, subject: str) -> list[bytes]:
    """The ids of the data keys under which a person's data stand. Raises Refused where there are none."""
    key_ids = office.recorder.keys_of(subjects_of(office.state, subject))
    if not key_ids:
        raise Refused(f"nothing is recorded about {subject}, or it was erased already")
    return key_ids


def erase(office: Office, subject: str, reason: str) -> DataErased:
    """Erase everything about a person that the record holds under keys; when this returns, no file here has it.

    Raises Refused where fewer than two keys agree or there is nothing to erase, Unfinished where the erasure is
    recorded and could not be brought to its end yet.
    """
    now_us = office.clock.now_us()
    agreed = agreed_by(office.state, subject, reason, now_us)
    if len(agreed) < ERASURE_KEYS:
        raise Refused(f"{ERASURE_KEYS} keys of the intermediary must agree to erase {subject}, {len(agreed)} so far")
    key_ids = keys_to_destroy(office, subject)
    entry = DataErased(
        occurred_at_us=now_us,
        subject=subject,
        key_ids=tuple(key_id.hex() for key_id in key_ids),
        reason=reason,
        decided_by=tuple(agreed),
    )
    office.erase(key_ids, [entry])
    return entry
