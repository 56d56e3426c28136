"""Threat: *Server stolen*. Whoever carries the disk away opens nothing without the passphrase."""

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import PEOPLE, at, office_of

from safeconduct.app.workspace import open_workspace, read_secret
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Sealed
from safeconduct.kernel.errors import BadInput

WORDS = "four words drawn by lot"


def test_the_whole_disk_opens_nothing_without_the_passphrase(tmp_path: Path) -> None:
    """Taken while the server was at work, logs and all: no plaintext, no key; every body reads as sealed."""
    office = office_of(tmp_path / "workspace", StandingClock(at("11:00")))
    workspace = open_workspace(tmp_path / "workspace")
    master_key = read_secret(workspace.secrets_path / "master.key")
    workspace.lock_by(WORDS, Seeded(2))
    office.recorder.record([office.state.registry.lists["RU-held"]])
    shutil.copytree(tmp_path / "workspace", tmp_path / "stolen")
    office.recorder.close()
    content = b"".join(path.read_bytes() for path in sorted((tmp_path / "stolen").rglob("*")) if path.is_file())
    canaries = [name.encode() for _, _, family, given, _ in PEOPLE.values() for name in (family, given)]
    for trace in (*canaries, b"prisoner-of-war", master_key, master_key.hex().encode(), WORDS.encode()):
        assert trace not in content
    stolen = open_workspace(tmp_path / "stolen")
    record = stolen.open_record(DECODER)
    assert {one.body for one in record.read()} == {Sealed()}
    record.close()
    for guess in ("four words drawn by log", "password password"):
        with pytest.raises(BadInput, match="does not open with this passphrase"):
            replace(open_workspace(stolen.folder), ask=partial(str, guess)).open_record(DECODER)
