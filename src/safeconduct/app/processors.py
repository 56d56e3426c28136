"""Pieces of work on all processors at once, by threads: for what leaves Python while it works, as libsodium does."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from safeconduct.ledger.fsck import Begin, SignatureCheck


@contextmanager
def processors() -> Iterator[Begin]:
    """Begins pieces of a ledger's check (`fsck.check`) as processors become free."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:

        def begin(work: SignatureCheck) -> SignatureCheck:
            return pool.submit(work).result

        yield begin
