"""A ledger of which one copy and one proof are given away, its checkpoint cosigned by a witness of each side."""

from pathlib import Path

from msgspec import structs
from nacl.signing import SigningKey
from tests.app.copying import TERMS, groups_of, workspace_with

from safeconduct.app.copy_keys import SideWitness
from safeconduct.app.exporting import export_copy
from safeconduct.app.proving import prove
from safeconduct.app.workspace import Workspace
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.cosignature import cosign, open_cosignatures, witness_key
from safeconduct.storage.cosignatures import CosignatureStore

RU, UA = SigningKey(b"r" * 32), SigningKey(b"u" * 32)
RU_KEY, UA_KEY = witness_key("ru.example/w", RU), witness_key("ua.example/w", UA)
WITNESSES = (SideWitness("RU", RU_KEY), SideWitness("UA", UA_KEY))
_NAMED = "".join(f'[[witness]]\nof = "{one.side}"\nkey = "{one.key}"\n' for one in WITNESSES)
_TEXT = f"""
[agreement]
id = "istanbul-2025-06-02"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]
{_NAMED}"""
COSIGNED_AT_S = 1_751_630_000


def note_of(workspace: Workspace) -> bytes:
    """The ledger's own note."""
    ledger = workspace.open_ledger()
    note = ledger.note()
    ledger.close()
    return note


def cosigned(workspace: Workspace, *signers: SigningKey) -> bytes:
    """The note with these cosignatures."""
    note = note_of(workspace)
    text = note.decode().partition("\n\n")[0] + "\n"
    names = {RU: RU_KEY.name, UA: UA_KEY.name}
    return note + "".join(f"{cosign(text, names[one], one, COSIGNED_AT_S)}\n" for one in signers).encode()


def keep_cosigned(workspace: Workspace, note: bytes) -> None:
    """Keep a note's cosignatures, as those who asked the witnesses do."""
    store = CosignatureStore.open(workspace.cosignatures_path)
    checkpoint = open_checkpoint(note, workspace.verifier)
    for witness, found in zip(WITNESSES, open_cosignatures(note, [one.key for one in WITNESSES]), strict=True):
        store.add(witness.side, checkpoint, note_of(workspace), found, 1)
    store.close()


def give_away(folder: Path, size: int, index: int = 7) -> Workspace:
    """In a folder a workspace `demo`, a cosigned copy for RU (`copy`), and the proof of an entry (`proof`)."""
    terms = structs.replace(TERMS, terms_text=_TEXT)
    workspace = workspace_with(folder / "demo", [[terms], *groups_of(size)[1:]])
    keep_cosigned(workspace, cosigned(workspace, RU, UA))
    export_copy(workspace, "party:RU", folder / "copy")
    made = prove(workspace, index, clearance="party:RU", fields=["person"])
    (folder / "proof").write_bytes(made.proof.encode())
    return workspace
