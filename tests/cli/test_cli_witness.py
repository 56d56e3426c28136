"""`safeconduct witness` and `safeconduct ledger cosign`: what they print, and one line for all that they cannot do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.duty import eve
from tests.ledger.growing import GrowingLedger, leaves
from tests.web.witness_process import WitnessProcess
from typer.testing import CliRunner, Result

from safeconduct.app.workspace import FILE, Workspace, open_workspace
from safeconduct.cli.main import app
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.cosignature import open_cosignatures, witness_key
from safeconduct.storage.witness_state import WitnessState

NOBODY = witness_key("witness.example/nobody", SigningKey(bytes([9]) * 32))
CLOSED = "http://127.0.0.1:9"


def run(*arguments: object) -> Result:
    """One command."""
    return CliRunner().invoke(app, [str(one) for one in arguments])


def refusal(*arguments: object) -> str:
    """The line of a command that cannot be done."""
    done = run(*arguments)
    assert isinstance(done.exception, SafeconductError), done.output
    assert done.stdout == ""
    return str(done.exception)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A ledger of some entries."""
    return eve(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def witness(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WitnessProcess]:
    """A witness of it."""
    process = WitnessProcess(tmp_path_factory.mktemp("witness") / "witness.sqlite", str(workspace.verifier))
    yield process
    process.stop()


def test_a_witness_is_made_and_shown(tmp_path: Path) -> None:
    """`init` prints the key to give out, of type 4, and nothing else; `show` says that nothing was cosigned."""
    state = tmp_path / "witness.sqlite"
    key = run("witness", "init", "--state", state, "--name", "witness.example/a").stdout.strip()
    assert key.startswith("witness.example/a+")
    memory = WitnessState.open(state, writable=False)
    assert str(memory.key) == key
    memory.close()
    done = run("witness", "show", "--state", state)
    assert (done.exit_code, done.stdout) == (0, f"witness   {key}\nledger    none yet: nothing was cosigned\n")
    told = json.loads(run("witness", "show", "--state", state, "--json").stdout)
    assert told == {"name": "witness.example/a", "key": key, "copy": False, "cosigned": [], "alarms": []}


def test_a_witness_is_never_made_over_another(tmp_path: Path) -> None:
    """Not over a state, nor over a key that is left of one; nor under a name that is none."""
    state = tmp_path / "witness.sqlite"
    init = ("witness", "init", "--state", state, "--name")
    assert refusal(*init, "a b").startswith("--name:0:0: 'a b' is no key name: no spaces, no plus")
    assert list(tmp_path.iterdir()) == []
    assert run(*init, "a").exit_code == 0
    assert refusal(*init, "b").startswith(f"{state}:0:0: is already there: a witness, or what is left of one; choose")
    state.unlink()
    assert refusal(*init, "b").startswith(f"{state}.key:0:0: is already there")
    assert refusal("witness", "show", "--state", state).startswith(f"{state}:0:0: is missing")


def test_witnesses_cosign_and_who_does_not_is_told(workspace: Workspace, witness: WitnessProcess) -> None:
    """Exit code 1, with since when and why; who did has cosigned the latest checkpoint."""
    ask = ("ledger", "cosign", "--workspace", workspace.folder)
    good, bad = f"{witness.key}={witness.url}", f"{NOBODY}={CLOSED}"
    done = run(*ask, "--witness", good)
    assert done.exit_code == 0, done.output
    assert f"cosigned      by {witness.key.name}: 19 entries at 2" in done.stdout
    done = run(*ask, "--witness", good, "--witness", bad)
    assert done.exit_code == 1
    assert f"cosigned      by {witness.key.name}: 19 entries at 2" in done.stdout
    assert "not cosigned  by witness.example/nobody since 2" in done.stdout
    assert "witness.example/nobody cannot be reached: " in done.stdout
    told = json.loads(run(*ask, "--witness", good, "--witness", bad, "--json").stdout)
    assert (told["size"], told["cosigned_by"], told["note"]) == (19, [witness.key.name], None)
    assert [one["cosigned"] for one in told["witnesses"]] == [True, False]
    told = json.loads(run(*ask, "--witness", f"{good}/", "--json").stdout)
    assert open_checkpoint(told["note"].encode(), workspace.verifier).size == 19
    assert len(open_cosignatures(told["note"].encode(), [witness.key])) == 1


def test_waiting_ends_when_the_time_is_over(workspace: Workspace) -> None:
    """Meanwhile it says whom it waits for."""
    done = run("ledger", "cosign", "--workspace", workspace.folder, "--witness", f"{NOBODY}={CLOSED}", "--wait", "1s")
    assert done.exit_code == 1
    assert done.stderr.startswith("waiting: witness.example/nobody cannot be reached: ")
    assert "not cosigned  by witness.example/nobody since" in done.stdout


def test_a_witness_that_has_seen_more_stops_all_at_once(workspace: Workspace, tmp_path: Path) -> None:
    """Whatever --wait says: the ledger is older than what it has seen."""
    longer = GrowingLedger(leaves(40), SigningKey(bytes.fromhex((workspace.secrets_path / "ledger.key").read_text())),
                           workspace.verifier.name)  # fmt: skip
    process = WitnessProcess(tmp_path / "witness.sqlite", str(workspace.verifier))
    process.cosigned(longer.request(0))
    ask = ("ledger", "cosign", "--workspace", workspace.folder, "--witness", f"{process.key}={process.url}")
    done = run(*ask, "--wait", "30m")
    assert done.exit_code == 1
    assert "ALARM         this ledger has 19 entries and witness-" in done.stdout
    assert "has seen 40: an old backup was restored, or another copy went on; record nothing more here" in done.stdout
    process.stop()


def named(workspace: Workspace, text: str, folder: Path) -> Workspace:
    """The same workspace with a section on witnesses."""
    file = folder / FILE
    file.write_text((workspace.folder / FILE).read_text() + text)
    for name in ("ledger.sqlite", "keys.sqlite", "secrets"):
        (folder / name).symlink_to(workspace.folder / name)
    return open_workspace(folder)


def test_witnesses_stand_in_the_workspace_file(workspace: Workspace, witness: WitnessProcess, tmp_path: Path) -> None:
    """By the names that people there know them by."""
    section = f'[witnesses]\n"Ukraine" = {{ key = "{witness.key}", url = "{witness.url}" }}\n'
    found = named(workspace, section, tmp_path)
    assert str(found.witnesses["Ukraine"].key) == str(witness.key)
    done = run("ledger", "cosign", "--workspace", tmp_path)
    assert done.exit_code == 0, done.output
    assert "cosigned      by Ukraine: 19 entries" in done.stdout


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ("[witnesses]\na = 5\n", "'a' must be a table, found the number 5"),
        (f'[witnesses.a]\nkey = "{NOBODY}"\n', "'url' is missing"),
        (f'[witnesses.a]\nkey = "x"\nurl = "{CLOSED}"\n', "a verifier key is written NAME+HASH+BASE64; write it as"),
        (f'[witnesses.a]\nkey = "{NOBODY}"\nurl = "witness.example"\n', "'witness.example' is no address of a witness"),
        (f'[witnesses.a]\nkey = "{NOBODY}"\nurl = "{CLOSED}"\nport = 5\n', "unknown field 'port'"),
        (
            "[witnesses]\n" + "".join(f'{name} = {{ key = "{NOBODY}", url = "{CLOSED}" }}\n' for name in "ab"),
            "this is the key of a; give each witness its own",
        ),
    ],
)
def test_a_bad_section_is_told_at_its_place(workspace: Workspace, tmp_path: Path, section: str, what: str) -> None:
    """File, line and column."""
    with pytest.raises(SafeconductError) as told:
        named(workspace, section, tmp_path)
    assert what in str(told.value)
    assert str(told.value).startswith(f"{tmp_path / FILE}:")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], ":0:0: there is no witness to ask; name one with --witness VKEY=URL, or in [witnesses] of safecond"),
        (["--witness", "x"], "--witness:0:0: 'x' is no key with an address; write VKEY=URL"),
        (["--witness", f"{NOBODY}"], "is no key with an address; write VKEY=URL"),
        (["--witness", f"{NOBODY}=http://"], "is no key with an address; write VKEY=URL"),
        (
            ["--witness", f"x{NOBODY}={CLOSED}"],
            "--witness:0:0: the verifier key's hash is not that of its name and key",
        ),
        (["--witness", f"{NOBODY}={CLOSED}"] * 2, "--witness:0:0: one witness is named twice; name each once"),
        (["--witness", f"{NOBODY}={CLOSED}", "--wait", "soon"], "--wait:0:0: "),
    ],
)
def test_bad_usage_is_told_in_a_line(workspace: Workspace, arguments: list[str], what: str) -> None:
    """Before anybody is asked."""
    assert what in refusal("ledger", "cosign", "--workspace", workspace.folder, *arguments)
