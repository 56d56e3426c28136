"""What reviewers find together: one where one is enough, else two who agree; people before programs."""

from collections.abc import Sequence

import msgspec
import pytest
from tests.app.test_deciding import OPINION
from tests.registry.test_registry_linkage import person

from safeconduct.registry.entries import WITHDRAWN, MatchOpinion, MatchReviewed
from safeconduct.registry.linkage import weigh_lists
from safeconduct.registry.review_queue import URGENT, ListPair, Stage, excluded, queue
from safeconduct.registry.reviewing import Finding, finding_of
from safeconduct.registry.state import RegistryState

SAME, OTHER, EARLY = "identification", "exclusion", "premature"
PAIR = ("RU-held", "u1", "UA-sought", "s1")


def opinions(*outcomes: str, band: str = "review", simulated: bool = False) -> list[MatchOpinion]:
    """One of each of so many reviewers."""
    return [
        msgspec.structs.replace(OPINION, outcome=one, band=band, reviewer=f"r{number}", simulated=simulated)
        for number, one in enumerate(outcomes)
    ]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], Finding("", 1, disputed=False, simulated=False)),
        (opinions(SAME, band="confirm"), Finding(SAME, 0, disputed=False, simulated=False)),
        (opinions(SAME), Finding("", 1, disputed=False, simulated=False)),
        (opinions(SAME, band="none"), Finding("", 1, disputed=False, simulated=False)),
        (opinions(SAME, SAME), Finding(SAME, 0, disputed=False, simulated=False)),
        (opinions(SAME, OTHER), Finding(EARLY, 1, disputed=True, simulated=False)),
        (opinions(SAME, OTHER, band="confirm"), Finding(EARLY, 1, disputed=True, simulated=False)),
        (opinions(SAME, OTHER, OTHER), Finding(OTHER, 0, disputed=False, simulated=False)),
        (opinions(SAME, OTHER, OTHER, SAME), Finding(EARLY, 1, disputed=True, simulated=False)),
        (opinions(EARLY, EARLY), Finding(EARLY, 0, disputed=False, simulated=False)),
        (opinions(SAME, SAME, simulated=True), Finding(SAME, 0, disputed=False, simulated=True)),
        ([*opinions(SAME, SAME, simulated=True), *opinions(OTHER)], Finding("", 1, disputed=False, simulated=False)),
    ],
)
def test_how_many_reviewers_make_a_finding(found: Sequence[MatchOpinion], expected: Finding) -> None:
    """The rule of docs/review.md, case by case."""
    assert finding_of(found) == expected


def test_a_later_opinion_replaces_the_reviewers_own_and_can_be_taken_back() -> None:
    """However the name is typed; another reviewer's stands."""
    state = RegistryState()
    state.give_opinion(OPINION)
    state.give_opinion(msgspec.structs.replace(OPINION, reviewer=" ONE ", outcome=OTHER))
    assert [one.outcome for one in state.opinions[PAIR].values()] == [OTHER]
    state.give_opinion(msgspec.structs.replace(OPINION, reviewer="two", outcome=OTHER))
    assert state.finding(PAIR).outcome == OTHER
    state.give_opinion(msgspec.structs.replace(OPINION, outcome=WITHDRAWN))
    assert (state.finding(PAIR).outcome, list(state.opinions[PAIR])) == ("", ["two"])


def test_records_made_before_still_tell_their_findings() -> None:
    """A joint review counts as the opinion of each who took part, and a later one replaces it."""
    old = MatchReviewed(
        occurred_at_us=1,
        held_list="RU-held",
        held_ref="u1",
        sought_list="UA-sought",
        sought_ref="s1",
        probability_ppm=700_000,
        band="review",
        outcome=SAME,
        reason="same name",
        reviewers=("one", "two"),
        simulated=True,
    )
    state = RegistryState()
    state.review_match(old)
    assert state.finding(PAIR) == Finding(SAME, 0, disputed=False, simulated=True)
    state.review_match(msgspec.structs.replace(old, outcome=OTHER, reviewers=("three", "four")))
    assert (state.finding(PAIR).outcome, list(state.opinions[PAIR])) == (OTHER, ["three", "four"])


def test_once_a_pair_is_excluded_the_next_best_is_proposed() -> None:
    """Two namesakes fit one row: the second is asked about; the excluded pair comes again only where asked for."""
    ours = [person("a", "Шевчук Іван Іванович", "1990-05-04"), person("b", "Шевчук Іван Іванович", "1990-05-04")]
    theirs = [person("x", "Шевчук Иван Иванович", "1990-05-04")]
    lists, state = ListPair("RU-held", "UA-sought"), RegistryState()

    def waiting(*, again: bool = False) -> list[tuple[str, str]]:
        weighing = weigh_lists(ours, theirs, excluded=excluded(state, lists))
        return [one.key[1::2] for one in queue({lists: weighing}, state, "three", again=again)]

    assert waiting() == [("a", "x")]
    for name in ("one", "two"):
        state.give_opinion(
            msgspec.structs.replace(
                OPINION, held_ref="a", sought_ref="x", outcome=OTHER, reviewer=name, simulated=False
            )
        )
    assert waiting() == [("b", "x")]
    assert waiting(again=True) == [("b", "x"), ("a", "x")]


def test_what_matters_most_comes_first() -> None:
    """What is half done, then the gravely ill, then what two must look at, then the likeliest; each reviewer's own."""
    names = ("Шевчук", "Бондаренко", "Мельник", "Коваленко", "Лисенко")
    born = ("1990-05-04", "1991-05-04", "1992-05-04", "", "1994-05-04")
    ours = [person(f"u{n}", f"{name} Іван Іванович", born[n]) for n, name in enumerate(names)]
    ours[2] = msgspec.structs.replace(ours[2], categories=(URGENT,))
    theirs = [msgspec.structs.replace(one, ref=f"r{n}") for n, one in enumerate(ours)]
    lists, state = ListPair("RU-held", "UA-sought"), RegistryState()
    weighing = {lists: weigh_lists(ours, theirs)}
    by = msgspec.structs.replace(OPINION, simulated=False)
    for reviewer, outcome, number, band in (
        ("one", SAME, 0, "confirm"),
        ("two", OTHER, 0, "confirm"),
        ("one", SAME, 4, "review"),
    ):
        state.give_opinion(
            msgspec.structs.replace(
                by, held_ref=f"u{number}", sought_ref=f"r{number}", reviewer=reviewer, outcome=outcome, band=band
            )
        )
    order = [(one.key[1], one.stage) for one in queue(weighing, state, "three")]
    assert order == [
        ("u0", Stage.DISPUTED),
        ("u4", Stage.SECOND),
        ("u2", Stage.FIRST),
        ("u3", Stage.FIRST),
        ("u1", Stage.FIRST),
    ]
    assert [one.key[1] for one in queue(weighing, state, "ONE")] == ["u2", "u3", "u1"]
