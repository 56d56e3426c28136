"""Findings hold in a new version of a list for the rows that stayed as they were, and for no others."""

from dataclasses import dataclass, field
from itertools import product

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registry.small_worlds import Row, World

from safeconduct.exchange.state import Exchange
from safeconduct.registry.earlier_findings import EarlierFindings
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.list_entries import CORRECT, ListReplaced
from safeconduct.registry.reviewing import PairKey, finding_of
from safeconduct.registry.state import RegistryState
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

HELD, SOUGHT = "RU-held", "UA-sought"
REFS = ("1", "2")
YEARS = ("1985", "1986")


def person(ref: str, year: str, camp: str = "") -> Person:
    """Somebody of whom the year of birth may change, and where they are held."""
    return Person(ref=ref, family_name=f"Гай{'аб'[int(ref) % 2]}", birth_date=ImpreciseDate.parse(year), held_at=camp)


@dataclass
class History:
    """What happened, and beside it a plain diary: who said what and when, which year each row told and when."""

    world: World = field(default_factory=World)
    lists: dict[str, list[str]] = field(default_factory=lambda: {HELD: [], SOUGHT: []})
    """The versions of each, the oldest first."""
    years: dict[Row, list[tuple[int, str]]] = field(default_factory=dict)
    words: list[tuple[int, PairKey, str, str]] = field(default_factory=list)
    now: int = 0

    def take(self, name: str, years: dict[str, str], camp: str = "") -> None:
        """The next version of a list."""
        versions = self.lists[name]
        list_id = f"{name}-{len(versions) + 1}"
        persons = [person(ref, year, camp) for ref, year in years.items()]
        self.world.take(name, persons, list_id, versions[-1] if versions else "")
        versions.append(list_id)
        for ref, year in years.items():
            self.years[list_id, ref] = [(self.now, year)]

    def say(self, pair: PairKey, outcome: str, reviewer: str) -> None:
        """A reviewer's word on a pair."""
        self.world.find(pair[:2], pair[2:], outcome, reviewer, "review")
        self.words.append((self.now, pair, reviewer.casefold(), outcome))

    def agree(self, row: Row, year: str) -> None:
        """Two keys set the year of a row right."""
        if self.years[row][-1][1] != year:
            self.world.change(row, CORRECT, {"birth_date": year})
            self.years[row].append((self.now, year))

    def stands(self, row: Row) -> bool:
        return row in self.years


def said_then_or_since(history: History, row: Row, moment: int) -> set[str]:
    """Each year that a row told at a moment or after it."""
    told = history.years.get(row, [])
    return {
        year
        for place, (_, year) in enumerate(told)
        if place + 1 == len(told) or told[place + 1][0] > moment
    }  # fmt: skip


def obvious(history: History, pair: PairKey) -> dict[str, str]:
    """By reviewer their outcome on a pair: walk back through all versions of both lists for the nearest word of each,
    and ask whether both rows still say what they said."""
    held, sought = (
        next(found[found.index(one) :: -1] for found in history.lists.values() if one in found)
        for one in (pair[0], pair[2])
    )
    steps = sorted((i + j, i, one, other) for (i, one), (j, other) in product(enumerate(held), enumerate(sought)))
    versions = [(one, pair[1], other, pair[3]) for _, _, one, other in steps]
    if pair[0] == pair[2]:
        versions = [one for one in versions if one[0] == one[2]]
    found = {}
    for reviewer in {who for _, _, who, _ in history.words}:
        for version in versions:
            words = [(at, outcome) for at, on, who, outcome in history.words if (on, who) == (version, reviewer)]
            if not words:
                continue
            at, outcome = words[-1]
            holds = version == pair or all(
                said_then_or_since(history, then, at) & {year for _, year in history.years.get(now, [])}
                for then, now in ((version[:2], pair[:2]), (version[2:], pair[2:]))
            )
            if holds and outcome != "withdrawn":
                found[reviewer] = outcome
            break
    return found


