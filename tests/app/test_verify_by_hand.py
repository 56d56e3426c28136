"""docs/verify-by-hand.md, run as it stands: it accepts what is right and refuses what was tampered with."""

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.app.witnessed import RU_KEY, UA, give_away

from safeconduct.app.workspace import Workspace
from safeconduct.ledger.cosignature import witness_key

STRANGER = witness_key("stranger.example/w", UA)
PAGE = (Path(__file__).parents[2] / "docs" / "verify-by-hand.md").read_text("utf-8")
YOURS, *BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def by_hand(folder: Path, key: object, witness: object = RU_KEY) -> "subprocess.CompletedProcess[str]":
    """Run every block of the page in a folder, with the reader's own files and keys."""
    yours = f"COPY=copy\nPROOF=proof\nKEY='{key}'\nWITNESS='{witness}'\n"
    assert [line.partition("=")[0] for line in yours.splitlines()] == [
        line.partition("=")[0] for line in YOURS.splitlines()
    ]
    script = yours + "\n".join(BLOCKS)
    return subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Workspace]:
    """A small ledger, with a copy and a proof."""
    folder = tmp_path_factory.mktemp("by-hand")
    return folder, give_away(folder, 21)


def test_all_of_the_page_is_run() -> None:
    """The blocks that a reader is told to run, and no other shell."""
    assert len(BLOCKS) == 6
    assert PAGE.count("```sh") == 7


@pytest.mark.parametrize(("size", "index"), [(21, 7), (21, 19), (260, 258), (3, 1)])
def test_what_is_right_is_accepted(tmp_path: Path, size: int, index: int) -> None:
    """In the middle and at the edge of a tree, in a ledger of several tiles, in the smallest that has such an entry."""
    workspace = give_away(tmp_path, size, index)
    done = by_hand(tmp_path, workspace.verifier)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"signed by {workspace.verifier.name}"
    assert lines[1] == "cosigned by ru.example/w, Fri Jul  4 11:53:20 UTC 2025"
    assert "all entries are those that were signed" in lines
    assert f"entry {index} stands in the ledger" in lines
    assert lines[-2].endswith("recorded Fri Jul  4 09:00:00 UTC 2025")
    assert re.fullmatch(r'its field person is "p\d"', lines[-1])


def change(name: str, old: bytes | str, new: bytes | str) -> Callable[[Path], None]:
    """Replace something that stands once in a file."""
    was, becomes = (one.encode() if isinstance(one, str) else one for one in (old, new))

    def apply(folder: Path) -> None:
        content = (folder / name).read_bytes()
        assert content.count(was) == 1
        (folder / name).write_bytes(content.replace(was, becomes))

    return apply


