"""How a ledger asks a witness for its cosignature (C2SP tlog-witness, the client's part), apart from how bytes travel.

Witnesses in the wild differ: they answer a conflict with 409 or 422, with or without the size, and one ledger key that
they do not trust with 403, 404, 400 or 500. What no answer of theirs can do is to make us take a cosignature that does
not hold, or ask without end.
"""

from dataclasses import dataclass

from safeconduct.ledger.checkpoint import Checkpoint, parse_size
from safeconduct.ledger.cosignature import Cosignature, verify_cosignature
from safeconduct.ledger.merkle import NodeReader, consistency_proof
from safeconduct.ledger.note import CheckpointError, VerifierKey, decode_text, read_signature_lines, split_note
from safeconduct.ledger.witness import BAD_REQUEST, CONFLICT, FORBIDDEN, NOT_FOUND, OK, UNPROCESSABLE, AddCheckpoint

MAX_REQUESTS = 4
"""In one conversation; who still does not agree on the size after so many is asked again later."""
_SHOWN = 120
"""Characters of a witness's own words that are repeated."""
_REASONS = {
    BAD_REQUEST: "it does not know this ledger, or cannot read the request",
    FORBIDDEN: "it does not know this ledger, or not this key of it: give its keeper the ledger_key",
    NOT_FOUND: "it does not know this ledger, or is not at this address: give its keeper the ledger_key",
    429: "it is asked too often",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness answered."""

    status: int
    """HTTP status."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Trouble:
    """There is no cosignature this time."""

    what: str
    """A line for the ledger's keeper."""
    alarm: bool = False
    """Whether the witness holds another history than this ledger's, or a later one: a person must look at once."""
    seen: int = 0
    """Where the witness holds a longer ledger than was shown to it: how many entries that one has."""


class Asking:
    """One conversation with a witness about one checkpoint: `first`, then `then` for every reply."""

    def __init__(
        self, name: str, witness: VerifierKey, note: bytes, checkpoint: Checkpoint, node: NodeReader, believed: int
    ) -> None:
        """`name` is how people call it; `believed` the size that it cosigned last, as far as we were told."""
        self.fell_to: int | None = None
        """The size that the witness says it cosigned last, if that is less than it cosigned for us: it forgot."""
        self._name = name
        self._witness = witness
        self._note = note
        self._checkpoint = checkpoint
        self._node = node
        self._believed = believed
        self._old_size = believed
        self._told = False
        """Whether the witness itself told the size in this conversation."""
        self._requests = 0

    def first(self) -> AddCheckpoint | Trouble:
        """What to send first."""
        return self._ask(self._believed)

    def then(self, reply: Reply) -> AddCheckpoint | Cosignature | Trouble:
        """What a reply means: what to send next, the cosignature, or that there is none this time."""
        if reply.status == OK:
            if self._old_size < self._believed:
                self.fell_to = self._old_size
            return self._cosignature(reply.body)
        if reply.status == CONFLICT:
            return self._conflict(reply.body)
        if reply.status == UNPROCESSABLE:
            # What we believed may be wrong; only of the size that it told itself the refusal is a contradiction.
            return self._contradiction() if self._told or self._is_whole() else self._ask_for_its_size(reply)
        return self._refused(reply)

    def _ask(self, old_size: int) -> AddCheckpoint | Trouble:
        size = self._checkpoint.size
        if old_size > size:
            return self._longer(old_size)
        if self._requests == MAX_REQUESTS:
            return Trouble(f"{self._name} told another size each time it was asked")
        self._requests += 1
        self._old_size = old_size
        return AddCheckpoint(old_size, tuple(consistency_proof(old_size, size, self._node)), self._note)

    def _conflict(self, body: bytes) -> AddCheckpoint | Trouble:
        try:
            size = parse_size(decode_text(body).removesuffix("\n"))
        except CheckpointError:
            # Older witnesses answer another root of one size so, without a word.
            return self._contradiction() if self._is_whole() else self._ask_for_its_size(Reply(CONFLICT, body))
        if size == self._old_size:
            if self._is_whole():
                return self._contradiction()
            return Trouble(f"{self._name} contradicts itself: asked from {size} entries on, it wants {size}")
        self._told = True
        return self._ask(size)

    def _ask_for_its_size(self, reply: Reply) -> AddCheckpoint | Trouble:
        """From nothing on: whoever has cosigned anything answers that with the size."""
        return self._ask(0) if self._old_size else self._refused(reply)

    def _cosignature(self, body: bytes) -> Cosignature | Trouble:
        text, _ = split_note(self._note)
        why = "it sent none"
        try:
            lines = decode_text(body).split("\n")
        except CheckpointError as error:
            lines, why = [], str(error)
        for line in lines:
            try:
                (signature,) = read_signature_lines(line + "\n")
                if signature.is_of(self._witness):
                    return verify_cosignature(text, signature, self._witness)
            except CheckpointError as error:
                if line.strip():
                    why = str(error)
        return Trouble(f"{self._name} answered without a cosignature of its key that holds: {why}")

    def _is_whole(self) -> bool:
        """Whether it was asked to cosign the very size that it holds."""
        return self._old_size == self._checkpoint.size

    def _longer(self, size: int) -> Trouble:
        return Trouble(
            f"this ledger has {self._checkpoint.size} entries and {self._name} has seen {size}: an old backup was "
            "restored, or another copy went on; record nothing more here and recover the ledger from whoever has it "
            "whole",
            alarm=True,
            seen=size,
        )

    def _contradiction(self) -> Trouble:
        return Trouble(
            f"{self._name} has cosigned another history of this ledger, of {self._old_size} entries: compare its "
            "checkpoint (safeconduct witness show) with this one; somebody was shown a different record",
            alarm=True,
        )

    def _refused(self, reply: Reply) -> Trouble:
        if 300 <= reply.status < 400:
            reason = "it sends us to another address, which is not followed: write that one down for it"
        elif reply.status >= 500:
            reason = "it cannot answer now, or does not trust the ledger's key"
        else:
            reason = _REASONS.get(reply.status, "it does not cosign")
        said = " ".join(reply.body[: 4 * _SHOWN].decode("utf-8", "replace").split())
        said = "".join(character for character in said if character.isprintable())[:_SHOWN]
        return Trouble(f"{self._name} answered {reply.status}: {reason}" + (f" (it says: {said})" if said else ""))
