"""`.tlog-proof`: C2SP's text to the byte, round trips, and for each thing that does not hold its own sentence."""

import base64
import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey
from tests.ledger.small_ledger import AT_S, AUTHOR, FIELDS, LEDGER, ORIGIN, VERIFIER, WITNESS_KEYS, SmallLedger
from tests.ledger.vector_files import VECTORS

from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.disclosed_lines import encode_line
from safeconduct.ledger.header import LEAF_BYTES
from safeconduct.ledger.merkle import ProofError, leaf_hash, verify_inclusion
from safeconduct.ledger.note import VerifierKey, split_note
from safeconduct.ledger.proof_file import MAX_PROOF_BYTES, EntryProof, parse_proof, verify_proof

SMALL = SmallLedger(11)
PROOF = SMALL.proof(6, ("person",))
TEXT = PROOF.encode()
B64 = base64.b64encode


def test_a_proof_is_written_as_c2sp_says() -> None:
    """Heading, extra data, index, hashes from the leaf's sibling upwards, an empty line, the checkpoint verbatim."""
    lines = TEXT.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra " + B64(SMALL.leaves[6] + encode_line(6, SMALL.disclosure(6, ("person",)))).decode()
    assert lines[2] == "index 6"
    # Entry 6 of 11: its sibling 7, the pair 4-5, the four before, and the three after the first eight.
    right = SMALL.tree.roots[-1], SMALL.node(1, 4)
    assert lines[3:7] == [
        B64(one).decode() for one in (SMALL.node(0, 7), SMALL.node(1, 2), SMALL.node(2, 0), _join(right[1], right[0]))
    ]
    assert lines[7] == ""
    assert "\n".join(lines[8:]).encode() == SMALL.note()


def _join(left: bytes, right: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(b"\x01" + left + right).digest()


def test_a_published_proof_of_inclusion_is_verified() -> None:
    """An entry of a public log: the last of 76,959, whose path is that of the rightmost leaf."""
    example = VECTORS["inclusion"]
    hashes = [base64.b64decode(one) for one in example["hashes"]]
    root, leaf = base64.b64decode(example["root"]), leaf_hash(example["entry"].encode())
    verify_inclusion(example["index"], example["size"], leaf, hashes, root)
    for index, size in ((example["index"] - 1, example["size"]), (example["index"], example["size"] + 1)):
        with pytest.raises(ProofError):
            verify_inclusion(index, size, leaf, hashes, root)


@given(
    index=st.integers(0, 2**63 - 1),
    leaf=st.binary(min_size=LEAF_BYTES, max_size=LEAF_BYTES),
    shown=st.binary(max_size=400),
    hashes=st.lists(st.binary(min_size=32, max_size=32), max_size=63),
)
def test_a_proof_is_read_as_it_was_written(index: int, leaf: bytes, shown: bytes, hashes: list[bytes]) -> None:
    """Whatever it says."""
    proof = EntryProof(index, leaf, shown, tuple(hashes), SMALL.note())
    assert parse_proof(proof.encode()) == proof


@given(st.integers(1, 40).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))), st.data())
def test_every_entry_is_proven_with_any_of_its_fields(place: tuple[int, int], data: st.DataObject) -> None:
    """Index, leaf, size, root, cosigners in the order asked for, and exactly the fields that are shown."""
    size, index = place
    ledger = SmallLedger(size)
    slots = data.draw(st.sets(st.sampled_from([one.slot for one in FIELDS])))
    proven = verify_proof(parse_proof(ledger.proof(index, sorted(slots)).encode()), VERIFIER, WITNESS_KEYS)
    assert (proven.index, proven.checkpoint) == (index, Checkpoint(ORIGIN, size, ledger.tree.root()))
    assert [(one.witness, one.at_s) for one in proven.cosignatures] == [
        (WITNESS_KEYS[0], AT_S),
        (WITNESS_KEYS[1], AT_S + 1),
    ]
    assert proven.leaf.header.author == bytes(AUTHOR.verify_key)
    shown = () if proven.disclosure is None else proven.disclosure.shown
    assert [(one.slot, one.value) for one in shown] == [tuple(one) for one in FIELDS if one.slot in slots]


