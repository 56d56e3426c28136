"""An office of an intermediary with two officers, a record with what only they may know, and a recipient."""

from pathlib import Path
from typing import TypeVar

from nacl.signing import SigningKey
from tests.app.copying import custody
from tests.app.recording import Seeded, StandingClock

from safeconduct.agreement.authors import PERSON
from safeconduct.app.commands import AttestSignature, EnrolAuthor, RecordTerms
from safeconduct.app.duty_view import DutyView
from safeconduct.app.office import Office
from safeconduct.app.officer_acts import AgreeToRelease, BreakGlass, Entered, Entering, ProposeRelease, ReviewRelease
from safeconduct.app.officer_desk import asking_at, perform
from safeconduct.app.receiving import Received, open_release
from safeconduct.app.release_alarms import raise_alarms
from safeconduct.app.release_files import release_file
from safeconduct.app.release_rules import Wanted
from safeconduct.app.workspace import create_workspace
from safeconduct.disclosure.release_entries import GlassBroken, GlassReviewed, ReleaseAgreed, ReleaseProposed
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel import encoding, hpke
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.ledger.trust import Trust
from safeconduct.tracking.entries import InterviewReported
from safeconduct.views.operations_model import AlarmSeen

E = TypeVar("E", bound=Entry)
START_US = 1_751_619_600_000_000
"""2025-07-04T09:00:00Z."""
SECOND, THIRD, DELEGATE = (SigningKey(bytes([number]) * 32) for number in (61, 62, 63))
PRIVATE, OTHER_PRIVATE = bytes([7]) * 32, bytes([8]) * 32
RECIPIENT, OTHER = (hpke.public_of(one).hex() for one in (PRIVATE, OTHER_PRIVATE))
SAID = "will not go back"
"""Canary: what somebody said in private, which only the intermediary may know."""
EVERYONE = ("everyone on duty",)
_TERMS = """
[agreement]
id = "istanbul-2025-06-02"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]
"""


def public(key: SigningKey) -> str:
    """The public half of a key."""
    return bytes(key.verify_key).hex()


class ReleaseDesk:
    """An office at which one person acts on releases, with the workspace's own key or another that they bring."""

    def __init__(self, office: Office, key: SigningKey | None = None) -> None:
        self._office = office
        self._key = key
        raise_alarms(office, EVERYONE)

    def propose(self, wanted: Wanted) -> ReleaseProposed:
        """Propose a release."""
        return self._act(ProposeRelease(wanted), ReleaseProposed)

    def agree(self, number: int) -> ReleaseAgreed:
        """Agree to a proposal."""
        return self._act(AgreeToRelease(number), ReleaseAgreed)

    def break_glass(self, wanted: Wanted) -> GlassBroken:
        """Release alone."""
        return self._act(BreakGlass(wanted), GlassBroken)

    def review(self, number: int, finding: str, words: str) -> GlassReviewed:
        """Review a release under break-glass."""
        return self._act(ReviewRelease(number, finding, words), GlassReviewed)

    def _act(self, act: Entering, kind: type[E]) -> E:
        asked = asking_at(self._office, act, self._key, Seeded(99))
        done = perform(self._office, asked, EVERYONE)
        assert isinstance(done, Entered)
        entry = encoding.decode(done.entry.encode(), DECODER)
        assert isinstance(entry, kind)
        return entry


class ReleaseWorld:
    """The office; its clock is the test's. The workspace's own key and SECOND count, DELEGATE is of a party."""

    def __init__(self, folder: Path, terms: str = "", interviews: int = 1) -> None:
        self.folder = folder / "workspace"
        self.workspace = create_workspace(self.folder, "istanbul-2025-06-02", "NI", Seeded(0))
        self.clock = StandingClock(START_US)
        self._opened = 0
        self.open()
        self.office.perform(RecordTerms("terms.toml", (_TERMS + terms).encode()))
        recorded = self.office.state.agreement.terms
        assert recorded is not None
        for party in ("RU", "UA"):
            self.office.perform(AttestSignature(party, recorded.terms_sha256, "00", "NI"))
        self.enrol(SECOND, "duty officer 2")
        self.office.perform(EnrolAuthor(public(DELEGATE), "RU", PERSON, "delegate", "NI"))
        self.office.record([custody(1, ("RU",))])
        self.interview = self.office.recorder.size()
        self.office.record(
            [
                InterviewReported(occurred_at_us=2, event=f"i{one}", person=f"p{one}", report=SAID)
                for one in range(interviews)
            ]
        )

    def open(self) -> None:
        """Open the ledger, as a program that starts does."""
        self._opened += 1
        recorder = self.workspace.open_recorder(self.clock, Seeded(self._opened), DECODER)
        self.office = Office(recorder, self.clock)
        self.founder = self.office.recorder.author.hex()

    def restart(self) -> None:
        """Give the ledger up, and open it again."""
        self.office.recorder.close()
        self.open()

    def enrol(self, key: SigningKey, label: str = "a friend") -> None:
        """Enrol a key for the intermediary, as the command does."""
        self.office.perform(EnrolAuthor(public(key), "NI", PERSON, label, "NI"))
        raise_alarms(self.office, EVERYONE)

    def desk(self, key: SigningKey | None = None) -> ReleaseDesk:
        """Somebody at the office, with the workspace's own key or another."""
        return ReleaseDesk(self.office, key)

    def wanted(self, *slots: str, index: int | None = None, key: str = RECIPIENT) -> Wanted:
        """What a physician is to be given, of the interview where nothing else is said."""
        place = self.interview if index is None else index
        return Wanted(place, slots or ("report",), "a physician", key, "Asked for by the facility.")

    def file(self, number: int) -> bytes:
        """The file of a release. Raises Refused."""
        return release_file(self.workspace, number, self.clock, Seeded(5))[0]

    def opened(self, source: bytes, private: bytes = PRIVATE) -> Received:
        """What the recipient reads. Raises BadInput."""
        return open_release("f.sealed", source, private, Trust((self.workspace.verifier,)))

    def shown(self, source: bytes) -> dict[str, bytes]:
        """The fields that the recipient reads."""
        report = self.opened(source).report
        assert report.problems == ()
        assert report.proven is not None
        assert report.proven.disclosure is not None
        return {one.slot: one.value for one in report.proven.disclosure.shown}

    def entries(self) -> list[Entry]:
        """Everything on record."""
        return [one.body.entry for one in self.office.recorder.read() if isinstance(one.body, Opened)]

    def alarms(self) -> list[AlarmSeen]:
        """As the duty desk sees them."""
        return list(DutyView().look(self.office.recorder, self.clock.at_us).alarms)

    def asking(self) -> list[str]:
        """The rules of the alarms that ask for somebody."""
        standing = ("unacknowledged", "acknowledged")
        return [one.rule for alarm in self.alarms() for one in alarm.deviations if alarm.state in standing]
