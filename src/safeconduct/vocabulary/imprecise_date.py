"""A date known to the day, the month or the year: the interval of days that it may mean."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_TEXT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class ImpreciseDate:
    """Every day from `earliest` to `latest`, inclusive; a whole day, month or year."""

    earliest: date
    latest: date

    @classmethod
    def parse(cls, text: str) -> "ImpreciseDate":
        """Read `1998`, `1998-05` or `1998-05-17`. Raises ValueError with a sentence for the operator."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a date like 1998, 1998-05 or 1998-05-17")
        year, month, day = int(match[1]), match[2], match[3]
        try:
            if month is None:
                return cls(date(year, 1, 1), date(year, 12, 31))
            if day is None:
                return cls(date(year, int(month), 1), date(year, int(month), calendar.monthrange(year, int(month))[1]))
            whole = date(year, int(month), int(day))
        except ValueError as error:
            raise ValueError(f"{text!r} is no day of the calendar ({error})") from None
        return cls(whole, whole)

    def __str__(self) -> str:
        if self.earliest == self.latest:
            return self.earliest.isoformat()
        if self.earliest.month == self.latest.month:
            return self.earliest.isoformat()[:7]
        return f"{self.earliest.year:04d}"


def completed_years(born: date, on: date) -> int:
    """Age in completed years; who is born on 29 February completes one on 1 March in years without that day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
