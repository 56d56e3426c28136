"""Columns of RFC 3339 times as instants in microseconds since 1970 UTC."""

import numpy as np
import numpy.typing as npt
import polars as pl

from safeconduct.kernel.times import HOUR_US, MINUTE_US, SECOND_US, format_instant

_TIME = (
    r"^(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)
_SECONDS_LENGTH = len("2025-07-04T09:00:00")
_ZONE_LENGTH = len("+03:00")
_MICROSECONDS_LENGTH = len("2025-07-04T09:00:00.000000")
_PUNCTUATION = ((4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"))
_DAY_SECONDS = 86_400

Bytes = npt.NDArray[np.uint8]


def instants_us(texts: pl.Series) -> pl.Series:
    """The instants; null for what is unreadable or so unusual (another century, small letters) that it may be."""
    found = _of_utc(texts) if len(texts) and texts.str.ends_with("Z").all() else None
    return _of_any_zone(texts) if found is None else found


def written(instants: pl.Series) -> pl.Series:
    """Instants as the texts that patterns see."""
    different = instants.drop_nulls().unique()
    texts = pl.Series([format_instant(one) for one in different], dtype=pl.String)
    return instants.replace_strict(different, texts, default=None, return_dtype=pl.String)


def _of_utc(texts: pl.Series) -> pl.Series | None:
    """The instants of times that end in Z; None if some are so odd that all must be looked at otherwise."""
    lengths = texts.str.len_bytes()
    shortest, longest = lengths.min(), lengths.max()
    plain = len("Z") + _SECONDS_LENGTH
    if shortest == longest == plain:
        return _of_digits(texts.str.head(-1), _SECONDS_LENGTH)
    if not isinstance(longest, int) or longest > len("Z") + _MICROSECONDS_LENGTH:
        return None
    found = _of_digits(texts.str.head(-1).str.pad_end(_MICROSECONDS_LENGTH, "0"), _MICROSECONDS_LENGTH)
    has_fraction = (texts.str.slice(_SECONDS_LENGTH, 1) == ".") & (lengths >= plain + len(".0"))
    sound = (lengths == plain) | has_fraction
    return found if found is None or sound.all() else found.set(~sound, None)


def _of_digits(texts: pl.Series, length: int) -> pl.Series | None:
    """The instants of times of this length, null where the calendar has no such day; None if some are longer."""
    joined = texts.str.join("").item().encode()
    if len(joined) != length * len(texts):
        return None
    marks = np.frombuffer(joined, np.uint8).reshape(len(texts), length).T.copy()
    digits = marks - np.uint8(ord("0"))
    sound = np.ones(len(texts), np.bool_)
    for place, mark in _PUNCTUATION:
        sound &= marks[place] == ord(mark)
    for place in {*range(length)} - {place for place, _ in _PUNCTUATION} - {_SECONDS_LENGTH}:
        sound &= digits[place] <= 9
    year = _two(digits, 0).astype(np.int32) * 100 + _two(digits, 2)
    month, day, hour, minute, second = (_two(digits, place) for place in (5, 8, 11, 14, 17))
    sound &= (year >= 1) & (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second < 60)
    # Every month between the first and the last, by the day on which it begins.
    months = np.where(sound, (year - 1970) * 12 + month - 1, 0)
    first = int(months.min())
    begins = np.arange(first, int(months.max()) + 2).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    begin, following = begins[months - first], begins[months - first + 1]
    sound &= (day >= 1) & (day <= following - begin)
    seconds = (begin + day - 1) * _DAY_SECONDS + (hour.astype(np.int64) * 60 + minute) * 60 + second
    us = seconds * SECOND_US
    if length == _MICROSECONDS_LENGTH:
        thousands = _two(digits, 20).astype(np.int64) * 10_000
        us += thousands + _two(digits, 22).astype(np.int64) * 100 + _two(digits, 24)
    instants = pl.Series(us)
    return instants if sound.all() else instants.set(pl.Series(~sound), None)


def _two(digits: Bytes, place: int) -> Bytes:
    """Two digits as one number."""
    number: Bytes = digits[place] * np.uint8(10) + digits[place + 1]
    return number


def _of_any_zone(texts: pl.Series) -> pl.Series:
    plain = texts.str.contains(_TIME)
    frame = pl.DataFrame({"text": texts if plain.all() else texts.set(~plain, None)})
    whole = pl.col("text").str.head(_SECONDS_LENGTH)
    moment = whole.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, cache=False, time_unit="us").to_physical()
    tail = pl.col("text").str.slice(_SECONDS_LENGTH)
    is_utc = pl.col("text").str.ends_with("Z")
    digits = pl.when(is_utc).then(tail.str.head(-1)).otherwise(tail.str.head(-_ZONE_LENGTH)).str.slice(1)
    fraction_us = digits.str.pad_end(6, "0").cast(pl.Int64)
    zone = tail.str.tail(_ZONE_LENGTH)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours, minutes = (zone.str.slice(place, 2).cast(pl.Int64, strict=False) for place in (1, 4))
    ahead_us = pl.when(is_utc).then(0).otherwise(sign * (hours * HOUR_US + minutes * MINUTE_US))
    return frame.select(moment + fraction_us - ahead_us).to_series()