def every_pair(history: History) -> list[PairKey]:
    """Of rows of the two lists in all their versions, and of two rows of one list."""
    held, sought = ([(one, ref) for one, ref in product(history.lists[name], REFS)] for name in (HELD, SOUGHT))
    across = [left + right for left, right in product(held, sought)]
    twice = [(one, *REFS[:1], one, *REFS[1:]) for one in history.lists[HELD]]
    return [pair for pair in (*across, *twice) if history.stands(pair[:2]) and history.stands(pair[2:])]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Two lists, and up to a dozen things that happen."""
    history = History()
    for name in (HELD, SOUGHT):
        history.take(name, dict.fromkeys(REFS, YEARS[0]))
    for _ in range(draw(st.integers(0, 12))):
        history.now += 1
        match draw(st.sampled_from(("say",) * 5 + ("take", "take", "agree"))):
            case "say":
                # Nearly always on what stands now; a key of one's own may sign a finding on an older version, too.
                pairs = every_pair(history)
                latest = [one for one in pairs if {one[0], one[2]} <= {one[-1] for one in history.lists.values()}]
                if pair := draw(st.sampled_from([*latest * 8, *pairs]) if pairs else st.none()):
                    outcomes = ("identification", "identification", "exclusion", "premature", "withdrawn")
                    history.say(pair, draw(st.sampled_from(outcomes)), draw(st.sampled_from("ABC")))
            case "take":
                years = st.sampled_from((YEARS[0], *YEARS))
                rows = draw(st.dictionaries(st.sampled_from(REFS), years, min_size=1))
                history.take(draw(st.sampled_from((HELD, SOUGHT))), rows, draw(st.sampled_from(("", "camp 2"))))
            case "agree":
                history.agree(draw(st.sampled_from(sorted(history.years))), draw(st.sampled_from(YEARS)))
    return history


def outcomes(opinions: dict[str, MatchOpinion]) -> dict[str, str]:
    return {reviewer: one.outcome for reviewer, one in opinions.items()}


@settings(max_examples=60)
@given(histories())
def test_each_finding_holds_where_both_rows_stayed_as_they_were(history: History) -> None:
    """Against the diary, for all pairs of all versions, whenever the record says which list replaced which."""
    entries = history.world.entries
    late = Exchange()
    for one in sorted(entries, key=lambda one: isinstance(one, ListReplaced)):
        late.apply(one)
    for registry in (history.world.registry(), late.registry):
        for pair in every_pair(history):
            expected = obvious(history, pair)
            assert outcomes(registry.opinions_on(pair)) == expected, pair
            assert registry.finding(pair) == finding_of(registry.opinions_on(pair).values())
        latest = [versions[-1] for versions in history.lists.values()]
        standing = {one for one in every_pair(history) if one[0] in latest and one[2] in latest}
        found = set(registry.pairs_found())
        assert found & standing == {one for one in standing if obvious(history, one)}
        assert len(registry.pairs_found()) == len(found)
        for row in {row for pair in standing for row in (pair[:2], pair[2:])}:
            theirs = {one for one in found & standing if row in (one[:2], one[2:])}
            assert theirs <= set(registry.pairs_with(row))


@settings(max_examples=30)
@given(histories())
def test_what_was_found_earlier_is_told_only_where_nothing_of_it_still_counts(history: History) -> None:
    """Whoever looks second at a pair is never shown what the first found; and is told whatever was settled before."""
    registry = history.world.registry()
    earlier = EarlierFindings(registry)
    for pair in every_pair(history):
        told = earlier.on(pair)
        carried = registry.opinions_on(pair).keys() - registry.opinions.get(pair, {}).keys()
        if told is not None:
            assert not carried
            assert registry.finding(pair).lacking
            assert told.since


PAIR = (f"{HELD}-1", "1", f"{SOUGHT}-1", "1")


def settled() -> History:
    """Two reviewers found row 1 of either list to be one person."""
    history = History()
    for name in (HELD, SOUGHT):
        history.take(name, dict.fromkeys(REFS, YEARS[0]), "camp 1")
    for reviewer in ("A", "B"):
        history.say(PAIR, "identification", reviewer)
    return history


def on(history: History, held: int = 1, sought: int = 1) -> tuple[RegistryState, PairKey]:
    """The record, and the pair in these versions."""
    return history.world.registry(), (f"{HELD}-{held}", "1", f"{SOUGHT}-{sought}", "1")


def test_a_renewed_list_keeps_the_finding_though_somebody_was_moved_to_another_camp() -> None:
    """Where they are held does not tell who they are."""
    history = settled()
    history.take(HELD, dict.fromkeys(REFS, YEARS[0]), "camp 2")
    history.take(SOUGHT, dict.fromkeys(REFS, YEARS[0]))
    registry, pair = on(history, 2, 2)
    assert registry.finding(pair).outcome == "identification"
    assert registry.pairs_found() == [PAIR, pair]
    assert EarlierFindings(registry).on(pair) is None


def test_a_changed_row_is_decided_anew_and_says_what_was_found_and_what_changed() -> None:
    """In words; the first reviewer who finds something on it does not hide it from the second."""
    history = settled()
    history.take(HELD, {"1": YEARS[1], "2": YEARS[0]})
    registry, pair = on(history, 2)
    assert registry.finding(pair).outcome == ""
    words = "found on an earlier version: identification; since then: RU-held-2, 1: birth date 1985 → 1986"
    assert str(EarlierFindings(registry).on(pair)) == words
    history.say(pair, "exclusion", "A")
    assert str(EarlierFindings(history.world.registry()).on(pair)) == words
    history.say(pair, "exclusion", "B")
    registry = history.world.registry()
    assert (registry.finding(pair).outcome, EarlierFindings(registry).on(pair)) == ("exclusion", None)


def test_what_one_reviewer_alone_found_earlier_is_told_to_nobody() -> None:
    """It was not settled: the next one decides without it."""
    history = settled()
    history.say(PAIR, "withdrawn", "B")
    history.take(HELD, {"1": YEARS[1]})
    registry, pair = on(history, 2)
    assert EarlierFindings(registry).on(pair) is None
    history.take(HELD, {"1": YEARS[0]})  # as it was: the first reviewer's finding holds, a second one lacks
    registry, pair = on(history, 3)
    assert (registry.finding(pair).lacking, EarlierFindings(registry).on(pair)) == (1, None)


def test_a_row_that_moved_to_another_number_is_decided_anew() -> None:
    """A list that numbers its rows: the content is the same, and it says where the row was."""
    history = settled()
    moved = msgspec.structs.replace(person("1", YEARS[0], "camp 1"), ref="7")
    history.world.take(HELD, [moved], f"{HELD}-2", f"{HELD}-1")
    registry = history.world.registry()
    pair = (f"{HELD}-2", "7", f"{SOUGHT}-1", "1")
    assert registry.finding(pair).outcome == ""
    assert str(EarlierFindings(registry).on(pair)).endswith("since then: RU-held-2, 7: ref 1 → 7")


def test_what_two_keys_agreed_on_ends_no_finding() -> None:
    """Neither before the new version says the same, nor in the new version itself; a later one that goes back does."""
    history = settled()
    history.agree(PAIR[:2], YEARS[1])
    history.take(HELD, {"1": YEARS[1]})
    registry, pair = on(history, 2)
    assert registry.finding(pair).outcome == "identification"
    history.agree(pair[:2], YEARS[0])
    assert history.world.registry().finding(pair).outcome == "identification"


def test_a_correction_that_the_finding_rests_on_and_the_new_version_forgets_ends_it() -> None:
    """What was found on the corrected row is not found on the uncorrected one."""
    history = History()
    for name in (HELD, SOUGHT):
        history.take(name, {"1": YEARS[0]})
    history.now = 1
    history.agree(PAIR[:2], YEARS[1])
    history.now = 2
    for reviewer in ("A", "B"):
        history.say(PAIR, "identification", reviewer)
    history.take(HELD, {"1": YEARS[0]})
    registry, pair = on(history, 2)
    assert registry.finding(pair).outcome == ""


def test_a_reviewer_takes_back_on_the_new_version_what_they_found_on_the_old() -> None:
    """The other's still holds; what they take back on the old version is taken back on the new as well."""
    history = settled()
    history.take(HELD, dict.fromkeys(REFS, YEARS[0]))
    registry, pair = on(history, 2)
    history.say(pair, "withdrawn", "A")
    assert outcomes(history.world.registry().opinions_on(pair)) == {"b": "identification"}
    history.say(PAIR, "withdrawn", "B")
    registry = history.world.registry()
    assert (registry.opinions_on(pair), registry.finding(PAIR).outcome) == ({}, "")


def test_a_row_that_is_taken_off_the_new_version_joins_nobody() -> None:
    """Though it said the same as before."""
    history = settled()
    history.take(HELD, dict.fromkeys(REFS, YEARS[0]))
    registry, pair = on(history, 2)
    assert registry.finding(pair).outcome == "identification"
    history.world.withdraw(pair[:2])
    registry = history.world.registry()
    assert (registry.opinions_on(pair), registry.pairs_found()) == ({}, [PAIR])
