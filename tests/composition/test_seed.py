"""The seed by which equals are chosen: each party's part, what is refused, and whom it draws."""

import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.composition.rounds import Round
from tests.composition.test_composing import MINUTE_US, CountingClock, compose, one
from typer.testing import CliRunner, Result

from safeconduct.clauses.asking import Asked
from safeconduct.cli.main import app
from safeconduct.composition.certificate import certified
from safeconduct.composition.seed import Seed, committed, drawn, subject_of
from safeconduct.kernel.errors import BadInput

TERMS = """\
[agreement]
id = "round"
concluded = 2025-06-02
parties = ["UA", "RU"]

[[clause]]
id = "few"
kind = "count"
per = "party"
max = 2
"""
CANDIDATES = "ref,family_name,held_by,home,captured_on\n" + "".join(
    f"{side[0].lower()}{number},Abc,{side},{other},{'2022-05-01' if number == 7 else '2024-03-01'}\n"
    for side, other in (("RU", "UA"), ("UA", "RU"))
    for number in range(8)
)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder with terms and candidates."""
    monkeypatch.chdir(tmp_path)
    Path("terms.toml").write_text(TERMS)
    Path("candidates.csv").write_text(CANDIDATES)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def commit(run: Run, party: str, exchange: str = "first", candidates: str = "candidates.csv") -> None:
    """A party commits; its files are named after it."""
    names = ["--secret", f"{party}.secret.json", "-o", f"{party}.commitment.json"]
    assert run("seed", "commit", party, exchange, "terms.toml", candidates, *names).exit_code == 0


def reveal(run: Run, party: str, *commitments: str) -> Result:
    """A party reveals, having seen these commitments."""
    seen = commitments or ("RU.commitment.json", "UA.commitment.json")
    return run("seed", "reveal", f"{party}.secret.json", *seen, "-o", f"{party}.reveal.json")


PARTS = ("RU.commitment.json", "UA.commitment.json", "RU.reveal.json", "UA.reveal.json")


def join(run: Run, *parts: str) -> Result:
    """Everybody's parts, or these, make the seed."""
    return run("seed", "join", *(parts or PARTS), "-o", "seed.json")


def made(run: Run) -> dict[str, object]:
    """The seed, made as it should be."""
    for party in ("RU", "UA"):
        commit(run, party)
    for party in ("RU", "UA"):
        assert reveal(run, party).exit_code == 0
    assert join(run).exit_code == 0
    seed: dict[str, object] = json.loads(Path("seed.json").read_bytes())
    return seed


def sha256sum(*lines: str) -> str:
    """As the page says that it is checked by hand."""
    done = subprocess.run(["sha256sum"], input="".join(f"{line}\n" for line in lines), capture_output=True, text=True)
    return done.stdout.split()[0]


def test_every_hash_can_be_checked_with_sha256sum(run: Run) -> None:
    """Commitments, seed and the order among equals follow from the published lines alone; who is held longer goes
    first whatever is drawn."""
    made(run)
    assert stat.S_IMODE(Path("RU.secret.json").stat().st_mode) == 0o600
    seed = json.loads(Path("seed.json").read_bytes())
    inputs = [subprocess.run(["sha256sum", name], capture_output=True, text=True).stdout.split()[0] for name in
              ("terms.toml", "candidates.csv")]  # fmt: skip
    secrets = [json.loads(Path(f"{party}.secret.json").read_bytes())["secret"] for party in ("RU", "UA")]
    assert all(len(secret) == 64 for secret in secrets)
    for party, secret in zip(("RU", "UA"), secrets, strict=True):
        hashed = sha256sum("safeconduct seed commitment/1", party, "first", *inputs, secret)
        assert json.loads(Path(f"{party}.commitment.json").read_bytes())["commitment"] == hashed
    assert seed["seed"] == sha256sum("safeconduct seed/1", "first", *inputs, "RU", secrets[0], "UA", secrets[1])
    done = run("compose", "terms.toml", "candidates.csv", "--seed", "seed.json", "-o", "composition.json")
    assert done.exit_code == 0
    assert "as the seed of RU and UA draws them" in done.stdout
    composition = json.loads(Path("composition.json").read_bytes())
    for side in ("r", "u"):
        first = min(range(7), key=lambda number: sha256sum("safeconduct order/1", seed["seed"], f"{side}{number}"))
        chosen = {one["ref"] for one in composition["chosen"] if one["ref"][0] == side}
        assert chosen == {f"{side}7", f"{side}{first}"}
    assert composition["certificate"]["seed"] == seed
    assert composition["certificate"]["rule"] == ["longest-captivity", "seed"]


