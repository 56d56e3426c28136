"""Looking for a person: the record says that somebody did before anything is told.

An answer tells whether somebody is held. So each question is an entry, and who cannot have it recorded is told
nothing. The tables that are searched hold names as they are: they live in memory, are made from the record, and go with
the program. Where another program holds the ledger, they are made beside it: only the question is sent there.
"""

from dataclasses import dataclass

from safeconduct.app.officer_acts import OF_ANOTHER_VERSION
from safeconduct.app.registry_acts import OnRecord, Outdated, RecordSearch
from safeconduct.app.writers import Writer
from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.entries import DataErased
from safeconduct.disclosure.telling import told_fields
from safeconduct.kernel.audience import Audience
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.errors import Refused
from safeconduct.registry.entries import PersonListed
from safeconduct.registry.list_entries import ListChangeAgreed
from safeconduct.registry.search_index import Found, SearchIndex
from safeconduct.registry.search_query import parse_query

_TRIES = 10
"""So often it is searched anew where lists come in meanwhile."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A row that may be meant, and what its clearance may know of where it stands."""

    found: Found
    purpose: str
    """Of `registry.entries.PURPOSES`: whether the party that listed it holds the person or seeks it."""
    party: str
    candidate: str
    """The id of the candidate for an exchange that was reconciled from this row, if there is one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a search told, and which entry says so."""

    number: int
    """Of that entry."""
    clearance: Clearance
    answers: tuple[Answer, ...]
    """The likeliest first."""
    more: bool
    """Whether others fit as well, beyond the limit."""


@dataclass(slots=True)
class _Tables:
    index: SearchIndex
    size: int
    """Of how many of the ledger's entries they are made."""


class SearchDesk:
    """Searches on behalf of clearances, over one record."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._tables: dict[Clearance, _Tables] = {}
        """Of each clearance what it may know, and nothing else: not even an order could tell more."""

    def search(self, clearance: Clearance, text: str, born: str = "", unit: str = "", *, limit: int) -> Told:
        """The rows that may be meant, the likeliest first, once the question is durably on record.

        Raises BadInput for what nobody can look for; StorageFailed, and Refused where the question is not recorded.
        """
        query = parse_query(text, born, unit)
        for _ in range(_TRIES):
            fitting = self._caught_up(clearance).search(query, limit + 1)
            found = fitting[:limit]
            done = self._writer.perform(
                RecordSearch(str(clearance), text, born, unit, rows=len(found), size=self._writer.size)
            )
            if isinstance(done, OnRecord):
                return Told(done.first, clearance, tuple(self._answers(clearance, found)), len(fitting) > limit)
            if not isinstance(done, Outdated):
                raise Refused(OF_ANOTHER_VERSION)
            self._writer.catch_up()
        raise Refused("the lists on record change all the time, and nothing was searched: try again")

    def _answers(self, clearance: Clearance, found: list[Found]) -> list[Answer]:
        registry = self._writer.state.registry
        candidates = {}
        if clearance.may_know(Audience.INTERMEDIARY):
            candidates = {(one.held_list, one.held_ref): person for person, one in registry.candidates.items()}
        answers = []
        for one in found:
            row = one.row
            received = registry.lists.get(row.list_id)
            purpose = received.purpose if received else ""
            answers.append(Answer(one, purpose, "/".join(row.own), candidates.get((row.list_id, row.ref), "")))
        return answers

    def _caught_up(self, clearance: Clearance) -> SearchIndex:
        """The tables of a clearance as of what the writer has read of the record."""
        writer, tables = self._writer, self._tables.get(clearance)
        state, size = writer.state, writer.size
        if tables is not None and tables.size < size:
            for recorded in writer.record.read(tables.size):
                if recorded.index >= size:
                    break
                if isinstance(recorded.body, Opened):
                    entry = recorded.body.entry
                    if isinstance(entry, ListChangeAgreed | DataErased):
                        tables = None
                        break
                    if isinstance(entry, PersonListed) and _is_told(entry, clearance):
                        tables.index.add(entry)
        if tables is None:
            index = SearchIndex(row for row in state.registry.persons.values() if _is_told(row, clearance))
            tables = self._tables[clearance] = _Tables(index, 0)
        tables.size = size
        return tables.index


def _is_told(row: PersonListed, clearance: Clearance) -> bool:
    return told_fields(PersonListed, row.own, clearance) == _ALL


_ALL = told_fields(PersonListed, (), Clearance("intermediary"))
