"""Whether all is well with a ledger, as a party's mirror sees it: one verdict, and the lines that it rests on."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from safeconduct.app.mirroring import Mirrored
from safeconduct.app.party_watch import Judged
from safeconduct.kernel.times import SECOND_US, format_instant
from safeconduct.ledger.note import to_base64


class Verdict(enum.Enum):
    """What the party should do."""

    WELL = "all is well"
    LOOK = "look at this"
    """Something is missing or to be asked about; nothing is proven."""
    ALARM = "do not rely on this ledger"
    """It contradicts itself, and the mirror keeps the proof."""


@dataclass(frozen=True, slots=True)
class WitnessSeen:
    """How far a witness that the terms name has cosigned, by cosignatures that this mirror checked itself."""

    of: str
    """The side whose it is."""
    name: str
    size: int
    """0: no cosignature was seen."""
    at_s: int | None
    """When it cosigned, by its own clock."""
    late: bool = False
    """Whether it lacks entries for longer than a round of asking takes."""


@dataclass
class MirrorReport:
    """What a mirror knows at a moment."""

    origin: str
    clearance: str
    mirrored: Mirrored
    now_us: int
    looked_us: int | None
    """When the ledger was reached last; None: never."""
    trouble: str = ""
    """Why the last look did not succeed; empty if it did."""
    unsound: tuple[str, ...] = ()
    """What was wrong with what was served last; nothing of it was taken."""
    judged: Judged | None = None
    witnesses: Sequence[WitnessSeen] = field(default_factory=tuple)
    own: str = ""
    """The name of this mirror's own witness; empty if it cosigns nothing."""

    @property
    def verdict(self) -> Verdict:
        """The gravest of all."""
        if self.mirrored.evidence:
            return Verdict.ALARM
        late = any(one.late for one in self.witnesses)
        asked = self.judged is not None and self.judged.questions
        return Verdict.LOOK if self.trouble or self.unsound or late or asked else Verdict.WELL

    def lines(self) -> list[tuple[str, str]]:
        """One screen: what each is about, and the sentence."""
        return list(self._lines())

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        mirrored, judged = self.mirrored, self.judged
        return {
            "origin": self.origin,
            "clearance": self.clearance,
            "verdict": self.verdict.name.lower(),
            "size": mirrored.checkpoint.size,
            "root": to_base64(mirrored.checkpoint.root),
            "authors": mirrored.authors,
            "told": mirrored.told,
            "recorded_at": None if mirrored.recorded_at_us is None else _moment(mirrored.recorded_at_us),
            "looked_at": None if self.looked_us is None else _moment(self.looked_us),
            "trouble": self.trouble,
            "unsound": list(self.unsound),
            "evidence": [
                {
                    "found_at": _moment(one.found_at_us),
                    "what": one.what,
                    "held": one.held.decode(),
                    "shown": one.shown.decode(),
                }
                for one in mirrored.evidence
            ],
            "erasures": [
                {"index": one.index, "recorded_at": _moment(one.recorded_at_us), "forgotten": one.forgotten}
                for one in mirrored.erasures
            ],
            "witnesses": [
                {"of": one.of, "name": one.name, "size": one.size, "at": None if one.at_s is None else _at(one.at_s)}
                for one in self.witnesses
            ],
            "terms": None
            if judged is None
            else {
                "judged": list(judged.clauses),
                "beyond": list(judged.beyond),
                "agree": judged.agree,
                "excused": judged.excused,
                "questions": [
                    {
                        "clause": one.clause,
                        "rule": one.rule,
                        "subject": one.subject,
                        "at": one.at,
                        "message": one.message,
                    }
                    for one in judged.questions
                ],
            },
        }

    def _lines(self) -> Iterable[tuple[str, str]]:
        mirrored = self.mirrored
        size = mirrored.checkpoint.size
        last = "" if mirrored.recorded_at_us is None else f", the last recorded {_moment(mirrored.recorded_at_us)}"
        yield "ledger", f"{size:,} entries{last}"
        yield "root", to_base64(mirrored.checkpoint.root)
        yield "checked", f"every hash, {size:,} signatures of {_counted(mirrored.authors, 'key')}, each key's own chain"
        yield "told", f"of {mirrored.told:,} entries something; their authors committed to every field of it"
        yield from self._erased()
        yield from self._cosigned()
        yield from self._terms()
        if self.looked_us is None:
            yield "reached", f"never: {self.trouble}" if self.trouble else "not yet"
        elif self.trouble:
            yield "reached", f"last {_moment(self.looked_us)}; since then: {self.trouble}"
        else:
            yield "reached", _moment(self.looked_us)
        for what in self.unsound[:3]:
            yield "unsound", f"{what}; nothing of it was taken"
        for one in mirrored.evidence[:3]:
            yield "PROOF", f"{_moment(one.found_at_us)}: {one.what}; both checkpoints are kept (--json shows them)"

    def _erased(self) -> Iterable[tuple[str, str]]:
        erasures = self.mirrored.erasures
        looked = [one for one in erasures if one.forgotten is not None]
        if looked:
            gone = sum(one.forgotten or 0 for one in looked)
            yield (
                "erased",
                f"by the ledger, of what it had told: {_counted(gone, 'entry', 'entries')}; "
                f"{_counted(len(looked), 'erasure')}, the last {_moment(looked[-1].recorded_at_us)}",
            )
            if gone:
                yield "", "forgotten here too, and their hashes stand; --json tells how many with each erasure"
        if len(looked) < len(erasures):
            waiting = _counted(len(erasures) - len(looked), "erasure")
            yield "erased", f"{waiting} more: what to forget is not known yet"

    def _cosigned(self) -> Iterable[tuple[str, str]]:
        size = self.mirrored.checkpoint.size
        if not self.witnesses:
            yield "cosigned", "the terms name no witness"
        for one in self.witnesses:
            whose = f"{one.of} ({one.name}{', this mirror' if one.name == self.own else ''})"
            if one.at_s is None:
                yield "cosigned", f"not by {whose}"
            elif one.size < size:
                yield (
                    "cosigned",
                    f"by {whose} up to {one.size:,} entries, {_at(one.at_s)}; not the {size - one.size:,} since",
                )
            else:
                yield "cosigned", f"by {whose} all of it, {_at(one.at_s)}"

    def _terms(self) -> Iterable[tuple[str, str]]:
        judged = self.judged
        if judged is None:
            yield "terms", "no plan is in force yet"
            return
        found = f"{_counted(judged.agree, 'deviation')} found and shown as alarms, {len(judged.questions)} not shown"
        yield "terms", f"{_counted(len(judged.clauses), 'clause')} judged here: {found}"
        if judged.excused:
            found = _counted(judged.excused, "deviation")
            yield "", f"{found} that may be for lack of what the ledger erased: not asked about"
        if judged.beyond:
            yield "", f"{_counted(len(judged.beyond), 'clause')} rest on what this party is not told"
        for one in judged.questions[:5]:
            yield (
                "ask",
                f"{one.at} {one.clause}: {one.message}; no alarm of it is shown, unless a report was taken back",
            )


def _counted(number: int, what: str, several: str = "") -> str:
    return f"{number:,} {what if number == 1 else several or what + 's'}"


def _moment(at_us: int) -> str:
    return format_instant(at_us - at_us % SECOND_US)


def _at(at_s: int) -> str:
    return format_instant(at_s * SECOND_US)
