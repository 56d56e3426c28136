"""What clauses on persons share: the selector `of`, and how it is said in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.kernel.documents import Table, suggest
from safeconduct.vocabulary.person import Person
from safeconduct.vocabulary.selector import Selector, everyone, read_selector


@dataclass(frozen=True)
class ComposingClause:
    """A clause on who is exchanged."""

    header: ClauseHeader

    @property
    def id(self) -> str:
        """The clause's id."""
        return self.header.id

    @property
    def hard(self) -> bool:
        """Whether it may never be offered for relaxation."""
        return False

    def giving_way(self, _amounts: Mapping[str, int]) -> str:
        """How it gives way where it can only be dropped."""
        return "it is dropped"


@dataclass(frozen=True)
class SelectingClause(ComposingClause):
    """A clause on the persons whom a selector names."""

    of: Selector

    def coefficients(self, candidates: Sequence[Person]) -> list[int]:
        """1 for each candidate matching `of`, else 0."""
        return [int(self.of.matches(person)) for person in candidates]

    def matching(self, persons: Sequence[Person]) -> list[Person]:
        """Those matching `of`."""
        return [person for person in persons if self.of.matches(person)]

    @property
    def of_the_wounded(self) -> bool:
        """Whether it is about the seriously wounded and sick, who go home regardless of number or rank (GC III, arts.
        109-110). A clause that asks for their release is never offered for relaxation; one that keeps them back may be.
        """
        return "seriously-wounded-or-sick" in self.of.category


def read_of(header: ClauseHeader, agreement: Agreement) -> Selector:
    """The selector `of` of a clause; everyone if there is none. Raises BadInput at line and column."""
    if not header.table.has("of"):
        return everyone(agreement.concluded)
    return read_selector(header.table.table("of"), agreement.concluded, agreement.parties)


def read_party(table: Table, key: str, agreement: Agreement) -> str:
    """A party of the agreement. Raises BadInput at line and column."""
    name = table.text(key)
    if name not in agreement.parties:
        table.refuse(key, f"{name!r} is no party of the agreement", suggest(name, agreement.parties))
    return name


def said(selector: Selector, who: str = "everyone") -> str:
    """The selector in words behind a pronoun: `everyone of the category civilian, held by RU`."""
    parts = [
        f"{before}{_either(words)}{after}"
        for words, before, after in (
            (selector.category, "of the category ", ""),
            (selector.sex, "of sex ", ""),
            (selector.rank, "of the rank ", ""),
            (tuple(f"{one.youngest} to {one.oldest}" for one in selector.age), "aged ", f" on {selector.as_of}"),
            (tuple(str(one) for one in selector.captured_before), "captured before ", ""),
            (tuple(str(one) for one in selector.rounds_waited), "left behind in ", " rounds"),
            (selector.held_by, "held by ", ""),
            (selector.home, "at home in ", ""),
            (selector.ref, "listed as ", ""),
        )
        if words
    ]
    if selector.living is not None:
        parts.insert(0, "among the living" if selector.living else "among the remains")
    if selector.excluding is not None:
        parts.append(f"but not {said(selector.excluding)}")
    return f"{who} {', '.join(parts)}" if parts else who


def of_those(selector: Selector, rest: str) -> str:
    """A sentence on part of those selected: `Of everyone held by RU, at least 5 are released.`"""
    if selector == everyone(selector.as_of):
        return rest[:1].upper() + rest[1:]
    return f"Of {said(selector)}, {rest}"


def persons(number: int) -> str:
    """`1 person`, `1,200 persons`."""
    return f"{counted(number)} person{'s' if number != 1 else ''}"


def counted(number: int) -> str:
    """A number for people: `1,200`."""
    return f"{number:,}"


def listed(words: Sequence[str]) -> str:
    """`RU, UA and BY`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
