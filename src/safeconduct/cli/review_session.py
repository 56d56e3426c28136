"""A session of a reviewer: pair after pair, each finding durable before the next is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from safeconduct.app.review_desk import ReviewDesk
from safeconduct.cli.key_press import QUIT, Answers
from safeconduct.cli.review_screen import ReviewScreen
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import SECOND_US
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.review_queue import Waiting
from safeconduct.registry.reviewing import EXCLUSION, IDENTIFICATION, PREMATURE

REASONS = {
    IDENTIFICATION: (
        "what both lists know agrees",
        "the differences are slips of the pen",
        "the same names, spelt by other rules",
        "nobody else fits",
    ),
    EXCLUSION: (
        "born on other days",
        "other fathers (patronymic)",
        "other names",
        "another row fits better",
    ),
    PREMATURE: (
        "too little on the lists",
        "another row fits as well",
        "ask the party that made the list",
        "to be asked in the interview",
    ),
}
"""Ready reasons of each outcome."""
ON_A_SHEET = "nothing contradicts, looked at side by side on a sheet"

_OUTCOMES = {"i": IDENTIFICATION, "e": EXCLUSION, "p": PREMATURE}
_WORDS = {IDENTIFICATION: "same person", EXCLUSION: "two persons", PREMATURE: "cannot say yet"}
_PAIR_US, _ROW_US = 20 * SECOND_US, 2 * SECOND_US
"""How long a pair alone, and one on a sheet, takes somebody who has just begun."""
_MOST_ON_A_SHEET = 20


@dataclass
class _Pace:
    """How long one takes, learnt as the session goes on."""

    each_us: int

    def learn(self, took_us: int, count: int) -> None:
        self.each_us = (5 * self.each_us + took_us // count) // 6


@dataclass
class Session:
    """What waits, and what was done so far."""

    desk: ReviewDesk
    answers: Answers
    screen: ReviewScreen
    waiting: list[Waiting]
    now_us: Callable[[], int]
    decided: int = 0
    erased: bool = False
    """Whether it ended because data were erased: what it was made of may not be shown any more."""
    _done: list[tuple[list[Waiting], list[MatchOpinion | None]]] = field(default_factory=list)
    """For undoing: the pairs of each finding, and what this reviewer had found on them before."""
    _alone: set[tuple[str, str, str, str]] = field(default_factory=set)
    """Pairs that were taken out of a sheet."""
    _skipped: int = 0
    _told: str = ""
    _pair: _Pace = field(default_factory=lambda: _Pace(_PAIR_US))
    _row: _Pace = field(default_factory=lambda: _Pace(_ROW_US))

    def run(self) -> None:
        """Until nothing waits or the reviewer quits."""
        going_on = True
        while self._catch_up() and self.waiting and going_on:
            sheet = self._sheet()
            began_us, decided = self.now_us(), self.decided
            going_on = self._look_at_sheet(sheet) if len(sheet) > 1 else self._look_at(self.waiting[0])
            if self.decided > decided:
                pace = self._row if len(sheet) > 1 else self._pair
                pace.learn(self.now_us() - began_us, self.decided - decided)

    def _catch_up(self) -> bool:
        """Leave out what others have settled or changed meanwhile; False where all of this may not be shown."""
        self.erased = self.desk.writer.catch_up()
        left_out, outdated = 0, not self.erased
        while outdated:
            front = self.waiting[:_MOST_ON_A_SHEET]
            kept = [one for one in front if not self.desk.outdated(one.key)]
            outdated = len(kept) < len(front)
            left_out += len(front) - len(kept)
            self.waiting[: len(front)] = kept
        if left_out:
            what = f"{left_out} pair{'s' * (left_out > 1)} left out, settled or changed meanwhile"
            self._told = "; ".join(filter(None, (self._told, what)))
        return not self.erased

    def _look_at(self, one: Waiting) -> bool:
        self.answers.forget()
        self.screen.pair(one, self._progress(1), self._take_told())
        while True:
            key = self.answers.key().lower()
            if key in _OUTCOMES:
                outcome = _OUTCOMES[key]
                self.screen.reasons(_WORDS[outcome], REASONS[outcome])
                reason = self.answers.choice(REASONS[outcome], "because: ")
                if reason is not None:
                    self._decide([one], outcome, reason)
                return True
            if (known := self._common(key, [one])) is not None:
                return known

    def _look_at_sheet(self, sheet: list[Waiting]) -> bool:
        self.answers.forget()
        self.screen.sheet(sheet, self._progress(len(sheet)), self._take_told())
        while True:
            key = self.answers.key().lower()
            if key == "i":
                self._decide(sheet, IDENTIFICATION, ON_A_SHEET)
                return True
            if key == "o":
                numbers = self.answers.text("which (numbers): ").replace(",", " ").split()
                chosen = {int(one) for one in numbers if one.isdecimal()}
                self._alone |= {one.key for number, one in enumerate(sheet, start=1) if number in chosen}
                return True
            if (known := self._common(key, sheet)) is not None:
                return known

    def _common(self, key: str, shown: Sequence[Waiting]) -> bool | None:
        """Whether to go on after a key that means the same everywhere; None for one that means nothing."""
        if key == QUIT:
            return False
        if key == "s":
            del self.waiting[: len(shown)]
            self._skipped += len(shown)
        elif key == "u":
            self._undo()
        elif key == "?":
            self.screen.help()
            return self.answers.key() != QUIT
        else:
            return None
        return True

    def _decide(self, pairs: list[Waiting], outcome: str, reason: str) -> None:
        before = [self.desk.own(one.key) for one in pairs]
        try:
            self.desk.decide([(one.key, one.pair) for one in pairs], outcome, reason)
        except Refused as error:
            self._told = f"not recorded: {error}"
            self._alone |= {one.key for one in pairs}
            return
        keys = {one.key for one in pairs}
        self.waiting = [one for one in self.waiting if one.key not in keys]
        self._done.append((pairs, before))
        self.decided += len(pairs)
        what = f"{len(pairs)} pairs" if len(pairs) > 1 else f"{pairs[0].pair.left_ref} with {pairs[0].pair.right_ref}"
        self._told = f"recorded: {what}, {_WORDS[outcome]} ({reason})"

    def _undo(self) -> None:
        if not self._done:
            self._told = "nothing to undo in this session"
            return
        pairs, before = self._done[-1]
        try:
            self.desk.undo([(one.key, one.pair) for one in pairs], before)
        except Refused as error:
            self._told = f"not taken back: {error}"
            return
        self._done.pop()
        self.waiting = [*pairs, *self.waiting]
        self.decided -= len(pairs)
        self._told = f"taken back: {len(pairs)} pair{'s' * (len(pairs) > 1)}"

    def _sheet(self) -> list[Waiting]:
        """The pairs at the front that one look settles: of the same two lists, for one reviewer, nobody else's yet."""
        sheet: list[Waiting] = []
        lines = self.screen.sheet_lines
        for one in self.waiting[:_MOST_ON_A_SHEET]:
            lines -= self.screen.rows_of_sheet(one) if self._is_plain(one) else 0
            same_lists = not sheet or (one.key[0], one.key[2]) == (sheet[0].key[0], sheet[0].key[2])
            if not self._is_plain(one) or not same_lists or lines < 0:
                break
            sheet.append(one)
        return sheet

    def _is_plain(self, one: Waiting) -> bool:
        return one.plain and one.key not in self._alone

    def _progress(self, shown: int) -> str:
        total = self.decided + self._skipped + len(self.waiting)
        at = self.decided + self._skipped + 1
        plain = sum(self._is_plain(one) for one in self.waiting)
        left_us = plain * self._row.each_us + (len(self.waiting) - plain) * self._pair.each_us
        minutes = round(left_us / (60 * SECOND_US))
        about = f"about {minutes} minute{'s' * (minutes != 1)} left" if minutes else "less than a minute left"
        place = f"pair {at:,}" if shown == 1 else f"pairs {at:,} to {at + shown - 1:,}"
        return f"{place} of {total:,}, {about}"

    def _take_told(self) -> str:
        told, self._told = self._told, ""
        return told
