"""The check of a `.tlog-proof`, offline: the file, the ledger's key, and the keys of witnesses, from elsewhere."""

from dataclasses import dataclass

import msgspec

from safeconduct.app.told_again import told_of
from safeconduct.kernel.encoding import NotCanonical, decode
from safeconduct.kernel.errors import BadInput, Fault, SafeconductError
from safeconduct.ledger.commitment import Disclosure
from safeconduct.ledger.merkle import ProofError
from safeconduct.ledger.note import CheckpointError, split_note
from safeconduct.ledger.proof_file import EntryProof, ProvenEntry, parse_proof, verify_proof
from safeconduct.ledger.trust import Trust

_ANYTHING = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What the check of a proof found."""

    proven: ProvenEntry | None
    """What it shows; None if it does not hold, and then nothing of it is to be believed."""
    problems: tuple[str, ...]
    lacking: tuple[str, ...] = ()
    """Who must have cosigned and has not."""
    unchecked: tuple[str, ...] = ()
    """Names of others who signed the checkpoint, as they say: their keys were not given."""

    @property
    def verified(self) -> bool:
        """Whether it holds, and everybody cosigned who must have."""
        return not self.problems


def check_proof(name: str, source: bytes, trust: Trust) -> ProofReport:
    """Check a proof by what is trusted. Raises BadInput, with the file's `name`, for a file that is none."""
    try:
        proof = parse_proof(source)
    except ProofError as error:
        fault = Fault(name, 1, 1, f"is no proof of an entry: {error}", "ask for the proof again")
        raise BadInput(fault) from None
    try:
        proven = verify_proof(proof, trust.ledger_of(proof.note), trust.cosigners)
        if proven.disclosure is not None:
            _check_values(proven.disclosure)
    except SafeconductError as error:
        return ProofReport(None, (str(error),))
    lacking = trust.lacking(proven.cosignatures)
    problems = tuple(f"the checkpoint is not cosigned by {one}" for one in lacking)
    return ProofReport(proven, problems, lacking, _unchecked(proof, trust))


def _check_values(disclosure: Disclosure) -> None:
    """That what is shown can be read, and where the type is shown, that it is as entries of it are."""
    if disclosure.shown[0].place == 0:
        told_of(disclosure)
        return
    for one in disclosure.shown:
        try:
            decode(one.value, _ANYTHING)
        except NotCanonical as error:
            raise NotCanonical(f"its field {one.slot!r} is not as an entry holds it: {error}") from None


def _unchecked(proof: EntryProof, trust: Trust) -> tuple[str, ...]:
    try:
        _, signatures = split_note(proof.note)
    except CheckpointError:
        return ()
    known = (*trust.logs, *trust.cosigners)
    return tuple(dict.fromkeys(one.name for one in signatures if not any(one.is_of(key) for key in known)))
