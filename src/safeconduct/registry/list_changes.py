"""Changes of single rows of a list on record: one key proposes, the other side's key agrees, and only then it is so.

The two keys are of the list's party (a delegate's) and of the intermediary (a person's). A change says what its
proposer saw; where the row has become something else meanwhile, the agreement has no effect and says so.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from safeconduct.kernel import encoding
from safeconduct.kernel.errors import Refused
from safeconduct.registry import lists
from safeconduct.registry.comparing import FieldChange
from safeconduct.registry.entries import ListReceived, PersonListed
from safeconduct.registry.headings import FIELDS
from safeconduct.registry.list_entries import (
    ADD,
    CHANGES,
    CORRECT,
    WITHDRAW,
    ListChangeAgreed,
    ListChangeDeclined,
    ListChangeProposed,
)
from safeconduct.registry.rows import text_of, with_values
from safeconduct.registry.values import Unreadable

OPEN, IN_EFFECT, LAPSED, DECLINED, TAKEN_BACK = STATUSES = ("open", "in effect", "lapsed", "declined", "taken back")
_SHORT = 12
_CHANGEABLE = FIELDS[1:]
Rows = dict[tuple[str, str], PersonListed]


def digest_of(proposed: ListChangeProposed) -> str:
    """What the second key agrees to: the SHA-256 of the proposal's canonical bytes."""
    return hashlib.sha256(encoding.encode(proposed)).hexdigest()


@dataclass
class ListChange:
    """One proposal, and what became of it."""

    digest: str
    proposed: ListChangeProposed
    agreed: ListChangeAgreed | None = None
    declined: ListChangeDeclined | None = None
    status: str = OPEN
    """Of STATUSES."""

    @property
    def short(self) -> str:
        """By how much of its digest people call it."""
        return self.digest[:_SHORT]

    def differences(self) -> tuple[FieldChange, ...]:
        """The fields that it changes."""
        one = self.proposed
        return tuple(
            FieldChange(name, one.before.get(name, ""), one.after.get(name, ""))
            for name in _CHANGEABLE
            if one.before.get(name, "") != one.after.get(name, "")
        )

    def __str__(self) -> str:
        """`UA-0123 of UA-held: birth date 1985 → 17.05.1985`."""
        one = self.proposed
        row = f"{one.ref} of {one.list_id}"
        if one.change == WITHDRAW:
            return f"{row}: taken off the list"
        told = "; ".join(map(str, self.differences()))
        return f"{row}: put on the list; {told}" if one.change == ADD else f"{row}: {told}"


@dataclass
class ListChanges:
    """All changes of rows so far, and the rows that are no more."""

    by_digest: dict[str, ListChange] = field(default_factory=dict)
    former: dict[tuple[str, str], list[PersonListed]] = field(default_factory=dict)
    """What rows on record were before, the oldest first, by list and ref."""

    def propose(self, entry: ListChangeProposed) -> None:
        """A change is proposed; proposed again word for word it is the same one."""
        digest = digest_of(entry)
        self.by_digest.setdefault(digest, ListChange(digest, entry))

    def agree(self, entry: ListChangeAgreed, rows: Rows, *, counts: bool) -> None:
        """A key agrees: the first of the other side decides, and changes `rows` if they are what the proposer saw.

        `counts`: whether the proposer's key still does.
        """
        change = self.by_digest.get(entry.proposal_sha256)
        if change is None or change.status != OPEN:
            return
        proposed = change.proposed
        sides = (proposed.side, entry.side)
        if proposed.public_key == entry.public_key or sum(side in proposed.own for side in sides) != 1:
            return
        change.agreed = entry
        key = (proposed.list_id, proposed.ref)
        row = rows.get(key)
        if not counts or not fits(row, proposed):
            change.status = LAPSED
            return
        change.status = IN_EFFECT
        if row is not None:
            self.former.setdefault(key, []).append(row)
        if proposed.change == WITHDRAW:
            del rows[key]
            return
        blank = PersonListed(
            occurred_at_us=entry.occurred_at_us, own=proposed.own, list_id=proposed.list_id, ref=proposed.ref
        )
        rows[key] = with_values(row or blank, proposed.after)

    def decline(self, entry: ListChangeDeclined) -> None:
        """A key ends a proposal that is still open: of the other side it declines, of the proposer's takes it back."""
        change = self.by_digest.get(entry.proposal_sha256)
        if change is None or change.status != OPEN:
            return
        proposed = change.proposed
        change.declined = entry
        change.status = TAKEN_BACK if (entry.side in proposed.own) == (proposed.side in proposed.own) else DECLINED

    def named(self, digest: str) -> ListChange:
        """The one change whose digest begins so. Raises Refused."""
        found = [one for known, one in self.by_digest.items() if known.startswith(digest)] if digest else []
        if len(found) != 1:
            what = "is of several changes: give more of it" if found else "is of no change on record"
            raise Refused(f"{digest!r} {what}; see: safeconduct registry change list")
        return found[0]


def fits(row: PersonListed | None, proposed: ListChangeProposed) -> bool:
    """Whether a row is what the proposer of a change saw."""
    if proposed.change == ADD:
        return row is None
    told = {} if row is None else text_of(row)
    return row is not None and all(told.get(name) == value for name, value in proposed.before.items())


