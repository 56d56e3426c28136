"""Erasing a person's data: the keys are destroyed, what was sealed under them is overwritten, and an entry says so."""

from collections.abc import Sequence

from safeconduct.app.office import Office
from safeconduct.disclosure.entries import ERASURE_REASONS, DataErased
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused

_PERSON, _NOTES = "person:", "document:care/"
_SAME = "identification"
"""The outcome of a review that finds two rows to be one person (`registry.entries.OUTCOMES`)."""


def subjects_of(state: Exchange, subject: str) -> list[str]:
    """Everything under whose keys the data of a person stand, as far as the record knows.

    One person has a key by its id in the exchange (reports), and one for each row of a list that was found to be of the
    same person, whichever of these is asked for. What a facility noted stands under handles that only the facility can
    make (`document:care/FACILITY/HANDLE`), and is erased by them. Raises Refused for anything else.
    """
    if subject.startswith(_NOTES):
        return [subject]
    if not subject.startswith(_PERSON) or subject == _PERSON:
        raise Refused(f"{subject!r} is no person: name person:ID, or document:care/FACILITY/HANDLE for notes of care")
    rows = _same_rows(state)
    found, new = {subject}, [subject]
    while new:
        of_the_same = rows.get(new.pop(), set()) - found
        found |= of_the_same
        new += of_the_same
    return sorted(found)


def _same_rows(state: Exchange) -> dict[str, set[str]]:
    """For each id and row, those that were found to be the same person."""
    registry = state.registry
    pairs = [
        (_row(one.held_list, one.held_ref), _row(one.sought_list, one.sought_ref))
        for one in registry.reviews.values()
        if one.outcome == _SAME
    ]
    sought = [one.list_id for one in registry.lists.values() if one.purpose == "sought"]
    for candidate in registry.candidates.values():
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


def erase(office: Office, subject: str, reason: str, decided_by: Sequence[str]) -> DataErased:
    """Erase everything about a person that the record holds under keys; when this returns, no file here has it.

    Raises Refused where there is nothing to erase or something is missing that must be said, StorageFailed where the
    erasure is recorded and could not be brought to its end (`erasures.finish`).
    """
    if reason not in ERASURE_REASONS:
        raise Refused(f"unknown reason {reason!r}; allowed: {', '.join(ERASURE_REASONS)}")
    names = tuple(dict.fromkeys(name.strip() for name in decided_by))
    if not names or not all(names):
        raise Refused("say who decided it")
    key_ids = office.recorder.keys_of(subjects_of(office.state, subject))
    if not key_ids:
        raise Refused(f"nothing is recorded about {subject}, or it was erased already")
    entry = DataErased(
        occurred_at_us=office.clock.now_us(),
        subject=subject,
        key_ids=tuple(key_id.hex() for key_id in key_ids),
        reason=reason,
        decided_by=names,
    )
    office.erase(key_ids, [entry])
    return entry
