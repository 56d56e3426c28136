"""Signed notes and verifier keys: C2SP's text, read strictly, each refusal with its own sentence."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey
from tests.ledger.vector_files import VECTORS, seeded_keys

from safeconduct.ledger.note import (
    COSIGNATURE,
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    CheckpointError,
    VerifierKey,
    decode_text,
    from_base64,
    signature_line,
    split_note,
    to_base64,
    verify_ed25519,
)

NOTE: bytes = VECTORS["signed_note"]["note"].encode()
KEY = VerifierKey.parse(VECTORS["signed_note"]["key"])

NAMES = st.text(st.characters(exclude_characters="+", exclude_categories=("Cs", "Cc", "Z")), min_size=1).filter(
    lambda name: not any(one.isspace() for one in name)
)


def test_the_published_note_is_read_and_verified() -> None:
    """Text with its newline, one signature, by the key that the specification names, whose text is written the same."""
    text, (signature,) = split_note(NOTE)
    assert text == "This is an example message.\n"
    assert signature.is_of(KEY)
    assert (str(KEY), KEY.key_hash.hex()) == (VECTORS["signed_note"]["key"], "530d903a")
    verify_ed25519(text.encode(), signature.signature, KEY)
    assert f"{text}\n{signature_line(KEY, signature.signature)}\n".encode() == NOTE
    with pytest.raises(CheckpointError, match=r"the signature of example.com/foo does not hold"):
        verify_ed25519(text.encode() + b"\n", signature.signature, KEY)


def test_published_keys_follow_from_their_seeds() -> None:
    """Public key, key hash and text of the keys of another implementation's tests."""
    for (name, key), one in zip(seeded_keys(), VECTORS["seeded"]["keys"], strict=True):
        assert str(VerifierKey(name, bytes(key.verify_key))) == one["vkey"]


def test_the_text_ends_at_the_last_empty_line() -> None:
    """Empty lines before belong to it; a text may itself be no more than a newline."""
    line = "— n " + base64.b64encode(bytes(5)).decode()
    assert split_note(f"one\n\ntwo\n\n{line}\n".encode())[0] == "one\n\ntwo\n"
    assert split_note(f"\n\n{line}\n".encode())[0] == "\n"


@given(NAMES, st.binary(min_size=32, max_size=32), st.sampled_from([b"\x01", COSIGNATURE]))
def test_a_key_is_read_as_it_was_written(name: str, public_key: bytes, algorithm: bytes) -> None:
    """Any name that a key may have, any key; as the other type it is refused."""
    key = VerifierKey(name, public_key, algorithm)
    assert VerifierKey.parse(str(key), algorithm) == key
    with pytest.raises(CheckpointError, match="is not of the type"):
        VerifierKey.parse(str(key), b"\x01" if algorithm == COSIGNATURE else COSIGNATURE)


