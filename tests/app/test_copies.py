"""A party's copy: that it holds what the party may know and nothing else, and that its check finds every change."""

import hashlib
import json
import shutil
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey
from tests.app.copying import CLEARANCES, CLOSED, TERMS, custody, groups_of, with_canaries, workspace_with
from tests.app.recording import Seeded, StandingClock, erase
from tests.app.witnessed import RU_KEY, UA_KEY, give_away
from tests.exchange.samples import ledgers

from safeconduct.app.copy_checking import CopyReport, verify_as_each_party, verify_copy
from safeconduct.app.copy_keys import CopyKeys, SideWitness, decode_keys
from safeconduct.app.exported_copy import DISCLOSED, ExportedCopy
from safeconduct.app.exporting import export_copy
from safeconduct.app.workspace import Workspace, read_secret
from safeconduct.disclosure.clearance import parse_clearance
from safeconduct.disclosure.telling import tell, told_fields
from safeconduct.exchange.authorship import BY_OFFICER, BY_PARTY, LIST_CHANGES, ON_RELEASES, OPINION
from safeconduct.exchange.entries import DECODER, ENTRY_TYPES
from safeconduct.kernel.audience import Audience, audiences_of
from safeconduct.kernel.entry import type_tag
from safeconduct.kernel.errors import BadInput, Refused, SafeconductError
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from safeconduct.ledger.commitment import SECRET_BYTES
from safeconduct.ledger.merkle import CompactRange, inclusion_proof, leaf_hash
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.ledger.tiles import decode_bundle
from safeconduct.ledger.trust import Trust
from safeconduct.reception.entries import FacilityEnrolled

LEDGER_KEY = VerifierKey("safeconduct/a", bytes(32))
OF_ONE_KEY = {*BY_PARTY, *BY_OFFICER, *ON_RELEASES, *LIST_CHANGES, OPINION}
"""They say of themselves whose key signed them, which drawn values do not."""
SIZE = 600
"""Two full bundles and one of 88, and a tile of 2 above."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    """A ledger, and its copies in one folder."""
    folder = tmp_path_factory.mktemp("copies")
    workspace = workspace_with(folder / "workspace", groups_of(SIZE))
    for clearance in ("party-RU", "party-UA", "intermediary", "public"):
        export_copy(workspace, clearance.replace("-", ":"), folder / clearance)
    return workspace, folder


@pytest.fixture
def copy(made: tuple[Workspace, Path], tmp_path: Path) -> tuple[Path, VerifierKey]:
    """A copy for RU to tamper with."""
    shutil.copytree(made[1] / "party-RU", tmp_path / "copy")
    shutil.copytree(made[1] / "party-UA", tmp_path / "other")
    shutil.copytree(made[1] / "intermediary", tmp_path / "whole")
    return tmp_path / "copy", made[0].verifier


def flip(name: str, at: int) -> Callable[[Path], object]:
    """Change one bit of a file."""

    def change(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[at] ^= 1
        (folder / name).write_bytes(content)

    return change


def rewrite(name: str, how: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """Write a file anew."""

    def change(folder: Path) -> None:
        (folder / name).write_bytes(how((folder / name).read_bytes()))

    return change


def swap(one: str, other: str) -> Callable[[Path], object]:
    """Exchange two files."""

    def change(folder: Path) -> None:
        first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
        (folder / one).write_bytes(second)
        (folder / other).write_bytes(first)

    return change


def line_of(folder: Path, index: int) -> bytes:
    """The line that discloses an entry."""
    return next(one for one in (folder / DISCLOSED).read_bytes().splitlines()[1:] if json.loads(one)["index"] == index)


def replace_line(index: int, how: Callable[[Path, bytes], bytes], count: int = 0) -> Callable[[Path], object]:
    """Write the line of an entry anew, and let the heading count `count` more."""

    def change(folder: Path) -> None:
        old = line_of(folder, index) + b"\n"
        text = (folder / DISCLOSED).read_bytes().replace(old, how(folder, old))
        heading, _, rest = text.partition(b"\n")
        told = json.loads(heading)
        heading = heading.replace(b'"entries":%d' % told["entries"], b'"entries":%d' % (told["entries"] + count))
        (folder / DISCLOSED).write_bytes(heading + b"\n" + rest)

    return change


def edit(line: bytes, field: str, how: Callable[[list[object]], None]) -> bytes:
    """Change one field of a line."""
    told = json.loads(line)
    how(next(one for one in told["fields"] if one[1] == field))
    return json.dumps(told, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode() + b"\n"


def without(line: bytes, field: str) -> bytes:
    """Leave one field out."""
    told = json.loads(line)
    told["fields"] = [one for one in told["fields"] if one[1] != field]
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def of_another(folder: Path, line: bytes) -> bytes:
    """Add the line of an entry that concerns the other side alone (entry 2), from the copy of that side."""
    return line + line_of(folder.parent / "other", 2) + b"\n"


def remove(name: str) -> Callable[[Path], object]:
    """Take a file out."""
    return lambda folder: (folder / name).unlink()


def bundle_without(number: int) -> Callable[[bytes], bytes]:
    """Drop an entry of a bundle."""
    return lambda content: content[: number * 219] + content[(number + 1) * 219 :]


VERSION = b'"version":1'


def _told_nothing(folder: Path) -> None:
    """Leave out of a party's copy all that it tells, the terms among it."""
    heading = json.loads((folder / DISCLOSED).read_bytes().partition(b"\n")[0]) | {"entries": 0}
    (folder / DISCLOSED).write_text(json.dumps(heading, separators=(",", ":")) + "\n")


