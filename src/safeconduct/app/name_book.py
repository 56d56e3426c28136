"""What must not be named in public: places, vehicles and persons of the record, in any script and most cases.

Names are compared by their fold across scripts and romanisations (`registry.fold`), and by what remains of it without a
case ending, so that "в Сосновке" is caught by "Сосновка". A short name of a person ("Бут") counts only where it is
written with a capital, or every "but" would be one. What is caught wrongly costs another word.
"""

import re
from collections.abc import Iterator

from safeconduct.exchange.state import Exchange
from safeconduct.logistics.plan import Plan
from safeconduct.registry.fold import fold

_PARTS = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_ENDINGS = (
    *("a", "e", "i", "o", "u", "s", "ai", "ei", "ii", "oi", "au", "iu", "am", "em", "im", "om", "ah", "ih", "ov", "ev"),
    *("iv", "ami", "imi", "evi", "ovi", "oho", "eho", "omu", "emu", "imu"),
    *("ova", "ovu", "ovom", "eva", "evu", "evom"),
)
"""Case endings of Ukrainian and Russian names, as the fold writes them; the English plural and genitive."""
_SOFTENED = {"zi": "k", "si": "h"}
"""Ukrainian "у Сосновці" is of Сосновка, "у Празі" of Прага."""
_SHORTEST_NAME, _SHORTEST_STEM = 3, 3
_SHORT_THING, _SHORT_PERSON = 4, 5
"""Names and stems below this count only where they are written with a capital."""
_PLAIN = frozenset(map(fold, ("exchange", "point", "place", "prisoner", "prisoners", "home")))
"""Words in the ids of places that name nothing."""


class NameBook:
    """Every name that the record knows of."""

    def __init__(self, state: Exchange, plan: Plan) -> None:
        self._exact: dict[str, str] = {}
        """Ids as they are written."""
        self._things: dict[str, str] = {}
        self._people: dict[str, str] = {}
        """By fold and stem."""
        for place in plan.places:
            self._thing(place.id, "a place of the exchange")
            self._thing(place.name, "a place of the exchange")
        for facility in state.reception.enrolled.values():
            self._thing(facility.facility, "a facility")
            self._thing(facility.name, "a facility")
        for vehicle in plan.vehicles:
            self._thing(vehicle.id, "a vehicle")
        for device in plan.devices or ():
            self._exact[device.id] = "a device"
        for person in plan.persons:
            self._exact[person.id] = "a person of the exchange"
        for listed in state.registry.rows_ever():
            self._exact[listed.ref] = "a person on the lists"
            self._thing(listed.held_at, "a place where people are held")
            for name in (listed.family_name, listed.given_name, listed.patronymic):
                self._person(name, "a person on the lists")
        for opinions in state.registry.opinions.values():
            for opinion in opinions.values():
                self._person(opinion.reviewer, "one of the intermediary's people")

    def named(self, word: str) -> str:
        """What a word names; empty if nothing."""
        if word in self._exact:
            return self._exact[word]
        capital = word[:1] != word[:1].lower()
        for stem in _stems(fold(word)):
            if stem in self._things and (capital or len(stem) >= _SHORT_THING):
                return self._things[stem]
            if stem in self._people and (capital or len(stem) >= _SHORT_PERSON):
                return self._people[stem]
        return ""

    def _thing(self, name: str, what: str) -> None:
        if name:
            self._exact.setdefault(name, what)
            self._name(self._things, name, what)

    def _person(self, name: str, what: str) -> None:
        self._name(self._people, name, what)

    def _name(self, names: dict[str, str], name: str, what: str) -> None:
        for key in map(fold, _PARTS.findall(name)):
            if len(key) >= _SHORTEST_NAME and key not in _PLAIN:
                for stem in _stems(key):
                    names.setdefault(stem, what)


def _stems(key: str) -> Iterator[str]:
    """The key, and what is left of it without a case ending."""
    yield key
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= _SHORTEST_STEM:
            yield key.removesuffix(ending)
    if key[-2:] in _SOFTENED and len(key) > _SHORTEST_STEM:
        yield key[:-2] + _SOFTENED[key[-2:]]
