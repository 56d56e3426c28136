"""The registry while `safeconduct serve` holds the ledger, as a user runs it: reviews, searches, changes, lists."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.app.duty import DEADLINE_S, PREMATURE, alarms, entries, wait_until
from tests.app.recording import SECOND
from tests.app.registry_beside import World
from tests.web.test_serve_process import Server
from typer.testing import CliRunner, Result

from safeconduct.app import officer_acts
from safeconduct.app.list_changing import Agreeing
from safeconduct.app.ports import SystemClock
from safeconduct.cli.main import app
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import Refused
from safeconduct.registry.entries import CandidateReconciled, ListReceived, MatchOpinion, Searched
from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeProposed


class Served:
    """A workspace with lists, a reviewer's key and a server; the commands as a user runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = World(folder / "workspace", approved=True)
        self.workspace = self.world.workspace
        (folder / "second.key").write_text(bytes(SECOND).hex() + "\n")
        (folder / "second.key").chmod(0o600)
        self.server = Server(self.workspace)

    def run(self, *arguments: str, typed: str = "") -> Result:
        """A command on the workspace."""
        words = [*arguments, "--workspace", str(self.workspace.folder)]
        return CliRunner().invoke(app, words, input=typed)

    def done(self, *arguments: str) -> dict[str, Any]:
        """What a command tells that succeeds."""
        done = self.run(*arguments, "--json")
        assert done.exit_code == 0, done.output
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def count(self, kind: type) -> int:
        """How many entries of a type stand in the record."""
        return sum(isinstance(one, kind) for one in entries(self.workspace))

    def page(self) -> str:
        """What the intermediary's page shows."""
        with httpx.Client(base_url=self.server.url, timeout=DEADLINE_S, follow_redirects=True) as browser:
            browser.get(self.server.told["links"]["intermediary"])
            return browser.get("/view/intermediary").text


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests here, each of which says what it adds."""
    served = Served(tmp_path_factory.mktemp("served"))
    yield served
    served.server.process.kill()
    served.server.end()


def test_pairs_are_reviewed_through_the_server(served: Served) -> None:
    """A session by name, and one finding by a key of its own; both are on record, and the page tells of them."""
    done = served.run("registry", "review", "--reviewer", "A. Marti", typed="p 1\nq\n")
    assert done.exit_code == 0, done.output
    assert "1 finding recorded by A. Marti" in done.stdout
    assert "One finding of a reviewer on a proposed identity" in served.page()
    decide = ("registry", "review", "--decide", "u1", "s1", "--outcome", "identification", "--reason", "same names")
    key = ("--key", str(served.folder / "second.key"))
    told = served.done(*decide, *key)
    assert (told["reviewer"], told["outcome"]) == ("duty officer 2", "identification")
    assert served.count(MatchOpinion) == 2
    assert "2 findings of reviewers on proposed identities" in served.page()
    reconciled = served.done("registry", "reconcile", "--leave-open")
    assert reconciled["recorded"]
    assert served.count(CandidateReconciled) == 3 + reconciled["new"] + reconciled["changed"] > 3


def test_a_search_is_asked_of_the_server_and_made_beside_it(served: Served) -> None:
    """On record, and on the page, without the name."""
    told = served.done("registry", "search", "Ivanenko Olena", "--as", "party:RU")
    assert [one["ref"] for one in told["rows"]] == ["u1"]
    (asked,) = [one for one in entries(served.workspace) if isinstance(one, Searched)]
    assert (asked.number, asked.rows, asked.text) == (told["recorded"], 1, "Ivanenko Olena")
    page = served.page()
    assert "One search for a person in the registry, at the clearance party:RU" in page
    assert "Ivanenko" not in page


def test_what_is_too_long_for_a_server_is_not_sent(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would hold up reports: nothing is told, and the line says how to go on."""
    size = len(entries(served.workspace))
    monkeypatch.setattr(officer_acts, "ASKED_MAX_BYTES", 10)
    done = served.run("registry", "search", "Ivanenko Olena")
    assert isinstance(done.exception, Refused)
    assert "end the server for as long as this takes" in str(done.exception)
    assert (done.stdout, len(entries(served.workspace))) == ("", size)


def test_rows_and_lists_are_changed_through_the_server(served: Served) -> None:
    """Proposed and agreed at the desk; agreed by a delegate's file; a new version of a list; and the day goes on."""
    agreed = served.done("registry", "change", "agree", served.world.change[:12])
    assert (agreed["status"], agreed["after"]["birth_date"]) == ("in effect", "1985-05-17")
    wanted = ("registry", "change", "propose", "RU-held", "u2", "--set", "rank=майор", "--reason", "misread")
    proposed = served.done(*wanted)
    assert proposed["status"] == "open"
    beside = served.world.beside()
    delegate = served.world.delegate
    entry = Agreeing(proposed["digest"]).entry(beside.state.registry, "RU", delegate.public_key, SystemClock().now_us())
    (served.folder / "agreed.jsonl").write_text(served.world.signed(entry, delegate))
    beside.close()
    assert served.done("ledger", "take", str(served.folder / "agreed.jsonl"))["taken"] == 1
    assert served.done("registry", "change", "show", proposed["digest"])["status"] == "in effect"
    (served.folder / "list.csv").write_text("ref,family_name,given_name\ns1,Іваненко,Олена\n")
    taken = served.done(
        *("registry", "take", str(served.folder / "list.csv"), "--party", "UA", "--purpose", "sought"),
        *("--replaces", "UA-sought"),
    )
    assert (taken["list_id"], taken["persons"]) == ("UA-sought-2", 1)
    assert [served.count(one) for one in (ListChangeProposed, ListChangeAgreed, ListReceived)] == [2, 2, 4]
    assert "UA replaces its list UA-sought by version 2, UA-sought-2" in served.page()
    served.server.post(PREMATURE)
    wait_until(lambda: alarms(served.workspace) == [("families-first", "open")])


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(served: Served) -> None:
    """What was told to be recorded is; what is asked of nobody is refused in a line; started again, it is taken."""
    search = ("registry", "search", "But Roman")
    told = served.done(*search)
    served.server.process.kill()
    served.server.end()
    assert entries(served.workspace)[told["recorded"]].__class__ is Searched
    served.server = Server(served.workspace)
    again = served.done(*search)
    assert again["recorded"] > told["recorded"]
    served.server.stop()
    record = served.workspace.open_record(DECODER)
    assert record.check().problems == []
    record.close()
