"""`safeconduct registry change`, as the intermediary and a delegate of the list's party run it."""

import json
import shutil
from pathlib import Path

import pytest
from tests.app.authoring import Desk
from tests.cli.in_process import run as safeconduct

DESK = ("--workspace", "workspace")


@pytest.fixture(scope="module", name="given")
def workspace_given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace on the eve of the small exchange, and beside it a delegate's key of RU with RU's copy."""
    folder = tmp_path_factory.mktemp("given")
    Desk(folder / "workspace").close()
    public_key = run(folder, "author", "new", "delegate.key").strip()
    run(folder, "author", "enrol", public_key, "--of", "RU", "--label", "second delegate", *DESK)
    export(folder)
    return folder


@pytest.fixture
def folder(given: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(given, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    """Run a command that must succeed."""
    done = safeconduct(*arguments, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def export(folder: Path) -> None:
    """RU's copy, made anew."""
    done = safeconduct("ledger", "export", "copy", "--as", "party:RU", "--force", *DESK, folder=folder)
    assert done.returncode == 0, done.stderr


def on_device(folder: Path, to: str) -> tuple[str, ...]:
    """The options of a delegate's device."""
    vkey = (folder / "copy" / "keys.txt").read_text().split()[0]
    return ("--key", "delegate.key", "--copy", "copy", "--ledger-key", vkey, "-o", to)


def changes(folder: Path) -> list[dict[str, object]]:
    """What `list` tells machines."""
    found: list[dict[str, object]] = json.loads(run(folder, "registry", "change", "list", "--json", *DESK))["changes"]
    return found


def test_proposed_at_the_desk_agreed_on_the_delegates_device(folder: Path) -> None:
    """Shown with what it touches, signed offline, taken in, in effect."""
    change = ("registry", "change")
    told = run(
        folder, *change, "propose", "RU-held", "u1", "--set", "birth_date=17.05.1985", "--reason", "a passport", *DESK
    )
    assert "row       u1 of RU-held: birth date not said → 17.05.1985" in told
    assert "touches   the candidate u1 was reconciled with another birth date: reconcile again" in told
    (found,) = changes(folder)
    digest = str(found["digest"])
    assert (found["status"], found["agreed"]) == ("open", None)
    assert "open, waits for a key of RU: u1 of RU-held" in run(folder, *change, "list", *DESK)
    export(folder)
    assert "agreed    " in run(folder, *change, "agree", digest[:10], *on_device(folder, "agreed.jsonl"))
    assert changes(folder)[0]["status"] == "open"
    run(folder, "ledger", "take", "agreed.jsonl", *DESK)
    assert changes(folder)[0]["status"] == "in effect"
    shown = run(folder, *change, "show", digest[:6], *DESK)
    assert ("(in effect)" in shown, "          RU agrees, with " in shown) == (True, True)
    run(folder, "ledger", "fsck", *DESK)
    done = safeconduct(*change, "agree", digest, *DESK, folder=folder)
    assert (done.returncode, done.stderr) == (2, f"the change {digest[:12]} is in effect already\n")


def test_proposed_on_the_delegates_device_agreed_at_the_desk(folder: Path) -> None:
    """The other way round; the row leaves the list as it stands on record."""
    change = ("registry", "change")
    run(folder, *change, "propose", "RU-held", "u2", "--withdraw", "--reason", "listed twice", *on_device(folder, "p"))
    run(folder, "ledger", "take", "p", *DESK)
    (found,) = changes(folder)
    told = run(folder, *change, "agree", str(found["digest"])[:8], *DESK)
    assert "u2 of RU-held: taken off the list" in told
    (folder / "first.csv").write_text("ref,surname,given name,held at\nu1,Іваненко,Олена,Сосновка\n", "utf-8")
    assert run(folder, "registry", "compare", "first.csv", "RU-held", *DESK).startswith("no difference: 1 person,")


def test_a_copy_refuses_what_is_not_the_delegates(folder: Path) -> None:
    """A change of its own proposing, a change that the copy does not tell, a row of another party's list."""
    change = ("registry", "change")
    run(folder, *change, "propose", "RU-held", "u2", "--withdraw", "--reason", "twice", *on_device(folder, "p"))
    run(folder, "ledger", "take", "p", *DESK)
    digest = str(changes(folder)[0]["digest"])
    unknown = safeconduct(*change, "agree", digest, *on_device(folder, "a"), folder=folder)
    assert (unknown.returncode, "is of no change on record" in unknown.stderr) == (2, True)
    export(folder)
    own = safeconduct(*change, "agree", digest, *on_device(folder, "a"), folder=folder)
    assert (own.returncode, own.stderr) == (2, "RU proposed this change: it waits for a key of the intermediary\n")
    wanted = ("propose", "UA-held", "r1", "--set", "rank=x", "--reason", "y")
    other = safeconduct(*change, *wanted, *on_device(folder, "a"), folder=folder)
    assert (other.returncode, other.stderr) == (2, "no list 'UA-held' is on record; on record: RU-held\n")
    assert not (folder / "a").exists()