def test_without_a_seed_the_smaller_ref_and_that_is_said(run: Run) -> None:
    """As ever, and nobody can overlook it."""
    done = run("compose", "terms.toml", "candidates.csv", "-o", "composition.json")
    assert "then the smaller ref: the parties gave no seed" in done.stdout
    composition = json.loads(Path("composition.json").read_bytes())
    assert [one["ref"] for one in composition["chosen"]] == ["r0", "r7", "u0", "u7"]
    assert composition["certificate"]["rule"] == ["longest-captivity", "ref"]


def test_no_two_seeds_are_alike(run: Run) -> None:
    """A party that commits anew has another secret; one that is kept is never written over."""
    commit(run, "RU")
    first = Path("RU.secret.json").read_bytes()
    again = run(
        "seed", "commit", "RU", "first", "terms.toml", "candidates.csv", "--secret", "RU.secret.json", "-o", "x"
    )
    assert isinstance(again.exception, BadInput)
    assert Path("RU.secret.json").read_bytes() == first
    Path("RU.secret.json").unlink()
    commit(run, "RU")
    assert Path("RU.secret.json").read_bytes() != first


def test_a_commitment_that_cannot_be_written_leaves_nothing(run: Run) -> None:
    """No secret without its commitment; nor one file for both."""
    start = ("seed", "commit", "RU", "first", "terms.toml", "candidates.csv", "--secret", "secret.json", "-o")
    refused(run(*start, "nowhere/commitment.json"), "cannot be written")
    assert run(*start, "secret.json").exit_code == 2
    assert run(*start[:2], "BY", *start[3:], "c.json").exit_code == 2
    assert not Path("secret.json").exists()


def refused(done: Result, what: str) -> None:
    """Exit code 2 by way of one clear line, and nothing written."""
    assert isinstance(done.exception, BadInput), done.output
    assert what in str(done.exception)
    assert "\n" not in str(done.exception)


def test_nobody_reveals_before_all_have_committed_to_the_same(run: Run) -> None:
    """A commitment that is lacking, of another exchange, of other candidates, of a stranger, or not one's own."""
    commit(run, "RU")
    refused(reveal(run, "RU", "RU.commitment.json"), "the commitment of UA is lacking")
    commit(run, "UA", exchange="second")
    refused(reveal(run, "RU"), "(exchange differs)")
    Path("UA.secret.json").unlink()
    commit(run, "UA", candidates="0" * 64)
    refused(reveal(run, "RU"), "(candidates_sha256 differs)")
    refused(reveal(run, "RU", "RU.commitment.json", "RU.commitment.json"), "second part of RU")
    Path("RU.secret.json").unlink()
    Path("UA.secret.json").unlink()
    commit(run, "UA")
    Path("RU.commitment.json").rename("old.json")
    commit(run, "RU")
    refused(reveal(run, "RU", "old.json", "UA.commitment.json"), "not the commitment to this secret")
    assert not Path("RU.reveal.json").exists()


