"""The rules of a witness, row by row of C2SP tlog-witness."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey
from tests.ledger.growing import ORIGIN, VERIFIER, GrowingLedger, leaves

from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.cosignature import cosign
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.ledger.witness import MAX_PROOF_LINES, AddCheckpoint, Cosigned, Refusal, judge, parse_request

LEDGER = GrowingLedger(leaves(20))
FORK = GrowingLedger([*leaves(7), *leaves(13, "other")])
"""Says the same up to 7 entries, and something else after."""
LOGS = {ORIGIN: VERIFIER}
AT_12 = {ORIGIN: LEDGER.checkpoint(12)}


def asked(request: AddCheckpoint, last: Mapping[str, Checkpoint] = AT_12) -> Cosigned | Refusal:
    """The verdict on a request as it travels."""
    return judge(parse_request(request.encode()), LOGS, last)


def status(request: AddCheckpoint, last: Mapping[str, Checkpoint] = AT_12) -> int:
    """The status of a refusal."""
    verdict = asked(request, last)
    assert isinstance(verdict, Refusal), verdict
    return verdict.status


EXAMPLE = b"""old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\xe2\x80\x94 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\xe2\x80\x94 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501 - as published
"""The request of the specification."""


def test_the_specification_s_request_is_read_and_written_to_the_byte() -> None:
    """Old size, four hashes, and the checkpoint with two signatures."""
    request = parse_request(EXAMPLE)
    assert (request.old_size, len(request.proof)) == (20852014, 4)
    assert request.proof[0] == base64.b64decode("PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=")
    assert request.encode() == EXAMPLE


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 1), (0, 20), (12, 12), (12, 13), (12, 20), (16, 20)])
def test_what_continues_is_cosigned(old: int, new: int) -> None:
    """From nothing, by one, by many, and the same once more, as after a lost reply."""
    last = {ORIGIN: LEDGER.checkpoint(old)} if old else {}
    assert asked(LEDGER.request(old, new), last) == Cosigned(LEDGER.checkpoint(new), LEDGER.note(new))


@given(st.integers(0, 20), st.integers(0, 20))
def test_every_growth_of_an_honest_ledger_is_cosigned(a: int, b: int) -> None:
    """Whatever its sizes."""
    old, new = sorted((a, b))
    assert isinstance(asked(LEDGER.request(old, new), {ORIGIN: LEDGER.checkpoint(old)}), Cosigned)


def test_an_unknown_origin_is_not_found() -> None:
    """404, whoever signed."""
    other = GrowingLedger(leaves(12), origin="safeconduct/another")
    assert status(other.request(0)) == 404


def test_a_wrong_key_is_forbidden() -> None:
    """403: also where it goes by the ledger's name, claims the ledger's key, or does not sign at all."""
    impostor = GrowingLedger(leaves(20), SigningKey(bytes(32)))
    assert status(impostor.request(12)) == 403
    request = LEDGER.request(12)
    text = request.note.partition(b"\n\n")[0] + b"\n\n"
    claimed = base64.b64encode(VERIFIER.key_hash + bytes(64)).decode()
    assert status(replace(request, note=text + f"— {ORIGIN} {claimed}\n".encode())) == 403
    stranger = cosign(text.decode()[:-1], "somebody", SigningKey(bytes(32)), 1)
    assert status(replace(request, note=text + f"{stranger}\n".encode())) == 403


