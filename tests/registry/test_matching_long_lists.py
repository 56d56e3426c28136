"""Long lists, and lists on which many rows are alike: what is compared is bounded, told, and loses nothing else."""

import io
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from splink import DuckDBAPI
from tests.registry.test_registry_linkage import LEFT, RIGHT, person
from typer.testing import CliRunner

from safeconduct.cli.main import app
from safeconduct.cli.registry_matching import matching
from safeconduct.kernel.errors import Refused
from safeconduct.registry import scoring
from safeconduct.registry.blocking import BLOCKING, Rule
from safeconduct.registry.ceiling import ceiling
from safeconduct.registry.columns import columns_of, table_of
from safeconduct.registry.evidence import COMPARISONS
from safeconduct.registry.linkage import counted, match_lists, weigh_lists
from safeconduct.registry.shared_keys import FINER, TOLD_APART_BY, share_a_key
from safeconduct.registry.unproposed import why
from safeconduct.sim.list_pairs import as_person, draw_list_pair
from safeconduct.vocabulary.person import Person

Columns = dict[str, str | int]
ROWS = [
    f"{family} {given_name} {patronymic}"
    for family in ("Шевчук", "Shevchuk", "Лис")
    for given_name in ("Іван", "Ivan", "Петро", "_", "І")
    for patronymic in ("Іванович", "_")
]
PEOPLE = st.tuples(st.sampled_from(ROWS), st.sampled_from(("1990-05-04", "1990-04-05", "1991", "")))


def listed(rows: Sequence[tuple[str, str]], side: str) -> list[Person]:
    return [person(f"{side}{number:03}", name, born) for number, (name, born) in enumerate(rows)]


# The oracle: every key of every rule by hand, every block counted.


def part(row: Columns, column: str, letters: int) -> Any:
    value = row[column]
    if not letters or isinstance(value, int):
        return value or None
    return (value[:letters] if letters > 0 else value[letters:]) or None


def keys(rule: Rule, row: Columns, side: str) -> Iterator[tuple[Any, ...]]:
    """The keys of a row: those of a left row and a right row are equal if and only if the rule holds."""
    values = tuple(part(row, one.left if side == "l" else one.right, one.letters) for one in rule.agreements)
    if None in values:
        return
    year, short = int(row["year"]), int(row["given_length"]) <= 1
    if rule.about_the_year:
        years = () if not year else (year - 1, year, year + 1) if side == "l" else (year,)
        yield from ((*values, one) for one in years)
    elif rule.an_initial:
        # Left initials meet everybody, other left rows meet right initials.
        if side == "l":
            yield (*values, "initial" if short else "more")
        else:
            yield (*values, "initial")
            if short:
                yield (*values, "more")
    else:
        yield values


def compared(left: Sequence[Columns], right: Sequence[Columns], crowded: int) -> set[tuple[int, int]]:
    """Every pair that a key brings together which few share, or with more fields few."""
    found = set()
    for place, rule in enumerate(BLOCKING):
        for i, one in enumerate(left):
            for j, other in enumerate(right):
                for key in set(keys(rule, one, "l")) & set(keys(rule, other, "r")):
                    if few(place, key, {}, left, right, crowded, one, other):
                        found.add((i, j))
    return found


