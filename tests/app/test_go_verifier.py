"""verifiers/go: code that we did not write (Go's sumdb) accepts what is right and refuses what was tampered with."""

import base64
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.copying import groups_of
from tests.app.recording import Seeded, StandingClock
from tests.app.witnessed import RU_KEY, UA, UA_KEY, give_away

from safeconduct.app.exporting import export_copy
from safeconduct.app.proving import prove
from safeconduct.app.workspace import Workspace, create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.cosignature import witness_key
from safeconduct.ledger.note import VerifierKey

SOURCE = Path(__file__).parents[2] / "verifiers" / "go" / "main.go"
LIBRARY = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
INSTALL = "install them with: apt-get install golang-go golang-golang-x-mod-dev"


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, built from Debian's packages alone, without network."""
    assert shutil.which("go"), f"Go is missing; {INSTALL}"
    assert LIBRARY.is_dir(), f"{LIBRARY} is missing; {INSTALL}"
    folder = tmp_path_factory.mktemp("go")
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOPROXY": "off"}
    environment.setdefault("GOCACHE", str(folder / "cache"))
    for command in (["go", "vet", str(SOURCE)], ["go", "build", "-o", str(folder / "verify"), str(SOURCE)]):
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    done = subprocess.run(["gofmt", "-l", str(SOURCE)], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return folder / "verify"


SIZE = 600
"""Two full bundles and one of 88, and a tile of 2 above."""


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Workspace]:
    """A ledger, with a cosigned copy and a proof."""
    folder = tmp_path_factory.mktemp("given")
    return folder, give_away(folder, SIZE)


