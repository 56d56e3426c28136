"""What is recorded of sealed fields that go to a third person: asked for and agreed to, or released by one key alone.

The parties are told that somebody broke glass, and when; of a release by two keys they are told nothing. Every entry
names the key of the intermediary that signed it.
"""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import DAY_US

_INTERMEDIARY = told_to(Audience.INTERMEDIARY)

JUSTIFIED, NOT_JUSTIFIED = FINDINGS = ("justified", "not-justified")
"""What a review of a release under break-glass finds."""

PROPOSAL_HOLDS_US = 7 * DAY_US
"""So long a proposal can be agreed to: whoever joins in later decides on a case that has gone cold."""


class _OfRelease(Entry, frozen=True, kw_only=True):
    """What every entry on releases has."""

    number: Annotated[int, _INTERMEDIARY]
    """What people call the release by; from 1."""
    public_key: Annotated[str, _INTERMEDIARY]
    """The key that signed this entry, in hexadecimal digits."""

    def sealed_under(self) -> str:
        return f"document:release/{self.number}"


class _Asking(_OfRelease, frozen=True, kw_only=True):
    """Which fields go to whom, and why."""

    index: Annotated[int, _INTERMEDIARY]
    """Of the entry whose fields these are."""
    slots: Annotated[tuple[str, ...], _INTERMEDIARY]
    """In schema order."""
    recipient: Annotated[str, _INTERMEDIARY]
    """Who it is, as people say it."""
    recipient_key: Annotated[str, _INTERMEDIARY]
    """The X25519 public key to which the fields are sealed, in hexadecimal digits."""
    why: Annotated[str, _INTERMEDIARY]


class ReleaseProposed(_Asking, frozen=True, kw_only=True, tag="disclosure.release-proposed/1"):
    """One key of the intermediary proposes a release. Nothing is opened before another agrees."""

    existence: ClassVar[Audience] = Audience.INTERMEDIARY


class ReleaseAgreed(_OfRelease, frozen=True, kw_only=True, tag="disclosure.release-agreed/1"):
    """Another key of the intermediary agrees to one proposal, and to no other."""

    existence: ClassVar[Audience] = Audience.INTERMEDIARY

    proposal_sha256: Annotated[str, _INTERMEDIARY]
    """Hex digest of the proposal's body: with it entry, slots, recipient and key are bound."""


class GlassBroken(_Asking, frozen=True, kw_only=True, tag="disclosure.glass-broken/1"):
    """One key of the intermediary releases fields at once, alone. Every party is told that, and when; no more."""

    existence: ClassVar[Audience] = Audience.PARTIES


class GlassReviewed(_OfRelease, frozen=True, kw_only=True, tag="disclosure.glass-reviewed/1"):
    """Another key of the intermediary looked at a release under break-glass."""

    existence: ClassVar[Audience] = Audience.INTERMEDIARY

    finding: Annotated[str, _INTERMEDIARY]
    """Of FINDINGS."""
    words: Annotated[str, _INTERMEDIARY]


Asked = ReleaseProposed | GlassBroken
OnRelease = ReleaseProposed | ReleaseAgreed | GlassBroken | GlassReviewed
"""Each has a field `public_key` that must be its author's."""
