"""Irreversible steps wait for every side's cosignature, for so long and no longer, and say on what they rest."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.recording import Seeded, StandingClock

from safeconduct.agreement.authors import PERSON
from safeconduct.agreement.entries import StepCosigned
from safeconduct.agreement.witnesses import STEPS
from safeconduct.app.commands import AttestSignature, CloseRound, EnrolAuthor, RecordRound, RecordTerms
from safeconduct.app.office import Office
from safeconduct.app.quorum import Cosigned, Lacking, agree_uncosigned, cosigned_step, lacking
from safeconduct.app.workspace import create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import DAY_US, HOUR_US, MINUTE_US
from safeconduct.ledger.cosignature import cosign, witness_key
from safeconduct.ledger.note import VerifierKey, split_note, to_base64

START_US = 1_751_619_600_000_000
SIGNING = {name: SigningKey(bytes([number]) * 32) for number, name in enumerate(("ru/a", "ru/b", "ua/w", "ni/w"))}
RU_A, RU_B, UA, NI = (witness_key(name, key) for name, key in SIGNING.items())
OFFICER = SigningKey(b"o" * 32)
ENROL = EnrolAuthor(bytes(OFFICER.verify_key).hex(), "NI", PERSON, "duty officer 2", "NI")


def terms(*witnesses: tuple[str, VerifierKey], wait: str = "") -> bytes:
    """Terms of RU and UA with these witnesses."""
    text = f"""