def test_a_delegate_looks_at_a_change_in_their_copy_and_declines_it(folder: Path) -> None:
    """Offline, with the reason; both sides see it, what it touches the copy does not tell, and nothing comes after."""
    change = ("registry", "change")
    run(folder, *change, "propose", "RU-held", "u1", "--set", "rank=майор", "--reason", "a letter", *DESK)
    digest = str(changes(folder)[0]["digest"])
    export(folder)
    of_copy = ("--copy", "copy", "--ledger-key", (folder / "copy" / "keys.txt").read_text().split()[0])
    shown = run(folder, *change, "show", digest[:8], *of_copy)
    assert "row       u1 of RU-held: rank not said → майор" in shown
    assert "touches   what it touches beyond its list is the intermediary's to know" in shown
    told = json.loads(run(folder, *change, "list", "--json", *of_copy))["changes"]
    assert told == [changes(folder)[0] | {"touches": None}]
    run(folder, *change, "decline", digest[:8], "--reason", "he is no major", *on_device(folder, "no"))
    run(folder, "ledger", "take", "no", *DESK)
    assert "declined by RU: he is no major" in run(folder, *change, "show", digest[:8], *DESK)
    (found,) = changes(folder)
    assert (found["status"], found["agreed"]) == ("declined", None)
    for again in (("agree", digest), ("decline", digest, "--reason", "too late")):
        done = safeconduct(*change, *again, *DESK, folder=folder)
        assert (done.returncode, done.stderr) == (2, f"the change {digest[:12]} is declined already\n")
    run(folder, "ledger", "fsck", *DESK)
    export(folder)
    assert "(declined by RU: he is no major)" in run(folder, *change, "show", digest[:8], *of_copy)


def test_the_intermediary_takes_its_own_proposal_back(folder: Path) -> None:
    """With a reason; without one it is refused."""
    change = ("registry", "change")
    run(folder, *change, "propose", "RU-held", "u1", "--set", "rank=майор", "--reason", "a letter", *DESK)
    digest = str(changes(folder)[0]["digest"])
    done = safeconduct(*change, "decline", digest, "--reason", " ", *DESK, folder=folder)
    assert (done.returncode, "gives a reason" in done.stderr) == (2, True)
    run(folder, *change, "decline", digest, "--reason", "the wrong row", *DESK)
    assert "taken back by NI: the wrong row" in run(folder, *change, "list", *DESK)


def test_a_copy_that_does_not_hold_is_not_shown(folder: Path) -> None:
    """One line, and nothing of it."""
    vkey = (folder / "copy" / "keys.txt").read_text().split()[0]
    lines = (folder / "copy" / "disclosed.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "copy" / "disclosed.jsonl").write_text("".join([*lines[:-1], lines[-1].replace("RU", "UA")]), "utf-8")
    done = safeconduct("registry", "change", "list", "--copy", "copy", "--ledger-key", vkey, folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("do not rely on this copy: ")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--set", "rank"), "--set:0:0: 'rank' does not read FIELD=VALUE"),
        ((), "--set:0:0: nothing to change is named"),
        (("--withdraw", "--set", "rank=x"), "--withdraw:0:0: a row that is withdrawn has no new values"),
        (("--set", "rank=x", "--set", "rank=y"), "--set:0:0: rank stands twice"),
        (("--set", "rank=x", "--key", "delegate.key"), "--key:0:0: a delegate signs from a copy, into a file"),
        (("--set", "rank=x", "-o", "f"), "-o:0:0: is for a delegate's key"),
        (("--set", "birth_date=17.5.85"), "birth date: '17.5.85' has a year of two digits"),
    ],
)
def test_what_is_refused(folder: Path, arguments: tuple[str, ...], what: str) -> None:
    """One line, exit code 2, nothing recorded."""
    done = safeconduct(
        "registry", "change", "propose", "RU-held", "u1", *arguments, "--reason", "x", *DESK, folder=folder
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith(what)
    assert changes(folder) == []
