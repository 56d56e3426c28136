"""Proofs for strangers: what they hold at each clearance, what they never hold, and what of the store they need."""

import base64
import hashlib
import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.copying import CLEARANCES, TERMS, groups_of, with_canaries, workspace_with
from tests.app.recording import Seeded, StandingClock, erase
from tests.app.witnessed import COSIGNED_AT_S, RU, RU_KEY, UA, UA_KEY, cosigned

from safeconduct.app.proof_checking import check_proof
from safeconduct.app.proving import prove
from safeconduct.app.recorder import Recorder
from safeconduct.app.workspace import Workspace, create_workspace
from safeconduct.disclosure.clearance import parse_clearance
from safeconduct.disclosure.telling import told_fields
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry, type_tag
from safeconduct.kernel.errors import BadInput, Refused, SafeconductError
from safeconduct.ledger.commitment import SECRET_BYTES
from safeconduct.ledger.header import LEAF_BYTES
from safeconduct.ledger.merkle import inclusion_proof
from safeconduct.ledger.policy import PolicyKey, everyone
from safeconduct.ledger.proof_file import EntryProof
from safeconduct.ledger.trust import Trust
from safeconduct.reception.entries import FacilityEnrolled

SIZE = 300


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A ledger of reports of one side, the other and both."""
    return workspace_with(tmp_path_factory.mktemp("proving") / "workspace", groups_of(SIZE))


def fields_in(source: bytes, workspace: Workspace) -> dict[str, bytes]:
    """What a proof shows, by its own check."""
    report = check_proof("proof", source, Trust((workspace.verifier,)))
    assert report.problems == ()
    assert report.proven is not None
    shown = () if report.proven.disclosure is None else report.proven.disclosure.shown
    return {one.slot: one.value for one in shown}


@settings(max_examples=30)
@given(st.integers(0, SIZE - 1))
def test_any_entry_is_proven_and_by_default_tells_nothing(workspace: Workspace, index: int) -> None:
    """The file holds the leaf, which every copy holds too, and nothing of the body."""
    made = prove(workspace, index)
    assert fields_in(made.proof.encode(), workspace) == {}
    assert (made.proven.index, made.proven.checkpoint.size, made.proof.shown) == (index, SIZE, b"")
    extra = base64.b64decode(made.proof.encode().split(b"\n")[1].removeprefix(b"extra "))
    assert len(extra) == LEAF_BYTES


def test_it_shows_what_is_asked_for_and_no_more(workspace: Workspace) -> None:
    """One field, not even the type; or all that a clearance may know; or, of what it may not know, nothing."""
    assert fields_in(prove(workspace, 7, clearance="party:RU", fields=["person"]).proof.encode(), workspace) == {
        "person": b'"p1"'
    }
    whole = fields_in(prove(workspace, 7, clearance="party:RU").proof.encode(), workspace)
    assert list(whole) == ["type", "occurred_at_us", "own", "event", "person", "report", "received_at_us"]
    assert fields_in(prove(workspace, 7, clearance="party:UA").proof.encode(), workspace) == {}
    assert fields_in(prove(workspace, 7, clearance="public").proof.encode(), workspace) == {}


@pytest.mark.parametrize(
    ("index", "clearance", "fields", "told"),
    [
        (SIZE, None, (), f"there is no entry {SIZE} under the checkpoint of {SIZE} entries; the last is {SIZE - 1}"),
        (-1, None, (), f"there is no entry -1 under the checkpoint of {SIZE} entries; the last is {SIZE - 1}"),
        (
            7,
            None,
            ("person",),
            "entry 7: public may not know its field 'person', nor that there is an entry of its type",
        ),
        (
            7,
            "party:UA",
            ("type",),
            "entry 7: party:UA may not know its field 'type', nor that there is an entry of its",
        ),
        (7, "party:RU", ("name",), "entry 7: it has no field 'name'; it has: type, occurred_at_us, own, event, person"),
        (7, "party:XX", (), "unknown clearance 'party:XX'; allowed: intermediary, party:RU, party:UA, public"),
    ],
)
def test_what_may_not_be_shown_is_refused(
    workspace: Workspace, index: int, clearance: str | None, fields: tuple[str, ...], told: str
) -> None:
    """In one line that says what may."""
    with pytest.raises(Refused) as refused:
        prove(workspace, index, clearance=clearance, fields=fields)
    assert str(refused.value).startswith(told)
    assert "\n" not in str(refused.value)


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[Entry], dict[tuple[str, str], bytes]]:
    """A ledger with an entry of every type behind two others, and the value of its own that each field has."""
    entries, marks = with_canaries(("RU",), "H1")
    hospital = FacilityEnrolled(
        occurred_at_us=1, facility="H1", name="Hospital", home="UA", public_key="00", attested_by="NI"
    )
    folder = tmp_path_factory.mktemp("canaries") / "workspace"
    return workspace_with(folder, [[TERMS, hospital], entries]), entries, marks


@pytest.mark.parametrize("clearance", CLEARANCES)
def test_no_proof_holds_what_its_clearance_may_not_know(
    canaries: tuple[Workspace, list[Entry], dict[tuple[str, str], bytes]], clearance: str
) -> None:
    """An entry of every type: exactly the fields that may be known are in its proof, with their salts and no others."""
    workspace, entries, marks = canaries
    known = parse_clearance(clearance, ("RU", "UA"), ("H1",))
    record = workspace.open_record(DECODER)
    for index, entry in enumerate(entries, start=2):
        secret = record.stored_entry(index).plaintext[:SECRET_BYTES]
        source = prove(workspace, index, clearance=clearance).proof.encode()
        content = source + base64.b64decode(source.split(b"\n")[1].removeprefix(b"extra "))
        names = told_fields(type(entry), getattr(entry, "own", ()), known, getattr(entry, "facility", ""))
        assert set(fields_in(source, workspace)) == (set() if names is None else {"type", *names})
        slots = ("occurred_at_us", *(slot for slot in entry.__struct_fields__ if slot != "occurred_at_us"))
        salts = hashlib.shake_256(secret).digest(32 * (len(slots) + 1))
        for place, slot in enumerate(("type", *slots)):
            salt = base64.b64encode(salts[32 * place : 32 * place + 32])
            may = names is not None and slot in ("type", *names)
            canary = marks.get((type_tag(type(entry)), slot))
            assert (salt in content) == may
            assert canary is None or (canary in content) == may
        assert secret not in content
        assert base64.b64encode(secret) not in content
    record.close()


def test_a_proof_needs_no_more_of_the_store_than_its_path(tmp_path: Path) -> None:
    """All other leaves, hashes and bodies may be gone: it is made in O(log n), and, showing nothing, without keys."""
    workspace = workspace_with(tmp_path / "w", groups_of(SIZE))
    whole = prove(workspace, 123).proof
    needed = {123}

    def remember(level: int, index: int) -> bytes:
        needed.add((index + 1 << level) - 1)
        return bytes(32)

    inclusion_proof(123, SIZE, remember)
    assert len(needed) <= 2 * SIZE.bit_length()
    workspace.keys_path.unlink()
    with sqlite3.connect(workspace.ledger_path) as connection:
        unneeded = [(one,) for one in set(range(SIZE - 1)) - needed]
        connection.executemany("DELETE FROM leaf WHERE position = ?", unneeded)
        connection.execute("DELETE FROM body")
    connection.close()
    assert prove(workspace, 123).proof == whole


def test_a_proof_for_a_party_needs_the_terms_besides(tmp_path: Path) -> None:
    """They say who is a party; no other body is opened, and no other key is needed."""
    workspace = workspace_with(tmp_path / "w", groups_of(SIZE))
    whole = prove(workspace, 123, clearance="party:RU").proof
    with sqlite3.connect(workspace.ledger_path) as connection:
        connection.execute("DELETE FROM body WHERE position NOT IN (0, 123)")
        keys = [key_id for (key_id,) in connection.execute("SELECT key_id FROM body")]
    connection.close()
    with sqlite3.connect(workspace.keys_path) as connection:
        connection.execute("DELETE FROM data_key WHERE id NOT IN (?, ?)", keys)
    connection.close()
    assert prove(workspace, 123, clearance="party:RU").proof == whole


def test_what_was_erased_is_proven_without_what_it_said(tmp_path: Path) -> None:
    """With fields it is refused with what to do; without them the proof stands."""
    workspace = workspace_with(tmp_path / "w", groups_of(20))
    writer: Recorder[Entry] = workspace.open_recorder(StandingClock(), Seeded(2), DECODER)
    assert erase(writer, "person:p1")
    writer.close()
    with pytest.raises(Refused, match="entry 7: its data were erased; leave out --as and --field"):
        prove(workspace, 7, clearance="party:RU")
    assert fields_in(prove(workspace, 7).proof.encode(), workspace) == {}


def test_a_locked_or_damaged_ledger_says_so(tmp_path: Path) -> None:
    """Without keys nothing can be shown; a leaf that was changed is not given away as if it could be proven."""
    workspace = workspace_with(tmp_path / "w", groups_of(20))
    with sqlite3.connect(workspace.ledger_path) as connection:
        connection.execute("UPDATE leaf SET leaf = CAST(substr(leaf, 1, 216) || x'7f' AS BLOB) WHERE position = 9")
        connection.execute("DELETE FROM leaf WHERE position = 16")
    connection.close()
    with pytest.raises(SafeconductError, match=r"entry 9: it cannot be proven: .*; run: safeconduct ledger fsck"):
        prove(workspace, 9)
    with pytest.raises(SafeconductError, match="entry 16: it is missing; run: safeconduct ledger fsck"):
        prove(workspace, 16)
    workspace.keys_path.unlink()
    with pytest.raises(SafeconductError, match=r"entry 7: its body is sealed; restore keys.sqlite"):
        prove(workspace, 7, clearance="intermediary")


def test_an_empty_ledger_has_no_proofs(tmp_path: Path) -> None:
    """And says so."""
    workspace = create_workspace(tmp_path / "w", "a", "NI", Seeded(0))
    with pytest.raises(Refused, match="there is no entry 0 under the checkpoint of 0 entries; it has none"):
        prove(workspace, 0)


def test_an_earlier_cosigned_checkpoint_may_stand_under_it(tmp_path: Path) -> None:
    """The checkpoint given counts, whatever was recorded since; what came after it is not under it."""
    workspace = workspace_with(tmp_path / "w", groups_of(20))
    note = cosigned(workspace, RU)
    writer: Recorder[Entry] = workspace.open_recorder(StandingClock(), Seeded(2), DECODER)
    writer.record(groups_of(5)[1])
    writer.close()
    made = prove(workspace, 19, note=note)
    report = check_proof("proof", made.proof.encode(), Trust((workspace.verifier,), (RU_KEY,)))
    assert (report.verified, made.proven.checkpoint.size) == (True, 20)
    assert report.proven is not None
    assert [(one.witness, one.at_s) for one in report.proven.cosignatures] == [(RU_KEY, COSIGNED_AT_S)]
    with pytest.raises(Refused, match="there is no entry 20 under the checkpoint of 20 entries"):
        prove(workspace, 20, note=note)


def test_who_must_have_cosigned_and_has_not_is_named(workspace: Workspace) -> None:
    """Each witness asked for; the policy's quorum, by the policy's names; and whose signature was not checked."""
    policy = everyone([PolicyKey(workspace.verifier)], {"RU": [PolicyKey(RU_KEY)], "UA": [PolicyKey(UA_KEY)]})
    log = (workspace.verifier,)
    both = prove(workspace, 7, note=cosigned(workspace, RU, UA)).proof.encode()
    one = prove(workspace, 7, note=cosigned(workspace, RU)).proof.encode()
    for trust in (Trust(log, (RU_KEY, UA_KEY)), Trust(log, (), policy), Trust(log, (UA_KEY,), policy)):
        assert check_proof("proof", both, trust).verified
    lacking = check_proof("proof", one, Trust(log, (RU_KEY, UA_KEY)))
    assert (lacking.problems, lacking.lacking) == (
        ("the checkpoint is not cosigned by ua.example/w",),
        ("ua.example/w",),
    )
    assert check_proof("proof", one, Trust(log, (), policy)).lacking == ("UA",)
    assert check_proof("proof", both, Trust(log, (RU_KEY,))).unchecked == ("ua.example/w",)
    assert check_proof("proof", both, Trust(log)).verified


def tampered(made: EntryProof) -> list[tuple[bytes, str]]:
    """Proofs with something wrong, and what is said."""
    source = made.encode()
    person = base64.b64encode(made.leaf + made.shown)
    other = base64.b64encode(made.leaf + made.shown.replace(b'"p1"', b'"p2"'))
    return [
        (source.replace(person, other), "what is shown is not what its author committed to"),
        (source.replace(b"index 7", b"index 8"), "entry 8 is not in the ledger with this root"),
        (re.sub(rb"\n300\n", b"\n301\n", source), "does not hold"),
    ]


@pytest.mark.parametrize("number", range(3))
def test_a_tampered_proof_shows_nothing(workspace: Workspace, number: int) -> None:
    """One line says why; nothing that it claims is passed on."""
    source, told = tampered(prove(workspace, 7, clearance="party:RU", fields=["person"]).proof)[number]
    report = check_proof("proof", source, Trust((workspace.verifier,)))
    assert report.proven is None
    assert not report.verified
    assert told in report.problems[0]


def test_what_is_no_proof_is_refused_with_its_file() -> None:
    """In one line, as all unreadable input is."""
    with pytest.raises(BadInput, match=r"f\.tlog-proof:1:1: is no proof of an entry: it does not begin with the line"):
        check_proof("f.tlog-proof", b"x", Trust(()))
