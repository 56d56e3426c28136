"""Looking for a person: the record says that somebody did before anything is told.

An answer tells whether somebody is held. So each question is an entry, and who cannot write to the record is told
nothing. The tables that are searched hold names as they are: they live in memory, are made from the record, and go with
the program.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from safeconduct.app.office import Office
from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.entries import DataErased
from safeconduct.disclosure.telling import told_fields
from safeconduct.kernel.audience import Audience
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.errors import BadInput
from safeconduct.registry.entries import PersonListed, Searched
from safeconduct.registry.search_index import Found, SearchIndex
from safeconduct.registry.search_query import Query, parse_query


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
    """What a search told, and the entry that says so."""

    asked: Searched
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
    """Searches on behalf of clearances, over one office's record."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tables: dict[Clearance, _Tables] = {}
        """Of each clearance what it may know, and nothing else: not even an order could tell more."""

    def search(self, clearance: Clearance, text: str, born: str = "", unit: str = "", *, limit: int) -> Told:
        """The rows that may be meant, the likeliest first, once the question is durably on record.

        Raises BadInput for what nobody can look for; StorageFailed, and Refused where an earlier write failed.
        """
        query = parse_query(text, born, unit)
        fitting = self._caught_up(clearance).search(query, limit + 1)
        found = fitting[:limit]
        asked = Searched(
            occurred_at_us=self._office.clock.now_us(),
            own=(clearance.party,) if clearance.party else (),
            number=self._office.recorder.size(),
            clearance=str(clearance),
            text=text,
            born=born,
            unit=unit,
            rows=len(found),
        )
        self._office.record([asked])
        return Told(asked, tuple(self._answers(clearance, found)), len(fitting) > limit)

    def _answers(self, clearance: Clearance, found: list[Found]) -> list[Answer]:
        registry = self._office.state.registry
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
        """The tables of a clearance as of the present record."""
        recorder = self._office.recorder
        tables = self._tables.get(clearance)
        if tables is not None:
            for recorded in recorder.read(tables.size):
                if isinstance(recorded.body, Opened):
                    entry = recorded.body.entry
                    if isinstance(entry, DataErased):
                        tables = None
                        break
                    if isinstance(entry, PersonListed) and _is_told(entry, clearance):
                        tables.index.add(entry)
        if tables is None:
            rows = self._office.state.registry.persons.values()
            index = SearchIndex(row for row in rows if _is_told(row, clearance))
            tables = self._tables[clearance] = _Tables(index, 0)
        tables.size = recorder.size()
        return tables.index


def searches_for(rows: Iterable[PersonListed], searches: Iterable[Searched]) -> set[str]:
    """What the searches are sealed under that name the person of these rows, and can hardly mean another.

    They fit without contradiction, and by more than one word.
    """
    index = SearchIndex(rows)
    found = set()
    for one in searches:
        with suppress(BadInput):  # of an entry that no program of ours wrote; it must not hold up an erasure
            query = parse_query(one.text, one.born, one.unit)
            if _is_particular(query) and any(not row.against for row in index.search(query, len(index))):
                found.add(one.sealed_under())
    return found


def _is_particular(query: Query) -> bool:
    return bool(query.numbers) or len(query.words) + len(query.initials) + (query.born is not None) > 1


def _is_told(row: PersonListed, clearance: Clearance) -> bool:
    return told_fields(PersonListed, row.own, clearance) == _ALL


_ALL = told_fields(PersonListed, (), Clearance("intermediary"))
