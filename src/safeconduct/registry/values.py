"""What the cells of a list mean. Each reader takes clean text and raises Unreadable with what is wrong and how to
mend it."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from safeconduct.registry import words
from safeconduct.vocabulary.imprecise_date import ImpreciseDate

EARLIEST_YEAR, LATEST_YEAR = 1850, 2100


class Unreadable(ValueError):
    """A cell that cannot be read: `what` is wrong, and how to `mend` it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


class Doubtful(Unreadable):
    """A cell that was read, as `value`, and that a person should look at all the same."""

    def __init__(self, value: Any, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.value = value


_WHITE = re.compile(r"\s+")
_SPREADSHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#Н/Д", "#ИМЯ?"}
)


@lru_cache(1 << 16)
def clean(cell: str) -> str:
    """The cell's text: composed (NFC), without invisible characters, with single plain spaces. Often the very same
    text.

    Raises Unreadable for control characters, for a spreadsheet's error, and for what a spreadsheet would compute.
    """
    text = cell
    if not (
        text.isprintable() and "  " not in text and text == text.strip() and unicodedata.is_normalized("NFC", text)
    ):
        text = _WHITE.sub(" ", unicodedata.normalize("NFC", text))
        if not text.isprintable():
            # Format characters (zero-width, direction marks, soft hyphens) change nothing that a person reads.
            text = "".join(c for c in text if unicodedata.category(c) != "Cf")
            text = unicodedata.normalize("NFC", _WHITE.sub(" ", text))
            if not text.isprintable():
                raise Unreadable("the cell holds control characters", "type the cell again")
        text = text.strip()
    if text.startswith("=") and len(text) > 1:
        raise Unreadable(f"{shown(text)} is a formula", "write the value itself")
    if text.startswith("#") and text in _SPREADSHEET_ERRORS:
        raise Unreadable(f"{text} is a spreadsheet's error", "write the value itself")
    return text


def shown(text: str) -> str:
    """A cell quoted in a message: never more than a few words of it."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def word_key(text: str) -> str:
    """What spellings of one word share: small letters, ё as е, no apostrophes, dots, hyphens or spaces.

    A text of signs alone (`?`, `-`) is itself.
    """
    letters = unicodedata.normalize("NFC", text.casefold()).replace("ё", "е")
    return "".join(c for c in letters if c.isalnum() and c != "\u02bc") or letters.strip()


@cache
def _table(name: str) -> dict[str, str]:
    meanings: dict[str, str] = getattr(words, name)
    return {word_key(word): meaning for meaning, listed in meanings.items() for word in (meaning, *listed.split(";"))}


@cache
def _yes_and_no() -> dict[str, bool]:
    told = {word_key(word): True for word in words.YES.split(";")}
    # "+" and "-" are signs, which word_key keeps only when they stand alone.
    return told | {word_key(word): False for word in words.NO.split(";")}


@cache
def _hints() -> dict[str, str]:
    return {word_key(word): hint for listed, hint in words.NOT_A_CATEGORY.items() for word in listed.split(";")}


@lru_cache(4096)
def read_sex(text: str) -> str:
    """F, M or X."""
    sex = _table("SEXES").get(word_key(text))
    if sex is None:
        raise Unreadable(f"{shown(text)} is no sex", "write F, M or X, or ч, м, ж")
    return sex


@lru_cache(4096)
def read_categories(text: str) -> tuple[str, ...]:
    """Categories of `vocabulary.categories`, several separated by `;` or `,`, each once, in the order written."""
    found: dict[str, None] = {}
    for part in re.split(r"[;,\n]", text):
        key = word_key(part)
        if not key:
            continue
        category = _table("CATEGORIES").get(key)
        if category is None:
            mend = _hints().get(key, "write one of " + ", ".join(words.CATEGORIES))
            raise Unreadable(f"{shown(part.strip())} is no category", mend)
        found[category] = None
    return tuple(found)


@lru_cache(4096)
def read_consent(text: str, *, asks_for_refusal: bool = False) -> str:
    """willing, unwilling or unknown. In a column that asks whether the person refuses, "yes" is unwilling."""
    told = _yes_and_no().get(word_key(text)) if text not in ("-", "–", "—") else None
    if told is not None:
        return "willing" if told != asks_for_refusal else "unwilling"
    consent = _table("CONSENTS").get(word_key(text))
    if consent is None:
        raise Unreadable(f"{shown(text)} is no consent", "write willing, unwilling or unknown")
    return consent


@lru_cache(4096)
def read_protected(text: str) -> bool:
    """yes or no."""
    told = _yes_and_no().get(word_key(text))
    if told is None:
        raise Unreadable(f"{shown(text)} is neither yes nor no", "write yes or no")
    return told


@lru_cache(4096)
def read_rounds(text: str) -> int:
    """A whole number of rounds, below 1,000."""
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII):
        raise Unreadable(f"{shown(text)} is no number of rounds", "write a whole number, such as 2, or leave it empty")
    return int(text)


@lru_cache(4096)
def read_party(text: str) -> str:
    """A party identifier: RU or UA for the countries' names and adjectives, else the text as it stands."""
    return _table("PARTIES").get(word_key(text), text)


