"""The check of a whole ledger: everything is derived again from the stored bytes, and nothing stored is believed.

Of every entry: its place, its leaf's hash, the author's signature, number and chain, whether that author may sign it,
the checkpoint it names as seen, the time of recording, and, where the body can be opened, the commitments. Of the
whole: the root against the signed checkpoint. What this cannot see: that a whole older state was put back. Only those
who hold a later checkpoint can.
"""

import enum
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Protocol

import msgspec

from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.author_chains import AuthorChains, Clone, NotCounting
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.commitment import SECRET_BYTES, Schema, body_root, fields_of
from safeconduct.ledger.header import Leaf, LeafError, parse_leaf
from safeconduct.ledger.merkle import HASH_BYTES, CompactRange, NodeReader, leaf_hash, range_at
from safeconduct.ledger.note import CheckpointError, VerifierKey

_AHEAD, _PIECE = 2048, 256
"""How many entries are read ahead, and how many of their signatures are one piece of work."""


class BodyState(enum.Enum):
    """What a reader finds where a body should be."""

    OPENED = "opened"
    """Open to this reader, whole or (in a party's copy) in part."""
    SEALED = "sealed"
    """There, but its key is not at hand."""
    ERASED = "erased"
    """There, but its key was destroyed."""
    DAMAGED = "damaged"
    """Its key is at hand and does not open it: it, or the key, was altered."""
    LOST = "lost"
    """Nowhere any more: the leaf was taken back from somebody's copy, which held no bodies."""
    MISSING = "missing"


class StoredEntry(msgspec.Struct, frozen=True):
    """One entry as it is stored."""

    index: int
    leaf: bytes
    hashes: bytes
    """Hashes of the complete subtrees that end with this leaf, from level 0 (its own) upwards, one after the other."""
    state: BodyState
    plaintext: bytes
    """What is open of it, as the reader's own check of bodies (`BodyCheck`) takes it; else empty."""


class StoredTree(Protocol):
    """Gives what is stored of entries that were given before."""

    def leaf(self, index: int) -> bytes:
        """The leaf of an entry."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """The stored hash of a complete subtree (`merkle.NodeReader`)."""
        ...


class LedgerReader(StoredTree, Protocol):
    """Gives the stored bytes, all from one moment. Raises SafeconductError where the store is beyond reading."""

    def checkpoint_note(self) -> bytes:
        """The signed note."""
        ...

    def stored_entries(self) -> Iterable[StoredEntry]:
        """Every entry, by rising index."""
        ...


AuthorCheck = Callable[[StoredEntry, Leaf], Sequence[str]]
"""What is wrong with an entry's being signed by this author, by the bodies of the entries before it."""

BodyCheck = Callable[[StoredEntry, Leaf], Sequence[str]]
"""What is wrong with the opened body of an entry whose leaf this is."""

SignatureCheck = Callable[[], Sequence[bool]]
Begin = Callable[[SignatureCheck], SignatureCheck]
"""Begins a piece of work, on another processor or not, and gives what waits for its result."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong; `index` is None where the ledger as a whole is meant."""

    index: int | None
    what: str

    def __str__(self) -> str:
        return f"ledger: {self.what}" if self.index is None else f"entry {self.index}: {self.what}"


@dataclass
class Report:
    """What a check found."""

    origin: str
    size: int = 0
    """Number of entries read."""
    root: bytes = b""
    """The root derived from them; empty if entries are missing."""
    problems: list[Problem] = field(default_factory=list)
    bodies: dict[BodyState, int] = field(default_factory=lambda: dict.fromkeys(BodyState, 0))
    authors: int = 0
    """How many keys signed entries."""
    clones: list[Clone] = field(default_factory=list)
    """Keys that are in two hands, each with its proof."""
    not_known: set[bytes] = field(default_factory=set)
    """Keys that signed entries and whose enrolment this reader cannot know: it may stand in an entry that is sealed."""
    not_counting: list[NotCounting] = field(default_factory=list)
    """What a later revocation cut off: no fault of the record, where everybody can see it; but it counts no more."""

    keys_lacking: list[tuple[bytes, int]] = field(default_factory=list)
    """Keys that bodies need and that are not at hand where others are, each with the first such entry: no fault of the
    record, but what is sealed under them is lost unless somebody has them."""

    def add(self, index: int | None, what: str) -> None:
        """Note one problem."""
        self.problems.append(Problem(index, what))


