"""Lists that are matched by mistake, and lists that are very short: clear words, never a crash."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

HEAD = "ref,family_name,given_name,patronymic,birth_date\n"
SHEVCHUK = "a,Шевчук,Іван,Петрович,17.05.1985\n"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    run = [sys.executable, "-m", "safeconduct.cli.main", "registry", *arguments]
    return subprocess.run(run, capture_output=True, encoding="utf-8", check=False, timeout=120)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Two places for lists."""
    return str(tmp_path / "left.csv"), str(tmp_path / "right.csv")


def write(file: str, text: str) -> None:
    """Write a list."""
    Path(file).write_text(text, "utf-8")


def test_a_list_matched_with_itself_is_refused(files: tuple[str, str]) -> None:
    """The same file, or a copy of it: everybody would be found to be themselves. Duplicates have their own command."""
    left, right = files
    write(left, HEAD + SHEVCHUK)
    write(right, HEAD + SHEVCHUK)
    mend = f"give the other side's list; for persons listed twice: safeconduct registry duplicates {left}"
    ended = command("match", left, left)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"{left}:0:0: is the file given as LEFT; {mend}\n")
    ended = command("match", left, right)
    assert (ended.returncode, ended.stderr) == (2, f"{right}:0:0: has the same content as {left}; {mend}\n")


def test_duplicates_of_one_list(files: tuple[str, str]) -> None:
    """Under two refs and in two scripts; of a list of one, and of nobody, nothing."""
    left, right = files
    write(left, HEAD + SHEVCHUK + "b,Shevchuk,Ivan,Petrovych,17.05.1985\nc,Лис,Ганна,Юріївна,02.03.1990\n")
    ended = command("duplicates", left, "--json")
    (pair,) = msgspec.json.decode(ended.stdout)
    assert (ended.returncode, pair["left_ref"], pair["right_ref"]) == (0, "a", "b")
    assert ended.stderr == "1 pair of rows that may be one person, among 3 persons\n"
    write(right, HEAD + SHEVCHUK)
    ended = command("duplicates", right)
    assert (ended.returncode, ended.stdout) == (0, "left_ref,right_ref,probability,band,reasons\n")
    assert ended.stderr == "0 pairs of rows that may be one person, among 1 person\n"
    write(right, HEAD)
    assert command("duplicates", right).returncode == 1


def test_lists_of_one(files: tuple[str, str]) -> None:
    """Two rows of one person are found, whatever the scripts."""
    left, right = files
    write(left, HEAD + SHEVCHUK)
    write(right, HEAD + "b,Shevchuk,Ivan,Petrovych,17.05.1985\n")
    ended = command("match", left, right)
    assert (ended.returncode, ended.stdout.splitlines()[1][:4]) == (0, "a,b,")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_with_no_name_in_common(files: tuple[str, str], rows: int) -> None:
    """Everybody without a partner, and a line that says what to check."""
    left, right = files
    write(left, HEAD + "".join(f"a{one},Шевчук{one},Іван,Петрович,17.05.1985\n" for one in range(rows)))
    write(right, HEAD + "".join(f"b{one},Müller{one},Lea,,03.09.195{one}\n" for one in range(rows)))
    ended = command("match", left, right)
    assert ended.returncode == 0
    assert [line.split(",")[:2] for line in ended.stdout.splitlines()[1:]] == [[f"a{one}", ""] for one in range(rows)]
    assert ended.stderr.splitlines()[-1] == (
        f"nobody of {left} is likely on {right}: check that these are the two lists that you mean"
    )


def test_a_list_of_nobody(files: tuple[str, str]) -> None:
    """Against a list of one: nothing to match, no crash, and told."""
    left, right = files
    write(left, HEAD)
    write(right, HEAD + SHEVCHUK)
    for one, other in ((left, right), (right, left)):
        ended = command("match", one, other)
        assert (ended.returncode, "the list has a heading and no persons" in ended.stderr) == (1, True)
