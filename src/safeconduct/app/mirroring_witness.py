"""A witness that holds what it cosigns: before it cosigns a checkpoint, its mirror has taken and checked all of it."""

from collections.abc import Callable

from safeconduct.app.mirroring import Contradicted, NotSound, Unreachable
from safeconduct.app.witness import PLAIN_TYPE, UNAVAILABLE, Answer, Witness
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.ledger.witness import UNPROCESSABLE, parse_request


class MirroringWitness:
    """Stands before a witness."""

    def __init__(self, witness: Witness, verifier: VerifierKey, take_up_to: Callable[[bytes], None]) -> None:
        """`take_up_to` has the mirror take what a signed note covers; it raises as `Mirror.follow_to`."""
        self._witness = witness
        self._verifier = verifier
        self._take_up_to = take_up_to

    def answer(self, body: bytes) -> Answer:
        """Answer the body of an add-checkpoint request. Raises StorageFailed; then nothing was cosigned."""
        try:
            note = parse_request(body).note
            open_checkpoint(note, self._verifier)
        except CheckpointError:
            return self._witness.answer(body)  # which says what is wrong
        try:
            self._take_up_to(note)
        except (Contradicted, NotSound) as error:
            return Answer(UNPROCESSABLE, f"{error}\n".encode(), PLAIN_TYPE)
        except Unreachable as error:
            return Answer(UNAVAILABLE, f"what the checkpoint covers cannot be had: {error}\n".encode(), PLAIN_TYPE)
        return self._witness.answer(body)

    def latest(self, note: bytes) -> Answer:
        """Show the checkpoint last cosigned, as the witness does. Raises StorageFailed."""
        return self._witness.latest(note)
