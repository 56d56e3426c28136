"""`safeconduct communique`, as run by a user."""

import json
import re
import sys
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest
from tests.app.recording import StandingClock
from tests.app.small_exchange import at, office_of

ROOT = Path(__file__).parents[2]


def communique(*arguments: str, folder: Path) -> "CompletedProcess[str]":
    """Run the command in a folder, as a process of its own."""
    command = [sys.executable, "-m", "safeconduct.cli.main", "communique", *arguments]
    return run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a whole exchange on record, and texts beside it."""
    office_of(tmp_path, StandingClock(at("11:00"))).recorder.close()
    (tmp_path / "good.txt").write_text("On {date}, {handed-over.total} prisoners returned home.\n", encoding="utf-8")
    (tmp_path / "bad.txt").write_text("Home.\nВід 3 з Сосновки, {place}.\n", encoding="utf-8")
    return tmp_path


def test_a_clean_text_is_printed_as_people_would_read_it(folder: Path) -> None:
    """Exit code 0, the text on standard output; as JSON with its facts."""
    done = communique("check", "good.txt", folder=folder)
    assert (done.returncode, done.stdout) == (0, "On 4 July 2025, 3 prisoners returned home.\n")
    told = json.loads(communique("check", "good.txt", "--json", folder=folder).stdout)
    assert told == {
        "exchange": "2025-07-04",
        "clean": True,
        "reasons": [],
        "remarks": [],
        "text": "On 4 July 2025, 3 prisoners returned home.",
        "facts": {"date": "4 July 2025", "handed-over.total": "3"},
    }


def test_what_a_text_would_give_away_is_told_line_by_line(folder: Path) -> None:
    """Exit code 1, a reason a line, each at its place."""
    done = communique("check", "bad.txt", folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert [line.split(" ")[0] for line in done.stdout.splitlines()] == [
        "bad.txt:2:5:",
        "bad.txt:2:9:",
        "bad.txt:2:19:",
    ]
    told = json.loads(communique("check", "bad.txt", "--json", folder=folder).stdout)
    assert (told["clean"], told["text"]) == (False, "")
    assert [(one["line"], one["column"]) for one in told["reasons"]] == [(2, 5), (2, 9), (2, 19)]


def test_what_cleared_numbers_tell_together_is_a_reason_too(tmp_path: Path) -> None:
    """The check and the release say the same line, at the fact that does it; nothing is recorded."""
    office = office_of(tmp_path, StandingClock(at("11:00")), ("handed-over.total", "handed-over.from.RU"))
    office.recorder.close()
    (tmp_path / "t.txt").write_text("{handed-over.total} home,\n{handed-over.from.RU} from Russia.\n", encoding="utf-8")
    line = (
        "t.txt:2:1: with what else is told, {handed-over.from.RU} tells that {handed-over.from.UA} is 1, and that is "
        "not cleared; have every party clear {handed-over.from.UA} as well, or leave {handed-over.from.RU} out\n"
    )
    checked = communique("check", "t.txt", folder=tmp_path)
    assert (checked.returncode, checked.stdout, checked.stderr) == (1, line, "")
    released = communique("release", "t.txt", folder=tmp_path)
    assert (released.returncode, released.stdout, released.stderr) == (2, "", line)


def test_what_may_point_at_persons_is_remarked_and_may_be_released(tmp_path: Path) -> None:
    """Exit code 1 of the check, since somebody must look at it; the release leaves it to them."""
    wounded = "handed-over.of.seriously-wounded-or-sick"
    office_of(tmp_path, StandingClock(at("11:00")), (wounded,)).recorder.close()
    (tmp_path / "t.txt").write_text(f"Wounded: {{{wounded}}}.\n", encoding="utf-8")
    what = f"{{{wounded}}} tells that of those handed over, only 1 is of category seriously-wounded-or-sick"
    checked = communique("check", "t.txt", folder=tmp_path)
    assert checked.returncode == 1
    assert checked.stdout == f"t.txt:1:10: {what}; release it only if that may be known\nWounded: 1.\n"
    told = json.loads(communique("check", "t.txt", "--json", folder=tmp_path).stdout)
    assert (told["clean"], told["text"]) == (True, "Wounded: 1.")
    assert [(one["line"], one["column"], one["what"]) for one in told["remarks"]] == [(1, 10, what)]
    assert communique("release", "t.txt", folder=tmp_path).stdout == "Wounded: 1.\n"


def test_a_release_is_recorded_once_and_borne_out(folder: Path) -> None:
    """Exit code 0 and the text; the same again is refused; verify finds nothing wrong."""
    done = communique("release", "good.txt", "--workspace", ".", folder=folder)
    assert (done.returncode, done.stdout) == (0, "On 4 July 2025, 3 prisoners returned home.\n")
    again = communique("release", "good.txt", folder=folder)
    assert (again.returncode, again.stdout, again.stderr) == (2, "", "this very text is out already\n")
    verified = communique("verify", folder=folder)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert verified.stdout == "1 communiqué released: all that was told is borne out by the record\n"
    assert json.loads(communique("verify", "--json", folder=folder).stdout) == {"communiques": 1, "problems": []}


CANNOT = {
    "a text that gives something away": (("release", "bad.txt"), "bad.txt:2:5: '3' is a number;"),
    "no such text": (("check", "none.txt"), "none.txt:0:0: cannot be read: No such file or directory;"),
    "text that is no UTF-8": (("check", "latin.txt"), "latin.txt:1:4: not UTF-8 text; save the file as UTF-8"),
    "no such exchange": (
        ("check", "good.txt", "--exchange", "x"),
        "no plan is on record for 'x'; on record: 2025-07-04",
    ),
    "no intermediary": (("release", "good.txt", "--by", "UA"), "'UA' is not an intermediary"),
    "no workspace": (("check", "good.txt", "--workspace", "elsewhere"), "elsewhere/safeconduct.toml:0:0: no workspace"),
}


@pytest.mark.parametrize(("arguments", "why"), CANNOT.values(), ids=CANNOT.keys())
def test_what_cannot_be_done_is_told_and_nothing_is_recorded(
    folder: Path, arguments: tuple[str, ...], why: str
) -> None:
    """Exit code 2, the reason on standard error, nothing on standard output."""
    (folder / "latin.txt").write_bytes(b"abc\xe9")
    before = (folder / "ledger.sqlite").read_bytes()
    done = communique(*arguments, folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(why)
    assert (folder / "ledger.sqlite").read_bytes() == before


def test_a_locked_workspace_can_say_nothing(folder: Path) -> None:
    """Without the keys a text must not pass for clean, nor what was told for borne out."""
    (folder / "keys.sqlite").rename(folder / "keys-away.sqlite")
    for arguments in (("check", "good.txt"), ("verify",)):
        done = communique(*arguments, folder=folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert "sealed to this reader" in done.stderr


def test_the_page_names_every_fact_and_option() -> None:
    """docs/communique.md keeps up with the code."""
    from safeconduct.disclosure.facts import fact_ids

    page = (ROOT / "docs" / "communique.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    generic = {re.sub(r"(from|to)\.P$", r"\1.PARTY", fact) for fact in fact_ids(("P",))}
    categories = {fact for fact in generic if fact.startswith("handed-over.of.")}
    assert listed == generic - categories | {"handed-over.of.CATEGORY"}