@dataclass(frozen=True, slots=True)
class WantedChange:
    """What somebody wants changed, in their own words."""

    list_id: str
    ref: str
    change: str
    values: Mapping[str, str]
    """New values by field, as a list would have them."""
    reason: str


def proposal(
    known: Mapping[str, ListReceived], rows: Rows, wanted: WantedChange, side: str, public_key: str, now_us: int
) -> ListChangeProposed:
    """The entry that proposes a change, to be signed with that key. Raises Refused where there is nothing to change."""
    received = known.get(wanted.list_id)
    if received is None:
        raise Refused(f"no list {wanted.list_id!r} is on record; on record: {', '.join(sorted(known)) or 'none yet'}")
    if not wanted.reason.strip():
        raise Refused("a change needs a reason: say in a few words why")
    row = rows.get((wanted.list_id, wanted.ref))
    if wanted.change == ADD and row is not None:
        raise Refused(f"{wanted.ref} stands on the list {wanted.list_id} already: correct that row")
    if wanted.change != ADD and row is None:
        raise Refused(f"no row {wanted.ref} stands on the list {wanted.list_id}")
    after = {name: read_value(name, text) for name, text in wanted.values.items()}
    before = {} if row is None else text_of(row)
    if wanted.change == WITHDRAW:
        before = {name: value for name, value in before.items() if value}
    elif wanted.change == CORRECT:
        after = {name: value for name, value in after.items() if before[name] != value}
        before = {name: before[name] for name in after}
        if not after:
            raise Refused(f"{wanted.ref} of {wanted.list_id} says all that already: nothing to change")
    elif not any(after.get(name) for name in ("family_name", "given_name", "patronymic")):
        raise Refused("a row to be added needs a name at least")
    else:
        after = {"consent": "unknown"} | {name: value for name, value in after.items() if value}
    return ListChangeProposed(
        occurred_at_us=now_us,
        own=received.own,
        list_id=wanted.list_id,
        ref=wanted.ref,
        change=wanted.change,
        before=before,
        after=after,
        reason=" ".join(wanted.reason.split()),
        side=side,
        public_key=public_key,
    )


def agreement(change: ListChange, rows: Rows, side: str, public_key: str, now_us: int) -> ListChangeAgreed:
    """The entry by which the other side's key agrees. Raises Refused where it would have no effect."""
    proposed = change.proposed
    if change.status != OPEN:
        raise Refused(f"the change {change.short} is {change.status} already")
    if (side in proposed.own) == (proposed.side in proposed.own):
        other = "the intermediary" if proposed.side in proposed.own else " and ".join(proposed.own)
        raise Refused(f"{proposed.side} proposed this change: it waits for a key of {other}")
    if not fits(rows.get((proposed.list_id, proposed.ref)), proposed):
        raise Refused(f"{proposed.ref} has changed since this was proposed: look again, and propose anew")
    return ListChangeAgreed(
        occurred_at_us=now_us,
        own=proposed.own,
        list_id=proposed.list_id,
        ref=proposed.ref,
        proposal_sha256=change.digest,
        side=side,
        public_key=public_key,
    )


def refusal(change: ListChange, reason: str, side: str, public_key: str, now_us: int) -> ListChangeDeclined:
    """The entry by which a key of either side ends a proposal. Raises Refused where it would have no effect."""
    if change.status != OPEN:
        raise Refused(f"the change {change.short} is {change.status} already")
    if not reason.strip():
        raise Refused("whoever declines a change gives a reason: say in a few words why")
    proposed = change.proposed
    return ListChangeDeclined(
        occurred_at_us=now_us,
        own=proposed.own,
        list_id=proposed.list_id,
        ref=proposed.ref,
        proposal_sha256=change.digest,
        reason=" ".join(reason.split()),
        side=side,
        public_key=public_key,
    )


def malformed(proposed: ListChangeProposed) -> str:
    """Why a proposal is none, whatever the record says; empty if it is one."""
    if proposed.change not in CHANGES:
        return f"unknown change {proposed.change!r}; allowed: {', '.join(CHANGES)}"
    if (proposed.change == ADD and proposed.before) or (proposed.change == WITHDRAW and proposed.after):
        return "a row that is added has no values before, one that is withdrawn none after"
    if proposed.change != WITHDRAW and not proposed.after:
        return "it changes nothing"
    try:
        for values in (proposed.before, proposed.after):
            for name, value in values.items():
                if read_value(name, value) != value:
                    return f"the value of {name} is not in canonical form"
    except Refused as error:
        return str(error)
    return "" if proposed.ref and proposed.reason else "it names no row, or no reason"


def read_value(name: str, text: str) -> str:
    """A value as a list would have it, in canonical form; empty for none. Raises Refused."""
    if name not in _CHANGEABLE:
        raise Refused(f"{name!r} is no field of a row that can be changed; they are: {', '.join(_CHANGEABLE)}")
    try:
        return lists.canonical_value(name, text)
    except Unreadable as error:
        raise Refused(f"{name.replace('_', ' ')}: {error.what}; {error.mend}") from None
