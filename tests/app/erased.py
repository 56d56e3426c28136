"""Erasures as two persons of the intermediary bring them about at an office."""

from nacl.signing import SigningKey
from tests.app.recording import ENROLLED, SECOND, SECOND_PUBLIC, Seeded

from safeconduct.app.office import Office
from safeconduct.app.officer_acts import EraseData, ErasureStands
from safeconduct.app.officer_desk import asking_at, perform
from safeconduct.disclosure.entries import DataErased


def ask(office: Office, subject: str, reason: str, key: SigningKey | None = None) -> ErasureStands:
    """One person asks, with this key or that of the desk."""
    asked = asking_at(office, EraseData(subject, reason), key, Seeded(office.recorder.size()))
    stands = perform(office, asked, ())
    assert isinstance(stands, ErasureStands)
    return stands


def enrol_second(office: Office) -> None:
    """A second person has a key, from the first time on."""
    if SECOND_PUBLIC not in office.state.agreement.authors.keys:
        office.record([ENROLLED])


def erase(office: Office, subject: str, reason: str) -> DataErased:
    """Both agree, and it is done."""
    enrol_second(office)
    ask(office, subject, reason)
    ask(office, subject, reason, SECOND)
    return office.state.disclosure.erasures[-1]
