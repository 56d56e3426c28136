"""What a reader of all communiqués knows of the numbers of an exchange: between what values each of them can lie.

The reader knows that everybody handed over was released by one party and returned to another, that a category counts
some of them, sees when anybody is handed over, and takes for granted that numbers only grow as long as those told do.
A `voided` can lower one; where a number told is lower than before, nothing follows from one side of that moment to the
other.

Pair and category tables need no variables of their own: persons released by each party and returned to each can be
paired, nobody with the own side, exactly if f(P) + g(P) ≤ total for every party P (Hall), and any number up to the
total can be of a category. Both hold for the increments between two moments as they do for the first one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from safeconduct.disclosure.facts import TOTAL, of_category, released_by, returned_to
from safeconduct.disclosure.feasible import OPEN, Feasible, Interval, Row
from safeconduct.vocabulary.categories import CATEGORIES

Numbers = dict[str, int]
"""By fact, as one text tells them."""


class Text(NamedTuple):
    """A communiqué, as far as numbers go."""

    told: Numbers
    persons: int
    """How many had been handed over by then, whether or not it says so: who sees the buses knows when that grew."""


@dataclass(frozen=True)
class Facts:
    """The facts that are numbers of persons, of an exchange between these parties."""

    parties: tuple[str, ...]
    categories: tuple[str, ...] = CATEGORIES

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them, the total first."""
        sides = (*map(released_by, self.parties), *map(returned_to, self.parties))
        return (TOTAL, *sides, *map(of_category, self.categories))

    def twin(self, fact: str) -> str:
        """The other name of the same number: between two parties, whom one released returned to the other."""
        if len(self.parties) == 2:
            first, second = self.parties
            for one, other in ((first, second), (second, first)):
                if fact == released_by(one):
                    return returned_to(other)
                if fact == returned_to(one):
                    return released_by(other)
        return fact

    def within(self, part: str, whole: str) -> bool:
        """Whether the one counts only persons whom the other counts, too."""
        return whole in (TOTAL, part, self.twin(part))


@dataclass
class Moment:
    """What was told of one state of the exchange."""

    told: Numbers
    persons: int
    """The total as the texts tell it; where they do not, as it was."""
    texts: list[int]
    """The texts that tell of it, from 0."""
    anew: bool = False
    """Nothing follows from earlier moments: a number told has fallen since."""


@dataclass
class Timeline:
    """Moments in their order. Texts between which nobody was handed over tell of one moment."""

    moments: list[Moment] = field(default_factory=list)

    def add(self, number: int, text: Text, *, anew: bool = False) -> int:
        """Take in the next text, with `anew` as if nothing followed from those before; gives its moment."""
        told, persons = text.told, text.told.get(TOTAL, text.persons)
        begun = max((index for index, one in enumerate(self.moments) if one.anew), default=0)
        end = len(self.moments)
        same = next((index for index in range(begun, end) if self.moments[index].persons == persons), end)
        fallen = anew or any(
            told.get(fact, value) < value or (index >= same and told.get(fact, value) != value)
            for index in range(begun, end)
            for fact, value in self.moments[index].told.items()
        )
        if fallen or same == end:
            self.moments.append(Moment(dict(told), persons, [number], fallen))
        else:
            one, *later = self.moments[same:]
            for other in later:
                one.told |= other.told
                one.texts += other.texts
            one.told |= told
            one.texts.append(number)
            del self.moments[same + 1 :]
        return len(self.moments) - 1


def timeline(texts: Iterable[Text], *, apart: bool = False) -> Timeline:
    """The moments that these texts tell of, in the order of their release; those without a number tell of none.

    With `apart` each text stands by itself.
    """
    found = Timeline()
    for number, text in enumerate(texts):
        if text.told:
            found.add(number, text, anew=apart)
    return found


class Known:
    """What follows from moments as they were told."""

    def __init__(self, facts: Facts, moments: Sequence[Moment]) -> None:
        self._place = {fact: place for place, fact in enumerate(facts.ids)}
        self._facts = facts
        width = len(self._place)
        fixed = {
            index * width + self._place[fact]: value
            for index, moment in enumerate(moments)
            for fact, value in moment.told.items()
        }
        self._solutions = Feasible(width * len(moments), list(self._rows(moments)), fixed)

    @property
    def possible(self) -> bool:
        """False where what was told contradicts itself: nothing can be relied on then, and nothing follows."""
        return self._solutions.possible()

    def interval(self, moment: int, fact: str) -> Interval:
        """Between what values a number lay, exactly."""
        return self._solutions.interval(self._at(moment, fact)) if self.possible else Interval(0, OPEN)

    def at_least(self, moment: int, fact: str) -> Interval:
        """What that interval spans at least, found quickly."""
        return self._solutions.seen(self._at(moment, fact)) if self.possible else Interval(0, OPEN)

    def at_most(self, moment: int, fact: str) -> Interval:
        """An interval that holds that one, found without a search."""
        at = self._at(moment, fact)
        return Interval(int(self._solutions.low[at]), int(self._solutions.high[at]))

    def explore(self, cells: Iterable[tuple[int, str]]) -> None:
        """Look for what makes the intervals of these numbers wide, so that few need a search of their own."""
        if self.possible:
            self._solutions.explore([self._at(*cell) for cell in cells])

    def value(self, moment: int, fact: str) -> int | None:
        """The number, if it is plain without a search."""
        low, high = self.at_most(moment, fact)
        return low if low == high and self.possible else None

    def _at(self, moment: int, fact: str) -> int:
        return moment * len(self._place) + self._place[fact]

    def _rows(self, moments: Sequence[Moment]) -> Iterator[Row]:
        for index, moment in enumerate(moments):
            before = None if index == 0 or moment.anew else index - 1
            for side in (released_by, returned_to):
                parts = {self._at(index, side(party)): 1 for party in self._facts.parties}
                yield Row(parts | {self._at(index, TOTAL): -1}, 0, 0)
            for party in self._facts.parties:
                yield self._grown(index, before, {TOTAL: 1, released_by(party): -1, returned_to(party): -1})
            for category in self._facts.categories:
                yield self._grown(index, before, {TOTAL: 1, of_category(category): -1})
            if before is not None:
                for fact in self._place:
                    yield self._grown(index, before, {fact: 1})

    def _grown(self, index: int, before: int | None, terms: Mapping[str, int]) -> Row:
        """That a sum did not fall since the moment before; without one, that it is not below 0."""
        now = {self._at(index, fact): factor for fact, factor in terms.items()}
        then = {} if before is None else {self._at(before, fact): -factor for fact, factor in terms.items()}
        return Row(now | then, 0, OPEN)
