"""The text of a communiqué: whatever is checked clean holds no value but of cleared facts."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.disclosure.communique import Ground, check, facts_told, fill, normal
from safeconduct.disclosure.facts import Account, HandedOver, fact_ids, facts_of

VALUES = {
    "agreement": "Istanbul agreements, second round",
    "date": "4 July 2025",
    "place": "Novaya Guta",
    "handed-over.total": "2,395",
    "handed-over.from.RU": "7",
    "handed-over.of.civilian": "12",
}


class Known:
    """Knows these names; none, so that nothing but the facts' own values is looked for."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def named(self, word: str) -> str:
        """Whether it is one of them."""
        return "a person" if word in self._names else ""


def ground(*cleared: str, values: Mapping[str, str] = VALUES) -> Ground:
    """What a text is checked against when these facts are cleared."""
    return Ground(tuple(VALUES), frozenset(cleared), values, Known())


def reasons(text: str, on: Ground) -> list[str]:
    """What is wrong, each with its place."""
    return [str(fault) for fault in check("t", normal(text), on)]


PIECES = [
    *VALUES.values(),
    *(value.casefold() for value in VALUES.values()),
    *(f"{{{fact}}}" for fact in VALUES),
    *(
        "home",
        "Prisoners",
        "Novaya",
        "Guta",
        "second",
        "round",
        "2,",
        "395",
        "seven",
        "civilians",
        "{",
        "}",
        "\n",
        "·",
        ".",
    ),
]


@settings(max_examples=600)
@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from((" ", " ", "", "-", "\u0301"))), max_size=7),
    st.sets(st.sampled_from(sorted(VALUES))),
)
def test_a_released_text_never_holds_a_value_of_an_uncleared_fact(
    pieces: list[tuple[str, str]], cleared: set[str]
) -> None:
    """The oracle looks for the values themselves, in the text as released, outside what cleared facts put there."""
    text = normal("".join(piece + gap for piece, gap in pieces))
    if check("t", text, ground(*cleared)):
        return
    told = facts_told(text)
    assert set(told) <= cleared
    released = fill(text, VALUES)
    parts = re.split(r"\{[^}]*\}", text)
    between = re.findall(r"\{([^}]*)\}", text)
    told_in_order = [*(VALUES[fact] for fact in between), ""]
    assert released == "".join(part + value for part, value in zip(parts, told_in_order, strict=True))
    for fact in VALUES.keys() - cleared:
        value = re.compile(rf"(?<!\w){re.escape(VALUES[fact])}(?!\w)", re.IGNORECASE)
        assert not any(value.search(part) for part in parts)
    assert not any(character.isnumeric() for part in parts for character in part)


CLEAN = {
    "facts and words": ("On {date}, {handed-over.total} came home.", "On 4 July 2025, 2,395 came home."),
    "a fact twice": ("{date}: {date}.", "4 July 2025: 4 July 2025."),
    "a known convention": ("Under the Third Geneva Convention.", "Under the Third Geneva Convention."),
    "the same in Russian": ("По Третьей Женевской конвенции.", "По Третьей Женевской конвенции."),
    "letters of the four languages": (
        "L’œuvre où Noël naïf; ещё подъезд; ґанок їжа є\u0301, об\u02bcїзд.",
        "L’œuvre où Noël naïf; ещё подъезд; ґанок їжа є\u0301, об\u02bcїзд.",
    ),
    "two scripts on two sides of a hyphen": ("IT-отдел", "IT-отдел"),
    "in quotes": ("«{agreement}»", "«Istanbul agreements, second round»"),
    "no fact at all": ("Families were told first.", "Families were told first."),
}


@pytest.mark.parametrize(("text", "released"), CLEAN.values(), ids=CLEAN.keys())
def test_what_is_cleared_is_told(text: str, released: str) -> None:
    """The values stand in the text as it is read."""
    on = ground("date", "handed-over.total", "agreement")
    assert reasons(text, on) == []
    assert fill(text, VALUES) == released