def test_what_is_not_shown_is_not_in_it() -> None:
    """Neither value nor salt nor the secret; without fields the extra data are the leaf alone."""
    extra = base64.b64decode(TEXT.split(b"\n")[1].removeprefix(b"extra "))
    assert b'"X"' not in extra
    assert SMALL.secret(6) not in extra
    assert parse_proof(SMALL.proof(6).encode()).shown == b""


def replaced(old: str, new: str) -> bytes:
    """The proof's text with something else in one place."""
    assert TEXT.decode().count(old) == 1
    return TEXT.decode().replace(old, new).encode()


LEAF64 = B64(SMALL.leaves[6]).decode()
HASH64 = B64(SMALL.node(0, 7)).decode()
EXTRA_LINE = TEXT.decode().split("\n")[1]

UNREADABLE = [
    (b"", "it does not begin with the line c2sp.org/tlog-proof@v1"),
    (replaced("proof@v1", "proof@v2"), "it does not begin with the line c2sp.org/tlog-proof@v1"),
    (b" " + TEXT, "it does not begin with the line c2sp.org/tlog-proof@v1"),
    (TEXT.split(b"\n\n")[0] + b"\n", "there is no checkpoint after an empty line"),
    (b"c2sp.org/tlog-proof@v1\n\ncheckpoint\n", "after its heading stand no lines 'extra' (the entry) and 'index'"),
    (replaced(EXTRA_LINE + "\n", ""), "after its heading stand no lines 'extra' (the entry) and 'index'"),
    (replaced("index 6", "Index 6"), "after its heading stand no lines 'extra' (the entry) and 'index'"),
    (replaced("index 6\n", ""), "after its heading stand no lines 'extra' (the entry) and 'index'"),
    (replaced(EXTRA_LINE, "extra !!notbase64!!"), "the extra data is not base64"),
    (replaced(EXTRA_LINE, "extra "), "the extra data is not base64 as it must be written"),
    (replaced(EXTRA_LINE, "extra " + LEAF64[:-4]), "the extra data are no leaf: 216 bytes of 217"),
    (replaced("index 6", "index six"), "'six' is no size: decimal digits without leading zeros"),
    (replaced("index 6", "index -5"), "'-5' is no size: decimal digits without leading zeros"),
    (replaced("index 6", "index 06"), "'06' is no size: decimal digits without leading zeros"),
    (replaced(HASH64, "!!notbase64!!"), "a hash of the proof is not base64"),
    (replaced(HASH64, B64(bytes(64)).decode()), "a hash of the proof has not 32 bytes"),
    (replaced(HASH64, "\n".join([HASH64] * 61)), "it has more than 63 hashes"),
    (replaced(HASH64, HASH64 + "\r"), "it holds control characters"),
    (replaced("index 6", "index 6\xff").replace("\xff".encode(), b"\xff"), "it is not UTF-8 text"),
    (bytes(MAX_PROOF_BYTES + 1), f"it has {MAX_PROOF_BYTES + 1} bytes, {MAX_PROOF_BYTES} at the most"),
]


@pytest.mark.parametrize(("source", "told"), UNREADABLE, ids=[case[1] for case in UNREADABLE])
def test_what_is_no_proof_is_refused(source: bytes, told: str) -> None:
    """One case for each step of the reading, among them those of the tests of transparency-dev/formats."""
    with pytest.raises(ProofError) as refused:
        parse_proof(source)
    assert str(refused.value) == told


def changed(**fields: object) -> EntryProof:
    """The proof with other fields."""
    return dataclasses.replace(PROOF, **fields)  # type: ignore[arg-type]


def flipped(value: bytes, at: int) -> bytes:
    """One bit changed."""
    return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]


OTHER_SHOWN = SMALL.proof(7, ("person",)).shown
CHECKPOINT = SMALL.note(0)

