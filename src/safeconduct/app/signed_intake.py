"""Entries signed elsewhere (a delegate's own device, a field device): taken in only if nothing about them is in doubt.

What is refused is not recorded. Two things that it shows are: two entries of one author and number prove that its key
is in two hands, and that proof is recorded for every party to see; and of both that and a gap in an author's numbers
there is an alarm (`app.key_alarms`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from safeconduct.agreement.authors import Author
from safeconduct.agreement.entries import AuthorCloned
from safeconduct.app.author_chain import Chain, SignedEntry
from safeconduct.app.intake import Concerns
from safeconduct.app.key_alarms import raise_gap, raise_on_keys
from safeconduct.app.office import Office
from safeconduct.app.record import schema_of
from safeconduct.app.signed_rules import misfit
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel import encoding
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.ledger.commitment import SECRET_BYTES, body_root, fields_of
from safeconduct.ledger.header import LeafError, parse_signed

MAX_BODY_BYTES = 1 << 20
_SCHEMA = schema_of(DECODER)


class NotTaken(Refused):
    """An entry signed elsewhere that is not what it must be."""


class KeyCloned(NotTaken):
    """One that shows that its author's key is in two hands; the proof was recorded."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What comes from elsewhere."""

    signed: bytes
    """Header and signature, 209 bytes (`ledger.header`)."""
    secret: bytes
    """32 bytes, from which the salts of the commitments follow."""
    text: bytes
    """The body as canonical JSON."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a group."""

    taken: int
    already: int
    """How many of the group stood in the record before."""


@dataclass
class Sound:
    """A group as far as it was found sound."""

    entries: list[SignedEntry[Entry]] = field(default_factory=list)
    chains: dict[bytes, Chain] = field(default_factory=dict)
    already: int = 0


class SignedIntake:
    """Takes in what others signed, at one office."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._concerns: dict[str, Concerns] = {}

    def take(self, group: Sequence[Signed]) -> TakenIn:
        """Take a group in, all of it or nothing; it is durable and in the state when this returns.

        Raises NotTaken naming the first entry that is not sound and why; KeyCloned where it proves a key to be in two
        hands; then an `AuthorCloned` with that proof was recorded and its alarm, and nothing else.
        """
        sound = self.check(group)
        self._office.record_signed(sound.entries)
        raise_on_keys(self._office)
        return TakenIn(len(sound.entries), sound.already)

    def check(self, group: Sequence[Signed]) -> Sound:
        """What `take` would record. Raises as it does, after recording the proof where a key is in two hands."""
        sound = Sound()
        for place, one in enumerate(group, start=1):
            try:
                self._look_at(one, sound)
            except KeyCloned as error:
                raise KeyCloned(f"signed entry {place}: {error}") from None
            except NotTaken as error:
                raise NotTaken(f"signed entry {place}: {error}") from None
        return sound

    def _look_at(self, one: Signed, sound: Sound) -> None:
        """Add an entry to the sound ones. Raises NotTaken."""
        try:
            leaf = parse_signed(one.signed)
            author = self._office.state.agreement.authors.keys.get(leaf.header.author.hex())
            if author is None:
                raise NotTaken(f"its author {leaf.header.author.hex()[:16]} is not enrolled")
            leaf.verify()
        except LeafError as error:
            raise NotTaken(str(error)) from None
        header = leaf.header
        if header.author_seq == 0:
            raise NotTaken("it is its author's number 0; they count from 1")
        chain = sound.chains.get(header.author) or self._office.recorder.chain(header.author)
        if header.author_seq <= chain.author_seq:
            self._compare(one.signed, author, header.author_seq, sound)
            sound.already += 1
            return
        self._check_author(author, header.author_seq)
        if header.author_seq != chain.author_seq + 1:
            raise_gap(self._office, author, chain.author_seq + 1, header.author_seq)
            raise NotTaken(
                f"it is number {header.author_seq} of its author, after {chain.author_seq}: take those between first"
            )
        if header.previous != chain.previous:
            raise NotTaken(
                f"it continues from another entry than the one taken as its author's number {chain.author_seq}:"
                " ask for that one, too; if both are signed, the key is cloned"
            )
        self._check_seen(header.seen_size, header.seen_root, chain)
        entry = _open(one, header.body_root)
        signed = SignedEntry(header, one.signed, one.secret, one.text, entry)
        why = misfit(self._office, author, signed, self._concerns)
        if why:
            raise NotTaken(why)
        sound.entries.append(signed)
        sound.chains[header.author] = signed.chain()

    def _check_author(self, author: Author, author_seq: int) -> None:
        who = f"its author {author.public_key[:16]}"
        if author.cloned:
            raise NotTaken(f"{who} is known to be cloned: nothing more is taken under that key; enrol another")
        if not author.counts(author_seq):
            raise NotTaken(f"{who} was revoked after its number {author.last_seq}; this is its number {author_seq}")

    def _check_seen(self, size: int, root: bytes, chain: Chain) -> None:
        recorder = self._office.recorder
        if size > recorder.size() or recorder.root_at(size) != root:
            raise NotTaken(f"the checkpoint of {size} entries that it has seen is not of this ledger")
        if size < chain.seen_size:
            raise NotTaken(
                f"it has seen a checkpoint of {size} entries, its author's entry before one of {chain.seen_size}:"
                " it was signed earlier than its number says"
            )

    def _compare(self, signed: bytes, author: Author, author_seq: int, sound: Sound) -> None:
        """Whether an entry is the one taken under its number. Raises KeyCloned after recording the proof."""
        wanted = bytes.fromhex(author.public_key), author_seq
        stored = self._office.recorder.signed_of(*wanted)
        for one in sound.entries if stored is None else ():
            if (one.header.author, one.header.author_seq) == wanted:
                stored = one.signed
        if stored is None:
            raise NotTaken(f"its author's number {author_seq} is missing in the record; run: safeconduct ledger fsck")
        if stored == signed:
            return
        if not author.cloned:
            self._office.record(
                [
                    AuthorCloned(
                        occurred_at_us=self._office.clock.now_us(),
                        public_key=author.public_key,
                        author_seq=author_seq,
                        first=stored.hex(),
                        second=signed.hex(),
                    )
                ]
            )
            raise_on_keys(self._office)
        raise KeyCloned(
            f"the key {author.public_key[:16]} is cloned: it signed two entries of its number {author_seq}."
            f" Both signed headers are kept. Revoke it: safeconduct author revoke {author.public_key} --after SEQ"
        )


def _open(one: Signed, root: bytes) -> Entry:
    """The body, if it is the one committed to, written as we would write it. Raises NotTaken."""
    if len(one.secret) != SECRET_BYTES:
        raise NotTaken(f"its secret has {len(one.secret)} bytes, not {SECRET_BYTES}")
    if len(one.text) > MAX_BODY_BYTES:
        raise NotTaken(f"its body has {len(one.text)} bytes, {MAX_BODY_BYTES} at most")
    try:
        entry = encoding.decode(one.text, DECODER)
        found = body_root(one.secret, fields_of(one.text, _SCHEMA))
    except NotCanonical as error:
        raise NotTaken(f"its body is not as an entry is written: {error}") from None
    if found != root:
        raise NotTaken("its body is not the one that its author committed to")
    return entry
