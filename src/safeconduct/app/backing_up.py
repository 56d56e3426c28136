"""Backup and restore of a workspace: the record in one folder, what opens it in another, kept apart.

A copy of the keys brings back what was erased since; so whoever restores one has every recorded erasure done again
before anything is opened.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from safeconduct.app.workspace import FILE, Workspace, open_workspace
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.note import VerifierKey
from safeconduct.storage import sqlite
from safeconduct.storage.durable import sync_folder, write_durably
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.ledger_store import LedgerFile

_SECRETS = "secrets"
_SQLITE = (".sqlite", ".sqlite-wal", ".sqlite-shm")
"""A file, and what SQLite leaves beside it where somebody read it, as a restore does."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored."""

    checkpoint: Checkpoint
    """The latest one of the restored record."""
    erased_again: int
    """Keys that were destroyed once more, since the copy of the keys was older than their erasure."""
    opens: bool
    """Whether the keys are there; if not, bodies read as sealed."""


def back_up(workspace: Workspace, folder: Path, keys_folder: Path | None = None) -> Checkpoint:
    """Copy the record into a folder, and what opens it into another, if one is named; gives the record's checkpoint.

    An earlier backup there is replaced whole, so that nothing erased since stays in it. The record may be in use
    meanwhile. Raises BadInput, StorageFailed; then what was there before is still there.
    """
    targets = [folder.absolute(), *([keys_folder.absolute()] if keys_folder else [])]
    if len({workspace.folder.absolute(), *targets}) <= len(targets):
        raise BadInput(Fault(str(folder), 0, 0, "is not apart", "name folders of their own for record and keys"))
    for target in targets:
        _check_room(target)
    for path in (workspace.keys_path, workspace.secrets_path) if keys_folder else ():
        _stands_within(workspace, path)
    with _replacing(folder) as made:
        write_durably(made / FILE, (workspace.folder / FILE).read_bytes(), 0o644)
        for path in _databases(workspace):
            sqlite.copy(path, made / path.name)
        checkpoint, _ = _read(made / workspace.ledger_path.name, workspace.verifier)
    if keys_folder is not None:
        # After the record: a key that no body needs is harmless, a body without its key is lost.
        with _replacing(keys_folder) as made:
            sqlite.copy(workspace.keys_path, made / workspace.keys_path.name)
            _copy_secrets(workspace.secrets_path, made / workspace.secrets_path.name)
    return checkpoint


def restore(backup: Path, folder: Path, keys_folder: Path | None = None) -> Restored:
    """Make a workspace of a backup in a new or empty folder, with its keys if their folder is named.

    Every erasure that the record tells of is done again in the keys before they are in their place. Raises BadInput,
    StorageFailed; then no workspace is there.
    """
    if not (backup / FILE).is_file():
        raise BadInput(Fault(str(backup), 0, 0, "holds no backup", "name a folder that safeconduct backup made"))
    source = open_workspace(backup)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(Fault(str(folder), 0, 0, "is not empty", "name a new folder"))
    if keys_folder is not None and not (keys_folder / source.keys_path.name).is_file():
        raise BadInput(Fault(str(keys_folder), 0, 0, "holds no backup of keys", "name the folder of --keys"))
    with _replacing(folder) as made:
        for path in _databases(source):
            sqlite.copy(path, made / path.name)
        checkpoint, erased = _read(made / source.ledger_path.name, source.verifier)
        again = 0
        if keys_folder is not None:
            sqlite.copy(keys_folder / source.keys_path.name, made / source.keys_path.name)
            again = KeyStore.destroy_in(made / source.keys_path.name, erased)
            _copy_secrets(keys_folder / source.secrets_path.name, made / source.secrets_path.name)
        # Last, as in a new workspace: a folder without it is none.
        write_durably(made / FILE, (backup / FILE).read_bytes(), 0o644)
    return Restored(checkpoint, again, keys_folder is not None)


def _databases(workspace: Workspace) -> list[Path]:
    """What is copied of the record, and in which order: the ledger never holds less than the witnesses cosigned."""
    _stands_within(workspace, workspace.ledger_path)
    cosigned = [workspace.cosignatures_path] if workspace.cosignatures_path.exists() else []
    return [*cosigned, workspace.ledger_path]


def _read(path: Path, verifier: VerifierKey) -> tuple[Checkpoint, frozenset[bytes]]:
    """The checkpoint of a copied ledger, and the keys whose bodies were erased."""
    with closing(LedgerFile.open(path)) as ledger:
        found = open_checkpoint(ledger.note(), verifier), ledger.erased_keys()
    for suffix in ("-wal", "-shm"):  # which a reader leaves, and a copy has no need of
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return found


def _stands_within(workspace: Workspace, path: Path) -> None:
    """Raises BadInput for a file elsewhere, to which the restored workspace would point as well."""
    if path.parent != workspace.folder:
        what = f"stands outside {workspace.folder}, as {FILE} says"
        raise BadInput(Fault(str(path), 0, 0, what, "move it there, or copy it by other means"))


def _copy_secrets(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    for path in sorted(source.iterdir()):
        write_durably(target / path.name, path.read_bytes(), 0o600)
    sync_folder(target)


def _check_room(folder: Path) -> None:
    """Raises BadInput unless the folder can be made, is empty, or holds an earlier backup, of either kind."""
    try:
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        raise _unusable(folder, error) from None
    foreign = {name for name in names if name not in (FILE, _SECRETS) and not name.endswith(_SQLITE)}
    if foreign:
        what = f"holds {min(foreign)}, which is of no backup"
        raise BadInput(Fault(str(folder), 0, 0, what, "name a new folder, or one that holds an earlier backup"))
    if FILE in names and _SECRETS in names:
        raise BadInput(Fault(str(folder), 0, 0, "is a workspace, no backup", "name another folder"))


@contextmanager
def _replacing(folder: Path) -> Iterator[Path]:
    """A folder beside that takes its place once it is whole, and its owner's alone."""
    made = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        yield made
        sync_folder(made)
        earlier = None
        if folder.exists():
            earlier = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
            os.replace(folder, earlier)
        os.replace(made, folder)
        sync_folder(folder.parent)
        if earlier is not None:
            _overwrite(sorted(earlier.rglob("*")))
            shutil.rmtree(earlier)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(folder, error) from None
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def _overwrite(paths: Sequence[Path]) -> None:
    """Overwrite files that are about to go: an earlier backup may hold what was erased since."""
    for path in paths:
        if path.is_file():
            with path.open("r+b") as file:
                left = path.stat().st_size
                while left > 0:
                    left -= file.write(bytes(min(left, 1 << 20)))
                file.flush()
                os.fsync(file.fileno())


def _unusable(folder: Path, error: Exception) -> BadInput:
    reason = error.strerror if isinstance(error, OSError) else None
    return BadInput(Fault(str(folder), 0, 0, f"cannot be written: {reason or error}", "check the folder"))
