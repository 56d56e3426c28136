"""`safeconduct author` and `ledger take`, as a delegate and the intermediary run them."""

import json
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.copying import TERMS
from tests.app.recording import Seeded, StandingClock
from tests.app.test_ledger_commands import safeconduct

from safeconduct.app.ports import SystemClock
from safeconduct.app.workspace import create_workspace, open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.logistics.entries import PlanProposed

PLAN = PlanProposed(
    occurred_at_us=2,
    exchange="2025-07-04",
    plan_sha256="bb",
    start_us=3,
    handovers_us={},
    batches={},
    persons=0,
    plan_text="{}",
)
ENROL = ("--of", "RU", "--label", "head of delegation", "--workspace", "desk")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The intermediary's workspace `desk`, with terms and a plan; beside it the delegate's key is made."""
    workspace = create_workspace(tmp_path / "desk", "istanbul-2025-06-02", "NI", Seeded(0))
    writer = workspace.open_recorder(StandingClock(), Seeded(1), DECODER)
    writer.record([TERMS, PLAN])
    writer.close()
    assert safeconduct("author", "new", "delegate.key", folder=tmp_path).returncode == 0
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    """Run a command that must succeed."""
    done = safeconduct(*arguments, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def enrolled(folder: Path) -> str:
    """The delegate's key enrolled, and RU's copy made: the ledger's key."""
    public_key = json.loads(run(folder, "author", "new", "second.key", "--json"))["public_key"]
    assert len(public_key) == 64
    run(folder, "author", "enrol", key_of(folder), *ENROL)
    return export(folder)


def key_of(folder: Path) -> str:
    """The delegate's public key, from its key file."""
    return bytes(SigningKey(bytes.fromhex((folder / "delegate.key").read_text())).verify_key).hex()


def export(folder: Path) -> str:
    """RU's copy, made anew: the ledger's key."""
    done = safeconduct("ledger", "export", "copy", "--as", "party:RU", "--force", "--workspace", "desk", folder=folder)
    assert done.returncode == 0, done.stderr
    return (folder / "copy" / "keys.txt").read_text().split()[0]


def sign(folder: Path, vkey: str, *what: str, to: str = "signed.jsonl") -> tuple[int, str]:
    """Sign on the delegate's device: exit code, and what is told."""
    command = ("author", "sign", "--key", "delegate.key", "--copy", "copy", "--ledger-key", vkey, *what, "-o", to)
    done = safeconduct(*command, folder=folder)
    return done.returncode, done.stdout + done.stderr


def test_a_delegate_signs_terms_and_plan_offline_and_the_record_holds_it(folder: Path) -> None:
    """Both from one copy, before anything is taken in; then fsck and the listing say so."""
    vkey = enrolled(folder)
    assert sign(folder, vkey, "--terms", "aa")[0] == 0
    assert sign(folder, vkey, "--plan", "bb", to="approved.jsonl")[0] == 0
    assert "taken     2 entries" in run(
        folder, "ledger", "take", "signed.jsonl", "approved.jsonl", "--workspace", "desk"
    )
    again = json.loads(run(folder, "ledger", "take", "delegate.key.signed", "--json", "--workspace", "desk"))
    assert again == {"taken": 0, "already": 2, "size": 5}
    assert "signed by 2 keys" in run(folder, "ledger", "fsck", "--workspace", "desk")
    founding, delegate = json.loads(run(folder, "author", "list", "--json", "--workspace", "desk"))["authors"]
    assert (founding["founding"], founding["actor"], founding["entries"]) == (True, "NI", 3)
    assert (delegate["public_key"], delegate["entries"], delegate["revoked_after"]) == (key_of(folder), 2, None)
    assert f"{key_of(folder)}  RU, head of delegation (person): 2 entries, signs" in run(
        folder, "author", "list", "--workspace", "desk"
    )


def test_signing_the_same_again_gives_the_same_file(folder: Path) -> None:
    """A lost file is made again; no second entry of one number ever leaves the device."""
    vkey = enrolled(folder)
    sign(folder, vkey, "--terms", "aa")
    sign(folder, vkey, "--terms", "aa", to="again.jsonl")
    assert (folder / "again.jsonl").read_bytes() == (folder / "signed.jsonl").read_bytes()


