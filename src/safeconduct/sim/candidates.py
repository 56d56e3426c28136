"""The intermediary's reconciled candidates, as they would stand after a review without mistakes."""

from collections.abc import Iterable

from safeconduct.sim.lists import ListRow, as_iso, place_of_capture
from safeconduct.sim.people import SimulatedPerson
from safeconduct.sim.ranks import RANKS
from safeconduct.sim.spelling import own_name
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


def reconciled(people: Iterable[SimulatedPerson], rows: Iterable[ListRow]) -> tuple[Person, ...]:
    """Everyone held, once, by `ref`: name and rank as at home, dates as the lists know them, wishes as privately told.

    `ref` is that of the person's first row in the detaining side's list.

    A date of birth or capture is as precise as the most precise list that has it right; a slip that no other list
    mends leaves only the year, and a slip in the year leaves nothing.
    """
    of_person: dict[str, list[ListRow]] = {}
    for row in rows:
        of_person.setdefault(row.person, []).append(row)
    candidates = []
    for person in people:
        if not person.held:
            continue
        listed = of_person[person.id]
        name = own_name(person)
        candidates.append(
            Person(
                ref=min(row.ref for row in listed if "held_by" in row.cells),
                family_name=name.family,
                given_name=name.given,
                patronymic=name.patronymic,
                sex=person.sex,
                birth_date=_known(person.born.isoformat(), [row.cells["birth_date"] for row in listed]),
                rank="" if person.civilian else RANKS[person.rank].english,
                service_number=person.service_number,
                unit=person.unit,
                categories=person.categories,
                health=person.health and f"seriously {person.health}",
                captured_on=_known(
                    person.captured_on.isoformat(),
                    [row.cells.get("captured_on") or row.cells.get("missing_since", "") for row in listed],
                ),
                captured_at=place_of_capture(person),
                held_at=person.held_at,
                held_by=person.held_by,
                home=person.home,
                consent=person.consent,
                protected=person.protected,
            )
        )
    return tuple(sorted(candidates, key=lambda one: one.ref))


def _known(truth: str, cells: Iterable[str]) -> ImpreciseDate | None:
    """The most precise of the lists' dates that agree with the truth; else the year if any list has it."""
    texts = [as_iso(cell) for cell in cells]
    right = [text for text in texts if text and truth.startswith(text)]
    right += [text[:4] for text in texts if text[:4] == truth[:4]]
    return ImpreciseDate.parse(max(right, key=len)) if right else None
