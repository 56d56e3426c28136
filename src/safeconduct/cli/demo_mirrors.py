"""The demo's mirrors: of each party a program of its own that checks the ledger as it grows, and cosigns it."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from safeconduct.app.cosigned_record import cosigned_notes, cosigned_size
from safeconduct.app.cosigner import Cosigner, LedgerNotes
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.witness_client import WitnessClient
from safeconduct.app.witness_home import init_witness
from safeconduct.app.workspace import Workspace
from safeconduct.cli.serve import listen, origin_of_socket
from safeconduct.disclosure.clearance import Clearance
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.policy import PolicyKey
from safeconduct.storage.cosignatures import CosignatureStore
from safeconduct.web.mirror_process import MirrorProcess
from safeconduct.web.mirror_running import MirrorSettings

_HOST = "127.0.0.1"
_PATIENCE_S = 300.0
"""How long the mirrors may take to check all that is new and cosign it."""
_PAUSE_S = 0.5


class DemoMirrors:
    """One process a party, each with its own files below `mirrors/PARTY`."""

    def __init__(self, folder: Path, parties: Sequence[str]) -> None:
        """Make each party's witness; the processes begin later."""
        self._folder = folder
        self._keys: dict[str, VerifierKey] = {}
        for party in parties:
            name = f"mirror.{party.lower()}.example"
            self._keys[party] = init_witness(folder / party / "witness.sqlite", name, SystemRandomness())
        self._processes: list[MirrorProcess] = []
        self._workspace: Workspace | None = None
        self._asked: dict[str, PolicyKey] = {}

    def terms(self) -> bytes:
        """What the terms say of the witnesses."""
        tables = (f'\n[[witness]]\nof = "{party}"\nkey = "{key}"\n' for party, key in self._keys.items())
        return ("\n# Whose cosignatures irreversible steps wait for\n" + "".join(tables)).encode()

    def start(self, workspace: Workspace, links: Mapping[str, str]) -> None:
        """Begin the processes: each follows the ledger by its party's link."""
        self._workspace = workspace
        for party, key in self._keys.items():
            clearance = Clearance("party", party)
            listening = listen(_HOST, 0)
            self._asked[party] = PolicyKey(key, origin_of_socket(listening))
            own = self._folder / party
            settings = MirrorSettings(links[str(clearance)], clearance, workspace.verifier, own / "mirror.sqlite")
            self._processes.append(MirrorProcess(settings, own / "witness.sqlite", listening, own / "mirror.log"))

    def ask(self) -> tuple[str, ...]:
        """Have every mirror check and cosign all that is on record; the parties whose mirror has not."""
        return () if self._workspace is None else asyncio.run(self._ask(self._workspace))

    def notes(self) -> list[bytes]:
        """The checkpoints that they have cosigned."""
        return [] if self._workspace is None else cosigned_notes(self._workspace)

    def cosigned_by(self) -> list[str]:
        """The parties whose mirror has cosigned all that is on record."""
        if self._workspace is None:
            return []
        ledger = self._workspace.open_ledger()
        try:
            notes, size, verifier = self.notes(), ledger.size(), self._workspace.verifier
            sizes = {one: cosigned_size(notes, verifier, key, size, ledger.node) for one, key in self._keys.items()}
            return [party for party, cosigned in sizes.items() if cosigned == size]
        finally:
            ledger.close()

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.stop()

    async def _ask(self, workspace: Workspace) -> tuple[str, ...]:
        ledger = workspace.open_ledger()
        store = CosignatureStore.open(workspace.cosignatures_path)
        try:
            async with WitnessClient() as client:
                cosigner = Cosigner(workspace.verifier, LedgerNotes(ledger), store, client.post, SystemClock())
                until_s = time.monotonic() + _PATIENCE_S
                while True:
                    asked = await cosigner.round(self._asked)
                    lacking = tuple(one.name for one in asked if one.trouble is not None)
                    alarmed = any(one.trouble.alarm for one in asked if one.trouble is not None)
                    if not lacking or alarmed or time.monotonic() > until_s:
                        return lacking
                    # A mirror that was begun just now, or that still checks what is new.
                    await asyncio.sleep(_PAUSE_S)
        finally:
            store.close()
            ledger.close()
