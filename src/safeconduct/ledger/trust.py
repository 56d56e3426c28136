"""Whom somebody who checks a checkpoint believes: the keys of ledgers, and whose cosignatures it must have."""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.ledger.cosignature import Cosignature
from safeconduct.ledger.note import CheckpointError, VerifierKey, split_note
from safeconduct.ledger.policy import Policy


@dataclass(frozen=True, slots=True)
class Trust:
    """What must have come from elsewhere than the thing checked."""

    logs: tuple[VerifierKey, ...]
    """The ledger's key; where a policy names several ledgers, each of them is believed."""
    witnesses: tuple[VerifierKey, ...] = ()
    """Every one of these must have cosigned."""
    policy: Policy | None = None
    """And its quorum must be reached."""

    @property
    def cosigners(self) -> tuple[VerifierKey, ...]:
        """Every witness whose cosignatures can be checked."""
        named = () if self.policy is None else tuple(one.key for one in self.policy.witnesses.values())
        return tuple(dict.fromkeys((*self.witnesses, *named)))

    def ledger_of(self, note: bytes) -> VerifierKey:
        """Of the ledgers that are believed the one that claims to have signed a note. Raises CheckpointError."""
        _, signatures = split_note(note)
        for key in self.logs:
            if any(one.is_of(key) for one in signatures):
                return key
        raise CheckpointError(f"it is not signed by {' or '.join(_short(key) for key in self.logs) or 'anybody known'}")

    def lacking(self, cosignatures: Iterable[Cosignature]) -> tuple[str, ...]:
        """Who has not cosigned and must: empty if these cosignatures are enough.

        Witnesses that were asked for stand by their keys' names; those of the policy by the names that it gives them.
        """
        cosigned = {one.witness for one in cosignatures}
        asked_for = [one.name for one in self.witnesses if one not in cosigned]
        return (*asked_for, *(() if self.policy is None else self.policy.lacking(cosigned)))


def _short(key: VerifierKey) -> str:
    return f"{key.name}+{key.key_hash.hex()}"
