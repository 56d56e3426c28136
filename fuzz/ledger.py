"""Feed hostile bytes to every reader of the ledger room for as long as one likes, guided by what they reach (atheris).

    uv run --group fuzz python -m fuzz.ledger                            # until something is found, or Ctrl-C
    uv run --group fuzz python -m fuzz.ledger -max_total_time=600        # ten minutes
    uv run --group fuzz python -m fuzz.ledger crash-…                    # what was found, once more

The first byte chooses the reader (`tests/ledger/hostile.py`). An exception that is none of its own ends the run and is
kept in a file `crash-…`. Further options are libFuzzer's.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["safeconduct"]):
    from tests.ledger.hostile import READERS


def feed(data: bytes) -> None:
    """Let one reader read."""
    if data:
        reader = READERS[data[0] % len(READERS)]
        try:
            reader.read(data[1:])
        except reader.errors:
            return


def main() -> None:
    """Begin with what the readers are meant for."""
    files = [one for one in sys.argv[1:] if not one.startswith("-")]
    with tempfile.TemporaryDirectory() as folder:
        for number, reader in enumerate(READERS):
            for place, seed in enumerate(reader.seeds):
                Path(folder, f"{number}-{place}").write_bytes(bytes([number]) + seed)
        seeds = [] if files else [folder]
        atheris.Setup([*sys.argv, *seeds], feed)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