FALSE: list[tuple[str, Callable[[], EntryProof], str]] = [
    ("another index", lambda: changed(index=7), "entry 7 is not in the ledger with this root"),
    ("an index beyond", lambda: changed(index=11), "there is no entry 11 in a ledger of 11"),
    ("a hash altered", lambda: changed(hashes=(flipped(PROOF.hashes[0], 0), *PROOF.hashes[1:])), "entry 6 is not in"),
    ("a hash too few", lambda: changed(hashes=PROOF.hashes[:-1]), "the proof is too short"),
    ("a hash too many", lambda: changed(hashes=(*PROOF.hashes, bytes(32))), "the proof is too long"),
    ("the author", lambda: changed(leaf=flipped(PROOF.leaf, 1)), "entry 6 is not in the ledger with this root"),
    ("the time of recording", lambda: changed(leaf=flipped(PROOF.leaf, 216)), "entry 6 is not in the ledger"),
    ("a field altered", lambda: changed(shown=PROOF.shown.replace(b'"person"', b'"persom"')), "is not what its author"),
    ("another entry's field", lambda: changed(shown=OTHER_SHOWN), "what is shown is of another entry"),
    (
        "another entry's field under this index",
        lambda: changed(shown=OTHER_SHOWN.replace(b'"index":7', b'"index":6')),
        "what is shown is not what its author committed to",
    ),
    ("something behind the leaf", lambda: changed(shown=b"x"), "it cannot be read: "),
    ("no field at all", lambda: changed(shown=b'{"count":5,"fields":[],"index":6,"nodes":[]}'), "no field is shown"),
    ("no checkpoint", lambda: changed(note=b"x"), "it is not a signed note"),
    ("another size", lambda: changed(note=CHECKPOINT.replace(b"\n11\n", b"\n12\n")), "does not hold"),
    (
        "a checkpoint that the ledger did not sign",
        lambda: changed(note=sign_checkpoint(Checkpoint(ORIGIN, 11, SMALL.tree.root()), SigningKey(b"x" * 32))),
        "it is not signed by",
    ),
    (
        "another root that the ledger signed",
        lambda: changed(note=sign_checkpoint(Checkpoint(ORIGIN, 11, bytes(32)), LEDGER)),
        "entry 6 is not in the ledger with this root",
    ),
    (
        "a cosignature altered",
        lambda: changed(note=SMALL.note().replace(_last_line(SMALL.note()), _forged(_last_line(SMALL.note())))),
        "the signature of ua.example/w does not hold",
    ),
]


def _last_line(note: bytes) -> bytes:
    return note.splitlines()[-1]


def _forged(line: bytes) -> bytes:
    start, _, encoded = line.rpartition(b" ")
    return start + b" " + B64(flipped(base64.b64decode(encoded), 20))


@pytest.mark.parametrize(("proof", "told"), [pytest.param(*case[1:], id=case[0]) for case in FALSE])
def test_a_false_proof_is_found_out(proof: Callable[[], EntryProof], told: str) -> None:
    """Whatever was altered is named."""
    with pytest.raises(SafeconductError, match=told.replace("(", r"\(")):
        verify_proof(proof(), VERIFIER, WITNESS_KEYS)


def test_the_author_s_signature_is_checked() -> None:
    """A leaf that the ledger took in, and proves, though its author did not sign it."""
    ledger = SmallLedger(1)
    leaf = flipped(ledger.leaves[0], 150)
    note = sign_checkpoint(Checkpoint(ORIGIN, 1, leaf_hash(leaf)), LEDGER)
    with pytest.raises(SafeconductError, match="the author's signature does not hold"):
        verify_proof(EntryProof(0, leaf, b"", (), note), VERIFIER)


def test_the_key_must_be_the_one_given() -> None:
    """Another key of the same name, and another name."""
    for key in (VerifierKey(ORIGIN, bytes(32)), VerifierKey("safeconduct/other", VERIFIER.public_key)):
        with pytest.raises(SafeconductError, match="it is not signed by"):
            verify_proof(PROOF, key)


@given(st.data())
def test_any_bit_of_a_proof_counts(data: st.DataObject) -> None:
    """Whichever one is flipped, the proof is refused, or tells a witness's name that nobody asked for."""
    at = data.draw(st.integers(0, len(TEXT) * 8 - 1))
    wrong = bytearray(TEXT)
    wrong[at // 8] ^= 1 << at % 8
    try:
        proven = verify_proof(parse_proof(bytes(wrong)), VERIFIER, WITNESS_KEYS)
    except SafeconductError:
        return
    # Only the name or key id of a cosignature can change: then it is no longer that witness's.
    assert len(proven.cosignatures) < 2
    assert at // 8 >= len(TEXT) - sum(len(one.line.encode()) + 1 for one in split_note(SMALL.note())[1][1:])
