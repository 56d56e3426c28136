"""Markup: whatever the record holds, it stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.reading import tree

from safeconduct.web.markup import Markup, element, identifier, joined, text

_HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("<>&\"'`=/\x00\x1b\x7f\ud800\ufffe]")), max_size=40)
_UNFIT = set(map(chr, [*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF])) | {
    chr(c) for c in range(0xD800, 0xE000)
}


def _shown(value: str) -> str:
    return "".join("\N{REPLACEMENT CHARACTER}" if letter in _UNFIT else letter for letter in value).replace("\r", "\n")


@given(_HOSTILE)
def test_no_text_breaks_out(value: str) -> None:
    """As child or attribute it comes back as the same text, in the same single element."""
    node = tree(element("p", value, title=value))
    assert len(node) == 0
    assert set(node.keys()) == {"title"}
    assert (node.text or "").replace("\r", "\n") == _shown(value)
    assert not set("<>\"'") & set(text(value))


@given(st.lists(_HOSTILE, max_size=4))
def test_pieces_are_escaped_once(values: list[str]) -> None:
    """Markup put into markup is not escaped again; text is, however deep it stands."""
    inner = joined(element("b", value) for value in values)
    node = tree(element("p", inner, *values))
    assert [child.tag for child in node] == ["b"] * len(values)
    assert isinstance(inner, Markup)


@pytest.mark.parametrize("name", ["style", "onclick", "onload", "on_click", "a b", "x>", ""])
def test_attributes_that_run_or_style_are_refused(name: str) -> None:
    """Inline styles and handlers cannot be written at all."""
    with pytest.raises(ValueError, match="no attribute of these pages"):
        element("p", **{name: "x"})


def test_attribute_values() -> None:
    """True stands empty, False and None not at all, numbers short."""
    assert element("p", hidden=True, lang=None, x=False, y=1.504, z=2.0) == '<p hidden="" y="1.5" z="2"></p>'


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_identifiers_differ_as_their_words_do(one: str, other: str) -> None:
    """Two ids are the same only for the same words, and need no escaping."""
    assert (identifier(one) == identifier(other)) == (one == other)
    assert text(identifier(one)) == identifier(one)
