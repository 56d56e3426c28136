"""Who is asked to cosign: by the terms as they stand now, and by the settings, which know today's addresses."""

from dataclasses import replace
from pathlib import Path

from msgspec import structs
from nacl.signing import SigningKey
from tests.app.copying import TERMS, workspace_with
from tests.app.recording import Seeded, StandingClock

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.app.witnesses_asked import WitnessesAsked, witnesses_asked
from safeconduct.exchange.entries import DECODER
from safeconduct.ledger.cosignature import witness_key
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.policy import PolicyKey

RU, RU_2, UA, ELSEWHERE = (witness_key(f"w{number}.example", SigningKey(bytes([number]) * 32)) for number in range(4))


def terms(*witnesses: tuple[str, VerifierKey, str]) -> TermsRecorded:
    """Terms with these witnesses: side, key, address."""
    text = '[agreement]\nid = "a"\nconcluded = 2025-06-02\nparties = ["RU", "UA"]\nintermediaries = ["NI"]\n'
    for of, key, url in witnesses:
        text += f'[[witness]]\nof = "{of}"\nkey = "{key}"\n' + (f'url = "{url}"\n' if url else "")
    return structs.replace(TERMS, terms_text=text)


def test_the_terms_are_followed_as_they_change(tmp_path: Path) -> None:
    """New terms put on record while the server runs name others."""
    workspace = workspace_with(tmp_path / "w", [[terms(("RU", RU, "https://a"), ("UA", UA, "https://b"))]])
    asked = WitnessesAsked(workspace)
    assert asked.now() == {"RU": PolicyKey(RU, "https://a"), "UA": PolicyKey(UA, "https://b")}
    recorder = workspace.open_recorder(StandingClock(), Seeded(3), DECODER)
    recorder.record([terms(("RU", RU, "https://a"), ("RU", RU_2, "https://c"), ("UA", UA, ""))])
    recorder.close()
    assert asked.now() == {"RU": PolicyKey(RU, "https://a"), f"RU ({RU_2.name})": PolicyKey(RU_2, "https://c")}
    assert [one.key for one in asked.without_address()] == [UA]
    asked.close()


def test_the_settings_know_todays_address_and_further_witnesses(tmp_path: Path) -> None:
    """Of a witness of the terms theirs is used; one that the terms do not name is asked as well."""
    workspace = workspace_with(tmp_path / "w", [[terms(("RU", RU, "https://old"), ("UA", UA, ""))]])
    settings = {
        "Kyiv": PolicyKey(UA, "https://b"),
        "RU": PolicyKey(RU, "https://new"),
        "x": PolicyKey(ELSEWHERE, "https://x"),
    }
    assert witnesses_asked(replace(workspace, witnesses=settings)) == (settings, ())


def test_where_the_record_is_locked_the_settings_alone_are_asked(tmp_path: Path) -> None:
    """Without keys the terms cannot be read; what can be cosigned still is."""
    workspace = workspace_with(tmp_path / "w", [[terms(("RU", RU, "https://a"), ("UA", UA, "https://b"))]])
    workspace.keys_path.unlink()
    settings = {"RU": PolicyKey(RU, "https://a")}
    assert witnesses_asked(replace(workspace, witnesses=settings)) == (settings, ())
