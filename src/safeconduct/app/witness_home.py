"""Where a witness lives: its memory in F and F.count, and its key in F.key, none of which belongs in a backup.

What a witness has signed and then forgotten, it may contradict. So the key signs only with the very memory that it was
made with: a memory restored from a backup, moved to another disk or copied does not open, nor does a key whose memory
is lost. Such a witness takes a new key, which those who rely on it must be given.
"""

from collections.abc import Callable
from pathlib import Path

from nacl.signing import SigningKey

from safeconduct.app.workspace import read_secret
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.kernel.ports import Randomness
from safeconduct.ledger.cosignature import witness_key
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.storage.durable import sync_folder, write_durably
from safeconduct.storage.witness_state import WitnessState, count_path

_SECRET_BYTES = 32
_ANEW = (
    "make a witness with a new key elsewhere (safeconduct witness init --state NEW --name NAME), and give that key out"
)


def key_path(state: Path) -> Path:
    """Where the key of a witness is."""
    return state.with_name(state.name + ".key")


def init_witness(state: Path, name: str, randomness: Randomness) -> VerifierKey:
    """Make a witness: a fresh key and an empty memory; the key to give out.

    Raises BadInput if either is already there, or cannot be made, or the name is none.
    """
    secret = randomness.token_bytes(_SECRET_BYTES)
    try:
        verifier = witness_key(name, SigningKey(secret))
    except CheckpointError as error:
        raise BadInput(Fault("--name", 0, 0, str(error), "name it as witness.example.org/a")) from None
    for path in (state, key_path(state), count_path(state)):
        if path.exists():
            what = "is already there: a witness, or what is left of one"
            raise BadInput(Fault(str(path), 0, 0, what, "choose another --state"))
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        write_durably(key_path(state), secret.hex().encode() + b"\n", 0o600)
        sync_folder(state.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Fault(str(key_path(state)), 0, 0, f"cannot be made: {reason}", "check the folder")) from None
    try:
        WitnessState.create(state, verifier)
    except BadInput:
        for path in (state, key_path(state), count_path(state)):
            path.unlink(missing_ok=True)
        raise
    return verifier


def open_witness(state: Path) -> tuple[Callable[[], WitnessState], SigningKey, VerifierKey]:
    """The memory (to be opened by whatever thread uses it) and key of a witness.

    Raises BadInput where one of them is missing, or they do not belong together.
    """
    if not state.exists() and key_path(state).exists():
        what = f"is missing, and {key_path(state).name} may have signed what it knew"
        raise BadInput(Fault(str(state), 0, 0, what, _ANEW))
    memory = WitnessState.open(state, writable=True)
    try:
        if memory.is_copy():
            what = "is a copy of a witness's state, restored or moved: it may have forgotten what was cosigned since"
            raise BadInput(Fault(str(state), 0, 0, what, _ANEW))
        if not key_path(state).exists():
            raise BadInput(Fault(str(key_path(state)), 0, 0, "the witness's key is missing", _ANEW))
        key = SigningKey(read_secret(key_path(state)))
        if bytes(key.verify_key) != memory.key.public_key:
            what = f"is not the key that {state.name} was made with"
            raise BadInput(Fault(str(key_path(state)), 0, 0, what, "put its own key back, or " + _ANEW))
        return lambda: WitnessState.open(state, writable=True), key, memory.key
    finally:
        memory.close()