def flip(name: str, at: int) -> Callable[[Path], None]:
    """Change one bit of a file."""

    def apply(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[at] ^= 1
        (folder / name).write_bytes(content)

    return apply


def extra(at: int, with_: bytes = b"") -> Callable[[Path], None]:
    """Change one bit of what stands behind `extra` in the proof, or the value shown."""

    def apply(folder: Path) -> None:
        heading, line, rest = (folder / "proof").read_bytes().split(b"\n", 2)
        data = bytearray(base64.b64decode(line.removeprefix(b"extra ")))
        if with_:
            data = data.replace(b'"p1"', with_)
        else:
            data[at] ^= 1
        (folder / "proof").write_bytes(b"\n".join([heading, b"extra " + base64.b64encode(data), rest]))

    return apply


def signature(name: str, number: int) -> Callable[[Path], None]:
    """Change one bit of a signature: of the ledger (0) or a witness."""

    def apply(folder: Path) -> None:
        lines = (folder / name).read_bytes().split(b"\n")
        place = lines.index(b"", lines.index(b"", 0) + 1 if name == "proof" else 0) + 1 + number
        start, _, encoded = lines[place].rpartition(b" ")
        blob = bytearray(base64.b64decode(encoded))
        blob[30] ^= 1
        lines[place] = start + b" " + base64.b64encode(blob)
        (folder / name).write_bytes(b"\n".join(lines))

    return apply


def hash_of_proof(folder: Path) -> None:
    """Change one hash of the proof."""
    lines = (folder / "proof").read_bytes().split(b"\n")
    lines[4] = base64.b64encode(bytes(32))
    (folder / "proof").write_bytes(b"\n".join(lines))


def without_hash(folder: Path) -> None:
    """Take the last hash out."""
    lines = (folder / "proof").read_bytes().split(b"\n")
    del lines[lines.index(b"") - 1]
    (folder / "proof").write_bytes(b"\n".join(lines))


def dropped_entry(folder: Path) -> None:
    """Drop the last entry of the bundle and its hash."""
    for name, length in (("copy/tile/entries/000.p/21", 219), ("copy/tile/0/000.p/21", 32)):
        (folder / name).write_bytes((folder / name).read_bytes()[:-length])


def leaf_and_hash(folder: Path) -> None:
    """Change an entry, and its hash to fit."""
    flip("copy/tile/entries/000.p/21", 219 * 3 + 50)(folder)
    leaf = (folder / "copy/tile/entries/000.p/21").read_bytes()[219 * 3 + 2 : 219 * 4]
    tile = bytearray((folder / "copy/tile/0/000.p/21").read_bytes())
    tile[32 * 3 : 32 * 4] = hashlib.sha256(b"\x00" + leaf).digest()
    (folder / "copy/tile/0/000.p/21").write_bytes(tile)


TAMPERED: list[tuple[str, Callable[[Path], None], str]] = [
    ("the size of the checkpoint", change("copy/checkpoint", "\n21\n", "\n22\n"), "signature of safeconduct/istanbul"),
    (
        "the ledger's signature",
        signature("copy/checkpoint", 0),
        "the signature of safeconduct/istanbul-2025-06-02 does",
    ),
    ("the witness's signature", signature("copy/checkpoint", 1), "the cosignature of ru.example/w does not hold"),
    ("no cosignature", change("copy/checkpoint", "— ru.example/w ", "— ru.example/v "), "ru.example/w has not signed"),
    ("a leaf", flip("copy/tile/entries/000.p/21", 219 * 3 + 50), "tile/0 is not of these entries"),
    ("a length", flip("copy/tile/entries/000.p/21", 219 * 3 + 1), "an entry is of another length"),
    ("a hash", flip("copy/tile/0/000.p/21", 32 * 3), "tile/0 is not of these entries"),
    ("an entry dropped", dropped_entry, "the checkpoint is of another number of entries"),
    ("a leaf with its hash", leaf_and_hash, "the entries are not those that were signed"),
    ("the proof's checkpoint", change("proof", "\n21\n", "\n22\n"), "the signature of safeconduct/istanbul-2025-06-02"),
    ("the proof's cosignature", signature("proof", 1), "the cosignature of ru.example/w does not hold"),
    ("the proof's heading", change("proof", "proof@v1", "proof@v2"), "it is no proof"),
    ("the index", change("proof", "index 7", "index 8"), "entry 8 is not in the ledger with this root"),
    ("an index beyond", change("proof", "index 7", "index 21"), "there is no such entry"),
    ("a hash of the path", hash_of_proof, "entry 7 is not in the ledger with this root"),
    ("a hash too few", without_hash, "the proof is too short"),
    ("the author", extra(1), "entry 7 is not in the ledger with this root"),
    ("the time of recording", extra(216), "entry 7 is not in the ledger with this root"),
    ("the value shown", extra(0, b'"p2"'), "what is shown is not what its author committed to"),
    ("another entry's line", extra(0, b'"p1","x"'), "what is shown is not what its author committed to"),
]


@pytest.mark.parametrize(("tamper", "told"), [pytest.param(*case[1:], id=case[0]) for case in TAMPERED])
def test_what_was_tampered_with_is_refused(
    given: tuple[Path, Workspace], tmp_path: Path, tamper: Callable[[Path], None], told: str
) -> None:
    """With one line that says what does not hold."""
    shutil.copytree(given[0], tmp_path, dirs_exist_ok=True)
    tamper(tmp_path)
    done = by_hand(tmp_path, given[1].verifier)
    assert done.returncode == 1
    assert done.stderr.startswith("REFUSED: ")
    assert told in done.stderr
    assert "its field" not in done.stdout


def test_keys_must_be_the_right_ones(given: tuple[Path, Workspace]) -> None:
    """A witness that did not sign, a key copied wrongly, another ledger's."""
    folder, workspace = given
    key = str(workspace.verifier)
    for pair, told in (
        ((key, str(RU_KEY).replace("ru.", "rv.")), "the key of rv.example/w was not copied whole"),
        ((key.replace("+a", "+b", 1), RU_KEY), f"the key of {workspace.verifier.name} was not copied whole"),
        ((key, STRANGER), "stranger.example/w has not signed"),
        ((key, str(STRANGER).replace("stranger", "ru")), "the key of ru.example/w was not copied whole"),
        ((key, witness_key("ru.example/w", UA)), "another key signed as ru.example/w"),
        ((str(RU_KEY), RU_KEY), "the checkpoint is of another ledger"),
    ):
        done = by_hand(folder, *pair)
        assert (done.returncode, done.stderr) == (1, f"REFUSED: {told}\n")
