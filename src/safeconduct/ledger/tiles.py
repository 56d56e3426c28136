"""A ledger as static files: C2SP tlog-tiles (https://c2sp.org/tlog-tiles, read 2026-11).

A tile of level L holds up to 256 consecutive hashes of the tree's level 8·L: at level 0 the leaves' hashes, above the
roots of full tiles below. An entry bundle holds the leaves of one tile of level 0, each behind its length in two bytes,
big-endian. Of a ledger of some size there is exactly one such set of files.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.merkle import HASH_BYTES, node_hash, root_over

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""Hashes in a full tile, and entries in a full bundle."""

_LENGTH = struct.Struct(">H")
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?",
    re.ASCII,
)
MAX_LEAF_BYTES = (1 << 16) - 1


class TileError(SafeconductError):
    """Bytes that are no tile or entry bundle of the size that the ledger's size asks for."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of hashes, or (level 0) the bundle of the same entries."""

    level: int
    index: int
    width: int
    """How many hashes: 256, or fewer in the last of a level."""

    def path(self) -> str:
        """Where its hashes stand: `tile/L/N[.p/W]`."""
        return f"tile/{self.level}/{self._place()}"

    def bundle_path(self) -> str:
        """Where the entries of a tile of level 0 stand: `tile/entries/N[.p/W]`."""
        return f"tile/entries/{self._place()}"

    def _place(self) -> str:
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
        place = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return place if self.width == WIDTH else f"{place}.p/{self.width}"


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a ledger of that size, level by level; no empty ones. Those of level 0 also name the bundles."""
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        yield from (Tile(level, index, WIDTH) for index in range(full))
        if rest:
            yield Tile(level, full, rest)
        level, size = level + 1, full


def parse_tile(path: str) -> tuple[Tile, bool]:
    """The tile that a path names, and whether its entries are meant rather than its hashes. Raises TileError."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise TileError(f"{path!r} names no tile")
    entries = found["level"] == "entries"
    index = int(found["index"].replace("x", "").replace("/", ""))
    tile = Tile(0 if entries else int(found["level"]), index, int(found["width"] or WIDTH))
    if (tile.bundle_path() if entries else tile.path()) != path:
        raise TileError(f"{path!r} is not how that tile is written")
    return tile, entries


class HashTiles:
    """All hashes of a ledger's tiles, level by level."""

    def __init__(self) -> None:
        self._levels: list[bytearray] = []
        self._inside: dict[int, tuple[Tile, list[list[bytes]]]] = {}
        """Of each level the tile last looked into: whoever walks the tree comes back to it."""

    def add(self, completed: Sequence[bytes]) -> None:
        """Take the next entry by the hashes of the complete subtrees that end with it (`CompactRange.append`)."""
        for level, hash_ in enumerate(completed[::HEIGHT]):
            self.put(level, hash_)

    def put(self, level: int, hashes: bytes) -> None:
        """Take the next hashes of one level of tiles."""
        if level == len(self._levels):
            self._levels.append(bytearray())
        self._levels[level] += hashes

    def content(self, tile: Tile) -> bytes:
        """The bytes of a tile."""
        start = tile.index * WIDTH * HASH_BYTES
        return bytes(self._levels[tile.level][start : start + tile.width * HASH_BYTES])

    def node(self, level: int, index: int) -> bytes:
        """The hash of any complete subtree (`merkle.NodeReader`); between the levels of tiles it is derived.

        Raises TileError for a subtree that is not complete.
        """
        tile_level, above = divmod(level, HEIGHT)
        first = index << above
        if tile_level >= len(self._levels) or (first + (1 << above)) * HASH_BYTES > len(self._levels[tile_level]):
            raise TileError(f"the tiles do not hold node {index} of level {level}")
        if not above:
            return bytes(self._levels[tile_level][first * HASH_BYTES : (first + 1) * HASH_BYTES])
        tile, within = divmod(first, WIDTH)
        width = min(WIDTH, len(self._levels[tile_level]) // HASH_BYTES - tile * WIDTH)
        wanted = Tile(tile_level, tile, width)
        if tile_level not in self._inside or self._inside[tile_level][0] != wanted:
            self._inside[tile_level] = wanted, _inside(self.content(wanted))
        return self._inside[tile_level][1][above - 1][within >> above]


def _inside(content: bytes) -> list[list[bytes]]:
    """The hashes of the complete subtrees within a tile, by the levels 1 to 7 above its own."""
    level = _hashes_in(content)
    levels = []
    for _ in range(HEIGHT - 1):
        level = [node_hash(left, right) for left, right in zip(level[0::2], level[1::2], strict=False)]
        levels.append(level)
    return levels


def root_of_tile(content: bytes) -> bytes:
    """The hash over one full tile, which stands in the tile above."""
    return root_over(_hashes_in(content))


def _hashes_in(content: bytes) -> list[bytes]:
    return [content[start : start + HASH_BYTES] for start in range(0, len(content), HASH_BYTES)]


def encode_bundle(leaves: Sequence[bytes]) -> bytes:
    """The bytes of an entry bundle. Raises TileError for a leaf that is too long for it."""
    for leaf in leaves:
        if len(leaf) > MAX_LEAF_BYTES:
            raise TileError(f"a leaf of {len(leaf)} bytes does not fit a bundle: {MAX_LEAF_BYTES} at the most")
    return b"".join(part for leaf in leaves for part in (_LENGTH.pack(len(leaf)), leaf))


def decode_bundle(content: bytes, width: int) -> list[bytes]:
    """The leaves of an entry bundle of `width` entries. Raises TileError."""
    leaves, at = [], 0
    for number in range(width):
        if at + _LENGTH.size > len(content):
            raise TileError(f"it ends after {number} entries of {width}")
        (length,) = _LENGTH.unpack_from(content, at)
        at += _LENGTH.size
        if at + length > len(content):
            raise TileError(f"it ends in the middle of entry {number + 1} of {width}")
        leaves.append(content[at : at + length])
        at += length
    if at != len(content):
        raise TileError(f"it goes on for {len(content) - at} bytes after its {width} entries")
    return leaves
