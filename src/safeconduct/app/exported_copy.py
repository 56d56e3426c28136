"""A copy of a ledger in a folder, read from its files alone: no database, no network, no workspace (docs/copies.md).

Reading believes nothing: what cannot be read is told in `problems`, a line each, and the rest is read on, so that a
check names all that is wrong. Whether it is true is for `ledger.fsck` and `app.copy_checking` to say.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from safeconduct.app.told_again import told_of
from safeconduct.disclosure.clearance import Clearance, parse_clearance
from safeconduct.disclosure.telling import Told
from safeconduct.kernel.errors import BadInput, Fault, Refused, SafeconductError
from safeconduct.ledger.disclosed_lines import VERSION, Heading, LineError, decode_heading, decode_line, index_of
from safeconduct.ledger.fsck import BodyState, StoredEntry
from safeconduct.ledger.header import recorded_at_us_of
from safeconduct.ledger.merkle import HASH_BYTES, leaf_hash
from safeconduct.ledger.note import MAX_NOTE_BYTES
from safeconduct.ledger.tiles import (
    MAX_LEAF_BYTES,
    WIDTH,
    HashTiles,
    Tile,
    TileError,
    decode_bundle,
    root_of_tile,
    tiles_of,
)

CHECKPOINT, KEYS, DISCLOSED, TILES = "checkpoint", "keys.txt", "disclosed.jsonl", "tile"
NAMES = frozenset({CHECKPOINT, KEYS, DISCLOSED, TILES})
"""What stands in the folder of a copy."""

_SMALL_BYTES = MAX_NOTE_BYTES
"""No checkpoint and no list of keys is longer."""


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """One entry as the copy's clearance was told it."""

    index: int
    recorded_at_us: int
    told: Told


