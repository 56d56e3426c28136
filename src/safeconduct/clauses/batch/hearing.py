"""How far each device has reported, and which of them could still report what a breach lacks."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from safeconduct.clauses.batch.columns import Columns
from safeconduct.clauses.batch.sifting import Sifted
from safeconduct.logistics.plan import Plan

_HUGE = r"^[0-9]{19,}$"
_LARGE = 2**62


@dataclass(frozen=True)
class Lacking:
    """A report that would undo a breach: of one of these vehicles, at one of these places; None: of any, at any."""

    vehicles: frozenset[str] | None = None
    places: frozenset[str] | None = None


ANYTHING = Lacking()
"""A report that any device may make."""


@dataclass(frozen=True)
class Word:
    """What devices say to a breach."""

    waiting_for: tuple[str, ...]
    """Those that may still report what is lacking."""
    trusted: tuple[str, ...]
    """Those that might, but have been silent for too long to wait."""
    silence_us: int
    """How long is too long."""


NOBODY = Word((), (), 0)
"""Nothing is lacking."""


@dataclass(frozen=True)
class _Heard:
    watermark_us: int | None
    latest_us: int | None


class Hearing:
    """The word of every device at the end of observation."""

    def __init__(self, plan: Plan, sifted: Sifted) -> None:
        self._plan = plan
        self._end_us = sifted.end_us
        self._heard = _heard(sifted)
        retired = sifted.events.of_types("retired").rows("device")
        self._retired = {device for _, _, _, device in retired}
        self._able: dict[Lacking, list[str]] = {}

    def word(self, lacking: Lacking | None, at_us: int) -> Word:
        """Whom a breach at a moment waits for, given what it lacks (None: nothing)."""
        if lacking is None:
            return NOBODY
        waiting: list[str] = []
        trusted: list[str] = []
        for device in self._devices(lacking):
            heard = self._heard.get(device, _Heard(None, None))
            if heard.watermark_us is not None and heard.watermark_us > at_us:
                continue
            since_us = at_us if heard.latest_us is None else heard.latest_us
            silent = self._end_us is not None and self._end_us - since_us >= self._plan.trust_silence_us
            (trusted if silent else waiting).append(device)
        return Word(tuple(waiting), tuple(trusted), self._plan.trust_silence_us)

    def _devices(self, lacking: Lacking) -> list[str]:
        """The devices, not retired, that are able to report it."""
        if lacking not in self._able:
            able = self._heard if self._plan.devices is None else self._planned(lacking)
            self._able[lacking] = sorted(set(able) - self._retired)
        return self._able[lacking]

    def _planned(self, lacking: Lacking) -> Iterable[str]:
        for device in self._plan.devices or ():
            sees = (
                (set(device.vehicles), lacking.vehicles),
                (set(device.places), lacking.places),
            )
            if not any(own for own, _ in sees) or any(own and (of is None or own & of) for own, of in sees):
                yield device.id


def _heard(sifted: Sifted) -> dict[str, _Heard]:
    events = _numbered(sifted.events)
    latest = dict(_latest(events))
    numbers = pl.concat([events, _numbered(sifted.voided)]).drop_nulls("number")
    counted = numbers.group_by("device").agg(
        pl.col("number").n_unique().alias("different"), pl.col("number").max().alias("highest")
    )
    gaps = counted.filter(pl.col("different") != pl.col("highest"))["device"].implode()
    # Without a gap all that has a number counts, and a clock without one.
    proving = events.filter(pl.col("number").is_not_null() | pl.col("is_clock"))
    watermarks = dict(_latest(proving.filter(~pl.col("device").is_in(gaps))))
    behind = proving.filter(pl.col("device").is_in(gaps)).drop_nulls("number")
    missing = _first_missing(numbers.filter(pl.col("device").is_in(gaps)))
    before = behind.join(missing, on="device").filter(pl.col("number") < pl.col("missing"))
    watermarks.update(_latest(before))
    return {one: _Heard(watermarks.get(one), at_us) for one, at_us in latest.items()}


def _latest(events: pl.DataFrame) -> list[tuple[str, int]]:
    return events.group_by("device").agg(pl.col("at").max()).rows()


def _first_missing(numbers: pl.DataFrame) -> pl.DataFrame:
    """For each device the first number that nothing has."""
    ordered = numbers.select("device", "number").unique().sort("device", "number")
    counted = ordered.with_columns(pl.int_range(1, pl.len() + 1).over("device").alias("missing"))
    return counted.filter(pl.col("number") != pl.col("missing")).group_by("device").agg(pl.col("missing").min())


def _numbered(reports: Columns) -> pl.DataFrame:
    """Device, number and time of what devices reported, and whether it is a clock without number."""
    written = reports.json("device_seq")
    # A number too large to count with stands behind a gap in any case.
    number = pl.when(written.str.contains(_HUGE)).then(_LARGE).otherwise(written.cast(pl.Int64, strict=False))
    return reports.frame.select(
        reports.text("device").alias("device"),
        pl.when(number >= 1).then(number).alias("number"),
        "at",
        ((pl.col("type") == "clock") & number.is_null()).alias("is_clock"),
    ).drop_nulls("device")
