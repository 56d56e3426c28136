"""The ledger as it grows, in the files of C2SP tlog-tiles, for whoever keeps a mirror of it.

The same bytes as a copy that is exported (docs/copies.md), made one by one on demand: any tile or bundle of any size
that the ledger has had, and the lines that tell a clearance what it may know.
"""

from collections.abc import Iterator

from safeconduct.app.exporting import disclosed
from safeconduct.app.record import Record
from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.entry import Entry
from safeconduct.ledger.disclosed_lines import encode_line
from safeconduct.ledger.tiles import HEIGHT, WIDTH, Tile, TileError, encode_bundle


class LedgerFiles:
    """Reads them from the record, as it stands at this moment."""

    def __init__(self, record: Record[Entry]) -> None:
        self._record = record

    def checkpoint_note(self) -> bytes:
        """The latest signed checkpoint."""
        return self._record.checkpoint_note()

    def tile(self, tile: Tile) -> bytes:
        """The hashes of a tile. Raises TileError for one that the ledger does not have."""
        level, first = tile.level * HEIGHT, tile.index * WIDTH
        if (first + tile.width) << level > self._record.size():
            raise TileError(f"the ledger has no {tile.path()}")
        return b"".join(self._record.node(level, index) for index in range(first, first + tile.width))

    def bundle(self, tile: Tile) -> bytes:
        """The leaves of a tile of level 0. Raises TileError for one that the ledger does not have."""
        first = tile.index * WIDTH
        if first + tile.width > self._record.size():
            raise TileError(f"the ledger has no {tile.bundle_path()}")
        return encode_bundle(self._record.leaves(first, first + tile.width))

    def lines(self, clearance: Clearance, start: int, end: int) -> Iterator[bytes]:
        """What a clearance may know of the entries from `start` to before `end`: a line each, with its end.

        Raises SafeconductError where a body does not open.
        """
        for entry in self._record.stored_entries(start):
            if entry.index >= end:
                break
            disclosure = disclosed(entry, clearance)
            if disclosure is not None:
                yield encode_line(entry.index, disclosure) + b"\n"