NOT_CLEAN = {
    "digits of another script": ("٣ home", "t:1:1: '٣' is a number;"),
    "a fraction": ("home ½", "t:1:6: '½' is a number;"),
    "a Roman numeral as one character": ("home Ⅻ", "t:1:6: 'Ⅻ' is a number;"),
    "a number with its marks": ("some 2 395, maybe", "t:1:6: '2 395' is a number;"),
    "a word between hyphens": ("a two-sided act", "t:1:3: 'two-sided' is a number;"),
    "an accent": ("a twó", "t:1:3: 'twó' is a number;"),
    "an invisible character": ("No\u200bvaya", "t:1:3: an invisible character (U+200B); take it out"),
    "a tab": ("a\tb", "t:1:2: an invisible character (U+0009); take it out"),
    "a lonely brace": ("a { b", "t:1:3: a '{' that belongs to no fact; write a fact as {fact-id}"),
    "an empty fact": ("a {} b", "t:1:3: {} is no fact; allowed: agreement, date"),
    "two facts in one": ("{date}{handed-over.total}", "t:1:1: {date} runs into what stands beside it;"),
    "a fact within a word": ("{date}th", "t:1:1: {date} runs into what stands beside it;"),
    "an uncleared title": ("The Istanbul agreements: second round!", "t:1:5: this tells {agreement}, which is not"),
    "an uncleared place": ("By NOVAYA GUTA.", "t:1:4: this tells {place}, which is not cleared; take it out"),
    "civilians": ("With civilians.", "t:1:6: 'civilians' tells of a category, and {handed-over.of.civilian} is not"),
    "civilians in Ukrainian": ("Цивільні вдома.", "t:1:1: 'Цивільні' tells of a category, and"),
    "the dead by another word": ("With coffins.", "t:1:6: 'coffins' tells of a category, and"),
    "the wounded by another word": ("Their injuries.", "t:1:7: 'injuries' tells of a category, and"),
    "a Cyrillic letter in a Latin word": ("a tw\u043e", "t:1:3: 'tw\u043e' mixes Latin and Cyrillic letters"),
    "the other way round": ("\u0442p\u0438", "t:1:1: '\u0442p\u0438' mixes Latin and Cyrillic letters"),
    "a letter of Macedonian": ("\u0455\u0456\u0445", "t:1:1: 'ѕ' (U+0455) may hide a word"),
    "a Greek letter": ("w\u03bfunded", "t:1:2: 'ο' (U+03BF) may hide a word"),
    "mathematical letters": ("a \U0001d428ne", "t:1:3: '\U0001d428' (U+1D428) may hide a word"),
    "letters of full width": ("\uff54en", "t:1:1: '\uff54' (U+FF54) may hide a word"),
    "small capitals": ("\u1d1b\u1d07\u0274", "t:1:1: '\u1d1b' (U+1D1B) may hide a word"),
    "letters in circles": ("\u24dene", "t:1:1: '\u24de' (U+24DE) may hide a word"),
    "an i without its dot": ("f\u0131ve", "t:1:2: '\u0131' (U+0131) may hide a word"),
    "a mark that is not seen": ("wo\ufe0funded", "t:1:3: '\ufe0f' (U+FE0F) may hide a word"),
    "a letter that is not seen": ("wo\u3164unded", "t:1:3: '\u3164' (U+3164) may hide a word"),
    "an empty sign": ("wo\u2800unded", "t:1:3: '\u2800' (U+2800) may hide a word"),
    "a stroke through a letter": ("hund\u0338red", "t:1:5: '\u0338' (U+0338) may hide a word"),
    "a mark that changes nothing": ("a fïve", "t:1:3: 'fïve' is a number"),
    "numbers run together": ("onehundredandnine men", "t:1:1: 'onehundredandnine' is a number"),
}


@pytest.mark.parametrize(("text", "reason"), NOT_CLEAN.values(), ids=NOT_CLEAN.keys())
def test_what_is_not_cleared_is_a_reason_at_its_place(text: str, reason: str) -> None:
    """One reason for each piece, with line and column."""
    found = reasons(text, ground("date", "handed-over.total"))
    assert any(one.startswith(reason) for one in found), found


def test_every_piece_is_told_in_the_order_of_the_text() -> None:
    """The author mends all of it at once."""
    found = reasons("Of {place}:\n3 men,\n  seven {nobody}", ground())
    assert [one.split(": ")[0] for one in found] == ["t:1:4", "t:2:1", "t:3:3", "t:3:9"]


def test_a_name_is_found_in_each_part_of_a_word() -> None:
    """Beside hyphens and apostrophes, with and without an accent put over it."""
    on = Ground(("date",), frozenset(), {}, Known("Koval"))
    for text in ("Koval", "Koval's", "Petro-Koval", "Kova\u0301l"):
        assert reasons(text, on) == [f"t:1:1: {normal(text)!r} names a person; take it out"]


def test_facts_are_counted_from_the_account() -> None:
    """By hand: three persons, two of them wounded, one of these a civilian."""
    account = Account(
        agreement="A",
        parties=("RU", "UA"),
        place="",
        rounds=2,
        first_handover=None,
        handed_over=(
            HandedOver("RU", "UA", ("seriously-wounded-or-sick",)),
            HandedOver("RU", "UA", ("civilian", "seriously-wounded-or-sick")),
            HandedOver("UA", "RU", ()),
        ),
    )
    values = facts_of(account)
    assert {fact: value for fact, value in values.items() if value != "0"} == {
        "agreement": "A",
        "rounds": "2",
        "handed-over.total": "3",
        "handed-over.from.RU": "2",
        "handed-over.from.UA": "1",
        "returned.to.RU": "1",
        "returned.to.UA": "2",
        "handed-over.of.civilian": "1",
        "handed-over.of.seriously-wounded-or-sick": "2",
    }
    assert values.keys() | {"date", "place"} == set(fact_ids(("RU", "UA")))
