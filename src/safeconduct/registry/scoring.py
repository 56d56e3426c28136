"""How likely pairs of rows are one person: Fellegi and Sunter's model, by Splink on DuckDB, in memory alone.

Names stand in its tables as they are, so that nothing is ever written to disk: where memory does not do, it is said.
"""

# ruff: noqa: S608 - all names in the SQL are of our own; what lists say stands in tables only

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from math import log2
from typing import Any, Final

from safeconduct.kernel.errors import Refused
from safeconduct.registry.ceiling import ceiling, lettered, letters_of, rarities
from safeconduct.registry.columns import Table
from safeconduct.registry.evidence import COMPARISONS, Comparison
from safeconduct.registry.frequencies import Frequencies, Key
from safeconduct.registry.shared_keys import CROWDED, Crowding, Database, compared_by, share_a_key, sharing

Tell = Callable[[str, int, int], None]
"""Is told what is being done, and how much of how much is done (of 0: nobody knows)."""

_MEMORY: Final = 6 << 30
"""The most bytes that the tables may take; less where the machine has little memory (DuckDB takes 80 % of it)."""
_UNITS: Final = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_AT_ONCE: Final = 500_000
"""So many pairs are scored in one step."""
_MOST_KEPT: Final = 20_000_000
BEST: Final = 50
"""A pair is kept if it is among so many best ones of either row."""
_ONLY_THE_BEST: Final = (
    f"row_number() over (partition by i order by bits desc, j) <= {BEST}"
    f" or row_number() over (partition by j order by bits desc, i) <= {BEST}"
)
_ROUNDING: Final = 1e-6
"""Bits; sums of the same weights in another order differ by less."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A pair of rows that was weighed."""

    left: str
    right: str
    probability: float
    bits: float
    levels: Mapping[str, int]
    """Per comparison the place on its ladder, from 0; -1 where nothing could be compared."""


def score(
    tables: Sequence[Table],
    prior: float,
    shares: Frequencies,
    in_use: frozenset[Key],
    kept_at: float,
    *,
    crowded: int = CROWDED,
    comparisons: Sequence[Comparison] = COMPARISONS,
    tell: Tell = lambda *_: None,
) -> tuple[list[Scored], Crowding]:
    """The pairs of two lists (or of one) that are worth keeping, the weightiest first, in an order that no order of the
    rows touches; and what was not compared because too many rows are alike.

    `tables` are in the order of their refs; `prior` is the probability of a pair before anything is compared, and
    `kept_at` that from which it is kept. Raises Refused where memory does not do.
    """
    one_list = len(tables) == 1
    with _in_memory() as api:
        database = api.duckdb_con
        for name, table in zip("lr", tables, strict=False):
            _load(api, name, table, shares, in_use, comparisons)
        if one_list:
            database.execute("create view r as from l")
        worth = f"{ceiling(comparisons)} >= {_odds(kept_at) - _odds(prior) - _ROUNDING}" if kept_at > 0 else "true"
        crowding = share_a_key(
            database,
            worth,
            one_list=one_list,
            crowded=crowded,
            tell=lambda done, total: tell("looking for shared keys", done, total),
        )
        weighed = _predict(api, one_list, prior, shares, kept_at, comparisons, tell)
        scored = list(_in_words(_fetched(database, comparisons), tables, comparisons))
        return scored, replace(crowding, beyond_the_best=weighed - len(scored))


def compared_by_rules(left: Table, right: Table, crowding: Crowding) -> tuple[frozenset[int], frozenset[int]]:
    """Of one row and another: the rules of the blocking (by place) whose key they share, and those by which they were
    compared where some keys are crowded."""
    with _in_memory() as api:
        database = api.duckdb_con
        for name, table in (("l", left), ("r", right)):
            _create(api, name, {"id": [0], **table})
        shared = sharing(database)
        return shared, compared_by(database, shared, crowding) if crowding.keys else shared


@contextmanager
def _in_memory() -> Iterator[Any]:
    """Splink's hold of a database that writes nothing to disk. Raises Refused where memory does not do."""
    from splink import DuckDBAPI

    api = DuckDBAPI()
    try:
        ((limit,),) = api.duckdb_con.execute("select current_setting('memory_limit')").fetchall()
        number, unit = limit.split()
        most = min(int(float(number) * _UNITS[unit]), _MEMORY)
        for setting in (f"memory_limit = '{most}B'", "temp_directory = ''", "preserve_insertion_order = false"):
            api.duckdb_con.execute(f"set {setting}")
        yield api
    except MemoryError:
        raise Refused(_NO_MEMORY) from None
    except Exception as error:
        if type(error).__name__ != "OutOfMemoryException":  # DuckDB's, which this room does not know
            raise
        raise Refused(_NO_MEMORY) from None
    finally:
        api.duckdb_con.close()


_NO_MEMORY: Final = (
    "these lists are too long for the memory that is free, and nothing was written to disk in its place; "
    "close other programs, or match parts of them (one unit, one year of birth at a time)"
)


