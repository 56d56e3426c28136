"""Going on without a side's cosignature: two keys, each its own entry, shown to every party; never one alone."""

import json
from pathlib import Path

from msgspec import structs
from nacl.signing import SigningKey
from tests.app.copying import TERMS, workspace_with
from tests.app.recording import Seeded, StandingClock
from tests.app.test_ledger_commands import safeconduct

from safeconduct.agreement.entries import StepCosigned, UncosignedStepAgreed
from safeconduct.app.commands import CloseRound
from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.exporting import export_copy
from safeconduct.app.office import Office
from safeconduct.app.quorum import cosigned_step
from safeconduct.exchange.entries import DECODER
from safeconduct.ledger.cosignature import witness_key

KEYS = {
    party: witness_key(f"{party.lower()}.example", SigningKey(bytes([number]) * 32))
    for number, party in enumerate(("RU", "UA"))
}
WITNESSES = "".join(f'[[witness]]\nof = "{party}"\nkey = "{key}"\n' for party, key in KEYS.items())
TEXT = f"""
[agreement]
id = "istanbul-2025-06-02"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]
{WITNESSES}"""
PROCEED = ("ledger", "proceed", "round-closed", "2025-07-04", "--workspace", "w")


def test_two_persons_agree_each_with_a_key_of_their_own(tmp_path: Path) -> None:
    """The second officer's key is enrolled first; the check of the record and of a party's copy find nothing wrong."""
    workspace = workspace_with(tmp_path / "w", [[structs.replace(TERMS, terms_text=TEXT)]])
    key = safeconduct("author", "new", "officer.key", folder=tmp_path).stdout.strip()
    refused = safeconduct(*PROCEED, "--key", "officer.key", folder=tmp_path)
    assert (refused.returncode, "of no person of the intermediary" in refused.stderr) == (2, True)
    enrolled = safeconduct(
        "author", "enrol", key, "--of", "NI", "--label", "duty officer 2", "--workspace", "w", folder=tmp_path
    )
    assert enrolled.returncode == 0
    first = safeconduct(*PROCEED, folder=tmp_path)
    assert (first.returncode, "1 of 2 agree" in first.stdout) == (0, True)
    second = safeconduct(*PROCEED, "--key", "officer.key", "--json", folder=tmp_path)
    assert json.loads(second.stdout) == {
        "step": "round-closed", "exchange": "2025-07-04", "lacking": ["RU", "UA"], "keys_agreed": 2,
    }  # fmt: skip
    recorder = workspace.open_recorder(StandingClock(2_000_000_000_000_000), Seeded(9), DECODER)
    office = Office(recorder, StandingClock(2_000_000_000_000_000))
    step = cosigned_step(
        office.state, CloseRound("2025-07-04", "", {}, (), ()), office.cosigned(), 2_000_000_000_000_000
    )
    assert isinstance(step, StepCosigned)
    assert (step.lacking, step.agreed_by[1]) == (("RU", "UA"), key)
    recorder.close()
    assert safeconduct("ledger", "fsck", "--workspace", "w", folder=tmp_path).returncode == 0
    export_copy(workspace, "party:RU", tmp_path / "copy")
    report = verify_copy(tmp_path / "copy", workspace.verifier)
    assert (report.verified, report.authors, report.types["agreement.uncosigned-step-agreed/1"].entries) == (True, 2, 2)


def test_an_entry_that_agrees_for_another_key_is_found(tmp_path: Path) -> None:
    """The desk's own key cannot agree in the name of a second person: fsck and every party's copy say so."""
    workspace = workspace_with(tmp_path / "w", [[structs.replace(TERMS, terms_text=TEXT)]])
    recorder = workspace.open_recorder(StandingClock(), Seeded(9), DECODER)
    recorder.record(
        [
            UncosignedStepAgreed(
                occurred_at_us=1, step="round-closed", exchange="x", lacking=("UA",), public_key="ab" * 32
            )
        ]
    )
    recorder.close()
    found = safeconduct("ledger", "fsck", "--workspace", "w", folder=tmp_path)
    assert (found.returncode, "signed in it for another key than its own" in found.stdout) == (1, True)
    export_copy(workspace, "party:UA", tmp_path / "copy")
    assert "another key than its own" in str(verify_copy(tmp_path / "copy", workspace.verifier).problems[0])