[agreement]
id = "istanbul-2025-06-02"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]
{f'witness_wait = "{wait}"' if wait else ""}
"""
    text += "".join(f'\n[[witness]]\nof = "{of}"\nkey = "{key}"\n' for of, key in witnesses)
    return text.encode()


class World:
    """An office whose clock and cosignatures the test sets."""

    def __init__(self, folder: Path, source: bytes) -> None:
        self.clock = StandingClock(START_US)
        self.notes: list[bytes] = []
        workspace = create_workspace(folder / "workspace", "istanbul-2025-06-02", "NI", Seeded(0))
        recorder = workspace.open_recorder(self.clock, Seeded(1), DECODER)
        self.office = Office(recorder, self.clock, lambda: self.notes)
        self.office.perform(RecordTerms("terms.toml", source))
        (recorded,) = (self.office.state.agreement.terms,)
        assert recorded is not None
        self.close = RecordRound("2025-07-04", recorded.terms_sha256, "optimal", (), {}, {}, ())
        for party in ("RU", "UA"):
            self.office.perform(AttestSignature(party, recorded.terms_sha256, "00", "NI"))

    @property
    def size(self) -> int:
        """Entries on record."""
        return self.office.recorder.size()

    def cosign(self, *keys: VerifierKey) -> None:
        """These witnesses cosign all that is on record."""
        note = self.office.recorder.checkpoint_note()
        text = split_note(note)[0]
        lines = [cosign(text, key.name, SIGNING[key.name], 1) + "\n" for key in keys]
        self.notes.append(note + "".join(lines).encode())

    def agree(self, key: bytes) -> None:
        """A key agrees to go on without."""
        office = self.office
        entry = agree_uncosigned(office.state, STEPS[0], "2025-07-04", key, office.cosigned(), self.clock.at_us)
        office.record([entry])


def test_without_witnesses_in_the_terms_nothing_waits(tmp_path: Path) -> None:
    """Agreements made before there were witnesses go on as they did."""
    world = World(tmp_path, terms())
    made = world.office.perform(world.close)
    assert [type(one).__name__ for one in made] == ["RoundComposed"]


def test_a_step_waits_until_every_side_has_cosigned_all_that_is_on_record(tmp_path: Path) -> None:
    """One witness of each side is enough; one entry less than all is not."""
    world = World(tmp_path, terms(("RU", RU_A), ("RU", RU_B), ("UA", UA)))
    with pytest.raises(Refused, match="not cosigned by RU and UA since 2025-07-04T09:00:00Z"):
        world.office.perform(world.close)
    world.cosign(RU_B)
    with pytest.raises(Refused, match=r"not cosigned by UA since .* safeconduct ledger cosign; from 2025-07-04T09:30"):
        world.office.perform(world.close)
    world.cosign(UA)
    world.office.perform(ENROL)
    world.cosign(RU_A)
    with pytest.raises(Refused, match="not cosigned by UA"):
        world.office.perform(world.close)
    size, root = world.size, world.office.recorder.root()
    world.cosign(UA)
    step, *_ = world.office.perform(world.close)
    assert isinstance(step, StepCosigned)
    assert (step.step, step.size, step.cosigned_by, step.lacking) == ("round-composed", size, ("RU", "UA"), ())
    assert step.root == to_base64(root)
    assert world.office.state.agreement.steps == [step]


def test_what_is_recorded_later_must_be_cosigned_anew(tmp_path: Path) -> None:
    """The next step rests on what stands then."""
    world = World(tmp_path, terms(("RU", RU_A), ("UA", UA)))
    world.cosign(RU_A, UA)
    world.office.perform(world.close)
    with pytest.raises(Refused, match="not cosigned by RU and UA"):
        world.office.perform(replace(world.close, exchange="2025-07-05"))


def test_since_when_a_side_lacks_is_when_its_first_uncosigned_entry_was_recorded(tmp_path: Path) -> None:
    """Not when it was asked, and not when it cosigned last."""
    world = World(tmp_path, terms(("RU", RU_A), ("UA", UA)))
    world.cosign(RU_A, UA)
    world.clock.at_us = START_US + HOUR_US
    world.office.perform(ENROL)
    world.cosign(RU_A)
    found = lacking(world.office.state, world.office.cosigned())
    assert found == Lacking(("UA",), START_US + HOUR_US, 30 * MINUTE_US)
    assert str(found) == "not cosigned by UA since 2025-07-04T10:00:00Z"


@pytest.mark.parametrize(("wait", "minutes"), [("", 30), ("5m", 5)])
def test_two_keys_may_go_on_once_the_time_agreed_is_over(tmp_path: Path, wait: str, minutes: int) -> None:
    """Not before, not one alone, not twice the same; and the step says who lacked since when and who went on."""
    world = World(tmp_path, terms(("RU", RU_A), ("UA", UA), wait=wait))
    office = world.office
    founding = office.recorder.founder()
    office.perform(ENROL)
    world.cosign(RU_A)
    world.clock.at_us = START_US + minutes * MINUTE_US - 1
    with pytest.raises(Refused, match="is waited for"):
        world.agree(founding)
    world.clock.at_us += 1
    with pytest.raises(Refused, match="two keys of the intermediary must agree to go on without, 0 do"):
        office.perform(world.close)
    for _ in range(2):
        world.agree(founding)
        world.cosign(RU_A)
        with pytest.raises(Refused, match="1 does"):
            office.perform(world.close)
    with pytest.raises(Refused, match="of no person of the intermediary"):
        world.agree(b"x" * 32)
    world.agree(bytes(OFFICER.verify_key))
    world.cosign(RU_A)
    step, *_ = office.perform(world.close)
    assert isinstance(step, StepCosigned)
    assert (step.cosigned_by, step.lacking, step.lacking_since_us) == (("RU",), ("UA",), START_US)
    assert step.agreed_by == (founding.hex(), bytes(OFFICER.verify_key).hex())


def test_a_key_enrolled_for_it_does_not_count(tmp_path: Path) -> None:
    """Nobody goes on alone by enrolling a further key: it counts a day later."""
    world = World(tmp_path, terms(("RU", RU_A), ("UA", UA)))
    further = SigningKey(b"f" * 32)
    for key in (OFFICER, further):
        world.office.perform(replace(ENROL, public_key=bytes(key.verify_key).hex()))
    world.cosign(RU_A)
    world.clock.at_us = START_US + DAY_US - 1
    world.agree(world.office.recorder.founder())
    world.cosign(RU_A)
    with pytest.raises(Refused, match="is new: it counts from 2025-07-05T09:00:00Z on"):
        world.agree(bytes(further.verify_key))
    world.clock.at_us += 1
    world.agree(bytes(further.verify_key))
    world.cosign(RU_A)
    world.office.perform(world.close)


def test_agreeing_covers_one_step_and_those_sides_alone(tmp_path: Path) -> None:
    """Who agreed to go on without UA has not agreed to go on without RU, nor to the next step."""
    world = World(tmp_path, terms(("RU", RU_A), ("UA", UA)))
    office = world.office
    office.perform(ENROL)
    world.clock.at_us += HOUR_US
    keys = (office.recorder.founder(), bytes(OFFICER.verify_key))
    for key in keys:
        world.cosign(RU_A)
        world.agree(key)
    world.notes.clear()
    with pytest.raises(Refused, match=r"not cosigned by RU and UA .*0 do"):
        office.perform(world.close)
    world.cosign(RU_A)
    office.perform(world.close)
    world.cosign(RU_A)
    with pytest.raises(Refused, match="0 do"):
        office.perform(replace(world.close, exchange="2025-07-05"))
    again = CloseRound("2025-07-04", "00", {}, (), ())
    with pytest.raises(Refused):
        office.perform(again)


def test_the_intermediarys_own_witness_counts_as_a_side(tmp_path: Path) -> None:
    """Where the terms name one of NI, its cosignature is waited for too."""
    world = World(tmp_path, terms(("RU", RU_A), ("UA", UA), ("NI", NI)))
    world.cosign(RU_A, UA)
    with pytest.raises(Refused, match="not cosigned by NI"):
        world.office.perform(world.close)


def test_other_commands_wait_for_nobody() -> None:
    """A signature, a list, a report: recording never waits."""
    state = Exchange()
    sizes: Mapping[VerifierKey, int] = {}
    cosigned = Cosigned(0, b"", lambda _: 0, sizes)
    assert cosigned_step(state, AttestSignature("RU", "", "", "NI"), cosigned, 0) is None


def test_cosignatures_on_another_ledger_under_the_same_key_count_for_nothing(tmp_path: Path) -> None:
    """A fork of the same length, cosigned by both, does not let a step of this ledger pass."""
    source = terms(("RU", RU_A), ("UA", UA))
    world, other = World(tmp_path, source), World(tmp_path / "fork", source)
    for one in (world, other):
        one.clock.at_us += 1 if one is other else 0
        one.office.perform(ENROL)
    other.cosign(RU_A, UA)
    world.notes = other.notes
    assert world.size == other.size
    with pytest.raises(Refused, match="not cosigned by RU and UA"):
        world.office.perform(world.close)
    other.office.perform(other.close)
