"""The terms file: the agreement's header and, of each clause, what every kind has in common.

What the parties sign is this text, byte for byte. Parameters that only one kind has are read in `clauses/`, one file
a kind, from the same table.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from safeconduct.agreement.witnesses import WAIT_US, Witness, read_witnesses
from safeconduct.kernel.documents import Document, Faults, Table, parse_toml
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import DAY_US
from safeconduct.vocabulary.severity import SEVERITIES

BUILT_IN = ("protected", "plan", "integrity")
"""The ids of clauses that stand in every agreement without being written there."""
OF_RELEASES = "sealed-release"
"""Under what alarms on releases of sealed fields stand: the id of no clause."""
REVIEW_US = DAY_US
"""What `release_review` is where the terms do not say."""
RELEASE_LIMIT = 20
"""What `release_limit` is where the terms do not say."""
OF_KEYS = "author-keys"
"""Under what alarms on the keys of authors stand: the id of no clause."""
ADVICE = ("notify-parties", "pause", "abort")


@dataclass(frozen=True)
class Agreement:
    """The header of the terms."""

    id: str
    title: str
    concluded: date
    parties: tuple[str, ...]
    intermediaries: tuple[str, ...]
    witness_wait_us: int
    """How long an irreversible step waits for the witnesses' cosignatures."""
    release_review_us: int = REVIEW_US
    """Within how long another key reviews a release under break-glass."""
    release_limit: int = RELEASE_LIMIT
    """How many sealed fields one key may release to third persons in 24 hours."""


_COMMON = ("id", "kind", "text", "source", "severity", "on_breach", "readings", "as_read_by")
"""The fields that every clause may have."""


@dataclass(frozen=True)
class ClauseHeader:
    """What every clause has, whatever its kind."""

    id: str
    kind: str
    text: str
    """The wording agreed, shown to people; empty if the terms give none."""
    source: str
    severity: str
    on_breach: tuple[str, ...]
    """Advice shown on a breach; a person decides."""
    readings: tuple[tuple[str, str], ...]
    """Each party's own reading of a disputed term, beside the agreed wording: (party, its reading)."""
    table: Table
    """Where the parameters of the kind are read from."""
    as_read_by: tuple[tuple[str, Table], ...] = ()
    """A party's own reading of a disputed term as parameters in place of agreed ones: (party, these)."""

    def as_read(self, party: str, alternatives: Collection[str]) -> "ClauseHeader":
        """The header as this party reads the clause.

        `alternatives` are the parameters of which one must stand: where the reading names one, it names all that hold.
        """
        own = dict(self.as_read_by)[party]
        without = alternatives if any(name in own.values for name in alternatives) else ()
        table = self.table.overlaid(own, without)
        table.allow(*_COMMON)
        return replace(self, table=table)


@dataclass(frozen=True)
class TermsText:
    """A terms file whose header is sound; the clauses' parameters are still to be read."""

    document: Document
    sha256: str
    """Hex digest of the file's bytes: what the parties sign."""
    agreement: Agreement
    clauses: tuple[ClauseHeader, ...]
    witnesses: tuple[Witness, ...]


def read_terms_text(name: str, source: bytes) -> TermsText:
    """Read a terms file. Raises BadInput with every fault of the header and of the clauses' common fields."""
    document = parse_toml(name, source)
    root = document.root()
    faults = Faults()
    agreement: Agreement | None = None
    clauses: list[ClauseHeader] = []
    with faults.gather():
        agreement = _read_agreement(root.table("agreement"))
    parties = agreement.parties if agreement else None
    seen: set[str] = set()
    with faults.gather():
        for table in root.tables("clause") if root.has("clause") else ():
            with faults.gather():
                header = _read_header(table, parties)
                if header.id in (*BUILT_IN, OF_RELEASES, OF_KEYS):
                    table.refuse("id", f"{header.id!r} is the name of a built-in clause", "give this one another id")
                if header.id in seen:
                    table.refuse("id", f"the clause id {header.id!r} stands twice", "give each clause its own id")
                seen.add(header.id)
                clauses.append(header)
    witnesses: tuple[Witness, ...] = ()
    with faults.gather():
        tables = root.tables("witness") if root.has("witness") else ()
        intermediaries = agreement.intermediaries if agreement else ()
        witnesses = read_witnesses(tables, root.table("agreement"), parties, intermediaries)
    root.allow("clause", "witness")
    with faults.gather():
        root.finish()
    faults.settle()
    if agreement is None:
        raise AssertionError("an agreement that cannot be read is a fault")
    return TermsText(document, hashlib.sha256(source).hexdigest(), agreement, tuple(clauses), witnesses)


def _read_agreement(table: Table) -> Agreement:
    agreement = Agreement(
        id=table.text("id"),
        title=table.text("title") if table.has("title") else table.text("id"),
        concluded=table.date("concluded"),
        parties=table.texts("parties", minimum=2),
        intermediaries=table.texts("intermediaries") if table.has("intermediaries") else (),
        witness_wait_us=table.duration_us("witness_wait") if table.has("witness_wait") else WAIT_US,
        release_review_us=_review_us(table) if table.has("release_review") else REVIEW_US,
        release_limit=table.integer("release_limit", minimum=1) if table.has("release_limit") else RELEASE_LIMIT,
    )
    table.finish()
    for party in agreement.intermediaries:
        if party in agreement.parties:
            table.refuse("intermediaries", f"{party!r} is a party and an intermediary", "name it once")
    return agreement


def _review_us(table: Table) -> int:
    review_us = table.duration_us("release_review")
    if review_us <= 0:
        table.refuse("release_review", "no time would be left for a review", 'write a duration as "24h"')
    return review_us


def _read_header(table: Table, parties: tuple[str, ...] | None) -> ClauseHeader:
    return ClauseHeader(
        id=table.text("id"),
        kind=table.text("kind"),
        text=table.text("text") if table.has("text") else "",
        source=table.text("source") if table.has("source") else "",
        severity=table.choice("severity", SEVERITIES) if table.has("severity") else "serious",
        on_breach=_read_advice(table) if table.has("on_breach") else (),
        readings=_read_readings(table.table("readings"), parties) if table.has("readings") else (),
        table=table,
        as_read_by=_read_rereadings(table.table("as_read_by"), parties) if table.has("as_read_by") else (),
    )


def _read_advice(table: Table) -> tuple[str, ...]:
    advice = table.texts("on_breach")
    for item in advice:
        if item not in ADVICE:
            table.refuse("on_breach", f"{item!r} is no advice", f"allowed: {', '.join(ADVICE)}")
    return advice


def _read_readings(table: Table, parties: tuple[str, ...] | None) -> tuple[tuple[str, str], ...]:
    """In the order of the parties; where these could not be read (None), whose readings stand here is not judged."""
    names = tuple(table.values) if parties is None else parties
    readings = tuple((party, table.text(party)) for party in names if table.has(party))
    table.finish()
    return readings


def _read_rereadings(table: Table, parties: tuple[str, ...] | None) -> tuple[tuple[str, Table], ...]:
    """In the order of the parties; where these could not be read (None), whose readings stand here is not judged."""
    names = tuple(table.values) if parties is None else parties
    readings = tuple((party, table.table(party)) for party in names if table.has(party))
    table.finish()
    for _, reading in readings:
        for key in reading.values:
            if key in _COMMON:
                what = f"'{key}' is no parameter of the kind: a reading has others in place of agreed parameters alone"
                raise BadInput(reading.fault(key, what, "remove it; its wording stands in 'readings'", of="key"))
    return readings
