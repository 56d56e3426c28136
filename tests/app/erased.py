"""Erasures as two persons of the intermediary bring them about at an office."""

from nacl.signing import SigningKey
from tests.app.recording import ENROLLED, SECOND, SECOND_PUBLIC

from safeconduct.app.erasing import agreement
from safeconduct.app.erasure_desk import ErasureAsked, ErasureStands, ask_for_erasure
from safeconduct.app.office import Office
from safeconduct.app.own_device import sign_entry
from safeconduct.app.signed_files import encode_signed
from safeconduct.disclosure.entries import DataErased


def ask(office: Office, subject: str, reason: str, key: SigningKey | None = None) -> ErasureStands:
    """One person asks, with this key or that of the desk."""
    public_key = office.recorder.author if key is None else bytes(key.verify_key)
    entry = agreement(office.state, subject, reason, public_key.hex(), office.clock.now_us())
    signed = ""
    if key is not None and entry is not None:
        seen = office.recorder.size(), office.recorder.root()
        signed = encode_signed(sign_entry(entry, key, office.recorder.chain(public_key), seen, bytes(32))).decode()
    asked = ErasureAsked(subject=subject, reason=reason, public_key=public_key.hex(), signed=signed)
    return ask_for_erasure(office, asked)


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
