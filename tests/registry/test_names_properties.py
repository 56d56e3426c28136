"""What holds of the keys of every name: of letters of all scripts that are read, and of any text at all."""

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.registry import fold as keys
from safeconduct.registry.names.key_letters import settle
from safeconduct.registry.names.latin import MOST_READINGS
from safeconduct.registry.names.lost_marks import restored
from safeconduct.registry.names.schemes import scripts_seen
from safeconduct.registry.names.spelling import spelling_of

ALPHABETS = (
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъўәқғ",
    "abcdefghijklmnopqrstuvwxyzščžćłüöçşğñáéôêâàèìûžâə",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچگی",
    "აბგდევზთიკლმნოპრსტუფქღშჩცხჯ",
    "աբգդեզթիլխկհմնոպռսվտր",
)
WORD = st.one_of(*(st.text(st.sampled_from(letters), min_size=1, max_size=12) for letters in ALPHABETS))
NAME = st.builds("{}{}".format, WORD, st.one_of(st.just(""), st.builds("-{}".format, WORD)))
SOME = settings(max_examples=60, deadline=None)

KEYS = (
    *(keys.fold, keys.readings, keys.skeleton, keys.surname_readings, keys.surname_key, keys.surname_parts),
    *(keys.lacks_vowels, keys.given_key, keys.possible_given_keys, keys.given_initials, keys.patronymic_key),
    *(keys.patronymic_initials, keys.likely_given_key, keys.likely_patronymic_key, keys.is_given_name),
)


@SOME
@given(st.text())
def test_no_text_breaks_a_key(text: str) -> None:
    """Any Unicode at all."""
    for key in KEYS:
        key(text)
    spelling_of(text)
    scripts_seen([text])


@SOME
@given(NAME)
def test_what_does_not_change_a_name_does_not_change_a_key(name: str) -> None:
    """Capital letters, composed letters, kinds of hyphens, marks of direction."""
    told = [key(name) for key in KEYS]
    others = [
        name.title() if "ǆ" not in name else name,
        unicodedata.normalize("NFD", name),
        "\u200f" + name + "\u200e",
        name[:1] + "\u00ad" + name[1:],
        *(name.replace("-", hyphen) for hyphen in ("‐", "‑", "–", "—", "−")),
    ]
    for other in others:
        assert [key(other) for key in KEYS] == told, ascii(other)


@SOME
@given(WORD, WORD, st.sampled_from("'’ʼʻ‘′ʹʿʾ`´"))
def test_all_apostrophes_are_one(before: str, after: str, apostrophe: str) -> None:
    """Знам'янка, Знам’янка and Знамʼянка."""
    for key in KEYS:
        assert key(f"{before}{apostrophe}{after}") == key(f"{before}'{after}")


@SOME
@given(NAME)
def test_a_key_is_short_and_plain(name: str) -> None:
    """Small letters without marks, settled for good, and few readings, the first of which is the key."""
    told = keys.readings(name)
    assert told[0] == keys.fold(name)
    assert len(told) == len(set(told)) <= MOST_READINGS
    assert len(keys.surname_readings(name)) <= 2 * MOST_READINGS
    assert len(keys.possible_given_keys(name)) <= MOST_READINGS
    for key in told:
        assert re.fullmatch("[a-z]*", key), key
        if "-" not in name:
            assert settle(key) == key


@SOME
@given(st.text(st.sampled_from("cszkhoaeuinvrl"), min_size=1, max_size=14), st.integers(1, 4))
def test_marks_are_restored_to_what_may_have_stood_there(word: str, most: int) -> None:
    """Never more than asked for, and each is the word again once its marks are lost."""
    told = restored(word, most)
    assert len(told) == len(set(told)) <= most
    for spelt in told:
        bare = spelt.replace("dž", "c").replace("ts", "c").replace("č", "c").replace("š", "s").replace("ž", "z")
        # A c may have stood for к, and ts for itself.
        assert bare.replace("k", "c") == word.replace("ts", "c").replace("k", "c")
