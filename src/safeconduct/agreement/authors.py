"""Whose keys sign entries: enrolled, revoked, found to be in two hands.

The *founding key* is the author of the ledger's first entry: the intermediary's own, with which its workspace was made.
It needs no entry that enrols it, since nobody was there before it to sign one. Every other key is enrolled by an entry
that stands before the first that it signed.
"""

from dataclasses import dataclass, field, replace

from safeconduct.agreement.entries import AuthorCloned, AuthorEnrolled, AuthorRevoked
from safeconduct.kernel.times import DAY_US

PERSON, DEVICE = KINDS = ("person", "device")
REASONS = ("left", "replaced", "lost", "stolen", "cloned")
"""Why a key signs no more: its holder has left, another took its place, it was lost, stolen, or is in two hands."""
NEW_KEY_WAITS_US = DAY_US
"""So long after its enrolment a further key of the intermediary does not count where two are needed."""


@dataclass(frozen=True, slots=True)
class Author:
    """One key and all that is known of it."""

    public_key: str
    """64 lower-case hexadecimal digits."""
    actor: str
    """The party, intermediary or facility that it signs for."""
    kind: str
    """Of `KINDS`."""
    label: str
    own: tuple[str, ...] = ()
    """The party that the actor is or belongs to; nobody for the intermediary."""
    last_seq: int | None = None
    """The number of the last entry that counts, once it is revoked."""
    reason: str = ""
    cloned: bool = False
    """Whether two entries of one number showed that it is in two hands."""
    founding: bool = False
    enrolled_us: int = 0
    """When it was enrolled; 0 for the founding key."""

    def counts(self, author_seq: int) -> bool:
        """Whether an entry of this number counts."""
        return self.last_seq is None or author_seq <= self.last_seq

    @property
    def signs(self) -> bool:
        """Whether it signs new entries: neither revoked nor in two hands."""
        return self.last_seq is None and not self.cloned


@dataclass
class Authors:
    """Every key that may sign or could, by its hexadecimal digits, in the order of enrolment."""

    keys: dict[str, Author] = field(default_factory=dict)
    clones: dict[str, AuthorCloned] = field(default_factory=dict)
    """Of each key that is in two hands the first proof."""

    def found(self, public_key: bytes, actor: str) -> None:
        """The founding key, and whose it is."""
        self.keys[public_key.hex()] = Author(public_key.hex(), actor, PERSON, "founding key", founding=True)

    def enrol(self, entry: AuthorEnrolled) -> None:
        """A key is enrolled; the first enrolment stands."""
        made = Author(
            entry.public_key, entry.actor, entry.kind, entry.label, entry.own, enrolled_us=entry.occurred_at_us
        )
        self.keys.setdefault(entry.public_key, made)

    def revoke(self, entry: AuthorRevoked) -> None:
        """A key is revoked; of several cuts the earliest stands."""
        known = self.keys.get(entry.public_key)
        if known is not None and known.counts(entry.last_seq):
            self.keys[entry.public_key] = replace(known, last_seq=entry.last_seq, reason=entry.reason)

    def clone(self, entry: AuthorCloned) -> None:
        """A key is in two hands."""
        known = self.keys.get(entry.public_key)
        if known is not None:
            self.keys[entry.public_key] = replace(known, cloned=True)
            self.clones.setdefault(entry.public_key, entry)

    def officers(self) -> dict[str, int]:
        """The keys of persons of the intermediary that sign now, each with the moment from which it counts.

        Whoever writes the record could enrol a second key of their own and agree with themselves. So the first key that
        was ever enrolled for a person of the intermediary counts at once, and each further one NEW_KEY_WAITS_US after
        its enrolment, which everybody has seen by then. None takes the place of a first key that was revoked.
        """
        return {key: self.counts_from_us(one) for key, one in self.keys.items() if _is_officer(one) and one.signs}

    def counts_from_us(self, author: Author) -> int:
        """From when on an officer's key counts where two are needed."""
        first = next((one for one in self.keys.values() if _is_officer(one) and not one.founding), None)
        at_once = author.founding or (first is not None and first.public_key == author.public_key)
        return 0 if at_once else author.enrolled_us + NEW_KEY_WAITS_US


def _is_officer(author: Author) -> bool:
    """Whether it is the key of a person of the intermediary, whichever there is."""
    return not author.own and author.kind == PERSON
