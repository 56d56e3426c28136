"""Irreversible steps on paper rest on a record that every side's witness has cosigned.

Telling the parties who is exchanged, closing a round and telling a text to everybody wait for a cosignature of every
side that has a witness by the terms, on the record as it stands. Whoever withholds one holds nothing up for ever: once
the first entry that a side has not cosigned is `witness_wait` old, two keys of the intermediary may go on without, by
entries that every party is shown. No movement and no handover of a person ever waits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from safeconduct.agreement.entries import StepCosigned, UncosignedStepAgreed
from safeconduct.agreement.terms import TermsText, read_terms_text
from safeconduct.agreement.witnesses import STEPS, Witness
from safeconduct.app.commands import CloseRound, Command, RecordRound, ReleaseCommunique
from safeconduct.app.officer_keys import counting, require_officer
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import SECOND_US, format_duration, format_instant
from safeconduct.ledger.note import VerifierKey, to_base64

_COMPOSED, _CLOSED, _RELEASED = STEPS
_KEYS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The record as it stands, and how much of it each witness has cosigned."""

    size: int
    root: bytes
    recorded_at_us: Callable[[int], int]
    """When the entry of an index was recorded."""
    sizes: Mapping[VerifierKey, int] = field(default_factory=dict)
    """Of each witness the largest size of this very record that it has cosigned; 0 where it is not named."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """The sides whose cosignature a step waits for."""

    sides: tuple[str, ...]
    since_us: int
    """When the first entry was recorded that one of them has not cosigned."""
    wait_us: int

    def __str__(self) -> str:
        return f"not cosigned by {' and '.join(self.sides)} since {_moment(self.since_us)}"

    @property
    def until_us(self) -> int:
        """From then on two keys may go on without."""
        return self.since_us + self.wait_us


def step_of(command: Command) -> tuple[str, str] | None:
    """Which irreversible step a command is, and of which exchange; None if it is none."""
    match command:
        case RecordRound():
            return _COMPOSED, command.exchange
        case CloseRound():
            return _CLOSED, command.exchange
        case ReleaseCommunique():
            return _RELEASED, command.exchange
        case _:
            return None


def witnesses_of(state: Exchange) -> tuple[Witness, ...]:
    """The witnesses that the terms on record name."""
    terms = _terms(state)
    return terms.witnesses if terms else ()


def lacking(state: Exchange, cosigned: Cosigned) -> Lacking | None:
    """The sides that have not cosigned the record as it stands; None if all have that have a witness."""
    terms = _terms(state)
    if terms is None or not terms.witnesses:
        return None
    reached: dict[str, int] = {}
    for witness in terms.witnesses:
        reached[witness.of] = max(reached.get(witness.of, 0), cosigned.sizes.get(witness.key, 0))
    sides = tuple(side for side, size in reached.items() if size < cosigned.size)
    if not sides:
        return None
    first = min(reached[side] for side in sides)
    return Lacking(sides, cosigned.recorded_at_us(first), terms.agreement.witness_wait_us)


def cosigned_step(state: Exchange, command: Command, cosigned: Cosigned, now_us: int) -> StepCosigned | None:
    """The entry that says on whose cosignatures a step rests; None where it needs none.

    Raises Refused where it must wait.
    """
    found = step_of(command)
    terms = _terms(state) if found else None
    if found is None or terms is None or not terms.witnesses:
        return None
    step, exchange = found
    waits = lacking(state, cosigned)
    agreed = () if waits is None else _agreed(state, step, exchange, waits, now_us)
    if waits is not None:
        if now_us < waits.until_us:
            raise Refused(
                f"this waits for the witnesses: {waits}; ask again with safeconduct ledger cosign; from "
                f"{_moment(waits.until_us)} on ({format_duration(waits.wait_us)}) two keys of the intermediary may "
                "go on without"
            )
        if len(agreed) < _KEYS_NEEDED:
            raise Refused(
                f"{waits}: two keys of the intermediary must agree to go on without, {len(agreed)} "
                f"{'does' if len(agreed) == 1 else 'do'}; see safeconduct ledger proceed --help"
            )
    sides = tuple(dict.fromkeys(witness.of for witness in terms.witnesses))
    return StepCosigned(
        occurred_at_us=now_us,
        step=step,
        exchange=exchange,
        size=cosigned.size,
        root=to_base64(cosigned.root),
        cosigned_by=tuple(side for side in sides if waits is None or side not in waits.sides),
        lacking=() if waits is None else waits.sides,
        lacking_since_us=None if waits is None else waits.since_us,
        agreed_by=agreed,
    )


def agree_uncosigned(
    state: Exchange, step: str, exchange: str, public_key: bytes, cosigned: Cosigned, now_us: int
) -> UncosignedStepAgreed:
    """The entry by which a key of the intermediary agrees to take a step without those who lack now.

    To be signed with that key. Raises Refused where nobody lacks, it is too early, or the key may not.
    """
    if step not in STEPS:
        raise Refused(f"{step!r} is no irreversible step; they are: {', '.join(STEPS)}")
    waits = lacking(state, cosigned)
    if waits is None:
        raise Refused("every side has cosigned the record: nobody need be gone on without")
    if now_us < waits.until_us:
        raise Refused(f"{waits}: until {_moment(waits.until_us)} it is waited for ({format_duration(waits.wait_us)})")
    require_officer(state, public_key.hex(), now_us)
    return UncosignedStepAgreed(
        occurred_at_us=now_us, step=step, exchange=exchange, lacking=waits.sides, public_key=public_key.hex()
    )


def _agreed(state: Exchange, step: str, exchange: str, waits: Lacking, now_us: int) -> tuple[str, ...]:
    """The keys that agree to go on without all who lack."""
    agreed, officers = state.agreement.uncosigned.get((step, exchange), {}), counting(state, now_us)
    return tuple(key for key, sides in agreed.items() if key in officers and set(waits.sides) <= set(sides))


def _terms(state: Exchange) -> TermsText | None:
    recorded = state.agreement.terms
    return None if recorded is None else read_terms_text("terms", recorded.terms_text.encode())


def _moment(at_us: int) -> str:
    return format_instant(at_us - at_us % SECOND_US)
