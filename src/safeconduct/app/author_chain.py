"""An entry as its author signed it, and the chain that an author's entries make."""

from typing import Generic, NamedTuple, TypeVar

from safeconduct.kernel.entry import Entry
from safeconduct.ledger.header import FIRST, Header, Leaf, hash_of_signed

E = TypeVar("E", bound=Entry)


class Chain(NamedTuple):
    """Where the chain of an author stands."""

    author_seq: int = 0
    """The number of its last entry."""
    previous: bytes = FIRST
    """What the next entry names as `previous`."""
    seen_size: int = 0
    """Size of the last checkpoint that it had seen."""

    @classmethod
    def after(cls, leaf: Leaf) -> "Chain":
        """As it stands after an entry."""
        return cls(leaf.header.author_seq, leaf.entry_hash(), leaf.header.seen_size)


class SignedEntry(NamedTuple, Generic[E]):
    """An entry as its author signed it, with all that commits to it."""

    header: Header
    signed: bytes
    """Header and signature."""
    secret: bytes
    text: bytes
    """The body."""
    entry: E

    def chain(self) -> Chain:
        """The author's chain after it."""
        return Chain(self.header.author_seq, hash_of_signed(self.signed), self.header.seen_size)