class ExportedCopy:
    """The files of a copy of a ledger that had `size` entries, as a check of the ledger reads them."""

    def __init__(self, folder: Path, heading: Heading, clearance: Clearance, size: int) -> None:
        self.folder = folder
        self.heading = heading
        self.clearance = clearance
        self.size = size
        self.problems: list[str] = []
        """What could not be read so far."""
        self._tiles = HashTiles()

    @classmethod
    def open(cls, folder: Path) -> "ExportedCopy":
        """Open a copy. Raises BadInput for a folder that is none, or one of a future version."""
        path = folder / DISCLOSED
        try:
            with path.open("rb") as file:
                heading = decode_heading(file.readline(_SMALL_BYTES).removesuffix(b"\n"))
            # Whether there is such a party is seen from the terms, where the copy tells them.
            named = (heading.clearance.partition(":")[2],)
            clearance = parse_clearance(heading.clearance, named, named)
        except OSError as error:
            reason = error.strerror or str(error)
            fault = Fault(str(path), 0, 0, f"no copy of a ledger here: {reason}", "name the folder of a copy")
            raise BadInput(fault) from None
        except (LineError, Refused) as error:
            fault = Fault(str(path), 1, 1, f"is no heading of a copy: {error}", "ask for the copy again")
            raise BadInput(fault) from None
        if heading.version != VERSION:
            what = f"the copy has version {heading.version}, known is {VERSION}"
            raise BadInput(Fault(str(path), 1, 1, what, "use the safeconduct that made it"))
        return cls(folder, heading, clearance, heading.size)

    def checkpoint_note(self) -> bytes:
        """The signed checkpoint; empty if it cannot be read."""
        return self.small_file(CHECKPOINT)

    def small_file(self, name: str) -> bytes:
        """The bytes of `checkpoint` or `keys.txt`; empty if it cannot be read."""
        return self._read(name, _SMALL_BYTES) or b""

    def load_tiles(self) -> None:
        """Read all hashes, and look for files that do not belong to a ledger of that size.

        In the place of a tile that cannot be read the check goes on with what follows from the entries.
        """
        expected = set()
        for tile in tiles_of(self.size):
            expected.add(tile.path())
            if tile.level == 0:
                expected.add(tile.bundle_path())
            content = self._read(tile.path(), tile.width * HASH_BYTES)
            if content is not None and len(content) != tile.width * HASH_BYTES:
                self.problems.append(f"{tile.path()} has {len(content)} bytes, not {tile.width * HASH_BYTES}")
                content = None
            self._tiles.put(tile.level, self._derived(tile) if content is None else content)
        found = {
            str(Path(base, name).relative_to(self.folder))
            for base, _, names in os.walk(self.folder / TILES)
            for name in names
        }
        self.problems += [
            f"{name} does not belong to a ledger of {self.size} entries" for name in sorted(found - expected)
        ]

    def stored_entries(self) -> Iterator[StoredEntry]:
        """Every entry whose bundle can be read; as its `plaintext` the line that shows some of its fields."""
        lines = self.lines()
        at, line = next(lines, (self.size, b""))
        for tile in tiles_of(self.size):
            if tile.level:
                break
            for index, leaf in enumerate(self._leaves(tile, quiet=False), start=tile.index * WIDTH):
                while at < index:
                    at, line = next(lines, (self.size, b""))
                state, shown = (BodyState.OPENED, line) if at == index else (BodyState.SEALED, b"")
                hashes = [self.node(level, index >> level) for level in range((~index & index + 1).bit_length())]
                yield StoredEntry(index, leaf, b"".join(hashes), state, shown)
        for _ in lines:
            pass  # what is wrong with them is told as they are read

    def leaves(self) -> Iterator[bytes]:
        """Every leaf that can be read, in the order of the ledger."""
        for tile in tiles_of(self.size):
            if tile.level == 0:
                yield from self._leaves(tile, quiet=True)

    def leaf(self, index: int) -> bytes:
        """The leaf of an entry; empty if it cannot be read."""
        bundle, place = divmod(index, WIDTH)
        leaves = self._leaves(Tile(0, bundle, min(WIDTH, self.size - bundle * WIDTH)), quiet=True)
        return leaves[place] if leaves else b""

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree by the tiles."""
        return self._tiles.node(level, index)

    def told(self) -> Iterator[ToldEntry]:
        """What this copy tells, in the order of the ledger; check the copy first.

        Raises SafeconductError where it cannot be read.
        """
        self.problems.clear()
        leaves: list[bytes] = []
        read: int | None = None
        for index, line in self.lines():
            bundle, place = divmod(index, WIDTH)
            if bundle != read:
                width = min(WIDTH, self.size - bundle * WIDTH)
                leaves, read = self._leaves(Tile(0, bundle, width), quiet=False), bundle
            if self.problems:
                break
            yield ToldEntry(index, recorded_at_us_of(leaves[place]), told_of(decode_line(line)).told)
        if self.problems:
            raise SafeconductError(f"{self.folder}: {self.problems[0]}; run: safeconduct ledger verify")

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines that disclose entries, by rising index."""
        last, count = -1, 0
        try:
            with (self.folder / DISCLOSED).open("rb") as file:
                file.readline()
                for number, line in enumerate(file, start=2):
                    count += 1
                    try:
                        if not line.endswith(b"\n"):
                            raise LineError("it is cut short")
                        index = index_of(line)
                        if not last < index < self.size:
                            raise LineError(f"entry {index} does not come after {last}, in a ledger of {self.size}")
                    except LineError as error:
                        self.problems.append(f"{DISCLOSED} line {number}: {error}")
                    else:
                        last = index
                        yield index, line[:-1]
        except OSError as error:
            self.problems.append(f"{DISCLOSED} cannot be read: {error.strerror or error}")
        if count != self.heading.entries:
            self.problems.append(f"{DISCLOSED} shows {count} entries, its heading says {self.heading.entries}")

    def _leaves(self, tile: Tile, *, quiet: bool) -> list[bytes]:
        """The leaves of a bundle; none if it cannot be read, which is told unless `quiet`."""
        path = tile.bundle_path()
        content = self._read(path, tile.width * (2 + MAX_LEAF_BYTES), quiet=quiet)
        try:
            return [] if content is None else decode_bundle(content, tile.width)
        except TileError as error:
            if not quiet:
                self.problems.append(f"{path} is no bundle of entries: {error}")
            return []

    def _derived(self, tile: Tile) -> bytes:
        """What a tile should hold, by the entries or tiles below it; zeros where those are not there either."""
        if tile.level == 0:
            hashes = [leaf_hash(leaf) for leaf in self._leaves(tile, quiet=True)] or [bytes(HASH_BYTES)] * tile.width
        else:
            first = tile.index * WIDTH
            below = [Tile(tile.level - 1, index, WIDTH) for index in range(first, first + tile.width)]
            hashes = [root_of_tile(self._tiles.content(one)) for one in below]
        return b"".join(hashes)

    def _read(self, name: str, most_bytes: int, *, quiet: bool = False) -> bytes | None:
        """The bytes of a file; None if it cannot be read or is longer than it may be, which is told."""
        path = self.folder / name
        try:
            if not path.is_file():
                what = "is missing" if not path.exists() else "is no file"
            elif path.stat().st_size > most_bytes:
                what = f"has {path.stat().st_size} bytes, {most_bytes} at the most"
            else:
                return path.read_bytes()
        except OSError as error:
            what = f"cannot be read: {error.strerror or error}"
        if not quiet:
            self.problems.append(f"{name} {what}")
        return None