def run(verifier: Path, folder: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run it in a folder."""
    command = [str(verifier), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_what_is_right_is_accepted(verifier: Path, given: tuple[Path, Workspace]) -> None:
    """Copy and proof in one call, with each witness or none; what it says of them is what ours says."""
    folder, workspace = given
    for witnesses in ((), (RU_KEY,), (RU_KEY, UA_KEY)):
        options = [one for key in witnesses for one in ("-witness", key)]
        done = run(verifier, folder, "-key", workspace.verifier, *options, "copy", "proof")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines() == [
            "OK copy: 600 entries, fields of 401 shown",
            'OK proof: entry 7 of 600, recorded 2025-07-04T09:00:00Z, shows person = "p1"',
        ]


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 512])
def test_ledgers_of_every_shape_are_accepted(verifier: Path, tmp_path: Path, size: int) -> None:
    """At the edges of tiles; each time the first, a middle and the last entry proven, with all that may be known."""
    workspace = create_workspace(tmp_path / "demo", "a b/ї", "NI", Seeded(0))
    writer = workspace.open_recorder(StandingClock(), Seeded(1), DECODER)
    writer.record([entry for group in groups_of(max(size, 2)) for entry in group][:size])
    writer.close()
    export_copy(workspace, "intermediary", tmp_path / "copy")
    proofs = []
    for index in {0, size // 2, size - 1}:
        (tmp_path / f"proof-{index}").write_bytes(prove(workspace, index, clearance="party:RU").proof.encode())
        proofs.append(f"proof-{index}")
    done = run(verifier, tmp_path, "-key", workspace.verifier, "copy", *proofs)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("OK ") == 1 + len(proofs)
    assert f"OK copy: {size} entries, fields of {size} shown" in done.stdout


def test_an_empty_ledger_is_accepted(verifier: Path, tmp_path: Path) -> None:
    """It has no tiles; with another root than that of nothing it is refused."""
    workspace = create_workspace(tmp_path / "demo", "a", "NI", Seeded(0))
    export_copy(workspace, "public", tmp_path / "copy")
    assert run(verifier, tmp_path, "-key", workspace.verifier, "copy").stdout == "OK copy: no entries\n"
    key = SigningKey(bytes(32))
    (tmp_path / "copy" / "checkpoint").write_bytes(sign_checkpoint(Checkpoint("a", 0, bytes(32)), key))
    done = run(verifier, tmp_path, "-key", VerifierKey("a", bytes(key.verify_key)), "copy")
    assert (done.returncode, done.stdout) == (1, "REFUSED copy: the empty ledger has another root\n")


Change = Callable[[Path], object]


def flip(name: str, at: int) -> Change:
    """Change one bit of a file."""

    def change(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[at] ^= 1
        (folder / name).write_bytes(content)

    return change


def rewrite(name: str, how: Callable[[bytes], bytes]) -> Change:
    """Write a file anew."""

    def change(folder: Path) -> None:
        before = (folder / name).read_bytes()
        after = how(before)
        assert after != before
        (folder / name).write_bytes(after)

    return change


def replace(name: str, old: str, new: str) -> Change:
    """Something else in the first place where it stands."""
    return rewrite(name, lambda content: content.replace(old.encode(), new.encode(), 1))


def flip_signature(name: str, number: int, at: int = 30) -> Change:
    """Change one bit of a signature: the ledger's (0) or a witness's (1, 2)."""

    def how(content: bytes) -> bytes:
        text, _, signatures = content.rpartition(b"\n\n")
        lines = signatures.split(b"\n")
        start, _, encoded = lines[number].rpartition(b" ")
        blob = bytearray(base64.b64decode(encoded))
        blob[at] ^= 1
        lines[number] = start + b" " + base64.b64encode(blob)
        return text + b"\n\n" + b"\n".join(lines)

    return rewrite(name, how)


def extra(how: Callable[[bytes], bytes]) -> Change:
    """Write what stands behind `extra` in the proof anew."""

    def rewritten(content: bytes) -> bytes:
        heading, line, rest = content.split(b"\n", 2)
        data = base64.b64decode(line.removeprefix(b"extra "))
        return b"\n".join([heading, b"extra " + base64.b64encode(how(data)), rest])

    return rewrite("proof", rewritten)


def flipped(at: int) -> Callable[[bytes], bytes]:
    """One bit changed."""
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def leaf_with_its_hash(folder: Path) -> None:
    """Change an entry, and its hash in the lowest tile to fit."""
    flip("copy/tile/entries/001", 219 * 7 + 2 + 213)(folder)
    leaf = (folder / "copy/tile/entries/001").read_bytes()[219 * 7 + 2 : 219 * 8]
    tile = bytearray((folder / "copy/tile/0/001").read_bytes())
    tile[32 * 7 : 32 * 8] = hashlib.sha256(b"\x00" + leaf).digest()
    (folder / "copy/tile/0/001").write_bytes(tile)


def swapped(folder: Path) -> None:
    """Exchange two bundles."""
    first, second = folder / "copy/tile/entries/000", folder / "copy/tile/entries/001"
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)


def without_line(number: int) -> Callable[[bytes], bytes]:
    """A line of the proof taken out."""
    return lambda content: b"\n".join([*content.split(b"\n")[:number], *content.split(b"\n")[number + 1 :]])


TAMPERED: list[tuple[str, Change, str]] = [
    ("the checkpoint's size", replace("copy/checkpoint", "\n600\n", "\n601\n"), "copy: invalid signature for key"),
    ("the ledger's signature", flip_signature("copy/checkpoint", 0), "copy: invalid signature for key safeconduct/"),
    ("a cosignature", flip_signature("copy/checkpoint", 1), "copy: invalid signature for key ru.example/w"),
    ("a cosignature's time", flip_signature("copy/checkpoint", 2, 11), "copy: invalid signature for key ua.example/w"),
    ("a time of 2^63", flip_signature("copy/checkpoint", 1, 4), "copy: invalid signature for key ru.example/w"),
    (
        "a cosignature under another name",
        replace("copy/checkpoint", "— ru.example/w ", "— ru.example/v "),
        "copy: the checkpoint is not signed by ru.example/w",
    ),
    ("no checkpoint", lambda folder: (folder / "copy/checkpoint").unlink(), "copy: open copy/checkpoint"),
    ("a hash of a leaf", flip("copy/tile/0/001", 32 * 7), "copy: "),
    ("a hash in the last tile", flip("copy/tile/0/002.p/88", 5), "copy: "),
    ("a hash above", flip("copy/tile/1/000.p/2", 33), "copy: "),
    ("a tile taken out", lambda folder: (folder / "copy/tile/0/000").unlink(), "copy: open copy/tile/0/000"),
    ("a tile cut short", rewrite("copy/tile/0/000", lambda one: one[:-1]), "copy: "),
    ("a tile too long", rewrite("copy/tile/0/000", lambda one: one + b"x"), "copy: "),
    ("two bundles exchanged", swapped, "copy: entry 0: it is not what was hashed"),
    ("a bundle taken out", lambda folder: (folder / "copy/tile/entries/001").unlink(), "copy: open copy/tile/entries"),
    (
        "a bundle cut short",
        rewrite("copy/tile/entries/000", lambda one: one[:-1]),
        "copy: tile/entries/000 is no bundle",
    ),
    ("an entry added", rewrite("copy/tile/entries/000", lambda one: one + one[:219]), "goes on after its entries"),
    ("an entry's length", flip("copy/tile/entries/000", 219 * 3), "copy: tile/entries/000 is no bundle"),
    ("an author", flip("copy/tile/entries/000", 219 * 5 + 3), "copy: entry 5: it is not what was hashed"),
    ("a time of recording", flip("copy/tile/entries/000", 219 * 5 + 2 + 213), "copy: entry 5: it is not what was"),
    ("an entry and its hash", leaf_with_its_hash, "copy: "),
    (
        "a file of no ledger",
        lambda folder: shutil.copy(folder / "copy/tile/0/000", folder / "copy/tile/0/003"),
        "copy: tile/0/003 does not belong to a ledger of that size",
    ),
    ("a value", replace("copy/disclosed.jsonl", '"e0"', '"e9"'), "copy: entry 1: what is shown is not what its author"),
    ("a slot", replace("copy/disclosed.jsonl", '"person"', '"persom"'), "what is shown is not what its author"),
    ("a line of another entry", replace("copy/disclosed.jsonl", '"index":1,', '"index":2,'), "copy: entry 2: what is"),
    ("a line of no entry", replace("copy/disclosed.jsonl", '"index":1,', '"index":600,'), "is of no entry"),
    ("nothing disclosed", lambda folder: (folder / "copy/disclosed.jsonl").unlink(), "copy: open copy/disclosed.jsonl"),
    ("the proof's heading", replace("proof", "proof@v1", "proof@v2"), "proof: it is no proof of an entry"),
    ("the proof's size", replace("proof", "\n600\n", "\n601\n"), "proof: invalid signature for key safeconduct/"),
    ("the proof's cosignature", flip_signature("proof", 1), "proof: invalid signature for key ru.example/w"),
    ("the index", replace("proof", "index 7", "index 8"), "proof: entry 8 is not in the ledger with this root"),
    ("an index beyond", replace("proof", "index 7", "index 600"), "proof: there is no such entry"),
    ("a hash of the path", rewrite("proof", without_line(4)), "proof: entry 7 is not in the ledger with this root"),
    ("the author in the proof", extra(flipped(1)), "proof: entry 7 is not in the ledger with this root"),
    ("the time in the proof", extra(flipped(216)), "proof: entry 7 is not in the ledger with this root"),
    (
        "the value shown",
        extra(lambda data: data.replace(b'"p1"', b'"p2"')),
        "proof: what is shown is not what its author",
    ),
    ("the slot shown", extra(lambda data: data.replace(b'"person"', b'"event"')), "proof: what is shown is not what"),
    ("the entry shown", extra(lambda data: data.replace(b'"index":7', b'"index":6')), "proof: what is shown of it"),
    ("nothing but a leaf's beginning", extra(lambda data: data[:216]), "proof: the extra data are no leaf"),
]


@pytest.mark.parametrize(("tamper", "told"), [pytest.param(*case[1:], id=case[0]) for case in TAMPERED])
def test_what_was_tampered_with_is_refused(
    verifier: Path, given: tuple[Path, Workspace], tmp_path: Path, tamper: Change, told: str
) -> None:
    """In one line; the other of the two is still accepted."""
    for name in ("copy", "proof"):
        source = given[0] / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    tamper(tmp_path)
    keys = ("-key", given[1].verifier, "-witness", RU_KEY, "-witness", UA_KEY)
    done = run(verifier, tmp_path, *keys, "copy", "proof")
    assert (done.returncode, done.stderr) == (1, "")
    refused, accepted = sorted(done.stdout.splitlines(), key=lambda line: line.startswith("OK"))
    assert refused.startswith(f"REFUSED {told.partition(':')[0]}" if ":" in told else "REFUSED ")
    assert told in refused
    assert accepted.startswith("OK ")


def test_an_author_that_did_not_sign_is_refused(verifier: Path, tmp_path: Path) -> None:
    """Also where the ledger took the entry in, so that every hash is right."""
    workspace = give_away(tmp_path, 21)
    content = bytearray((tmp_path / "copy/tile/entries/000.p/21").read_bytes()[:219])
    content[2 + 150] ^= 1
    key = SigningKey(bytes(32))
    root = hashlib.sha256(b"\x00" + content[2:]).digest()
    shutil.rmtree(tmp_path / "copy" / "tile")
    for name, data in (("entries/000.p/1", bytes(content)), ("0/000.p/1", root)):
        (tmp_path / "copy/tile" / name).parent.mkdir(parents=True)
        (tmp_path / "copy/tile" / name).write_bytes(data)
    origin = workspace.verifier.name
    (tmp_path / "copy/checkpoint").write_bytes(sign_checkpoint(Checkpoint(origin, 1, root), key))
    done = run(verifier, tmp_path, "-key", VerifierKey(origin, bytes(key.verify_key)), "copy")
    assert (done.returncode, done.stdout) == (1, "REFUSED copy: entry 0: the author's signature does not hold\n")


def test_keys_must_be_the_right_ones(verifier: Path, given: tuple[Path, Workspace]) -> None:
    """A witness that did not sign is named; a key that is none is refused before anything is read."""
    folder, workspace = given
    stranger = witness_key("stranger.example/w", UA)
    done = run(verifier, folder, "-key", workspace.verifier, "-witness", stranger, "copy", "proof")
    assert (done.returncode, done.stdout.count("the checkpoint is not signed by stranger.example/w")) == (1, 2)
    other = VerifierKey(workspace.verifier.name, bytes(UA.verify_key))
    assert run(verifier, folder, "-key", other, "copy").returncode == 1
    for options in ((), ("-key", "x"), ("-key", RU_KEY), ("-key", workspace.verifier, "-witness", other)):
        assert run(verifier, folder, *options, "copy").returncode == 2
