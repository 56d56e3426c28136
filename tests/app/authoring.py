"""Keys of delegates and devices, and entries signed with them elsewhere."""

from pathlib import Path

from nacl.signing import SigningKey
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import EXCHANGE, PARTIES, PLAN, preparations

from safeconduct.agreement.authors import DEVICE, PERSON
from safeconduct.agreement.entries import TermsSignedByParty
from safeconduct.app.author_chain import Chain, SignedEntry
from safeconduct.app.commands import AttestApproval, EnrolAuthor
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.office import Office
from safeconduct.app.own_device import sign_entry
from safeconduct.app.signed_intake import Signed, SignedIntake
from safeconduct.app.workspace import create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.ledger.header import hash_of_signed, parse_signed
from safeconduct.logistics.entries import PlanProposed
from safeconduct.logistics.plan import read_plan

SECRET = bytes(range(32))


class Device:
    """Whoever signs with a key of their own, and keeps count."""

    def __init__(self, number: int, key: SigningKey | None = None) -> None:
        self.key = key or SigningKey(bytes([number]) * 32)
        self.public_key = bytes(self.key.verify_key).hex()
        self.chain = Chain()

    def sign(self, entry: Entry, seen: tuple[int, bytes]) -> Signed:
        """The next entry of this key."""
        made = sign_entry(entry, self.key, self.chain, seen, SECRET)
        header = parse_signed(made.signed).header
        self.chain = Chain(header.author_seq, hash_of_signed(made.signed), header.seen_size)
        return made


class Desk:
    """An office on the eve of the small exchange, with a delegate of RU and a device enrolled."""

    def __init__(self, folder: Path, *, approved: bool = True) -> None:
        self.workspace = create_workspace(folder, "istanbul-2025-06-02", "NI", Seeded(0))
        self.delegate, self.device, self.stranger = Device(1), Device(2), Device(3)
        self.clock = StandingClock()
        self.open()
        for command in preparations():
            self.office.perform(command)
        (proposed,) = self.office.state.logistics.plans.values()
        self.proposed: PlanProposed = proposed
        if approved:
            for party in PARTIES:
                self.office.perform(AttestApproval(party, EXCHANGE, proposed.plan_sha256, "p", "NI"))
        self.office.perform(EnrolAuthor(self.delegate.public_key, "RU", PERSON, "head of delegation", "NI"))
        self.office.perform(EnrolAuthor(self.device.public_key, "NI", DEVICE, "d1", "NI"))

    def open(self) -> None:
        """Open the ledger (again)."""
        self.office = Office(self.workspace.open_recorder(self.clock, Seeded(1), DECODER), self.clock)
        self.intake = SignedIntake(self.office)

    def close(self) -> None:
        """Give it up."""
        self.office.recorder.close()

    @property
    def seen(self) -> tuple[int, bytes]:
        """The latest checkpoint."""
        checkpoint = self.office.recorder.checkpoint()
        return checkpoint.size, checkpoint.root

    @property
    def terms_sha256(self) -> str:
        """Of the terms on record."""
        terms = self.office.state.agreement.terms
        assert terms is not None
        return terms.terms_sha256

    def signature(self, by: Device, **changes: object) -> TermsSignedByParty:
        """The next entry by which RU's delegate signs the terms."""
        fields = {
            "occurred_at_us": self.clock.at_us,
            "party": "RU",
            "terms_sha256": self.terms_sha256,
            "public_key": by.public_key,
            "author_seq": by.chain.author_seq + 1,
        }
        return TermsSignedByParty(**(fields | changes))  # type: ignore[arg-type]

    def let_in(self, made: Signed) -> None:
        """Record what the intake would look at first: a keeper who does not mind."""
        header = parse_signed(made.signed).header
        self.office.record_signed([SignedEntry(header, made.signed, made.secret, made.text, DECODER.decode(made.text))])

    def problems(self) -> list[str]:
        """What the check of the whole ledger says."""
        return [str(one) for one in self.office.recorder.check().problems]


CONCERNS = Concerns.of_plan(read_plan("plan.json", PLAN))


def departure(number: int, device: str | None = "d1") -> Entry:
    """A report of the ambulance leaving, as it is recorded."""
    event = {
        "id": f"e{number}",
        "type": "departed",
        "at": "2025-07-04T04:00:00Z",
        "vehicle": "sosnovka-ambulance-01",
        "place": "sosnovka",
    }
    return report_entry(event | ({"device": device} if device else {}), CONCERNS)
