"""What is recorded of what may be told: facts cleared by every party, and communiqués as they were released."""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PUBLIC = told_to(Audience.PUBLIC)
_PARTIES = told_to(Audience.PARTIES)


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
