"""Looking for a person: on record before anything is told, at a clearance, and nothing of whoever was erased."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.erased import erase
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import at, office_of
from tests.app.test_deciding import TERMS_ON_RECORD

from safeconduct.app.commands import ReceiveList
from safeconduct.app.deciding import decide
from safeconduct.app.erasing import subjects_of
from safeconduct.app.office import Office
from safeconduct.app.searching import SearchDesk, Told
from safeconduct.app.workspace import open_workspace
from safeconduct.app.writers import Here
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.registry.entries import PersonListed, Searched
from safeconduct.storage.sqlite import StorageFailed
from safeconduct.views.operations_sentences import say_entry
from safeconduct.vocabulary.person import Person

COMMAND = [sys.executable, "-m", "safeconduct.cli.main", "registry", "search"]
RU, UA = Clearance("party", "RU"), Clearance("party", "UA")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desk at work after a whole day: u1 Іваненко Олена and u2 Бут Роман on RU's list, r1 Сидоров Пётр on UA's."""
    office = office_of(tmp_path / "workspace", StandingClock(at("11:00")))
    yield office
    office.recorder.close()


def refs(desk: SearchDesk, clearance: Clearance, text: str) -> list[str]:
    """Who is told."""
    return [one.found.row.ref for one in desk.search(clearance, text, limit=20).answers]


def asked_by(office: Office, told: Told) -> Searched:
    """What a search put on record."""
    return office.state.registry.searches[told.number]


def test_a_clearance_is_told_its_own_lists_and_no_others(office: Office) -> None:
    """The intermediary all, and who is a candidate; a party what it listed itself; the public nothing."""
    desk = SearchDesk(Here(office, Seeded(5)))
    for text, expected in (("Ivanenko Elena", "u1"), ("Sydorov P.", "r1"), ("But Roman", "u2")):
        assert refs(desk, INTERMEDIARY, text) == [expected]
        owner, other = (UA, RU) if expected == "r1" else (RU, UA)
        assert refs(desk, owner, text) == [expected]
        assert refs(desk, other, text) == refs(desk, PUBLIC, text) == []
    [answer] = desk.search(INTERMEDIARY, "Іваненко", limit=20).answers
    assert (answer.purpose, answer.party, answer.candidate) == ("held", "RU", "u1")
    [answer] = desk.search(RU, "Іваненко", limit=20).answers
    assert (answer.purpose, answer.party, answer.candidate) == ("held", "RU", "")


def test_beyond_the_limit_others_are_said_to_fit_and_not_counted_as_told(office: Office) -> None:
    """What is on record is what was told."""
    persons = tuple(Person(ref=f"n{number}", family_name="Зозуля", given_name="Іван") for number in range(3))
    office.perform(ReceiveList("UA", "sought", "UA-later", "ff", persons, 0))
    for limit, more in ((2, True), (3, False)):
        told = SearchDesk(Here(office, Seeded(5))).search(UA, "Зозуля", limit=limit)
        assert (len(told.answers), asked_by(office, told).rows, told.more) == (limit, limit, more)


def test_every_search_is_on_record_with_what_was_asked_and_how_much_was_told(office: Office) -> None:
    """Durably, one entry each, also where nobody is found; at a party's clearance that party is told, nobody else."""
    desk = SearchDesk(Here(office, Seeded(5)))
    size = office.recorder.size()
    desk.search(INTERMEDIARY, "Іваненко", limit=20)
    asked = asked_by(office, desk.search(RU, "Nobody Nowhere", "1985", "A1234", limit=20))
    bodies = [one.body for one in office.recorder.read(size)]
    assert bodies[1] == Opened(asked)
    assert asked == Searched(
        occurred_at_us=at("11:00"),
        own=("RU",),
        number=size + 1,
        clearance="party:RU",
        text="Nobody Nowhere",
        born="1985",
        unit="A1234",
        rows=0,
    )
    assert [one.entry.rows for one in bodies if isinstance(one, Opened) and isinstance(one.entry, Searched)] == [1, 0]
    assert [tell(asked, one) is not None for one in (INTERMEDIARY, RU, UA, PUBLIC)] == [True, True, False, False]
    [first] = [one.entry for one in bodies[:1] if isinstance(one, Opened)]
    assert [tell(first, one) is not None for one in (INTERMEDIARY, RU, UA, PUBLIC)] == [True, False, False, False]
    assert office.recorder.check().problems == []