@given(NAMES, st.binary(min_size=1, max_size=100), st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_a_signature_is_read_as_it_was_written(name: str, signature: bytes, text: str) -> None:
    """Whatever is signed, by whatever kind of signature."""
    key = VerifierKey(name, bytes(32))
    line = signature_line(key, signature)
    found, (read,) = split_note(f"{text}\n\n{line}\n".encode())
    assert (found, read.signature, read.line) == (f"{text}\n", signature, line)
    assert read.is_of(key)


def refusals(line: str) -> list[tuple[bytes, str]]:
    """Notes with something wrong, and the sentence each is told."""
    return [
        (b"", "it is not a signed note: text, an empty line, signature lines"),
        (b"text\n\n", "it is not a signed note: text, an empty line, signature lines"),
        (f"text\n{line}\n".encode(), "it is not a signed note: text, an empty line, signature lines"),
        (f"text\n\n{line}".encode(), "it is not a signed note: text, an empty line, signature lines"),
        (f"text\n\n{line}\n\n".encode(), "it is not a signed note: text, an empty line, signature lines"),
        (f"\x00text\n\n{line}\n".encode(), "it holds control characters"),
        (f"te\txt\n\n{line}\n".encode(), "it holds control characters"),
        (f"text\r\n\n{line}\n".encode(), "it holds control characters"),
        (b"\xff" + f"text\n\n{line}\n".encode(), "it is not UTF-8 text"),
        (b"\xed\xa0\x80" + f"text\n\n{line}\n".encode(), "it is not UTF-8 text"),
        (f"text\n\n- n {line[4:]}\n".encode(), f"'- n {line[4:]}' is no signature line"),
        (f"text\n\n—  {line[4:]}\n".encode(), f"'—  {line[4:]}' is no signature line"),
        (f"text\n\n— a+b {line[4:]}\n".encode(), f"'— a+b {line[4:]}' is no signature line"),
        (f"text\n\n— a\u00a0b {line[4:]}\n".encode(), f"'— a\\xa0b {line[4:]}' is no signature line"),
        (f"text\n\n{line} \n".encode(), "the signature of n is not base64"),
        (f"text\n\n{line[:-1]}\n".encode(), "the signature of n is not base64"),
        (b"text\n\n\xe2\x80\x94 n AAAAAAB=\n", "the signature of n is not base64 as it must be written"),
        (b"text\n\n\xe2\x80\x94 n \n", "the signature of n is not base64 as it must be written"),
        (b"text\n\n\xe2\x80\x94 n AAAAAA==\n", "the signature of n is too short"),
    ]


@pytest.mark.parametrize(("note", "told"), refusals("— n AAAAAAA="))
def test_what_is_no_note_is_refused(note: bytes, told: str) -> None:
    """One case for each step of the reading, each with its own sentence."""
    with pytest.raises(CheckpointError) as refused:
        split_note(note)
    assert str(refused.value) == told


def test_the_limits_are_wide_enough() -> None:
    """Sixteen signatures of nearly 5 kB, as the specification asks; beyond the limits a note is refused."""
    large = "— n " + to_base64(bytes(4 + 8 + 4627)) + "\n"
    assert len(split_note(f"text\n\n{large * 16}".encode())[1]) == 16
    small = "— n AAAAAAA=\n"
    assert len(split_note(f"text\n\n{small * MAX_SIGNATURES}".encode())[1]) == MAX_SIGNATURES
    with pytest.raises(CheckpointError, match=f"more than {MAX_SIGNATURES} signatures"):
        split_note(f"text\n\n{small * (MAX_SIGNATURES + 1)}".encode())
    with pytest.raises(CheckpointError, match=f"it has {MAX_NOTE_BYTES + 1} bytes, {MAX_NOTE_BYTES} at the most"):
        decode_text(bytes(MAX_NOTE_BYTES + 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a verifier key is written NAME+HASH+BASE64"),
        ("name+530d903a", "a verifier key is written NAME+HASH+BASE64"),
        ("name+530d903a+A", "the verifier key is not base64"),
        ("name+530d903a+é", "the verifier key is not base64"),
        ("name+530d903a+", "the verifier key is not base64 as it must be written"),
        ("name+530d903a+AR==", "the verifier key is not base64 as it must be written"),
        ("name+530d903a+Bg==", "the verifier key is not of the type Ed25519 (1)"),
        (
            str(VerifierKey("name", bytes(32), COSIGNATURE)),
            "the verifier key is not of the type Ed25519 (1): it is of the type Ed25519 cosignatures (4)",
        ),
        ("name+530d903a+AQ==", "an Ed25519 public key has 32 bytes, this one 0"),
        (
            "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "'' is no key name: no spaces, no plus, not empty",
        ),
        (
            "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "'a b' is no key name: no spaces, no plus, not empty",
        ),
        (
            "\udcff+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "'\\udcff' is no key name: no spaces, no plus, not empty",
        ),
        (
            "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "the verifier key's hash is not that of its name and key",
        ),
        (
            "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "the verifier key's hash is not that of its name and key",
        ),
    ],
)
def test_what_is_no_key_is_refused(text: str, told: str) -> None:
    """One case for each step, each with its own sentence."""
    with pytest.raises(CheckpointError) as refused:
        VerifierKey.parse(text)
    assert str(refused.value) == told


@given(st.binary(min_size=1))
def test_base64_has_one_text(value: bytes) -> None:
    """What is written is read; padding left out, or added, or other last bits are another text."""
    text = to_base64(value)
    assert from_base64(text, "it") == value
    for other in (text + "=", text.rstrip("=") + "!", text + "\n", text.rstrip("=") if "=" in text else text + "A"):
        with pytest.raises(CheckpointError, match="it is not base64"):
            from_base64(other, "it")


def test_a_signature_holds_by_the_strict_rule_only() -> None:
    """A key of small order, under which OpenSSL and Go accept one signature for every message, verifies nothing."""
    small_order = VerifierKey("n", b"\x01" + bytes(31))
    with pytest.raises(CheckpointError, match="does not hold"):
        verify_ed25519(b"any message", b"\x01" + bytes(63), small_order)
    key = SigningKey(bytes(32))
    verify_ed25519(b"any message", key.sign(b"any message").signature, VerifierKey("n", bytes(key.verify_key)))