_YEAR_MARK = re.compile(r"(?<=\d)\s*(?:р\.?\s*н\.?|г\.?\s*р\.?|рік|року|год|года|р\.?|г\.?)$")
_AT_MIDNIGHT = re.compile(r"[t ]0?0:00(?::00(?:\.0+)?)?(?:z|\+00:00)?$")
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(?:(\d{1,2}|\?{1,2}|[xх]{2})[-./ ])?(\d{1,2}|\?{1,2}|[xх]{2})[-./ ](\d{4})", re.ASCII)
_IN_WORDS = re.compile(r"(?:(\d{1,2})\.?\s+)?([^\W\d_]+)\.?,?\s+(\d{4})")
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{2}", re.ASCII)

_DATE_MEND = "write dd.mm.yyyy, mm.yyyy or yyyy"


@cache
def _months() -> dict[str, int]:
    return {word_key(word): number for number, listed in enumerate(words.MONTHS, start=1) for word in listed.split()}


@lru_cache(65536)
def read_date(text: str) -> ImpreciseDate:
    """A day, month or year: 17.05.1998, 05.1998, 1998, ISO 8601, or with the month in words; unknown parts as 00
    or ??."""
    bare = _AT_MIDNIGHT.sub("", _YEAR_MARK.sub("", text.casefold().strip())).strip(" .,")
    year = month = day = None
    if match := _YEAR_FIRST.fullmatch(bare):
        year, month, day = match[1], match[2], match[3]
    elif match := _DAY_FIRST.fullmatch(bare):
        day, month, year = match[1], match[2], match[3]
    elif (match := _IN_WORDS.fullmatch(bare)) and word_key(match[2]) in _months():
        day, month, year = match[1], str(_months()[word_key(match[2])]), match[3]
    if year is None:
        if _TWO_DIGIT_YEAR.fullmatch(bare):
            raise Unreadable(f"{shown(text)} has a year of two digits", "write the year with four digits")
        raise Unreadable(f"{shown(text)} is no date", _DATE_MEND)
    known_month = _known(month)
    known_day = _known(day)
    if known_day and not known_month:
        raise Unreadable(f"{shown(text)} is no date: it has a day without a month", _DATE_MEND)
    try:
        date = ImpreciseDate.parse("-".join(part for part in (year, known_month, known_day) if part))
    except ValueError:
        raise Unreadable(f"{shown(text)} is no day of the calendar", "write the day first: dd.mm.yyyy") from None
    if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        raise Unreadable(
            f"{shown(text)} lies outside {EARLIEST_YEAR} to {LATEST_YEAR}", "write the year with four digits"
        )
    return date


def _known(part: str | None) -> str:
    """Two digits, or nothing where the list says 00, ?? or nothing."""
    return part.zfill(2) if part and part.isdecimal() and int(part) else ""