def few(
    place: int,
    key: tuple[Any, ...],
    more: Columns,
    left: Sequence[Columns],
    right: Sequence[Columns],
    crowded: int,
    one: Columns,
    other: Columns,
) -> bool:
    rows = [
        sum(key in keys(BLOCKING[place], row, side) and more.items() <= row.items() for row in rows)
        for rows, side in ((left, "l"), (right, "r"))
    ]
    if rows[0] * rows[1] <= (max(crowded // FINER, 1) if more else crowded):
        return True
    agreeing = [name for name in TOLD_APART_BY if one[name] and one[name] == other[name] and name not in more]
    return any(few(place, key, {**more, name: one[name]}, left, right, crowded, one, other) for name in agreeing)


def by_duckdb(left: Sequence[Person], right: Sequence[Person], crowded: int) -> set[tuple[int, int]]:
    api = DuckDBAPI()
    for name, persons in (("l", left), ("r", right)):
        scoring._create(api, name, {"id": list(range(len(persons))), **table_of(persons)})
    share_a_key(api.duckdb_con, "true", one_list=False, crowded=crowded)
    pairs = set(api.duckdb_con.execute("select i, j from pairs").fetchall())
    api.duckdb_con.close()
    return pairs


@settings(max_examples=3)
@given(st.lists(PEOPLE, min_size=1, max_size=9), st.lists(PEOPLE, min_size=1, max_size=9), st.integers(1, 9))
def test_what_is_compared_against_an_oracle(
    left: list[tuple[str, str]], right: list[tuple[str, str]], crowded: int
) -> None:
    """Whatever is crowded, exactly the pairs meet that share a key, alone or with more fields, which few share."""
    ours, theirs = listed(left, "u"), listed(right, "r")
    expected = compared([columns_of(one) for one in ours], [columns_of(one) for one in theirs], crowded)
    assert by_duckdb(ours, theirs, crowded) == expected


def test_nothing_that_is_worth_keeping_is_left_out_unmeasured() -> None:
    """The ceiling of a pair is never below its score, so that what is kept is what scoring every pair would keep."""
    lists = draw_list_pair(5, 300, "mixed", arabic=True)
    tables = [table_of(as_person(row) for row in rows) for rows in (lists.left, lists.right)]
    shares, in_use = counted(tables)
    prior = 0.5 / 300
    every, _ = scoring.score(tables, prior, shares, in_use, 0.0)
    kept, _ = scoring.score(tables, prior, shares, in_use, 0.001)
    assert 150 < len(kept) < len(every) * 0.8
    assert kept == [one for one in every if one.probability >= 0.001]
    api = DuckDBAPI()
    for name, table in zip("lr", tables, strict=True):
        scoring._load(api, name, table, shares, in_use, COMPARISONS)
    query = f"select l.id, r.id, {ceiling(COMPARISONS)} from l, r"
    ceilings = {(i, j): most for i, j, most in api.duckdb_con.execute(query).fetchall()}
    api.duckdb_con.close()
    numbers = [{ref: number for number, ref in enumerate(table["ref"])} for table in tables]
    odds = scoring._odds(prior)
    slack = [ceilings[numbers[0][one.left], numbers[1][one.right]] + odds - one.bits for one in every]
    assert min(slack) > -1e-5
    assert sorted(slack)[len(slack) // 2] < 3  # and mostly it is near


def test_a_distance_that_the_ceiling_does_not_know_is_not_taken_for_certain() -> None:
    """Every distance in the evidence has its bound: none is left in the SQL, where it would be measured after all."""
    assert "damerau" not in ceiling(COMPARISONS)
    assert "jaro" not in ceiling(COMPARISONS)


def test_crowded_or_not_the_order_of_rows_does_not_matter() -> None:
    """Shuffled lists give the very same pairs."""
    first = weigh_lists(LEFT, RIGHT, crowded=2)
    left, right = list(LEFT), list(RIGHT)
    for rows in (left, right):
        random.Random(7).shuffle(rows)
    again = weigh_lists(left, right, crowded=2)
    assert (again.pairs, again.crowding) == (first.pairs, first.crowding)
    assert first.crowding.rules


def test_why_says_that_a_key_is_crowded_if_and_only_if_the_pair_was_not_compared() -> None:
    """For pairs of lists on which much is crowded, against the oracle; and in words."""
    rows = [("Шевчук Іван Іванович", "1990-05-04"), ("Шевчук _ _", ""), ("Лис Роман _", "1971-02-03")]
    ours, theirs = listed([*rows, *rows[:2]], "u"), listed([*rows, *rows[:2]], "r")
    weighing = weigh_lists(ours, theirs, crowded=3)
    pairs = compared([columns_of(one) for one in ours], [columns_of(one) for one in theirs], 3)
    verdicts = Counter[str]()
    for i, j in ((0, 0), (0, 1), (1, 2), (2, 2)):
        found = why(weighing, ours[i].ref, theirs[j].ref)
        assert (found.verdict in ("crowded", "no-key")) == ((i, j) not in pairs)
        verdicts[found.verdict] += 1
    assert verdicts.keys() == {"crowded", "no-key", "proposed"}
    told = why(weighing, "u000", "r000")
    assert told.sentence.startswith("never compared: too many rows share surname + given name (")
    assert "its probability would be 0." in told.sentence


def test_one_common_surname_costs_no_match() -> None:
    """400 rows of one surname and year, the rest of each its own: each is found by the other keys."""
    rows = [
        (f"Шевчук {given_name} {father}", f"1990-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}")
        for number, (given_name, father) in enumerate(
            (given_name, father)
            for given_name in ("Іван", "Петро", "Роман", "Тарас", "Юрій", "Олег", "Андрій", "Степан")
            for father in ("Іванович", "Петрович", "Романович", "Тарасович", "Юрійович") * 10
        )
    ]
    pairs = match_lists(listed(rows, "u"), listed(rows, "r"))
    assert len({tuple(row) for row in rows}) > 390
    found = sum(one.right_ref[1:] == one.left_ref[1:] for one in pairs)
    assert found > 390


def test_long_lists_on_which_all_say_the_same(tmp_path: Path) -> None:
    """Nobody can be told apart, so nobody is proposed, and every row says why. Not on a terminal there is a line for
    each step, on standard error alone, where what was crowded is counted, too."""
    for side in "lr":
        rows = "".join(f"{side}{number},Шевчук,Іван,1990-05-04\n" for number in range(1001))
        (tmp_path / f"{side}.csv").write_text("ref,family_name,given_name,birth_date\n" + rows, "utf-8")
    ended = CliRunner().invoke(app, ["registry", "match", str(tmp_path / "l.csv"), str(tmp_path / "r.csv"), "--json"])
    assert ended.exit_code == 0
    found = msgspec.json.decode(ended.stdout)
    assert len(found) == 1001
    assert {(row["band"], *row["reasons"]) for row in found} == {
        ("none", "compared with nobody: too many rows share what this one says")
    }
    told = ended.stderr
    assert "comparing 1,001 with 1,001 persons\nreading the names (2,002)\nlooking for shared keys (41)\n" in told
    assert "surname + given name: 1 value, 1,002,001 pairs of rows" in told
    assert "keys more, " in told


def test_names_are_never_written_to_disk() -> None:
    """The tables live in memory alone: where it does not do, they are not put into a folder beside the lists."""
    with scoring._in_memory() as api:
        settings_of = dict(api.duckdb_con.execute("select name, value from duckdb_settings()").fetchall())
    assert settings_of["temp_directory"] == ""
    number, unit = settings_of["memory_limit"].split()
    assert unit == "MiB" or float(number) <= 6


def test_too_little_memory_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused, and said how to mend it."""
    monkeypatch.setattr(scoring, "_MEMORY", 1_000_000)
    rows = [(f"Шевчук Іван{number} _", "1990") for number in range(300)]
    with pytest.raises(Refused, match="too long for the memory"):
        weigh_lists(listed(rows, "u"), listed(rows, "r"))


def test_on_a_terminal_there_is_a_bar_and_nothing_stays_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the step at hand, on standard error; a pipe gets no line of short lists."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with matching(10) as tell:
        tell("reading the names", 1, 2)
        tell("weighing pairs", 1, 4)
    assert "Weighing pairs" in terminal.getvalue()
    assert "25%" in terminal.getvalue()
    monkeypatch.setattr("sys.stderr", pipe := io.StringIO())
    with matching(10) as tell:
        tell("weighing pairs", 1, 4)
    assert pipe.getvalue() == ""
