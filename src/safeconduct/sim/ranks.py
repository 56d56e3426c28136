"""Military ranks of both armies beside each other, lowest first, as lists write them."""

from typing import NamedTuple


class Rank(NamedTuple):
    """One grade: its plain English name, and how the two sides' lists write it."""

    english: str
    ukrainian: str
    ukrainian_old: str
    """The grade's name before the Ukrainian reform of 2019-2020, which lists still use."""
    russian: str


RANKS = (
    Rank("private", "солдат", "рядовий", "рядовой"),
    Rank("senior soldier", "старший солдат", "старший солдат", "ефрейтор"),
    Rank("junior sergeant", "молодший сержант", "молодший сержант", "младший сержант"),
    Rank("sergeant", "сержант", "сержант", "сержант"),
    Rank("senior sergeant", "старший сержант", "старший сержант", "старший сержант"),
    Rank("chief sergeant", "головний сержант", "старшина", "старшина"),
    Rank("staff sergeant", "штаб-сержант", "прапорщик", "прапорщик"),
    Rank("master sergeant", "майстер-сержант", "старший прапорщик", "старший прапорщик"),
    Rank("junior lieutenant", "молодший лейтенант", "молодший лейтенант", "младший лейтенант"),
    Rank("lieutenant", "лейтенант", "лейтенант", "лейтенант"),
    Rank("senior lieutenant", "старший лейтенант", "старший лейтенант", "старший лейтенант"),
    Rank("captain", "капітан", "капітан", "капитан"),
    Rank("major", "майор", "майор", "майор"),
    Rank("lieutenant colonel", "підполковник", "підполковник", "подполковник"),
    Rank("colonel", "полковник", "полковник", "полковник"),
)
