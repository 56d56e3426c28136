"""Tiles and entry bundles against the words of the C2SP specification and a slow, obvious tree."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.ledger.merkle import CompactRange, inclusion_proof, leaf_hash, verify_inclusion
from safeconduct.ledger.tiles import HashTiles, Tile, TileError, decode_bundle, encode_bundle, root_of_tile, tiles_of


def leaves_of(size: int) -> list[bytes]:
    """Some leaves."""
    return [b"%d" % number for number in range(size)]


def tiles_over(leaves: list[bytes]) -> tuple[HashTiles, CompactRange]:
    """Their tiles and tree."""
    tree, tiles = CompactRange(), HashTiles()
    for leaf in leaves:
        tiles.add(tree.append(leaf_hash(leaf)))
    return tiles, tree


def mth(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 for a power of two of leaves."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = len(leaves) // 2
    return hashlib.sha256(b"\x01" + mth(leaves[:half]) + mth(leaves[half:])).digest()


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067, 256), "tile/0/x001/x234/067"),  # the specification's own example
        (Tile(0, 0, 256), "tile/0/000"),
        (Tile(1, 0, 1), "tile/1/000.p/1"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Tile(0, 1000, 7), "tile/0/x001/000.p/7"),
    ],
)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    """Three digits an element, an x before all but the last, the width of partial ones."""
    assert tile.path() == path
    assert tile.bundle_path() == path.replace(f"tile/{tile.level}/", "tile/entries/")


def test_a_ledger_of_70_000_has_the_tiles_that_the_specification_says() -> None:
    """273 full and one of 112 at level 0; one full and one of 17 at level 1; one of 1 at level 2."""
    expected = [Tile(0, index, 256) for index in range(273)] + [Tile(0, 273, 112)]
    assert list(tiles_of(70_000)) == [*expected, Tile(1, 0, 256), Tile(1, 1, 17), Tile(2, 0, 1)]


@pytest.mark.parametrize(
    ("size", "tiles"),
    [(0, []), (1, [Tile(0, 0, 1)]), (256, [Tile(0, 0, 256), Tile(1, 0, 1)])],
)
def test_small_ledgers_have_no_empty_tiles(size: int, tiles: list[Tile]) -> None:
    """A tree of 256 has a full tile and above it one of width 1, as the specification says."""
    assert list(tiles_of(size)) == tiles


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 1000, 65_536, 65_793])
def test_every_hash_of_every_tile_is_the_one_of_the_specification(size: int) -> None:
    """MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]), worked out by the definition."""
    leaves = leaves_of(size)
    tiles, _ = tiles_over(leaves)
    for tile in tiles_of(size):
        content = tiles.content(tile)
        assert len(content) == tile.width * 32
        span = 256**tile.level
        for place in {0, tile.width // 2, tile.width - 1}:
            start = (tile.index * 256 + place) * span
            assert content[place * 32 : place * 32 + 32] == mth(leaves[start : start + span])
        if tile.width == 256:
            assert root_of_tile(content) == mth(leaves[tile.index * 256 * span : (tile.index + 1) * 256 * span])


@given(st.integers(1, 1500), st.data())
def test_proofs_from_tiles_are_those_of_the_tree(size: int, data: st.DataObject) -> None:
    """The same as from all nodes of the tree, and they verify; there is no node that is not complete."""
    leaves = leaves_of(size)
    tiles, tree = tiles_over(leaves)
    every, nodes = CompactRange(), {}
    for index, leaf in enumerate(leaves):
        for level, node in enumerate(every.append(leaf_hash(leaf))):
            nodes[level, index >> level] = node
    for _ in range(5):
        index = data.draw(st.integers(0, size - 1))
        proof = inclusion_proof(index, size, tiles.node)
        assert proof == inclusion_proof(index, size, lambda level, place: nodes[level, place])
        verify_inclusion(index, size, leaf_hash(leaves[index]), proof, tree.root())
    level = data.draw(st.integers(0, 11))
    with pytest.raises(TileError):
        tiles.node(level, size >> level)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_is_read_as_it_was_written(leaves: list[bytes]) -> None:
    """Length in two bytes, big-endian, then the leaf; cut short or added to, it is refused."""
    content = encode_bundle(leaves)
    assert content == b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)
    assert decode_bundle(content, len(leaves)) == leaves
    for wrong, width in ((content + b"\x00", len(leaves)), (content, len(leaves) + 1), (content[:-1], len(leaves))):
        if wrong != content or width != len(leaves):
            with pytest.raises(TileError):
                decode_bundle(wrong, width)


def test_a_leaf_too_long_for_a_bundle_is_refused() -> None:
    """65,535 bytes fit, one more does not."""
    assert len(encode_bundle([bytes(65_535)])) == 65_537
    with pytest.raises(TileError):
        encode_bundle([bytes(65_536)])
