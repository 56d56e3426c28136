"""A witness at work: it judges, remembers durably, and only then signs (ledger.witness has the rules)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nacl.signing import SigningKey

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.ports import Clock
from safeconduct.kernel.times import SECOND_US
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from safeconduct.ledger.cosignature import cosign
from safeconduct.ledger.note import CheckpointError, VerifierKey, split_note
from safeconduct.ledger.witness import (
    BAD_REQUEST,
    CONFLICT,
    FORBIDDEN,
    NOT_FOUND,
    OK,
    SIZE_TYPE,
    Refusal,
    judge,
    origin_in,
    parse_request,
)
from safeconduct.storage.witness_state import LastCosigned

PLAIN_TYPE = "text/plain; charset=utf-8"
UNAVAILABLE = 503
_ROUNDS = 8
"""How often a request is judged anew because another program cosigned meanwhile."""


class Memory(Protocol):
    """What a witness remembers (`storage.witness_state`); durable when a method returns."""

    def last(self, origin: str) -> LastCosigned | None:
        """The last checkpoint of a ledger that was cosigned; None if there was none."""
        ...

    def swap(self, before: LastCosigned | None, checkpoint: Checkpoint, note: bytes, at_us: int) -> bool:
        """Make this the last checkpoint of its ledger if the last one is still `before`; whether it was."""
        ...

    def keep_evidence(self, checkpoint: Checkpoint, note: bytes, cosigned: bytes, *, proven: bool, at_us: int) -> bool:
        """Keep what a ledger signed beside what it had signed before; whether that is new."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back by HTTP."""

    status: int
    body: bytes
    content_type: str = PLAIN_TYPE


class Witness:
    """Cosigns checkpoints of the ledgers that it trusts, by origin."""

    def __init__(
        self, name: str, key: SigningKey, logs: Mapping[str, VerifierKey], memory: Memory, clock: Clock
    ) -> None:
        self._name = name
        self._key = key
        self._logs = logs
        self._memory = memory
        self._clock = clock

    def answer(self, body: bytes) -> Answer:
        """Answer the body of an add-checkpoint request. Raises StorageFailed; then nothing was cosigned."""
        try:
            request = parse_request(body)
            origin = origin_in(request)
        except CheckpointError as error:
            return _say(BAD_REQUEST, str(error))
        for _ in range(_ROUNDS):
            before = self._memory.last(origin)
            verdict = judge(request, self._logs, {} if before is None else {origin: before.checkpoint})
            if isinstance(verdict, Refusal):
                self._keep(verdict, before)
                if verdict.status == CONFLICT:
                    return Answer(CONFLICT, f"{verdict.what}\n".encode(), SIZE_TYPE)
                return _say(verdict.status, verdict.what)
            now_us = self._clock.now_us()
            # Also where it is cosigned once more, as for a reply that was lost: another program may have gone on.
            if self._memory.swap(before, verdict.checkpoint, verdict.note, now_us):
                line = cosign(verdict.checkpoint.text(), self._name, self._key, now_us // SECOND_US)
                return Answer(OK, f"{line}\n".encode())
        return _say(UNAVAILABLE, "too many ask at once; ask again")

    def latest(self, note: bytes) -> Answer:
        """Show the checkpoint last cosigned to somebody who has one of the same ledger. Raises StorageFailed."""
        try:
            origin = parse_checkpoint(split_note(note)[0]).origin
            verifier = self._logs.get(origin)
            if verifier is None:
                return _say(NOT_FOUND, "this witness does not know the ledger of that origin")
            open_checkpoint(note, verifier)
        except CheckpointError as error:
            return _say(FORBIDDEN, f"what is posted is no checkpoint signed by a ledger known here: {error}")
        last = self._memory.last(origin)
        return _say(NOT_FOUND, "nothing of it was cosigned yet") if last is None else Answer(OK, last.note)

    def _keep(self, refusal: Refusal, before: LastCosigned | None) -> None:
        if refusal.unproven is None or before is None:
            return
        signed, log = refusal.unproven, logging.getLogger(__name__)
        try:
            new = self._memory.keep_evidence(
                signed.checkpoint, signed.note, before.note, proven=refusal.alarm, at_us=self._clock.now_us()
            )
        except SafeconductError as error:
            # It is refused all the same.
            log.error("evidence cannot be kept: %s", error)
            return
        if new and refusal.alarm:
            origin, size = signed.checkpoint.origin, signed.checkpoint.size
            log.error("the ledger %s has signed two roots for %d entries; see: safeconduct witness show", origin, size)
        elif new:
            log.warning("a checkpoint was refused: %s; see: safeconduct witness show", refusal.what)


def _say(status: int, what: str) -> Answer:
    return Answer(status, f"{what}\n".encode())
