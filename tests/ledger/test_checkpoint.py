"""Checkpoints: the C2SP formats to the byte, read strictly."""

import base64
from pathlib import Path
from subprocess import run

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.signing import SigningKey

from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, origin_of, sign_checkpoint
from safeconduct.ledger.note import CheckpointError, VerifierKey

KEY = SigningKey(bytes(range(32)))
ORIGIN = "safeconduct/istanbul-2025-06-02"
VERIFIER = VerifierKey(ORIGIN, bytes(KEY.verify_key))
CHECKPOINT = Checkpoint(ORIGIN, 20852163, bytes(range(32)))
NOTE = sign_checkpoint(CHECKPOINT, KEY)

PETER_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
"""Verifier and signer key of golang.org/x/mod sumdb/note/note_test.go."""


def test_a_checkpoint_is_written_as_c2sp_says() -> None:
    """Origin, size, root, an empty line, and the signature line with the key's hash before the signature."""
    text = f"{ORIGIN}\n20852163\n{base64.b64encode(bytes(range(32))).decode()}\n"
    signature = KEY.sign(text.encode()).signature
    expected = f"{text}\n— {ORIGIN} {base64.b64encode(VERIFIER.key_hash + signature).decode()}\n"
    assert expected.encode() == NOTE
    assert open_checkpoint(NOTE, VERIFIER) == CHECKPOINT


def test_go_s_verifier_key_reads_and_writes_as_published() -> None:
    """Key hash and text of the key of sumdb/note's tests, derived from its seed."""
    verifier = VerifierKey("PeterNeumann", bytes(SigningKey(PETER_SEED).verify_key))
    assert str(verifier) == PETER_VKEY
    assert VerifierKey.parse(PETER_VKEY) == verifier


@pytest.mark.parametrize("start", range(0, len(PETER_VKEY) + 1, 3))
def test_a_piece_of_a_verifier_key_is_refused(start: int) -> None:
    """Every proper piece and every changed character, as in sumdb/note's TestNewVerifier."""
    for end in range(start + 1, len(PETER_VKEY) + 1):
        if (start, end) != (0, len(PETER_VKEY)):
            with pytest.raises(CheckpointError):
                VerifierKey.parse(PETER_VKEY[start:end])
    for at in range(start, min(start + 3, len(PETER_VKEY))):
        changed = PETER_VKEY[:at] + chr(ord(PETER_VKEY[at]) + 1) + PETER_VKEY[at + 1 :]
        with pytest.raises(CheckpointError):
            VerifierKey.parse(changed)


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_a_verifier_key_of_wrong_length_or_type_is_refused(vkey: str) -> None:
    """The two bad keys of sumdb/note's TestNewVerifier, whose hashes are right."""
    with pytest.raises(CheckpointError):
        VerifierKey.parse(vkey)


def resigned(text: str) -> bytes:
    """A note with a good signature over any text."""
    signature = VERIFIER.key_hash + KEY.sign(text.encode()).signature
    return f"{text}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n".encode()


ROOT = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("note", "what"),
    [
        (b"", "signed note"),
        (NOTE[:-1], "signed note"),
        (NOTE.split(b"\n\n")[0] + b"\n", "signed note"),
        (b"\xff" + NOTE, "UTF-8"),
        (b"\x01" + NOTE, "control"),
        (NOTE.replace(b"\n", b"\r\n"), "control"),
        (NOTE + "— Bad Name x08go/ZJkuBS9UG/\n".encode(), "base64"),
        (NOTE + b"Unexpected line.\n", "signature line"),
        (NOTE.replace(b"20852163", b"20852164"), "does not hold"),
        (NOTE.replace("— safeconduct/".encode(), "— safeconducd/".encode()), "not signed by"),
        (resigned(f"{ORIGIN}\n5\n"), "three lines"),
        (resigned(f"{ORIGIN}\n5\n{ROOT}\n\nlate\n"), "after the root is empty"),
        (resigned(f"\n5\n{ROOT}\n"), "origin is empty"),
        (resigned(f"safeconduct/other\n5\n{ROOT}\n"), "origin"),
        (resigned(f"{ORIGIN}\n05\n{ROOT}\n"), "size"),
        (resigned(f"{ORIGIN}\n+5\n{ROOT}\n"), "size"),
        (resigned(f"{ORIGIN}\n٥\n{ROOT}\n"), "size"),
        (resigned(f"{ORIGIN}\n-1\n{ROOT}\n"), "size"),
        (resigned(f"{ORIGIN}\n5\n{ROOT[:-4]}\n"), "root"),
        (resigned(f"{ORIGIN}\n5\n{ROOT[:-2]}9=\n"), "base64"),
        (resigned(f"{ORIGIN}\n5\n{ROOT} \n"), "base64"),
    ],
)
def test_a_text_that_is_no_checkpoint_of_ours_is_refused(note: bytes, what: str) -> None:
    """One case for each step of the reading, each with its own sentence."""
    with pytest.raises(CheckpointError, match=what):
        open_checkpoint(note, VERIFIER)


def test_a_signature_that_takes_in_part_of_the_text_is_refused() -> None:
    """Bytes moved from the text to the end of the signature would leave what libsodium sees unchanged."""
    text = CHECKPOINT.text()
    signature = KEY.sign(b"safe" + text.encode()).signature
    line = base64.b64encode(VERIFIER.key_hash + signature + b"safe").decode()
    with pytest.raises(CheckpointError, match="68 bytes"):
        open_checkpoint(f"{text}\n— {ORIGIN} {line}\n".encode(), VERIFIER)


def test_signatures_of_others_are_passed_over() -> None:
    """Witnesses' cosignatures may stand beside ours, whatever their type, before or after it."""
    text, _, own = NOTE.decode().partition("\n\n")
    other = "— witness.example/w " + base64.b64encode(bytes(76)).decode() + "\n"
    assert open_checkpoint(f"{text}\n\n{other}{own}{other}".encode(), VERIFIER) == CHECKPOINT
    with pytest.raises(CheckpointError, match="not signed by"):
        open_checkpoint(f"{text}\n\n{other}".encode(), VERIFIER)


@pytest.mark.parametrize(
    ("agreement", "origin"),
    [
        ("istanbul-2025-06-02", "safeconduct/istanbul-2025-06-02"),
        ("a b+c", "safeconduct/a%20b%2Bc"),
        ("угода/1", "safeconduct/%D1%83%D0%B3%D0%BE%D0%B4%D0%B0%2F1"),
    ],
)
def test_the_origin_is_fit_to_be_a_key_name(agreement: str, origin: str) -> None:
    """No spaces and no plus, whatever an agreement is called; different agreements have different origins."""
    assert origin_of(agreement) == origin
    VerifierKey(origin, bytes(32))


def test_openssl_verifies_a_checkpoint(tmp_path: Path) -> None:
    """A verifier that we did not write accepts the note's text and signature, and refuses another size."""
    text, _, lines = NOTE.decode().partition("\n\n")
    signature = base64.b64decode(lines.split(" ")[2])[4:]
    key = Ed25519PublicKey.from_public_bytes(VERIFIER.public_key)
    (tmp_path / "key.pem").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "signature").write_bytes(signature)
    (tmp_path / "text").write_text(text + "\n")
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pem",
        "-rawin",
        "-in",
        "text",
        "-sigfile",
        "signature",
    ]
    assert run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "text").write_text((text + "\n").replace("20852163", "20852164"))
    assert run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1