TAMPERINGS: list[tuple[str, Callable[[Path], object], str]] = [
    ("the size in the checkpoint", flip("checkpoint", 32), "checkpoint is not valid under the key given"),
    ("the checkpoint's signature", flip("checkpoint", -5), "checkpoint is not valid under the key given"),
    ("no checkpoint", remove("checkpoint"), "checkpoint is missing"),
    ("a checkpoint that is not UTF-8", rewrite("checkpoint", lambda _: b"\xff\xfe"), "checkpoint is not valid"),
    ("keys.txt", flip("keys.txt", 60), "keys.txt does not name the key given"),
    ("no keys.txt", remove("keys.txt"), "keys.txt is missing"),
    ("a hash of a leaf", flip("tile/0/001", 32 * 7), "entry 263: the leaf is not what was hashed"),
    ("a hash above", flip("tile/1/000.p/2", 33), "entry 511: a stored node of the tree above it is wrong"),
    ("a hash in the last tile", flip(f"tile/0/002.p/{SIZE - 512}", 5), "entry 512: the leaf is not what was hashed"),
    ("a tile taken out", remove("tile/0/001"), "ledger: tile/0/001 is missing"),
    ("the tile above taken out", remove("tile/1/000.p/2"), "ledger: tile/1/000.p/2 is missing"),
    ("a partial tile taken out", remove("tile/0/002.p/88"), "ledger: tile/0/002.p/88 is missing"),
    ("a tile cut short", rewrite("tile/0/000", lambda one: one[:-1]), "tile/0/000 has 8191 bytes, not 8192"),
    ("a tile too long", rewrite("tile/0/000", lambda one: one + b"x"), "tile/0/000 has 8193 bytes, 8192 at the most"),
    ("two tiles exchanged", swap("tile/0/000", "tile/0/001"), "entry 0: the leaf is not what was hashed"),
    ("two bundles exchanged", swap("tile/entries/000", "tile/entries/001"), "entry 0: author"),
    ("a bundle taken out", remove("tile/entries/001"), "entry 256: all from here to 511 are missing"),
    ("a bundle cut short", rewrite("tile/entries/000", lambda one: one[:-1]), "tile/entries/000 is no bundle"),
    ("an entry dropped", rewrite("tile/entries/000", bundle_without(9)), "ends after 255 entries of 256"),
    ("an entry added", rewrite("tile/entries/000", lambda one: one + one[:219]), "goes on for 219 bytes"),
    ("an entry's length", flip("tile/entries/000", 219 * 3), "tile/entries/000 is no bundle of entries"),
    ("an author", flip("tile/entries/000", 219 * 5 + 2 + 1), "entry 5: the author's signature does not hold"),
    ("a signature", flip("tile/entries/000", 219 * 5 + 2 + 150), "entry 5: the author's signature does not hold"),
    ("a body root", flip("tile/entries/000", 219 * 6 + 2 + 113), "entry 6: what is shown of it does not hold"),
    ("a time of recording", flip("tile/entries/000", 219 * 5 + 2 + 213), "entry 5: the leaf is not what was hashed"),
    (
        "a file of no ledger",
        lambda folder: shutil.copy(folder / "tile/0/000", folder / "tile/0/003"),
        "does not belong",
    ),
    (
        "a value altered",
        replace_line(6, lambda _, line: edit(line, "person", lambda one: one.__setitem__(2, "p9"))),
        "entry 6: what is shown of it does not hold: what is shown is not what its author committed to",
    ),
    (
        "a value that is no value of its field",
        replace_line(6, lambda _, line: edit(line, "person", lambda one: one.__setitem__(2, 7))),
        "entry 6: what is shown of it does not hold",
    ),
    (
        "a salt altered",
        replace_line(6, lambda _, line: edit(line, "person", lambda one: one.__setitem__(3, "A" * 43 + "="))),
        "entry 6: what is shown of it does not hold",
    ),
    (
        "a field under another name",
        replace_line(6, lambda _, line: edit(line, "person", lambda one: one.__setitem__(1, "event"))),
        "entry 6: what is shown of it does not hold",
    ),
    ("a field left out", replace_line(6, lambda _, line: without(line, "person")), "entry 6: what is shown of it"),
    (
        "all fields left out",
        replace_line(6, lambda *_: b'{"count":7,"fields":[],"index":6,"nodes":[]}\n'),
        "no field is",
    ),
    ("an entry of the other side added", replace_line(1, of_another, 1), "entry 2: it is shown, and party:RU may not"),
    ("an entry no longer shown", replace_line(6, lambda *_: b""), "heading says"),
    ("a line twice", replace_line(6, lambda _, line: line * 2, 1), "entry 6 does not come after 6"),
    ("a line of no entry", replace_line(6, lambda _, line: line.replace(b'"index":6', b'"index":999999')), "999999"),
    ("a line that is no JSON", replace_line(6, lambda *_: b"{]\n"), "disclosed.jsonl line 6: it cannot be read"),
    ("a line with a space", replace_line(6, lambda _, line: line.replace(b",", b", ", 1)), "entry 6: what is shown"),
    ("a line that is not UTF-8", replace_line(6, lambda _, line: line.replace(b"e5", b"\xff\xff")), "entry 6: what"),
    ("the last line cut short", rewrite(DISCLOSED, lambda one: one[:-9]), "it is cut short"),
    (
        "another origin",
        rewrite(DISCLOSED, lambda one: one.replace(b"istanbul", b"istanbuI", 1)),
        "the heading speaks of",
    ),
    ("another size", rewrite(DISCLOSED, lambda one: one.replace(b'"size":600', b'"size":599', 1)), "with 599 entries"),
    ("for another party", rewrite(DISCLOSED, lambda one: one.replace(b":RU", b":UA", 1)), "party:UA may not know"),
    ("for no party", rewrite(DISCLOSED, lambda one: one.replace(b":RU", b":RO", 1)), "which is no party of the terms"),
    ("nothing told at all", _told_nothing, "which is no party of the terms in it"),
    ("for the public", rewrite(DISCLOSED, lambda one: one.replace(b"party:RU", b"public", 1)), "public may not know"),
]


