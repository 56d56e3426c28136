"""A party's copy of the ledger: what it may have, written as files that it can check without us (docs/copies.md).

Whoever has a copy has every leaf. Of the bodies it holds the fields that its clearance may know, each with its salt and
the proof that the author committed to it. Of other fields neither value nor salt leaves, and never the secret of an
entry, from which all its salts follow.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.app.exported_copy import CHECKPOINT, DISCLOSED, KEYS, NAMES, ExportedCopy
from safeconduct.app.recorder import Record, schema_of
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance, parse_clearance
from safeconduct.disclosure.telling import told_fields
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import BadInput, Fault, SafeconductError
from safeconduct.ledger.commitment import SECRET_BYTES, Disclosure, disclose, fields_of
from safeconduct.ledger.disclosed_lines import VERSION, Heading, encode_heading, encode_line
from safeconduct.ledger.fsck import BodyState, StoredEntry
from safeconduct.ledger.header import BODY_ROOT
from safeconduct.ledger.merkle import CompactRange, ProofError, leaf_hash
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.tiles import WIDTH, HashTiles, Tile, encode_bundle, tiles_of
from safeconduct.reception.entries import FacilityEnrolled

_SCHEMA = schema_of(DECODER)
_FSCK = "run: safeconduct ledger fsck"


@dataclass(frozen=True, slots=True)
class Exported:
    """What a copy holds."""

    clearance: Clearance
    size: int
    """Entries of the ledger."""
    root: bytes
    entries: int
    """Entries of which something is disclosed."""
    fields: int


def export_copy(
    workspace: Workspace,
    clearance: str,
    folder: Path,
    *,
    force: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Write the copy for a clearance (`party:ID`, `facility:ID`, `intermediary`, `public`) to a folder, or nothing.

    `force` replaces an earlier copy there, and nothing else. `progress` is told the number of entries done. Raises
    Refused for an unknown clearance; BadInput if the folder cannot be used; SafeconductError if the ledger is damaged,
    or closed to this reader, so that the copy would lack what its clearance may know.
    """
    folder = Path(os.path.abspath(folder))
    _check_room(folder, force)
    record = workspace.open_record(DECODER)
    try:
        known = parse_clearance(clearance, *_named(record, clearance))
        with _replacing(folder, known) as made:
            return _write(record, workspace.verifier, known, made, progress)
    finally:
        record.close()


def keys_text(verifier: VerifierKey) -> bytes:
    """The file `keys.txt`: a key a line, then its role."""
    return f"{verifier} ledger\n".encode()