def _load(
    api: Any,
    name: str,
    table: Table,
    shares: Frequencies,
    in_use: frozenset[Key],
    comparisons: Sequence[Comparison],
) -> None:
    """The rows of a list as a table of DuckDB, with what the ceiling of a pair is told by; and as `…_rows` without."""
    given = table["given"]
    columns: dict[str, Sequence[Any]] = {
        "id": list(range(len(given))),
        **table,
        "given_in_use": [int(key in in_use) for key in given],
    }
    counted = {f"rarity_of_{column}": rarities(table[column], found) for column, found in shares.items()}
    letters = {
        f"letters_of_{column}": [letters_of(str(one)) for one in table[column]] for column in lettered(comparisons)
    }
    del columns["ref"]
    _create(api, name, {**columns, **counted, **letters})
    api.duckdb_con.execute(f"create view {name}_rows as select {', '.join(columns)} from {name}")


def _create(api: Any, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
    source = api.register(dict(columns), table_name=f"{name}_source").physical_name
    api.duckdb_con.execute(f"create table {name} as from {source}")
    api.duckdb_con.unregister(source)


def _predict(
    api: Any,
    one_list: bool,
    prior: float,
    shares: Frequencies,
    kept_at: float,
    comparisons: Sequence[Comparison],
    tell: Tell,
) -> int:
    """Score the table `pairs` into the table `scored`, some pairs at once; how many are worth keeping."""
    database = api.duckdb_con
    wanted = ", ".join(f"gamma_{one.name}" for one in comparisons)
    columns = "".join(f", gamma_{one.name} tinyint" for one in comparisons)
    database.execute(f"create table scored (i integer, j integer, probability double, bits double{columns})")
    ((total,),) = database.execute("select count(*) from pairs").fetchall()
    weighed = 0
    if not total:
        return weighed
    linker = _linker(api, one_list, prior, shares, comparisons)
    # Splink's own names of rows.
    left, right = ("i", "j") if one_list else ("'l_rows-__-' || i", "'r_rows-__-' || j")
    for first in range(0, total, _AT_ONCE):
        tell("weighing pairs", first, total)
        database.execute(
            f"create or replace table blocked as select '0' as match_key, {left} as join_key_l, {right} as join_key_r"
            f" from pairs where rowid >= {first} and rowid < {first + _AT_ONCE}"
        )
        linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
        predicted = linker.inference.predict(threshold_match_probability=kept_at, warning_mode="never")
        before = _count(database)
        database.execute(
            f"insert into scored select id_l, id_r, match_probability, round(match_weight, 6), {wanted}"
            f" from {predicted.physical_name}"
        )
        predicted.drop_table_from_database_and_remove_from_cache()
        after = _count(database)
        weighed += after - before
        if after > _MOST_KEPT:
            database.execute(f"create or replace table scored as from scored qualify {_ONLY_THE_BEST}")
    tell("weighing pairs", total, total)
    return weighed


def _count(database: Database) -> int:
    return int(database.execute("select count(*) from scored").fetchall()[0][0])


def _linker(api: Any, one_list: bool, prior: float, shares: Frequencies, comparisons: Sequence[Comparison]) -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library
    from splink import Linker, SettingsCreator

    def ladder(comparison: Comparison) -> Any:
        rungs: list[Any] = [levels.CustomLevel(comparison.missing).configure(is_null_level=True)]
        for level in comparison.levels:
            rung = levels.CustomLevel(level.condition) if level.condition else levels.ElseLevel()
            rung.configure(m_probability=level.m, u_probability=level.u)
            if level.frequency_of:
                rung.configure(tf_adjustment_column=level.frequency_of, disable_tf_exact_match_detection=True)
            rungs.append(rung)
        return splink.comparison_library.CustomComparison(rungs, output_column_name=comparison.name)

    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="dedupe_only" if one_list else "link_only",
        comparisons=[ladder(comparison) for comparison in comparisons],
        probability_two_random_records_match=prior,
        retain_matching_columns=True,  # with them the places on the ladders
        unique_id_column_name="id",
    )
    names = ["l_rows"] if one_list else ["l_rows", "r_rows"]
    tables = [api.register(name, dataset_display_name=name) for name in names]
    linker = Linker(tables[0] if one_list else tables, settings, log_level=None, validate_settings=False)
    for column, found in shares.items():
        table = {column: list(found), f"tf_{column}": list(found.values())}
        linker.table_management.register_term_frequency_lookup(api.register(table, table_name=f"f_{column}"), column)
    return linker


def _fetched(database: Database, comparisons: Sequence[Comparison]) -> Iterator[tuple[Any, ...]]:
    wanted = ", ".join(f"gamma_{one.name}" for one in comparisons)
    found = database.execute(
        f"select i, j, probability, bits, {wanted} from scored qualify {_ONLY_THE_BEST} order by bits desc, i, j"
    )
    while rows := found.fetchmany(10_000):
        yield from rows


def _in_words(
    rows: Iterator[tuple[Any, ...]], tables: Sequence[Table], comparisons: Sequence[Comparison]
) -> Iterator[Scored]:
    lefts, rights = tables[0]["ref"], tables[-1]["ref"]

    @cache
    def places(*gammas: int) -> Mapping[str, int]:
        return {one.name: _place(one, gamma) for one, gamma in zip(comparisons, gammas, strict=True)}

    for i, j, probability, bits, *gammas in rows:
        yield Scored(str(lefts[i]), str(rights[j]), probability, bits, places(*gammas))


def _place(comparison: Comparison, gamma: int) -> int:
    """Splink counts the rungs from the lowest, 0, and calls the missing one -1."""
    return -1 if gamma < 0 else len(comparison.levels) - 1 - gamma


def _odds(probability: float) -> float:
    """In bits."""
    return log2(probability / (1 - probability))
