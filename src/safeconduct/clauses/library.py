"""The whole library: a terms file in, typed clauses out; a kind that is not in it is refused by name."""

from dataclasses import dataclass

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

    @property
    def agreement(self) -> Agreement:
        """The header of the terms."""
        return self.text.agreement


def read_terms(name: str, source: bytes) -> Terms:
    """Read a terms file with every clause. Raises BadInput with all faults, each at line and column."""
    text = read_terms_text(name, source)
    faults = Faults()
    composing: list[ComposeClause] = []
    running: list[RunClause] = []
    for header in text.clauses:
        with faults.gather():
            if header.kind in COMPOSE_KINDS:
                composing.append(COMPOSE_KINDS[header.kind].read(header, text.agreement))
            elif header.kind in RUN_KINDS:
                running.append(RUN_KINDS[header.kind].read(header, text.agreement))
            else:
                kinds = (*COMPOSE_KINDS, *RUN_KINDS)
                header.table.refuse("kind", f"unknown kind of clause {header.kind!r}", suggest(header.kind, kinds))
            header.table.finish()
    with faults.gather():
        composing = list(made_to_agree(composing))
    faults.settle()
    return Terms(text, tuple(composing), tuple(running))