def test_signatures_of_unknown_keys_are_ignored() -> None:
    """Before and after the ledger's own; and what is kept as evidence is the ledger's alone."""
    note = LEDGER.note(20)
    text, own = note.decode().split("\n\n")
    line = cosign(text + "\n", "somebody", SigningKey(bytes(32)), 1)
    request = replace(LEDGER.request(12), note=f"{text}\n\n{line}\n{own}{line}\n".encode())
    assert asked(request) == Cosigned(LEDGER.checkpoint(20), note)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(13, 12, 400, id="old larger than the checkpoint"),
        pytest.param(12, 11, 400, id="a rollback, asked from what is known"),
        pytest.param(11, 11, 409, id="a rollback, asked from itself"),
        pytest.param(0, 20, 409, id="old size unknown to the client"),
        pytest.param(11, 20, 409, id="old size stale"),
        pytest.param(13, 20, 409, id="old size ahead"),
        pytest.param(0, 12, 409, id="the same size, old size unknown"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(old: int, new: int, expected: int) -> None:
    """400 where they contradict each other; 409 with the size last cosigned where the client knows another."""
    verdict = asked(LEDGER.request(old, new))
    assert isinstance(verdict, Refusal)
    assert verdict.status == expected
    assert not verdict.alarm
    if expected == 409:
        assert verdict.what == "12"


def test_a_split_view_is_refused_and_is_proof() -> None:
    """One size, two roots: 422 (the stored snapshots of the specification say 409, the newest 422)."""
    verdict = asked(FORK.request(12, 12))
    assert isinstance(verdict, Refusal)
    assert (verdict.status, verdict.alarm) == (422, True)
    assert verdict.unproven == Cosigned(FORK.checkpoint(12), FORK.note(12))


@pytest.mark.parametrize("old", [0, 11, 13])
def test_a_split_view_is_seen_whatever_old_size_it_comes_with(old: int) -> None:
    """The refusal is as the sizes demand, and the two notes are proof all the same."""
    verdict = asked(replace(FORK.request(12, 12), old_size=old))
    assert isinstance(verdict, Refusal)
    assert (verdict.status, verdict.alarm) == (400 if old > 12 else 409, True)
    assert verdict.unproven == Cosigned(FORK.checkpoint(12), FORK.note(12))


def test_a_rewritten_history_is_refused() -> None:
    """422 though it has grown; no proof by itself, since the request may only have been a bad one."""
    verdict = asked(FORK.request(12, 20))
    assert isinstance(verdict, Refusal)
    assert (verdict.status, verdict.alarm) == (422, False)
    assert verdict.unproven == Cosigned(FORK.checkpoint(20), FORK.note(20))


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda proof: proof[:-1], id="one hash short"),
        pytest.param(lambda proof: (*proof, bytes(32)), id="one hash more"),
        pytest.param(lambda proof: (bytes(32), *proof[1:]), id="another first hash"),
        pytest.param(lambda proof: proof[::-1], id="reversed"),
        pytest.param(lambda _: (), id="none"),
    ],
)
def test_a_bad_proof_is_refused(spoilt: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> None:
    """422."""
    request = LEDGER.request(12)
    assert status(replace(request, proof=spoilt(request.proof))) == 422


def test_a_proof_from_nothing_is_empty() -> None:
    """422 where one is sent with old size 0."""
    assert status(replace(LEDGER.request(0), proof=(bytes(32),)), {}) == 422


def test_a_first_checkpoint_of_no_entries_has_the_empty_root() -> None:
    """422 for any other: nothing could ever continue it."""
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), SigningKey(bytes(range(32))))
    verdict = asked(AddCheckpoint(0, (), note), {})
    assert isinstance(verdict, Refusal)
    assert (verdict.status, verdict.alarm) == (422, False)


NOTE = LEDGER.note(20)
HASH = base64.b64encode(bytes(32))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(NOTE, id="a checkpoint alone"),
        pytest.param(b"old 12\n" + NOTE, id="no empty line"),
        pytest.param(b"old 012\n\n" + NOTE, id="leading zero"),
        pytest.param(b"old -1\n\n" + NOTE, id="negative"),
        pytest.param(b"old 1e3\n\n" + NOTE, id="no decimal"),
        pytest.param("old ١٢\n\n".encode() + NOTE, id="digits of another script"),
        pytest.param(b"old 12 \n\n" + NOTE, id="space after"),
        pytest.param(b"old  12\n\n" + NOTE, id="two spaces"),
        pytest.param(b"OLD 12\n\n" + NOTE, id="capitals"),
        pytest.param(b"old 12\r\n\r\n" + NOTE, id="carriage returns"),
        pytest.param(b"old 12\n" + HASH[:-4] + b"\n\n" + NOTE, id="a short hash"),
        pytest.param(b"old 12\n" + HASH[:-2] + b"B=\n\n" + NOTE, id="base64 with bits left over"),
        pytest.param(b"old 12\n" + HASH + b" \n\n" + NOTE, id="space after a hash"),
        pytest.param(b"old 12\n\xff\n\n" + NOTE, id="no UTF-8"),
        pytest.param(b"old 99999999999999999999\n\n" + NOTE, id="a size of 20 digits"),
        pytest.param(b"old 12\n" + (HASH + b"\n") * (MAX_PROOF_LINES + 1) + b"\n" + NOTE, id="64 lines of proof"),
        pytest.param(b"old 12\n\n" + NOTE + bytes(70_000), id="huge"),
    ],
)
def test_a_malformed_request_is_refused(body: bytes) -> None:
    """With our error, which is answered by 400."""
    with pytest.raises(CheckpointError):
        parse_request(body)


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(b"", id="none"),
        pytest.param(NOTE.partition(b"\n\n")[0] + b"\n", id="not signed"),
        pytest.param(NOTE[:-1], id="cut off"),
        pytest.param(NOTE.replace(b"\n20\n", b"\n020\n"), id="leading zero"),
        pytest.param(NOTE.replace(b"\n20\n", b"\n"), id="two lines"),
    ],
)
def test_a_checkpoint_that_cannot_be_read_is_refused(note: bytes) -> None:
    """400."""
    assert status(AddCheckpoint(12, (), note)) == 400


def test_sixty_three_lines_of_proof_are_read() -> None:
    """As many as the largest ledger could need."""
    request = AddCheckpoint(12, (bytes(32),) * MAX_PROOF_LINES, NOTE)
    assert parse_request(request.encode()) == request


def test_each_ledger_has_a_memory_of_its_own() -> None:
    """What was cosigned of one says nothing of another."""
    other = GrowingLedger(leaves(5), origin="safeconduct/another")
    verifier = VerifierKey("safeconduct/another", VERIFIER.public_key)
    verdict = judge(other.request(0), LOGS | {verifier.name: verifier}, AT_12)
    assert isinstance(verdict, Cosigned)
