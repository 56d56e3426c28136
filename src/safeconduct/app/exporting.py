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
from itertools import islice
from pathlib import Path

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.app.copy_keys import CopyKeys
from safeconduct.app.disclosing import opened_body
from safeconduct.app.exported_copy import CHECKPOINT, DISCLOSED, KEYS, NAMES, ExportedCopy
from safeconduct.app.published import published_note, witnesses_named
from safeconduct.app.record import Record
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance, parse_clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import BadInput, Fault, SafeconductError
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.commitment import Disclosure
from safeconduct.ledger.disclosed_lines import VERSION, Heading, encode_heading, encode_line
from safeconduct.ledger.fsck import StoredEntry
from safeconduct.ledger.merkle import CompactRange, leaf_hash
from safeconduct.ledger.tiles import WIDTH, HashTiles, Tile, encode_bundle, tiles_of
from safeconduct.reception.entries import FacilityEnrolled

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

    It is of the ledger as the checkpoint that others are given has it; the terms' witnesses are listed with their keys.
    `force` replaces an earlier copy there, and nothing else. `progress` is told the number of entries done. Raises
    Refused for an unknown clearance; BadInput if the folder cannot be used; SafeconductError if the ledger is damaged,
    or closed to this reader, so that the copy would lack what its clearance may know.
    """
    folder = Path(os.path.abspath(folder))
    _check_room(folder, force)
    record = workspace.open_record(DECODER)
    try:
        known = known_clearance(record, clearance)
        with _replacing(folder, known) as made:
            keys = CopyKeys(workspace.verifier, witnesses_named(record))
            return _write(record, keys, published_note(workspace, record), known, made, progress)
    finally:
        record.close()


def known_clearance(record: Record[Entry], text: str) -> Clearance:
    """Read a clearance of somebody whom the ledger names. Raises Refused."""
    return parse_clearance(text, *_named(record, text))


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
    keys: CopyKeys,
    note: bytes,
    clearance: Clearance,
    folder: Path,
    progress: Callable[[int], None],
) -> Exported:
    checkpoint = open_checkpoint(note, keys.ledger)
    tree, hashes = CompactRange(), HashTiles()
    bundle: list[bytes] = []
    entries = fields = 0
    lines = folder / f"{DISCLOSED}.lines"
    with lines.open("wb") as file:
        for entry in islice(record.stored_entries(), checkpoint.size):
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
    _put(folder / KEYS, keys.encode())
    _put(folder / CHECKPOINT, note)
    return Exported(clearance, tree.size, checkpoint.root, entries, fields)


def disclosed(entry: StoredEntry, clearance: Clearance) -> Disclosure | None:
    """What a clearance may know of an entry; None if nothing, or if its data were erased.

    Raises SafeconductError where its body does not open.
    """
    body = opened_body(entry)
    slots = () if body is None else body.told(clearance)
    return body.show(slots) if body is not None and slots else None


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
