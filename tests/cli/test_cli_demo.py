"""The demo: its round rests on the cosignatures of two mirrors that it starts, one for each party."""

import json
import tomllib
from pathlib import Path

from tests.app.test_ledger_commands import safeconduct

from safeconduct.agreement.entries import StepCosigned
from safeconduct.agreement.witnesses import STEPS
from safeconduct.app.workspace import open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Opened


def test_every_irreversible_step_of_the_demo_is_cosigned_by_both_parties_mirrors(tmp_path: Path) -> None:
    """Who is exchanged, the sentence told to everybody, the round's end: each on all entries that stood before it."""
    done = safeconduct("demo", "--json", "--persons", "20", "--workspace", "demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    ledger = json.loads(done.stdout)["ledger"]
    assert (ledger["verified"], ledger["cosigned_by"]) == (True, ["RU", "UA"])
    record = open_workspace(tmp_path / "demo").open_record(DECODER)
    steps = [
        (one.index, one.body.entry)
        for one in record.read()
        if isinstance(one.body, Opened) and isinstance(one.body.entry, StepCosigned)
    ]
    record.close()
    assert sorted(step.step for _, step in steps) == sorted(STEPS)
    assert [(step.size, step.cosigned_by, step.lacking) for _, step in steps] == [
        (index, ("RU", "UA"), ()) for index, _ in steps
    ]
    terms = tomllib.loads((tmp_path / "demo" / "files" / "terms.toml").read_text())
    assert [one["of"] for one in terms["witness"]] == ["RU", "UA"]
    assert (tmp_path / "demo" / "mirrors" / "UA" / "mirror.log").read_text() == ""