@pytest.mark.parametrize(("change", "named"), [pytest.param(*case[1:], id=case[0]) for case in TAMPERINGS])
def test_a_tampered_copy_is_found_out(
    copy: tuple[Path, VerifierKey], change: Callable[[Path], object], named: str
) -> None:
    """Each change is named in one line."""
    folder, verifier = copy
    change(folder)
    problems = [str(problem) for problem in verify_copy(folder, verifier).problems]
    assert any(named in problem for problem in problems), problems
    assert not any("\n" in problem for problem in problems)


UNREADABLE: list[tuple[str, Callable[[Path], object], str]] = [
    ("nothing disclosed", remove(DISCLOSED), "no copy of a ledger here"),
    ("an empty file", rewrite(DISCLOSED, lambda _: b""), "is no heading of a copy"),
    ("a heading that is not UTF-8", rewrite(DISCLOSED, lambda one: one.replace(b"RU", b"\xff\xfe", 1)), "no heading"),
    (
        "a heading with more",
        rewrite(DISCLOSED, lambda one: one.replace(b"{", b'{"a":1,', 1)),
        "is no heading of a copy",
    ),
    ("a heading with a space", rewrite(DISCLOSED, lambda one: one.replace(b",", b", ", 1)), "is no heading of a copy"),
    ("an unknown clearance", rewrite(DISCLOSED, lambda one: one.replace(b"party:", b"uncle:", 1)), "unknown clearance"),
    ("a future version", rewrite(DISCLOSED, lambda one: one.replace(VERSION, b'"version":2', 1)), "known is 1"),
]


