"""A mirror after an erasure: it forgets what it was told, counts it, raises no false alarm, and cannot be misused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.app.duty import eve
from tests.app.erased import erase
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import TERMS, at, handover, moment, plan
from tests.app.test_mirroring import Served

from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.mirror_keeper import MirrorKeeper
from safeconduct.app.mirror_report import MirrorReport, Verdict
from safeconduct.app.office import Office
from safeconduct.app.searching import SearchDesk
from safeconduct.app.writers import Here
from safeconduct.disclosure.clearance import Clearance
from safeconduct.exchange.entries import DECODER, ENTRY_TYPES
from safeconduct.exchange.erasable import ERASABLE, is_erasable
from safeconduct.kernel.entry import type_tag
from safeconduct.storage import sqlite
from safeconduct.storage.mirror_store import MirrorStore
from safeconduct.storage.sqlite import StorageFailed

UA = Clearance("party", "UA")
HOME_FIRST = b"""
[[clause]]
id = "home-first"
kind = "precedence"
before = { type = "published" }
expect = { type = "accepted" }
same = []
"""
PUBLISHED = {"id": "told", "type": "published", "at": moment("09:30"), "by": "NI", "subject": "2025-07-04"}
LONG = " ".join(map(str, range(4000)))
TOO_EARLY = PUBLISHED | {"id": "early", "at": moment("09:05")}


class World:
    """A ledger on which u1 went home, and a mirror of UA that has taken all there is."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tests.app.small_exchange.TERMS", TERMS + HOME_FIRST)
        self.clock = StandingClock(at("10:30"))
        self.workspace = eve(folder / "workspace")
        self.path = folder / "mirror" / "mirror.sqlite"
        self.path.parent.mkdir()
        self.office = Office(self.workspace.open_recorder(self.clock, Seeded(3), DECODER), self.clock)
        self.record(handover("u1", "09:10") | {"note": LONG}, PUBLISHED)
        self.served = Served(self.workspace, UA)
        self.open()

    def open(self) -> None:
        """Begin the mirror anew from its file."""
        self.store = MirrorStore.open(self.path, str(self.workspace.verifier), str(UA))
        self.mirror = MirrorKeeper(self.store, self.workspace.verifier, UA, self.served, self.clock)

    def look(self) -> MirrorReport:
        """Take what there is."""
        report = self.mirror.look()
        self.served.record.rest()
        return report

    def erase(self) -> None:
        """Erase u1."""
        erase(self.office, "person:u1", "request")

    def record(self, *events: dict[str, Any]) -> None:
        """Reports."""
        self.office.record([report_entry(event, Concerns.of_plan(plan())) for event in events])

    def told(self) -> dict[int, bytes]:
        """What the mirror holds of what it was told."""
        return dict(self.store.lines())

    def holds(self, *traces: bytes) -> bool:
        """Whether a file of the mirror has one of these."""
        files = [path.read_bytes() for path in self.path.parent.iterdir()]
        return any(trace in content for trace in traces for content in files)

    def of_u1(self) -> list[bytes]:
        """Pieces of the lines that an erasure of u1 takes away, as they stand in the mirror's file."""
        gone = [
            line
            for line in self.told().values()
            if b"u1" in line and (b"custody-reported" in line or b"person-chosen" in line)
        ]
        assert len(gone) == 2
        assert max(map(len, gone)) > 10_000, "one that fills pages of its own"
        return [line[at : at + 40] for line in gone for at in range(60, len(line) - 40, 400)]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """In step."""
    world = World(tmp_path, monkeypatch)
    assert world.look().verdict is Verdict.WELL
    return world


def erased_line(report: MirrorReport) -> str:
    """What the screen says of erasures."""
    return " ".join(sentence for about, sentence in report.lines() if about == "erased")


def forgotten(report: MirrorReport) -> list[int | None]:
    """How many entries with each erasure."""
    return [one.forgotten for one in report.mirrored.erasures]


def asked(report: MirrorReport) -> tuple[list[str], int]:
    """When what it asks about was, and how many it does not ask about."""
    assert report.judged is not None
    return [one.at for one in report.judged.questions], report.judged.excused


def test_what_was_erased_is_in_no_file_of_the_mirror(world: World) -> None:
    """Neither database nor log, while it runs; size and root stand, the screen and --json tell how many and when."""
    traces, before = world.of_u1(), world.told()
    assert world.holds(*traces)
    world.erase()
    report = world.look()
    assert not world.holds(*traces)
    assert Path(f"{world.path}-wal").exists(), "the log is looked through while it is in use"
    assert len(before.keys() - world.told().keys()) == 2
    assert report.mirrored.checkpoint.root == world.office.recorder.root()
    assert erased_line(report) == (
        "by the ledger, of what it had told: 2 entries; 1 erasure, the last 2025-07-04T10:30:00Z"
    )
    index = world.office.recorder.size() - 1
    expected = [{"index": index, "recorded_at": "2025-07-04T10:30:00Z", "forgotten": 2}]
    assert report.as_json()["erasures"] == expected
    world.store.close()
    assert not world.holds(*traces)
    world.open()
    assert world.look().as_json() == report.as_json()
    world.record(handover("r1", "09:40"))
    assert world.look().mirrored.checkpoint.size == index + 2


