"""What is recorded of what may be told, and of what nobody can read any more.

Facts cleared by every party, communiqués as they were released, and erasures.
"""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import DAY_US

_PUBLIC = told_to(Audience.PUBLIC)
_PARTIES = told_to(Audience.PARTIES)
_INTERMEDIARY = told_to(Audience.INTERMEDIARY)

ERASURE_REASONS = {
    "request": "the person, or the family, asked for it",
    "over": "what the data were needed for is over",
    "error": "they should not have been recorded",
    "danger": "keeping them endangers somebody",
    "order": "a supervisory authority ordered it",
}
"""Why data are erased. A class and no text of one's own: it would tell what was to be forgotten."""
ERASURE_KEYS = 2
"""So many keys of the intermediary, each of another person, must agree to an erasure."""
ERASURE_AGREED_FOR_US = 7 * DAY_US
"""So long a key's agreement to an erasure holds: whoever joins in later decides on a case that has gone cold."""
_ERASURES = "document:erasures"


class FactCleared(Entry, frozen=True, kw_only=True, tag="disclosure.fact-cleared/1"):
    """Every party agreed that one fact of an exchange may be told to anybody. Nothing else may."""

    existence: ClassVar[Audience] = Audience.PARTIES

    exchange: Annotated[str, _PARTIES]
    fact: Annotated[str, _PARTIES]
    """Of `disclosure.facts.fact_ids`."""
    agreed_by: Annotated[tuple[str, ...], _PARTIES]

    def sealed_under(self) -> str:
        return f"document:cleared/{self.exchange}"


class CommuniqueReleased(Entry, frozen=True, kw_only=True, tag="disclosure.communique-released/1"):
    """A public text, as people read it, with the facts that it tells and the record that they come from."""

    existence: ClassVar[Audience] = Audience.PUBLIC

    exchange: Annotated[str, _PUBLIC]
    text: Annotated[str, _PUBLIC]
    facts: Annotated[dict[str, str], _PUBLIC]
    """The value of each fact told, as it stands in the text."""
    size: Annotated[int, _PUBLIC]
    root: Annotated[str, _PUBLIC]
    """With `size` the checkpoint at which the values were computed, as of `occurred_at_us`; base64 as in the note."""
    released_by: Annotated[str, _PUBLIC]
    """The intermediary that released it."""

    def sealed_under(self) -> str:
        return f"document:communique/{self.exchange}"


class ErasureAgreed(Entry, frozen=True, kw_only=True, tag="disclosure.erasure-agreed/1"):
    """One key of the intermediary agrees to erase somebody's data. It takes two (`ERASURE_KEYS`)."""

    existence: ClassVar[Audience] = Audience.PARTIES

    subject: Annotated[str, _INTERMEDIARY]
    """Whose data, by handle: `person:ID`. An agreement holds for this very handle and reason."""
    reason: Annotated[str, _INTERMEDIARY]
    """Of ERASURE_REASONS."""
    reaches: Annotated[tuple[str, ...], _INTERMEDIARY]
    """Every handle whose data go with it, as things stood: an agreement holds for no more."""
    public_key: Annotated[str, _PARTIES]
    """The key that signed this entry, in hexadecimal digits."""

    def sealed_under(self) -> str:
        return _ERASURES


class DataErased(Entry, frozen=True, kw_only=True, tag="disclosure.data-erased/1"):
    """Data keys were destroyed, and what was sealed under them overwritten. The parties are told that it happened."""

    existence: ClassVar[Audience] = Audience.PARTIES

    subject: Annotated[str, _INTERMEDIARY]
    """Whose data, by handle as it was given: `person:ID`. Never a name."""
    key_ids: Annotated[tuple[str, ...], _INTERMEDIARY]
    """The keys, in hexadecimal digits: of one person there are several, since lists name the same one differently."""
    reason: Annotated[str, _INTERMEDIARY]
    """Of ERASURE_REASONS."""
    decided_by: Annotated[tuple[str, ...], _INTERMEDIARY]
    """The public keys whose agreement (`ErasureAgreed`) it rests on, in hexadecimal digits."""

    def sealed_under(self) -> str:
        return _ERASURES
