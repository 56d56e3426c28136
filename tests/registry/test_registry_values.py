"""What cells mean: dates, sexes, categories, wishes, names in full."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.registry.values import (
    Unreadable,
    clean,
    read_categories,
    read_consent,
    read_date,
    read_party,
    read_protected,
    read_sex,
)

_GENITIVES = {
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


@given(st.dates(date(1850, 1, 1), date(2100, 12, 31)), st.integers(0, 9))
def test_a_day_in_every_usual_form(day: date, form: int) -> None:
    """However a day is written, it is read as that day."""
    text = [
        day.isoformat(),
        f"{day.day:02}.{day.month:02}.{day.year}",
        f"{day.day}.{day.month}.{day.year} р.",
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day:02}-{day.month:02}-{day.year} г.р.",
        f"{day.isoformat()} 00:00:00",
        f"{day.isoformat()}T00:00:00Z",
        f"{day.day} {_GENITIVES['uk'].split()[day.month - 1]} {day.year} року",
        f"{day.day} {_GENITIVES['ru'].split()[day.month - 1].upper()} {day.year} г.",
        f"{day.day} {_GENITIVES['fr'].split()[day.month - 1]} {day.year}",
    ][form]
    assert str(read_date(text)) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1998", "1998"),
        ("1998 р.н.", "1998"),
        ("1998 г.р.", "1998"),
        ("05.1998", "1998-05"),
        ("1998-05", "1998-05"),
        ("травень 1998", "1998-05"),
        ("00.05.1998", "1998-05"),
        ("00.00.1998", "1998"),
        ("??.05.1998", "1998-05"),
        ("29.02.2000", "2000-02-29"),
    ],
)
def test_imprecise_dates(text: str, canonical: str) -> None:
    """What a date does not say is left open."""
    assert str(read_date(text)) == canonical


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("31.02.1998", "no day of the calendar"),
        ("05/17/1998", "no day of the calendar"),
        ("17.05.98", "two digits"),
        ("35932", "is no date"),
        ("17.00.1998", "a day without a month"),
        ("01.01.1203", "outside 1850 to 2100"),
        ("близько 1998", "is no date"),
        ("1998-05-17 13:30", "is no date"),
    ],
)
def test_unreadable_dates(text: str, what: str) -> None:
    """A date that could mean two things, or nothing, is not guessed."""
    with pytest.raises(Unreadable, match=what):
        read_date(text)


@pytest.mark.parametrize(
    ("words", "sex"),
    [
        ("ч Ч. м М чол. муж m homme male", "M"),
        ("ж Ж жін. жен. F femme", "F"),
        ("X Х other", "X"),
    ],
)
def test_sexes(words: str, sex: str) -> None:
    """Ukrainian ч and Russian м are male; ж is female in both."""
    assert {read_sex(word) for word in words.split()} == {sex}


def test_categories() -> None:
    """Several, in any of the languages, each once; wider words are asked about, not decided."""
    assert read_categories("військовополонений; тяжкопоранений;POW") == ("prisoner-of-war", "seriously-wounded-or-sick")
    assert read_categories("тяжелораненый") == ("seriously-wounded-or-sick",)
    assert read_categories("груз 200") == ("remains",)
    with pytest.raises(Unreadable, match="поранений") as caught:
        read_categories("військовополонений; поранений")
    assert "ask whether" in caught.value.mend
    with pytest.raises(Unreadable) as caught:
        read_categories("до 25 лет")
    assert "birth_date" in caught.value.mend


@pytest.mark.parametrize(
    ("text", "refusal", "consent"),
    [
        ("так", False, "willing"),
        ("Нет", False, "unwilling"),
        ("так", True, "unwilling"),
        ("ні", True, "willing"),
        ("відмовляється", False, "unwilling"),
        ("відмовляється", True, "unwilling"),
        ("невідомо", True, "unknown"),
        ("-", False, "unknown"),
        ("oui", False, "willing"),
    ],
)
def test_consents(text: str, refusal: bool, consent: str) -> None:
    """A yes under the heading "refuses" is a refusal."""
    assert read_consent(text, asks_for_refusal=refusal) == consent


def test_protected_and_parties() -> None:
    """Yes and no in four languages; the countries' names stand for their identifiers, other identifiers for
    themselves."""
    assert [read_protected(word) for word in ("так", "да", "oui", "YES", "ні", "нет", "non", "no")] == [True] * 4 + [
        False
    ] * 4
    with pytest.raises(Unreadable):
        read_protected("maybe")
    assert [read_party(word) for word in ("Україна", "РФ", "UA", "north")] == ["UA", "RU", "UA", "north"]


@given(st.text())
def test_clean_text_stays_clean(text: str) -> None:
    """Cleaning twice changes nothing, so the canonical form reads back the same."""
    try:
        once = clean(text)
    except Unreadable:
        return
    assert clean(once) == once
    assert once.isprintable()
