"""The check of the files below a record: what the entries cannot show, and what is written next could lose."""

from safeconduct.ledger.fsck import Report
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.ledger_store import LedgerFile
from safeconduct.storage.sealed_bodies import LOST
from safeconduct.storage.sqlite import StorageFailed


def check_files(report: Report, ledger: LedgerFile, keys: KeyStore | None) -> None:
    """Report what SQLite finds wrong with either file, and which keys are lacking among those at hand."""
    for path, flaws in ((ledger.path, ledger.flaws()), *(() if keys is None else ((keys.path, keys.flaws()),))):
        for what in flaws:
            report.add(None, f"{path.name} is damaged: {' '.join(what.split())}")
    if keys is None:
        return
    try:
        known = {LOST.key_id, *ledger.erased_keys()}
        for key_id, first in ledger.body_keys().items():
            if key_id not in known and not keys.holds(key_id):
                report.keys_lacking.append((key_id, first))
    except StorageFailed as error:
        report.add(None, f"which keys are needed cannot be read: {error}")