def check(
    reader: LedgerReader,
    verifier: VerifierKey,
    check_body: BodyCheck,
    progress: Callable[[int], None] = lambda _: None,
    *,
    earlier: Checkpoint | None = None,
    begin: Begin = lambda work: work,
    check_author: AuthorCheck = lambda *_: (),
) -> Report:
    """Check a ledger; where an earlier checkpoint of it is given, also that it continues that one.

    `check_author` is asked of each entry before `check_body`; `progress` is told the number of entries done, after
    each. Signatures are most of the work: `begin` may put pieces of it on other processors.
    """
    report = Report(verifier.name)
    checkpoint = _checkpoint(reader, verifier, report)
    entries = EntryChecks(report, reader, check_author, check_body, earlier)
    try:
        for entry, leaf, signature_holds in with_signatures(reader.stored_entries(), begin):
            entries.take(entry, leaf, signature_holds)
            report.size += 1
            progress(report.size)
    except SafeconductError as error:
        report.add(entries.expected, f"the store cannot be read further: {error}")
    report.authors, report.clones = len(entries.chains), entries.chains.clones
    entries.settle()
    if checkpoint is not None:
        if entries.expected != checkpoint.size:
            report.add(None, f"it holds entries up to {entries.expected}, its checkpoint says {checkpoint.size}")
        elif report.root and report.root != checkpoint.root:
            report.add(None, "the entries do not hash to the root that the checkpoint signs")
    return report


def stored_body(schema: Schema) -> BodyCheck:
    """The check of secret and body against the root that their author committed to."""

    def check_body(entry: StoredEntry, leaf: Leaf) -> Sequence[str]:
        secret, body = entry.plaintext[:SECRET_BYTES], entry.plaintext[SECRET_BYTES:]
        try:
            root = body_root(secret, fields_of(body, schema))
        except NotCanonical as error:
            return (str(error),)
        return () if root == leaf.header.body_root else ("its body is not the one that its author committed to",)

    return check_body


def with_signatures(
    entries: Iterable[StoredEntry], begin: Begin
) -> Iterator[tuple[StoredEntry, Leaf | LeafError, bool]]:
    """Each entry with its leaf, taken apart if it can be, and whether the author's signature holds."""
    source = iter(entries)
    failure: SafeconductError | None = None
    begun: tuple[list[StoredEntry], list[Leaf | LeafError], list[SignatureCheck]] = ([], [], [])
    more = True
    while more:
        ahead: list[StoredEntry] = []
        try:
            ahead.extend(islice(source, _AHEAD))
        except SafeconductError as error:
            failure = error  # what was read before is still to be checked
        more = bool(ahead) and failure is None
        leaves = [_parsed(entry.leaf) for entry in ahead]
        pieces = [leaves[start : start + _PIECE] for start in range(0, len(leaves), _PIECE)]
        # Begun before those of the group before are used, so that other processors work meanwhile.
        coming = ahead, leaves, [begin(partial(_signatures_hold, piece)) for piece in pieces]
        yield from _settled(*begun)
        begun = coming
    yield from _settled(*begun)
    if failure is not None:
        raise failure


def _settled(
    entries: Sequence[StoredEntry], leaves: Sequence[Leaf | LeafError], results: Sequence[SignatureCheck]
) -> Iterator[tuple[StoredEntry, Leaf | LeafError, bool]]:
    return zip(entries, leaves, (one for result in results for one in result()), strict=True)


def _parsed(leaf: bytes) -> Leaf | LeafError:
    try:
        return parse_leaf(leaf)
    except LeafError as error:
        return error


def _signatures_hold(leaves: Sequence[Leaf | LeafError]) -> list[bool]:
    holds = []
    for leaf in leaves:
        try:
            if isinstance(leaf, Leaf):
                leaf.verify()
            holds.append(isinstance(leaf, Leaf))
        except LeafError:
            holds.append(False)
    return holds


def _checkpoint(reader: LedgerReader, verifier: VerifierKey, report: Report) -> Checkpoint | None:
    try:
        return open_checkpoint(reader.checkpoint_note(), verifier)
    except CheckpointError as error:
        report.add(None, f"the checkpoint is not valid: {error}")
        return None


