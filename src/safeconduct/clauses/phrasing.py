"""Moments and events in words, as the sentences for the duty officer have them. Nothing here names a person."""

from datetime import UTC, date, datetime

from safeconduct.kernel.times import instant_us, to_datetime
from safeconduct.tracking.events import Event

_FIRST_US = instant_us(datetime.min.replace(tzinfo=UTC))
LAST_US = instant_us(datetime.max.replace(tzinfo=UTC))
"""The last moment that can be written: what is later never comes."""

CONFIDENCES = ("low", "medium", "high")
"""How far a claim may be relied on, in words."""


class Phrasing:
    """How one day is spoken of."""

    def __init__(self, start_us: int) -> None:
        """`start_us` is the plan's start: its date goes without saying."""
        self._date: date = to_datetime(start_us).date()

    def clock(self, at_us: int) -> str:
        """A moment for a person to read, in UTC; the date only where it is not that of the plan's start."""
        moment = to_datetime(min(max(at_us, _FIRST_US), LAST_US))
        text = moment.isoformat(timespec="seconds")[11 : 19 if moment.second else 16]
        if moment.date() == self._date:
            return text
        return f"{moment.date().isoformat()} {text}"

    def describe(self, event: Event) -> str:
        """What is reported to have happened, where and when; of a claim, that it is one and how far it is relied on."""
        if event.fields.get("source") is None:
            return self.happened(event)
        return f"{self.happened(event)} (a claim, confidence {confidence_of(event)})"

    def happened(self, event: Event) -> str:
        """What happened, where and when, without naming any person (nor an event's id, which may hold a name)."""
        words = [event.type]
        if vehicle := event.text("vehicle"):
            words.append(f"vehicle {vehicle}")
        if (giver := event.text("from")) and (taker := event.text("to")):
            words.append(f"{giver} to {taker}")
        if place := event.text("place"):
            words.append(f"at {place}")
        return " ".join(words) + f", {self.clock(event.at_us)}"


def confidence_of(claim: Event) -> str:
    """How far a claim is relied on: a number, or one of `CONFIDENCES`; any other text might name somebody."""
    confidence = claim.fields.get("confidence")
    if isinstance(confidence, int | float) and not isinstance(confidence, bool):
        return f"{confidence:g}"
    return confidence if confidence in CONFIDENCES else "not stated"