def test_a_key_used_on_two_devices_is_refused_at_the_desk_and_on_the_device(folder: Path) -> None:
    """The key file alone was copied: its journal was not. The desk records the proof; the device says what to do."""
    vkey = enrolled(folder)
    sign(folder, vkey, "--terms", "aa")
    (folder / "delegate.key.signed").rename(folder / "elsewhere")
    sign(folder, vkey, "--plan", "bb", to="approved.jsonl")
    run(folder, "ledger", "take", "signed.jsonl", "--workspace", "desk")
    done = safeconduct("ledger", "take", "approved.jsonl", "--workspace", "desk", folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is cloned: it signed two entries of its number 1" in done.stderr
    assert "cloned: nothing more is taken under it" in run(folder, "author", "list", "--workspace", "desk")
    code, told = sign(folder, export(folder), "--plan", "cc")
    assert (code, told.splitlines()) == (2, [f"the key {key_of(folder)[:16]} is cloned: have another enrolled"])


def test_a_device_whose_key_signed_elsewhere_notices_from_its_copy(folder: Path) -> None:
    """Before it signs anything: its own journal lacks what the record holds."""
    vkey = enrolled(folder)
    sign(folder, vkey, "--terms", "aa")
    run(folder, "ledger", "take", "signed.jsonl", "--workspace", "desk")
    (folder / "delegate.key.signed").rename(folder / "elsewhere")
    code, told = sign(folder, export(folder), "--plan", "bb")
    assert code == 2
    assert "the key was used elsewhere; have it revoked, and another enrolled" in told


def test_a_revoked_key_signs_no_more(folder: Path) -> None:
    """Neither on its device, once a copy says so, nor at the desk."""
    vkey = enrolled(folder)
    sign(folder, vkey, "--terms", "aa")
    told = run(folder, "author", "revoke", key_of(folder), "--after", "0", "--reason", "lost", "--workspace", "desk")
    assert "nothing counts after its number 0" in told
    done = safeconduct("ledger", "take", "signed.jsonl", "--workspace", "desk", folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "was revoked after its number 0; this is its number 1" in done.stderr
    assert sign(folder, export(folder), "--plan", "bb")[0] == 2


def test_from_a_copy_that_was_changed_nothing_is_signed(folder: Path) -> None:
    """The copy is checked first, whole."""
    vkey = enrolled(folder)
    disclosed = folder / "copy" / "disclosed.jsonl"
    disclosed.write_bytes(disclosed.read_bytes().replace(b'"aa"', b'"ab"'))
    code, told = sign(folder, vkey, "--terms", "ab")
    assert code == 2
    assert "do not rely on this copy" in told
    assert not (folder / "delegate.key.signed").exists()


BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "terms that the copy does not tell of": (("--terms", "00"), "it tells of: terms aa, plan bb for 2025-07-04"),
    "a plan that it does not tell of": (("--plan", "aa"), "the copy tells of no plan 'aa'"),
    "nothing": ((), "nothing to sign is named"),
    "both": (("--terms", "aa", "--plan", "bb"), "two things to sign"),
}


@pytest.mark.parametrize(("what", "why"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_signed_is_told_in_one_line(folder: Path, what: tuple[str, ...], why: str) -> None:
    """Exit code 2, no file."""
    code, told = sign(folder, enrolled(folder), *what)
    assert (code, len(told.splitlines())) == (2, 1)
    assert why in told
    assert not (folder / "signed.jsonl").exists()


def test_a_key_that_nobody_enrolled_signs_nothing(folder: Path) -> None:
    """It says what to do."""
    code, told = sign(folder, export(folder), "--terms", "aa")
    assert code == 2
    assert "is not enrolled in this copy" in told


def test_no_key_file_is_overwritten(folder: Path) -> None:
    """And it is its owner's alone."""
    assert (folder / "delegate.key").stat().st_mode & 0o777 == 0o600
    done = safeconduct("author", "new", "delegate.key", folder=folder)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_a_device_with_a_clock_behind_signs_nothing(folder: Path) -> None:
    """The desk would not take it, and the key could not go on."""
    clock = StandingClock(SystemClock().now_us() + 3_600_000_000)
    vkey = enrolled(folder)
    writer = open_workspace(folder / "desk").open_recorder(clock, Seeded(2), DECODER)
    writer.record([PLAN])
    writer.close()
    assert export(folder) == vkey
    code, told = sign(folder, vkey, "--terms", "aa")
    assert (code, told.startswith("the clock of this device is behind")) == (2, True)
