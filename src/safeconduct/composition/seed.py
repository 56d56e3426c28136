"""The seed by which equals are ordered: every party has its part in it, and none can steer it.

Each party commits to 32 secret bytes for given terms and candidates. Once all commitments are in, each reveals its
bytes; the seed is a hash of them all. Who commits does not know the others' bytes, and who reveals can change nothing
any more; what is left is to reveal nothing, and that everybody sees. Every hash is of lines of text, each ended by a
newline, so that `sha256sum` checks it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Self

import msgspec

from safeconduct.kernel.documents import Table, parse_json
from safeconduct.kernel.errors import BadInput, Fault

SECRET_BYTES = 32
_HEX = frozenset("0123456789abcdef")


class Subject(msgspec.Struct, frozen=True):
    """For what a seed is made."""

    exchange: str
    parties: tuple[str, ...]
    """Sorted: those who must all have a part in it."""
    terms_sha256: str
    candidates_sha256: str


class Commitment(msgspec.Struct, frozen=True):
    """What a party publishes first."""

    party: str
    subject: Subject
    commitment: str


class Secret(msgspec.Struct, frozen=True):
    """What the party keeps to itself until all have committed."""

    party: str
    subject: Subject
    secret: str


class Reveal(msgspec.Struct, frozen=True):
    """What the party publishes last."""

    party: str
    subject: Subject
    secret: str
    commitments: dict[str, str]
    """By party, those that it had seen: all of them."""


class Seed(msgspec.Struct, frozen=True):
    """The seed, and all that it takes to check it."""

    subject: Subject
    commitments: dict[str, str]
    secrets: dict[str, str]
    seed: str

    @classmethod
    def of(cls, subject: Subject, commitments: Mapping[str, str], secrets: Mapping[str, str]) -> Self:
        """The seed of these parts, all of which are there."""
        parts = [line for party in subject.parties for line in (party, secrets[party])]
        return cls(
            subject, dict(commitments), dict(secrets), _sha256("safeconduct seed/1", *_of_subject(subject), *parts)
        )


def subject_of(exchange: str, parties: Sequence[str], terms_sha256: str, candidates_sha256: str) -> Subject:
    """Raises ValueError for names that do not stand on one line each."""
    for name in (exchange, *parties):
        if not name.isprintable() or not name:
            raise ValueError(f"{name!r} is no name of one line")
    return Subject(exchange, tuple(sorted(parties)), terms_sha256, candidates_sha256)


def committed(party: str, subject: Subject, secret: str) -> str:
    """The commitment of a party to its secret, in hex."""
    return _sha256("safeconduct seed commitment/1", party, *_of_subject(subject), secret)


def drawn(seed: str, ref: str) -> str:
    """By what a person is ordered among equals: the smaller goes first."""
    return _sha256("safeconduct order/1", seed, ref)


def reveal(kept: Secret, commitments: Sequence[tuple[str, Commitment]]) -> Reveal:
    """What the party publishes once all have committed; `commitments` are told with the names of their files.

    Raises BadInput if one is lacking, stands twice or was made for something else, or is not of this secret.
    """
    seen = _gathered(kept.subject, [(name, one.party, one.subject, one.commitment) for name, one in commitments])
    _all_there(kept.subject, seen, "commitment", "wait until every party has committed")
    for name, one in commitments:
        if one.party == kept.party and one.commitment != committed(kept.party, kept.subject, kept.secret):
            raise BadInput(Fault(name, 0, 0, "is not the commitment to this secret", "give the two made together"))
    return Reveal(kept.party, kept.subject, kept.secret, seen)


def join(commitments: Sequence[tuple[str, Commitment]], reveals: Sequence[tuple[str, Reveal]]) -> Seed:
    """The seed of what all parties committed to and revealed, told with the names of their files.

    Raises BadInput if a party is lacking or stands twice, if something was made for something else, if a reveal does
    not match its commitment, or its party had seen other commitments.
    """
    if not commitments:
        raise BadInput(Fault("seed", 0, 0, "no commitment is given", "give those of every party, and their reveals"))
    subject = commitments[0][1].subject
    seen = _gathered(subject, [(name, one.party, one.subject, one.commitment) for name, one in commitments])
    secrets = _gathered(subject, [(name, one.party, one.subject, one.secret) for name, one in reveals])
    _all_there(subject, seen, "commitment", "give those of every party")
    for name, one in reveals:
        if committed(one.party, subject, one.secret) != seen[one.party]:
            what = f"what {one.party} reveals is not what it committed to"
            raise BadInput(Fault(name, 0, 0, what, "ask it for what it committed to, or begin again"))
        for party in subject.parties:
            if one.commitments[party] != seen[party]:
                what = f"{one.party} was shown another commitment of {party} when it revealed"
                raise BadInput(Fault(name, 0, 0, what, "find out which one was published, or begin again"))
    _all_there(subject, secrets, "reveal", "ask that party for it; without it there is no seed")
    return Seed.of(subject, seen, secrets)


def check_seed(name: str, seed: Seed, terms_sha256: str, candidates_sha256: str, parties: Sequence[str]) -> None:
    """Refuse a seed that does not follow from its parts, or was made for something else. Raises BadInput."""
    subject = seed.subject
    for what, made_for, given in (
        ("other terms", subject.terms_sha256, terms_sha256),
        ("other candidates", subject.candidates_sha256, candidates_sha256),
        ("other parties", subject.parties, tuple(sorted(parties))),
    ):
        if made_for != given:
            mend = "compose from those that it was made for, or let the parties commit again"
            raise BadInput(Fault(name, 0, 0, f"the seed was made for {what}", mend))
    for party in subject.parties:
        if seed.commitments.get(party) != committed(party, subject, seed.secrets.get(party, "")):
            what = f"what {party} revealed is not what it committed to"
            raise BadInput(Fault(name, 0, 0, what, "join the parties' own files again"))
    if seed != Seed.of(subject, seed.commitments, seed.secrets):
        raise BadInput(Fault(name, 0, 0, "the seed does not follow from its parts", "join the parties' files again"))


def read_commitment(name: str, source: bytes) -> Commitment:
    """Read a commitment. Raises BadInput."""
    root = parse_json(name, source).root()
    read = Commitment(root.text("party"), _subject(root), _hash(root, "commitment"))
    root.finish()
    return read


def read_secret(name: str, source: bytes) -> Secret:
    """Read a secret. Raises BadInput."""
    root = parse_json(name, source).root()
    read = Secret(root.text("party"), _subject(root), _hash(root, "secret"))
    root.finish()
    return read


def read_part(name: str, source: bytes) -> Commitment | Reveal:
    """Read a commitment or a reveal, whichever it is. Raises BadInput."""
    root = parse_json(name, source).root()
    if not root.has("secret"):
        return read_commitment(name, source)
    if not root.has("commitments"):
        what = "this is a secret that has not been revealed"
        raise BadInput(Fault(name, 0, 0, what, "keep it; its party reveals it with safeconduct seed reveal"))
    party, subject = root.text("party"), _subject(root)
    seen = _by_party(root.table("commitments"), subject)
    read = Reveal(party, subject, _hash(root, "secret"), seen)
    root.finish()
    return read


def read_seed(name: str, source: bytes) -> Seed:
    """Read a joined seed; `check_seed` checks it. Raises BadInput."""
    root = parse_json(name, source).root()
    subject = _subject(root)
    read = Seed(
        subject,
        _by_party(root.table("commitments"), subject),
        _by_party(root.table("secrets"), subject),
        _hash(root, "seed"),
    )
    root.finish()
    return read


def _gathered(subject: Subject, parts: Sequence[tuple[str, str, Subject, str]]) -> dict[str, str]:
    """By party. Raises BadInput for one that stands twice, is no party, or was made for something else."""
    found: dict[str, str] = {}
    for name, party, made_for, value in parts:
        if made_for != subject:
            differs = next(one for one in Subject.__struct_fields__ if getattr(made_for, one) != getattr(subject, one))
            what = f"the part of {party} was made for something else ({differs} differs)"
            raise BadInput(Fault(name, 0, 0, what, "let that party commit for the same exchange, terms and candidates"))
        if party not in subject.parties:
            raise BadInput(Fault(name, 0, 0, f"{party!r} is no party of the agreement", "leave it out"))
        if party in found:
            raise BadInput(Fault(name, 0, 0, f"this is a second part of {party}", "give one of each party"))
        found[party] = value
    return {party: found[party] for party in subject.parties if party in found}


def _all_there(subject: Subject, found: Mapping[str, str], what: str, mend: str) -> None:
    lacking = [party for party in subject.parties if party not in found]
    if lacking:
        raise BadInput(Fault("seed", 0, 0, f"the {what} of {lacking[0]} is lacking", mend))


def _subject(root: Table) -> Subject:
    table = root.table("subject")
    parties = table.texts("parties", minimum=2)
    hashes = _hash(table, "terms_sha256"), _hash(table, "candidates_sha256")
    exchange = table.text("exchange")
    table.finish()
    try:
        subject = subject_of(exchange, parties, *hashes)
    except ValueError as error:
        table.refuse(None, str(error), "write it on one line")
    if subject.parties != parties:
        table.refuse("parties", "the parties are not in order", "sort them")
    return subject


def _by_party(table: Table, subject: Subject) -> dict[str, str]:
    found = {party: _hash(table, party) for party in subject.parties}
    table.finish()
    return found


def _hash(table: Table, key: str) -> str:
    value = table.text(key)
    if len(value) != 2 * SECRET_BYTES or not set(value) <= _HEX:
        table.refuse(key, f"'{key}' is not 64 hexadecimal digits in small letters", "copy it whole")
    return value


def _of_subject(subject: Subject) -> tuple[str, str, str]:
    return subject.exchange, subject.terms_sha256, subject.candidates_sha256


def _sha256(*lines: str) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
