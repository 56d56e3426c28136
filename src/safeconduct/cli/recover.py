"""`safeconduct ledger recover`: entries that this record has lost, taken back from somebody's copy."""

from pathlib import Path

import typer

from safeconduct.cli.files import print_json
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find

_AGAIN = {
    "disclosure.data-erased/1": "something was erased: what an old backup brought back must be erased anew",
    "agreement.author-revoked/1": "a key was revoked: revoke it anew (safeconduct author revoke)",
    "agreement.author-enrolled/1": "a key was enrolled: enrol it anew (safeconduct author enrol)",
    "agreement.author-cloned/1": "a key was found to be in two hands: revoke it (safeconduct author revoke)",
}

_FROM = typer.Option(
    ...,
    "--from",
    metavar="COPY",
    help="A mirror's file (safeconduct mirror --state), or the folder of an exported copy.",
)


def recover(source: Path = _FROM, workspace: Path | None = WORKSPACE, json: bool = JSON) -> None:
    """Take back from somebody's copy the entries that this record has lost, after an old backup was restored.

    Where there is a newer backup, restore that instead: it has what the entries say. A copy has what was signed of each
    entry, and with it the record continues what the witnesses have cosigned; what the entries said is lost, as if their
    keys were destroyed, and an entry tells every party so. All of it is checked first, against a checkpoint signed with
    this ledger's own key. What the copy was told of the lost entries is written to lost-from-N.jsonl in the workspace:
    record anew what is needed of it. Exit code 0: taken back; 2: not.

    \b
    Example, with a copy made before the backup was put back:
      safeconduct demo --fast --persons 40 --workspace recover-example
      safeconduct backup recover-backup --keys recover-keys --workspace recover-example
      safeconduct author enrol "$(safeconduct author new recover.key)" --of RU --label delegate \\
        --workspace recover-example
      safeconduct ledger export recover-copy --as party:RU --workspace recover-example
      safeconduct restore recover-backup recovered --keys recover-keys
      safeconduct ledger recover --from recover-copy --workspace recovered
    """
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.recovering import recover as take_back

    done = take_back(open_or_find(workspace), source, SystemClock(), SystemRandomness())
    if json:
        print_json(
            {
                "first": done.first,
                "size": done.size,
                "copy_of": done.copy_of,
                "told": done.told,
                "file": None if done.file is None else str(done.file),
            }
        )
        return
    print(
        f"taken back  {counted(done.size - done.first, 'entry')} from the copy of {done.copy_of}, without what they say"
    )
    print(f"recorded    that this was done; the record has {done.size + 1:,} entries")
    if done.file is not None:
        print(f"told        {counted(sum(done.told.values()), 'entry')} of these to that copy: {done.file}")
    for tag, count in sorted(done.told.items()):
        print(f"              {count:>5,}  {tag}")
    for tag, again in _AGAIN.items():
        if tag in done.told:
            print(f"now         {again}")
    print("now         record anew what is needed of them, and ask the witnesses: safeconduct ledger cosign")