def _named(record: Record[Entry], clearance: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parties and facilities that the ledger names, read as far as it takes to find the one meant."""
    role, _, name = clearance.partition(":")
    parties: dict[str, None] = {}
    facilities: dict[str, None] = {}
    if clearance not in (str(INTERMEDIARY), str(PUBLIC)):
        for recorded in record.read():
            match recorded.body:
                case Opened(entry=TermsRecorded() as terms):
                    parties |= dict.fromkeys(terms.parties)
                case Opened(entry=FacilityEnrolled() as enrolled):
                    facilities[enrolled.facility] = None
                case _:
                    continue
            if name in (parties if role == "party" else facilities):
                break
    return tuple(parties), tuple(facilities)


def _write(
    record: Record[Entry],
    verifier: VerifierKey,
    clearance: Clearance,
    folder: Path,
    progress: Callable[[int], None],
) -> Exported:
    checkpoint = record.checkpoint()
    tree, hashes = CompactRange(), HashTiles()
    bundle: list[bytes] = []
    entries = fields = 0
    lines = folder / f"{DISCLOSED}.lines"
    with lines.open("wb") as file:
        for entry in record.stored_entries():
            if entry.index != tree.size:
                raise SafeconductError(f"entry {tree.size}: it is missing; {_FSCK}")
            hashes.add(tree.append(leaf_hash(entry.leaf)))
            bundle.append(entry.leaf)
            if len(bundle) == WIDTH or tree.size == checkpoint.size:
                _put(folder / Tile(0, entry.index // WIDTH, len(bundle)).bundle_path(), encode_bundle(bundle))
                bundle = []
            disclosure = disclosed(entry, clearance)
            if disclosure is not None:
                file.write(encode_line(entry.index, disclosure) + b"\n")
                entries, fields = entries + 1, fields + len(disclosure.shown)
            progress(tree.size)
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise SafeconductError(f"the ledger is not what its checkpoint says; {_FSCK}")
    for tile in tiles_of(tree.size):
        _put(folder / tile.path(), hashes.content(tile))
    heading = Heading(
        version=VERSION, clearance=str(clearance), origin=checkpoint.origin, size=tree.size, entries=entries
    )
    with (folder / DISCLOSED).open("wb") as whole, lines.open("rb") as file:
        whole.write(encode_heading(heading) + b"\n")
        shutil.copyfileobj(file, whole)
    lines.unlink()
    _put(folder / KEYS, keys_text(verifier))
    _put(folder / CHECKPOINT, record.checkpoint_note())
    return Exported(clearance, tree.size, checkpoint.root, entries, fields)


def disclosed(entry: StoredEntry, clearance: Clearance) -> Disclosure | None:
    """What a clearance may know of an entry; None if nothing, or if its data were erased.

    Raises SafeconductError where its body does not open.
    """
    if entry.state is BodyState.ERASED:
        return None
    if entry.state is not BodyState.OPENED:
        mend = "restore keys.sqlite and the master key" if entry.state is BodyState.SEALED else _FSCK
        raise SafeconductError(f"entry {entry.index}: its body is {entry.state.value}; {mend}")
    secret, body = entry.plaintext[:SECRET_BYTES], entry.plaintext[SECRET_BYTES:]
    try:
        opened = DECODER.decode(body)
        names = told_fields(type(opened), getattr(opened, "own", ()), clearance, getattr(opened, "facility", ""))
        if names is None:
            return None
        return disclose(secret, fields_of(body, _SCHEMA), ("type", *names), entry.leaf[BODY_ROOT])
    except (msgspec.DecodeError, NotCanonical, ProofError) as error:
        raise SafeconductError(f"entry {entry.index}: its body is not what was recorded ({error}); {_FSCK}") from None


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _check_room(folder: Path, force: bool) -> None:
    """Raises BadInput unless the folder can be made, is empty, or holds an earlier copy that `force` replaces."""
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise BadInput(Fault(str(folder), 0, 0, "is no folder", "name another"))
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        raise _unusable(folder, error) from None
    if not names:
        return
    if not force:
        raise BadInput(
            Fault(str(folder), 0, 0, "the folder is not empty", "name another, or replace an earlier copy by --force")
        )
    if not names <= NAMES:
        what = f"holds {min(names - NAMES)}, which is of no copy"
        raise BadInput(Fault(str(folder), 0, 0, what, "name another folder"))
    ExportedCopy.open(folder)


@contextmanager
def _replacing(folder: Path, clearance: Clearance) -> Iterator[Path]:
    """A temporary folder beside that becomes it at the end; in its place nothing is ever half written."""
    made: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Made for its owner alone: a copy holds in plain text what the ledger seals.
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        if clearance.role == "public":
            made.chmod(0o755)
        yield made
        if folder.exists() and any(folder.iterdir()):
            earlier = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
            os.replace(folder, earlier)
            os.replace(made, folder)
            shutil.rmtree(earlier)
        else:
            os.replace(made, folder)
    except OSError as error:
        raise _unusable(folder, error) from None
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def _unusable(folder: Path, error: OSError) -> BadInput:
    return BadInput(Fault(str(folder), 0, 0, f"cannot be written: {error.strerror or error}", "check the folder"))
