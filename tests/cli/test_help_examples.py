"""The examples in the help of every command can be pasted: nothing of them is lost on the way to the screen."""

import re
from collections.abc import Iterator

import pytest
from typer import Typer

from safeconduct.cli.main import app


def commands(group: Typer, name: str = "safeconduct") -> Iterator[tuple[str, str]]:
    """Every command with the text of its help."""
    for one in group.registered_commands:
        assert one.callback is not None
        yield f"{name} {one.name or one.callback.__name__}", one.callback.__doc__ or ""
    for each in group.registered_groups:
        assert each.typer_instance is not None
        about = each.typer_instance.registered_callback
        yield f"{name} {each.name}", (about.callback.__doc__ or "") if about and about.callback else ""
        yield from commands(each.typer_instance, f"{name} {each.name}")


@pytest.mark.parametrize(("name", "text"), [pytest.param(*one, id=one[0]) for one in commands(app)])
def test_no_backslash_is_lost(name: str, text: str) -> None:
    """A lost one leaves a control character, a command without its end, or two lines run together."""
    shown = text.replace("\b", "")
    assert [one for one in shown if ord(one) < 32 and one != "\n"] == []
    for line in shown.partition("Example")[2].splitlines():
        assert re.search(r"\S {3,}\S", line) is None, f"{name}: {line}"
