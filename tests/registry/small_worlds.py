"""Small registries in which anything may happen to lists and findings, folded from the entries that are left."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from hypothesis import strategies as st
from tests.app.test_deciding import OPINION

from safeconduct.app.commands import ReceiveList
from safeconduct.app.list_receiving import receive_list
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.registry.linkage import Pair
from safeconduct.registry.list_changes import WantedChange, agreement, proposal
from safeconduct.registry.list_entries import WITHDRAW
from safeconduct.registry.reconciliation import Reconciliation, reconciliation
from safeconduct.registry.review_queue import ListPair, list_pairs
from safeconduct.registry.state import RegistryState
from safeconduct.vocabulary.person import Person

PARTIES = ("RU", "UA")
Row = tuple[str, str]
OUTCOMES = ("identification", "identification", "identification", "exclusion", "premature", "withdrawn")
_SIZES = {"RU-held": 4, "UA-held": 2, "UA-sought": 4, "RU-sought": 2}
_NAMES = ("Абаза", "Бойко", "Гай", "Дяк", "Єва", "Жук")


def person(list_id: str, number: int) -> Person:
    """A row that shares its name with no other row of its list. All lists number their rows alike."""
    return Person(ref=str(number), family_name=_NAMES[number] + list_id[0], given_name=f"Олег{'а' * number}")


@dataclass
class World:
    """What is on record, as entries, and who was handed over."""

    entries: list[Entry] = field(default_factory=list)
    erased: set[str] = field(default_factory=set)
    handed_over: set[str] = field(default_factory=set)
    versions: dict[str, str] = field(default_factory=dict)
    """By party and purpose, the list that stands."""
    replaced: dict[str, str] = field(default_factory=dict)
    """By list the one before it."""

    def state(self) -> Exchange:
        """Folded from what was not erased."""
        state = Exchange()
        for entry in self.entries:
            if entry.sealed_under() not in self.erased:
                state.apply(entry)
        return state

    def registry(self) -> RegistryState:
        """Of it the lists and findings."""
        return self.state().registry

    def take(self, name: str, persons: Iterable[Person], list_id: str, replaces: str = "") -> None:
        """A list, or the next version of one."""
        party, _, purpose = name.partition("-")
        command = ReceiveList(party, purpose, list_id, "ff", tuple(persons), 0, replaces)
        self.entries += receive_list(self.state(), command, 1)
        self.versions[name] = list_id
        if replaces:
            self.replaced[list_id] = replaces

    def rows(self, name: str) -> list[Row]:
        """Of the list that stands."""
        return [(one.list_id, one.ref) for one in self.registry().rows_of(self.versions[name])]

    def find(self, left: Row, right: Row, outcome: str, reviewer: str, band: str) -> None:
        """A reviewer's opinion."""
        changes = {"held_list": left[0], "held_ref": left[1], "sought_list": right[0], "sought_ref": right[1]}
        one = msgspec.structs.replace(
            OPINION, **changes, outcome=outcome, reviewer=reviewer, band=band, simulated=False
        )
        self.entries.append(one)

    def withdraw(self, row: Row) -> None:
        """Both keys take a row off its list."""
        self.change(row, WITHDRAW, {})

    def change(self, row: Row, change: str, values: dict[str, str]) -> None:
        """Both keys change a row."""
        registry = self.registry()
        wanted = WantedChange(*row, change, values, "agreed")
        proposed = proposal(registry.lists, registry.persons, wanted, "NI", "aa", 1)
        registry.propose_change(proposed)
        (made,) = [one for one in registry.changes.by_digest.values() if one.proposed == proposed]
        self.entries += [proposed, agreement(made, registry.persons, proposed.own[0], "bb", 1)]

    def reconcile(self) -> Reconciliation:
        """As the command does: what was found is recorded."""
        found = reconciliation(self.registry(), PARTIES, handed_over=self.handed_over)
        self.entries += [*found.withdrawn, *found.changed]
        return found


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Four lists, and up to a dozen things that happen."""
    world = World()
    for name, size in _SIZES.items():
        world.take(name, (person(name, number) for number in range(size)), name)
    for _ in range(draw(st.integers(0, 12))):
        match draw(st.sampled_from(("find",) * 6 + ("twice", "replace", "withdraw", "erase", "reconcile", "exchange"))):
            case "find":
                held, sought = draw(st.sampled_from((("RU-held", "UA-sought"),) * 3 + (("UA-held", "RU-sought"),)))
                _find(draw, world, world.rows(held), world.rows(sought))
            case "twice":
                rows = world.rows(draw(st.sampled_from(("RU-held", "UA-sought"))))
                _find(draw, world, rows[:2], rows[1:])
            case "replace":
                _replace(draw, world, draw(st.sampled_from(tuple(_SIZES))))
            case "withdraw":
                if rows := [row for name in _SIZES for row in world.rows(name)]:
                    world.withdraw(draw(st.sampled_from(rows)))
            case "erase":
                if rows := [row for name in _SIZES for row in world.rows(name)]:
                    world.erased.add("person:" + "/".join(draw(st.sampled_from(rows))))
            case "reconcile":
                world.reconcile()
            case "exchange":
                if known := sorted(world.registry().candidates):
                    world.handed_over.add(draw(st.sampled_from(known)))
    return world


def _find(draw: st.DrawFn, world: World, left: list[Row], right: list[Row]) -> None:
    if not left or not right:
        return
    # The likeliest is that rows of one number are one person.
    one = draw(st.sampled_from(left))
    same = [row for row in right if row[1] == one[1] and row != one]
    other = draw(st.sampled_from([*same * 4, *right]))
    band, reviewer = draw(st.sampled_from(("confirm", "confirm", "review"))), draw(st.sampled_from(("A", "B")))
    outcome = draw(st.sampled_from(OUTCOMES))
    if one != other:
        world.find(one, other, outcome, reviewer, band)


def _replace(draw: st.DrawFn, world: World, name: str) -> None:
    """The next version leaves some out and numbers the others anew."""
    registry, before = world.registry(), world.versions[name]
    rows = [row for row in registry.rows_of(before) if draw(st.booleans()) or draw(st.booleans())]
    shift = draw(st.booleans())
    persons = [
        Person(
            ref=str(number) if shift else row.ref,
            family_name=row.family_name,
            given_name=row.given_name,
        )
        for number, row in enumerate(rows)
    ]
    world.take(name, persons, f"{name}-{len(world.entries)}", before)


@st.composite
def proposals(draw: st.DrawFn, registry: RegistryState) -> dict[ListPair, list[Pair]]:
    """What matching might propose of the lists that stand, one to one."""
    found: dict[ListPair, list[Pair]] = {}
    for lists in list_pairs(registry.lists):
        ours, theirs = ([one.ref for one in registry.rows_of(name)] for name in (lists.held, lists.sought))
        if lists.held == lists.sought:
            twice = draw(st.booleans()) and len(ours) > 1
            found[lists] = [Pair(ours[0], ours[1], 0.9, "review", ())] if twice else []
        else:
            partners = draw(st.permutations(theirs))
            likely = {ours[at]: one for at, one in enumerate(partners) if at < len(ours) and draw(st.booleans())}
            found[lists] = [Pair(ref, likely.get(ref, ""), 0.9, "review", ()) for ref in ours]
    return found