def test_what_cannot_be_asked_is_not_recorded(office: Office) -> None:
    """A question that nobody can look for leaves no trace."""
    size = office.recorder.size()
    with pytest.raises(BadInput, match="holds a birth date and no name"):
        SearchDesk(Here(office, Seeded(5))).search(INTERMEDIARY, "1985", limit=20)
    assert office.recorder.size() == size


def test_nothing_is_told_where_the_record_could_not_be_written(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails on the way to the disk."""
    desk = SearchDesk(Here(office, Seeded(5)))

    def full(*_: object) -> None:
        raise StorageFailed("no space left")

    monkeypatch.setattr(office.recorder._writer, "append", full)
    with pytest.raises(StorageFailed, match="no space left"):
        desk.search(INTERMEDIARY, "Іваненко", limit=20)
    with pytest.raises(Refused, match="an earlier write failed"):
        desk.search(INTERMEDIARY, "Іваненко", limit=20)


def test_the_tables_follow_the_record(office: Office) -> None:
    """A list that comes in later is searched by the next search, at its party's clearance and the intermediary's."""
    desk = SearchDesk(Here(office, Seeded(5)))
    clearances = (INTERMEDIARY, RU, UA)
    assert [refs(desk, one, "Zozulia") for one in clearances] == [[], [], []]
    person = Person(ref="n1", family_name="Зозуля", given_name="Іван")
    office.perform(ReceiveList("UA", "sought", "UA-later", "ff", (person,), 0))
    assert [refs(desk, one, "Zozulia") for one in clearances] == [["n1"], [], ["n1"]]


def test_whoever_was_erased_is_not_found_and_others_are(office: Office) -> None:
    """Neither by tables that were made before nor by new ones."""
    desk = SearchDesk(Here(office, Seeded(5)))
    assert refs(desk, INTERMEDIARY, "Іваненко") == ["u1"]
    assert refs(desk, RU, "Іваненко") == ["u1"]
    erase(office, "person:u1", "request")
    for searched in (desk, SearchDesk(Here(office, Seeded(5)))):
        assert [refs(searched, one, "Іваненко Олена") for one in (INTERMEDIARY, RU, UA)] == [[], [], []]
        assert refs(searched, INTERMEDIARY, "Бут Роман") == ["u2"]


def test_what_was_asked_for_a_person_is_erased_with_the_person(office: Office) -> None:
    """Of searches those that can only mean this one; and each alone, by its number. The ledger verifies as before."""
    desk = SearchDesk(Here(office, Seeded(5)))
    numbers = {
        text: desk.search(INTERMEDIARY, text, limit=20).number
        for text in ("Іваненко Олена", "olena ivanenka", "Іваненко", "Іваненко Петро", "Бут Роман")
    }
    under = [f"document:search/{numbers[text]}" for text in ("Іваненко Олена", "olena ivanenka")]
    assert subjects_of(office.state, "person:u1") == sorted([*under, "person:RU-held/u1", "person:u1"])
    erase(office, "person:u1", "request")
    assert {one.text for one in office.state.registry.searches.values()} == {"Іваненко", "Іваненко Петро", "Бут Роман"}
    erase(office, f"document:search/{numbers['Іваненко']}", "request")
    assert {one.text for one in office.state.registry.searches.values()} == {"Іваненко Петро", "Бут Роман"}
    assert office.recorder.check().problems == []


# What a party is told depends on nothing that it may not know.

listed_names = st.sampled_from(("Іваненко", "Иваненко", "Ivanenko", "Іванов", "Коваль", "Олена", "Петро", ""))


@st.composite
def rows_of(draw: st.DrawFn, party: str) -> list[PersonListed]:
    """A list of one party."""
    size = draw(st.integers(0, 8))
    return [
        PersonListed(
            occurred_at_us=1,
            own=(party,),
            list_id=f"{party}-held",
            ref=f"{party}{number}",
            family_name=draw(listed_names),
            given_name=draw(listed_names),
            birth_date=draw(st.sampled_from(("", "1985", "1985-05-17"))),
        )
        for number in range(size)
    ]


class StandingOffice:
    """An office over rows in memory; what is recorded is kept."""

    author = bytes(32)

    def __init__(self, rows: Sequence[PersonListed]) -> None:
        self.state = Exchange()
        for entry in (*decide(self.state, TERMS_ON_RECORD, 1), *rows):
            self.state.apply(entry)
        self.clock = StandingClock()
        self.recorder = self
        self.recorded: list[object] = []

    def size(self) -> int:
        """The same for any rows: how many there are shows in the entries' number, as every leaf does."""
        return 7

    def read(self, _from_index: int) -> Iterator[object]:
        """Nothing came in since."""
        return iter(())

    def record(self, entries: Sequence[object]) -> None:
        """Keep them."""
        self.recorded += entries


@given(rows_of("RU"), rows_of("UA"), rows_of("UA"), st.integers(1, 4))
def test_a_partys_answer_does_not_depend_on_the_other_sides_rows(
    own: list[PersonListed], one: list[PersonListed], other: list[PersonListed], limit: int
) -> None:
    """Nor does what is put on record for it: equal to the byte, whatever the other listed, before or after."""

    def told(theirs: list[PersonListed], *, first: bool) -> str:
        rows = [*theirs, *own] if first else [*own, *theirs]
        office = StandingOffice(rows)
        desk = SearchDesk(Here(office, Seeded(5)))  # type: ignore[arg-type]
        answers = [desk.search(RU, text, limit=limit) for text in ("Іваненко Олена", "Koval", "Петро 1985")]
        return repr((answers, office.recorded))

    assert told(one, first=True) == told(other, first=False)


# As a user runs it.


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_the_command_tells_and_records(office: Office) -> None:
    """Readable lines; what was asked is on record; nothing of health, consent or protection."""
    folder = office.recorder._writer.path.parent
    size = office.recorder.size()
    office.recorder.close()
    done = run("ivanenko olema", "--born", "1990", "--workspace", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "  1  Іваненко Олена",
        "     held by RU: list RU-held, ref u1, candidate u1",
        "     surname the same in another spelling (Іваненко); given name differs by a letter (olema, Олена);"
        " no birth date to compare",
        "found     1 row at the clearance intermediary",
        f"recorded  entry {size}",
    ]
    nobody = run("Іваненко Олена", "--as", "party:UA", "--workspace", str(folder))
    assert (nobody.returncode, nobody.stdout) == (
        0,
        f"found     nobody at the clearance party:UA\nrecorded  entry {size + 1}\n",
    )
    told = json.loads(run("Іваненко", "--workspace", str(folder), "--json").stdout)
    assert told == {
        "clearance": "intermediary",
        "recorded": size + 2,
        "more": False,
        "rows": [
            {
                "rank": 1,
                "family_name": "Іваненко",
                "given_name": "Олена",
                "patronymic": "",
                "birth_date": "",
                "purpose": "held",
                "party": "RU",
                "list": "RU-held",
                "ref": "u1",
                "candidate": "u1",
                "errors": 0,
                "against": [],
                "for": ["surname the same"],
            }
        ],
    }
    recorder = open_workspace(folder).open_recorder(StandingClock(at("12:00")), Seeded(9), DECODER)
    searches = Office(recorder, StandingClock(at("12:00"))).state.registry.searches
    recorder.close()
    assert [(one.number, one.text, one.rows) for one in searches.values()] == [
        (size, "ivanenko olema", 1),
        (size + 1, "Іваненко Олена", 0),
        (size + 2, "Іваненко", 1),
    ]


def test_while_another_program_writes_nothing_is_told(office: Office) -> None:
    """The record cannot be written, so nothing is shown."""
    size = office.recorder.size()
    refused = run("Іваненко", "--workspace", str(office.recorder._writer.path.parent))
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
    assert "another program is writing to this ledger" in refused.stderr
    assert office.recorder.size() == size


def test_on_a_full_disk_nothing_is_told(office: Office) -> None:
    """The record opens, and its write fails: one line, and not a name of whom was found."""
    folder = office.recorder._writer.path.parent
    reader = open_workspace(folder).open_ledger()
    reader.size()  # so that the log stays as long as it is, and grows
    office.recorder.close()
    size = (folder / "ledger.sqlite-wal").stat().st_size

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    command = [*COMMAND, "Іваненко", "--workspace", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=full)
    reader.close()
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "ledger.sqlite: cannot be written" in done.stderr
    assert "Іваненко" not in done.stderr
    assert run("Іваненко", "--workspace", str(folder)).stdout.startswith("  1  Іваненко Олена")


def test_the_text_may_come_from_standard_input(office: Office) -> None:
    """So that it stands in no shell's history."""
    folder = office.recorder._writer.path.parent
    office.recorder.close()
    command = [*COMMAND, "-", "--workspace", str(folder)]
    done = subprocess.run(command, input="ivanenko o.\nmore\n", capture_output=True, text=True, check=False)
    assert done.stdout.startswith("  1  Іваненко Олена")
    nothing = subprocess.run(command, input="", capture_output=True, text=True, check=False)
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "TEXT:1:1: is empty" in nothing.stderr


def test_an_entry_that_says_nothing_we_could_ask_holds_up_no_erasure(office: Office) -> None:
    """Whoever wrote it."""
    odd = Searched(
        occurred_at_us=1, own=(), number=office.recorder.size(), clearance="x", text="", born="?", unit="", rows=0
    )
    office.record([odd])
    assert subjects_of(office.state, "person:u1") == ["person:RU-held/u1", "person:u1"]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([""], "TEXT:1:1: is empty;"),
        (["1985"], "TEXT:1:1: holds a birth date and no name;"),
        (["Коваль", "--born", "x"], "--born:1:1: 'x' is no date;"),
        (
            ["Коваль", "--as", "party:XX"],
            "unknown clearance 'party:XX'; allowed: intermediary, party:RU, party:UA, public",
        ),
        (["Коваль", "--as", "facility:F1"], "unknown clearance 'facility:F1'"),
        (["Коваль", "--workspace", "/nowhere"], "no workspace here"),
    ],
)
def test_bad_input_is_told_in_a_line(office: Office, arguments: list[str], what: str) -> None:
    """Exit code 2, nothing told, nothing recorded."""
    folder = office.recorder._writer.path.parent
    size = office.recorder.size()
    office.recorder.close()
    refused = run("--workspace", str(folder), *arguments)
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
    assert what in refused.stderr
    record = open_workspace(folder).open_record(DECODER)
    assert record.size() == size
    record.close()


def test_no_file_holds_a_name_in_the_clear(office: Office) -> None:
    """The tables are in memory: neither in the workspace nor beside it stands what was asked or what was found."""
    folder = office.recorder._writer.path.parent
    office.recorder.close()
    run("Іваненко Олемна", "--workspace", str(folder))
    names = [name.encode() for name in ("Іваненко", "Олемна", "Олена", "ivanenko", "olena")]
    held = [path for path in folder.rglob("*") if path.is_file() and any(one in path.read_bytes() for one in names)]
    assert held == []


def test_the_timeline_says_that_somebody_searched_and_no_name() -> None:
    """Of every word that was asked, none."""
    asked = Searched(
        occurred_at_us=1, own=("RU",), number=9, clearance="party:RU", text="Іваненко", born="1985", unit="A1", rows=1
    )
    for clearance in (INTERMEDIARY, RU):
        told = tell(asked, clearance)
        assert told is not None
        saying = say_entry(told.type, told.fields)
        assert saying.one == "One search for a person in the registry, at the clearance party:RU"
        assert not any(word in saying.one + saying.many for word in ("Іваненко", "1985", "A1"))
