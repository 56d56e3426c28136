"""Columns of RFC 3339 times as instants in microseconds since 1970 UTC."""

import polars as pl

from safeconduct.kernel.times import HOUR_US, MINUTE_US, format_instant

_TIME = (
    r"^(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
    r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$"
)
_SECONDS_LENGTH = len("2025-07-04T09:00:00")
_ZONE_LENGTH = len("+03:00")


def instants_us(texts: pl.Series) -> pl.Series:
    """The instants; null for what is unreadable or so unusual (another century, small letters) that it may be."""
    plain = texts.str.contains(_TIME)
    frame = pl.DataFrame({"text": texts if plain.all() else texts.set(~plain, None)})
    whole = pl.col("text").str.head(_SECONDS_LENGTH)
    moment = whole.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, cache=False, time_unit="us").to_physical()
    tail = pl.col("text").str.slice(_SECONDS_LENGTH)
    if frame.select((tail == "Z").all(ignore_nulls=True)).item():
        return frame.select(moment).to_series()
    digits = tail.str.extract(r"^\.(\d+)", 1)
    fraction_us = digits.str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    zone = tail.str.tail(_ZONE_LENGTH)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours, minutes = zone.str.slice(1, 2).cast(pl.Int64), zone.str.slice(4, 2).cast(pl.Int64)
    ahead_us = pl.when(tail.str.ends_with("Z")).then(0).otherwise(sign * (hours * HOUR_US + minutes * MINUTE_US))
    return frame.select(moment + fraction_us - ahead_us).to_series()


def written(instants: pl.Series) -> pl.Series:
    """Instants as the texts that patterns see."""
    different = instants.drop_nulls().unique()
    texts = pl.Series([format_instant(one) for one in different], dtype=pl.String)
    return instants.replace_strict(different, texts, default=None, return_dtype=pl.String)
