"""The whole library: a terms file in, typed clauses out; a kind that is not in it is refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from safeconduct.agreement.terms import Agreement, TermsText, read_terms_text
from safeconduct.clauses.agreeing import made_to_agree
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.compose_kinds import COMPOSE_KINDS, ComposeClause
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.kernel.documents import Faults, suggest


@dataclass(frozen=True)
class Terms:
    """A terms file, read whole."""

    text: TermsText
    composing: tuple[ComposeClause, ...]
    """Clauses on who is exchanged, in the order of the file."""
    running: tuple[RunClause, ...]
    """Clauses on plan and day, in the order of the file."""
    readings: Mapping[str, tuple[ComposeClause, ...]] = field(default_factory=dict)
    """Of each party that reads some clause otherwise than agreed, all clauses on who is exchanged as it reads them."""
    read_by: str = ""
    """The party as whose reading `composing` stands; empty: as agreed."""

    @property
    def agreement(self) -> Agreement:
        """The header of the terms."""
        return self.text.agreement

    def as_read_by(self, party: str) -> "Terms":
        """The terms as this party reads them; those that it reads as agreed are the same for it."""
        return replace(self, composing=self.readings.get(party, self.composing), read_by=party)


def read_terms(name: str, source: bytes) -> Terms:
    """Read a terms file with every clause. Raises BadInput with all faults, each at line and column."""
    text = read_terms_text(name, source)
    faults = Faults()
    composing: list[ComposeClause] = []
    running: list[RunClause] = []
    reread: dict[str, dict[str, ComposeClause]] = {}
    """By party and clause."""
    for header in text.clauses:
        with faults.gather():
            if header.kind in COMPOSE_KINDS:
                kind = COMPOSE_KINDS[header.kind]
                composing.append(kind.read(header, text.agreement))
                for party, _ in header.as_read_by:
                    own = header.as_read(party, kind.page.one_of)
                    reread.setdefault(party, {})[header.id] = kind.read(own, text.agreement)
                    own.table.finish()
            elif header.kind in RUN_KINDS:
                if header.as_read_by:
                    what = "only a clause on who is exchanged can be composed as a party reads it"
                    header.table.refuse("as_read_by", what, "write the reading as text, in 'readings'")
                running.append(RUN_KINDS[header.kind].read(header, text.agreement))
            else:
                kinds = (*COMPOSE_KINDS, *RUN_KINDS)
                header.table.refuse("kind", f"unknown kind of clause {header.kind!r}", suggest(header.kind, kinds))
            header.table.finish()
    readings = {}
    for party, theirs in reread.items():
        with faults.gather():
            readings[party] = made_to_agree([theirs.get(clause.id, clause) for clause in composing])
    with faults.gather():
        composing = list(made_to_agree(composing))
    faults.settle()
    return Terms(text, tuple(composing), tuple(running), readings)