def test_what_is_found_only_for_lack_of_it_is_no_question(world: World) -> None:
    """A clause seems broken once a report is gone, and no alarm is shown: not asked about, also after a restart."""
    world.erase()
    for _ in range(2):
        report = world.look()
        assert (report.verdict, asked(report)) == (Verdict.WELL, ([], 1))
        assert any("1 deviation that may be for lack of what the ledger erased" in one for _, one in report.lines())
        world.store.close()
        world.open()


def test_a_question_that_stood_before_is_still_asked(world: World) -> None:
    """Nobody silences a party's question by erasing somebody."""
    world.record(TOO_EARLY)
    assert asked(world.look()) == ([moment("09:05")], 0)
    world.erase()
    report = world.look()
    assert (report.verdict, asked(report)) == (Verdict.LOOK, ([moment("09:05")], 1))


def withholding(what: bytes) -> Callable[[str, bytes], bytes]:
    """A keeper who tells nothing more of entries whose line holds this."""
    return lambda path, content: (
        b"".join(line for line in content.splitlines(keepends=True) if what not in line) if path == "lines" else content
    )


def test_without_an_erasure_nothing_is_forgotten(world: World) -> None:
    """Whatever the keeper tells no more: the mirror does not ask again for what it holds."""
    before = world.told()
    world.served.change = withholding(b"custody-reported")
    world.record(handover("r1", "09:40"))
    world.look()
    assert before.items() <= world.told().items()


def test_a_search_goes_with_the_person_that_it_named(world: World) -> None:
    """It was told to the party at whose clearance it was; a mirror that missed it would never be at rest again."""
    row = world.office.state.registry.persons["RU-held", "u1"]
    name = f"{row.family_name} {row.given_name}"
    SearchDesk(Here(world.office, Seeded(5))).search(UA, name, limit=5)
    assert world.look().unsound == ()
    assert world.holds(row.family_name.encode())
    world.erase()
    report = world.look()
    assert report.unsound == ()
    assert not any(b"registry.searched" in line for line in world.told().values())
    assert not world.holds(row.family_name.encode())


@pytest.mark.parametrize("what", ["agreement.terms-recorded/1", "tracking.public-matter-reported/1"])
def test_an_erasure_is_no_cover_for_what_none_can_reach(world: World, what: str) -> None:
    """Told no more after an erasure, it is named, and nothing is forgotten until it is told again."""
    traces = world.of_u1()
    world.erase()
    world.served.change = withholding(what.encode())
    report = world.look()
    assert report.verdict is Verdict.LOOK
    assert f"{what} is told no more, which no erasure can reach" in report.unsound[0]
    assert world.holds(*traces)
    assert erased_line(report) == "1 erasure more: what to forget is not known yet"
    world.served.change = lambda _, content: content
    assert world.look().verdict is Verdict.WELL
    assert not world.holds(*traces)


def test_what_more_a_keeper_withholds_is_counted(world: World) -> None:
    """What tells of another person, hidden behind an erasure: the number says that more went than one person's."""
    world.record(handover("u2", "09:40"))
    world.look()
    told = [line for line in world.told().values() if b"custody-reported" in line or b"person-chosen" in line]
    world.erase()
    world.served.change = lambda path, content: withholding(b"custody-reported")(
        path, withholding(b"person-chosen")(path, content)
    )
    assert forgotten(world.look()) == [len(told)]


def test_killed_before_the_log_was_emptied(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next start empties it, before anything else."""
    traces = world.of_u1()
    world.erase()

    def killed(_: object) -> None:
        raise StorageFailed("killed")

    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "truncate_log", killed)
        with pytest.raises(StorageFailed, match="killed"):
            world.look()
    assert world.holds(*traces)
    other = MirrorStore.open(world.path, str(world.workspace.verifier), str(UA))
    assert not world.holds(*traces)
    other.close()


def test_a_mirror_begun_after_an_erasure_has_nothing_to_forget(world: World) -> None:
    """It was told nothing of that: what it takes lacks it already; what it finds of the time before is no question."""
    world.erase()
    world.path = world.path.with_name("other.sqlite")
    world.open()
    paths: list[str] = []

    def noted(path: str, content: bytes) -> bytes:
        paths.append(path)
        return content

    world.served.change = noted
    report = world.look()
    assert (report.verdict, forgotten(report), asked(report)) == (Verdict.WELL, [0], ([], 1))
    assert paths.count("lines") == 1


def test_what_an_erasure_can_reach_is_what_stands_under_a_persons_key() -> None:
    """The list of types is that of those which are sealed so."""
    golden = json.loads((Path(__file__).parents[1] / "exchange" / "golden_entries.json").read_text("utf-8"))
    for entry_type in ENTRY_TYPES:
        entry = DECODER.decode(golden[type_tag(entry_type)].encode())
        of_a_person = entry.sealed_under().startswith(("person:", "document:care/", "document:search/"))
        assert (entry_type in ERASABLE) == of_a_person, entry_type
        assert is_erasable(entry_type, {"person": "p"}) == of_a_person
        assert not is_erasable(entry_type, {"person": ""})
