"""Keys enrolled and revoked: who may sign, and what the state does not allow."""

from dataclasses import replace
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.copying import TERMS
from tests.app.recording import Seeded, StandingClock

from safeconduct.agreement.authors import DEVICE, NEW_KEY_WAITS_US, PERSON
from safeconduct.agreement.entries import AuthorCloned
from safeconduct.app.commands import Command, EnrolAuthor, RevokeAuthor
from safeconduct.app.deciding import decide
from safeconduct.app.office import Office
from safeconduct.app.workspace import create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.reception.entries import FacilityEnrolled

KEYS = [bytes(SigningKey(bytes([number]) * 32).verify_key).hex() for number in range(1, 5)]
FOUNDING = SigningKey(bytes(32)).verify_key
OFFICER = EnrolAuthor(KEYS[0], "NI", PERSON, "duty officer 2", "NI")
DELEGATE = EnrolAuthor(KEYS[1], "RU", PERSON, "head of delegation", "NI")
TABLET = EnrolAuthor(KEYS[2], "NI", DEVICE, "d1", "NI")
HOSPITAL = FacilityEnrolled(
    occurred_at_us=2, facility="H1", name="Hospital", home="UA", public_key="00", attested_by="NI"
)


def after(*commands: Command) -> Exchange:
    """The state after these commands, in a ledger of the intermediary NI with terms and one hospital."""
    state = Exchange()
    state.agreement.authors.found(bytes(FOUNDING), "NI")
    state.apply(TERMS)
    state.apply(HOSPITAL)
    for command in commands:
        for entry in decide(state, command, 5):
            state.apply(entry)
    return state


def test_the_intermediary_has_two_keys_once_a_second_officer_is_enrolled() -> None:
    """The founding key needs no entry; devices do not count as persons."""
    authors = after(OFFICER, DELEGATE, TABLET).agreement.authors
    assert authors.officers() == {bytes(FOUNDING).hex(): 0, KEYS[0]: 0}
    assert authors.keys[KEYS[1]].own == ("RU",)


def test_a_further_key_counts_a_day_after_its_enrolment() -> None:
    """Only the first ever enrolled counts at once, also after it was revoked; a device or a party's key is not it."""
    founding = bytes(FOUNDING).hex()
    further = replace(OFFICER, public_key=KEYS[1])
    assert after(TABLET, OFFICER, further).agreement.authors.officers() == {
        founding: 0,
        KEYS[0]: 0,
        KEYS[1]: 5 + NEW_KEY_WAITS_US,
    }
    state = after(DELEGATE, replace(OFFICER, public_key=KEYS[2]), RevokeAuthor(KEYS[2], 0, "lost", "NI"), OFFICER)
    assert state.agreement.authors.officers() == {founding: 0, KEYS[0]: 5 + NEW_KEY_WAITS_US}


def test_a_facilitys_key_is_its_home_partys_affair() -> None:
    """The label of a facility's key is told to its home party."""
    authors = after(replace(DELEGATE, actor="H1")).agreement.authors
    assert authors.keys[KEYS[1]].own == ("UA",)


def test_a_revoked_key_counts_up_to_its_cut_and_signs_no_more() -> None:
    """Of two cuts the earlier stands."""
    state = after(DELEGATE, RevokeAuthor(KEYS[1], 4, "lost", "NI"), RevokeAuthor(KEYS[1], 2, "stolen", "NI"))
    found = state.agreement.authors.keys[KEYS[1]]
    assert [found.counts(number) for number in (1, 2, 3, 5)] == [True, True, False, False]
    assert (found.signs, found.reason) == (False, "stolen")


def test_a_key_in_two_hands_signs_no_more() -> None:
    """What it signed before still counts, until somebody says from when it does not."""
    state = after(DELEGATE)
    state.apply(AuthorCloned(occurred_at_us=6, public_key=KEYS[1], author_seq=2, first="aa", second="bb"))
    found = state.agreement.authors.keys[KEYS[1]]
    assert (found.signs, found.counts(9)) == (False, True)


REVOKED = RevokeAuthor(KEYS[1], 3, "left", "NI")
REFUSED: dict[str, tuple[list[Command], Command, str]] = {
    "a key enrolled already": ([DELEGATE], DELEGATE, "is enrolled for RU already"),
    "a key that was revoked": ([DELEGATE, REVOKED], DELEGATE, "is enrolled for RU already"),
    "the founding key": ([], replace(DELEGATE, public_key=bytes(FOUNDING).hex()), "is enrolled for NI already"),
    "a key in capitals": ([], replace(DELEGATE, public_key=KEYS[1].upper()), "is no public key"),
    "no digits": ([], replace(DELEGATE, public_key="x" * 64), "is no public key"),
    "a key too short": ([], replace(DELEGATE, public_key=KEYS[1][2:]), "is no public key"),
    "the identity": ([], replace(DELEGATE, public_key="01" + "00" * 31), "is no public key"),
    "a point of order 8": (
        [],
        replace(DELEGATE, public_key="c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        "is no public key",
    ),
    "a point written in a second way": ([], replace(DELEGATE, public_key="ee" + "ff" * 30 + "7f"), "is no public key"),
    "a key of a stranger": ([], replace(DELEGATE, actor="FR"), "'FR' is neither party"),
    "a kind that is none": ([], replace(DELEGATE, kind="robot"), "unknown kind of author 'robot'"),
    "a label of nothing": ([], replace(DELEGATE, label=" "), "names nobody"),
    "a label of two lines": ([], replace(DELEGATE, label="a\nb"), "names nobody"),
    "an enrolment attested by a party": ([], replace(DELEGATE, attested_by="RU"), "'RU' is not an intermediary"),
    "revoking a stranger": ([], REVOKED, "no key"),
    "revoking the founding key": ([], replace(REVOKED, public_key=bytes(FOUNDING).hex()), "the key that writes"),
    "revoking for no reason": ([DELEGATE], replace(REVOKED, reason="bored"), "unknown reason 'bored'"),
    "revoking after a number below none": ([DELEGATE], replace(REVOKED, last_seq=-1), "numbered from 1"),
    "a later cut": ([DELEGATE, REVOKED], replace(REVOKED, last_seq=4), "revoked after its number 3 already"),
    "the same cut again": ([DELEGATE, REVOKED], REVOKED, "revoked after its number 3 already"),
    "a revocation attested by a party": ([DELEGATE], replace(REVOKED, attested_by="RU"), "not an intermediary"),
}


@pytest.mark.parametrize(("before", "command", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_state_does_not_allow_is_refused(before: list[Command], command: Command, why: str) -> None:
    """Each refusal names its reason."""
    state = after(*before)
    with pytest.raises(Refused, match=why):
        decide(state, command, 5)


def test_the_office_knows_the_founding_key_from_the_first_entry_on(tmp_path: Path) -> None:
    """Before anything is recorded it is the workspace's own key, after a restart the author of entry 0: the same."""
    workspace = create_workspace(tmp_path, "istanbul-2025-06-02", "NI", Seeded(0))
    for _ in range(2):
        office = Office(workspace.open_recorder(StandingClock(), Seeded(1), DECODER), StandingClock())
        (found,) = office.state.agreement.authors.keys.values()
        assert found.founding
        office.record([TERMS])
        office.recorder.close()
    assert {one.author.hex() for one in workspace.open_record(DECODER).read()} == {found.public_key}
