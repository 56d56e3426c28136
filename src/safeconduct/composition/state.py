"""Rounds as the ledger tells them."""

from dataclasses import dataclass, field

from safeconduct.composition.entries import PersonChosen, RoundComposed


@dataclass
class CompositionState:
    """Rounds so far, by exchange."""

    rounds: dict[str, RoundComposed] = field(default_factory=dict)
    chosen: dict[str, dict[str, PersonChosen]] = field(default_factory=dict)
    """Of each exchange, the persons chosen in the latest round."""

    def compose(self, entry: RoundComposed) -> None:
        """A new choice for an exchange takes the place of the old one, persons included."""
        self.rounds[entry.exchange] = entry
        self.chosen[entry.exchange] = {}

    def choose(self, entry: PersonChosen) -> None:
        """A person is in it."""
        self.chosen.setdefault(entry.exchange, {})[entry.person] = entry
