"""A small record to test with: two entry types, a clock that stands and randomness from a seed."""

import random
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec
from nacl.signing import SigningKey

from safeconduct.agreement.authors import PERSON
from safeconduct.agreement.entries import AuthorEnrolled
from safeconduct.app.author_chain import Chain, SignedEntry
from safeconduct.app.own_device import sign_entry
from safeconduct.app.recorder import Recorder
from safeconduct.app.workspace import Workspace, create_workspace
from safeconduct.disclosure.entries import DataErased, ErasureAgreed
from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry
from safeconduct.ledger.header import parse_signed

_PARTIES = told_to(Audience.PARTIES)


class PersonNoted(Entry, frozen=True, kw_only=True, tag="test.person-noted/1"):
    """Something about a person."""

    existence: ClassVar[Audience] = Audience.PARTIES

    person: Annotated[str, _PARTIES]
    name: Annotated[str, _PARTIES]
    number: Annotated[int, _PARTIES] = 0

    def sealed_under(self) -> str:
        """The person."""
        return f"person:{self.person}"


class PaperNoted(Entry, frozen=True, kw_only=True, tag="test.paper-noted/1"):
    """Something about a document."""

    existence: ClassVar[Audience] = Audience.PARTIES

    paper: Annotated[str, _PARTIES]

    def sealed_under(self) -> str:
        """The document."""
        return f"document:{self.paper}"


Noted = PersonNoted | PaperNoted | AuthorEnrolled | ErasureAgreed | DataErased
DECODER: "msgspec.json.Decoder[Noted]" = msgspec.json.Decoder(Noted)


class StandingClock:
    """Stands until it is set."""

    def __init__(self, at_us: int = 1_751_619_600_000_000) -> None:
        self.at_us = at_us

    def now_us(self) -> int:
        """As the port says."""
        return self.at_us


class Seeded:
    """Bytes from a seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def token_bytes(self, count: int) -> bytes:
        """As the port says."""
        return self._random.randbytes(count)


def person(number: int, name: str = "Іваненко") -> PersonNoted:
    """An entry about one of seven persons."""
    return PersonNoted(occurred_at_us=number, person=f"p{number % 7}", name=name, number=number)


def new_workspace(folder: Path) -> Workspace:
    """An empty workspace."""
    return create_workspace(folder, "istanbul-2025-06-02", "NI", Seeded(0))


def recorder(workspace: Workspace, seed: int = 1, clock: StandingClock | None = None) -> "Recorder[Noted]":
    """Its writer."""
    return workspace.open_recorder(clock or StandingClock(), Seeded(seed), DECODER)


SECOND = SigningKey(b"second officer".ljust(32, b"."))
"""The key of a second person of the intermediary."""
SECOND_PUBLIC = bytes(SECOND.verify_key).hex()
ENROLLED = AuthorEnrolled(
    occurred_at_us=1,
    own=(),
    public_key=SECOND_PUBLIC,
    actor="NI",
    kind=PERSON,
    label="duty officer 2",
    attested_by="NI",
)


def erase(writer: "Recorder[Any]", *subjects: str) -> DataErased | None:
    """Erase what is recorded about these, as two persons agree, with the entry that says so; None if nothing is."""
    key_ids = writer.keys_of(subjects)
    if not key_ids:
        return None
    keys, second = (writer.author.hex(), SECOND_PUBLIC), bytes(SECOND.verify_key)
    own, other = (
        ErasureAgreed(occurred_at_us=9, subject=subjects[0], reason="request", reaches=subjects, public_key=key)
        for key in keys
    )
    writer.record([own] if writer.chain(second) != Chain() else [ENROLLED, own])
    made = sign_entry(other, SECOND, writer.chain(second), (writer.size(), writer.root()), bytes(32))
    writer.take([SignedEntry(parse_signed(made.signed).header, made.signed, made.secret, made.text, other)])
    entry = DataErased(
        occurred_at_us=9,
        subject=subjects[0],
        key_ids=tuple(one.hex() for one in key_ids),
        reason="request",
        decided_by=keys,
    )
    writer.record_erasure(key_ids, [entry])
    writer.finish_erasures()
    return entry
