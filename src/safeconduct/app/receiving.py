"""What a recipient of sealed fields does, offline: make a key, open the file of a release, and check what is in it."""

from dataclasses import dataclass
from pathlib import Path

from safeconduct.app.own_device import write_key
from safeconduct.app.proof_checking import ProofReport, check_proof
from safeconduct.kernel import hpke
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.kernel.ports import Randomness
from safeconduct.ledger.sealed_proof import SealedProofError, open_sealed, parse_sealed
from safeconduct.ledger.trust import Trust


@dataclass(frozen=True, slots=True)
class Received:
    """What stood in the file of a release."""

    proof: bytes
    """The `.tlog-proof`, for whoever is to check it again."""
    report: ProofReport


def make_recipient_key(path: Path, randomness: Randomness) -> str:
    """Make a key file (X25519) that its owner alone can read; gives the public key. Raises BadInput."""
    secret = randomness.token_bytes(hpke.KEY_BYTES)
    write_key(path, secret)
    return hpke.public_of(secret).hex()


def open_release(name: str, source: bytes, private: bytes, trust: Trust) -> Received:
    """Open the file of a release, called `name`, and check its proof by what is trusted.

    Raises BadInput for a file that is none, or that does not open with this key.
    """
    try:
        proof = open_sealed(parse_sealed(source), private)
    except SealedProofError as error:
        mend = "ask for it again, and say to which key: safeconduct recipient new printed it"
        raise BadInput(Fault(name, 1, 1, f"is no release that opens here: {error}", mend)) from None
    return Received(proof, check_proof(name, proof, trust))