@pytest.mark.parametrize(("change", "named"), [pytest.param(*case[1:], id=case[0]) for case in UNREADABLE])
def test_what_is_no_copy_is_refused(
    copy: tuple[Path, VerifierKey], change: Callable[[Path], object], named: str
) -> None:
    """In one line, with the file."""
    change(copy[0])
    with pytest.raises(BadInput, match=named) as refused:
        verify_copy(*copy)
    assert len(str(refused.value).splitlines()) == 1


@settings(max_examples=24)
@given(data=st.data())
def test_any_bit_of_any_file_counts(made: tuple[Workspace, Path], data: st.DataObject) -> None:
    """Whichever one is flipped, the copy is refused or a problem is named."""
    workspace, folder = made
    files = sorted(path for path in (folder / "party-RU").rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) * 8 - 1))
    changed = bytearray(content)
    changed[at // 8] ^= 1 << at % 8
    path.write_bytes(changed)
    try:
        assert not verify_copy(folder / "party-RU", workspace.verifier).verified
    except BadInput:
        pass
    finally:
        path.write_bytes(content)


def test_an_untouched_copy_is_clean(made: tuple[Workspace, Path]) -> None:
    """The other side of the table: for each clearance as much as it may know, and the closed round."""
    workspace, folder = made
    known = {}
    for name in ("party-RU", "party-UA", "intermediary", "public"):
        report = verify_copy(folder / name, workspace.verifier)
        assert (report.problems, report.size, report.authors) == ([], SIZE, 1)
        assert report.rounds == ([] if name == "public" else [CLOSED])
        known[name] = report.entries
    # Of 598 reports a third each concerns RU, UA and both: 200, 199, 199; with terms and closing.
    assert known == {"party-RU": 401, "party-UA": 400, "intermediary": 600, "public": 0}


def test_another_ledgers_key_is_not_enough(made: tuple[Workspace, Path]) -> None:
    """Of the same name, but another key: one problem, and nothing else is believed."""
    workspace, folder = made
    other = VerifierKey(workspace.verifier.name, bytes(SigningKey(bytes(32)).verify_key))
    (problem,) = verify_copy(folder / "party-RU", other).problems
    assert "not valid under the key given" in str(problem)


def test_a_ledger_forged_without_its_key_does_not_pass(copy: tuple[Path, VerifierKey]) -> None:
    """A checkpoint of the same text, signed by somebody else."""
    folder, verifier = copy
    signed = open_checkpoint((folder / "checkpoint").read_bytes(), verifier)
    (folder / "checkpoint").write_bytes(sign_checkpoint(signed, SigningKey(bytes(32))))
    assert not verify_copy(folder, verifier).verified


def test_an_entry_taken_off_the_end_with_an_older_checkpoint(tmp_path: Path) -> None:
    """An older copy is sound by itself; whoever holds a later checkpoint sees that it is older."""
    workspace = workspace_with(tmp_path / "workspace", groups_of(20))
    export_copy(workspace, "party:RU", tmp_path / "old")
    first = open_checkpoint((tmp_path / "old" / "checkpoint").read_bytes(), workspace.verifier)
    writer = workspace.open_recorder(StandingClock(), Seeded(2), DECODER)
    writer.record([custody(99, ("UA",))])
    writer.close()
    export_copy(workspace, "party:RU", tmp_path / "new")
    second = open_checkpoint((tmp_path / "new" / "checkpoint").read_bytes(), workspace.verifier)

    def check(name: str, previous: Checkpoint | None) -> CopyReport:
        return verify_copy(tmp_path / name, workspace.verifier, previous=previous)

    assert all(check("new", one).verified for one in (None, first, second))
    assert check("new", Checkpoint(first.origin, 0, CompactRange().root())).verified
    assert check("old", None).verified
    (problem,) = check("old", second).problems
    assert "the earlier checkpoint has 21 entries, this ledger 20" in str(problem)
    (problem,) = check("new", Checkpoint(first.origin, 20, bytes(32))).problems
    assert "does not continue the earlier checkpoint" in str(problem)
    shutil.copy(tmp_path / "old" / "checkpoint", tmp_path / "new" / "checkpoint")
    problems = [str(problem) for problem in check("new", None).problems]
    assert "ledger: tile/entries/000.p/21 does not belong to a ledger of 20 entries" in problems


def test_a_split_view_is_seen_by_an_earlier_checkpoint(tmp_path: Path) -> None:
    """The keeper signs two histories: each copy is sound, and the other's checkpoint shows it."""
    one = workspace_with(tmp_path / "one", groups_of(20))
    other = workspace_with(tmp_path / "other", [[TERMS], [custody(7, ("RU",))] * 19])
    assert one.verifier == other.verifier
    export_copy(one, "party:RU", tmp_path / "copy")
    seen = other.open_record(DECODER).checkpoint()
    (problem,) = verify_copy(tmp_path / "copy", one.verifier, previous=seen).problems
    assert "does not continue the earlier checkpoint" in str(problem)


@settings(max_examples=12)
@given(entries=ledgers(types=tuple(one for one in ENTRY_TYPES if type_tag(one) not in OF_ONE_KEY)))
def test_a_copy_tells_what_the_clearance_is_told(tmp_path_factory: pytest.TempPathFactory, entries: list) -> None:  # type: ignore[type-arg]
    """Read again from the files: exactly `tell` of every entry, in order, with its time of recording."""
    folder = tmp_path_factory.mktemp("told")
    hospital = FacilityEnrolled(
        occurred_at_us=1, facility="H1", name="Hospital", home="UA", public_key="00", attested_by="NI"
    )
    whole = [TERMS, hospital, *entries]
    workspace = workspace_with(folder / "workspace", [whole])
    recorded_at_us = next(iter(workspace.open_record(DECODER).read())).recorded_at_us
    for clearance in CLEARANCES:
        copy = folder / clearance.replace(":", "-")
        export_copy(workspace, clearance, copy)
        told = [tell(entry, parse_clearance(clearance, ("RU", "UA"), ("H1",))) for entry in whole]
        found = [(one.index, one.recorded_at_us, one.told) for one in ExportedCopy.open(copy).told()]
        assert found == [(index, recorded_at_us, one) for index, one in enumerate(told) if one is not None]
        assert verify_copy(copy, workspace.verifier).problems == []


@pytest.mark.parametrize("own", [("RU",), ("UA",), ()])
@pytest.mark.parametrize("facility", ["H1", "H2"])
def test_what_a_clearance_may_not_know_is_in_no_byte_of_its_copy(
    tmp_path: Path, own: tuple[str, ...], facility: str
) -> None:
    """A canary in every field of every type: value, salt and secret of what is not told are nowhere, told ones are."""
    entries, canaries = with_canaries(own, facility)
    hospital = FacilityEnrolled(
        occurred_at_us=1, facility="H1", name="Hospital", home="UA", public_key="00", attested_by="NI"
    )
    workspace = workspace_with(tmp_path / "workspace", [[TERMS, hospital], entries])
    secrets = [one.plaintext[:SECRET_BYTES] for one in workspace.open_record(DECODER).stored_entries()]
    for clearance in CLEARANCES:
        copy = tmp_path / clearance.replace(":", "-")
        export_copy(workspace, clearance, copy)
        content = b"\0".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
        told = parse_clearance(clearance, ("RU", "UA"), ("H1",))
        for entry, secret in zip(entries, secrets[2:], strict=True):
            names = told_fields(type(entry), getattr(entry, "own", ()), told, getattr(entry, "facility", "")) or ()
            stream = hashlib.shake_256(secret).digest(32 * (len(entry.__struct_fields__) + 1))
            salts = [b64encode(stream[start : start + 32]) for start in range(0, len(stream), 32)]
            assert (salts[0] in content) == bool(names)
            slots = ("occurred_at_us", *(slot for slot in entry.__struct_fields__ if slot != "occurred_at_us"))
            for slot, salt in zip(slots, salts[1:], strict=True):
                canary = canaries.get((type_tag(type(entry)), slot))
                assert canary is None or (canary in content) == (slot in names), (clearance, type(entry), slot)
                assert (salt in content) == (slot in names)
        assert not any(secret in content for secret in secrets)


def test_own_is_told_to_whom_it_names() -> None:
    """Else the check of a copy could not tell for whom a field is."""
    for entry_type in ENTRY_TYPES:
        labels = audiences_of(entry_type)
        if Audience.OWN in labels.values() or entry_type.existence is Audience.OWN:
            assert labels["own"] <= Audience.OWN


def test_proofs_from_a_copy_are_those_of_the_ledger(made: tuple[Workspace, Path]) -> None:
    """Of entries all over it: from the copy's tiles, and from the product's own store."""
    workspace, folder = made
    copy = ExportedCopy.open(folder / "party-UA")
    copy.load_tiles()
    record = workspace.open_record(DECODER)
    for index in (0, 1, 99, 255, 256, 511, 512, SIZE - 1):
        assert inclusion_proof(index, SIZE, copy.node) == inclusion_proof(index, SIZE, record.node)
    leaves = decode_bundle((folder / "party-UA" / "tile/entries/001").read_bytes(), 256)
    assert [leaf_hash(leaf) for leaf in leaves] == [record.node(0, 256 + place) for place in range(256)]


def test_an_empty_ledger_has_a_copy_too(tmp_path: Path) -> None:
    """A checkpoint of no entries and no tiles; and nobody is a party yet."""
    workspace = workspace_with(tmp_path / "workspace", [])
    export_copy(workspace, "public", tmp_path / "copy")
    assert not (tmp_path / "copy" / "tile").exists()
    assert verify_copy(tmp_path / "copy", workspace.verifier).verified
    with pytest.raises(Refused, match="unknown clearance 'party:RU'; allowed: intermediary, public"):
        export_copy(workspace, "party:RU", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_the_erased_is_in_no_later_copy(tmp_path: Path) -> None:
    """The copy is sound without it."""
    workspace = workspace_with(tmp_path / "workspace", groups_of(30))
    writer = workspace.open_recorder(StandingClock(), Seeded(3), DECODER)
    erase(writer, "person:p3")
    writer.close()
    export_copy(workspace, "intermediary", tmp_path / "copy")
    assert b'"p3"' not in (tmp_path / "copy" / DISCLOSED).read_bytes()
    assert verify_copy(tmp_path / "copy", workspace.verifier).verified


def test_a_closed_or_damaged_ledger_makes_no_copy(tmp_path: Path) -> None:
    """It would lack what its clearance may know: one line, and nothing is left behind."""
    workspace = workspace_with(tmp_path / "workspace", groups_of(30))
    (workspace.secrets_path / "master.key").rename(tmp_path / "away")
    with pytest.raises(SafeconductError, match=r"entry 0: its body is sealed; restore keys\.sqlite"):
        export_copy(workspace, "intermediary", tmp_path / "copies" / "copy")
    assert list((tmp_path / "copies").iterdir()) == []


def test_force_replaces_a_copy_and_nothing_else(made: tuple[Workspace, Path], tmp_path: Path) -> None:
    """Not without it, not a folder of other things, not a file, and what is refused stays as it was."""
    workspace, _ = made
    folder = tmp_path / "copy"
    folder.mkdir()
    export_copy(workspace, "party:RU", folder)
    with pytest.raises(BadInput, match="not empty"):
        export_copy(workspace, "party:UA", folder)
    export_copy(workspace, "party:UA", folder, force=True)
    assert str(verify_copy(folder, workspace.verifier).clearance) == "party:UA"
    (folder / "own-notes").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(folder)
    for taken in (folder, tmp_path / "file", tmp_path / "link", workspace.folder):
        with pytest.raises(BadInput):
            export_copy(workspace, "party:RU", taken, force=True)
    assert (folder / "own-notes").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "file", "link"]


def test_each_party_verifies_its_copy(tmp_path: Path) -> None:
    """As the demo ends; a second time too."""
    workspace = workspace_with(tmp_path, groups_of(30))
    for _ in range(2):
        reports = verify_as_each_party(workspace, ("RU", "UA"))
        assert [(str(one.clearance), one.verified, one.rounds) for one in reports] == [
            ("party:RU", True, [CLOSED]),
            ("party:UA", True, [CLOSED]),
        ]
    assert [one.folder for one in reports] == [tmp_path / "copies" / "RU", tmp_path / "copies" / "UA"]


def test_a_copy_is_its_owners_alone(made: tuple[Workspace, Path]) -> None:
    """What the ledger seals stands in it in plain text; the public's copy may be served."""
    assert (made[1] / "party-RU").stat().st_mode & 0o077 == 0
    assert (made[1] / "public").stat().st_mode & 0o055 == 0o055


def test_reading_a_damaged_copy_says_so(copy: tuple[Path, VerifierKey]) -> None:
    """Whoever reads without having checked gets one line, no wrong answer."""
    folder, _ = copy
    rewrite(DISCLOSED, lambda one: one[:-9])(folder)
    with pytest.raises(SafeconductError, match="cut short; run: safeconduct ledger verify"):
        list(ExportedCopy.open(folder).told())


def test_the_secret_of_the_workspace_is_not_needed(made: tuple[Workspace, Path], tmp_path: Path) -> None:
    """The check of a copy knows the public key alone, and no key of the workspace is in the copy."""
    workspace, folder = made
    content = b"".join(path.read_bytes() for path in (folder / "intermediary").rglob("*") if path.is_file())
    for name in ("master.key", "author.key", "ledger.key"):
        secret = read_secret(workspace.secrets_path / name)
        assert secret not in content
        assert secret.hex().encode() not in content
    shutil.copytree(folder / "intermediary", tmp_path / "elsewhere")
    assert verify_copy(tmp_path / "elsewhere", VerifierKey.parse(str(workspace.verifier))).verified


def test_the_witnesses_of_a_copy_are_listed_and_theirs_must_hold(tmp_path: Path) -> None:
    """Each with its side; a cosignature of theirs that does not hold is told though nobody asked for it."""
    workspace = give_away(tmp_path, 21)
    copy = tmp_path / "copy"
    assert (copy / "keys.txt").read_text() == (
        f"{workspace.verifier} ledger\n{RU_KEY} witness of RU\n{UA_KEY} witness of UA\n"
    )
    assert verify_copy(copy, workspace.verifier).problems == []
    note = (copy / "checkpoint").read_bytes()
    (copy / "checkpoint").write_bytes(note.replace(note.splitlines()[-1], note.splitlines()[-1][:-8] + b"AAAAAA=="))
    (problem,) = verify_copy(copy, workspace.verifier).problems
    assert str(problem) == "ledger: the checkpoint is not valid: the signature of ua.example/w does not hold"


def test_a_copy_names_who_has_not_cosigned(tmp_path: Path) -> None:
    """Of the witnesses asked for; a cosignature of one of them that does not hold counts for nothing."""
    workspace = give_away(tmp_path, 21)
    trust = Trust((workspace.verifier,), (RU_KEY, UA_KEY))
    report = verify_copy(tmp_path / "copy", workspace.verifier, trust=trust)
    assert (report.problems, [one.witness for one in report.cosignatures]) == ([], [RU_KEY, UA_KEY])
    lines = (tmp_path / "copy" / "checkpoint").read_bytes().splitlines(keepends=True)
    (tmp_path / "copy" / "checkpoint").write_bytes(b"".join(lines[:-1]))
    report = verify_copy(tmp_path / "copy", workspace.verifier, trust=trust)
    assert [str(one) for one in report.problems] == ["ledger: the checkpoint is not cosigned by ua.example/w"]
    assert report.lacking == ("ua.example/w",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "its last line does not end"),
        (b"x", "its last line does not end"),
        (b"x\n", "its first line is no key with the role 'ledger'"),
        (f"{RU_KEY} witness of RU\n".encode(), "its first line is no key with the role 'ledger'"),
        (f"{RU_KEY} ledger\n".encode(), "the verifier key is not of the type Ed25519 (1)"),
        (f"{LEDGER_KEY} ledger\n\n".encode(), "line 2 is no key with the role 'witness of SIDE'"),
        (f"{LEDGER_KEY} ledger\n{RU_KEY} witness of \n".encode(), "line 2 is no key with the role 'witness of SIDE'"),
        (f"{LEDGER_KEY} ledger\n{RU_KEY} witness\n".encode(), "line 2 is no key with the role 'witness of SIDE'"),
        (
            f"{LEDGER_KEY} ledger\n{LEDGER_KEY} witness of RU\n".encode(),
            "the verifier key is not of the type Ed25519 c",
        ),
        (b"\xff\n", "it is not UTF-8 text"),
    ],
)
def test_a_list_of_keys_that_is_none_is_refused(text: bytes, told: str) -> None:
    """One case for each step, each with its own sentence."""
    with pytest.raises(CheckpointError) as refused:
        decode_keys(text)
    assert str(refused.value).startswith(told)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1), max_size=4))
def test_a_list_of_keys_is_read_as_it_was_written(sides: list[str]) -> None:
    """Whatever a side is called, on one line."""
    keys = CopyKeys(LEDGER_KEY, tuple(SideWitness(side, RU_KEY) for side in sides))
    assert decode_keys(keys.encode()) == keys
    with pytest.raises(CheckpointError, match="more than one line"):
        CopyKeys(LEDGER_KEY, (SideWitness("a\nb", RU_KEY),)).encode()
