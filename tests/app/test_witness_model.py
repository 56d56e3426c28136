"""A ledger, its witnesses, and everything that may go wrong between them, as a stateful model.

Ledgers grow, are restored from old backups and fork; witnesses are killed between any two steps, lose replies, share
one key between two servers, and have older memories put back. Whatever the order: no witness contradicts itself or
cosigns two histories, nothing stored is lost, and when the faults cease every witness that was not misled comes to
cosign the honest ledger, and every other one raises an alarm.
"""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.app.witness_world import (
    FAULTS,
    Histories,
    Killed,
    MemoryInMemory,
    Network,
    Party,
    StoreInMemory,
    TickingClock,
)
from tests.ledger.growing import VERIFIER, GrowingLedger

from safeconduct.app.cosigner import Asked, Cosigner
from safeconduct.ledger.checkpoint import Checkpoint
from safeconduct.storage.witness_state import LastCosigned

COUNT = st.integers(1, 5)
NUMBER = st.integers(0, 40)
SOME_FAULTS = st.lists(st.sampled_from(FAULTS), max_size=8)


class LedgerAndWitnesses(RuleBasedStateMachine):
    """One agreement's ledger, three witnesses."""

    memory: type[MemoryInMemory] = MemoryInMemory

    def __init__(self) -> None:
        super().__init__()
        self.clock = TickingClock()
        self.parties = [Party(name, self.clock, self.memory) for name in "ABC"]
        self.network = Network(self.parties)
        self.histories = Histories()
        self.honest = GrowingLedger()
        """What was recorded, as a mirror has it."""
        self.served = self.honest
        """What the intermediary's server holds: this, or what became of an older backup."""
        self.store = StoreInMemory()
        self.kept: set[tuple[str, str]] = set()
        self.number = 0
        self.histories.learn(self.honest)

    @rule(count=COUNT)
    def record(self, count: int) -> None:
        """The server records entries."""
        self.grow(self.served, count)

    @rule(faults=SOME_FAULTS)
    def ask_all(self, faults: list[str]) -> None:
        """The server asks every witness, with faults."""
        self.network.faults, self.network.other = list(faults), self.served
        self.round(self.served, self.store)

    @rule(faults=SOME_FAULTS, which=NUMBER, count=COUNT)
    def ask_one_about_what_another_overtakes(self, faults: list[str], which: int, count: int) -> None:
        """While the server asks about its checkpoint, more is recorded and another program asks about that."""
        before = self.served.copy()
        self.grow(self.served, count)
        self.network.faults, self.network.other = [*faults, "overtaken"], self.served
        self.round(before, self.store, which)

    @rule(size=NUMBER)
    def restore_an_old_backup_of_the_ledger(self, size: int) -> None:
        """The server goes on from fewer entries."""
        self.served = self.honest.copy(size % (len(self.honest.leaves) + 1))

    @rule(size=NUMBER)
    def restore_ledger_and_cosignatures(self, size: int) -> None:
        """The whole workspace is an old one: not even the cosignatures tell that there was more."""
        self.served = self.honest.copy(size % (len(self.honest.leaves) + 1))
        self.store = StoreInMemory()
        self.kept = set()

    @precondition(lambda self: self.served is not self.honest)
    @rule()
    def recover_the_ledger(self) -> None:
        """From the mirror."""
        self.served = self.honest

    @rule(size=NUMBER, count=COUNT, which=NUMBER)
    def show_one_witness_another_history(self, size: int, count: int, which: int) -> None:
        """Whoever has the ledger's key signs a fork and has it cosigned by one, as far as that one lets it."""
        fork = self.honest.copy(size % (len(self.honest.leaves) + 1))
        self.grow(fork, count)
        self.network.faults, self.network.other = [], None
        self.round(fork, StoreInMemory(), which)

    @rule(which=NUMBER)
    def back_up_a_witness(self, which: int) -> None:
        """Its memory is copied."""
        self.parties[which % 3].back_up()

    @rule(which=NUMBER, backup=NUMBER)
    def roll_back_a_witness(self, which: int, backup: int) -> None:
        """An older memory is put back, and the key stays."""
        self.parties[which % 3].roll_back(backup)

    @invariant()
    def no_witness_contradicts_itself(self) -> None:
        """As long as it remembers: one root a size, no smaller size later, each history the beginning of the next."""
        for party in self.parties:
            for signed in party.signed:
                in_time = sorted(signed, key=lambda one: one[1].at_s)
                for (earlier, _), (later, _) in pairwise(in_time):
                    entries = self.histories.of(later)
                    assert earlier.size <= later.size
                    assert self.histories.of(earlier) == entries[: earlier.size]

    @invariant()
    def no_cosignature_is_lost(self) -> None:
        """What the store held once it holds."""
        now = self.store.lines()
        assert self.kept <= now
        self.kept = now

    @invariant()
    def a_kept_proof_proves(self) -> None:
        """One size, two roots, both signed by the ledger."""
        for party in self.parties:
            for checkpoint, _, cosigned, proven in party.memory.evidence:
                if proven:
                    text = cosigned.decode().split("\n")
                    assert int(text[1]) == checkpoint.size
                    assert text[:3] != checkpoint.text().split("\n")[:3]

    def teardown(self) -> None:
        """The faults cease: the honest ledger is served again, and its witnesses are asked a few times."""
        self.served = self.honest
        self.network.faults, self.network.other = [], None
        self.grow(self.honest, 1)
        cosigner = self.cosigner(self.honest, self.store)
        witnesses = {one.name: one.policy for one in self.parties}
        outcomes = [asyncio.run(cosigner.round(witnesses)) for _ in range(2)][-1]
        for party, asked in zip(self.parties, outcomes, strict=True):
            honest = tuple(self.honest.leaves)
            signed = [self.histories.of(checkpoint) for signed in party.signed for checkpoint, _ in signed]
            remembered = [self.histories.of(one.checkpoint) for one in party.memory.notes.values()]
            if all(one == honest[: len(one)] for one in signed + remembered):
                assert asked.trouble is None, asked.trouble
            elif any(one != honest[: len(one)] for one in remembered):
                assert asked.trouble is not None
                assert asked.trouble.alarm
            else:
                # It was misled and has forgotten it since: whoever remembers its cosignature raises the alarm.
                assert asked.trouble is None or asked.trouble.alarm
        if all(one.trouble is None for one in outcomes):
            assert self.store.latest_note([one.policy.key for one in self.parties]) == self.store.note_at(len(honest))
        super().teardown()

    def grow(self, ledger: GrowingLedger, count: int) -> None:
        for _ in range(count):
            self.number += 1
            ledger.append(f"entry {self.number}".encode())
        self.histories.learn(ledger)

    def cosigner(self, ledger: GrowingLedger, store: StoreInMemory) -> Cosigner:
        self.network.store = store
        return Cosigner(VERIFIER, ledger, store, self.network.post, self.clock)

    def round(self, ledger: GrowingLedger, store: StoreInMemory, which: int | None = None) -> list[Asked]:
        """A client over this ledger and store asks one witness, or all; it may be killed while it does."""
        parties = self.parties if which is None else [self.parties[which % 3]]
        try:
            return asyncio.run(self.cosigner(ledger, store).round({one.name: one.policy for one in parties}))
        except Killed:
            return []
        finally:
            store.fault = "none"


