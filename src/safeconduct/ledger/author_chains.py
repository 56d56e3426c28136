"""Each author's own order, by the leaves alone: numbers without gaps, a chain of hashes, checkpoints seen that never
fall back; and keys that are in two hands, because they signed two entries of one number."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

from safeconduct.ledger.header import FIRST, Leaf, LeafError, parse_leaf


@dataclass(frozen=True, slots=True)
class Clone:
    """One key, one number, two entries: whoever has both signed headers can check it with nothing else."""

    author: bytes
    author_seq: int
    indices: tuple[int, int]
    signed: tuple[bytes, bytes]
    """Header and signature of each, 209 bytes."""


@dataclass(frozen=True, slots=True)
class NotCounting:
    """What a key signed before it was revoked, beyond the cut: it stands in the record and does not count."""

    author: bytes
    first_seq: int
    last_seq: int


@dataclass
class _Chain:
    last_seq: int = 0
    last_hash: bytes = FIRST
    seen_size: int = 0
    numbers: "array[int]" = field(default_factory=lambda: array("Q"))
    indices: "array[int]" = field(default_factory=lambda: array("Q"))


class AuthorChains:
    """Takes the leaves of a ledger in their order."""

    def __init__(self, leaf_at: Callable[[int], bytes]) -> None:
        """`leaf_at` gives the stored leaf of an index that was taken before."""
        self._leaf_at = leaf_at
        self._chains: dict[bytes, _Chain] = {}
        self.clones: list[Clone] = []

    def __len__(self) -> int:
        """How many keys signed entries."""
        return len(self._chains)

    def take(self, index: int, leaf: Leaf, signature_holds: bool) -> list[str]:
        """What is wrong with an entry's place in its author's order."""
        header = leaf.header
        chain = self._chains.get(header.author)
        if chain is None:
            chain = self._chains[header.author] = _Chain()
        problems: list[str] = []
        in_order = header.author_seq == chain.last_seq + 1 and header.previous == chain.last_hash
        if not in_order or header.seen_size < chain.seen_size:
            problems = self._out_of_order(index, leaf, chain, signature_holds)
        chain.last_seq, chain.last_hash, chain.seen_size = header.author_seq, leaf.entry_hash(), header.seen_size
        chain.numbers.append(header.author_seq)
        chain.indices.append(index)
        return problems

    def _out_of_order(self, index: int, leaf: Leaf, chain: _Chain, signature_holds: bool) -> list[str]:
        header = leaf.header
        who = f"author {header.author.hex()[:16]}"
        problems: list[str] = []
        if header.author_seq == chain.last_seq + 1:
            if header.previous != chain.last_hash:
                problems.append(f"{who} continues from another entry than its number {chain.last_seq}")
        elif header.author_seq <= chain.last_seq:
            clone = self._clone(index, leaf, chain) if signature_holds else None
            what = f"{who} has number {header.author_seq} after {chain.last_seq}"
            if clone is None:
                problems.append(f"{what}: out of order")
            else:
                self.clones.append(clone)
                problems.append(
                    f"{what}: its key is cloned; entry {clone.indices[0]} has this number too, and both signed"
                    " headers are the proof"
                )
        else:
            problems.append(f"{who} has number {header.author_seq} after {chain.last_seq}: entries between are missing")
        if header.seen_size < chain.seen_size:
            problems.append(
                f"{who} has seen a checkpoint of {header.seen_size} entries, and before it one of {chain.seen_size}:"
                " signed earlier than its number says"
            )
        return problems

    def _clone(self, index: int, leaf: Leaf, chain: _Chain) -> Clone | None:
        """The entry of the same number that stands before, if it is signed, too."""
        for number, earlier in zip(chain.numbers, chain.indices, strict=True):
            if number != leaf.header.author_seq:
                continue
            try:
                found = parse_leaf(self._leaf_at(earlier))
                found.verify()
            except LeafError:
                continue
            if found.signed != leaf.signed:
                return Clone(leaf.header.author, number, (earlier, index), (found.signed, leaf.signed))
        return None
