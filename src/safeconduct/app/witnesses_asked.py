"""Who is asked to cosign: the witnesses that the terms name, and those of `[witnesses]` in `safeconduct.toml`."""

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.agreement.terms import read_terms_text
from safeconduct.agreement.witnesses import Witness
from safeconduct.app.record import Record
from safeconduct.app.workspace import Workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.policy import PolicyKey


class WitnessesAsked:
    """Follows the terms on record, since new ones may name others. To be used on one thread."""

    def __init__(self, workspace: Workspace) -> None:
        """Raises SafeconductError where the record cannot be opened."""
        self._workspace = workspace
        self._record: Record[Entry] = workspace.open_record(DECODER)
        self._read = 0
        self._terms: tuple[Witness, ...] = ()

    def now(self) -> dict[str, PolicyKey]:
        """Who is asked, by the name that people here know them by.

        Where the settings name a witness of the terms, theirs are its name and address: addresses change, and the
        terms do not. One of the terms of which no address is known is not asked; `without_address` names it.
        Raises SafeconductError where the record cannot be read.
        """
        self._catch_up()
        settings = self._workspace.witnesses
        known = {one.key.public_key for one in settings.values()}
        asked = dict(settings)
        for one in self._terms:
            if one.key.public_key in known or not one.url:
                continue
            name = one.of if one.of not in asked else f"{one.of} ({one.key.name})"
            asked[name] = PolicyKey(one.key, one.url)
        return asked

    def without_address(self) -> tuple[Witness, ...]:
        """Those of the terms that cannot be asked."""
        known = {one.key.public_key for one in self.now().values()}
        return tuple(one for one in self._terms if one.key.public_key not in known)

    def close(self) -> None:
        """Give up the files."""
        self._record.close()

    def _catch_up(self) -> None:
        terms: TermsRecorded | None = None
        self._record.refresh()
        for recorded in self._record.read(self._read):
            self._read = recorded.index + 1
            if isinstance(recorded.body, Opened) and isinstance(recorded.body.entry, TermsRecorded):
                terms = recorded.body.entry
        self._record.rest()
        if terms is not None:
            try:
                self._terms = read_terms_text("terms", terms.terms_text.encode()).witnesses
            except BadInput:
                self._terms = ()


def witnesses_asked(workspace: Workspace) -> tuple[dict[str, PolicyKey], tuple[Witness, ...]]:
    """Who is asked at this moment, and the witnesses of the terms of which no address is known.

    Raises SafeconductError where the record cannot be read.
    """
    asked = WitnessesAsked(workspace)
    try:
        return asked.now(), asked.without_address()
    finally:
        asked.close()
