"""How far each device has reported, and which of them could still report what a breach lacks."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from safeconduct.clauses.batch.columns import Columns
from safeconduct.clauses.batch.sifting import Sifted
from safeconduct.logistics.plan import Plan

_HUGE = r"^[0-9]{19,}$"
_LARGE = 2**62
"""Beyond every number and moment."""


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
    latest_us: int


class Hearing:
    """The word of every device at the end of observation."""

    def __init__(self, plan: Plan, sifted: Sifted) -> None:
        self._plan = plan
        self._sifted = sifted
        self._able: dict[Lacking, tuple[list[int], list[str]]] = {}

    @cached_property
    def _heard(self) -> dict[str, _Heard]:
        return _heard(self._sifted)

    @cached_property
    def _retired(self) -> set[str]:
        return {device for _, _, _, device in self._sifted.events.of_types("retired").rows("device")}

    def word(self, lacking: Lacking | None, at_us: int) -> Word:
        """Whom a breach at a moment waits for, given what it lacks (None: nothing)."""
        if lacking is None:
            return NOBODY
        watermarks, devices = self._devices(lacking)
        behind = devices[: bisect_right(watermarks, at_us)]
        if not behind:
            return NOBODY
        end_us = self._sifted.end_us
        waiting: list[str] = []
        trusted: list[str] = []
        for device in sorted(behind):
            heard = self._heard.get(device)
            since_us = at_us if heard is None else heard.latest_us
            silent = end_us is not None and end_us - since_us >= self._plan.trust_silence_us
            (trusted if silent else waiting).append(device)
        return Word(tuple(waiting), tuple(trusted), self._plan.trust_silence_us)

    def _devices(self, lacking: Lacking) -> tuple[list[int], list[str]]:
        """The devices, not retired, that are able to report it, by their watermarks, the least first."""
        if lacking not in self._able:
            able = self._heard if self._plan.devices is None else self._planned(lacking)
            devices = sorted(set(able) - self._retired, key=self._watermark_us)
            self._able[lacking] = [self._watermark_us(device) for device in devices], devices
        return self._able[lacking]

    def _watermark_us(self, device: str) -> int:
        heard = self._heard.get(device)
        return -_LARGE if heard is None or heard.watermark_us is None else heard.watermark_us

    def _planned(self, lacking: Lacking) -> Iterable[str]:
        for device in self._plan.devices or ():
            sees = (
                (set(device.vehicles), lacking.vehicles),
                (set(device.places), lacking.places),
            )
            if not any(own for own, _ in sees) or any(own and (of is None or own & of) for own, of in sees):
                yield device.id


def _heard(sifted: Sifted) -> dict[str, _Heard]:
    told = pl.concat([_told(sifted.events, counts=True), _told(sifted.voided, counts=False)])
    # Where no two reports share a number, there are as many different ones as there are.
    different = pl.col("number").drop_nulls().n_unique() if sifted.clones else pl.col("number").count()
    furthest = (pl.col("at").max(), pl.col("mark").max(), pl.col("number").max().alias("highest"))
    grouped = told.lazy().group_by("device").agg(*furthest, different.alias("different"))
    devices = grouped.collect(engine="streaming")  # half the work of the other engine
    heard = {device: _Heard(mark, at_us) for device, at_us, mark, *_ in devices.rows() if at_us is not None}
    gaps = devices.filter(pl.col("different") != pl.col("highest"))["device"]
    if len(gaps):
        behind = told.filter(pl.col("device").is_in(gaps.implode())).drop_nulls("number")
        before = behind.join(_first_missing(behind), on="device").filter(pl.col("number") < pl.col("missing"))
        marks = dict(before.group_by("device").agg(pl.col("mark").max()).rows())
        heard.update(
            (device, replace(heard[device], watermark_us=marks.get(device))) for device in gaps if device in heard
        )
    return heard


def _first_missing(numbers: pl.DataFrame) -> pl.DataFrame:
    """For each device the first number that nothing has, if something has a later one."""
    ordered = numbers.select("device", "number").unique().sort("device", "number")
    counted = ordered.with_columns(pl.int_range(1, pl.len() + 1).over("device").alias("missing"))
    return counted.filter(pl.col("number") != pl.col("missing")).group_by("device").agg(pl.col("missing").min())


def _told(reports: Columns, counts: bool) -> pl.DataFrame:
    """What devices reported, a row each: device, number, time, and the time again where it proves how far they are.

    Without a gap all that has a number proves it, and a clock without one. What does not count proves nothing and has
    no time, but its number is there.
    """
    frame = reports.frame.select(
        reports.text("device").alias("device"),
        "at",
        pl.col("type") == "clock",
        reports.json("device_seq").alias("written"),
        reports.json("device_seq").cast(pl.Int64, strict=False).alias("number"),
    ).drop_nulls("device")
    if frame["number"].null_count() > frame["written"].null_count():
        # A number too large to count with stands behind a gap in any case.
        huge = pl.col("number").is_null() & pl.col("written").str.contains(_HUGE)
        frame = frame.with_columns(pl.when(huge).then(_LARGE).otherwise("number").alias("number"))
    at_us = pl.col("at") if counts else pl.lit(None, pl.Int64)
    proves = (pl.col("number") >= 1) | (pl.col("number").is_null() & pl.col("type"))
    return frame.select(
        "device",
        at_us.alias("at"),
        pl.when(proves).then(at_us).alias("mark"),
        pl.when(pl.col("number") >= 1).then("number").alias("number"),
    )
