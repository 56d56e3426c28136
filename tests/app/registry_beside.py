"""A desk on duty over a small exchange with lists of the sought, and commands on its registry from beside it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from nacl.signing import SigningKey
from tests.app.authoring import Device
from tests.app.duty import DEADLINE_S, eve
from tests.app.erased import enrol_second
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import at

from safeconduct.agreement.authors import PERSON
from safeconduct.app.commands import EnrolAuthor, ReceiveList
from safeconduct.app.duty_desk import DutyDesk
from safeconduct.app.list_changing import Proposing
from safeconduct.app.office import Office
from safeconduct.app.officer_acts import Asked
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.review_desk import ReviewDesk
from safeconduct.app.signed_files import encode_signed
from safeconduct.app.signed_intake import SignedIntake
from safeconduct.app.writers import Beside
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.registry.linkage import Pair
from safeconduct.registry.list_changes import WantedChange
from safeconduct.registry.list_entries import CORRECT
from safeconduct.registry.reviewing import PairKey
from safeconduct.vocabulary.person import Person

SOUGHT = (
    Person(ref="s1", family_name="Иваненко", given_name="Елена"),
    Person(ref="s2", family_name="Бут", given_name="Роман"),
)
U1, U2 = ("RU-held", "u1", "UA-sought", "s1"), ("RU-held", "u2", "UA-sought", "s2")


def proposed(pair: PairKey, band: str = "review") -> tuple[PairKey, Pair]:
    """A pair as matching proposes it."""
    return pair, Pair(pair[1], pair[3], 0.7, band, ("nothing contradicts",))  # type: ignore[arg-type]


class World:
    """A workspace with lists; its plan waits for its approvals, or both parties have given them."""

    desk: DutyDesk
    """On duty in this process, once it has begun."""

    def __init__(self, folder: Path, *, approved: bool = False) -> None:
        """`approved`: a desk takes reports, and judges the day in another process."""
        self.workspace = eve(folder, approved=approved)
        self.delegate, self.other = Device(1), Device(2)
        """Of RU and of UA."""
        clock = StandingClock(at("02:30"))
        office = Office(self.workspace.open_recorder(clock, Seeded(21), DECODER), clock)
        enrol_second(office)
        office.perform(EnrolAuthor(self.delegate.public_key, "RU", PERSON, "head of delegation", "NI"))
        office.perform(EnrolAuthor(self.other.public_key, "UA", PERSON, "head of UA's delegation", "NI"))
        office.perform(ReceiveList("UA", "sought", "UA-sought", "ee", SOUGHT, 0))
        self.change = self._proposal(office)
        """Of RU's delegate, on u1: it waits for the intermediary."""
        office.recorder.close()
        self.failures: list[str] = []

    def begin(self) -> "World":
        """Put a desk on duty."""
        self.desk = DutyDesk(self.workspace, SystemClock(), SystemRandomness(), self.failures.append)
        return self

    def _proposal(self, office: Office) -> str:
        wanted = WantedChange("RU-held", "u1", CORRECT, {"birth_date": "17.05.1985"}, "misread")
        registry, now_us = office.state.registry, office.clock.now_us()
        entry = Proposing(wanted).entry(registry, "RU", self.delegate.public_key, now_us)
        seen = office.recorder.size(), office.recorder.root()
        SignedIntake(office).take([self.delegate.sign(entry, seen)])
        return next(iter(office.state.registry.changes.by_digest))

    def ask(self, asked: Asked) -> dict[str, Any]:
        """What the server answers, by way of the same bytes."""
        stands = self.desk.perform(msgspec.json.decode(msgspec.json.encode(asked), type=Asked)).result(DEADLINE_S)
        told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(stands))
        return told

    def beside(self, ask: Callable[[Asked], dict[str, Any]] | None = None) -> Beside:
        """A command that runs beside the desk."""
        return Beside(self.workspace, SystemClock(), SystemRandomness(), ask or self.ask)

    def reviewer(self, name: str = "", key: SigningKey | None = None) -> ReviewDesk:
        """A reviewer beside the desk, who looks at the pairs now."""
        return ReviewDesk(self.beside(), name, key)

    def signed(self, entry: Entry, by: Device) -> str:
        """What somebody signs on a device of their own who has seen all of the record, as lines of a file."""
        beside = self.beside()
        checkpoint = beside.record.checkpoint()
        beside.close()
        return encode_signed(by.sign(entry, (checkpoint.size, checkpoint.root))).decode()
