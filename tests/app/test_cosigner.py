"""One round of asking, where the ledger grows meanwhile or a witness has forgotten."""

import asyncio

from tests.app.witness_world import MemoryInMemory, Network, Party, StoreInMemory, TickingClock
from tests.ledger.growing import VERIFIER, GrowingLedger, leaves

from safeconduct.app.cosigner import Asked, Cosigner, Ledger


class SeenLate(GrowingLedger):
    """A ledger of which the first look shows less than is recorded by then."""

    looks = 0

    def latest(self) -> bytes:
        """Eight entries at first, then all."""
        self.looks += 1
        return self.note(8) if self.looks == 1 else self.note()


class World:
    """One witness, one client."""

    def __init__(self) -> None:
        self.clock = TickingClock()
        self.party = Party("A", self.clock, MemoryInMemory)
        self.network = Network([self.party])
        self.store = StoreInMemory()

    def ask(self, ledger: Ledger) -> Asked:
        """One round."""
        cosigner = Cosigner(VERIFIER, ledger, self.store, self.network.post, self.clock)
        (asked,) = asyncio.run(cosigner.round({"A": self.party.policy}))
        return asked


def test_entries_recorded_while_another_program_asks_are_no_alarm() -> None:
    """The witness has seen more than was read here; the ledger is looked at anew, and has it."""
    world = World()
    world.party.answer(GrowingLedger(leaves(12)).request(0).encode())
    assert world.ask(SeenLate(leaves(12))).trouble is None
    assert world.store.note_at(12) is not None


def test_an_old_ledger_is_an_alarm_with_and_without_its_cosignatures() -> None:
    """Whether our own store tells, or only the witness."""
    world = World()
    assert world.ask(GrowingLedger(leaves(12))).trouble is None
    for _ in range(2):
        trouble = world.ask(GrowingLedger(leaves(8))).trouble
        assert trouble is not None
        assert (trouble.alarm, trouble.seen) == (True, 12)
        world.store = StoreInMemory()
    standing = world.store.standing(world.party.policy.key)
    assert standing is None
    # The ledger is recovered: the alarm is over.
    assert world.ask(GrowingLedger(leaves(12))).trouble is None


def test_a_witness_that_forgot_is_told_though_it_cosigns() -> None:
    """It had cosigned 12 and goes on from 8: its state was rolled back, which stays told."""
    world, ledger = World(), GrowingLedger(leaves(20))
    world.party.answer(ledger.request(0, 8).encode())
    world.party.back_up()
    assert world.ask(ledger.copy(12)).trouble is None
    world.party.roll_back(1)
    for size in (16, 20):
        assert world.ask(ledger.copy(size)).trouble is None
        standing = world.store.standing(world.party.policy.key)
        assert standing is not None
        assert (standing.size, standing.fell_to) == (size, 8)


def test_a_split_view_is_an_alarm_and_both_notes_are_kept() -> None:
    """At the witness, whatever the client does about it."""
    world, fork = World(), GrowingLedger(leaves(12, "other"))
    assert world.ask(GrowingLedger(leaves(12))).trouble is None
    world.store = StoreInMemory()
    trouble = world.ask(fork).trouble
    assert trouble is not None
    assert trouble.alarm
    assert trouble.what.startswith("A has cosigned another history of this ledger, of 12 entries")
    assert (fork.checkpoint(), fork.note(), GrowingLedger(leaves(12)).note(), True) in world.party.memory.evidence
