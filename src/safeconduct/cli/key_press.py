"""One key at a time from a person at a terminal, or the same answers as lines where there is none."""

import os
import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TextIO

QUIT = "q"
_ESCAPE = "\x1b"


class Answers(Protocol):
    """What a person at the keyboard says."""

    def key(self) -> str:
        """One key; ENTER is an empty text, the end of the input is QUIT."""
        ...

    def text(self, prompt: str) -> str:
        """What is typed up to Enter."""
        ...

    def choice(self, ready: Sequence[str], prompt: str) -> str | None:
        """One of some ready texts, by its number (Enter: the first), or a text of one's own; None to go back."""
        ...

    def forget(self) -> None:
        """Pass over what was typed already."""
        ...


class Lines:
    """Answers as lines: `i 2` is the key i, then the key 2; `i same photograph` the key i, then a text."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._rest = ""

    def key(self) -> str:
        """The first letter of the next line, or of what is left of the last."""
        line = self._rest
        if not line:
            read = self._source.readline()
            if not read:
                return QUIT
            line = read.strip()
        first, self._rest = line[:1], line[1:].strip()
        return first

    def text(self, prompt: str) -> str:  # noqa: ARG002 - nobody looks at a prompt
        """What is left of the line, or the next one."""
        rest, self._rest = self._rest, ""
        return rest or self._source.readline().strip()

    def choice(self, ready: Sequence[str], prompt: str) -> str | None:
        """The rest of the line: a number, a text, or `-` to go back."""
        del prompt  # nobody looks at it
        rest, self._rest = self._rest, ""
        line = rest or self._source.readline()
        answer = line.strip()
        return None if answer == "-" or not line else _ready(ready, answer) or answer

    def forget(self) -> None:
        """Lines are written for the pairs to come: none is forgotten."""


class Keys:
    """Answers as keys pressed at a terminal."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def key(self) -> str:
        """The next key. Raises KeyboardInterrupt for Ctrl-C."""
        read = os.read(self._descriptor, 1)
        first = read[:1]
        while first and first[0] >= 0x80:
            # A letter outside ASCII: all its bytes, so that the rest is not taken for other keys.
            try:
                return _latin(first.decode())
            except UnicodeDecodeError:
                first += os.read(self._descriptor, 1)
        if first == _ESCAPE.encode():
            # An arrow or function key sends more: no letter of it is a key of ours.
            while select.select([self._descriptor], [], [], 0)[0] and os.read(self._descriptor, 64):
                pass
        text = first.decode()
        if text in ("", "\x04"):
            return QUIT
        return "" if text in ("\r", "\n") else text

    def text(self, prompt: str) -> str:
        """A line with the terminal's own editing."""
        import termios

        quiet = termios.tcgetattr(self._descriptor)
        loud = [*quiet]
        loud[3] |= termios.ICANON | termios.ECHO
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, loud)
        try:
            print(prompt, end="", flush=True)
            typed = b""
            while not typed.endswith(b"\n"):
                read = os.read(self._descriptor, 1024)
                if not read:
                    break
                typed += read
            return typed.decode(errors="replace").strip()
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, quiet)

    def choice(self, ready: Sequence[str], prompt: str) -> str | None:
        """A digit or Enter, `t` to type; Esc or `-` to go back."""
        while True:
            key = self.key()
            if key in (_ESCAPE, "-", QUIT):
                return None
            if key == "t":
                typed = self.text(prompt)
                if typed:
                    return typed
            elif found := _ready(ready, key):
                return found

    def forget(self) -> None:
        """Drop what was typed before the screen showed what it would decide on."""
        import termios

        termios.tcflush(self._descriptor, termios.TCIFLUSH)


def _ready(ready: Sequence[str], answer: str) -> str:
    number = int(answer) if answer.isdecimal() else 0 if answer else 1
    return ready[number - 1] if 1 <= number <= len(ready) else ""


@contextmanager
def answers() -> Iterator[Answers]:
    """From the terminal key by key, if there is one; else from standard input line by line."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield Lines(sys.stdin)
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    try:
        yield Keys(descriptor)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


_KEYBOARD = dict(zip("йеушщзгыіфт", "qtuiopussan", strict=True)) | {"у": "e", "г": "u"}
"""The keys used here, where a Cyrillic layout (ЙЦУКЕН) is on."""


def _latin(letter: str) -> str:
    return _KEYBOARD.get(letter.casefold(), letter)
