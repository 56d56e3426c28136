"""Text that a program read in the wrong encoding and saved: what it was before.

Three such accidents leave enough to undo them: UTF-8 taken for windows-1251 (`РЁРµРІС‡СѓРє`), UTF-8 taken for
windows-1252 (`Ð¨ÐµÐ²`), and windows-1251 taken for windows-1252 (`Øåâ÷óê`).
"""

import re
from functools import cache
from typing import Final

_UTF8_PAIRS: Final = re.compile(r"(?:[РС][^\x00-\x7fа-яА-Я]|[ÐÑ][^\x00-\x7fÀ-ÿ])")
"""A Cyrillic letter in UTF-8 is a first byte, Р or С (Ð or Ñ), and a second that is no letter of а to я (À to ÿ)."""
_PAIRS_AT_LEAST: Final = 2
_WESTERN_SIGNS: Final = "¨¸ª¯³²¿º¥´"  # Ё ё Є Ї і І ї є Ґ ґ
_WESTERN: Final = re.compile(rf"[À-ÿ{_WESTERN_SIGNS}]{{3,}}")
_SUSPICIOUS: Final = re.compile(f"{_UTF8_PAIRS.pattern}|{_WESTERN.pattern}")
_LATIN_LETTERS: Final = re.compile(r"[A-Za-zĀ-ɏ]")
_CYRILLIC: Final = re.compile(r"[Ѐ-ӿ]")
_IN_USE: Final = frozenset(chr(letter) for letter in range(ord("А"), ord("я") + 1)) | set("ЁёІіЇїЄєҐґЎў")
"""Letters of names; others come out where sound text is taken for misread."""


def undone(text: str) -> str | None:
    """The text as it was before a program misread it; None where nothing shows that one did."""
    if text.isascii() or not _SUSPICIOUS.search(text):
        return None
    if len(_UTF8_PAIRS.findall(text)) >= _PAIRS_AT_LEAST:
        for encoding in ("cp1251", "cp1252"):
            source = _encoded(text, encoding)
            if source is not None:
                try:
                    found = source.decode("utf-8")
                except UnicodeDecodeError:
                    continue
                if set(_CYRILLIC.findall(found)) <= _IN_USE:
                    return found
    if _WESTERN.search(text) and not _LATIN_LETTERS.search(text) and not _CYRILLIC.search(text):
        source = _encoded(text, "cp1252")
        return None if source is None else "".join(map(_decoding("cp1251").__getitem__, source))
    return None


def looks_misread(text: str) -> bool:
    """Whether the beginning of a long text is worth the trouble of `undone`."""
    return len(_UTF8_PAIRS.findall(text[:4096])) >= _PAIRS_AT_LEAST


def _encoded(text: str, encoding: str) -> bytes | None:
    bytes_by_letter = _encoding(encoding)
    try:
        return bytes([bytes_by_letter[letter] for letter in text])
    except KeyError:
        return None


@cache
def _decoding(encoding: str) -> tuple[str, ...]:
    """The letter of each byte; a byte without one (0x98 of windows-1251, half of и) stays what it is, as programs
    leave it."""
    found = []
    for byte in range(256):
        try:
            found.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            found.append(chr(byte))
    return tuple(found)


@cache
def _encoding(encoding: str) -> dict[str, int]:
    return {letter: byte for byte, letter in enumerate(_decoding(encoding))}
