"""What the numbers of a text tell beyond themselves, with all communiqués of the exchange before it, in words."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from safeconduct.app.recorded_day import Papers
from safeconduct.clauses.day import Day
from safeconduct.disclosure.communique import fault_at
from safeconduct.disclosure.counts import Facts, Text
from safeconduct.disclosure.entries import CommuniqueReleased
from safeconduct.disclosure.inference import Pinned, numbers, pinned, remarks
from safeconduct.kernel.errors import Fault
from safeconduct.kernel.times import format_instant


@dataclass(frozen=True)
class Counts:
    """The numbers of a text and of all that was released before it."""

    facts: Facts
    released: Sequence[CommuniqueReleased]
    texts: Sequence[Text]
    new: Text

    def pinned_by(self, name: str, text: str, cleared: Collection[str]) -> tuple[Fault, ...]:
        """A fault for each uncleared number that could be computed once the text were out."""
        return tuple(
            fault_at(
                name,
                text,
                one.by,
                f"with what else is told, {{{one.by}}} tells that {{{one.fact}}} {self._said(one)}, "
                "and that is not cleared",
                f"have every party clear {{{one.fact}}} as well, or leave {{{one.by}}} out",
            )
            for one in pinned(self.facts, self.texts, self.new, cleared)
        )

    def remarks(self, name: str, text: str) -> tuple[Fault, ...]:
        """What the text may tell of persons of a category, in the order of its lines."""
        found = remarks(self.facts, self.texts, self.new)
        mend = "release it only if that may be known"
        return tuple(sorted(fault_at(name, text, one.by, f"{{{one.by}}} tells that {one.what}", mend) for one in found))

    def also_told(self, cleared: Collection[str]) -> tuple[str, ...]:
        """The same as `pinned_by` of a text that is out."""
        return tuple(
            f"with what else was told, it tells that {one.fact!r} {self._said(one)}, which was not cleared"
            for one in pinned(self.facts, self.texts, self.new, cleared)
        )

    def _said(self, one: Pinned) -> str:
        low, high = one.interval
        value = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        if one.earlier is None:
            return f"is {value}"
        return f"was {value} at the release of {format_instant(self.released[one.earlier].occurred_at_us)}"


def counts_of(on_record: Papers, day: Day, released: Sequence[CommuniqueReleased], told: Mapping[str, str]) -> Counts:
    """The numbers told, with how many the record says had been handed over when each text was released."""
    facts = Facts(on_record.terms.agreement.parties)
    moments = sorted(max(event.at_us, event.received_us or 0) for event in day.handed_over.values())
    texts = [Text(numbers(one.facts, facts), bisect_right(moments, one.occurred_at_us)) for one in released]
    return Counts(facts, released, texts, Text(numbers(told, facts), len(moments)))
