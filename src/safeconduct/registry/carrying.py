"""Which findings on earlier versions of two lists hold for later ones: those on rows that say the same under one ref.

A party renews its list often, and most rows stay as they were. What a reviewer found on two rows holds in every later
version in which both stand under their refs and say what they said then, or what two keys agreed on since. As within
one version, a change of a row that two keys agree on ends no finding. What a reviewer says on a later version, also
that they take it back, counts in place of what they said on earlier ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from safeconduct.registry.entries import MatchOpinion, PersonListed
from safeconduct.registry.list_entries import ListReplaced
from safeconduct.registry.reviewing import PairKey

TELLS_WHO: Final = (
    "family_name",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "rank",
    "service_number",
    "unit",
    "captured_on",
    "captured_at",
    "home",
    "note",
)
"""The fields of a row on which a finding rests. The others say how and where somebody is held now."""

Row = tuple[str, str]


@dataclass
class Carrying:
    """What was said on which version of a pair. Holds for whatever stands in the mappings that it is given."""

    persons: Mapping[Row, PersonListed]
    former: Mapping[Row, list[PersonListed]]
    """What rows were before they were changed, the oldest first."""
    replaced: Mapping[str, ListReplaced]
    """By the list that was replaced."""
    opinions: Mapping[PairKey, Mapping[str, MatchOpinion]]
    """As they were recorded, by pair and reviewer."""
    _said: dict[PairKey, dict[str, tuple[int, int]]] = field(default_factory=dict)
    """Who ever said something on a pair, and how often either row had been changed when they last did."""
    _anew: set[PairKey] = field(default_factory=set)
    """Pairs on which nothing counts that was found before, by whomever."""
    _before: dict[str, str] = field(default_factory=dict)
    """By list the one that it replaced."""
    _alike: dict[tuple[str, str], dict[PairKey, None]] = field(default_factory=dict)
    """The pairs on which somebody said something, by their refs alone."""

    def replace(self, entry: ListReplaced) -> None:
        """A list takes the place of another."""
        self._before[entry.list_id] = entry.replaces

    def say(self, pair: PairKey, reviewer: str) -> None:
        """A reviewer says something on a pair, or takes it back."""
        changed = len(self.former.get(pair[:2], ())), len(self.former.get(pair[2:], ()))
        self._said.setdefault(pair, {})[reviewer] = changed
        self._alike.setdefault((pair[1], pair[3]), {})[pair] = None

    def begin_anew(self, pair: PairKey) -> None:
        """Whatever was found on a pair before does not count any more."""
        self._anew.add(pair)
        self._alike.setdefault((pair[1], pair[3]), {})[pair] = None

    def on(self, pair: PairKey) -> dict[str, MatchOpinion]:
        """What each reviewer finds on a pair, by reviewer; of those who said nothing on it what holds from before."""
        found = dict(self.opinions.get(pair, {}))
        if pair in self._anew or not (pair[0] in self._before or pair[2] in self._before):
            return found
        heard = set(self._said.get(pair, ()))
        for earlier in self._earlier(pair):
            for reviewer, changed in self._said.get(earlier, {}).items():
                if reviewer in heard:
                    continue
                heard.add(reviewer)
                opinion = self.opinions[earlier].get(reviewer)
                if opinion is not None and self._says_the_same(earlier, changed, pair):
                    found[reviewer] = opinion
            if earlier in self._anew:
                break
        return found

    def pairs(self) -> list[PairKey]:
        """The pairs on which an opinion stands: each as it was recorded, and in the latest versions of its lists."""
        standing = [pair for pair, opinions in self.opinions.items() if opinions]
        if not self._before:
            return standing
        latest = dict.fromkeys(self._latest(pair) for pair in standing)
        return list(dict.fromkeys([*standing, *(pair for pair in latest if self.on(pair))]))

    def with_row(self, row: Row, pairs_of: Mapping[Row, Mapping[PairKey, None]]) -> list[PairKey]:
        """The pairs of a row on which somebody said something, there or in earlier versions (`pairs_of`, by row)."""
        found = dict(pairs_of.get(row, {}))
        for list_id in self._versions(row[0]):
            for pair in pairs_of.get((list_id, row[1]), ()):
                held, sought = self._last(pair[0]), self._last(pair[2])
                if pair[:2] == (list_id, row[1]):
                    held = row[0]
                if pair[2:] == (list_id, row[1]):
                    sought = row[0]
                if pair[0] == pair[2]:
                    held = sought = row[0]
                later = held, pair[1], sought, pair[3]
                if later in found or self.on(later):
                    found[later] = None
        return list(found)

    def before(self, row: Row) -> list[Row]:
        """Under the same ref in earlier versions of its list, the rows that ever said what it says or once said."""
        says = {*map(tells_who, self._ever(row))}
        earlier = [(list_id, row[1]) for list_id in self._versions(row[0]) if list_id != row[0]]
        return [one for one in earlier if not says.isdisjoint(map(tells_who, self._ever(one)))]

    def _earlier(self, pair: PairKey) -> list[PairKey]:
        """The same refs in earlier versions of either list, where somebody said something; the nearest first."""
        held = {list_id: place for place, list_id in enumerate(self._versions(pair[0]))}
        sought = {list_id: place for place, list_id in enumerate(self._versions(pair[2]))}
        found = [
            one
            for one in self._alike.get((pair[1], pair[3]), ())
            if one != pair and one[0] in held and one[2] in sought and (one[0] == one[2]) == (pair[0] == pair[2])
        ]
        return sorted(found, key=lambda one: (held[one[0]] + sought[one[2]], held[one[0]]))

    def _says_the_same(self, earlier: PairKey, changed: tuple[int, int], pair: PairKey) -> bool:
        """Whether both rows stand, and say what they said when a reviewer saw them, so often changed, or since."""
        return all(
            now in self.persons
            and not {*map(tells_who, self._ever(now))}.isdisjoint(map(tells_who, self._ever(then)[since:]))
            for then, since, now in ((earlier[:2], changed[0], pair[:2]), (earlier[2:], changed[1], pair[2:]))
        )

    def _ever(self, row: Row) -> list[PersonListed]:
        """What a row says, and said before it was changed; the oldest first."""
        return [*self.former.get(row, ()), *([self.persons[row]] if row in self.persons else ())]

    def _versions(self, list_id: str) -> Iterator[str]:
        """A list, the one that it replaced, and so on."""
        for _ in range(len(self._before) + 1):
            yield list_id
            if list_id not in self._before:
                return
            list_id = self._before[list_id]

    def _latest(self, pair: PairKey) -> PairKey:
        return self._last(pair[0]), pair[1], self._last(pair[2]), pair[3]

    def _last(self, list_id: str) -> str:
        for _ in self.replaced:
            if list_id not in self.replaced:
                break
            list_id = self.replaced[list_id].list_id
        return list_id


def tells_who(row: PersonListed) -> tuple[str, ...]:
    """What a row says on who it is."""
    return tuple(getattr(row, name) for name in TELLS_WHO)
