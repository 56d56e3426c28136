"""Ranks may only rise: what a rank says of two rows, where it is known which list is the later one and where not."""

import random
from functools import cache
from math import log2
from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from safeconduct.cli.main import app
from safeconduct.registry.entries import ListReceived
from safeconduct.registry.evidence import COMPARISONS
from safeconduct.registry.linkage import Later, Pair, match_lists
from safeconduct.registry.list_entries import ListReplaced
from safeconduct.registry.ranks import LADDER, rank_level
from safeconduct.registry.review_queue import ListPair, later_of
from safeconduct.registry.state import RegistryState
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

GRADES = [listed.split(";")[0] for listed in LADDER]


def person(ref: str, rank: str, name: str = "Гаврилюк") -> Person:
    born = ImpreciseDate.parse("1990-05-04")
    return Person(ref=ref, family_name=name, given_name="Тарас", birth_date=born, sex="M", rank=rank)


def matched(left: str, right: str, later: Later = "") -> Pair:
    return match_lists([person("a", left)], [person("x", right)], later=later)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("капітан 1 рангу", "полковник"),
        ("капитан 3 ранга", "майор"),
        ("капітан-лейтенант", "капитан"),
        ("старшина 2 статті", "младший сержант"),
        ("мічман", "прапорщик"),
        ("контр-адмирал", "генерал-майор"),
        ("ефрейтор", "caporal"),
        ("старший солдат", "starshyi soldat"),
        ("старший сержант", "ст. сержант"),
        ("молодший сержант", "мл.сержант"),
    ],
)
def test_one_grade_has_one_step(one: str, other: str) -> None:
    """Of army and navy, in four languages, romanised, abbreviated."""
    assert rank_level(one) == rank_level(other) > 0


def test_a_number_is_part_of_a_grade() -> None:
    """Captains of the navy, whose number makes the rank; and what is no rank."""
    levels = [rank_level(f"капітан {number} рангу") for number in (3, 2, 1)]
    assert levels == sorted(set(levels))
    assert rank_level("kapitan 2 ranha") == rank_level("слюсар") == rank_level("") == 0


@cache
def _places() -> dict[tuple[int, int, int, int], int]:
    """Of two steps and which of the lists is the later the place on the ladder, for all that there are."""
    levels = next(one.levels for one in COMPARISONS if one.name == "rank")
    places = " ".join(f"when {level.condition} then {n}" for n, level in enumerate(levels) if level.condition)
    rows = " cross join ".join(
        f"(select unnest(range({first}, {last})) as {column})"
        for column, first, last in (
            ("rank_l", 1, len(LADDER) + 1),
            ("rank_r", 1, len(LADDER) + 1),
            ("later_l", 0, 2),
            ("later_r", 0, 2),
        )
    )
    query = f"select rank_l, rank_r, later_l, later_r, case {places} else {len(levels) - 1} end from {rows}"
    with duckdb.connect() as connection:
        return {tuple(row[:4]): row[4] for row in connection.execute(query).fetchall()}


def bits(rank: int, other: int, later: int, other_later: int) -> float:
    """What the ladder of the rank says of two steps."""
    levels = next(one.levels for one in COMPARISONS if one.name == "rank")
    level = levels[_places()[rank, other, later, other_later]]
    return log2(level.m / level.u)


STEPS = st.integers(1, len(LADDER))


@given(STEPS, STEPS, STEPS)
def test_the_evidence_is_monotone(before: int, one: int, other: int) -> None:
    """The further a rank rose, or fell, the less it speaks for one person; falling says no less against than rising as
    far; not to know the order lies between the two; and it is one whichever list stands left."""
    near, far = sorted((one, other), key=lambda step: abs(step - before))
    if (one > before) == (other > before):
        assert bits(before, near, 0, 1) >= bits(before, far, 0, 1)
    rose, fell, unknown = bits(before, one, 0, 1), bits(one, before, 0, 1), bits(before, one, 0, 0)
    if one >= before:
        assert rose >= unknown >= fell
    assert rose == bits(one, before, 1, 0)
    assert unknown == bits(one, before, 0, 0)


