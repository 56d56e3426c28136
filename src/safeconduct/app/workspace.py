"""A workspace: the folder of one agreement, with its ledger, its keys and the file `safeconduct.toml` that says so."""

import hmac
import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from nacl.signing import SigningKey

from safeconduct.app.alarm_settings import EXAMPLE, read_escalation
from safeconduct.app.erasures import finish
from safeconduct.app.master_key import opened_with, refuse_locked, sealed_under
from safeconduct.app.record import Record
from safeconduct.app.recorder import Recorder
from safeconduct.app.rolled_back import SignedSoFar
from safeconduct.app.witness_settings import EXAMPLE as WITNESS_EXAMPLE
from safeconduct.app.witness_settings import read_witnesses
from safeconduct.kernel.documents import Table, parse_toml
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import BadInput, Fault, SafeconductError
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger.checkpoint import Checkpoint, origin_of, sign_checkpoint
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.ledger.policy import PolicyKey
from safeconduct.storage.durable import sync_folder, write_durably
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.ledger_store import LedgerFile, LedgerWriter
from safeconduct.tracking.escalation import Escalation

E = TypeVar("E", bound=Entry)

FILE = "safeconduct.toml"
COSIGNATURES = "cosignatures.sqlite"
FORMAT = 1

_MASTER, _AUTHOR, _LEDGER = "master.key", "author.key", "ledger.key"
_SEALED_MASTER = "master.sealed"
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Workspace:
    """What `safeconduct.toml` says; the files are opened by the methods."""

    folder: Path
    agreement_id: str
    intermediary: str
    """The neutral intermediary whose key signs the entries made here."""
    verifier: VerifierKey
    """The key that signs this ledger's checkpoints; its name is the ledger's origin."""
    ledger_path: Path
    keys_path: Path
    secrets_path: Path
    zones: Mapping[str, str] = field(default_factory=dict)
    """IANA time zone of each party whose clock is shown beside UTC."""
    escalation: Escalation = field(default_factory=Escalation)
    """When others are called to an alarm that nobody takes on, and whom."""
    witnesses: Mapping[str, PolicyKey] = field(default_factory=dict)
    """Who is asked to cosign, by the name that people here know them by."""
    ask: Callable[[], str | None] = field(default=lambda: None, compare=False)
    """Asks for the passphrase where the master key has one, at most once; None leaves it locked."""
    _master: list[bytes | None] = field(default_factory=list, compare=False, repr=False)
    """The answer, once it was asked for."""

    @property
    def cosignatures_path(self) -> Path:
        """Where the witnesses' cosignatures are kept."""
        return self.folder / COSIGNATURES

    def page_secret(self) -> bytes:
        """What the keys to the live pages are derived from. Raises BadInput if the master key is not at hand."""
        return hmac.digest(self.master_key(), b"safeconduct/open-pages/v1", "sha256")

    def master_key(self) -> bytes:
        """The key under which all data keys are wrapped. Raises BadInput if it is not at hand, or stays locked."""
        master_key = self._unlocked()
        if master_key is None:
            sealed = self.secrets_path / _SEALED_MASTER
            if sealed.is_file():
                refuse_locked(sealed)
            return read_secret(self.secrets_path / _MASTER)
        return master_key

    def unlocked_by(self, master_key: bytes) -> "Workspace":
        """The same in another process, which nobody could ask."""
        return replace(self, _master=[master_key])

    def lock_by(self, passphrase: str, randomness: Randomness) -> None:
        """Keep the master key under a passphrase from now on, and no more as it is. Raises BadInput."""
        master_key = self.master_key()
        plain, sealed = self.secrets_path / _MASTER, self.secrets_path / _SEALED_MASTER
        content = sealed_under(passphrase, master_key, randomness)
        if opened_with(passphrase, str(sealed), content) != master_key:
            raise AssertionError("what was sealed must open")
        new = sealed.with_name(f".{sealed.name}")
        try:
            new.unlink(missing_ok=True)
            write_durably(new, content, 0o600)
            os.replace(new, sealed)
            sync_folder(self.secrets_path)
            if plain.exists():
                with plain.open("r+b") as file:
                    file.write(bytes(plain.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                plain.unlink()
                sync_folder(self.secrets_path)
        except OSError as error:
            what = f"cannot be written: {error.strerror or error}"
            raise BadInput(Fault(str(sealed), 0, 0, what, "check the folder")) from None

    def _unlocked(self) -> bytes | None:
        """The master key; None where it stays locked or was taken away. Raises BadInput for one that is not right."""
        if not self._master:
            plain, sealed = self.secrets_path / _MASTER, self.secrets_path / _SEALED_MASTER
            if plain.exists():
                return read_secret(plain)
            passphrase = self.ask() if sealed.is_file() else None
            if passphrase is None:
                self._master.append(None)
            else:
                self._master.append(opened_with(passphrase, str(sealed), _read_own(sealed)))
        return self._master[0]

    def require_keys(self) -> None:
        """Make sure that bodies can be opened. Raises BadInput where the keys were taken away."""
        self.page_secret()
        if not self.keys_path.is_file():
            raise BadInput(Fault(str(self.keys_path), 0, 0, "is missing", "restore it from where it was last whole"))

    def open_ledger(self) -> LedgerFile:
        """Open the stored bytes alone, for reading. Raises BadInput if they are missing, damaged or not ours."""
        return LedgerFile.open(self.ledger_path)

    def open_record(self, decoder: "msgspec.json.Decoder[E]") -> Record[E]:
        """Open the ledger for reading, as it stands at this moment.

        Where `keys.sqlite` or the master key is missing (locked, taken away), bodies read as sealed. Raises BadInput
        for files that are damaged or not ours, and for a wrong passphrase.
        """
        keys = None
        master_key = self._unlocked() if self.keys_path.exists() else None
        if master_key is not None:
            keys = KeyStore.open(self.keys_path, master_key, writable=False)
        try:
            if keys is not None and master_key is not None:
                self._replay(keys, master_key)
            return Record(self.open_ledger(), keys, self.verifier, decoder)
        except SafeconductError:
            if keys is not None:
                keys.close()
            raise

    def open_recorder(self, clock: Clock, randomness: Randomness, decoder: "msgspec.json.Decoder[E]") -> Recorder[E]:
        """Open the ledger for writing.

        Raises Refused while another writer has it open, RolledBack where this is not all that was ever signed, BadInput
        if a file is missing, damaged or of another workspace.
        """
        author_key = SigningKey(read_secret(self.secrets_path / _AUTHOR))
        ledger_key = SigningKey(read_secret(self.secrets_path / _LEDGER))
        if bytes(ledger_key.verify_key) != self.verifier.public_key:
            fault = Fault(
                str(self.secrets_path / _LEDGER),
                0,
                0,
                f"is not the key named in {FILE}",
                "restore the workspace's own key",
            )
            raise BadInput(fault)
        master_key = self.master_key()
        ledger = LedgerWriter.open(self.ledger_path)
        signed = SignedSoFar(self.cosignatures_path, self.verifier)
        keys = None
        try:
            keys = KeyStore.open(self.keys_path, master_key, writable=True)
            finish(ledger, keys)
            return Recorder(
                ledger,
                keys,
                author_key,
                ledger_key,
                self.verifier,
                clock,
                randomness,
                decoder,
                self.intermediary,
                signed,
            )
        except SafeconductError:
            ledger.close()
            signed.close()
            if keys is not None:
                keys.close()
            raise

    def _replay(self, keys: KeyStore, master_key: bytes) -> None:
        """Destroy keys that an older copy of the key file brought back, before anything is opened with them."""
        # Opened for this alone: nobody holds on to the ledger while keys are destroyed.
        with closing(self.open_ledger()) as ledger:
            erased = ledger.erased_keys()
        if keys.usable(erased):
            writable = KeyStore.open(self.keys_path, master_key, writable=True)
            try:
                writable.destroy(erased)
            finally:
                writable.close()


def create_workspace(
    folder: Path,
    agreement_id: str,
    intermediary: str,
    randomness: Randomness,
    zones: Mapping[str, str] | None = None,
) -> Workspace:
    """Make a workspace with an empty ledger and fresh keys in a folder, which may exist and hold other files.

    `safeconduct.toml` is written last: a folder without it is no workspace. Raises BadInput if any of its files is
    already there or cannot be made; then nothing is left behind.
    """
    for what, value in (("agreement", agreement_id), ("intermediary", intermediary)):
        if not value.strip() or not value.isprintable():
            raise BadInput(Fault(str(folder), 0, 0, f"the {what} {value!r} is no identifier", "name it in plain text"))
    author, ledger, master = (randomness.token_bytes(_SECRET_BYTES) for _ in range(3))
    ledger_key = SigningKey(ledger)
    verifier = VerifierKey(origin_of(agreement_id), bytes(ledger_key.verify_key))
    secrets = folder / "secrets"
    workspace = Workspace(
        folder,
        agreement_id,
        intermediary,
        verifier,
        folder / "ledger.sqlite",
        folder / "keys.sqlite",
        secrets,
        dict(zones or {}),
    )

    def sign(size: int, root: bytes) -> bytes:
        return sign_checkpoint(Checkpoint(verifier.name, size, root), ledger_key)

    files = [workspace.ledger_path, workspace.keys_path, *(secrets / name for name in (_MASTER, _AUTHOR, _LEDGER))]
    for path in (folder / FILE, *files):
        if path.exists():
            raise BadInput(Fault(str(path), 0, 0, "is already there", "choose an empty folder"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        secrets.mkdir(mode=0o700, exist_ok=True)
        for name, key in ((_MASTER, master), (_AUTHOR, author), (_LEDGER, ledger)):
            write_durably(secrets / name, key.hex().encode() + b"\n", 0o600)
        KeyStore.create(workspace.keys_path, master)
        LedgerWriter.create(workspace.ledger_path, sign)
        write_durably(folder / f".{FILE}", _toml(workspace).encode(), 0o644)
        os.replace(folder / f".{FILE}", folder / FILE)
        sync_folder(secrets)
        sync_folder(folder)
    except (OSError, sqlite3.Error, BadInput) as error:
        # None of these was there before, as was made sure above.
        with suppress(OSError):
            for path in (folder / f".{FILE}", *files):
                path.unlink(missing_ok=True)
            secrets.rmdir()
        if isinstance(error, BadInput):
            raise
        raise BadInput(Fault(str(folder), 0, 0, f"no workspace can be made: {error}", "check the folder")) from None
    return workspace


def open_workspace(folder: Path) -> Workspace:
    """Read a folder's `safeconduct.toml`. Raises BadInput if it is missing, damaged or of a future version."""
    path = folder / FILE
    try:
        source = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(
            Fault(str(path), 0, 0, f"no workspace here: {reason}", "name its folder with --workspace DIR")
        ) from None
    table = parse_toml(str(path), source).root()
    version = table.integer("format", minimum=1)
    if version > FORMAT:
        table.refuse("format", f"'format' is {version}, known is {FORMAT}", "use the safeconduct that made it")
    agreement_id = table.text("agreement")
    workspace = Workspace(
        folder=folder,
        agreement_id=agreement_id,
        intermediary=table.text("intermediary"),
        verifier=_verifier(table, agreement_id),
        ledger_path=_path(table, folder, "ledger", "ledger.sqlite"),
        keys_path=_path(table, folder, "keys", "keys.sqlite"),
        secrets_path=_path(table, folder, "secrets", "secrets"),
        zones=_zones(table.table("clocks")) if table.has("clocks") else {},
        escalation=read_escalation(table.table("alarms")) if table.has("alarms") else Escalation(),
        witnesses=read_witnesses(table.table("witnesses")) if table.has("witnesses") else {},
    )
    table.finish()
    return workspace


def find_workspace(start: Path) -> Workspace:
    """The workspace of a folder or of its nearest parent that is one. Raises BadInput if there is none."""
    absolute = start.absolute()
    for folder in (absolute, *absolute.parents):
        if (folder / FILE).is_file():
            return open_workspace(folder)
    raise BadInput(
        Fault(
            str(start),
            0,
            0,
            f"no workspace: there is no {FILE} here or in a folder above",
            "name its folder with --workspace DIR, or make one with: safeconduct demo",
        )
    )


def read_secret(path: Path) -> bytes:
    """The 32 bytes of a key file (64 hex digits). Raises BadInput if it cannot be read, or not by its owner alone."""
    try:
        secret = bytes.fromhex(_read_own(path).decode("ascii"))
    except ValueError:
        secret = b""
    if len(secret) != _SECRET_BYTES:
        raise BadInput(Fault(str(path), 1, 1, f"not a key of {_SECRET_BYTES} bytes in hex", "restore it"))
    return secret


def _read_own(path: Path) -> bytes:
    """The bytes of a file that is its owner's alone. Raises BadInput."""
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Fault(str(path), 0, 0, f"the key cannot be read: {reason}", "restore it")) from None
    if mode & 0o077:
        raise BadInput(Fault(str(path), 0, 0, "the key is readable by others", f"chmod 600 {path}"))
    return content


def _verifier(table: Table, agreement_id: str) -> VerifierKey:
    try:
        verifier = VerifierKey.parse(table.text("ledger_key"))
    except CheckpointError as error:
        table.refuse("ledger_key", str(error), "restore the file")
    if verifier.name != origin_of(agreement_id):
        table.refuse(
            "ledger_key", f"the key is of the ledger {verifier.name}, not of this agreement", "restore the file"
        )
    return verifier


def _zones(table: Table) -> dict[str, str]:
    zones = {party: table.text(party) for party in table.values}
    for party, zone in zones.items():
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            table.refuse(party, f"no time zone is called {zone!r}", 'name one as "Europe/Kyiv"')
    return zones


def _path(table: Table, folder: Path, key: str, default: str) -> Path:
    return folder / (table.text(key) if table.has(key) else default)


def _toml(workspace: Workspace) -> str:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    return (
        "# A workspace of safeconduct: one agreement, one ledger. The keys in secrets/ are nobody else's.\n"
        f"format = {FORMAT}\n"
        f"agreement = {quoted(workspace.agreement_id)}\n"
        f"intermediary = {quoted(workspace.intermediary)}\n"
        "# Give this to whoever checks the ledger: it verifies the checkpoints.\n"
        f"ledger_key = {quoted(str(workspace.verifier))}\n"
        + (
            "\n# Each side's own time, shown beside UTC.\n[clocks]\n"
            + "".join(f"{quoted(party)} = {quoted(zone)}\n" for party, zone in workspace.zones.items())
            if workspace.zones
            else ""
        )
        + EXAMPLE
        + WITNESS_EXAMPLE
    )