TestLedgerAndWitnesses = LedgerAndWitnesses.TestCase
TestLedgerAndWitnesses.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)


class SwapsWithoutComparing(MemoryInMemory):
    """What another server stored meanwhile is overwritten."""

    def swap(self, before: LastCosigned | None, checkpoint: Checkpoint, note: bytes, at_us: int) -> bool:
        """Only swap."""
        del before
        return super().swap(self.notes.get(checkpoint.origin), checkpoint, note, at_us)


class SignsBeforeItPersists(MemoryInMemory):
    """The first checkpoint of every three is never on the disk."""

    swaps = 0

    def swap(self, before: LastCosigned | None, checkpoint: Checkpoint, note: bytes, at_us: int) -> bool:
        """Only say so."""
        self.swaps += 1
        return self.swaps % 3 == 1 or super().swap(before, checkpoint, note, at_us)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"memory": SwapsWithoutComparing}, id="swaps without comparing"),
        pytest.param({"memory": SignsBeforeItPersists}, id="signs before it persists"),
    ],
)
def test_the_model_finds_what_is_wrong(broken: dict[str, type]) -> None:
    """Each of these passes every single request and is found all the same."""
    machine = type("Broken", (LedgerAndWitnesses,), broken)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            machine,
            settings=settings(max_examples=300, stateful_step_count=30, deadline=None, phases=[Phase.generate]),
        )