def test_a_seed_is_not_made_of_wrong_parts(run: Run) -> None:
    """A reveal that does not match, one made having seen other commitments, a party that is lacking, a bare secret."""
    made(run)
    Path("seed.json").unlink()
    refused(join(run, *PARTS[:3]), "the reveal of UA is lacking")
    refused(join(run, *PARTS[1:]), "the commitment of RU is lacking")
    refused(join(run, *PARTS[:3], "UA.secret.json"), "has not been revealed")
    told = json.loads(Path("RU.reveal.json").read_bytes())
    Path("other.json").write_text(json.dumps({**told, "secret": "0" * 64}))
    refused(join(run, *PARTS[:2], "other.json", "UA.reveal.json"), "not what it committed to")
    Path("UA.secret.json").unlink()
    commit(run, "UA")
    reveal(run, "UA")
    refused(join(run), "RU was shown another commitment of UA")
    assert not Path("seed.json").exists()


def test_a_seed_chooses_only_for_what_it_was_made(run: Run) -> None:
    """Candidates or terms changed by one byte, a secret, a seed put in by hand: nothing is composed."""
    seed = made(run)
    compose = ("compose", "terms.toml", "candidates.csv", "--seed", "seed.json", "-o", "composition.json")
    Path("candidates.csv").write_text(CANDIDATES.replace("Abc", "Abd", 1))
    refused(run(*compose), "made for other candidates")
    Path("candidates.csv").write_text(CANDIDATES)
    Path("terms.toml").write_text(TERMS + "\n")
    refused(run(*compose), "made for other terms")
    Path("terms.toml").write_text(TERMS)
    Path("seed.json").write_text(json.dumps({**seed, "seed": "1" * 64}))
    refused(run(*compose), "does not follow from its parts")
    secrets = {"RU": "2" * 64, "UA": "3" * 64}
    Path("seed.json").write_text(json.dumps({**seed, "secrets": secrets}))
    refused(run(*compose), "RU revealed is not what it committed to")
    Path("seed.json").write_text(json.dumps({**seed, "secrets": {"RU": "2" * 64}}))
    refused(run(*compose), "'UA' is missing")
    assert not Path("composition.json").exists()


def test_the_example_of_the_page(tmp_path: Path) -> None:
    """Its commands, pasted into a shell, print what stands below each of them."""
    page = (Path(__file__).parents[2] / "docs" / "composition.md").read_text("utf-8")
    (script,) = (block.partition("```")[0] for block in page.split("```sh\n")[1:] if "sha256sum" in block)
    done = subprocess.run(["bash", "-e"], input=script, cwd=tmp_path, capture_output=True, text=True, check=True)
    printed = [line.split()[0] for line in done.stdout.splitlines()]
    assert printed == [line.removeprefix("# ") for line in script.splitlines() if line.startswith("# ")]
    values = dict(line.split("=") for line in script.splitlines() if "=" in line)
    subject = subject_of("first", ["UA", "RU"], values["T"], values["C"])
    secrets = {"RU": values["RU"], "UA": values["UA"]}
    commitments = {party: committed(party, subject, secret) for party, secret in secrets.items()}
    seed = Seed.of(subject, commitments, secrets)
    ours = [commitments["RU"], seed.seed, drawn(seed.seed, "RU-0007"), drawn(seed.seed, "RU-0012")]
    assert printed == ours
    assert printed[3] < printed[2]


@pytest.mark.parametrize("number", range(4))
def test_what_a_clause_costs_is_told_by_the_same_seed(number: int) -> None:
    """One person more is one more for one side, not another choice among all equals."""
    candidates = [one(f"{side}{place}") for side in "ru" for place in range(4)]
    case = Round(["RU", "UA"], [{"id": "few", "kind": "count", "max": 3}], candidates)
    subject = subject_of("first", case.parties, "0" * 64, "1" * 64)
    secrets = {"RU": f"{number:064x}", "UA": "2" * 64}
    seed = Seed.of(subject, {party: committed(party, subject, each) for party, each in secrets.items()}, secrets)
    composition = certified(compose(case.clauses, candidates, seed=seed.seed), "0" * 64, "1" * 64, seed)
    asked = Asked(case.terms(), case.persons(), CountingClock(), MINUTE_US, lambda _: None)
    (price,) = (price for price in asked.prices(composition)[0] if price.clause == "few")
    assert sorted(price.home.values()) == sorted(price.released.values()) == [0, 1]