class EntryChecks:
    """Walks the entries once, holding the tree's right edge and each author's last entry."""

    def __init__(
        self,
        report: Report,
        stored: StoredTree,
        check_author: AuthorCheck,
        check_body: BodyCheck,
        earlier: Checkpoint | None = None,
    ) -> None:
        self.report = report
        self.node: NodeReader = stored.node
        self.chains = AuthorChains(stored.leaf)
        self.check_author = check_author
        self.check_body = check_body
        self.earlier = earlier
        self.expected = 0
        self.tree = CompactRange()
        self.whole = True
        """Whether every entry so far was there, so that the tree can be derived at all."""
        self.leaves_sound = True
        """Whether every leaf so far hashed to its stored hash, so that a wrong node is the node's own fault."""
        self.nodes_sound = True
        """Whether every stored node so far is right, so that older roots can be derived from them."""
        self.recorded_at_us = 0
        self.root_of_size = 0, self.tree.root()

    def take(self, entry: StoredEntry, leaf: Leaf | LeafError, signature_holds: bool) -> None:
        """Check the next entry; what is wrong is added to the report."""
        if entry.index != self.expected:
            last = entry.index - 1
            which = "it is missing" if last == self.expected else f"all from here to {last} are missing"
            self.report.add(self.expected, f"{which}; no root can be derived without")
            self.whole = False
        self.check_earlier()
        self.expected = entry.index + 1
        self.report.bodies[entry.state] += 1
        if isinstance(leaf, LeafError):
            self.report.add(entry.index, f"the leaf cannot be read: {leaf}")
        else:
            self.check_seen(entry.index, leaf)
            if not signature_holds:
                self.report.add(entry.index, "the author's signature does not hold")
            for what in (
                *self.chains.take(entry.index, leaf, signature_holds),
                *self.check_author(entry, leaf),
            ):
                self.report.add(entry.index, what)
            self.check_time(entry.index, leaf)
            self.take_body(entry, leaf)
        self.check_hashes(entry)

    def check_hashes(self, entry: StoredEntry) -> None:
        if not self.whole:
            if entry.hashes[:HASH_BYTES] != leaf_hash(entry.leaf):
                self.report.add(entry.index, "the leaf is not what was hashed when it was recorded")
            return
        derived = self.tree.append(leaf_hash(entry.leaf))
        if entry.hashes == b"".join(derived):
            return
        if entry.hashes[:HASH_BYTES] != derived[0]:
            self.report.add(entry.index, "the leaf is not what was hashed when it was recorded")
            self.leaves_sound = False
        elif self.leaves_sound:
            self.report.add(entry.index, "a stored node of the tree above it is wrong")
            self.nodes_sound = False

    def check_seen(self, index: int, leaf: Leaf) -> None:
        size, root = leaf.header.seen_size, leaf.header.seen_root
        if size > index:
            self.report.add(index, f"it claims to have seen a checkpoint of {size} entries, of which it would be one")
        elif self.whole and self.leaves_sound and self.nodes_sound and self.root_at(size) != root:
            self.report.add(index, f"the checkpoint of {size} entries that it has seen is not of this ledger")

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries, none of which is wrong."""
        if size != self.root_of_size[0]:
            tree = self.tree if size == self.tree.size else range_at(size, self.node)
            self.root_of_size = size, tree.root()
        return self.root_of_size[1]

    def check_time(self, index: int, leaf: Leaf) -> None:
        if leaf.recorded_at_us < self.recorded_at_us:
            self.report.add(index, "it was recorded earlier than the entry before it")
        self.recorded_at_us = max(self.recorded_at_us, leaf.recorded_at_us)

    def take_body(self, entry: StoredEntry, leaf: Leaf) -> None:
        match entry.state:
            case BodyState.MISSING:
                self.report.add(entry.index, "its body is missing")
            case BodyState.DAMAGED:
                self.report.add(entry.index, "its body does not open under its key: altered, or of another entry")
            case BodyState.OPENED:
                for what in self.check_body(entry, leaf):
                    self.report.add(entry.index, what)

    def check_earlier(self) -> None:
        """Compare with the earlier checkpoint at the moment when the tree is of its size."""
        earlier = self.earlier
        if earlier is not None and self.whole and self.tree.size == earlier.size:
            self.earlier = None
            if self.tree.root() != earlier.root:
                self.report.add(
                    None,
                    f"it does not continue the earlier checkpoint: its first {earlier.size} entries are not those"
                    " that were signed then",
                )

    def settle(self) -> None:
        self.check_earlier()
        if self.earlier is not None and self.whole:
            self.report.add(
                None,
                f"the earlier checkpoint has {self.earlier.size} entries, this ledger {self.tree.size}: it is older,"
                " or entries were taken off its end",
            )
        self.report.root = self.tree.root() if self.whole else b""
