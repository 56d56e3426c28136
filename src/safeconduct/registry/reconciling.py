"""From two sides' lists and the reviewers' findings to the intermediary's candidates: each person held, once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from safeconduct.registry.entries import CandidateReconciled
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True, slots=True)
class Interview:
    """What the intermediary alone knows of a person after the private interview and the examination."""

    consent: str
    """willing, unwilling or unknown."""
    protected: bool


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One candidate, and the rows that it stands for."""

    person: Person
    """`ref` is that of the detaining power's row, or the id by which the exchange knows the person."""
    also_listed_as: tuple[str, ...]
    """Other rows of the same list that reviewers found to be the same person."""
    sought_as: tuple[str, ...]
    """Rows of the home party's list of the sought."""


def reconcile(
    held: Sequence[Person],
    same: Iterable[tuple[str, str]],
    identified: Mapping[str, Person],
    interviews: Mapping[str, Interview],
) -> list[Reconciled]:
    """The candidates among the persons that one party holds, by `ref`.

    `same` are pairs of refs of `held` that reviewers found to be one person; `identified` gives, by ref of `held`, the
    home party's row of the sought. Who is not sought is a candidate too: captivity does not depend on being missed.
    Where the lists differ, the home party's spelling of the name and its birth date stand, since it has the person's
    papers; an interview that is lacking leaves the wish unknown.
    """
    rows = {person.ref: person for person in held}
    candidates = []
    for refs in _groups(rows, same):
        first = rows[refs[0]]
        sought = [identified[ref] for ref in refs if ref in identified]
        home = sought[0] if sought else None
        heard = [interviews[ref] for ref in refs if ref in interviews]
        person = msgspec.structs.replace(
            first,
            family_name=(home.family_name if home else "") or first.family_name,
            given_name=(home.given_name if home else "") or first.given_name,
            patronymic=(home.patronymic if home else "") or first.patronymic,
            sex=first.sex or (home.sex if home else ""),
            birth_date=_reconciled_date(first.birth_date, home.birth_date if home else None),
            categories=tuple(sorted({one for ref in refs for one in rows[ref].categories})),
            captured_on=next((rows[ref].captured_on for ref in refs if rows[ref].captured_on), None),
            consent=consent_of(heard),
            protected=any(one.protected for one in heard),
        )
        candidates.append(Reconciled(person, tuple(refs[1:]), tuple(dict.fromkeys(one.ref for one in sought))))
    return candidates


def candidate_entry(one: Reconciled, held_list: str, held_ref: str, now_us: int) -> CandidateReconciled:
    """What is recorded of a candidate, who stands first at that row of the held."""
    person = one.person
    return CandidateReconciled(
        occurred_at_us=now_us,
        person=person.ref,
        held_by=person.held_by,
        home=person.home,
        held_list=held_list,
        held_ref=held_ref,
        sought_refs=one.sought_as,
        sex=person.sex,
        birth_date=str(person.birth_date or ""),
        rank=person.rank,
        categories=person.categories,
        captured_on=str(person.captured_on or ""),
        held_at=person.held_at,
        consent=person.consent,
        protected=person.protected,
    )


def _groups(rows: Mapping[str, Person], same: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The refs in groups of one person each; groups and refs within them in order of ref."""
    group = {ref: [ref] for ref in rows}
    for one, other in same:
        if group[one] is not group[other]:
            merged = group[one] + group[other]
            for ref in merged:
                group[ref] = merged
    found = {min(refs): sorted(refs) for refs in group.values()}
    return [found[ref] for ref in sorted(found)]


def _reconciled_date(held: ImpreciseDate | None, home: ImpreciseDate | None) -> ImpreciseDate | None:
    """The days that both allow; the home party's where they contradict each other."""
    if held is None or home is None:
        return home or held
    earliest, latest = max(held.earliest, home.earliest), min(held.latest, home.latest)
    return ImpreciseDate(earliest, latest) if earliest <= latest else home


def consent_of(heard: Iterable[Interview]) -> str:
    """One refusal is enough; one yes is enough without any."""
    said = {one.consent for one in heard}
    return next((answer for answer in ("unwilling", "willing") if answer in said), "unknown")