@settings(max_examples=3)
@given(
    st.lists(st.sampled_from(GRADES), min_size=2, max_size=4),
    st.lists(st.sampled_from(GRADES), min_size=2, max_size=4),
    st.randoms(use_true_random=False),
)
def test_neither_the_order_of_rows_nor_of_lists_matters(
    left: list[str], right: list[str], shuffle: random.Random
) -> None:
    """Shuffled rows, and the lists exchanged together with their order in time."""
    names = ("Гаврилюк", "Лисенко", "Ткаченко", "Бойко")
    lefts = [person(f"a{n}", rank, names[n]) for n, rank in enumerate(left)]
    rights = [person(f"x{n}", rank, names[n]) for n, rank in enumerate(right)]
    pairs = match_lists(lefts, rights, later="right")
    shuffle.shuffle(lefts)
    shuffle.shuffle(rights)
    back = match_lists(rights, lefts, later="left")
    found = {(one.left_ref, one.right_ref, one.probability, one.band) for one in pairs if one.right_ref}
    assert found == {(one.right_ref, one.left_ref, one.probability, one.band) for one in back if one.right_ref}


def test_a_rise_is_told_and_keeps_nobody_from_one_reviewer() -> None:
    """Promoted in captivity: one step, several."""
    one, several = matched("солдат", "старший солдат", "right"), matched("капитан", "рядовий", "left")
    assert "rank rose from солдат to старший солдат, one step" in one.reasons
    assert "rank rose from рядовий to капитан, 11 steps" in several.reasons
    assert (one.band, several.band) == ("confirm", "confirm")


def test_a_lower_rank_on_the_later_list_speaks_against() -> None:
    """More the further it is; from three steps on it is a contradiction, said first, for two reviewers."""
    little, far = matched("сержант", "молодший сержант", "right"), matched("майор", "рядовой", "right")
    assert "rank lower on the later list (сержант, молодший сержант: one step)" in little.reasons
    assert far.reasons[0] == "rank lower on the later list (майор, рядовой: 12 steps)"
    assert (little.band, far.band) == ("confirm", "review")
    unknown = matched("майор", "рядовой")
    assert far.probability < unknown.probability < matched("рядовой", "майор", "right").probability
    assert "rank far apart (майор, рядовой)" in unknown.reasons


def _state(*purposes: str, replaced: tuple[tuple[str, str], ...] = ()) -> RegistryState:
    state = RegistryState()
    for number, purpose in enumerate(purposes):
        name = f"L{number}"
        entry = ListReceived(
            occurred_at_us=1, own=("UA",), list_id=name, purpose=purpose, file_sha256="", rows=1, findings=0
        )
        state.receive_list(entry)
    for earlier, later in replaced:
        state.replace_list(ListReplaced(occurred_at_us=1, own=("UA",), list_id=later, replaces=earlier, version=2))
    return state


def test_which_list_on_record_is_the_later() -> None:
    """The sought beside the held; a later version, also two versions on; else it is not known."""
    assert later_of(_state("held", "sought"), ListPair("L0", "L1")) == "right"
    assert later_of(_state("sought", "held"), ListPair("L0", "L1")) == "left"
    assert later_of(_state("held", "held"), ListPair("L0", "L1")) == ""
    versions = _state("held", "held", "held", replaced=(("L0", "L1"), ("L1", "L2")))
    assert later_of(versions, ListPair("L0", "L2")) == "right"
    assert later_of(versions, ListPair("L2", "L1")) == "left"


def test_the_command_is_told_the_order(tmp_path: Path) -> None:
    """`match --later` and `why --later` say it in words; another word is refused."""
    left, right = tmp_path / "l.csv", tmp_path / "r.csv"
    left.write_text("ref,family_name,given_name,birth_date,rank\n1,Шевчук,Іван,1998-05-17,солдат\n", "utf-8")
    right.write_text("ref,family_name,given_name,birth_date,rank\nx,Shevchuk,Ivan,1998-05-17,майор\n", "utf-8")
    lists = [str(left), str(right)]
    told = CliRunner().invoke(app, ["registry", "match", *lists, "--later", "right", "--json"])
    assert "rank rose from солдат to майор, 12 steps" in msgspec.json.decode(told.stdout)[0]["reasons"]
    refs = ["--left-ref", "1", "--right-ref", "x"]
    told = CliRunner().invoke(app, ["registry", "why", *lists, *refs, "--later", "left"])
    assert "rank lower on the later list (майор, солдат: 12 steps)" in told.stdout
    assert CliRunner().invoke(app, ["registry", "match", *lists, "--later", "both"]).exit_code == 2
