"""Cells that hold names: what is no name, what lost letters, and two persons in one cell."""

import re
from typing import Final

from safeconduct.registry.full_names import is_patronymic, words_of_name
from safeconduct.registry.lookalikes import is_mixed
from safeconduct.registry.values import Doubtful, Unreadable, shown

_CYRILLIC: Final = "[А-Яа-яЁёІіЇїЄєҐґ]+"
_LATIN: Final = "[A-Za-zÀ-ž]+"
_PLAIN: Final = re.compile(f"{_CYRILLIC}(?:[ '’ʼ-]{_CYRILLIC})*|{_LATIN}(?:[ '’ʼ-]{_LATIN})*")
"""Most names: words of one script, with a space, a hyphen or an apostrophe between them."""
_NOTHING: Final = re.compile(r"[\s.–—―_/\\*-]*")
_LOST: Final = re.compile(r"\ufffd|\?\?|(?<=\w)\?(?=\w)|^\?\w")
_WORD: Final = re.compile(r"[^\W\d_]+\.?")


def read_name(text: str) -> str:
    """A name as it stands; empty for dashes.

    Raises Doubtful where it holds a question or letters of two scripts, Unreadable where letters are lost or
    there are none.
    """
    if _PLAIN.fullmatch(text):
        return text
    if not any(map(str.isalpha, text)):
        if _NOTHING.fullmatch(text):
            return ""
        raise Unreadable(f"{shown(text)} is no name", "write the name in letters")
    if _LOST.search(text):
        raise Unreadable(f"letters of {shown(text)} were lost", "ask for the list in UTF-8, or type the name again")
    if is_mixed(text):
        raise Doubtful(text, f"{shown(text)} mixes Latin and Cyrillic letters in one word", "type the name again")
    if "?" in text:
        raise Doubtful(text, f"the name {shown(text)} is in question", "ask, or write what is sure")
    return text


def read_full_name(text: str) -> str:
    """A name of several words, without those that hold no letter. Raises as `read_name`, Doubtful for such words."""
    if _PLAIN.fullmatch(text):
        return text
    try:
        name, doubt = read_name(text), None
    except Doubtful as fault:
        name, doubt = str(fault.value), fault
    words = words_of_name(name)
    # A word that begins like a formula would be one in a cell of its own.
    kept = [word.lstrip("=") for word in words if any(map(str.isalpha, word))]
    strange = [word for word in words if word not in kept and not _NOTHING.fullmatch(word)]
    if kept != words:
        name = " ".join(kept)
    if doubt is not None:
        raise Doubtful(name, doubt.what, doubt.mend)
    if strange:
        raise Doubtful(name, f"{shown(' '.join(strange))} in {shown(text)} is no name", "write the name alone")
    return name


def has_lines(cell: str) -> bool:
    """Whether a cell as it was written has more than one line with something in it."""
    return len(cell.splitlines()) > 1 and len(_lines(cell)) > 1


def require_one_person(cell: str) -> None:
    """Raises Unreadable where a cell of full names, as it was written, names more than one person.

    Told by two patronymics and a given name and surname for each, or by lines of two words and more; one name that was
    broken into lines (`ШЕВЧУК`, `Іван Петрович`) is one person.
    """
    words = _WORD.findall(cell)
    if len(words) < 4:
        return
    lines = [_WORD.findall(line) for line in _lines(cell)]
    patronymics = sum(map(is_patronymic, words[1:]))
    several = len(words) > 4 and patronymics > 1
    if len(lines) > 1 and all(len(line) > 1 for line in lines):
        several |= patronymics != 1 or len(words) > 5
    if several:
        text = " ".join(cell.split())
        raise Unreadable(f"{shown(text)} names more than one person", "give each person a row and a ref of their own")


def _lines(cell: str) -> list[str]:
    return [line for line in cell.splitlines() if line.strip()]
